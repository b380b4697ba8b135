//! The history of a player: a chart by day, week or month, and what can be said about it.

use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::{Bar, BarChart, BarGroup, Paragraph};

use super::{Look, numbers, popup, text};
use crate::game::{Past, Period};
use crate::state::{History, State};

/// The largest box that is still read at a glance, in columns and rows.
const BOX: (u16, u16) = (100, 26);

/// The most rows of words above the chart.
const WORDS: usize = 3;

/// Draws the box.
pub fn draw(state: &State, view: &History, look: &Look, frame: &mut Frame) {
    let Some(player) = state.picked_player() else {
        return;
    };
    let room = usize::from(frame.area().width.min(BOX.0)).saturating_sub(16);
    let title = format!("History of {}", text::cut(&text::name(&player.name), room));
    let inner = popup::open(&title, BOX.0, BOX.1, look, frame);
    let inner = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let [summary, caption] = words(state, view);
    let lines = text::wrap(&summary, inner.width.into(), WORDS);
    let above = lines.len() as u16;
    frame.render_widget(Paragraph::new(lines.join("\n")), inner);
    let last = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1,
        ..inner
    };
    let caption = text::cut(&caption, inner.width.into());
    frame.render_widget(Line::styled(caption, look.theme.strong).centered(), last);
    let place = Rect {
        y: inner.y + above + 1,
        height: inner.height.saturating_sub(above + 2),
        ..inner
    };
    if let (Some(past), Some(today)) = (&state.times.past, state.times.today)
        && place.height > 1
    {
        chart(past, today, view, look, place, frame);
    }
}

/// What can be said about all of it, and about the bar that is looked at.
pub fn words(state: &State, view: &History) -> [String; 2] {
    let (Some(past), Some(today)) = (&state.times.past, state.times.today) else {
        return ["Reading…".to_owned(), String::new()];
    };
    let score = state.picked_player().map_or(0, |p| p.score);
    let best = past
        .best()
        .map(|(day, points)| format!("best {points} on {}", day.strftime("%-d %B %Y")));
    let parts = [
        Some(format!("today {}", past.on(today))),
        Some(format!("all time {score}")),
        best,
        numbers::streak(past.streak(today)),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let day = view.day(view.back, today);
    let about = match view.unit {
        Period::Day | Period::AllTime => day.strftime("%A, %-d %B %Y"),
        Period::Week => day.strftime("week from %-d %B %Y"),
        Period::Month => day.strftime("%B %Y"),
    };
    let points = match past.over(view.unit, day) {
        1 => "1 point".to_owned(),
        n => format!("{n} points"),
    };
    let so_far = if view.back == 0 { " so far" } else { "" };
    [parts.join(" · "), format!("{about}: {points}{so_far}")]
}

/// As many bars as fit, the latest on the right, with the one that is looked at among them.
fn chart(past: &Past, today: Date, view: &History, look: &Look, place: Rect, frame: &mut Frame) {
    let unit = view.unit;
    // A bar as wide as its number, where that is not out of the ordinary, and a gap.
    let days = match unit {
        Period::Day | Period::AllTime => 1,
        Period::Week => 7,
        Period::Month => 31,
    };
    let most = past
        .best()
        .map_or(0, |(_, points)| points.saturating_mul(days));
    let width = (most.to_string().len() as u16).clamp(3, 6);
    let fit = usize::from((place.width + 1) / (width + 1)).max(1);
    // A player of three days sees three bars, not a wall of nothing.
    let bars = fit.min(past.periods(unit, today).max(7));
    let newest = view.back.saturating_sub(bars - 1);
    let mut day = view.day(newest, today);
    let mut days = Vec::with_capacity(bars);
    for back in newest..newest + bars {
        days.push((back, day, past.over(unit, day)));
        day = unit.before(day);
    }
    let most = days.iter().map(|(.., points)| *points).max().unwrap_or(0);
    let rows = i64::from(place.height.saturating_sub(1));
    let shown = days.into_iter().rev().map(|(back, day, points)| {
        let style = if back == view.back {
            look.theme.accent
        } else {
            Style::new()
        };
        // A number on its bar, or instead of one that is lower than a row.
        let value_style = if points.saturating_mul(rows) >= most {
            style.add_modifier(Modifier::REVERSED)
        } else {
            style
        };
        Bar::default()
            .value(points.max(0).unsigned_abs())
            .text_value(points.to_string())
            .label(Line::styled(label(unit, back, day), style))
            .style(style)
            .value_style(value_style)
    });
    let shown: Vec<Bar> = shown.collect();
    let chart = BarChart::default()
        .bar_width(width)
        .bar_gap(1)
        .data(BarGroup::default().bars(&shown));
    let used = bars as u16 * (width + 1) - 1;
    let place = Rect {
        x: place.x + place.width.saturating_sub(used) / 2,
        width: used.min(place.width),
        ..place
    };
    frame.render_widget(chart, place);
}

/// What stands under a bar, in three columns: the one that is not over yet is `now`.
fn label(unit: Period, back: usize, day: Date) -> String {
    let format = match unit {
        _ if back == 0 => return "now".to_owned(),
        Period::Week => "W%V",
        Period::Month => "%b",
        Period::Day | Period::AllTime if day.day() == 1 => "%b",
        Period::Day | Period::AllTime => "%-d",
    };
    day.strftime(format).to_string()
}
