//! Kills, cut connections, stopped clients, and a clean end: nothing that was saved is lost.

use std::time::Duration;

use crate::db::Db;
use crate::pty::{Screen, Signal};
use crate::server::{PATIENCE, Place, join, quit, text, wait_score};

#[test]
fn what_a_screen_called_saved_is_there_after_every_kill() {
    let place = Place::new();
    for round in 1..=3 {
        let server = place.serve(&[]);
        let names = ["Ada", "Bob", "Cleo", "Dan"];
        let games = names.map(|name| {
            if round > 1 {
                return server.come_back(&place, name);
            }
            let game = server.play(&place, name);
            join(&game, name);
            game
        });
        let before = names.map(|name| place.score(name).unsigned_abs());
        for _ in 0..5 {
            for game in &games {
                game.keys("     ");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        // Some have seen all of theirs saved, others are in the midst of it.
        let (ada, shown) = (&games[0], before[0] + 25);
        wait_score(ada, "Ada", shown);
        for game in &games[1..] {
            game.keys("   ");
        }
        server.kill9();
        for game in games {
            game.wait_exit();
        }
        assert_eq!(place.score("Ada").unsigned_abs(), shown);
        for (name, before) in names.iter().zip(before).skip(1) {
            let after = place.score(name).unsigned_abs();
            assert!(
                (before..=before + 28).contains(&after),
                "{name}: {before} {after}"
            );
        }
        place.verify();
    }
    let server = place.serve(&[]);
    let before = place.score("Ada").unsigned_abs();
    let game = server.come_back(&place, "Ada");
    game.keys("  ");
    wait_score(&game, "Ada", before + 2);
    quit(&game);
}

#[test]
fn a_cut_connection_saves_what_had_come_and_the_next_one_goes_on() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    game.keys("     ");
    wait_score(&game, "Ada", 5);
    game.keys("   ");
    wait_score(&game, "Ada", 8);
    game.kill9();
    game.wait_exit();
    let game = server.play(&place, "ada");
    wait_score(&game, "Ada", 8);
    // ssh's own key to hang up.
    game.keys("\r~.");
    game.wait_exit();
    let game = server.come_back(&place, "ada");
    game.keys(" ");
    wait_score(&game, "Ada", 9);
    quit(&game);
    assert_eq!(place.score("Ada"), 9);
}

#[test]
fn ctrl_z_stops_nobody_and_says_what_does() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let other = server.play(&place, "bob");
    join(&other, "Bob");
    game.keys("\x1a");
    game.wait_text("The game runs on the server.");
    other.keys(" ");
    wait_score(&other, "Bob", 1);
    wait_score(&game, "Bob", 1);
    quit(&game);
    quit(&other);
}

#[test]
fn a_resize_is_drawn_anew() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    for (columns, rows) in [(120, 40), (60, 20), (100, 30)] {
        game.resize(columns, rows);
        let fits = |screen: &Screen| {
            let text = screen.contents();
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let widest = lines.map(|line| line.chars().count()).max();
            widest.is_some_and(|widest| widest + 3 > columns.into()) && text.contains("Ada")
        };
        game.wait(fits, &format!("a screen of {columns} columns"));
    }
    // A storm of them ends with the last.
    for columns in 60..140 {
        game.resize(columns, 30);
    }
    game.keys(" ");
    wait_score(&game, "Ada", 1);
    quit(&game);
}

#[test]
fn the_end_in_order_tells_each_and_saves_everything() {
    let place = Place::new();
    let mut server = place.serve(&[]);
    let games = ["Ada", "Bob", "Cleo"].map(|name| {
        let game = server.play(&place, name);
        join(&game, name);
        game.keys("          ");
        game
    });
    for (game, name) in games.iter().zip(["Ada", "Bob", "Cleo"]) {
        wait_score(game, name, 10);
        game.keys("  ");
    }
    std::thread::sleep(Duration::from_millis(100));
    server.signal(Signal::TERM);
    for game in &games {
        game.wait_text("The server is shutting down: everything is saved.");
        game.wait_exit();
        game.terminal_restored();
    }
    let (status, words) = server.wait();
    assert!(status.success(), "{status} {words}");
    assert_eq!(place.sum(), 36);
    place.verify();
}

#[test]
fn a_client_that_stops_reading_holds_up_nobody_and_loses_no_press() {
    let place = Place::new();
    let server = place.serve(&[]);
    let slow = server.play(&place, "slow");
    join(&slow, "Slow");
    let other = server.play(&place, "other");
    join(&other, "Other");
    slow.pause_reading();
    for _ in 0..200 {
        other.keys(" ");
        slow.keys(" ");
        std::thread::sleep(Duration::from_millis(5));
    }
    wait_score(&other, "Other", 200);
    wait_score(&other, "Slow", 200);
    slow.resume_reading();
    wait_score(&slow, "Slow", 200);
    wait_score(&slow, "Other", 200);
    quit(&slow);
    quit(&other);
    assert_eq!(place.sum(), 400);
}

#[test]
fn a_client_that_reads_no_more_for_long_is_cut_off_and_its_presses_are_saved() {
    let place = Place::new();
    let server = place.serve_with_fault("soon-stuck");
    let other = server.play(&place, "other");
    join(&other, "Other");
    let sockets = server.sockets();
    let stuck = server.play(&place, "stuck");
    join(&stuck, "Stuck");
    stuck.keys("   ");
    wait_score(&other, "Stuck", 3);
    stuck.pause_reading();
    let before = server.memory();
    let begun = std::time::Instant::now();
    // Whole frames, until the way to it is full and the time is over.
    let mut rows = 24;
    while !server.log().contains("a client reads no more") {
        assert!(begun.elapsed() < PATIENCE, "{}", server.log());
        rows = if rows == 24 { 60 } else { 24 };
        stuck.resize(200, rows);
        stuck.keys(" ");
        other.keys(" ");
        std::thread::sleep(Duration::from_millis(20));
    }
    while server.sockets() > sockets {
        assert!(begun.elapsed() < PATIENCE, "its connection is still there");
        std::thread::sleep(Duration::from_millis(20));
    }
    let grown = server.memory().saturating_sub(before);
    assert!(grown < 20_000, "{grown} kB");
    other.keys(" ");
    other.wait_text("saved");
    stuck.resume_reading();
    assert_eq!(stuck.wait_exit().code(), Some(255));
    let score = place.score("Stuck").unsigned_abs();
    assert!(score > 3, "{score}");
    wait_score(&other, "Stuck", score);
    quit(&other);
    place.verify();
}

#[test]
fn a_session_without_a_key_is_warned_first() {
    let place = Place::new();
    let server = place.serve(&["--idle", "61s"]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    game.wait_text("No key for a long time: this session ends in a minute.");
    game.keys(" ");
    wait_score(&game, "Ada", 1);
    quit(&game);
}

#[test]
fn a_session_without_a_key_ends_and_is_told_why() {
    let place = Place::new();
    let server = place.serve(&["--idle", "3s"]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    game.wait_text("No key for a long time: the session has ended.");
    game.wait_exit();
    game.terminal_restored();
}

#[test]
fn one_sessions_panic_ends_that_one_with_a_sentence() {
    let place = Place::new();
    let server = place.serve_with_fault("read");
    let watching = server.script(&place, None, "play", &[], "");
    assert!(watching.status.success(), "{watching:?}");
    let game = server.play(&place, "ada");
    game.wait_text("New player");
    game.keys("A");
    game.wait_text("This session failed because of a bug");
    assert_eq!(game.wait_exit().code(), Some(70));
    game.terminal_restored();
    let again = server.play(&place, "bob");
    again.wait_text("New player");
    let said = server.script(&place, None, "play", &[], "");
    assert!(said.status.success(), "{}", text(&said.stdout));
    let log = server.log();
    assert_eq!(log.matches("a session has failed").count(), 1, "{log}");
    assert!(log.contains("read fails on purpose"), "{log}");
}

#[test]
fn changes_of_one_player_wait_one_at_a_time() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    let mut db = Db::open(&place.database());
    db.lock();
    for more in ["x", "y"] {
        game.keys("e");
        game.wait_text("Edit player");
        game.keys(more);
        game.keys("\r");
        game.wait_gone("Edit player");
    }
    game.wait_text("Wait a moment: your last change");
    db.unlock();
    wait_score(&game, "Adax", 0);
    quit(&game);
    assert_eq!(place.score("Adax"), 0);
}
