//! The title of the terminal window: player and score, and restored at every end.

use crate::game::{Game, Home, until};
use crate::pty::{Session, Signal, key};

#[track_caller]
fn is_titled(game: &Game, title: &str) {
    until(&format!("the title {title:?}"), || game.title() == title);
}

#[test]
fn the_title_shows_player_and_score_and_is_given_back_at_the_end() {
    let home = Home::with(&[("Ada", 1_233), ("Bob", 7)]);
    let game = home.play();
    is_titled(&game, "Ada 1,233 · clickoff");
    game.press(1);
    is_titled(&game, "Ada 1,234 · clickoff");
    game.keys(key::DOWN);
    is_titled(&game, "Bob 7 · clickoff");
    game.quit();
}

#[test]
fn presses_make_a_few_titles_a_second_and_the_last_is_right() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    for points in 1..=60 {
        game.press(1);
        game.shows("Ada", points);
    }
    is_titled(&game, "Ada 60 · clickoff");
    let raw = String::from_utf8_lossy(&game.raw()).into_owned();
    let times = game.chunks();
    let seconds = times
        .last()
        .map_or(0.0, |l| (l.0 - times[0].0).as_secs_f64());
    let titles = raw.matches("\x1b]2;").count() as f64;
    assert!(titles <= 2.0 + seconds / 0.4, "{titles} in {seconds:.1} s");
    game.quit();
}

#[test]
fn a_name_in_the_title_is_no_code() {
    let home = Home::with(&[("A\u{7}\u{1b}]0\u{9c}evil\u{7}", 3)]);
    let game = Game::begin(home.game());
    is_titled(&game, "A␇␛]0\u{fffd}evil␇ 3 · clickoff");
    game.quit();
}

#[test]
fn without_the_setting_or_on_a_terminal_that_would_keep_it_the_title_is_left_alone() {
    let home = Home::with(&[("Ada", 0)]);
    for (config, term) in [("title = false", "xterm"), ("", "linux"), ("", "screen")] {
        home.configure(config);
        let game = Game::start(home.game().env("TERM", term));
        game.press(1);
        game.wait_text("saved");
        game.quit();
        let raw = String::from_utf8_lossy(&game.raw()).into_owned();
        for code in ["\x1b]2;", "\x1b[22;2t", "\x1b[23;2t"] {
            assert!(!raw.contains(code), "{code:?} with {config:?} on {term}");
        }
    }
}

#[test]
fn the_title_is_given_back_to_the_shell_and_taken_again() {
    let home = Home::with(&[("Ada", 5)]);
    let script = "printf '\\033]2;shell\\007'; set -m; \"$GAME\"; printf 'stopped.'; \
                  read x; fg; printf 'again.'; read x; fg";
    let builder = Session::builder("sh")
        .args(["-c", script])
        .env("GAME", crate::game::CLICKOFF)
        .env("HOME", home.path());
    let mut game = Game::start(builder);
    game.follow_foreground();
    is_titled(&game, "Ada 5 · clickoff");
    game.keys(key::CTRL_Z);
    game.wait_text("stopped.");
    is_titled(&game, "shell");
    game.keys(key::ENTER);
    is_titled(&game, "Ada 5 · clickoff");
    // Nobody can give anything back before SIGSTOP; the stack must not grow by it.
    game.signal(Signal::STOP);
    game.wait_text("again.");
    // The terminal is still raw, where Enter is no end of a line.
    game.keys("\n");
    until("it to go on", || !game.is_stopped());
    game.press(1);
    is_titled(&game, "Ada 6 · clickoff");
    game.keys("q");
    game.wait_exit();
    is_titled(&game, "shell");
}

#[test]
#[cfg(debug_assertions)] // a release build can't be made to fail
fn the_title_is_given_back_after_a_panic() {
    let home = Home::with(&[("Ada", 3)]);
    for fault in ["draw", "read"] {
        let game = Game::start(home.game().env("CLICKOFF_FAULT", fault));
        game.press(1);
        // Also that nothing is left behind, of which the title is a part.
        game.ends(70);
    }
}
