//! Effects on the pane: rising points, sparks, changed digits, and the sentence about an
//! achievement.
//!
//! They use only blank cells, so that they never cover any text.

use std::f64::consts::TAU;

use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::Line;
use ratatui::widgets::Clear;

use super::Look;
use super::layout::{Full, middle};
use crate::game::{PlayerId, RISE_STEPS, Rise, SPARK_STEPS};
use crate::state::State;
use crate::words::{Say, text};

/// The largest width of a name in a sentence.
const NAME: usize = 24;

/// The number of sparks.
const SPARKS: u32 = 12;

/// Draws the effects around the digits, which stand at `digits`, and the sentence.
pub fn draw(state: &State, look: &Look, full: &Full, digits: Rect, frame: &mut Frame) {
    let inner = full.pane.inner(Margin::new(1, 1));
    let above_button = Rect {
        height: full.button.y.saturating_sub(inner.y),
        ..inner
    };
    let buffer = frame.buffer_mut();
    if let Some(step) = state.effects.sparks() {
        sparks(step, look, digits, above_button, buffer);
    }
    for rise in state.effects.rises() {
        points(&rise, look, full, buffer);
    }
    let Some(words) = sentence(state, look) else {
        return;
    };
    let words = text::cut(&words, usize::from(inner.width).saturating_sub(2));
    let words = format!(" {words} ");
    let wide = text::width(&words) as u16;
    let above = full.digits.y.saturating_sub(1);
    let place = Rect {
        y: match above >= inner.y {
            true => above,
            // On the border.
            false => full.pane.bottom() - 1,
        },
        height: 1,
        ..middle(inner, wide)
    };
    // Sparks may have coloured this area before.
    frame.render_widget(Clear, place);
    frame.render_widget(Line::styled(words, look.theme.strong), place);
}

/// The milestone reached, and who passed whom, in one line.
pub fn sentence(state: &State, look: &Look) -> Option<String> {
    let news = state.effects.news()?;
    let who = |(id, others): (PlayerId, usize)| {
        let name = text::cut(&look.name(&state.player(id)?.name), NAME).into();
        let others = others as u64;
        Some(Box::new(Say::AndOthers { name, others }))
    };
    let milestone = news.milestone.map(|score| Say::Milestone {
        score: text::grouped(score),
    });
    let passed = news.passed.and_then(who).map(|who| Say::Passed { who });
    let passed_by = news.passed_by.and_then(who);
    let passed_by = passed_by.map(|who| Say::PassedBy { who });
    let parts: Vec<Say> = [milestone, passed, passed_by]
        .into_iter()
        .flatten()
        .collect();
    (!parts.is_empty()).then(|| look.say(&Say::Sentences(parts)))
}

/// Which characters of a score differ from the score before, from the left.
pub fn changed(from: i64, to: &str) -> Vec<bool> {
    let from = text::grouped(from);
    let before = from.chars().rev().map(Some).chain(std::iter::repeat(None));
    let mut changed: Vec<bool> = to
        .chars()
        .rev()
        .zip(before)
        .map(|(now, before)| Some(now) != before)
        .collect();
    changed.reverse();
    changed
}

/// Underlines a changed digit in this row below it.
pub fn underline(row: Rect, style: Style, buffer: &mut Buffer) {
    put(&"▔".repeat(row.width.into()), style, row, buffer);
}

/// Draws points that rise beside the digits.
fn points(rise: &Rise, look: &Look, full: &Full, buffer: &mut Buffer) {
    let words = format!("+{}", text::grouped(rise.points));
    let wide = words.len() as u16;
    let way = full.button.y.saturating_sub(full.digits.y + 1);
    let up = way * rise.step as u16 / (RISE_STEPS as u16 - 1);
    let place = Rect {
        x: if rise.left {
            full.button.x + 1
        } else {
            full.button.right().saturating_sub(wide + 1)
        },
        y: (full.button.y - 1).saturating_sub(up),
        width: wide,
        height: 1,
    };
    // Not between two digits.
    let around = place.outer(Margin::new(1, 0));
    let is_free = |at| buffer.cell(at).is_none_or(|cell| cell.symbol() == " ");
    if around.positions().all(is_free) {
        put(&words, look.theme.accent, place, buffer);
    }
}

/// Draws sparks that fly away from the digits.
fn sparks(step: u32, look: &Look, digits: Rect, area: Rect, buffer: &mut Buffer) {
    let symbol = match step * 3 / SPARK_STEPS {
        0 => "✦",
        1 => "*",
        _ => "·",
    };
    let way = f64::from(step);
    let radius = |size: u16, speed: f64| f64::from(size) / 2.0 + 1.0 + way * speed;
    let (across, down) = (radius(digits.width, 1.5), radius(digits.height, 0.5));
    let middle = |from: u16, size: u16| f64::from(from) + (f64::from(size) - 1.0) / 2.0;
    for spark in 0..SPARKS {
        let (sin, cos) = (TAU * (f64::from(spark) + 0.5) / f64::from(SPARKS)).sin_cos();
        let x = (middle(digits.x, digits.width) + across * cos).round();
        let y = (middle(digits.y, digits.height) + down * sin).round();
        let place = Rect::new(x.max(0.0) as u16, y.max(0.0) as u16, 1, 1);
        if area.intersection(place) == place {
            put(symbol, look.theme.accent, place, buffer);
        }
    }
}

/// Writes a word on blank cells; if it does not fit there as a whole, not at all.
fn put(word: &str, style: Style, place: Rect, buffer: &mut Buffer) {
    let fits = buffer.area.intersection(place) == place;
    if fits && place.positions().all(|at| buffer[at].symbol() == " ") {
        buffer.set_string(place.x, place.y, word, style);
    }
}

#[cfg(test)]
mod tests {
    use super::changed;
    use crate::words::text;

    #[test]
    fn digits_have_changed_where_they_differ_and_where_there_were_none() {
        let marks = |from: i64, to: i64| -> String {
            let changed = changed(from, &text::grouped(to)).into_iter();
            changed.map(|c| if c { '^' } else { '.' }).collect()
        };
        let cases = [
            (850, 851, "..^"),
            (859, 860, ".^^"),
            (99, 100, "^^^"),
            (1_299, 1_305, "..^^^"),
            (999, 1_000, "^^^^^"),
            (7, 7, "."),
            (-1, 0, "^"),
            (-5, -4, ".^"),
            (100, 99, "^^"),
        ];
        for (from, to, wanted) in cases {
            assert_eq!(marks(from, to), wanted, "{from} to {to}");
        }
    }
}
