//! The history of a player: a chart by day, week or month, with a few sentences.

use jiff::civil::Date;
use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::text::Line;
use ratatui::widgets::{Bar, BarChart, BarGroup, Paragraph};

use super::layout::{last_row, left, middle, upper};
use super::{Look, boxes, numbers, popup};
use crate::game::{Past, Period};
use crate::state::{HistoryView, State};
use crate::words::{Say, text};

/// The largest useful size of the box, in columns and rows.
const BOX: (u16, u16) = (100, 26);

/// The most rows of text above the chart.
const WORDS: usize = 3;

/// Draws the box.
pub fn draw(state: &State, view: &HistoryView, look: &Look, frame: &mut Frame) {
    let Some(player) = state.picked_player() else {
        return;
    };
    let name = boxes::name_in_title(player, frame.area().width.min(BOX.0), look);
    let title = Say::HistoryOf { name };
    let inner = popup::open(&look.say(&title), BOX, look, frame);
    let inner = inner.inner(Margin::new(1, 0));
    let lines = text::wrap(&look.say(&summary(state)), inner.width.into(), WORDS);
    let above = lines.len() as u16;
    frame.render_widget(Paragraph::new(lines.join("\n")), inner);
    let (rest, last) = last_row(inner);
    if let Some(caption) = look.first_that_fits(&captions(state, view), inner.width.into()) {
        frame.render_widget(Line::styled(caption, look.theme.strong).centered(), last);
    }
    let (_, place) = upper(rest, above + 1);
    if let Some((past, today)) = state.times.past_and_today()
        && place.height > 1
    {
        chart(past, today, view, look, place, frame);
    }
}

/// A sentence about the whole history.
pub fn summary(state: &State) -> Say {
    let Some((past, today)) = state.times.past_and_today() else {
        return Say::HistoryReading;
    };
    let points = state.picked_player().map_or(0, |p| p.score);
    let best = past.best_day().map(|(day, points)| {
        let date = date(day).into();
        Say::BestDay { points, date }
    });
    let parts = [
        Some(numbers::points_today(past, today)),
        Some(Say::PointsAllTime { points }),
        best,
        numbers::streak(past.streak(today)),
    ];
    Say::Beside(parts.into_iter().flatten().collect())
}

/// A sentence about the selected bar, then shorter forms of it: without the weekday, and without
/// the note that it is not over yet. The points are the most important. Empty while nothing is known.
pub fn captions(state: &State, view: &HistoryView) -> Vec<Say> {
    let Some((past, today)) = state.times.past_and_today() else {
        return Vec::new();
    };
    let day = view.day(view.back, today);
    let points = past.points_in(view.unit, day);
    let short = Box::new(from(view.unit, day));
    let long = match view.unit {
        Period::Day | Period::AllTime => Box::new(Say::DateOfWeek {
            weekday: weekday(day).into(),
            date: short.clone(),
        }),
        Period::Week | Period::Month => short.clone(),
    };
    let points_in = |period| Say::PointsIn { period, points };
    match view.back {
        0 => vec![
            Say::PointsSoFar {
                period: long,
                points,
            },
            Say::PointsSoFar {
                period: short.clone(),
                points,
            },
            points_in(short),
        ],
        _ => vec![points_in(long), points_in(short)],
    }
}

/// The name of the day, week or month that begins on this day.
fn from(unit: Period, day: Date) -> Say {
    match unit {
        Period::Day | Period::AllTime => date(day),
        Period::Week => Say::WeekFrom {
            date: date(day).into(),
        },
        Period::Month => Say::MonthOf {
            month: month(day).into(),
            year: day.year().into(),
        },
    }
}

fn date(day: Date) -> Say {
    Say::Date {
        day: day.day().into(),
        month: month(day).into(),
        year: day.year().into(),
    }
}

fn month(day: Date) -> Say {
    Say::Month {
        month: day.month().into(),
    }
}

fn weekday(day: Date) -> Say {
    Say::Weekday {
        weekday: day.weekday().to_monday_one_offset().into(),
    }
}

/// As many bars as fit, the latest on the right. The selected bar is always among them.
pub fn chart(
    past: &Past,
    today: Date,
    view: &HistoryView,
    look: &Look,
    place: Rect,
    frame: &mut Frame,
) {
    let unit = view.unit;
    // A bar is as wide as its number, unless that is unusually wide, with a gap.
    let days = match unit {
        Period::Day | Period::AllTime => 1,
        Period::Week => 7,
        Period::Month => 31,
    };
    let most = past
        .best_day()
        .map_or(0, |(_, points)| points.saturating_mul(days));
    let labels = [Say::Now, Say::ShortMonth { month: 12 }];
    let label_width = labels.map(|label| text::width(&look.say(&label)));
    let least = label_width.into_iter().max().unwrap_or_default() as u16;
    let width = (text::grouped(most).len() as u16).clamp(least, 9.max(least));
    let fit = usize::from((place.width + 1) / (width + 1)).max(1);
    // A short history gets only as many bars as it needs, but at least seven.
    let bars = fit.min(past.periods(unit, today).max(7));
    let newest = view.back.saturating_sub(bars - 1);
    let mut day = view.day(newest, today);
    let mut days = Vec::with_capacity(bars);
    for back in newest..newest + bars {
        days.push((back, day, past.points_in(unit, day)));
        day = unit.before(day);
    }
    let place = middle(place, bars as u16 * (width + 1) - 1);
    // The numbers have a row of their own: the widget leaves them out where a bar is low.
    let (place, words) = upper(place, place.height.saturating_sub(2));
    let (numbers, names) = upper(words, 1);
    let mut shown = Vec::with_capacity(bars);
    for (at, (back, day, points)) in days.into_iter().rev().enumerate() {
        let style = if back == view.back {
            look.theme.accent
        } else {
            look.theme.quiet
        };
        let bar = Bar::default().value(points.max(0).unsigned_abs());
        shown.push(bar.text_value(String::new()).style(style));
        let name = label(unit, back, day, look);
        let number = match points {
            0 => String::new(),
            points => text::grouped(points),
        };
        for (words, row) in [(number, numbers), (name, names)] {
            let (_, column) = left(row, at as u16 * (width + 1));
            let (column, _) = left(column, width);
            frame.render_widget(Line::styled(words, style).centered(), column);
        }
    }
    let chart = BarChart::default()
        .bar_width(width)
        .bar_gap(1)
        .data(BarGroup::default().bars(&shown));
    frame.render_widget(chart, place);
}

/// The short label of a bar. The current period is labelled `now`.
fn label(unit: Period, back: usize, day: Date, look: &Look) -> String {
    let month = Say::ShortMonth {
        month: day.month().into(),
    };
    let label = match unit {
        _ if back == 0 => Say::Now,
        Period::Week => return day.strftime("W%V").to_string(),
        Period::Month => month,
        Period::Day | Period::AllTime if day.day() == 1 => month,
        Period::Day | Period::AllTime => return day.day().to_string(),
    };
    look.say(&label)
}
