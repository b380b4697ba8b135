//! `clickoff doctor`: its report for every database, and without one.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::home::{CLICKOFF, Home, Run};
use crate::place::{Place, TABLE, on, row};
use crate::pty::Session;
use crate::support::port::Port;
use crate::support::servers::PASSWORD;
use crate::words::same_as_before;

fn doctor(home: &Home, url: &str) -> Run {
    let mut command = home.command(&["-d", url, "doctor"]);
    command.env("TERM", "xterm").env("LANG", "C.UTF-8");
    command.output().expect("it starts").into()
}

/// The words of a line.
#[track_caller]
fn line<'a>(run: &'a Run, what: &str) -> &'a str {
    let lines = run
        .out
        .lines()
        .map(|line| line.get(2..).unwrap_or_default());
    let mut found = lines.filter_map(|line| line.strip_prefix(what));
    found
        .next()
        .unwrap_or_else(|| panic!("no {what} in {}", run.out))
        .trim_start()
}

#[test]
fn mistakes_in_the_settings_are_told_and_it_carries_on() {
    let home = Home::new();
    let config = home.join(".config/clickoff");
    fs::create_dir_all(config.join("themes")).expect("made");
    fs::write(config.join("config.toml"), "mouse = 3\nthem = 1\n").expect("written");
    fs::write(config.join("keymap.toml"), "[play]\npress = 7\n").expect("written");
    fs::write(config.join("themes/own.toml"), "accent = \"reddish\"\n").expect("written");
    let run = doctor(&home, "scores.db");
    assert_eq!(run.code, 2, "{}", run.out);
    let last = "clickoff: 4 mistakes in the settings, as told above.\n";
    assert_eq!(run.err, last);
    for file in [
        "config.toml, line 1",
        "config.toml, line 2",
        "keymap.toml, line 2",
        "own.toml, line 1",
    ] {
        let told = run.out.lines().find(|line| line.contains(file));
        let told = told.unwrap_or_else(|| panic!("no {file} in {}", run.out));
        assert!(told.starts_with('!'), "{told}");
    }
    // What is behind the mistakes is told all the same.
    assert!(
        line(&run, "database").ends_with("(from --database)"),
        "{}",
        run.out
    );
    assert_eq!(line(&run, "outbox"), "nothing waits");
    let check = home.run(&["config", "check"]);
    check.fails(2, &["4 mistakes"]);
}

#[test]
fn a_log_that_can_not_be_kept_is_told_with_what_is_in_the_way() {
    let home = Home::new();
    assert_eq!(home.run(&["-d", "scores.db", "top"]).code, 3);
    let run = doctor(&home, "scores.db");
    assert!(line(&run, "log  ").ends_with("/.local/state/clickoff (not there)"));
    assert!(!run.out.contains("can be kept"), "{}", run.out);
    let state = home.join(".local/state");
    fs::create_dir_all(home.join(".local")).expect("made");
    fs::write(&state, "").expect("in the way");
    let run = doctor(&home, "scores.db");
    let told = format!("for {} is no directory: mend that", state.display());
    let told = run.out.lines().find(|line| line.contains(&told));
    let told = told.unwrap_or_else(|| panic!("nothing of it in {}", run.out));
    assert!(told.starts_with('!'), "{told}");
}

fn everything_is_told_of_a_database(place: Place) {
    let home = Home::new();
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    let run = doctor(&home, &place.url());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    let engine = match place {
        Place::Sqlite(_) => "SQLite 3.",
        Place::Postgres(..) => "PostgreSQL 1",
        Place::MariaDb(..) => "10.",
    };
    assert!(line(&run, "version").starts_with(engine), "{}", run.out);
    assert!(
        line(&run, "database").ends_with("(from --database)"),
        "{}",
        run.out
    );
    assert!(!run.out.contains(&format!(":{PASSWORD}@")), "{}", run.out);
    assert_eq!(line(&run, "players"), "1");
    assert_eq!(line(&run, "rights"), "play, add, edit, remove");
    let rules = "held keys as each player likes, no limit of points a second";
    assert_eq!(line(&run, "rules"), rules);
    assert_eq!(line(&run, "outbox"), "nothing waits");
    assert!(line(&run, "round trip").ends_with(" ms"), "{}", run.out);
    match place {
        Place::Sqlite(_) => assert!(line(&run, "lock").ends_with(" ms"), "{}", run.out),
        _ => assert_eq!(line(&run, "lock"), "by rows, in the server"),
    }
    let forged = run
        .out
        .contains("! settings       secure_timestamp is NO: ");
    assert_eq!(forged, matches!(place, Place::MariaDb(..)), "{}", run.out);
    assert!(
        line(&run, "clock").contains(" ms from this one"),
        "{}",
        run.out
    );

    let outbox = home.join(".local/state/clickoff/outbox");
    fs::create_dir_all(&outbox).expect("made");
    for (n, name) in [place.name(), "another".to_owned()].iter().enumerate() {
        let letter = format!(
            r#"{{"client":"6ba7b81{n}-9dad-41d1-80b4-00c04fd430c8","database":"{name}",
                "presses":[{{"player":1,"session":null,"upto":{},"counted":0}}]}}"#,
            n + 2
        );
        fs::write(outbox.join(format!("{n}.json")), letter).expect("written");
    }
    let rules = ["rules", "--held-keys", "once", "--max-rate", "12"];
    let ruled = home.run(&[&["-d", &place.url()], &rules[..]].concat());
    assert_eq!(ruled.code, 0, "{}", ruled.err);
    let run = doctor(&home, &place.url());
    assert_eq!(
        line(&run, "rules"),
        "a held key scores once, 12 points a second"
    );
    let waiting = "! outbox         2 presses for this database, 3 presses for others";
    assert!(run.out.contains(waiting), "{}", run.out);
}

fn what_does_not_answer_comes_last(place: Place) {
    let port = Port::reserve();
    let url = place.url_via(port.addr());
    let run = doctor(&Home::new(), &url);
    assert_eq!(run.code, 6, "{}", run.err);
    assert!(run.err.contains("nothing listens"), "{}", run.err);
    assert_eq!(line(&run, "outbox"), "nothing waits");
    assert!(
        !format!("{run:?}").contains(&format!(":{PASSWORD}@")),
        "{run:?}"
    );
}

on!(all: everything_is_told_of_a_database);

mod servers {
    use super::*;
    on!(servers: what_does_not_answer_comes_last);
}

#[test]
fn without_a_database_it_makes_none() {
    let home = Home::new();
    fs::write(
        home.join("config.toml"),
        "player = \"\\u001b[31mA\"\nmouse = false\ntheme = 'dark'",
    )
    .expect("written");
    let mut command = home.command(&["doctor", "--config", "config.toml", "-d", "no.db"]);
    let run = Run::from(command.env("NO_COLOR", "1").output().expect("it starts"));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
    let said = run.out.replace(&home.path().display().to_string(), "~");
    // It depends on where the tests run.
    let lines = said.lines().filter(|line| !line.contains("file system"));
    same_as_before("doctor", &lines.collect::<Vec<_>>().join("\n"));
    assert_eq!(fs::read_dir(home.path()).expect("listed").count(), 1);
}

/// As the terminal of the tests answers: it knows synchronized output, and no more.
#[test]
fn a_terminal_is_asked_what_it_can_and_given_back() {
    let home = Home::new();
    for silent in [false, true] {
        let builder = Session::builder(CLICKOFF)
            .env("HOME", home.path())
            .args(["doctor", "-d", "no.db"])
            .current_dir(home.path())
            .size(120, 40);
        let session = if silent {
            builder.without_synchronized_output().spawn()
        } else {
            builder.spawn()
        };
        assert_eq!(session.wait_exit().code(), Some(0));
        session.terminal_restored();
        let screen = session.screen_text();
        let frames = if silent {
            "may be seen half drawn"
        } else {
            "is shown at once"
        };
        for words in [
            frames,
            "guessed by their pace (no kitty protocol)",
            "2 columns for 王, where the game counts 2",
            "outbox         nothing waits",
        ] {
            assert!(screen.contains(words), "no {words:?} in\n{screen}");
        }
        assert!(!screen.contains("$q"), "{screen}");
    }
}

#[test]
fn flags_of_the_kitty_protocol_are_believed_where_they_are_there() {
    let home = Home::new();
    for (flags, words) in [
        (0b1_1111, "held ones are told from pressed ones"),
        (0b1101, "guessed by their pace"),
        (0b1, "guessed by their pace"),
    ] {
        let session = Session::builder(CLICKOFF)
            .env("HOME", home.path())
            .args(["doctor", "-d", "no.db"])
            .current_dir(home.path())
            .size(120, 40)
            .kitty_with(flags)
            .spawn();
        assert_eq!(session.wait_exit().code(), Some(0));
        session.terminal_restored();
        let screen = session.screen_text();
        assert!(screen.contains(words), "{flags:#b}\n{screen}");
    }
}

#[test]
fn a_password_that_others_can_read_is_told_of() {
    let home = Home::new();
    let config = home.join("config.toml");
    let text = "# database = 'postgres://ada:s3cret@db/x'\n";
    let url = "database = 'postgres://ada:s3cret@127.0.0.1:1/x'\n";
    for (text, mode, told) in [
        (text, 0o644, false),
        (url, 0o600, false),
        (url, 0o640, true),
        (url, 0o604, true),
    ] {
        fs::write(&config, text).expect("written");
        let permissions = fs::Permissions::from_mode(mode);
        fs::set_permissions(&config, permissions).expect("set");
        let run = home.run(&["--config", "config.toml", "doctor"]);
        let words = "!                others can read it, and it holds a password: chmod 600";
        assert_eq!(run.out.contains(words), told, "{mode:o} {}", run.out);
        assert!(!run.out.contains("s3cret"), "{}", run.out);
    }
}

#[test]
fn who_plays_no_terminal_is_not_asked() {
    let home = Home::new();
    let run = home.run(&["doctor", "-d", "no.db"]);
    assert_eq!(line(&run, "abilities"), "not asked: this is no terminal");
    assert!(!run.out.contains('\x1b'), "{}", run.out);
}
