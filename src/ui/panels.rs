//! What stands where a large screen has room beside the game: the picked player's days, weeks and
//! months, or the keys where there is no past yet.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Span, Text};
use ratatui::widgets::{Block, BorderType, Paragraph};

use super::layout::{Full, stacked};
use super::{Look, help, history};
use crate::game::Period;
use crate::state::{Context, History, State};
use crate::words::Say;

/// The most rows below the list where a page beside the pane shows most.
const BELOW: u16 = 22;

/// What a box can show of the past, in the order in which it is worth most.
const UNITS: [(Period, Say); 3] = [
    (Period::Day, Say::ByDays),
    (Period::Week, Say::ByWeeks),
    (Period::Month, Say::ByMonths),
];

/// The list, and below it the place that a list of few players does not need.
pub fn below_list(state: &State, look: &Look, full: &Full) -> (Rect, Rect) {
    let most = match has_past(state) {
        true if full.side.is_empty() => u16::MAX,
        true => BELOW,
        false => help::section(Context::Play, state.rights, look).count() as u16 + 2,
    };
    full.below_players(state.row_count(), most)
}

/// Draws them below a list of few players and beside the pane.
pub fn draw(state: &State, look: &Look, full: &Full, frame: &mut Frame) {
    let (_, below) = below_list(state, look, full);
    let mut boxes = [below, full.side]
        .into_iter()
        .filter(|place| !place.is_empty());
    if !has_past(state) {
        if let Some(place) = boxes.next() {
            keys(state, look, place, frame);
        }
        return;
    }
    let count = if full.side.is_empty() || below.is_empty() {
        3
    } else {
        2
    };
    let boxes = boxes.rev().flat_map(|place| stacked(place, count));
    for (place, (unit, title)) in boxes.zip(&UNITS) {
        past(state, *unit, title, look, place, frame);
    }
}

/// Whether there is anything to see of the picked player's past.
fn has_past(state: &State) -> bool {
    let past = state.times.past.as_ref();
    state.picked_player().is_some() && past.is_some_and(|past| past.best().is_some())
}

/// The latest days, weeks or months of the picked player.
fn past(state: &State, unit: Period, title: &Say, look: &Look, place: Rect, frame: &mut Frame) {
    let inner = boxed(title, look, place, frame);
    if let (Some(past), Some(today)) = (&state.times.past, state.times.today) {
        let view = History { unit, back: 0 };
        history::chart(past, today, &view, look, inner, frame);
    }
}

/// What the keys of the game do.
fn keys(state: &State, look: &Look, place: Rect, frame: &mut Frame) {
    let inner = boxed(&Say::Keys, look, place, frame);
    let lines = help::section(Context::Play, state.rights, look);
    let lines = lines.map(|row| help::line(&row, look, inner.width.into()));
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), inner);
}

/// An empty bordered box; gives its inside.
fn boxed(title: &Say, look: &Look, place: Rect, frame: &mut Frame) -> Rect {
    let title = format!(" {} ", look.words.say(title));
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(look.theme.border)
        .title(Span::styled(title, look.theme.strong));
    let inner = block.inner(place);
    frame.render_widget(block, place);
    inner
}
