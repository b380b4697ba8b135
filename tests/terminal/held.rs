//! Held keys, on terminals that report repeats and on others.

use std::process::Command;
use std::thread::sleep;
use std::time::Duration;

use crate::game::{CLICKOFF, Game, Home, waiting};
use crate::pty::{Builder, KeyKind, Screen, Signal, key};

fn in_kitty(home: &Home) -> Game {
    let game = Game::start(home.game().kitty());
    game.wait_key_reports(true);
    game
}

fn configured(line: &str) -> Home {
    let home = Home::with(&[("Ada", 0)]);
    home.configure(line);
    home
}

/// Holds the space bar for so many repeats, and does not let it go.
fn hold(game: &Game, repeats: usize) {
    game.key(' ', KeyKind::Press);
    for _ in 0..repeats {
        game.key(' ', KeyKind::Repeat);
    }
}

fn is_down(screen: &Screen) -> bool {
    screen.contents().contains("▼ +1 ▼")
}

#[test]
fn where_the_terminal_tells_a_held_key_scores_once_and_its_release_is_seen() {
    let home = Home::with(&[("Ada", 0)]);
    let game = in_kitty(&home);
    hold(&game, 30);
    game.says("A held key scores once");
    game.shows("Ada", 1);
    // Far longer than the button stays down for a press whose release is not told.
    sleep(Duration::from_millis(400));
    assert!(is_down(&game.screen()));
    game.key(' ', KeyKind::Release);
    game.wait(|s| !is_down(s), "the button to come up");
    game.key(' ', KeyKind::Press);
    game.key(' ', KeyKind::Release);
    game.shows("Ada", 2);
    game.key('q', KeyKind::Press);
    assert_eq!(game.ends(0), "");
    assert_eq!(home.score("Ada"), 2);
}

#[test]
fn who_wants_repeats_to_count_gets_them() {
    let home = configured("held_keys = 'count'");
    let game = in_kitty(&home);
    hold(&game, 30);
    game.shows("Ada", 31);
    game.says("each repeat counts here");
    game.quit();
}

#[test]
fn text_is_typed_as_the_layout_makes_it_and_not_as_keys() {
    let home = Home::with(&[("Ada", 0)]);
    let game = in_kitty(&home);
    game.key('n', KeyKind::Press);
    game.wait_text("New player");
    game.wait_key_reports(false);
    // The release of the key that opened the form is still a report.
    game.keys("\x1b[110;1:3u");
    game.keys("Zoë Ж王\r");
    game.wait_gone("New player");
    game.wait_key_reports(true);
    game.shows("Zoë Ж王", 0);
    // A locked or shifted key: `?` is on the slash, `G` is a shifted `g`.
    game.keys("\x1b[57358;65u\x1b[47:63;2u");
    game.wait_text("Keys");
    game.keys("\x1b[27u");
    game.quit();
}

#[test]
fn every_way_out_gives_the_keys_back() {
    let home = Home::with(&[("Ada", 0)]);
    for (leave, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let game = in_kitty(&home);
        game.signal(leave);
        game.ends(code);
    }
    let game = in_kitty(&home);
    game.keys("\x1b[99;5u");
    game.ends(0);
}

#[test]
#[cfg(debug_assertions)] // a release build can't be made to fail
fn a_panic_gives_the_keys_back() {
    let home = Home::with(&[("Ada", 0)]);
    for fault in ["count", "draw", "read"] {
        let game = Game::start(home.game().kitty().env("CLICKOFF_FAULT", fault));
        game.wait_key_reports(true);
        game.key(' ', KeyKind::Press);
        game.ends(70);
    }
}

#[test]
fn stopped_and_back_the_keys_are_reported_anew() {
    let home = Home::with(&[("Ada", 0)]);
    let game = crate::suspending::in_a_shell_with(&home, Builder::kitty);
    game.wait_key_reports(true);
    game.keys("\x1b[122;5u");
    game.wait_text("stopped 147.");
    game.terminal_restored();
    game.keys(key::ENTER);
    game.wait_key_reports(true);
    hold(&game, 5);
    game.shows("Ada", 1);
    game.key('q', KeyKind::Press);
    game.wait_text("ended 0.");
    game.wait_exit();
    game.terminal_restored();
}

#[test]
fn elsewhere_every_press_counts() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    game.press(200);
    game.shows("Ada", 200);
    assert!(game.key_flags().is_empty());
    game.quit();
}

#[test]
fn a_mistake_in_held_keys_is_told_with_its_line() {
    let home = configured("mouse = true\nheld_keys = 'twice'");
    let game = Game::begin(home.game());
    let words = game.ends(2);
    assert!(
        words.contains("line 2") && words.contains("once"),
        "{words}"
    );
}

#[test]
fn each_press_is_counted_or_told_to_be_over_the_limit() {
    let home = Home::with(&[("Ada", 0)]);
    let mut rules = Command::new(CLICKOFF);
    let rules = rules
        .args(["rules", "--max-rate", "1"])
        .env("HOME", home.path());
    assert!(rules.status().expect("it starts").success());
    let game = home.play();
    game.press(200);
    game.says("points were over this database's limit of 1 a second");
    game.wait(|screen| waiting(screen) == Some(0), "all to be settled");
    let score = game.best();
    assert!(
        (60..200).contains(&score),
        "{score}: a minute's worth, and what came meanwhile"
    );
    game.says(&format!("{} points were over", 200 - score));
    game.quit();
    assert_eq!(home.score("Ada"), score);
    home.delivers("Ada", score);
}
