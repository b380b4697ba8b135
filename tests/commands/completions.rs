//! `clickoff completions`: what a shell is offered, and that it is quick and silent.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::db::Db;
use crate::home::{CLICKOFF, Home, Run};
use crate::place::{Place, TABLE, on, row};
use crate::pty::Session;

/// A home with players on the usual database.
fn played(names: &[&str]) -> Home {
    let home = Home::new();
    for name in names {
        // Without a word about names that are there already.
        let added = home.run(&["--quiet", "players", "add", "--", name]);
        assert_eq!((added.code, added.err.as_str()), (0, ""));
    }
    home
}

/// What is offered for the last word, as the script for fish asks.
fn offered(home: &Home, words: &[&str]) -> Run {
    let words = [&["--", "clickoff"], words].concat();
    let mut command = home.command(&words);
    command.env("_CLICKOFF_COMPLETE", "fish");
    command.output().expect("it starts").into()
}

#[test]
fn players_are_offered_where_a_player_is_meant() {
    let home = played(&["Ada Lovelace", "Adam", "Bob"]);
    for words in [
        &["players", "show", "ad"][..],
        &["players", "edit", "ad"],
        &["players", "remove", "--yes", "Ad"],
        &["players", "rm", "ad"],
        &["click", "ad"],
        &["history", "ad"],
        &["me", "ad"],
        &["card", "ad"],
        &["sprints", "ad"],
        &["--player", "Ad"],
    ] {
        let run = offered(&home, words);
        assert_eq!(run.err, "");
        assert_eq!(
            run.out, "Ada Lovelace\t0 points\nAdam\t0 points\n",
            "{words:?}"
        );
    }
    offered(&home, &["play"]).says("players\tList the players");
    offered(&home, &["completions", "b"]).says("bash");
    offered(&home, &["--log-level", "de"]).says("debug");
}

#[test]
fn the_database_is_the_one_that_is_named_on_the_line() {
    let home = played(&["Ada"]);
    for (path, name) in [("other file.db", "Bob"), ("third.db", "Cleo")] {
        home.run(&["-d", path, "players", "add", name])
            .says("Added");
    }
    fs::write(home.join("third.toml"), "database = 'third.db'").expect("written");
    for (words, name) in [
        (&["players", "show", ""][..], "Ada"),
        (&["-d", "other\\ file.db", "players", "show", ""], "Bob"),
        (
            &["players", "show", "--database='other file.db'", ""],
            "Bob",
        ),
        (&["--config", "third.toml", "players", "show", ""], "Cleo"),
    ] {
        let run = offered(&home, words);
        assert_eq!(
            run.out.lines().next(),
            Some(&*format!("{name}\t0 points")),
            "{words:?}"
        );
    }
}

#[test]
fn what_could_be_obeyed_is_never_offered() {
    let home = played(&["Ada", "a", "b", "7", "Bob", "Bob", "$(id)"]);
    let mut db = Db::open(&home.join(".local/share/clickoff/clickoff.db"));
    db.run("UPDATE users SET name = char(27) || ']0;title' || char(7) WHERE id = 1");
    db.run("UPDATE users SET name = 'a' || char(10) || 'b' WHERE id = 2");
    db.run("UPDATE users SET name = '-rf' WHERE id = 3");
    drop(db);
    let run = offered(&home, &["players", "show", ""]);
    let lines: Vec<&str> = run.out.lines().take(7).collect();
    let expected = [
        "1\t␛]0;title␇, 0 points",
        "2\ta␊b, 0 points",
        "3\t-rf, 0 points",
        "4\t7, 0 points",
        "5\tBob, 0 points",
        "6\tBob, 0 points",
        "$(id)\t0 points",
    ];
    assert_eq!(lines, expected);
}

fn players_of_every_database_are_offered(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 7), row(2, "Bob", 1)]);
    let run = offered(&Home::new(), &["-d", &place.url(), "players", "show", "A"]);
    assert_eq!(
        (run.out.as_str(), run.err.as_str()),
        ("Ada\t7 points\n", "")
    );
}

on!(all: players_of_every_database_are_offered);

#[test]
fn without_a_database_nothing_is_offered_said_or_made() {
    let home = Home::new();
    // It takes connections and never answers.
    let deaf = TcpListener::bind("127.0.0.1:0").expect("a port");
    let deaf = format!(
        "postgres://ada:s3cret@{}/x",
        deaf.local_addr().expect("its address")
    );
    fs::write(home.join("notes.txt"), "a shopping list\n".repeat(500)).expect("written");
    fs::write(home.join("broken.toml"), "player = ").expect("written");
    for words in [
        &["players", "show", "A"][..],
        &["-d", "nowhere.db", "players", "show", "A"],
        &["-d", "notes.txt", "players", "show", "A"],
        &["-d", "redis://x", "players", "show", "A"],
        &["-d", &deaf, "players", "show", "A"],
        &["--config", "broken.toml", "players", "show", "A"],
        &["--config", "nowhere.toml", "players", "show", "A"],
        &["--player", "\u{1b}"],
    ] {
        let begun = Instant::now();
        let run = offered(&home, words);
        assert_eq!((run.out.as_str(), run.err.as_str()), ("", ""), "{words:?}");
        // The servers' own limits are ten times as long.
        let took = begun.elapsed();
        assert!(took < Duration::from_secs(9), "{words:?} took {took:?}");
    }
    assert_eq!(
        fs::read_dir(home.path()).expect("listed").count(),
        2,
        "files made"
    );
}

#[test]
fn a_script_is_printed_for_each_shell_and_no_other() {
    let home = Home::new();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        home.run(&["completions", shell]).says("_CLICKOFF_COMPLETE");
    }
    home.run(&["completions", "tcsh"]).fails(2, &["tcsh"]);
    let mut command = home.command(&["--", "clickoff", ""]);
    command.env("_CLICKOFF_COMPLETE", "\x1b[31mtcsh");
    let run = Run::from(command.output().expect("it starts"));
    run.fails(2, &["unknown shell `␛[31mtcsh`"]);
}

#[test]
fn bash_completes_names_whatever_is_in_them() {
    let home = played(&["Ada Lovelace", "it's $HOME", "王小明"]);
    let directory = Path::new(CLICKOFF).parent().expect("a directory");
    let path = format!("{}:/usr/bin:/bin", directory.display());
    let bash = Session::builder("bash")
        .args(["--noprofile", "--norc", "-i"])
        .env("HOME", home.path())
        .env("PATH", path)
        .env("PS1", "ready> ")
        .env("LC_ALL", "C.UTF-8")
        .size(100, 24)
        .spawn();
    bash.wait_text("ready> ");
    bash.keys("source <(clickoff completions bash); clear\r");
    bash.keys("clickoff play\tsh\tad\t-f csv\r");
    bash.wait_text("1,1,Ada Lovelace,,0");
    for (typed, completed, shown) in [
        ("\"Ada L\t", "\"Ada Lovelace\"", "1,1,Ada Lovelace,,0"),
        ("it\t", "it\\'s\\ \\$HOME", "1,2,it's $HOME,,0"),
        ("\"it\t", "\"it's \\$HOME\"", "1,2,it's $HOME,,0"),
        ("王\t", "王小明", "1,3,王小明,,0"),
    ] {
        bash.keys("clear\r");
        bash.keys(&format!("clickoff players show {typed}"));
        bash.wait_text(&format!("clickoff players show {completed}"));
        bash.keys("-f csv\r");
        bash.wait_text(shown);
    }
    bash.keys("exit\r");
    bash.wait_exit();
}
