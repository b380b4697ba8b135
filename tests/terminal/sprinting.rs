//! A sprint in the real program, from the key to the row in the database.

use crate::db::Db;
use crate::game::Home;

/// The presses of the only sprint that is kept, if one is.
const KEPT: &str = "SELECT COALESCE(MAX(presses), -1) FROM click_sprints";

#[test]
fn a_sprint_counts_its_presses_keeps_the_best_and_shows_it_again() {
    let home = Home::with(&[("Ada", 100)]);
    let game = home.play();
    game.picks("Ada");
    game.keys("s");
    game.wait_text("no best yet");
    game.keys("\r");
    game.wait_text("Get ready");
    game.wait_text("s left");
    game.press(7);
    game.wait_text("7 presses in 10 s");
    game.wait_text("Your first over this length.");
    game.wait_text("The best over 10 s");
    game.keys("\x1b");
    game.wait_gone("The best over 10 s");
    game.keys("s");
    game.wait_text("your best 7");
    // The best is watched again, and nothing is scored by it.
    game.keys("w");
    game.wait_text("Replay · Sprint over 10 s");
    game.wait_text("9.5 s left");
    game.keys(" ");
    game.wait_text("paused");
    game.keys("\x1b");
    game.wait_text("your best 7");
    game.keys("s");
    game.wait_gone("your best 7");
    game.quit();
    assert_eq!(home.score("Ada"), 107);
    assert_eq!(Db::open(&home.database()).number(KEPT), 7);
}

#[test]
fn a_sprint_that_is_left_keeps_its_presses_and_no_result() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    game.picks("Ada");
    game.keys("sk\r");
    game.wait_text("s left");
    game.press(4);
    game.keys("\x1b");
    game.wait_text("Void: you gave it up.");
    // Another over the same five seconds.
    game.keys("r");
    game.wait_text("Get ready");
    game.wait_text("s left");
    game.press(3);
    game.keys("\x03");
    let words = game.ends(0);
    assert!(words.contains("The sprint is void"), "{words}");
    assert_eq!(home.score("Ada"), 7);
    assert_eq!(Db::open(&home.database()).number(KEPT), -1);
}
