//! Accidents during a game, and what happens to the presses.

use std::fs::{self, OpenOptions};
use std::os::unix::fs::FileExt;

use crate::db::Db;
use crate::game::{Game, Home};

#[test]
fn a_database_deleted_under_the_game_ends_it_with_a_sentence() {
    let home = Home::with(&[("Ada", 3)]);
    let game = home.play();
    game.press(1);
    game.shows("Ada", 4);
    fs::remove_file(home.database()).expect("removed");
    let words = game.ends(6);
    assert!(
        words.contains("clickoff.db was removed or replaced"),
        "{words}"
    );
    assert!(words.contains("Put it back"), "{words}");
    assert!(!home.database().exists(), "an empty one was made instead");
}

#[test]
fn presses_that_wait_for_a_database_taken_away_are_delivered_once_it_is_back() {
    let home = Home::with(&[("Ada", 3)]);
    home.play().quit();
    let away = home.join("away");
    fs::create_dir(&away).expect("made");
    let mut db = Db::open(&home.database());
    let game = home.play();
    db.lock();
    game.press(7);
    game.takes("Ada", 10);
    // With the companions, or what they hold would be lost to it.
    let share = home.database().parent().expect("a directory").to_owned();
    fs::rename(&share, away.join("clickoff")).expect("moved");
    let words = game.ends(6);
    assert!(words.contains("was removed or replaced"), "{words}");
    assert!(words.contains("7 presses not saved in"), "{words}");
    db.unlock();
    drop(db);
    fs::rename(away.join("clickoff"), &share).expect("moved back");
    home.delivers("Ada", 10);
}

#[test]
fn a_database_damaged_under_the_game_ends_it_and_the_presses_are_kept() {
    let home = Home::with(&[("Ada", 3)]);
    let game = home.play();
    game.press(1);
    game.shows("Ada", 4);
    let mut db = Db::open(&home.database());
    db.run("PRAGMA wal_checkpoint(TRUNCATE)");
    let page = db.number("SELECT rootpage FROM sqlite_master WHERE name = 'users'");
    let file = OpenOptions::new().write(true).open(home.database());
    let file = file.expect("open");
    let mut whole = vec![0; 4096];
    let at = (page as u64 - 1) * 4096;
    fs::File::open(home.database())
        .and_then(|f| f.read_exact_at(&mut whole, at))
        .expect("read");
    // The press waits for the lock, so that whatever finds the damage finds the press.
    db.lock();
    game.press(1);
    game.takes("Ada", 5);
    file.write_all_at(&[0xa5; 4096], at).expect("written");
    // A change elsewhere makes the game forget the pages that it has in memory.
    db.run("CREATE TABLE elsewhere (n)");
    db.run("COMMIT");
    let words = game.ends(7);
    assert!(words.contains("clickoff.db is damaged"), "{words}");
    assert!(words.contains("1 press not saved in"), "{words}");
    file.write_all_at(&whole, at).expect("restored");
    drop(db);
    home.delivers("Ada", 5);
}

#[test]
#[cfg(debug_assertions)] // a release build can't be made to fail
fn a_panic_in_a_worker_gives_the_terminal_back_and_keeps_the_presses() {
    let home = Home::with(&[("Ada", 3)]);
    let game = Game::start(home.game().env("CLICKOFF_FAULT", "count"));
    game.press(1);
    let words = game.ends(70);
    assert!(words.contains("panicked at src/fault.rs"), "{words}");
    assert!(words.contains("A part of clickoff failed"), "{words}");
    assert!(words.contains("1 press not saved in"), "{words}");
    assert_eq!(home.score("Ada"), 3);
    home.delivers("Ada", 4);
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_while_reading_or_drawing_gives_the_terminal_back_and_saves_the_presses() {
    let home = Home::with(&[("Ada", 3)]);
    for fault in ["draw", "read"] {
        let game = Game::start(home.game().env("CLICKOFF_FAULT", fault));
        game.press(1);
        let words = game.ends(70);
        assert!(words.contains("panicked at src/fault.rs"), "{words}");
        assert!(words.contains("The screen failed"), "{words}");
        // The key whose reading failed was never taken for a press.
        home.delivers("Ada", 4);
    }
}

#[test]
#[cfg(debug_assertions)]
fn a_panic_leaves_one_report_with_nothing_private_in_it() {
    let home = Home::with(&[("Ada Lovelace", 3)]);
    for fault in ["draw", "count"] {
        let game = Game::start(home.game().env("CLICKOFF_FAULT", fault).size(200, 24));
        game.press(1);
        let words = game.ends(70);
        let paths = home.state_files("crash-");
        let [path] = &paths[..] else {
            panic!("not one report: {paths:?}");
        };
        let said = format!("in {}", path.display());
        assert!(words.contains(&said), "no {said:?} in {words}");
        let report = fs::read_to_string(path).expect("a report");
        for known in [
            concat!("clickoff ", env!("CARGO_PKG_VERSION"), ", debug build"),
            "thread: main",
            "place: src/fault.rs:",
            "words: (left out",
            "clickoff::fault::point",
        ] {
            assert!(report.contains(known), "no {known:?} in {report}");
        }
        let home_path = home.join("");
        for private in [
            home_path.to_str().expect("text"),
            env!("CARGO_MANIFEST_DIR"),
            "/.cargo/",
            "Ada",
            "Lovelace",
            "clickoff.db",
            "://",
        ] {
            assert!(!report.contains(private), "{private:?} is in {report}");
        }
        fs::remove_file(path).expect("removed");
    }
}
