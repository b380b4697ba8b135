//! What the pane shows where nobody plays yet: the game's name, what a point is, and what to do.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

use super::layout::upper;
use super::{Look, digits};
use crate::words::{Say, text};

/// The name in two words, as dots like those of the digits.
type Name = [&'static [&'static str]; 2];

const LARGE: Name = [
    &[
        ".####. ##.... #### .####. ##..##",
        "##..## ##.... .##. ##..## ##.##.",
        "##.... ##.... .##. ##.... ####..",
        "##.... ##.... .##. ##.... ###...",
        "##.... ##.... .##. ##.... ###...",
        "##.... ##.... .##. ##.... ####..",
        "##..## ##.... .##. ##..## ##.##.",
        ".####. ###### #### .####. ##..##",
    ],
    &[
        ".####. ###### ######",
        "##..## ##.... ##....",
        "##..## ##.... ##....",
        "##..## #####. #####.",
        "##..## ##.... ##....",
        "##..## ##.... ##....",
        "##..## ##.... ##....",
        ".####. ##.... ##....",
    ],
];

const SMALL: Name = [
    &[
        "### #.. # ### #.#",
        "#.. #.. # #.. #.#",
        "#.. #.. # #.. ##.",
        "#.. #.. # #.. #.#",
        "### ### # ### #.#",
        "... ... . ... ...",
    ],
    &[
        "### ### ###",
        "#.# #.. #..",
        "#.# ##. ##.",
        "#.# #.. #..",
        "### #.. #..",
        "... ... ...",
    ],
];

/// The sizes of the name, the largest first: its dots, and how many columns each of them takes.
const SIZES: [(Name, u16); 4] = [(LARGE, 3), (LARGE, 2), (LARGE, 1), (SMALL, 1)];

/// The places of the two words, beside or below each other, and how many columns a dot takes.
type Places = ([Rect; 2], u16);

/// Where the words stand in a picture of their own.
fn places(name: Name, scale: u16, stacked: bool) -> Places {
    let [(first, rows), (second, _)] = name.map(|word| {
        let wide = word.first().map_or(0, |row| row.len() as u16);
        (wide * scale, word.len() as u16 * scale / 2)
    });
    let (x, y) = match stacked {
        true => (
            [first, second].map(|w| (first.max(second) - w) / 2),
            rows + 1,
        ),
        false => ([0, first + 2 * scale], 0),
    };
    let places = [
        Rect::new(x[0], 0, first, rows),
        Rect::new(x[1], y, second, rows),
    ];
    (places, scale)
}

/// The largest name that fits into an area, and its places.
fn largest(area: Rect) -> Option<(Name, Places)> {
    let sizes = SIZES.into_iter().flat_map(|(name, scale)| {
        [true, false].map(|stacked| (name, places(name, scale, stacked)))
    });
    sizes.into_iter().find(|(_, ([first, second], _))| {
        let all = first.union(*second);
        all.width <= area.width && all.height <= area.height
    })
}

/// Draws the name as large as it fits, and below it what a point is and what to do. In little room
/// there is only what to do.
pub fn draw(what_to_do: &Say, look: &Look, area: Rect, frame: &mut Frame) {
    let theme = &look.theme;
    let lines = |say: &Say, style| -> Vec<Line<'static>> {
        let words = look.say(say);
        let lines = text::wrap(&words, area.width.into(), area.height.into());
        let lines = lines.into_iter();
        lines.map(|line| Line::styled(line, style)).collect()
    };
    let mut words = lines(what_to_do, theme.strong);
    let point = lines(&Say::WhatAPointIs, theme.quiet);
    if words.len() + point.len() < area.height.into() {
        words.push(Line::default());
        words.extend(point);
    }
    let rows = words.len() as u16;
    let (room, _) = upper(area, area.height.saturating_sub(rows + 2));
    let picture = largest(room);
    let extent = picture.map_or(Rect::default(), |(_, ([first, second], _))| {
        first.union(second)
    });
    let above = match extent.is_empty() {
        true => 0,
        false => extent.height + 2,
    };
    let (_, place) = upper(area, area.height.saturating_sub(above + rows) / 2);
    if let Some((name, (words, scale))) = picture {
        for (word, at) in name.into_iter().zip(words) {
            let at = Rect {
                x: place.x + (place.width - extent.width) / 2 + at.x,
                y: place.y + at.y,
                ..at
            };
            digits::picture(word, scale, theme.accent, at, frame.buffer_mut());
        }
    }
    let (_, place) = upper(place, above);
    frame.render_widget(Paragraph::new(Text::from_iter(words)).centered(), place);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_word_are_of_one_length_and_the_sizes_become_smaller() {
        for (name, _) in SIZES {
            for word in name {
                assert!(word.iter().all(|row| row.len() == word[0].len()));
            }
        }
        let extents = SIZES.map(|(name, scale)| {
            let ([first, second], _) = places(name, scale, true);
            let all = first.union(second);
            (all.width, all.height)
        });
        assert!(
            extents.is_sorted_by(|one, other| one > other),
            "{extents:?}"
        );
    }
}
