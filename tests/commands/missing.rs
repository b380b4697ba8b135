//! A missing directory is reported as such by every command.

use crate::home::Home;

#[test]
fn the_directory_is_named_whatever_was_to_be_in_it() {
    let home = Home::new();
    home.run(&["players", "add", "Ada"]).says("Added");
    for (arguments, code) in [
        (&["top", "-d", "no/dir/x.db"][..], 3),
        (&["click", "Ada", "-d", "no/dir/x.db"], 3),
        (&["history", "Ada", "-d", "no/dir/x.db"], 3),
        (&["verify", "-d", "no/dir/x.db"], 3),
        (&["export", "-d", "no/dir/x.db"], 3),
        (&["backup", "b.db", "-d", "no/dir/x.db"], 3),
        (&["guard", "-d", "no/dir/x.db"], 3),
        (&["players", "add", "Bob", "-d", "no/dir/x.db"], 6),
        (&["--plain", "-d", "no/dir/x.db"], 6),
        (&["export", "no/dir/all.jsonl"], 3),
        (&["backup", "no/dir/b.db"], 3),
        (&["import", "no/dir/all.jsonl"], 3),
        (&["restore", "no/dir/b.db"], 3),
        (&["copy", "--to", "no/dir/x.db"], 6),
        (&["top", "--config", "no/dir/config.toml"], 2),
        (&["config", "check", "--config", "no/dir/config.toml"], 2),
    ] {
        let run = home.run(arguments);
        run.fails(code, &["no directory ", "no/dir"]);
        assert!(!run.err.contains("os error"), "{}", run.err);
        assert!(!home.join("no").exists(), "{arguments:?} made it");
    }
    // The game's own directory it makes itself, so that is no mistake of anybody's.
    let fresh = Home::new();
    fresh.run(&["top"]).fails(3, &["clickoff.db yet"]);
}

#[test]
fn doctor_marks_it_and_not_what_needs_nothing() {
    let home = Home::new();
    let marked = |arguments: &[&str]| -> Vec<String> {
        let mut command = home.command(arguments);
        command.env("TERM", "xterm").env("LANG", "C.UTF-8");
        let out = command.output().expect("it starts").stdout;
        let out = String::from_utf8(out).expect("UTF-8");
        let marked = out.lines().filter(|line| line.starts_with('!'));
        marked.map(str::to_owned).collect()
    };
    assert_eq!(marked(&["doctor"]), Vec::<String>::new());
    assert_eq!(marked(&["doctor", "-d", "fresh.db"]), Vec::<String>::new());
    let lost = marked(&["doctor", "-d", "no/dir/x.db"]);
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert!(
        lost[0].contains("there is no directory ") && lost[0].contains("make it"),
        "{lost:?}"
    );
}
