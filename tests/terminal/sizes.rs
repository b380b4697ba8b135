//! Any size from 1x1 up, and rapid changes of the size.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::game::{Game, Home, until};
use crate::pty::Builder;

/// Numbers that look random, and come again with the same seed (Steele and others' SplitMix64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u16) -> u16 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % u64::from(end)) as u16
    }
}

#[test]
fn a_storm_of_sizes_costs_no_press_and_ends_in_a_whole_screen() {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seed = since.expect("a clock").as_nanos() as u64;
    println!("seed {seed}");
    let mut random = Random(seed);
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let game = home.play();
    for _ in 0..200 {
        game.resize(1 + random.below(200), 1 + random.below(60));
        game.press(1);
    }
    game.resize(80, 24);
    game.shows("Ada", 200);
    game.wait_text("space  +1");

    game.looks_fresh(&home, "Ada", 200);
    game.quit();
    assert_eq!(home.score("Ada"), 200);
}

#[test]
fn a_small_screen_has_one_line_that_scores() {
    for (cols, rows) in [(30, 6), (16, 1)] {
        let home = Home::with(&[("Ada", 0)]);
        let game = Game::begin(home.game().size(cols, rows));
        game.wait_text("saved");
        game.press(12);
        game.wait(
            |screen| {
                let line = screen.rows(0, cols).next().unwrap_or_default();
                line.contains("Ada") && line.contains(" 12 ") && line.contains("saved")
            },
            "name, score and state in one line",
        );
        game.quit();
        assert_eq!(home.score("Ada"), 12);
    }
}

#[test]
fn a_small_screen_adds_a_player_too() {
    let home = Home::new();
    let game = Game::begin(home.game().size(30, 2));
    game.wait_text("Name: ");
    game.keys("\x15Ada\r ");
    game.wait_text("Ada 1 saved");
    game.quit();
    assert_eq!(home.score("Ada"), 1);
}

#[test]
fn a_tiny_screen_says_what_it_needs_and_a_larger_one_goes_on() {
    let home = Home::with(&[("Ada", 0)]);
    let game = Game::begin(home.game().size(10, 3));
    game.wait_text("clickoff\nneeds 16x1");
    game.resize(1, 1);
    game.wait_text("c");
    game.resize(80, 24);
    game.shows("Ada", 0);
    game.press(1);
    game.shows("Ada", 1);
    game.resize(1, 1);
    game.keys("q");
    game.ends(0);
}

#[test]
fn a_terminal_without_a_size_is_as_large_as_the_environment_says_or_as_is_usual() {
    let home = Home::with(&[("Ada", 0)]);
    let game = Game::start(home.game().size(0, 0));
    game.looks_fresh(&home, "Ada", 0);
    game.resize(30, 6);
    game.wait_text("Ada");
    game.resize(0, 0);
    game.looks_fresh(&home, "Ada", 0);
    game.quit();

    let sized = |builder: Builder| builder.env("LINES", "6").env("COLUMNS", "30");
    let game = Game::begin(sized(home.game()).size(0, 0));
    game.wait_text("saved");
    let small = Game::begin(home.game().size(30, 6));
    small.wait_text("saved");
    until("the same screen", || {
        game.screen()
            .rows(0, 30)
            .take(6)
            .eq(small.screen().rows(0, 30))
    });
    small.quit();
    game.quit();
    // Where the terminal knows, it is right, and what is no number says nothing.
    let game = Game::start(sized(home.game()));
    game.looks_fresh(&home, "Ada", 0);
    game.quit();
    let game = Game::start(home.game().size(0, 0).env("LINES", "0").env("COLUMNS", "x"));
    game.looks_fresh(&home, "Ada", 0);
    game.quit();
}

#[test]
fn a_size_that_no_screen_has_is_drawn_on_as_far_as_one_could_see() {
    let home = Home::with(&[("Ada", 0)]);
    let huge = home.game().size(0, 0);
    let game = Game::begin(huge.env("LINES", "65535").env("COLUMNS", "65535"));
    game.press(1);
    until("the press to be saved", || home.score("Ada") == 1);
    assert!(game.rss_kb() < 1_000_000, "{} kB", game.rss_kb());
    game.keys("q");
    game.ends(0);
}
