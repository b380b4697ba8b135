//! A copy that is cut off has written everything or nothing, and a second one finds out which.

use std::time::Duration;

use rustix::process::Signal;

use crate::home::{Home, Running, slow_proxy};
use crate::place::{Place, Row, TABLE, crowd, on};
use crate::support::proxy::Proxy;

/// How many bytes the schema of a server has at the most, with its routines.
const SCHEMA: u64 = 40_000;

/// A file with players, enough for many calls.
fn source() -> (Place, Vec<Row>) {
    let (place, rows) = (Place::sqlite().expect("a file"), crowd(3_000));
    place.fill(TABLE, &rows);
    (place, rows)
}

/// A copy that stands still while it writes to a server.
fn stopped_in_the_middle(home: &Home, from: &Place, to: &Place, proxy: &Proxy) -> Running {
    let running = home.start_copy(&from.url(), &to.url_via(proxy.addr()));
    // The text of the schema goes first.
    running.stops_in_the_middle(proxy, |c| c.bytes_to_server.saturating_sub(SCHEMA));
    running
}

/// A copy that stands still while it reads from a server with three thousand players.
fn stopped_at_reading(home: &Home, from: &Place, to: &Place, proxy: &Proxy) -> Running {
    from.fill(TABLE, &crowd(3_000));
    let running = home.start_copy(&from.url_via(proxy.addr()), &to.url());
    running.stops_in_the_middle(proxy, |c| c.bytes_to_client);
    running
}

/// Nobody has come to the target, and a second copy brings all.
#[track_caller]
fn nothing_and_then_all(home: &Home, from: &Place, to: &Place, rows: &[Row]) {
    to.holds(&[]);
    home.copy(&from.url(), &to.url(), &[])
        .says("Copied 3,000 players");
    to.holds(rows);
    home.copy(&from.url(), &to.url(), &[])
        .says("already; nothing was copied.");
}

fn told_to_end_it_undoes_and_says_so(to: Place) {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130)] {
        let ((from, _), home) = (source(), Home::new());
        let proxy = slow_proxy(to.address());
        let running = stopped_in_the_middle(&home, &from, &to, &proxy);
        running.signal(signal);
        proxy.thaw();
        running
            .ends()
            .fails(code, &["interrupted. Nothing was copied."]);
        to.holds(&[]);
    }
    let ((from, rows), home) = (source(), Home::new());
    nothing_and_then_all(&home, &from, &to, &rows);
}

fn told_twice_it_does_not_wait_for_a_server_that_hangs(to: Place) {
    let ((from, rows), home) = (source(), Home::new());
    let proxy = slow_proxy(to.address());
    let running = stopped_in_the_middle(&home, &from, &to, &proxy);
    running.signal(Signal::TERM);
    // The two would be one for the kernel if nobody had taken the first in between.
    std::thread::sleep(Duration::from_millis(500));
    running.signal(Signal::TERM);
    let wanted = ["interrupted while a database did not answer. Nothing was copied."];
    running.ends().fails(143, &wanted);
    drop(proxy);
    nothing_and_then_all(&home, &from, &to, &rows);
}

fn killed_it_has_written_nothing(to: Place) {
    let ((from, rows), home) = (source(), Home::new());
    let proxy = slow_proxy(to.address());
    let running = stopped_in_the_middle(&home, &from, &to, &proxy);
    running.signal(Signal::KILL);
    assert_eq!(running.ends().code, -1);
    drop(proxy);
    nothing_and_then_all(&home, &from, &to, &rows);
}

fn killed_it_has_written_nothing_to_a_file(from: Place) {
    let (home, rows) = (Home::new(), crowd(3_000));
    let to = Place::sqlite().expect("a file");
    let proxy = slow_proxy(from.address());
    let running = stopped_at_reading(&home, &from, &to, &proxy);
    running.signal(Signal::KILL);
    assert_eq!(running.ends().code, -1);
    drop(proxy);
    nothing_and_then_all(&home, &from, &to, &rows);
}

/// The link breaks as the transaction is to end: before the server hears of it, or after it has.
fn cut_at_the_commit_it_does_not_know_and_the_next_finds_out(to: Place) {
    let ((from, rows), home) = (source(), Home::new());
    let nobody = Place::sqlite().expect("a file");
    nobody.fill(TABLE, &[]);
    home.copy(&nobody.url(), &to.url(), &[]).says("already");
    // A query as the server's protocol has it.
    let commit: &[u8] = match to {
        Place::MariaDb(..) => b"\x07\0\0\0\x03COMMIT",
        _ => b"COMMIT\0",
    };
    for reached in [false, true] {
        let proxy = Proxy::start(to.address());
        if reached {
            proxy.cut_after(&[commit]);
        } else {
            proxy.cut_before(&[commit]);
        }
        let run = home.copy(&from.url(), &to.url_via(proxy.addr()), &[]);
        run.fails(
            6,
            &[
                "is lost",
                "It is not known whether",
                "run the same command again",
            ],
        );
        if !reached {
            to.holds(&[]);
        }
    }
    home.copy(&from.url(), &to.url(), &[])
        .says("already; nothing was copied.");
    to.holds(&rows);
}

fn nobody_gets_between(to: Place) {
    let ((from, rows), home) = (source(), Home::new());
    let proxy = slow_proxy(to.address());
    let running = stopped_in_the_middle(&home, &from, &to, &proxy);
    let hasty = match to {
        Place::MariaDb(..) => "SET SESSION innodb_lock_wait_timeout = 1;",
        _ => "SET lock_timeout = '1s';",
    };
    let add = format!("{hasty} INSERT INTO users (id, name, score) VALUES (90000, 'late', 1)");
    let error = to.try_run(&add).expect_err("the table is locked");
    assert!(error.to_lowercase().contains("lock"), "{error}");
    proxy.pass();
    running.ends().says("Copied 3,000 players");
    to.holds(&rows);
    to.run(&add);
}

/// Others play on the source and change its players while it is read.
fn the_source_is_read_at_one_moment(from: Place) {
    let (home, rows) = (Home::new(), crowd(3_000));
    let to = Place::sqlite().expect("a file");
    let proxy = slow_proxy(from.address());
    let running = stopped_at_reading(&home, &from, &to, &proxy);
    from.run(
        "UPDATE users SET score = score + 1; DELETE FROM users WHERE id > 2900;
         INSERT INTO users VALUES (2950, 'new', NULL, 1)",
    );
    proxy.pass();
    running.ends().says("Copied 3,000 players");
    to.holds(&rows);
}

on!(servers:
    told_to_end_it_undoes_and_says_so,
    told_twice_it_does_not_wait_for_a_server_that_hangs,
    killed_it_has_written_nothing,
    killed_it_has_written_nothing_to_a_file,
    cut_at_the_commit_it_does_not_know_and_the_next_finds_out,
    nobody_gets_between,
    the_source_is_read_at_one_moment,
);

#[test]
fn a_file_is_read_at_one_moment_and_goes_on_being_played() {
    let Some(to) = Place::postgres() else { return };
    let ((from, rows), home) = (source(), Home::new());
    from.run("PRAGMA journal_mode = WAL");
    let proxy = slow_proxy(to.address());
    let running = stopped_in_the_middle(&home, &from, &to, &proxy);
    from.run("UPDATE users SET score = score + 1; DELETE FROM users WHERE id > 2900");
    proxy.pass();
    running.ends().says("Copied 3,000 players");
    to.holds(&rows);
}
