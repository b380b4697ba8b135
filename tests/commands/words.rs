//! The exact output of the commands, on standard output and standard error.

use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::Stdio;
use std::time::Duration;

use crate::db::Db;
use crate::home::{CLICKOFF, Home, Run};
use crate::place::{Place, TABLE, crowd};
use crate::pty::Session;
use crate::support::proxy::Proxy;

/// Runs the program and writes down what was typed, said and returned.
pub fn transcript(home: &Home, lines: &[&str]) -> String {
    let mut text = String::new();
    for line in lines {
        let arguments: Vec<&str> = line.split(' ').collect();
        let Run { out, err, code } = home.run(&arguments);
        let said = format!("{out}{err}").replace(&home.path().display().to_string(), "~");
        // A file that people look at in a terminal.
        let said = said.replace('\x1b', "<ESC>");
        let line = line.replace('\x1b', "<ESC>");
        text += &format!("$ clickoff {line}\n{said}[{code}]\n\n");
    }
    text
}

/// Compares with what is kept in `tests/snapshots`.
pub fn same_as_before(name: &str, text: &str) {
    insta::with_settings!({
        snapshot_path => "../snapshots",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        insta::assert_snapshot!(name, text);
    });
}

#[test]
fn copying() {
    let home = Home::new();
    let mut db = Db::open(&home.join("home.db"));
    db.run(TABLE);
    db.run("INSERT INTO users VALUES (1, 'Ada', NULL, 7), (2, 'Bob', NULL, 5)");
    drop(db);
    let said = transcript(
        &home,
        &[
            "copy --from home.db --to away.db",
            "copy --from home.db --to away.db",
            "-d home.db copy --to away.db",
            "copy --from home.db --to home.db",
            "copy --from nowhere.db --to away.db",
        ],
    );
    Db::open(&home.join("home.db")).run("DELETE FROM users WHERE id = 2");
    let then = transcript(
        &home,
        &[
            "copy -d home.db --to away.db",
            "copy --from home.db --to away.db --overwrite",
            "copy --from home.db",
            "copy --from home.db --database home.db --to away.db",
            "--player Ada copy --from home.db --to away.db",
            "copy --from redis://host/1 --to away.db",
            "copy --from home.db --to oracle://u:secret@host/1",
            "cpy",
        ],
    );
    same_as_before("copying", &(said + &then));
}

#[test]
fn help() {
    let home = Home::new();
    same_as_before(
        "help_for_commands",
        &transcript(
            &home,
            &[
                "-h",
                "click --help",
                "copy --help",
                "history --help",
                "players -h",
                "sprints -h",
                "top --help",
                "watch -h",
            ],
        ),
    );
    assert_eq!(
        fs::read_dir(home.path()).expect("listed").count(),
        0,
        "files made"
    );
}

#[test]
fn without_from_it_copies_what_is_played_on() {
    let home = Home::new();
    let play = home.join(".local/share/clickoff/clickoff.db");
    for (path, score) in [
        (&play, 1),
        (&home.join("env.db"), 2),
        (&home.join("file.db"), 3),
    ] {
        fs::create_dir_all(path.parent().expect("a directory")).expect("made");
        let mut db = Db::open(path);
        db.run(TABLE);
        db.run(&format!(
            "INSERT INTO users VALUES (1, 'Ada', NULL, {score})"
        ));
    }
    fs::write(home.join("config.toml"), "database = 'file.db'").expect("written");
    home.run(&["copy", "--to", "1.db"])
        .says("Copied 1 player with 1 point from");
    let mut from_env = home.command(&["copy"]);
    from_env
        .env("CLICKOFF_DATABASE", "env.db")
        .env("CLICKOFF_TO", "2.db");
    let run = Run::from(from_env.output().expect("it starts"));
    run.says("Copied 1 player with 2 points from");
    let run = home.run(&["copy", "--config", "config.toml", "--to", "3.db"]);
    run.says("Copied 1 player with 3 points from");
}

#[test]
fn hostile_arguments_reach_no_terminal() {
    let home = Home::new();
    let evil = "\x1b]0;title\x07\x1b[31m.db";
    home.copy(evil, "to.db", &[])
        .fails(6, &["␛]0;title␇␛[31m.db"]);
    home.run(&["copy", "--to", "x.db", evil]).fails(2, &["␛"]);
    home.run(&[evil]).fails(2, &["␛"]);
    let latin1 = std::ffi::OsStr::from_bytes(b"caf\xe9.db");
    let to = [std::ffi::OsStr::new("copy"), "--to".as_ref(), latin1];
    home.run(&to)
        .fails(2, &["not valid UTF-8", "(given by --to or CLICKOFF_TO)"]);
    let long = "x".repeat(100_000);
    home.copy(&long, "to.db", &[])
        .fails(6, &["File name too long"]);
}

#[test]
fn presses_that_wait_for_a_database_are_told_of() {
    let home = Home::new();
    for (name, score) in [("home.db", 7), ("away.db", 1)] {
        let mut db = Db::open(&home.join(name));
        db.run(TABLE);
        db.run(&format!(
            "INSERT INTO users VALUES (1, 'Ada', NULL, {score})"
        ));
    }
    // Each gets a name of its own by being a target.
    home.copy("home.db", "old.db", &[]).says("Copied");
    home.copy("old.db", "home.db", &[]).says("already");
    home.copy("home.db", "away.db", &[]).fails(5, &[]);
    let outbox = home.join(".local/state/clickoff/outbox");
    fs::create_dir_all(&outbox).expect("made");
    for (name, upto) in [("home.db", 4), ("away.db", 6), ("old.db", 9)] {
        let named = Db::open(&home.join(name)).texts("SELECT value FROM click_meta");
        let letter = format!(
            r#"{{"client":"6ba7b810-9dad-41d1-80b4-00c04fd430c8","database":"{}",
                "presses":[{{"player":1,"session":null,"upto":{upto},"counted":1}}]}}"#,
            named[0]
        );
        fs::write(outbox.join(format!("{name}.json")), letter).expect("written");
    }
    let run = home.copy("home.db", "away.db", &["--overwrite"]);
    assert_eq!(run.code, 0, "{}", run.err);
    let said = run.err.replace(&home.path().display().to_string(), "~");
    same_as_before("letters", &said);
}

#[test]
fn a_closed_pipe_ends_it_quietly_and_the_copy_is_made() {
    let home = Home::new();
    let mut db = Db::open(&home.join("home.db"));
    db.run(TABLE);
    drop(db);
    let command = home.command(&["copy", "--from", "home.db", "--to", "away.db"]);
    let run = Home::unread(command);
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    assert!(home.join("away.db").exists());
}

#[test]
fn a_bar_is_shown_where_it_takes_long_and_somebody_looks() {
    let (Some(from), Some(to)) = (Place::sqlite(), Place::postgres()) else {
        return;
    };
    // Of these 1,980 have points, and so a history.
    from.fill(TABLE, &crowd(2_000));
    let proxy = Proxy::start(to.address());
    proxy.delay(Duration::from_millis(70));
    let home = Home::new();
    let (source, target) = (from.url(), to.url_via(proxy.addr()));
    let session = Session::builder(CLICKOFF)
        .env("HOME", home.path())
        .args(["copy", "--from", &source, "--to", &target])
        .size(200, 24)
        .stdin(Stdio::null())
        .spawn();
    session.wait_text("of 3,980, ");
    let status = session.wait_exit();
    assert_eq!(status.code(), Some(0));
    session.terminal_restored();
    session.wait_text("Copied 2,000 players");
    assert!(
        session.find("of 3,980, ").is_none(),
        "{}",
        session.screen_text()
    );

    // Piped, as slow as before, it has only its answer to give.
    to.run("DELETE FROM users");
    home.copy(&source, &target, &[])
        .says("Copied 2,000 players");
}
