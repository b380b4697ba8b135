//! Another program locks the file: presses wait, keys still work, and nothing is lost.

use crate::db::Db;
use crate::game::{Game, Home, until};
use crate::pty::key;

/// A home whose file is switched to WAL, in which a locked file can still be read.
fn home() -> Home {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    home.play().quit();
    home
}

#[test]
fn presses_wait_for_a_locked_file_while_the_keyboard_works() {
    let home = home();
    let mut db = Db::open(&home.database());
    let game = Game::start(home.game().size(120, 24)); // with room for the whole sentence
    game.press(1);
    game.shows("Ada", 1);
    db.lock();
    game.press(5);
    game.says("5 not saved yet:");
    game.says("is locked by another program.");
    game.keys("j");
    game.picks("Bob");
    game.press(3);
    game.says("8 not saved yet:");
    game.keys("?");
    game.wait_text("In the game");
    game.keys(key::ESC);
    game.wait_gone("In the game");
    // The waits between two tries grow to seconds, which are counted down.
    game.says("Next try in 2 s.");
    assert!(game.list().iter().all(|p| p.score <= 1), "unsaved is shown");
    db.unlock();
    game.shows("Ada", 6);
    game.shows("Bob", 3);
    game.quit();
    assert_eq!((home.score("Ada"), home.score("Bob")), (6, 3));
    assert_eq!(home.letters(), "");
}

#[test]
fn a_game_that_ends_while_locked_keeps_its_presses_for_the_next_start() {
    let home = home();
    let mut db = Db::open(&home.database());
    let game = home.play();
    db.lock();
    game.press(5);
    game.takes("Ada", 5);
    game.keys("q");
    let words = game.ends(8);
    let sentence = "5 presses not saved in ~/.local/share/clickoff/clickoff.db yet: kept on this \
                    machine, and saved at the next start on this database.";
    assert!(words.contains(sentence), "{words}");
    assert!(home.letters().contains("\"upto\":5"), "{}", home.letters());
    db.unlock();
    home.delivers("Ada", 5);
}

#[test]
fn a_game_killed_while_locked_has_kept_its_presses_too() {
    let home = home();
    let mut db = Db::open(&home.database());
    let game = home.play();
    game.press(2);
    game.shows("Ada", 2);
    db.lock();
    game.press(5);
    game.says("5 not saved yet:");
    game.press(3);
    until("the letter with all presses", || {
        home.letters().contains("\"upto\":10")
    });
    game.kill9();
    game.wait_exit();
    db.unlock();
    home.delivers("Ada", 10);
}

#[test]
fn a_file_locked_at_the_start_is_waited_for() {
    // Not yet in WAL, it can't even be read.
    let home = Home::with(&[("Ada", 7)]);
    let mut db = Db::open(&home.database());
    db.lock();
    let game = Game::begin(home.game());
    game.says("Loading…");
    game.says("is locked by another program.");
    game.press(3);
    db.unlock();
    game.shows("Ada", 7);
    game.press(1);
    game.shows("Ada", 8);
    game.quit();
    assert_eq!(home.score("Ada"), 8);
}

#[test]
fn a_start_on_a_locked_file_can_be_given_up() {
    let home = Home::with(&[("Ada", 7)]);
    let mut db = Db::open(&home.database());
    db.lock();
    let game = Game::begin(home.game());
    game.says("is locked by another program.");
    game.keys("q");
    game.ends(0);
    db.unlock();
    assert_eq!(db.score("Ada"), 7);
}
