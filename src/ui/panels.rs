//! The boxes that a large screen shows beside the game: the page about the picked player, charts by
//! day, week and month, or the keys if there is no history yet.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};

use super::layout::{Full, split, stacked};
use super::{Look, about, boxes, help, history};
use crate::game::Period;
use crate::state::{Context, HistoryView, State};
use crate::words::Say;

/// The most rows below the list if there is a page beside the pane.
const BELOW: u16 = 32;

/// The charts of the history, the most useful first.
const UNITS: [(Period, Say); 3] = [
    (Period::Day, Say::ByDays),
    (Period::Week, Say::ByWeeks),
    (Period::Month, Say::ByMonths),
];

/// The area of the list, and the area below it that a short list does not need.
pub fn below_list(state: &State, look: &Look, full: &Full) -> (Rect, Rect) {
    let needed = u16::try_from(state.row_count().max(3) + 2).unwrap_or(u16::MAX);
    let (list, below) = split(full.list, needed);
    if below.is_empty() {
        return (list, below);
    }
    let most = match has_past(state) {
        // Where nobody is picked, the keys are beside the pane.
        false if !full.side.is_empty() && state.picked_player().is_none() => 0,
        true if full.side.is_empty() => u16::MAX,
        true => BELOW,
        false => help::section(Context::Play, state.rights, look).count() as u16 + 2,
    };
    split(full.list, needed.max(full.list.height.saturating_sub(most)))
}

/// Draws the boxes below a short list and beside the pane.
pub fn draw(state: &State, look: &Look, full: &Full, below: Rect, frame: &mut Frame) {
    let (page, rest) = match state.picked_player() {
        Some(player) if !full.side.is_empty() => {
            let rows = match has_past(state) {
                true => about::rows(state, look, full.side.width.saturating_sub(4)) + 2,
                false => u16::MAX,
            };
            let (page, rest) = split(full.side, rows);
            let name = boxes::name_in_title(player, page.width, look);
            let inner = boxed(&Say::AboutPlayer { name }, look, page, frame);
            about::page(state, look, inner.inner(Margin::new(1, 0)), frame);
            (page, rest)
        }
        _ => (Rect::default(), full.side),
    };
    let mut boxes = [below, rest].into_iter().filter(|place| !place.is_empty());
    let Some((past, today)) = state.times.past_and_today().filter(|_| has_past(state)) else {
        if let Some(place) = boxes.next() {
            let inner = boxed(&Say::Keys, look, place, frame);
            help::fill(state, look, inner, frame);
        }
        return;
    };
    let most = if page.is_empty() { 3 } else { 2 };
    let boxes = boxes.rev().flat_map(|place| stacked(place, most));
    for (place, (unit, title)) in boxes.zip(&UNITS) {
        let inner = boxed(title, look, place, frame);
        let view = HistoryView {
            unit: *unit,
            back: 0,
        };
        history::chart(past, today, &view, look, inner, frame);
    }
}

/// Whether the picked player has a history to show.
fn has_past(state: &State) -> bool {
    let past = state.times.past.as_ref();
    state.picked_player().is_some() && past.is_some_and(|past| past.best_day().is_some())
}

/// Draws an empty box with a title, and returns its inner area.
fn boxed(title: &Say, look: &Look, place: Rect, frame: &mut Frame) -> Rect {
    let title = format!(" {} ", look.say(title));
    boxes::open(boxes::titled(title, look.theme.border, look), place, frame)
}
