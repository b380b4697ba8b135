//! Draws a number in large digits, in the largest size that fits, and marks changed digits.

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Look, effects};
use crate::words::text;

/// The digits 0 to 9 as dots of half a row each, separated by empty columns.
const LARGE: [&str; 8] = [
    ".####. ..##.. .####. .####. ...### ###### .####. ###### .####. .####.",
    "##..## ####.. ##..## ##..## ..#### ##.... ##..## ....## ##..## ##..##",
    "##..## ..##.. ....## ....## .##.## ##.... ##.... ....## ##..## ##..##",
    "##..## ..##.. ...##. ..###. ##..## #####. #####. ...##. .####. ##..##",
    "##..## ..##.. ..##.. ....## ###### ....## ##..## ..##.. ##..## .#####",
    "##..## ..##.. .##... ....## ....## ....## ##..## ..##.. ##..## ....##",
    "##..## ..##.. ##.... ##..## ....## ##..## ##..## ..##.. ##..## ##..##",
    ".####. ###### ###### .####. ....## .####. .####. ..##.. .####. .####.",
];

/// The same digits in half the width.
const SMALL: [&str; 6] = [
    "### ##. ### ### #.# ### ### ### ### ###",
    "#.# .#. ..# ..# #.# #.. #.. ..# #.# #.#",
    "#.# .#. ### ### ### ### ### ..# ### ###",
    "#.# .#. #.. ..# ..# ..# #.# ..# #.# ..#",
    "### ### ### ### ..# ### ### ..# ### ###",
    "... ... ... ... ... ... ... ... ... ...",
];

/// The dots of the digits, of a comma and of a minus.
struct Font {
    digits: &'static [&'static str],
    /// The width of a digit, in dots.
    wide: u16,
    comma: &'static [&'static str],
    minus: &'static [&'static str],
}

const FONT: Font = Font {
    digits: &LARGE,
    wide: 6,
    comma: &["..", "..", "..", "..", "..", "..", "##", ".#"],
    minus: &[
        "....", "....", "....", "####", "....", "....", "....", "....",
    ],
};

const SMALL_FONT: Font = Font {
    digits: &SMALL,
    wide: 3,
    comma: &[".", ".", ".", ".", "#", "#"],
    minus: &["..", "..", "##", "..", "..", ".."],
};

/// The rows of the smallest size.
pub const LEAST: u16 = 3;

/// A font, and the factor by which its dots are enlarged.
type Size = (&'static Font, u16);

/// The sizes, the largest first.
const SIZES: [Size; 4] = [(&FONT, 3), (&FONT, 2), (&FONT, 1), (&SMALL_FONT, 1)];

impl Font {
    /// The rows that hold a character, and the columns of its dots: from and to.
    fn glyph(&self, c: char) -> (&'static [&'static str], u16, u16) {
        match c.to_digit(10) {
            Some(digit) => {
                let from = digit as u16 * (self.wide + 1);
                (self.digits, from, self.wide)
            }
            None if c == '-' => (self.minus, 0, self.minus[0].len() as u16),
            None => (self.comma, 0, self.comma[0].len() as u16),
        }
    }
}

/// The width of a character, with the gap behind it.
fn advance((font, scale): Size, c: char) -> u16 {
    (font.glyph(c).2 + 1) * scale
}

/// The width and height of a number.
fn extent(size: Size, written: &str) -> (u16, u16) {
    let (font, scale) = size;
    let columns: u16 = written.chars().map(|c| advance(size, c)).sum();
    let rows = font.digits.len() as u16 * scale / 2;
    (columns.saturating_sub(scale), rows)
}

/// Draws a number as large as it fits, centred in its area. Digits that differ from `from` are
/// marked. Returns the area of the digits.
pub fn draw(number: i64, from: Option<i64>, look: &Look, area: Rect, frame: &mut Frame) -> Rect {
    sized(SIZES, number, from, look, area, frame)
}

/// Draws a number with dots as large as possible.
pub fn huge(number: i64, look: &Look, area: Rect, frame: &mut Frame) {
    let scales = (SIZES[0].1..=area.height).rev();
    let sizes = scales.map(|scale| (&FONT, scale)).chain(SIZES);
    sized(sizes, number, None, look, area, frame);
}

/// Draws a number in the first of these sizes that fits.
fn sized(
    sizes: impl IntoIterator<Item = Size>,
    number: i64,
    from: Option<i64>,
    look: &Look,
    area: Rect,
    frame: &mut Frame,
) -> Rect {
    let written = text::grouped(number);
    let size = sizes.into_iter().find(|size| {
        let (columns, rows) = extent(*size, &written);
        columns <= area.width && rows <= area.height
    });
    let written = text::cut(&written, area.width.into());
    let plain = (text::width(&written) as u16, 1);
    let (columns, rows) = size.map_or(plain, |size| extent(size, &written));
    let place = Rect {
        x: area.x + area.width.saturating_sub(columns) / 2,
        y: area.y + area.height.saturating_sub(rows).div_ceil(2),
        width: columns,
        height: rows.min(area.height),
    };
    let changed = from.map_or_else(Vec::new, |from| effects::changed(from, &written));
    let mut x = place.x;
    for (at, c) in written.chars().enumerate() {
        let is_changed = changed.get(at) == Some(&true);
        let style = match is_changed {
            true => look.theme.strong,
            false => look.theme.accent,
        };
        let width = size.map_or(1, |size| advance(size, c));
        let cell = Rect { x, width, ..place };
        match size {
            Some((font, scale)) => {
                let (rows, from, wide) = font.glyph(c);
                let columns = usize::from(from)..usize::from(from + wide);
                let rows: Vec<&str> = rows.iter().map(|row| &row[columns.clone()]).collect();
                picture(&rows, scale, style, cell, frame.buffer_mut());
            }
            None => frame.render_widget(Line::from(Span::styled(c.to_string(), style)), cell),
        }
        if is_changed {
            let gap = size.map_or(0, |(_, scale)| scale);
            let under = Rect::new(x, place.bottom(), width - gap, 1);
            effects::underline(under, style, frame.buffer_mut());
        }
        x += width;
    }
    place
}

/// Draws a picture of dots, each as many columns wide as the scale. A cell holds two dots, one above
/// the other.
pub fn picture(rows: &[&str], scale: u16, style: Style, place: Rect, buffer: &mut Buffer) {
    let wide = rows.first().map_or(0, |row| row.len() as u16);
    let is_set = |x: u16, y: u16| {
        let row = rows.get(usize::from(y / scale)).map(|row| row.as_bytes());
        row.and_then(|row| row.get(usize::from(x / scale))) == Some(&b'#')
    };
    for y in 0..place.height {
        for x in 0..wide * scale {
            let symbol = match (is_set(x, 2 * y), is_set(x, 2 * y + 1)) {
                (true, true) => "█",
                (true, false) => "▀",
                (false, true) => "▄",
                (false, false) => continue,
            };
            if let Some(cell) = buffer.cell_mut((place.x + x, place.y + y)) {
                cell.set_symbol(symbol).set_style(style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_of_one_width_and_no_two_look_alike() {
        for (font, _) in SIZES {
            let glyph = |digit: char| -> Vec<&str> {
                let (rows, from, wide) = font.glyph(digit);
                let columns = usize::from(from)..usize::from(from + wide);
                rows.iter().map(|row| &row[columns.clone()]).collect()
            };
            let all: Vec<_> = ('0'..='9').map(glyph).collect();
            for (at, one) in all.iter().enumerate() {
                assert!(all[at + 1..].iter().all(|other| other != one), "{at}");
            }
            // A zero is open in the middle, to differ from an eight.
            let middle = |digit: usize| {
                let middle = usize::from(font.wide / 2);
                let rows = &all[digit][1..font.digits.len() - 2];
                rows.iter()
                    .filter(|row| row.as_bytes()[middle] == b'#')
                    .count()
            };
            assert_eq!((middle(0), middle(8) > 0), (0, true));
        }
    }

    #[test]
    fn a_number_takes_as_many_columns_as_its_digits_and_the_gaps_between_them() {
        assert_eq!(extent((&FONT, 1), "850"), (20, 4));
        assert_eq!(extent((&FONT, 2), "1,027"), (60, 8));
        assert_eq!(extent((&FONT, 3), "-850"), (75, 12));
        assert_eq!(extent((&SMALL_FONT, 1), "1,027"), (17, 3));
    }
}
