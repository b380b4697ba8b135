//! The charts of a contest: curves over time, with axes and the names of the curves.

mod strips;

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::symbols::Marker;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Chart, Dataset, GraphType};

use super::lanes::Lane;
use crate::game::contest::{Length, STEP, Trace};
use crate::ui::Look;
use crate::ui::layout::upper;
use crate::ui::pace::{axis, to_come};
use crate::words::{Say, text};

/// The smallest height of a chart with its title.
pub const ROWS: u16 = 7;

/// Curves that cross can't be told apart in fewer rows than this, so each gets rows of its own.
const CROSSING: u16 = 12;

/// The most curves in one chart.
const CURVES: usize = 3;

/// How long after the first sight of a racer the curve begins.
const SOON: Duration = Duration::from_secs(1);

/// The columns of the legend besides the names: a gap and the sign of the curve.
const LEGEND: usize = 5;

/// The marker of each curve, and its sign in the legend. Colours alone would not be enough on a
/// terminal without colours.
const MARKERS: [(Marker, &str); CURVES] = [
    (Marker::Braille, "⠒"),
    (Marker::Dot, "•"),
    (Marker::Custom('+'), "+"),
];

/// A curve and its points.
struct Curve {
    name: String,
    points: Vec<(f64, f64)>,
    own: bool,
}

/// A chart with curves over the time of a contest.
pub struct Graph {
    title: Say,
    length: Length,
    curves: Vec<Curve>,
    /// Whether the values can be negative, and are shown with a sign.
    signed: bool,
}

impl Graph {
    /// How far one trace was ahead of another, up to this time.
    pub fn gap(title: Say, length: Length, own: &Trace, rival: &Trace, until: Duration) -> Self {
        let steps = (until.as_millis() / STEP.as_millis()) as u32;
        let lead = |step: u32| {
            let at = STEP * step;
            let lead = own.total_at(at) as f64 - rival.total_at(at) as f64;
            (at.as_secs_f64(), lead)
        };
        Self {
            title,
            length,
            curves: vec![Curve {
                name: String::new(),
                points: (0..=steps).map(lead).collect(),
                own: true,
            }],
            signed: true,
        }
    }

    /// The pace of each competitor, up to this time: the player's own and the first of the others.
    /// `None` if no pace is known.
    pub fn pace(length: Length, lanes: &[Lane], until: Duration) -> Option<Self> {
        let (every, over) = steps(length);
        let curve = |lane: &Lane| {
            let trace = lane.trace.as_ref()?;
            // Where the beginning is not known, the curve begins later.
            let from = lane.known_from;
            let known = |at: Duration| match from.is_zero() {
                true => over,
                false => over.min(at.saturating_sub(from)),
            };
            let least = if from.is_zero() { from } else { from + SOON };
            let times = (0..=(until.as_millis() / every.as_millis()) as u32).map(|n| every * n);
            let points = times
                .filter(|at| *at >= least)
                .map(|at| (at.as_secs_f64(), trace.pace(known(at), at)));
            Some(Curve {
                name: lane.name.clone(),
                points: points.collect(),
                own: lane.own,
            })
        };
        let mut curves: Vec<Curve> = lanes.iter().filter_map(curve).collect();
        if let Some(own) = curves.iter().position(|curve| curve.own)
            && own >= CURVES
        {
            curves.swap(own, CURVES - 1);
        }
        curves.truncate(CURVES);
        (!curves.is_empty()).then_some(Self {
            title: Say::PaceOfAll,
            length,
            curves,
            signed: false,
        })
    }

    /// Draws the chart with its title.
    pub fn draw(&self, look: &Look, area: Rect, frame: &mut Frame) {
        if !self.signed && self.curves.len() > 1 && area.height < CROSSING {
            return strips::draw(self, look, area, frame);
        }
        let heading = self.heading(look, area.width.into());
        let (title, below) = upper(area, heading.len() as u16);
        frame.render_widget(Text::from(heading), title);
        let seconds = f64::from(self.length.seconds());
        let zero = [(0.0, 0.0), (seconds, 0.0)];
        let styles = self.styles(look);
        let mut lines = Vec::new();
        if self.signed {
            let line = Dataset::default().marker(Marker::Dot).data(&zero);
            lines.push(line.graph_type(GraphType::Line).style(look.theme.quiet));
        }
        for (curve, (style, (marker, _))) in self.curves.iter().zip(styles) {
            let line = Dataset::default().marker(marker).data(&curve.points);
            lines.push(line.graph_type(GraphType::Line).style(style));
        }
        let (least, most) = self.bounds();
        let middle = (least + most) / 2.0;
        let mark = |y: f64| {
            let sign = if y > 0.0 && self.signed { "+" } else { "" };
            format!("{sign}{}", text::grouped(y))
        };
        let marks = [least, middle, most].map(mark);
        let times = self.times(look);
        let chart = Chart::new(lines)
            .legend_position(None)
            .x_axis(axis([0.0, seconds], times, look))
            .y_axis(axis([least, most], marks, look));
        frame.render_widget(chart, below.inner(Margin::new(1, 0)));
        if !self.has_begun() {
            to_come(&Say::CurvesToCome, look, below, frame);
        }
    }

    /// Whether there is anything to see yet.
    fn has_begun(&self) -> bool {
        self.curves.iter().any(|curve| curve.points.len() > 1)
    }

    /// The times below the chart: its beginning, middle and end.
    fn times(&self, look: &Look) -> [String; 3] {
        let seconds = f64::from(self.length.seconds());
        let n = format!("{seconds}");
        let end = look.say(&Say::Seconds { n });
        ["0".to_owned(), format!("{}", seconds / 2.0), end]
    }

    /// The smallest and the largest value of the axis. Zero is at an end or in the middle.
    fn bounds(&self) -> (f64, f64) {
        let values = self.curves.iter().flat_map(|curve| &curve.points);
        let (least, most) = values.fold((0.0_f64, 0.0_f64), |(least, most), (_, y)| {
            (least.min(*y), most.max(*y))
        });
        let end = round_up(most.max(-least));
        match (least < 0.0, most > 0.0) {
            (true, true) => (-end, end),
            (true, false) => (-end, 0.0),
            _ => (0.0, end),
        }
    }

    /// The style and marker of each curve. The player's own stands out.
    fn styles(&self, look: &Look) -> Vec<(Style, (Marker, &'static str))> {
        let theme = &look.theme;
        let has_own = self.curves.iter().any(|curve| curve.own);
        let mut others = MARKERS.into_iter().skip(usize::from(has_own));
        let mut styles = [theme.strong, theme.saved, theme.quiet].into_iter();
        let style = |curve: &Curve| match curve.own {
            true => (theme.accent, MARKERS[0]),
            false => (
                styles.next().unwrap_or(theme.quiet),
                others.next().unwrap_or(MARKERS[0]),
            ),
        };
        self.curves.iter().map(style).collect()
    }

    /// The title, and the legend behind it, or below it if it is long.
    fn heading(&self, look: &Look, columns: usize) -> Vec<Line<'static>> {
        let title = text::cut(&format!(" {}", look.say(&self.title)), columns);
        let named = self.curves.iter().zip(self.styles(look));
        let named: Vec<_> = named.filter(|(curve, _)| !curve.name.is_empty()).collect();
        let wide = |name: &str| text::width(name) + LEGEND;
        let legend: usize = named.iter().map(|(curve, _)| wide(&curve.name)).sum();
        let beside = text::width(&title) + legend <= columns;
        // Below the title, long names share the row.
        let each = match legend <= columns {
            true => columns,
            false => columns / named.len().max(1),
        };
        let name = |(at, (curve, (style, (_, symbol)))): (usize, (&Curve, (Style, _)))| {
            let gap = match at == 0 && !beside || legend > columns {
                true => " ",
                false => "   ",
            };
            let name = text::cut(&format!("{gap}{symbol} {}", curve.name), each);
            Span::styled(name, style)
        };
        let names: Vec<Span> = named.into_iter().enumerate().map(name).collect();
        let title = Span::styled(title, look.theme.strong);
        if beside {
            return vec![Line::from_iter(std::iter::once(title).chain(names))];
        }
        vec![Line::from(title), Line::from(names)]
    }
}

/// The interval between two points of the pace, and the time before each that it is the pace of. It
/// is longer where more time is drawn in the same width, so that curves can be told apart.
fn steps(length: Length) -> (Duration, Duration) {
    let (every, over) = match length {
        Length::Five | Length::Ten => (500, 1000),
        Length::Thirty => (500, 3000),
        Length::Sixty => (1000, 5000),
    };
    (Duration::from_millis(every), Duration::from_millis(over))
}

/// The next even number that is easy to read, at least 4.
fn round_up(most: f64) -> f64 {
    let mut scale = 1.0;
    loop {
        for step in [4.0, 6.0, 8.0, 10.0, 12.0, 16.0, 20.0, 30.0] {
            if most <= step * scale {
                return step * scale;
            }
        }
        scale *= 10.0;
        if scale > 1e18 {
            return most;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;
    use crate::words::Words;

    fn even(presses: u64, over: Length) -> Trace {
        let mut trace = Trace::default();
        for n in 0..presses {
            trace.add(over.time() * n as u32 / presses as u32, 1);
        }
        trace
    }

    fn lane(name: &str, own: bool, trace: Option<Trace>) -> Lane<'static> {
        Lane {
            name: name.to_owned(),
            own,
            trace: trace.map(Cow::Owned),
            ..Lane::default()
        }
    }

    #[test]
    fn axes_end_at_numbers_that_are_easy_to_read() {
        let ends = [0.0, 4.0, 4.5, 9.0, 13.0, 31.0, 55.0, 120.0, 999.0].map(round_up);
        assert_eq!(ends, [4.0, 4.0, 6.0, 10.0, 16.0, 40.0, 60.0, 120.0, 1000.0]);
    }

    #[test]
    fn the_gap_at_a_time_is_what_both_had_pressed_by_then() {
        let (own, rival) = (even(50, Length::Five), even(25, Length::Five));
        let until = Duration::from_millis(2_050);
        let gap = Graph::gap(Say::GapToGhost, Length::Five, &own, &rival, until);
        let points = &gap.curves[0].points;
        assert_eq!(points.len(), 21, "one a step, from the start on");
        assert_eq!((points[0], points[20]), ((0.0, 0.0), (2.0, 10.0)));
        assert_eq!(gap.bounds(), (0.0, 10.0));
        let gap = Graph::gap(Say::GapToGhost, Length::Five, &rival, &own, until);
        assert_eq!(gap.bounds(), (-10.0, 0.0));
    }

    #[test]
    fn a_curve_begins_where_the_times_are_known() {
        let mut trace = even(300, Length::Thirty);
        let known = lane("known", false, Some(trace.clone()));
        trace.add(Duration::ZERO, 70);
        let known_from = Duration::from_secs(9);
        let seen = Lane {
            known_from,
            ..lane("seen late", false, Some(trace))
        };
        let pace = Graph::pace(Length::Thirty, &[known, seen], Length::Thirty.time());
        let pace = pace.expect("known");
        let firsts: Vec<f64> = pace.curves.iter().map(|c| c.points[0].0).collect();
        assert_eq!(firsts, [0.0, 10.0], "a second later");
        assert_eq!(pace.bounds(), (0.0, 10.0), "no pace that nobody had");
    }

    #[test]
    fn all_names_are_in_the_legend_beside_the_title_or_below_it() {
        let look = Look::of_text(Words::default());
        let names = ["Ada Lovelace", "Grace Hopper", "Katherine Johnson"];
        let lanes = names.map(|name| lane(name, false, Some(even(50, Length::Five))));
        let pace = Graph::pace(Length::Five, &lanes, Length::Five.time()).expect("known");
        for (columns, rows) in [(80, 1), (64, 2), (56, 2), (40, 2)] {
            let heading = pace.heading(&look, columns);
            assert_eq!(heading.len(), rows, "{columns}");
            for line in &heading {
                assert!(line.width() <= columns, "{columns}: {line}");
            }
            let all: String = heading.iter().map(Line::to_string).collect();
            for name in names {
                let name = if columns < 56 { &name[..8] } else { name };
                assert!(all.contains(name), "{columns}: {all}");
            }
        }
    }

    #[test]
    fn paces_are_of_a_second_and_ones_own_is_always_there() {
        let known = |name, own| lane(name, own, Some(even(50, Length::Five)));
        let mut lanes: Vec<Lane> = ["A", "B", "C", "D"].map(|name| known(name, false)).into();
        lanes.push(lane("nobody knows", false, None));
        lanes.push(known("me", true));
        let pace = Graph::pace(Length::Five, &lanes, Length::Five.time()).expect("known");
        let names: Vec<&str> = pace.curves.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["A", "B", "me"]);
        let points = &pace.curves[0].points;
        assert_eq!((points.len(), points[0]), (11, (0.0, 0.0)));
        assert_eq!(points[10], (5.0, 10.0));
        assert!(Graph::pace(Length::Five, &lanes[4..5], Length::Five.time()).is_none());
    }
}
