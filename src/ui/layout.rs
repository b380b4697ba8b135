//! Where everything stands on a screen of a given size.

use ratatui::layout::{Margin, Rect};

/// The smallest screen for the list beside the clicker pane, in columns and rows.
pub const FULL: (u16, u16) = (36, 9);

/// The smallest screen for the one-line mode, in columns and rows.
pub const COMPACT: (u16, u16) = (16, 1);

/// The most rows of a pane below the list.
const TALL_PANE: u16 = 26;

/// The most rows that the numbers have use for.
const NUMBERS: u16 = 5;

/// The three ways to use a screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// List and pane side by side, or one above the other.
    Full(Full),
    /// One line that can still score.
    Compact(Rect),
    /// One sentence.
    TooSmall(Rect),
}

/// The places of the full layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Full {
    /// One line at the top.
    pub header: Rect,
    /// The list with its border.
    pub list: Rect,
    /// The list's rows.
    pub rows: Rect,
    /// The clicker pane with its border.
    pub pane: Rect,
    /// The score in big digits, or in plain ones where it is one row high.
    pub digits: Rect,
    /// The button with the row it moves into when pressed.
    pub button: Rect,
    /// The line of state, which may wrap into all that is left of the pane.
    pub status: Rect,
    /// The numbers, on rows that the line of state leaves free.
    pub numbers: Rect,
    /// One line at the bottom.
    pub footer: Rect,
}

impl Layout {
    /// Divides a screen.
    pub fn of(area: Rect) -> Self {
        if area.width < COMPACT.0 || area.height < COMPACT.1 {
            return Self::TooSmall(area);
        }
        if area.width < FULL.0 || area.height < FULL.1 {
            return Self::Compact(area);
        }
        // By hand, as all below: a solver of constraints takes longer than the rest of a frame.
        let row = |y: u16| Rect {
            y,
            height: 1,
            ..area
        };
        let (header, footer) = (row(area.y), row(area.bottom() - 1));
        let body = Rect {
            y: header.bottom(),
            height: area.height - 2,
            ..area
        };
        let (list, pane) = if is_tall(area) {
            let pane = (body.height / 2).min(TALL_PANE);
            let height = body.height - pane;
            let list = Rect { height, ..body };
            let pane = Rect {
                y: list.bottom(),
                height: pane,
                ..body
            };
            (list, pane)
        } else {
            let width = (area.width.min(200) * 9 / 20).clamp(18, 46);
            let list = Rect { width, ..body };
            let pane = Rect {
                x: list.right(),
                width: body.width - width,
                ..body
            };
            (list, pane)
        };
        let inner = inside(pane);
        let room = inner.height;
        // Spaces above and below are given up first, then the size of the digits.
        let digits = match room {
            17.. => 8,
            9.. => 4,
            _ => 1,
        };
        let button = if room >= 7 { 4 } else { 3 };
        let status = match room {
            16.. => 3,
            11.. => 2,
            _ => 1,
        };
        let gap = u16::from(room >= digits + button + status + 2);
        let content = digits + button + status + 2 * gap;
        let mut y = inner.y + room.saturating_sub(content) / 2;
        let mut take = |height: u16, gap: u16| {
            let rect = Rect::new(inner.x, y, inner.width, height).intersection(inner);
            y += height + gap;
            rect
        };
        let digits = take(digits, gap);
        let button_row = take(button, gap);
        let status = take(status, 0);
        let status = Rect {
            x: inner.x + 1,
            width: inner.width.saturating_sub(2),
            height: inner.bottom().saturating_sub(status.y),
            ..status
        };
        // Below the line of state and a blank one, or as many as the words of a trouble need.
        let rows = status.height.saturating_sub(2).min(NUMBERS);
        let numbers = Rect {
            y: (status.bottom() - rows).min(status.y + 4),
            height: rows,
            ..status
        };
        let wide = inner.width.saturating_sub(2).min(28);
        Self::Full(Full {
            header,
            list,
            rows: inside(list),
            pane,
            digits,
            button: Rect::new(
                inner.x + (inner.width - wide) / 2,
                button_row.y,
                wide,
                button_row.height,
            ),
            status,
            numbers,
            footer,
        })
    }
}

/// Whether a screen is taller than wide, so that list and pane stand one above the other.
fn is_tall(area: Rect) -> bool {
    u32::from(area.height) * 4 >= u32::from(area.width) * 3
}

/// The inside of a border.
fn inside(area: Rect) -> Rect {
    area.inner(Margin::new(1, 1))
}

/// All rows but the last, which is for the hints where there is more than one.
pub fn rows_above_hints(area: Rect) -> Rect {
    Rect {
        height: area.height.saturating_sub(1).max(1),
        ..area
    }
}
