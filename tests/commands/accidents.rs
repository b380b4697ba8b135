//! Accidents during `clickoff import` and `clickoff restore`: nothing is half written, and message
//! and exit code say what happened.

use std::fs::{self, File};
use std::io::Write;
use std::process::{ChildStdin, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::process::Signal;

use crate::faults::full_disk;
use crate::home::{Home, Run, Running, slow_proxy};
use crate::place::{Place, Row, TABLE, crowd, on, row};
use crate::support::proxy::Proxy;

/// Three thousand players as a file in the home directory.
fn exported(home: &Home) -> Vec<Row> {
    let (place, rows) = (Place::sqlite().expect("a file"), crowd(3_000));
    place.fill(TABLE, &rows);
    let said = home.run(&["-d", &place.url(), "export", "all"]);
    assert_eq!(said.code, 0, "{}", said.err);
    rows
}

/// A database of the game with one player, who must not be touched.
fn played(home: &Home, place: &Place) -> Vec<String> {
    place.fill(TABLE, &[row(90_000, "Old", 7)]);
    let said = home.run(&["-d", &place.url(), "players", "list"]);
    assert_eq!(said.code, 0, "{}", said.err);
    place.everything()
}

const WAYS: [(&[&str], &str); 2] = [
    (
        &["import", "all", "--merge", "add"],
        "Nothing was imported.",
    ),
    (&["restore", "all", "--overwrite"], "Nothing was restored."),
];

/// The last of what it said, without what it said before it began.
fn complaint(run: &Run) -> &str {
    run.err.lines().last().unwrap_or_default()
}

fn told_to_end_or_killed_it_has_written_nothing(place: Place) {
    let home = Home::new();
    let rows = exported(&home);
    let before = played(&home, &place);
    for (command, nothing) in WAYS {
        for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::KILL, -1)] {
            let proxy = slow_proxy(place.address());
            let url = place.url_via(proxy.addr());
            let running = Running::start(home.command(&[&["-d", &url], command].concat()));
            running.stops_in_the_middle(&proxy, |c| c.bytes_to_server);
            running.signal(signal);
            if code > 0 {
                proxy.thaw();
            }
            let run = running.ends();
            drop(proxy);
            assert_eq!((run.code, run.out.as_str()), (code, ""), "{}", run.err);
            if code > 0 {
                let expected = format!("clickoff: interrupted. {nothing}");
                assert_eq!(complaint(&run), expected);
            }
            assert_eq!(place.everything(), before, "{command:?} {signal:?}");
        }
    }
    let said = home.run(&["-d", &place.url(), "restore", "all", "--overwrite"]);
    assert_eq!(said.code, 0, "{}", said.err);
    place.holds(&rows);
}

fn cut_off_it_knows_nothing_was_written_but_at_the_commit(place: Place) {
    let home = Home::new();
    let rows = exported(&home);
    let before = played(&home, &place);
    let restore = WAYS[1].0;
    // In the middle.
    let proxy = slow_proxy(place.address());
    let url = place.url_via(proxy.addr());
    let running = Running::start(home.command(&[&["-d", &url], restore].concat()));
    running.stops_in_the_middle(&proxy, |c| c.bytes_to_server);
    drop(proxy);
    let run = running.ends();
    assert_eq!(run.code, 6, "{}", run.err);
    assert!(complaint(&run).contains("is lost"), "{}", run.err);
    assert!(
        complaint(&run).ends_with("Nothing was restored."),
        "{}",
        run.err
    );
    assert_eq!(place.everything(), before);
    // As the transaction is to end: before the server hears of it, or after it has.
    let commit: &[u8] = match place {
        Place::MariaDb(..) => b"\x07\0\0\0\x03COMMIT",
        _ => b"COMMIT\0",
    };
    for reached in [false, true] {
        let proxy = Proxy::start(place.address());
        if reached {
            proxy.cut_after(&[commit]);
        } else {
            proxy.cut_before(&[commit]);
        }
        let url = place.url_via(proxy.addr());
        let run = home.run(&[&["-d", &url], restore].concat());
        assert_eq!(run.code, 6, "{}", run.err);
        assert!(
            complaint(&run).contains("It is not known whether"),
            "{}",
            run.err
        );
        if !reached {
            assert_eq!(place.everything(), before);
        }
    }
    place.holds(&rows);
}

on!(servers:
    told_to_end_or_killed_it_has_written_nothing,
    cut_off_it_knows_nothing_was_written_but_at_the_commit,
);

/// A command that reads its standard input, of which it has got half: it holds the transaction.
fn in_the_middle(home: &Home, place: &Place, command: &[&str]) -> (Running, ChildStdin, Vec<u8>) {
    let command = home.command(&[&["-d", &place.url()], command].concat());
    halfway(home, place, command)
}

fn halfway(home: &Home, place: &Place, mut command: Command) -> (Running, ChildStdin, Vec<u8>) {
    let text = fs::read(home.join("all")).expect("a file");
    let mut child = command.stdin(Stdio::piped()).spawn().expect("it starts");
    let mut input = child.stdin.take().expect("a pipe");
    let half = text.len() / 2;
    input.write_all(&text[..half]).expect("it reads");
    let lock = File::create(place.file().with_extension("db.lock")).expect("a lock");
    let end = Instant::now() + Duration::from_secs(60);
    while flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
        assert!(Instant::now() < end, "it has not begun to write");
        flock(&lock, FlockOperation::Unlock).expect("unlocked");
        std::thread::sleep(Duration::from_millis(5));
    }
    (Running::of(child), input, text[half..].to_vec())
}

/// The same commands, on what they are given bit by bit.
const FROM_STDIN: [(&[&str], &str); 2] = [
    (&["import", "-", "--merge", "add"], "Nothing was imported."),
    (&["restore", "-", "--overwrite"], "Nothing was restored."),
];

#[test]
fn told_to_end_or_killed_it_has_written_nothing_to_a_file() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    let rows = exported(&home);
    let before = played(&home, &place);
    for (command, nothing) in FROM_STDIN {
        for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::KILL, -1)] {
            let (running, input, _) = in_the_middle(&home, &place, command);
            running.signal(signal);
            let run = running.ends();
            drop(input);
            assert_eq!((run.code, run.out.as_str()), (code, ""), "{}", run.err);
            if code > 0 {
                let expected = format!("clickoff: interrupted. {nothing}");
                assert_eq!(complaint(&run), expected);
            }
            assert_eq!(place.everything(), before, "{command:?} {signal:?}");
        }
    }
    let (running, mut input, rest) = in_the_middle(&home, &place, FROM_STDIN[1].0);
    input.write_all(&rest).expect("it reads");
    drop(input);
    assert_eq!(running.ends().code, 0);
    place.holds(&rows);
}

#[test]
fn a_text_that_ends_in_the_middle_is_not_taken() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    exported(&home);
    let before = played(&home, &place);
    for (command, nothing) in FROM_STDIN {
        let (running, input, _) = in_the_middle(&home, &place, command);
        drop(input);
        let run = running.ends();
        assert_eq!(run.code, 5, "{}", run.err);
        assert!(complaint(&run).ends_with(nothing), "{}", run.err);
        assert_eq!(place.everything(), before);
    }
}

#[test]
fn a_database_that_vanishes_is_not_said_to_have_it() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    exported(&home);
    let before = played(&home, &place);
    let away = place.file().with_extension("away");
    let (running, mut input, rest) = in_the_middle(&home, &place, FROM_STDIN[1].0);
    fs::rename(place.file(), &away).expect("moved");
    input.write_all(&rest).expect("it reads");
    drop(input);
    let run = running.ends();
    assert_eq!(run.code, 6, "{}", run.err);
    assert!(
        complaint(&run).contains("was removed or replaced"),
        "{}",
        run.err
    );
    fs::rename(&away, place.file()).expect("moved back");
    assert_eq!(place.everything(), before);
}

#[test]
fn a_full_disk_takes_nothing_and_then_all() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    let rows = exported(&home);
    let before = played(&home, &place);
    let disk = full_disk(place.file().parent().expect("a directory"));
    for (command, nothing) in FROM_STDIN {
        let mut command = home.command(&[&["-d", &place.url()], command].concat());
        command.envs(disk.env());
        let (running, mut input, rest) = halfway(&home, &place, command);
        disk.fill();
        // Nobody may listen any more.
        let _ = input.write_all(&rest);
        drop(input);
        let run = running.ends();
        disk.free();
        assert_eq!(run.code, 6, "{}", run.err);
        let full = format!("is full: make room and it goes on. {nothing}");
        assert!(complaint(&run).ends_with(&full), "{}", run.err);
    }
    assert_eq!(place.everything(), before);
    let run = home.run(&[&["-d", &place.url()], WAYS[1].0].concat());
    assert_eq!(run.code, 0, "{}", run.err);
    place.holds(&rows);
}
