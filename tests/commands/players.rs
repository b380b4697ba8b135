//! `clickoff players` and `clickoff top`: what they find, change and refuse, on every database.

use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;

use rustix::process::Signal;

use crate::db::Db;
use crate::home::{CLICKOFF, Home, Run, Running};
use crate::place::{Place, TABLE, on, row};
use crate::pty::Session;
use crate::watch::ended;
use crate::words::{same_as_before, transcript};

/// A home where some people play.
pub fn played() -> Home {
    let home = Home::new();
    let database = home.join(".local/share/clickoff/clickoff.db");
    fs::create_dir_all(database.parent().expect("a directory")).expect("made");
    let mut db = Db::open(&database);
    db.run(&TABLE.replace("BIGINT NOT NULL", "INTEGER"));
    db.run(
        "INSERT INTO users VALUES (1, 'Ada', 'ada@example.org', 41), (2, 'Bob', NULL, 7),
         (3, 'Bobby', NULL, 41), (4, '王小明', 'x,\"y\"', -3), (5, NULL, NULL, NULL),
         (6, '=SUM(A1)', '@x', 1), (7, char(27) || '[31mred', NULL, 1), (8, '4', NULL, 0)",
    );
    home
}

#[test]
fn lists() {
    let text = transcript(
        &played(),
        &[
            "players",
            "players list --format json",
            "players list --format csv",
            "top --limit 3",
            "top -l 1 -f json",
            "players show 4",
            "players show Bob",
            "players show aDa -f csv",
            "players show bo",
            "players show nobody",
        ],
    );
    same_as_before("players", &text);
}

/// What is done is not undone by that it can't be told, and must not be taken for undone.
#[test]
fn on_a_full_disk_a_list_fails_and_a_deed_is_told_elsewhere() {
    let home = played();
    let full = |arguments: &[&str]| {
        let full = fs::OpenOptions::new().write(true).open("/dev/full");
        let mut command = home.command(arguments);
        let output = command.stdout(full.expect("a full disk")).output();
        Run::from(output.expect("it starts"))
    };
    for list in [
        &["players"][..],
        &["top", "-f", "csv"],
        &["export"],
        &["man"],
    ] {
        full(list).fails(
            74,
            &["standard output can't be written: No space left on device"],
        );
    }
    let dump = home.join("dump").display().to_string();
    assert_eq!(home.run(&["export", &dump]).code, 0);
    let copy = home.join("copy.db").display().to_string();
    for (deed, told) in [
        (
            &["click", "Ada", "-n", "2"][..],
            "Ada (id 1) scored 2 points, and has 43 now.",
        ),
        (
            &["players", "add", "Eve"],
            "Added Eve (id 9) with 0 points.",
        ),
        (
            &["players", "edit", "Eve", "--name", "Eva"],
            "Changed Eva (id 9) with 0 points.",
        ),
        (
            &["players", "remove", "Eva", "--yes"],
            "Removed Eva (id 9) with 0 points.",
        ),
        (&["copy", "--to", &copy], "Copied 8 players with 90 points"),
        (
            &["import", &dump, "--merge", "skip"],
            "Imported 0 new players; skipped 8 known ones.",
        ),
        (
            &["restore", &dump, "--overwrite"],
            "Restored 8 players with 88 points, in the place of 8 players with",
        ),
    ] {
        let run = full(deed);
        assert_eq!(run.code, 0, "{}", run.err);
        let told = format!("It is done all the same: {told}");
        assert!(run.err.contains(&told), "no {told:?} in {}", run.err);
    }
    let list = home.run(&["players"]).out;
    let ada = list.lines().find(|line| line.contains("  Ada"));
    assert!(
        ada.is_some_and(|ada| ada.ends_with(" 41")),
        "as at the export: {list}"
    );
}

#[test]
fn json_is_json_with_every_name_as_it_is() {
    let home = played();
    let without_a_word = home.run(&["players", "--format", "json"]);
    let run = home.run(&["players", "list", "--format", "json"]);
    assert_eq!(without_a_word.out, run.out);
    for what in [&["show", "Ada"][..], &["add", "Eve"], &["list"]] {
        let run = home.run(&[&["players", "-f", "json"], what].concat());
        run.fails(2, &["behind `list` or `show`"]);
    }
    let list: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    let names = list.as_array().expect("an array").iter();
    let names: Vec<_> = names
        .map(|line| line["name"].as_str().expect("a name"))
        .collect();
    assert!(
        names.contains(&"\x1b[31mred") && names.contains(&"王小明"),
        "{names:?}"
    );
    assert!(!run.out.contains('\x1b'), "{:?}", run.out);
}

#[test]
fn what_it_says_about_changes() {
    let text = transcript(
        &played(),
        &[
            "players add Cleo --email c@example.org",
            "players add \u{1b}",
            "players edit Cleo --name Cleopatra",
            "players edit 9 --email=",
            "players edit Cleo",
            "players edit bo --name X",
            "players edit Bob --name Robert",
            "players remove Cleo",
            "players remove Cleo --yes",
            "players remove Cleo --yes",
            "players remove b --yes",
        ],
    );
    same_as_before("changes", &text);
}

fn players_are_added_changed_and_removed(place: Place) {
    let (home, url) = (Home::new(), place.url());
    let players = |arguments: &[&str]| {
        let run = home.run(&[&["-d", &url, "players"], arguments].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""), "{}", run.out);
    };
    place.fill(
        TABLE.replace("BIGINT NOT NULL", place.own_keys()).as_str(),
        &[],
    );
    players(&["add", "王 '; --", "--email", "w@example.org"]);
    players(&["add", "Bob"]);
    players(&["edit", "Bob", "--email", "bob@example.org"]);
    players(&["edit", "王", "--name", "Wang", "--email="]);
    players(&["list"]);
    players(&["remove", "bob", "--yes"]);
    place.holds(&[row(1, "Wang", 0)]);
}

on!(all: players_are_added_changed_and_removed);

#[test]
fn to_list_makes_no_database_and_to_add_makes_it() {
    let home = Home::new();
    for arguments in [
        &["players"][..],
        &["top"],
        &["players", "remove", "x", "--yes"],
    ] {
        home.run(arguments)
            .fails(3, &["there is no database", "clickoff.db yet"]);
    }
    home.run(&["-d", "typo.db", "players"])
        .fails(3, &["typo.db yet"]);
    assert_eq!(
        fs::read_dir(home.path()).expect("listed").count(),
        0,
        "files made"
    );
    home.run(&["players", "add", "Ada"])
        .says("Added Ada (id 1) with 0 points.");
    home.run(&["top"]).says("Ada");
}

#[test]
fn a_name_that_is_there_already_is_told_beside_the_answer_and_another_is_added() {
    let home = Home::new();
    let add = |more: &[&str]| home.run(&[&["players", "add", "Ada"], more].concat());
    add(&[]).says("Added Ada (id 1) with 0 points.");
    let twin = add(&[]);
    assert_eq!(
        (twin.code, twin.out.as_str()),
        (0, "Added Ada (id 2) with 0 points.\n")
    );
    let told = "clickoff: Ada was there already (id 1): by that name alone nobody is meant from now \
                on.\n";
    assert_eq!(twin.err, told);
    let quiet = add(&["--quiet"]);
    assert_eq!(
        (quiet.code, quiet.out.as_str(), quiet.err.as_str()),
        (0, "", "")
    );
    assert!(home.run(&["players"]).out.matches("Ada").count() == 3);
}

#[test]
fn removing_asks_at_a_terminal() {
    let interrupted = 128 + 2;
    for (key, code, left) in [
        ("n\r", 5, 8),
        ("\r", 5, 8),
        ("\x03", interrupted, 8),
        ("y\r", 0, 7),
    ] {
        let home = played();
        let session = Session::builder(CLICKOFF)
            .env("HOME", home.path())
            .args(["players", "remove", "Ada"])
            .size(100, 24)
            .spawn();
        session.wait_text("Remove Ada (id 1) with 41 points? [y/N]");
        session.keys(key);
        assert_eq!(session.wait_exit().code(), Some(code));
        session.terminal_restored();
        let mut db = Db::open(&home.join(".local/share/clickoff/clickoff.db"));
        let players = db.number("SELECT COUNT(*) FROM users");
        assert_eq!(players, left, "{key:?}");
    }
}

#[test]
fn overwriting_asks_at_a_terminal_too_and_every_question_is_answered_in_the_same_ways() {
    let home = played();
    let (copy, dump) = (home.join("copy.db"), home.join("all.jsonl"));
    let (copy, dump) = (copy.display().to_string(), dump.display().to_string());
    home.run(&["copy", "--to", &copy]).says("Copied");
    home.run(&["export", &dump]).says("Wrote");
    home.run(&["players", "remove", "Ada", "--yes"])
        .says("Removed");
    let database = home.join(".local/share/clickoff/clickoff.db");
    let ask = |arguments: &[&str], key: &str| {
        let session = Session::builder(CLICKOFF)
            .env("HOME", home.path())
            .args(arguments)
            .size(100, 24)
            .spawn();
        session.wait_text("? [y/N]");
        session.keys(key);
        let code = session.wait_exit().code();
        session.terminal_restored();
        (code, session.screen_text())
    };
    for (arguments, undone) in [
        (
            &["copy", "--to", &copy, "--overwrite"][..],
            "Nothing was copied.",
        ),
        (&["restore", &dump, "--overwrite"], "Nothing was restored."),
    ] {
        for (key, code) in [("n\r", 5), ("\r", 5), ("\x04", 5), ("\x03", 130)] {
            let (ended, screen) = ask(arguments, key);
            assert_eq!(ended, Some(code), "{key:?}: {screen}");
            assert!(screen.contains(undone), "{screen}");
        }
    }
    let count = || Db::open(&database).number("SELECT COUNT(*) FROM users");
    assert_eq!(count(), 7);
    let (ended, screen) = ask(&["restore", &dump, "--overwrite"], "y\r");
    assert_eq!(ended, Some(0), "{screen}");
    assert_eq!(count(), 8);
    // Who says so in advance is not asked, and a question that is not there is not answered.
    let session = Session::builder(CLICKOFF)
        .env("HOME", home.path())
        .args(["restore", &dump, "--overwrite", "--yes"])
        .size(100, 24)
        .spawn();
    assert_eq!(session.wait_exit().code(), Some(0));
    assert!(!session.screen_text().contains("[y/N]"));
    home.run(&["restore", &dump, "--yes"])
        .fails(2, &["--overwrite"]);
}

#[test]
fn a_reader_that_has_gone_ends_a_list_quietly() {
    let home = played();
    let run = Home::unread(home.command(&["players", "list"]));
    assert_eq!((run.code, run.err.as_str()), (0, ""));
}

#[test]
fn a_reader_that_takes_nothing_does_not_keep_a_list_from_ending() {
    let home = played();
    let mut db = Db::open(&home.join(".local/share/clickoff/clickoff.db"));
    db.run("UPDATE users SET name = printf('%.*c', 1000000, 'x') WHERE id = 1");
    for arguments in [
        &["players"][..],
        &["top", "-f", "json"],
        &["players", "show", "1"],
    ] {
        let mut running = Running::start(home.command(arguments));
        // More than a pipe holds, so that it waits for its reader once the first byte is there.
        let mut output = running.output();
        output.read_exact(&mut [0]).expect("a byte");
        running.signal(Signal::TERM);
        ended(&running.ends(), 143);
    }
}

#[test]
fn hostile_arguments_are_names_and_nothing_else() {
    let home = Home::new();
    let names = [
        "\x1b]0;title\x07\x1b[31mred",
        "Robert'); DROP TABLE users; --",
        "=HYPERLINK(\"http://example.org\")",
        "a\u{202e}gpj.exe",
        "tab\there",
        &"x".repeat(100_000),
    ];
    let path = home.join("my scores \u{e9}.db");
    let database = path.to_str().expect("UTF-8");
    let run = |arguments: &[&str]| home.run(&[&["-d", database], arguments].concat());
    for (name, id) in names.iter().zip(1..) {
        run(&["players", "add", name]).says(&format!("(id {id}) with 0 points."));
    }
    // As in the game, what can't be typed is no part of a name.
    let names = names.map(|name| name.replace(char::is_control, ""));
    let lists = [
        &["players"][..],
        &["top"],
        &["players", "show", &names[0]],
        &["history", &names[1]],
        &["me", &names[0]],
        &["card", &names[0]],
        &["card", &names[1], "-f", "svg"],
    ];
    for arguments in lists {
        let list = run(arguments);
        assert_eq!((list.code, list.err.as_str()), (0, ""));
        let harm = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!list.out.contains(harm), "{:?}", list.out.get(..500));
    }
    let json = run(&["players", "list", "-f", "json"]).out;
    let list: Vec<serde_json::Value> = serde_json::from_str(&json).expect("JSON");
    let mut found: Vec<_> = list.iter().map(|line| line["name"].as_str()).collect();
    let mut wanted: Vec<_> = names.iter().map(|name| Some(name.as_str())).collect();
    found.sort_unstable();
    wanted.sort_unstable();
    assert!(found == wanted, "{:?}", json.get(..500));
    let csv = run(&["players", "list", "-f", "csv"]).out;
    assert!(
        csv.contains("\"'=HYPERLINK(\"\"http"),
        "{:?}",
        csv.get(..500)
    );
    for name in &names {
        run(&["players", "edit", name, "--name", "Ada"]).says("Changed Ada");
        run(&["players", "remove", "Ada", "--yes"]).says("Removed Ada");
        run(&["players", "remove", name, "--yes"]).fails(3, &["there is no player"]);
    }
    let latin1 = OsStr::from_bytes(b"caf\xe9");
    for command in ["show", "add", "remove"] {
        let run = home.run(&["players".as_ref(), command.as_ref(), latin1]);
        run.fails(2, &["UTF-8"]);
    }
}

fn a_name_too_long_for_its_column_is_refused(place: Place) {
    let home = Home::new();
    let run = home.run(&["-d", &place.url(), "players", "add", &"王".repeat(101)]);
    run.fails(5, &["The database refuses it"]);
    place.holds(&[]);
}

mod on_servers {
    use super::*;

    on!(servers: a_name_too_long_for_its_column_is_refused);
}
