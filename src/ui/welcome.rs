//! What the pane shows where nobody plays yet: the game's name, what a point is, and what to do.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Text};
use ratatui::widgets::Paragraph;

use super::layout::{middle, upper};
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

/// The name in one of its sizes.
struct Picture {
    name: Name,
    scale: u16,
    /// Where its words stand in it.
    places: [Rect; 2],
}

impl Picture {
    /// The name with its words beside or below each other.
    fn new((name, scale): (Name, u16), stacked: bool) -> Self {
        let [first, second] = name.map(|word| {
            let wide = word.first().map_or(0, |row| row.len() as u16);
            Rect::new(0, 0, wide * scale, word.len() as u16 * scale / 2)
        });
        let places = if stacked {
            let wide = first.width.max(second.width);
            let centred = |word: Rect, y| Rect {
                x: (wide - word.width) / 2,
                y,
                ..word
            };
            [centred(first, 0), centred(second, first.height + 1)]
        } else {
            let x = first.width + 2 * scale;
            [first, Rect { x, ..second }]
        };
        Self {
            name,
            scale,
            places,
        }
    }

    /// The columns and rows of the whole name.
    fn extent(&self) -> (u16, u16) {
        let all = self.places[0].union(self.places[1]);
        (all.width, all.height)
    }

    /// The largest picture that fits.
    fn of(area: Rect) -> Option<Self> {
        let sizes = SIZES.into_iter();
        let mut pictures = sizes.flat_map(|size| [true, false].map(|s| Self::new(size, s)));
        pictures.find(|picture| {
            let (columns, rows) = picture.extent();
            columns <= area.width && rows <= area.height
        })
    }

    /// Draws the name in the middle of the first rows of an area.
    fn draw(&self, style: Style, area: Rect, frame: &mut Frame) {
        let area = middle(area, self.extent().0);
        for (word, place) in self.name.into_iter().zip(self.places) {
            let place = Rect {
                x: area.x + place.x,
                y: area.y + place.y,
                ..place
            };
            digits::picture(word, self.scale, style, place, frame.buffer_mut());
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
        let extents = SIZES.map(|size| Picture::new(size, true).extent());
        assert!(
            extents.is_sorted_by(|one, other| one > other),
            "{extents:?}"
        );
    }
}
