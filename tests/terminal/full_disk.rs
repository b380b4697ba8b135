//! A full disk: presses wait for room, or in the outbox, and the screen never calls them saved.

use crate::faults::full_disk;
use crate::game::{Game, Home};

#[test]
fn presses_wait_for_room_on_a_full_disk() {
    let home = Home::with(&[("Ada", 0)]);
    let disk = full_disk(&home.join(".local/share"));
    let game = Game::start(home.game().envs(disk.env()));
    game.press(1);
    game.shows("Ada", 1);
    disk.fill();
    game.press(5);
    game.says("5 not saved yet:");
    game.says("is full: make room and it goes on.");
    game.press(3);
    game.says("8 not saved yet:");
    assert_eq!(game.best(), 1, "unsaved presses are shown as saved");
    disk.free();
    game.shows("Ada", 9);
    game.quit();
    assert_eq!(home.score("Ada"), 9);
    assert_eq!(home.letters(), "");
}

#[test]
fn left_with_a_full_disk_the_presses_are_delivered_at_the_next_start() {
    let home = Home::with(&[("Ada", 0)]);
    let disk = full_disk(&home.join(".local/share"));
    let game = Game::start(home.game().envs(disk.env()));
    disk.fill();
    game.press(5);
    game.says("5 not saved yet:");
    game.keys("q");
    let words = game.ends(8);
    assert!(words.contains("5 presses not saved in"), "{words}");
    disk.free();
    home.delivers("Ada", 5);
}

#[test]
fn where_not_even_the_outbox_has_room_the_screen_and_the_last_words_say_so() {
    let home = Home::with(&[("Ada", 0)]);
    let disk = full_disk(home.path());
    let game = Game::start(home.game().envs(disk.env()).size(200, 30));
    game.press(2);
    game.shows("Ada", 2);
    disk.fill();
    game.press(5);
    game.says("5 not saved yet:");
    game.says("The outbox can't be written either: No space left on device");
    game.keys("q");
    let words = game.ends(8);
    assert!(
        words.contains("5 presses could neither be saved in"),
        "{words}"
    );
    disk.free();
    assert_eq!(home.score("Ada"), 2);
}

#[test]
fn a_game_can_not_start_on_a_full_disk_but_says_why() {
    let home = Home::new();
    let disk = full_disk(home.path());
    disk.fill();
    let game = Game::begin(home.game().envs(disk.env()));
    let words = game.ends(6);
    assert!(words.contains("is full: make room"), "{words}");
}
