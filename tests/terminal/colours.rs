//! NO_COLOR is obeyed, in every byte that is written.

use crate::game::{Game, Home};
use crate::pty::key;

#[test]
fn no_color_leaves_not_one_colour_in_the_output() {
    let shown = tour(Some("1"));
    assert_eq!(shown, Vec::<u16>::new());
}

#[test]
fn without_it_or_with_it_empty_there_are_colours() {
    assert_ne!(tour(None), Vec::<u16>::new());
    assert_ne!(tour(Some("")), Vec::<u16>::new());
}

/// Plays through all that is drawn differently; gives the colour codes that were written.
fn tour(no_color: Option<&str>) -> Vec<u16> {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let mut builder = home.game();
    if let Some(value) = no_color {
        builder = builder.env("NO_COLOR", value);
    }
    let game = Game::start(builder);
    game.press(3);
    game.wait_text("▼ +1 ▼");
    game.shows("Ada", 3);
    for (keys, text) in [
        ("?", "In the game"),
        ("n", "New player"),
        ("d", "Remove Ada"),
        ("/", "clear"),
    ] {
        game.keys(keys);
        game.wait_text(text);
        game.keys(key::ESC);
        game.wait_gone(text);
    }
    game.keys("z");
    game.says("z does nothing here");
    game.quit();
    colours(&game.raw())
}

/// The parameters of SGR sequences that set a colour; 39 and 49 take colours away.
fn colours(raw: &[u8]) -> Vec<u16> {
    let text = String::from_utf8_lossy(raw);
    let sequences = text.split("\x1b[").skip(1);
    let styles = sequences.filter_map(|s| {
        let end = s.find(|c: char| !c.is_ascii_digit() && c != ';' && c != ':')?;
        s[end..].starts_with('m').then_some(&s[..end])
    });
    let numbers = styles.flat_map(|s| s.split([';', ':']));
    let numbers = numbers.filter_map(|n| n.parse::<u16>().ok());
    numbers
        .filter(|n| matches!(n, 30..=38 | 40..=48 | 90..=107))
        .collect()
}
