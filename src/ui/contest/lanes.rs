//! The competitors of a contest, each in a lane: rank, name, presses, pace and a bar.

use std::borrow::Cow;
use std::time::Duration;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::page::bar;
use crate::game::contest::Trace;
use crate::ui::Look;
use crate::words::{Say, text};

/// The smallest width at which lanes show the pace.
const PACES: usize = 36;

/// The columns of a pace.
const PACE: usize = 6;

/// The width that a bar keeps where names are long, and a name where there is little room.
const BAR: usize = 8;
const NAME: usize = 8;

/// The width of usual names: as wide as this, the columns of a race look alike whoever runs.
const USUAL: usize = 12;

/// A competitor.
#[derive(Debug, Clone, Default)]
pub struct Lane<'a> {
    /// The rank so far; `None` if there is no order, or not yet.
    pub rank: Option<usize>,
    pub name: String,
    pub presses: u64,
    pub own: bool,
    /// A remark, with a blank before it.
    pub note: String,
    /// The presses in the second just over, or in a result the most in any second, if known.
    pub pace: Option<u64>,
    pub trace: Option<Cow<'a, Trace>>,
    /// From when on the trace is known. Everything before counts as made at the start.
    pub known_from: Duration,
}

/// Ranks the lanes by their presses so far, where they stand.
pub fn rank(lanes: &mut [Lane]) {
    let presses: Vec<u64> = lanes.iter().map(|lane| lane.presses).collect();
    for lane in lanes {
        let before = presses.iter().filter(|other| **other > lane.presses);
        lane.rank = Some(before.count() + 1);
    }
}

/// The number of rows in which lanes are separated by blank ones, so that their bars are not one
/// block.
pub fn spread_rows(lanes: usize) -> u16 {
    (2 * lanes).saturating_sub(1) as u16
}

/// Separates lines by blank ones if there are as many rows.
pub fn spread(lines: Vec<Line<'static>>, rows: u16) -> Vec<Line<'static>> {
    if spread_rows(lines.len()) > rows {
        return lines;
    }
    let lines = lines.into_iter();
    let spread = lines.flat_map(|line| [Line::default(), line]);
    spread.skip(1).collect()
}

/// As many lanes as fit, always with the player's own, and the number of lanes left out.
pub fn lines(
    lanes: &[Lane],
    bars: bool,
    look: &Look,
    (columns, rows): (usize, usize),
) -> Vec<Line<'static>> {
    let most = lanes.iter().map(|lane| lane.presses).max().unwrap_or(0);
    let most = most.max(1);
    let width = text::grouped(most).len().max(3);
    let room = columns.saturating_sub(width + 6);
    let name_room = match bars {
        true => room.saturating_sub(BAR + if columns < PACES { 0 } else { PACE }),
        false => room,
    };
    let longest = lanes.iter().map(|lane| text::width(&lane.name)).max();
    let longest = longest.unwrap_or(0).max(USUAL);
    let name_room = longest.min(name_room.max(room.min(NAME)));
    let (shown, hidden) = in_sight(lanes, rows);
    let mut lines: Vec<Line> = shown
        .into_iter()
        .map(|lane| {
            let theme = &look.theme;
            let style = if lane.own { theme.picked } else { Style::new() };
            let marker = if lane.own { "▶" } else { " " };
            let rank = lane
                .rank
                .map_or(" ".to_owned(), |rank| format!("{rank:>2} "));
            let name = text::fit(&lane.name, name_room);
            let presses = format!(" {:>width$}", text::grouped(lane.presses));
            let told = match lane.pace {
                _ if columns < PACES => String::new(),
                Some(presses) => format!(" {:>3}/s", text::grouped(presses)),
                None => " ".repeat(PACE),
            };
            let used = 1
                + text::width(&rank)
                + name_room
                + presses.len()
                + told.len()
                + text::width(&lane.note)
                + 1;
            let bars = match bars {
                true => bar(lane.presses, most, columns.saturating_sub(used)),
                false => String::new(),
            };
            Line::from(vec![
                Span::styled(marker, theme.accent),
                Span::styled(rank, theme.quiet),
                Span::styled(name, style),
                Span::styled(presses, style),
                Span::styled(told, theme.quiet),
                Span::styled(lane.note.clone(), theme.trouble),
                Span::raw(" "),
                Span::styled(bars, if lane.own { theme.accent } else { theme.quiet }),
            ])
        })
        .collect();
    if hidden > 0 {
        let more = Say::MoreRacers {
            racers: hidden as u64,
        };
        let more = text::cut(&look.say(&more), columns);
        lines.push(Line::styled(more, look.theme.quiet));
    }
    lines
}

/// The lanes that fit: the first ones and the player's own, and the number of lanes left out.
fn in_sight<'a, 'b>(lanes: &'a [Lane<'b>], rows: usize) -> (Vec<&'a Lane<'b>>, usize) {
    if lanes.len() <= rows {
        return (lanes.iter().collect(), 0);
    }
    let keep = rows.saturating_sub(1);
    let mut shown: Vec<&Lane> = lanes.iter().take(keep).collect();
    let mine = lanes.iter().skip(keep).find(|lane| lane.own);
    if let (Some(mine), Some(last)) = (mine, shown.last_mut()) {
        *last = mine;
    }
    (shown, lanes.len() - keep)
}
