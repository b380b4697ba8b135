//! Curves one above the other, each in rows of its own, for a chart with few rows.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Sparkline;

use super::Graph;
use crate::ui::Look;
use crate::ui::layout::{last_row, left, upper};
use crate::ui::pace::to_come;
use crate::words::{Say, text};

/// The most rows of a curve.
const ROWS: u16 = 3;

/// How many values the full height has.
const SCALE: f64 = 1000.0;

/// Draws the title with the largest value, the curves behind their names, and the times.
pub fn draw(graph: &Graph, look: &Look, area: Rect, frame: &mut Frame) {
    let (_, most) = graph.bounds();
    let seconds = f64::from(graph.length.seconds());
    let theme = &look.theme;
    let (title, rest) = upper(area, 1);
    let up_to = Say::UpTo {
        what: Box::new(graph.title.clone()),
        most: most as u64,
    };
    let words = look.say(&up_to);
    let words = text::cut(&format!(" {words}"), title.width.into());
    frame.render_widget(Line::styled(words, theme.strong), title);
    let (_, rest) = left(rest, 1);
    let (rest, times) = last_row(rest);
    let longest = graph.curves.iter().map(|curve| text::width(&curve.name));
    let names = longest.max().unwrap_or(0).min(usize::from(rest.width) / 3) as u16;
    let high = (rest.height / graph.curves.len() as u16).clamp(1, ROWS);
    let mut below = rest;
    for (curve, (style, _)) in graph.curves.iter().zip(graph.styles(look)) {
        let (strip, more) = upper(below, high);
        below = more;
        let (name, strip) = left(strip, names);
        // The name stands on the line from which the curve rises.
        let (_, name) = upper(name, high - 1);
        let words = text::cut(&curve.name, name.width.into());
        frame.render_widget(Span::styled(words, style), name);
        let (_, strip) = left(strip, 1);
        // A bar in each column, as far as the curve is known.
        let last = curve.points.last().map_or(0.0, |(at, _)| *at);
        let bars = (0..strip.width).map(|column| {
            let at = (f64::from(column) + 0.5) * seconds / f64::from(strip.width);
            let known = curve.points.iter().rev().find(|(point, _)| *point <= at);
            let value = known
                .filter(|_| at <= last)
                .map_or(0.0, |(_, value)| *value);
            (value / most.max(1.0) * SCALE) as u64
        });
        let bars = Sparkline::default().data(bars).max(SCALE as u64);
        frame.render_widget(bars.style(style), strip);
    }
    let (_, strips) = left(rest, names + 1);
    if !graph.has_begun() {
        to_come(&Say::CurvesToCome, look, strips, frame);
    }
    let (_, times) = left(times, names + 1);
    let [begin, middle, end] = graph.times(look);
    let line = |words| Line::styled(words, theme.quiet);
    frame.render_widget(line(begin), times);
    frame.render_widget(line(middle).centered(), times);
    frame.render_widget(line(end).right_aligned(), times);
}
