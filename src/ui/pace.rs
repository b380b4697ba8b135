//! Who plays, how fast, and who moved in the ranking, as texts of fixed width.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Axis, Chart, Dataset, GraphType, Paragraph};

use super::Look;
use super::layout::{left, upper};
use crate::game::{Player, PlayerId};
use crate::state::State;
use crate::words::{Say, text};

/// The window of every rate on the screen, so that all rates agree.
pub const WINDOW: Duration = Duration::from_secs(10);

/// How many dots a second has in the chart of a minute.
const DOTS: u32 = 4;

/// The columns of a rate.
pub const RATE_COLUMNS: usize = 5;

/// The rate of a player, such as `0.3/s`, `9.9/s`, `10/s` or `999/s`; above that `1k/s`.
pub fn rate(state: &State, id: PlayerId) -> String {
    words(state.pace.rate(id, WINDOW))
}

/// A rate in words.
pub fn words(rate: f64) -> String {
    // Compare what would be shown: 9.96 is shown as 10.
    if rate < 9.95 {
        format!("{rate:.1}/s")
    } else if rate < 999.5 {
        format!("{rate:.0}/s")
    } else {
        format!("{:.0}k/s", (rate / 1000.0).clamp(1.0, 99.0))
    }
}

/// The sign of a player who is playing.
pub const PLAYING: &str = "●";

/// The sign of a player who moved up or down, and by how many ranks: `▲2`, `▼1`, or `▲+` for more
/// than nine.
pub fn moved(state: &State, id: PlayerId, rank: usize) -> String {
    let by = state.moved_by(id, rank);
    let sign = match by {
        0 => return String::new(),
        1.. => '▲',
        _ => '▼',
    };
    match by.unsigned_abs() {
        by @ 1..=9 => format!("{sign}{by}"),
        _ => format!("{sign}+"),
    }
}

/// Draws the points per second of the last minute of play as an area with labelled axes. The chart
/// ends with the latest point, so it stands still while nothing happens.
pub fn chart(state: &State, player: &Player, look: &Look, area: Rect, frame: &mut Frame) {
    let minute = state.pace.last_minute(player.id);
    let seconds = minute.len() as u64;
    // One point for each dot of the columns on a wide screen.
    let points = (0..minute.len() as u32 * DOTS).map(|dot| {
        let points = minute[(dot / DOTS) as usize];
        (f64::from(dot) / f64::from(DOTS), points as f64)
    });
    let points: Vec<(f64, f64)> = points.collect();
    // An even number, because half of it is labelled, too.
    let most = minute.into_iter().max().unwrap_or_default();
    let most = most.max(10).next_multiple_of(2);
    let ago = |n| look.say(&Say::SecondsAgo { n });
    let marks = [0, most / 2, most].map(text::grouped);
    let area_of_points = Dataset::default()
        .marker(Marker::Braille)
        .graph_type(GraphType::Bar)
        .style(look.theme.accent)
        .data(&points);
    let (title, place) = upper(area, 1);
    let words = Line::styled(look.say(&Say::PointsASecond), look.theme.quiet);
    frame.render_widget(words.centered(), title);
    let times = [ago(seconds), ago(seconds / 2), look.say(&Say::Latest)];
    // Nothing is drawn for a player who has not played.
    let has_played = minute.iter().any(|points| *points > 0);
    let chart = Chart::new(has_played.then_some(area_of_points).into_iter().collect())
        .legend_position(None)
        .x_axis(axis([0.0, seconds as f64], times, look))
        .y_axis(axis([0.0, most as f64], marks, look));
    frame.render_widget(chart, place);
    if !has_played {
        to_come(&Say::MinuteToCome, look, place, frame);
    }
}

/// Says in the middle of an empty chart what will be there.
pub fn to_come(what: &Say, look: &Look, area: Rect, frame: &mut Frame) {
    // Right of the axis and its labels.
    let (_, area) = left(area, area.width / 8);
    let words = look.say(what);
    let lines = text::wrap(&words, area.width.into(), 2);
    let (_, area) = upper(area, area.height.saturating_sub(lines.len() as u16 + 1) / 2);
    let words = Paragraph::new(Text::from_iter(lines)).style(look.theme.quiet);
    frame.render_widget(words.centered(), area);
}

/// An axis of a chart, with a label at each end and in the middle.
pub fn axis(bounds: [f64; 2], labels: [String; 3], look: &Look) -> Axis<'static> {
    let labels = labels.map(|label| Span::styled(label, look.theme.quiet));
    let axis = Axis::default().bounds(bounds).labels(labels);
    axis.style(look.theme.border)
}
