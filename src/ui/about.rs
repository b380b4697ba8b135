//! The page about a player: a year of days, best results, and marks, as far as they fit.

mod map;
pub mod words;

use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Paragraph;

use super::layout::{left, upper};
use super::{Look, boxes, popup, status};
use crate::game::marks::{self, MarkProgress};
use crate::state::State;
use crate::words::{Say, text};

pub use map::lines as map;

/// The largest useful size of the box, in columns and rows.
const BOX: (u16, u16) = (116, 28);

/// The smallest width at which facts and marks stand side by side.
const COLUMN: u16 = 34;

/// If fewer facts than this would fit, the map of the year is left out.
const FACTS: u16 = 4;

/// The largest width of a mark.
const MARK: u16 = 46;

/// Draws the box.
pub fn draw(state: &State, look: &Look, frame: &mut Frame) {
    let Some(player) = state.picked_player() else {
        return;
    };
    let name = boxes::name_in_title(player, frame.area().width.min(BOX.0), look);
    let title = look.say(&Say::AboutPlayer { name });
    let inner = popup::open(&title, BOX, look, frame);
    let inner = inner.inner(Margin::new(u16::from(inner.width > 40), 0));
    page(state, look, inner, frame);
}

/// How many rows the page takes in this width; 0 while nothing is known.
pub fn rows(state: &State, look: &Look, columns: u16) -> u16 {
    let Some((past, today)) = state.times.past_and_today() else {
        return 0;
    };
    let facts = words::facts(past, today, look).len() as u16;
    let marks = marks::of(past).len() as u16 + 1;
    let below = match columns >= 2 * COLUMN + 2 {
        true => facts.max(marks),
        false => facts + 1 + marks,
    };
    map::ROWS + 1 + below
}

/// Draws the page about the picked player into any area. What does not fit is left out.
pub fn page(state: &State, look: &Look, area: Rect, frame: &mut Frame) {
    let Some((past, today)) = state.times.past_and_today() else {
        let reading = look.say(&Say::HistoryReading);
        let why = status::trouble(state).map(|why| look.say(&why));
        let words = [Some(reading), why].into_iter().flatten();
        let lines = words.flat_map(|words| text::wrap(&words, area.width.into(), 4));
        return frame.render_widget(Paragraph::new(Text::from_iter(lines)), area);
    };
    let facts = words::facts(past, today, look);
    let marks = marks::of(past);
    let mut rest = area;
    let many = facts.len() as u16;
    let beside = area.width >= map::wide(look) + 2 + COLUMN
        && area.height < map::ROWS + 1 + many.max(marks.len() as u16);
    if beside && area.height >= map::ROWS {
        let width = map::wide(look);
        let (place, more) = left(area, width);
        let lines = map::lines(past, today, look, width.into());
        frame.render_widget(Paragraph::new(lines), place);
        rest = left(more, 2).1;
    } else if area.height >= map::ROWS + 1 + FACTS && area.width >= map::LEAST {
        let lines = map::lines(past, today, look, area.width.into());
        frame.render_widget(Paragraph::new(lines), area);
        rest = upper(area, map::ROWS + 1).1;
    }
    if rest.width >= 2 * COLUMN + 2 {
        let half = (rest.width - 2) / 2;
        let longest = facts.iter().map(|(_, what)| text::width(what)).max();
        let wide = (names_width(&facts) + longest.unwrap_or(0)) as u16;
        let wide = wide.min(rest.width - 2 - COLUMN);
        let (facts_area, more) = left(rest, wide.max(half));
        let (marks_area, _) = left(left(more, 2).1, MARK);
        draw_facts(&facts, look, facts_area, frame);
        return draw_marks(&marks, today, look, marks_area, frame);
    }
    draw_facts(&facts, look, rest, frame);
    let used = many + 1;
    if rest.height > used + 2 {
        let (below, _) = left(upper(rest, used).1, MARK);
        draw_marks(&marks, today, look, below, frame);
    }
}

/// The width of the names, with the gap behind them.
fn names_width(facts: &[(String, String)]) -> usize {
    let names = facts.iter().map(|(name, _)| text::width(name));
    names.max().unwrap_or(0) + 2
}

/// Draws the facts behind their names, as many as fit.
fn draw_facts(facts: &[(String, String)], look: &Look, area: Rect, frame: &mut Frame) {
    let width = names_width(facts);
    let room = usize::from(area.width).saturating_sub(width);
    let lines = facts.iter().map(|(name, what)| {
        Line::from(vec![
            Span::styled(text::fit(name, width), look.theme.quiet),
            Span::raw(text::cut(what, room)),
        ])
    });
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), area);
}

/// Draws the number of marks, and as many marks as fit. If not all fit, reached ones come first.
fn draw_marks(marks: &[MarkProgress], today: Date, look: &Look, area: Rect, frame: &mut Frame) {
    if area.height == 0 {
        return;
    }
    let title = look.say(&words::marks_of(marks));
    let mut lines = vec![Line::styled(title, look.theme.strong)];
    let room = usize::from(area.height) - 1;
    let mut shown: Vec<&MarkProgress> = marks.iter().collect();
    let mut left_out = 0;
    if room < shown.len() {
        let next = marks::next(marks).map(|next| next.mark);
        let key = |m: &&MarkProgress| (!m.is_reached(), Some(m.mark) != next);
        shown.sort_by_key(key);
        left_out = shown.len() - room.saturating_sub(1);
        shown.truncate(room.saturating_sub(1));
    }
    let columns = usize::from(area.width);
    lines.extend(
        shown
            .into_iter()
            .map(|marked| line(marked, today, look, columns)),
    );
    if left_out > 0 {
        let marks = left_out as u64;
        let more = look.say(&Say::MarksMore { marks });
        lines.push(Line::styled(format!("  {more}"), look.theme.quiet));
    }
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), area);
}

/// A line with a mark's sign, its name, and on the right its date or progress.
fn line(marked: &MarkProgress, today: Date, look: &Look, columns: usize) -> Line<'static> {
    let (sign, style) = match marked.is_reached() {
        true => ("✓ ", look.theme.accent),
        false => ("· ", look.theme.quiet),
    };
    let name = look.say(&words::mark(marked.mark));
    let note = words::note(marked, today, look);
    let room = columns.saturating_sub(2 + text::width(&note) + 1);
    let text_style = match marked.is_reached() {
        true => Style::new(),
        false => look.theme.quiet,
    };
    Line::from(vec![
        Span::styled(sign, style),
        Span::styled(text::fit(&name, room), text_style),
        Span::styled(format!(" {note}"), look.theme.quiet),
    ])
}
