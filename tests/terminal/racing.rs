//! Races in the real program: from the key to a result that is the same on two screens.

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
    ada.wait_text("2 Bob");
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
        game.wait_text("1 Ada       12 █");
        game.wait_text("2 Bob        9 █");
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
fn a_racer_that_is_killed_holds_nobody_up_and_loses_no_saved_click() {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let [ada, bob] = two_at_the_start(&home);
    for game in [&ada, &bob] {
        game.wait_text("s left");
    }
    ada.press(3);
    bob.press(5);
    // The list is not in sight.
    until("Bob's clicks", || home.score("Bob") == 5);
    bob.kill9();
    bob.wait_exit();
    ada.wait_text("You win!");
    ada.wait_text("left");
    ada.keys("\x1b");
    ada.wait_gone("You win!");
    ada.quit();
    let [first, second] = kept(&home);
    assert_eq!(first, 3);
    assert!((0..=5).contains(&second), "{second} of 5");
    assert_eq!([home.score("Ada"), home.score("Bob")], [3, 5]);
}
