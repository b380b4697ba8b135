//! `clickoff watch`: a line for each change, whichever program made it, until the reader leaves.

use std::io::{BufRead, BufReader, Read};
use std::process::ChildStdout;

use rustix::process::Signal;

use crate::home::{CLICKOFF, Home, Run, Running};
use crate::place::{Place, TABLE, on, row};
use crate::players::played;
use crate::pty::Session;
use crate::support::proxy::Proxy;

/// A watch that writes for spreadsheets, once it has begun.
#[track_caller]
fn watching(home: &Home, url: &str) -> (Running, BufReader<ChildStdout>) {
    let mut running = Running::start(home.command(&["-d", url, "watch", "-f", "csv"]));
    let mut output = running.output();
    let mut head = String::new();
    output.read_line(&mut head).expect("a line");
    assert_eq!(head, "time,change,id,name,email,score,points\r\n");
    (running, output)
}

/// The next line says this, behind its time in UTC.
#[track_caller]
fn says(output: &mut impl BufRead, words: &str) {
    let mut line = String::new();
    output.read_line(&mut line).expect("a line");
    let (time, rest) = line.split_once(',').expect("a time");
    assert_eq!(rest, format!("{words}\r\n"));
    let pattern = time.replace(|c: char| c.is_ascii_digit(), "0");
    assert_eq!(pattern, "0000-00-00T00:00:00Z", "{time}");
}

#[track_caller]
pub fn ended(run: &Run, code: i32) {
    assert_eq!((run.code, run.err.as_str()), (code, ""));
}

fn changes_are_told_as_they_come(place: Place) {
    let table = TABLE.replace("BIGINT NOT NULL", place.own_keys());
    place.fill(&table, &[]);
    let (home, url) = (Home::new(), place.url());
    let run = |arguments: &[&str]| {
        let run = home.run(&[&["-d", &url], arguments].concat());
        assert_eq!((run.code, run.err.as_str()), (0, ""));
    };
    run(&["players", "add", "=Bob"]);
    let (running, mut output) = watching(&home, &url);
    run(&["players", "add", "Ada", "--email", "a@example.org"]);
    says(&mut output, "added,2,Ada,a@example.org,0,");
    run(&["click", "Ada", "-n", "3"]);
    says(&mut output, "scored,2,Ada,a@example.org,3,3");
    run(&["players", "edit", "Bob", "--name", "Robert, \"Bob\""]);
    says(&mut output, "edited,1,\"Robert, \"\"Bob\"\"\",,0,");
    place.run("UPDATE users SET score = -5, name = '=Bob' WHERE id = 1");
    says(&mut output, "edited,1,'=Bob,,-5,");
    says(&mut output, "scored,1,'=Bob,,-5,-5");
    run(&["players", "remove", "Ada", "--yes"]);
    says(&mut output, "removed,2,Ada,a@example.org,3,");
    running.signal(Signal::INT);
    ended(&running.ends(), 130);
    let mut rest = String::new();
    output.read_to_string(&mut rest).expect("the end");
    assert_eq!(rest, "");
}

fn it_ends_with_its_reader_even_where_nothing_changes(place: Place) {
    place.fill(TABLE, &[row(1, "Ada", 0)]);
    let home = Home::new();
    let (running, output) = watching(&home, &place.url());
    drop(output);
    ended(&running.ends(), 0);
}

on!(all: changes_are_told_as_they_come, it_ends_with_its_reader_even_where_nothing_changes);

mod on_servers {
    use super::*;

    fn what_changed_while_a_server_was_away_is_told_after(place: Place) {
        place.fill(TABLE, &[row(1, "Ada", 0)]);
        let (home, proxy) = (Home::new(), Proxy::start(place.address()));
        let (running, mut output) = watching(&home, &place.url_via(proxy.addr()));
        proxy.refuse();
        proxy.cut();
        let run = home.run(&["-d", &place.url(), "click", "Ada", "-n", "7"]);
        assert_eq!(run.code, 0, "{}", run.err);
        proxy.accept();
        says(&mut output, "scored,1,Ada,,7,7");
        running.signal(Signal::TERM);
        let run = running.ends();
        assert_eq!(run.code, 143);
        let (lost, back) = run.err.split_once('\n').expect("two lines");
        let then = "Changes are shown once they can be seen again.";
        assert!(
            lost.starts_with("clickoff: ") && lost.ends_with(then),
            "{lost}"
        );
        assert_eq!(back, "clickoff: Changes are seen again.\n");
    }

    on!(servers: what_changed_while_a_server_was_away_is_told_after);
}

#[test]
fn a_reader_that_takes_nothing_does_not_keep_it_from_ending() {
    let place = Place::sqlite().expect("a file");
    place.fill(TABLE, &[row(1, "Ada", 0)]);
    let home = Home::new();
    let (running, mut output) = watching(&home, &place.url());
    // More than a pipe holds, so that it waits for its reader once the first byte is there.
    place.run("UPDATE users SET name = printf('%.*c', 1000000, 'x')");
    output.read_exact(&mut [0]).expect("a byte");
    running.signal(Signal::TERM);
    ended(&running.ends(), 143);
}

#[test]
fn programs_get_an_object_a_line() {
    let home = played();
    let mut running = Running::start(home.command(&["watch", "--format", "json"]));
    let mut output = running.output();
    let mut line = String::new();
    // Nothing says that it has begun, so there is something to see till it has seen something.
    let run = std::thread::scope(|scope| {
        let clicking = scope.spawn(|| {
            loop {
                let run = home.run(&["click", "\x1b[31mred", "-n", "2"]);
                if run.code != 0 || home.join("seen").exists() {
                    return run;
                }
            }
        });
        output.read_line(&mut line).expect("a line");
        std::fs::write(home.join("seen"), "").expect("written");
        clicking.join().expect("it clicks")
    });
    run.says("␛[31mred (id 7) scored 2 points");
    assert!(!line.contains('\x1b'), "{line:?}");
    let event: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(event["change"], "scored");
    assert_eq!(event["name"], "\x1b[31mred");
    assert_eq!(event["email"], serde_json::Value::Null);
    let points = event["points"].as_i64().expect("a number");
    assert!(points > 0 && points % 2 == 0, "{line}");
    drop(output);
    ended(&running.ends(), 0);
}

#[test]
fn at_a_terminal_it_shows_a_table_and_leaves_the_modes_alone() {
    let home = played();
    let session = Session::builder(CLICKOFF)
        .env("HOME", home.path())
        .env("TZ", "UTC")
        .args(["watch"])
        .size(120, 24)
        .spawn();
    session.wait_text("TIME                 CHANGE       ID  NAME");
    home.run(&["click", "4", "-n", "12"]).says("has 9 now");
    session.wait_text("  scored        4  王小明                x,\"y\"");
    session.wait_text("    9     +12");
    session.keys("\x03");
    assert_eq!(session.wait_exit().code(), Some(130));
    session.terminal_restored();
}

#[test]
fn a_file_that_is_not_there_is_not_made() {
    let home = Home::new();
    let run = home.run(&["-d", "typo.db", "watch"]);
    run.fails(3, &["there is no database", "typo.db yet"]);
    assert!(!home.join("typo.db").exists());
}
