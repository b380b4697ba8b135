//! The layout: where everything is on a screen of a given size.

use ratatui::layout::{Margin, Rect};

/// The smallest screen with both the list and the clicker pane, in columns and rows.
pub const FULL: (u16, u16) = (36, 9);

/// The smallest screen for the one-line mode, in columns and rows.
pub const COMPACT: (u16, u16) = (16, 1);

/// The smallest screen with a page beside the pane, in columns and rows.
const WIDE: (u16, u16) = (160, 30);

/// The largest height of a pane below the list.
const TALL_PANE: u16 = 38;

/// The width from which on the list gets less than a half of the screen.
const PANE: u16 = 40;

/// The most rows of the numbers. With a chart it is one less, since there is no sparkline.
const NUMBERS: u16 = 5;

/// The smallest and largest height of the chart below the numbers, and its smallest width.
const CHART: (u16, u16, u16) = (7, 18, 30);

/// The smallest height of a box below a short list: of a single one, and of each of several.
const BELOW: (u16, u16) = (10, 14);

/// The three layouts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// The list and the pane, side by side or one above the other.
    Full(Full),
    /// One line in which one can still score.
    Compact(Rect),
    /// One sentence.
    TooSmall(Rect),
}

/// The areas of the full layout.
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
    /// The score in large digits, or in plain ones if it is one row high.
    pub digits: Rect,
    /// The button, with the row that it moves into when pressed.
    pub button: Rect,
    /// The status line, which may wrap into the rest of the pane.
    pub status: Rect,
    /// The numbers, on rows that the status line does not need.
    pub numbers: Rect,
    /// The chart of the last minute, below the numbers; empty if there is no room.
    pub chart: Rect,
    /// A page beside the pane; empty if there is no room.
    pub side: Rect,
    /// One line at the bottom.
    pub footer: Rect,
}

impl Layout {
    /// Computes the layout of a screen.
    pub fn of(area: Rect) -> Self {
        if area.width < COMPACT.0 || area.height < COMPACT.1 {
            return Self::TooSmall(area);
        }
        if area.width < FULL.0 || area.height < FULL.1 {
            return Self::Compact(area);
        }
        // Computed by hand: ratatui's constraint solver takes longer than the rest of a frame.
        let (header, body) = upper(area, 1);
        let (body, footer) = last_row(body);
        let is_tall = u32::from(area.height) * 4 >= u32::from(area.width) * 3;
        let (list, pane, side) = if is_tall {
            let pane = (body.height / 2).min(TALL_PANE);
            let (list, pane) = upper(body, body.height - pane);
            (list, pane, Rect::default())
        } else {
            let room = area.width.min(200);
            // On a narrow screen each has a half, so that names are cut only where they must be.
            let list = (room * 9 / 20).max((room / 2).min(PANE));
            let (list, rest) = left(body, list.clamp(18, 44));
            let side = match area.width >= WIDE.0 && area.height >= WIDE.1 {
                true => (rest.width * 9 / 20).clamp(56, 90),
                false => 0,
            };
            let (pane, side) = left(rest, rest.width - side);
            (list, pane, side)
        };
        let [digits, button, status, numbers, chart] = in_pane(inside(pane));
        Self::Full(Full {
            header,
            list,
            rows: inside(list),
            pane,
            digits,
            button,
            status,
            numbers,
            chart,
            side,
            footer,
        })
    }
}

/// Splits off the first rows of an area if the rest is enough for a box; otherwise they are all.
pub fn split(area: Rect, rows: u16) -> (Rect, Rect) {
    match area.height.saturating_sub(rows) < BELOW.0 {
        true => (area, Rect::default()),
        false => upper(area, rows),
    }
}

/// The areas inside the pane: digits, button, status, numbers and chart.
fn in_pane(inner: Rect) -> [Rect; 5] {
    let room = inner.height;
    // If there is little room, spaces above and below go first, then the size of the digits.
    let digits = match (room, inner.width) {
        (30.., 62..) => 12,
        (17.., 40..) => 8,
        (9.., _) => 4,
        (8, _) => 3,
        _ => 1,
    };
    let button = if room >= 7 { 4 } else { 3 };
    let gap = u16::from(room > digits + button + 2);
    let above = digits + gap + button + gap;
    // The status line, a blank one, the numbers and another blank one.
    let chart = room.saturating_sub(above + 2 + NUMBERS + 2).min(CHART.1);
    let has_chart = chart >= CHART.0 && inner.width >= CHART.2;
    let words = match room {
        _ if has_chart => 2 + NUMBERS + chart,
        16.. => 3,
        11.. => 2,
        _ => 1,
    };
    let top = room.saturating_sub(above + words) / 2;
    let (_, rest) = upper(inner, top);
    let (digits, rest) = upper(rest, digits);
    let (_, rest) = upper(rest, gap);
    let (button, rest) = upper(rest, button);
    let (_, rest) = upper(rest, gap);
    let status = rest.inner(Margin::new(1, 0));
    // Below the status line and a blank one, or as many rows as the text of a trouble needs.
    let (numbers, chart) = if has_chart {
        let (_, rest) = upper(status, 2);
        let (numbers, rest) = upper(rest, NUMBERS - 1);
        let (_, rest) = upper(rest, 1);
        (numbers, upper(rest, chart).0)
    } else {
        let rows = status.height.saturating_sub(2).min(NUMBERS);
        let numbers = Rect {
            y: (status.bottom() - rows).min(status.y + 4),
            height: rows,
            ..status
        };
        (numbers, Rect::default())
    };
    let wide = inner.width.saturating_sub(2).min(28);
    [digits, middle(button, wide), status, numbers, chart]
}

/// Splits off the first rows of an area, at most as many as there are.
pub fn upper(area: Rect, rows: u16) -> (Rect, Rect) {
    let height = rows.min(area.height);
    let rest = Rect {
        y: area.y + height,
        height: area.height - height,
        ..area
    };
    (Rect { height, ..area }, rest)
}

/// Splits off the last row of an area, if there is one: the rows above it, and itself.
pub fn last_row(area: Rect) -> (Rect, Rect) {
    upper(area, area.height.saturating_sub(1))
}

/// Splits off the first columns of an area, at most as many as there are.
pub fn left(area: Rect, columns: u16) -> (Rect, Rect) {
    let width = columns.min(area.width);
    let rest = Rect {
        x: area.x + width,
        width: area.width - width,
        ..area
    };
    (Rect { width, ..area }, rest)
}

/// The columns in the middle of an area, at most as many as there are.
pub fn middle(area: Rect, columns: u16) -> Rect {
    let width = columns.min(area.width);
    Rect {
        x: area.x + (area.width - width) / 2,
        width,
        ..area
    }
}

/// Splits an area into at most `most` boxes, one above the other, none lower than useful.
pub fn stacked(area: Rect, most: u16) -> Vec<Rect> {
    let count = (area.height / BELOW.1).clamp(1, most.max(1));
    let mut rest = area;
    let mut boxes = Vec::new();
    for at in 0..count {
        let (one, more) = upper(rest, rest.height / (count - at));
        boxes.push(one);
        rest = more;
    }
    boxes
}

/// The area inside a border.
fn inside(area: Rect) -> Rect {
    area.inner(Margin::new(1, 1))
}

/// All rows but the last, which holds the hints if there is more than one row.
pub fn rows_above_hints(area: Rect) -> Rect {
    Rect {
        height: area.height.saturating_sub(1).max(1),
        ..area
    }
}
