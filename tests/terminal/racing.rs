//! Races in the real program, up to a result that is the same on two screens.

use crate::db::Db;
use crate::game::{Game, Home, until};

/// The presses of the players' racers in the last race, the name first in the alphabet first.
fn kept(home: &Home) -> [i64; 2] {
    let mut db = Db::open(&home.database());
    [
        "SELECT presses FROM click_racers WHERE name = 'Ada' ORDER BY race DESC LIMIT 1",
        "SELECT presses FROM click_racers WHERE name = 'Bob' ORDER BY race DESC LIMIT 1",
    ]
    .map(|sql| db.number(sql))
}

/// Ada opens a race over five seconds, and Bob joins it; both are at its start.
fn two_at_the_start(home: &Home) -> [Game; 2] {
    let play = |name| Game::start(home.game().args(["--player", name]));
    let (ada, bob) = (play("Ada"), play("Bob"));
    ada.keys("r");
    ada.wait_text("The last races");
    ada.keys("k\r");
    ada.wait_text("Starts in");
    bob.wait_text("Ada opens a race over 5 s: R joins");
    bob.keys("R");
    bob.wait_text("Starts in");
    ada.wait_text("Bob            0");
    [ada, bob]
}

#[test]
fn two_games_on_one_file_race_to_the_same_result() {
    let home = Home::with(&[("Ada", 100), ("Bob", 0)]);
    let [ada, bob] = two_at_the_start(&home);
    bob.press(2);
    for game in [&ada, &bob] {
        game.wait_text("s left");
    }
    for _ in 0..3 {
        ada.press(4);
        bob.press(3);
    }
    ada.wait_text("You win! 12 presses.");
    bob.wait_text("Place 2 of 2: 9 presses.");
    for game in [&ada, &bob] {
        game.wait_text("1 Ada           12 █");
        game.wait_text("2 Bob            9 █");
        game.wait_text("Presses a second");
        game.keys("w");
        game.wait_text("Replay · Race over 5 s");
        game.wait_text("1 Ada           12 ");
        game.keys("\x1b");
        game.wait_gone("Replay");
        game.keys("\x1b");
        game.wait_gone("Presses a second");
        game.keys("r");
        game.wait_text(" 5 s  1 Ada 12 · 2 Bob 9");
        game.keys("r");
        game.wait_gone("The last races");
        game.quit();
    }
    assert_eq!(kept(&home), [12, 9]);
    assert_eq!([home.score("Ada"), home.score("Bob")], [112, 11]);
}

#[test]
fn a_rematch_is_one_key_for_both() {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let [ada, bob] = two_at_the_start(&home);
    ada.wait_text("s left");
    ada.press(2);
    for game in [&ada, &bob] {
        game.wait_text("no false start");
    }
    bob.keys("r");
    bob.wait_text("Starts in");
    ada.wait_text("Bob wants a rematch over 5 s: r joins");
    ada.keys("r");
    ada.wait_text("Starts in");
    bob.wait_text("Ada            0");
    for game in [&ada, &bob] {
        game.wait_text("s left");
    }
    bob.press(3);
    bob.wait_text("You win! 3 presses.");
    ada.wait_text("Place 2 of 2: 0 presses.");
    for game in [&ada, &bob] {
        game.keys("\x1b");
        game.wait_gone("no false start");
        game.quit();
    }
    let mut db = Db::open(&home.database());
    assert_eq!(db.number("SELECT COUNT(*) FROM click_races"), 2);
    let traces = "SELECT COUNT(*) FROM click_racers WHERE trace IS NOT NULL";
    assert_eq!(db.number(traces), 4);
    assert_eq!(kept(&home), [0, 3]);
    assert_eq!([home.score("Ada"), home.score("Bob")], [2, 3]);
}

#[test]
fn a_racer_that_is_killed_holds_nobody_up_and_loses_no_saved_click() {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let [ada, bob] = two_at_the_start(&home);
    for game in [&ada, &bob] {
        game.wait_text("s left");
    }
    // Fewer than Ada, for it depends on the moment how many the race has heard of.
    ada.press(3);
    bob.press(2);
    // The list is not in sight.
    until("Bob's clicks", || home.score("Bob") == 2);
    bob.kill9();
    bob.wait_exit();
    ada.wait_text("You win!");
    ada.wait_text("left");
    ada.keys("\x1b");
    ada.wait_gone("You win!");
    ada.quit();
    let [first, second] = kept(&home);
    assert_eq!(first, 3);
    assert!((0..=2).contains(&second), "{second} of 2");
    assert_eq!([home.score("Ada"), home.score("Bob")], [3, 2]);
}

/// A game in lines for this player.
fn in_lines(home: &Home, name: &str) -> Game {
    let game = Game::begin(home.game().args(["--plain", "--player", name]));
    game.wait_text(&format!("{name} is picked"));
    game
}

#[test]
fn two_games_in_lines_race_on_two_terminals() {
    let home = Home::with(&[("Ada", 100), ("Bob", 0)]);
    let [ada, bob] = ["Ada", "Bob"].map(|name| in_lines(&home, name));
    ada.keys("race 5\r");
    ada.wait_text("Race over 5 s for Ada, in ");
    bob.wait_text("Ada opens a race over 5 s: join takes part.");
    bob.keys("join\r");
    bob.wait_text("Race over 5 s for Bob, in ");
    bob.wait_text("Also in it: Ada.");
    ada.wait_text("Also in it: Bob.");
    for game in [&ada, &bob] {
        game.wait_text("Get ready: 3");
        game.wait_text("Go!");
    }
    ada.keys("\r\r\r");
    bob.keys("\r\r");
    ada.keys("\r");
    bob.keys("where\r");
    bob.wait_text(" s left: ");
    ada.wait_text("You win! 4 presses.");
    bob.wait_text("Place 2 of 2: 2 presses.");
    for game in [&ada, &bob] {
        game.wait_text("1. Ada: 4 presses");
        game.wait_text("2. Bob: 2 presses");
        game.keys("race\r");
        game.wait_text("5 s: 1. Ada 4 · 2. Bob 2");
        game.keys(".\rquit\r");
        assert_eq!(game.wait_exit().code(), Some(0));
    }
    assert_eq!(kept(&home), [4, 2]);
    assert_eq!([home.score("Ada"), home.score("Bob")], [104, 2]);
}

#[test]
fn one_in_lines_and_one_on_the_screen_race_to_the_same_result() {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let screen = Game::start(home.game().args(["--player", "Ada"]));
    let lines = in_lines(&home, "Bob");
    screen.keys("r");
    screen.wait_text("The last races");
    screen.keys("k\r");
    screen.wait_text("Starts in");
    lines.wait_text("Ada opens a race over 5 s: join takes part.");
    lines.keys("R\r");
    lines.wait_text("Race over 5 s for Bob, in ");
    screen.wait_text("Bob            0");
    lines.wait_text("Go!");
    screen.wait_text("s left");
    lines.keys("\r\r\r");
    screen.press(2);
    lines.wait_text("You win! 3 presses.");
    lines.wait_text("2. Ada: 2 presses");
    screen.wait_text("Place 2 of 2: 2 presses.");
    screen.wait_text("1 Bob            3 █");
    lines.keys("quit\r");
    assert_eq!(lines.wait_exit().code(), Some(0));
    screen.keys("\x1b");
    screen.wait_gone("Place 2 of 2");
    screen.quit();
    assert_eq!(kept(&home), [2, 3]);
}

#[test]
fn a_racer_in_lines_who_stops_has_left_for_everyone_and_keeps_the_score() {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let [ada, bob] = ["Ada", "Bob"].map(|name| in_lines(&home, name));
    ada.keys("r 5\r");
    bob.wait_text("join takes part.");
    bob.keys("join\r");
    for game in [&ada, &bob] {
        game.wait_text("Go!");
    }
    ada.keys("\r\r\r");
    bob.keys("\r\rstop\r");
    bob.wait_text("You left: you gave it up.");
    bob.wait_text("Bob: 2, saved.");
    ada.wait_text("You win! 3 presses.");
    ada.wait_text(" presses · left");
    for game in [&ada, &bob] {
        game.keys("quit\r");
        assert_eq!(game.wait_exit().code(), Some(0));
    }
    assert_eq!(home.score("Bob"), 2);
}
