//! A connection too slow for effects: presses and scores have priority.

use std::thread;
use std::time::{Duration, Instant};

use crate::game::{Game, Home, until};

/// What the line carries a second, in bytes.
const RATE: usize = 2_000;

#[test]
fn over_a_slow_line_every_press_is_saved_and_effects_give_way_to_scores() {
    let home = Home::with(&[("Ada", 0), ("Bob", 50)]);
    let game = Game::start(home.game().args(["--player", "Ada"]));
    game.limit_reading(Some(RATE));
    let begun = Instant::now();
    let presses = 150;
    for n in 1..=presses {
        game.press(1);
        // Thirty a second: their pace is what makes the line too slow.
        let next = begun + Duration::from_millis(33 * n);
        thread::sleep(next.saturating_duration_since(Instant::now()));
    }
    let presses = presses as i64;
    until("all presses to be saved", || home.score("Ada") == presses);
    let saved = Instant::now();
    let behind = game.bytes_written();
    game.shows("Ada", presses);
    println!(
        "the last score came {:?} after it was saved, {} bytes later",
        saved.elapsed(),
        game.bytes_written() - behind
    );
    game.limit_reading(None);
    game.looks_fresh(&home, "Ada", presses);
    game.quit();
}
