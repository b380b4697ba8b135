//! Effects, and frames with synchronized output.

use crate::game::{Game, Home, list_width};
use crate::pty::{Screen, key};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

fn count(raw: &[u8], what: &[u8]) -> usize {
    raw.windows(what.len()).filter(|w| *w == what).count()
}

/// The rows above the button, beside the list.
fn above_button(screen: &Screen) -> String {
    let left = list_width(screen) + 1;
    let rows: Vec<String> = screen.rows(left, u16::MAX).collect();
    let button = rows.iter().rposition(|row| row.contains("+1"));
    rows[..button.unwrap_or(1) - 1].join("\n")
}

#[test]
fn a_point_rises_and_a_milestone_is_celebrated_and_all_of_it_goes() {
    let home = Home::with(&[("Ada", 98)]);
    let game = home.play();
    game.press(1);
    game.wait(|s| above_button(s).contains("+1"), "the point to rise");
    game.shows("Ada", 99);
    game.press(1);
    game.wait_text("100!");
    game.wait(|s| above_button(s).contains('✦'), "sparks");
    game.wait_gone("100!");
    let left = |s: &Screen| above_button(s).contains(['✦', '*', '·', '▔', '+']);
    game.wait(|s| !left(s), "every effect to be over");
    game.quit();
}

#[test]
fn who_passes_whom_is_told_on_both_screens() {
    let home = Home::with(&[("Ada", 50), ("Bob", 51)]);
    let ada = Game::start(home.game().args(["--player", "Ada"]));
    let bob = Game::start(home.game().args(["--player", "Bob"]));
    ada.picks("Ada");
    bob.press(1);
    bob.shows("Bob", 52);
    ada.press(3);
    ada.wait_text("You passed Bob.");
    bob.wait_text("Ada passed you.");
    ada.wait_gone("You passed Bob.");
    bob.wait_gone("Ada passed you.");
    ada.quit();
    bob.quit();
}

#[test]
fn without_motion_the_button_is_all_that_moves() {
    let home = Home::with(&[("Ada", 8)]);
    home.configure("motion = 'none'");
    let game = home.play();
    game.press(4);
    game.wait_text("▼ +1 ▼");
    game.shows("Ada", 12);
    game.wait_gone("▼ +1 ▼");
    game.quit();
    let raw = String::from_utf8_lossy(&game.raw()).into_owned();
    for effect in ["10!", "✦", "+4", "+2"] {
        assert!(!raw.contains(effect), "{effect}");
    }
}

#[test]
fn every_frame_is_one_update_where_the_terminal_says_that_it_can() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    // The answer is there before this key, so that the frame for it knows.
    game.keys("?");
    game.wait_text("In the game");
    game.keys(key::ESC);
    game.wait_gone("In the game");
    game.press(7);
    game.shows("Ada", 7);
    game.quit();
    let raw = game.raw();
    assert!(count(&raw, BEGIN) >= 2, "{}", raw.escape_ascii());
    assert_eq!(count(&raw, BEGIN), count(&raw, END));
    let mut rest = &raw[..];
    while let Some(at) = rest.windows(BEGIN.len()).position(|w| w == BEGIN) {
        rest = &rest[at + BEGIN.len()..];
        let end = rest.windows(END.len()).position(|w| w == END);
        let frame = &rest[..end.expect("an end")];
        assert!(count(frame, BEGIN) == 0 && !frame.is_empty());
    }
}

#[test]
fn a_terminal_that_gives_no_answer_is_sent_no_such_updates_and_plays_as_well() {
    let home = Home::with(&[("Ada", 0)]);
    let game = Game::start(home.game().without_synchronized_output());
    game.press(7);
    game.shows("Ada", 7);
    game.quit();
    assert_eq!(count(&game.raw(), BEGIN), 0);
}

#[test]
fn an_answer_that_means_no_and_one_that_comes_in_pieces_are_no_keys() {
    let home = Home::with(&[("Ada", 0)]);
    let game = Game::start(home.game().without_synchronized_output());
    game.keys("\x1b[?2026;0$y");
    game.press(1);
    game.shows("Ada", 1);
    assert_eq!(count(&game.raw(), BEGIN), 0);
    for piece in ["\x1b[?20", "26;2", "$y"] {
        game.keys(piece);
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    game.press(1);
    game.shows("Ada", 2);
    game.press(1);
    game.shows("Ada", 3);
    assert!(count(&game.raw(), BEGIN) > 0);
    assert!(!game.screen_text().contains("does nothing here"));
    game.quit();
}
