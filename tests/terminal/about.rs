//! The page about a player and the card, from the real database to the terminal's clipboard.

use crate::game::{Game, Home};

/// What the terminal was given to copy, encoded.
fn copied(game: &Game) -> Option<String> {
    let raw = game.raw();
    let text = String::from_utf8_lossy(&raw);
    let (_, after) = text.split_once("\x1b]52;c;")?;
    let end = after.find(['\x1b', '\x07']).expect("the end of it");
    Some(after[..end].to_owned())
}

/// The text that was encoded by <https://www.rfc-editor.org/rfc/rfc4648#section-4>.
fn decoded(encoded: &str) -> String {
    const SIGNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut many) = (0_u32, 0);
    for sign in encoded.trim_end_matches('=').chars() {
        bits = bits << 6 | SIGNS.find(sign).expect("a sign of base64") as u32;
        many += 6;
        if many >= 8 {
            many -= 8;
            bytes.push((bits >> many) as u8);
            bits &= (1 << many) - 1;
        }
    }
    String::from_utf8(bytes).expect("UTF-8")
}

#[test]
fn the_page_follows_what_is_scored_and_its_card_goes_to_the_clipboard() {
    let home = Home::with(&[("Ada 王", 3)]);
    let game = home.play();
    game.press(2);
    game.shows("Ada 王", 5);
    game.keys("i");
    game.wait_text("About Ada 王");
    game.wait_text("5, today 2");
    game.wait_text("✓ The first point");
    assert_eq!(copied(&game), None);
    game.keys("c");
    game.wait_text("The card is copied");
    let card = decoded(&copied(&game).expect("a copy"));
    let lines: Vec<&str> = card.lines().collect();
    assert_eq!(lines[0], "Ada 王 · 5 points");
    assert!(lines[1].ends_with("█ the last 30 days"), "{card}");
    assert_eq!(lines.last(), Some(&"clickoff – never loses a click"));
    game.keys("i");
    game.wait_gone("About Ada 王");
    game.quit();
}

#[test]
fn a_terminal_that_can_not_copy_is_given_nothing_and_it_is_said() {
    let home = Home::with(&[("Ada", 3)]);
    for (variable, value) in [("TERM", "linux"), ("TERM_PROGRAM", "Apple_Terminal")] {
        let game = Game::start(home.game().env(variable, value));
        game.wait_text("today 0");
        game.keys("c");
        game.wait_text("This terminal can't copy");
        assert_eq!(copied(&game), None, "{value}");
        game.quit();
    }
}
