//! What the pane shows where nobody plays yet: the game's name, what a point is, and what to do.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
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

/// The name in one of its sizes, its words beside or below each other.
struct Picture {
    name: Name,
    scale: u16,
    stacked: bool,
}

impl Picture {
    /// The columns and rows of a word.
    fn word(&self, word: &[&str]) -> (u16, u16) {
        let wide = word.first().map_or(0, |row| row.len() as u16);
        (wide * self.scale, word.len() as u16 * self.scale / 2)
    }

    /// The blanks between the words.
    fn gap(&self) -> u16 {
        match self.stacked {
            true => 1,
            false => 2 * self.scale,
        }
    }

    /// The columns and rows of the whole name.
    fn extent(&self) -> (u16, u16) {
        let [(first, rows), (second, _)] = self.name.map(|word| self.word(word));
        match self.stacked {
            true => (first.max(second), 2 * rows + self.gap()),
            false => (first + self.gap() + second, rows),
        }
    }

    /// The largest picture that fits.
    fn of(area: Rect) -> Option<Self> {
        let sizes = SIZES.into_iter().flat_map(|(name, scale)| {
            [true, false].map(|stacked| Self {
                name,
                scale,
                stacked,
            })
        });
        sizes.into_iter().find(|picture| {
            let (columns, rows) = picture.extent();
            columns <= area.width && rows <= area.height
        })
    }

    /// Draws the name in the middle of the first rows of an area.
    fn draw(&self, style: Style, area: Rect, frame: &mut Frame) {
        let (columns, _) = self.extent();
        let mut at = Rect {
            x: area.x + (area.width - columns) / 2,
            ..area
        };
        for word in self.name {
            let (wide, rows) = self.word(word);
            let x = match self.stacked {
                true => area.x + (area.width - wide) / 2,
                false => at.x,
            };
            let place = Rect {
                x,
                y: at.y,
                width: wide,
                height: rows,
            };
            digits::picture(word, self.scale, style, place, frame.buffer_mut());
            match self.stacked {
                true => at.y += rows + self.gap(),
                false => at.x += wide + self.gap(),
            }
        }
    }
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
    let picture = Picture::of(room);
    let above = picture.as_ref().map_or(0, |picture| picture.extent().1 + 2);
    let (_, place) = upper(area, area.height.saturating_sub(above + rows) / 2);
    if let Some(picture) = picture {
        picture.draw(theme.accent, place, frame);
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
            let stacked = true;
            Picture {
                name,
                scale,
                stacked,
            }
            .extent()
        });
        assert!(
            extents.is_sorted_by(|one, other| one > other),
            "{extents:?}"
        );
    }
}
