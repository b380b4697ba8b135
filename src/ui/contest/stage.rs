//! The stage of a contest, which covers both panes: the countdown, and during a run the clock, the
//! count, the lanes and a chart.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{BorderType, Clear, Paragraph};

use super::chart::{self, Graph};
use super::lanes::{self, Lane};
use super::page::Page;
use crate::game::contest::Length;
use crate::ui::layout::{left, upper};
use crate::ui::{Look, boxes, digits};
use crate::words::{Say, text};

/// How long the word for the start is shown.
const GO: Duration = Duration::from_millis(700);

/// The end phase begins when this much time is left.
const LAST: Duration = Duration::from_secs(5);

/// How long the flash at the beginning of each of the last seconds takes, in ns.
const FLASH: u32 = 300_000_000;

/// The smallest width at which the count stands beside the lanes.
const WIDE: u16 = 54;

/// The largest width of the count beside the lanes.
const COUNT: u16 = 52;

/// The phase of a run that the stage emphasizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// Between start and end: no emphasis.
    Calm,
    /// The run has just begun.
    Go,
    /// The run ends soon; each second begins with a flash, if the screen may flash.
    Last { flash: bool },
}

impl Moment {
    /// The phase for the time left. Flashes only if `lively`.
    pub fn of(left: Duration, length: Length, lively: bool) -> Self {
        if length.time().saturating_sub(left) < GO {
            Self::Go
        } else if left <= LAST {
            // The fraction of a second counts down.
            let since = (1_000_000_000 - left.subsec_nanos()) % 1_000_000_000;
            let flash = lively && since < FLASH;
            Self::Last { flash }
        } else {
            Self::Calm
        }
    }

    fn border(self, look: &Look) -> (BorderType, Style) {
        let theme = &look.theme;
        let (border, style) = match self {
            Self::Calm => (BorderType::Rounded, theme.accent),
            Self::Go => (BorderType::Thick, theme.saved),
            Self::Last { flash: false } => (BorderType::Rounded, theme.trouble),
            Self::Last { flash: true } => (
                BorderType::Thick,
                theme.trouble.add_modifier(Modifier::BOLD),
            ),
        };
        // A theme may underline a trouble, which would tear the lines of a border.
        (border, style.remove_modifier(Modifier::UNDERLINED))
    }
}

/// Draws an empty box with a title, and returns its inner area.
pub fn frame_of(title: &str, moment: Moment, look: &Look, place: Rect, frame: &mut Frame) -> Rect {
    let (border, style) = moment.border(look);
    let title = match moment {
        Moment::Go => format!("{title}· {} ", look.say(&Say::SprintGo)),
        _ => title.to_owned(),
    };
    let block = boxes::titled(title, style, look).border_type(border);
    frame.render_widget(Clear, place);
    boxes::open(block, place, frame).inner(Margin::new(1, 0))
}

/// What the stage shows during a run or a replay.
pub struct StageRun<'a> {
    /// The time left, and the length; `None` after the end.
    pub clock: Option<(Duration, Length)>,
    /// Whether the clock has tenths and a bar, and lanes have bars.
    pub lively: bool,
    /// Text below the clock, or in its place.
    pub words: Vec<(Say, Style)>,
    /// The presses, in large digits.
    pub count: Option<u64>,
    /// The player's total score.
    pub total: Option<i64>,
    pub lanes: Vec<Lane<'a>>,
    /// Who leads, and by how much.
    pub duel: Option<(Say, Style)>,
    pub graph: Option<Graph>,
}

/// Draws the stage: the clock at the top, the count beside the lanes or above them, and the chart
/// below.
pub fn draw(run: &StageRun, moment: Moment, look: &Look, area: Rect, frame: &mut Frame) {
    let mut page = Page::new(look, area);
    let total = run.total.map(|score| Say::StageTotal {
        score: text::grouped(score),
    });
    let total = total.map_or(String::new(), |total| format!(" {}", look.say(&total)));
    let corner = text::width(&total) as u16;
    let corner = if corner * 3 <= area.width { corner } else { 0 };
    if let Some((left, length)) = run.clock {
        let style = match moment {
            Moment::Last { flash: true } => {
                let strong = look.theme.trouble;
                strong.add_modifier(Modifier::BOLD | Modifier::REVERSED)
            }
            Moment::Last { flash: false } => look.theme.trouble.add_modifier(Modifier::BOLD),
            _ => look.theme.strong,
        };
        let room = usize::from(area.width - corner);
        page.time_left(left, length, run.lively, style, room);
    }
    for (words, style) in &run.words {
        page.say(words, *style);
    }
    let rest = page.below();
    page.draw(frame);
    if run.clock.is_some() && corner > 0 {
        let total = Line::from(Span::styled(total, look.theme.quiet));
        frame.render_widget(total.right_aligned(), upper(area, 1).0);
    }
    let lanes = run.lanes.len() as u16;
    let duel = u16::from(run.duel.is_some());
    let graph = run
        .graph
        .as_ref()
        .filter(|_| rest.height >= chart::ROWS + 4);
    let room = match graph {
        Some(_) => rest.height - chart::ROWS - duel,
        None => rest.height.saturating_sub(duel),
    };
    let beside = area.width >= WIDE && run.count.is_some() && room >= 4;
    let tall = if room >= 16 { 8 } else { 4 };
    let (count, lanes) = if beside {
        let (both, _) = upper(rest, lanes.max(tall).min(room));
        let (count, more) = left(both, COUNT.min(area.width * 9 / 20));
        (count, left(more, 1).1)
    } else {
        let above = match run.count {
            Some(_) if room >= 4 + lanes.min(4) => 4,
            Some(_) if room >= digits::LEAST + lanes.min(4) => digits::LEAST,
            _ => 0,
        };
        let (count, below) = upper(rest, above);
        // The chart needs most of the room more.
        let spread = lanes::spread_rows(run.lanes.len());
        let rows = match graph {
            Some(_) if spread <= (room - above) / 3 => spread,
            None if spread <= room - above => spread,
            _ => lanes,
        };
        (count, upper(below, rows.min(room - above)).0)
    };
    if let Some(number) = run.count.filter(|_| !count.is_empty()) {
        let (place, _) = upper(count, tall);
        digits::huge(number.cast_signed(), look, place, frame);
    }
    let size = (lanes.width.into(), lanes.height.into());
    let lines = lanes::lines(&run.lanes, run.lively, look, size);
    let lines = lanes::spread(lines, lanes.height);
    // Beside a large number, a few lanes are centred vertically.
    let offset = match beside {
        true => lanes.height.saturating_sub(lines.len() as u16) / 2,
        false => 0,
    };
    let (_, place) = upper(lanes, offset);
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), place);
    let (_, mut below) = upper(area, lanes.bottom() - area.y);
    if let Some((words, style)) = &run.duel
        && !below.is_empty()
    {
        let words = text::cut(&look.say(words), area.width.into());
        let line = Paragraph::new(Line::styled(words, *style));
        let line = if beside { line.centered() } else { line };
        let (row, more) = upper(below, 1);
        frame.render_widget(line, row);
        below = more;
    }
    if let Some(graph) = graph.filter(|_| below.height >= chart::ROWS) {
        graph.draw(look, below, frame);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_and_each_of_the_last_five_seconds_are_felt() {
        let of =
            |left: u64, length, lively| Moment::of(Duration::from_millis(left), length, lively);
        let (flash, dark) = (Moment::Last { flash: true }, Moment::Last { flash: false });
        for (left, moment) in [
            (10_000, Moment::Go),
            (9_400, Moment::Go),
            (9_300, Moment::Calm),
            (5_001, Moment::Calm),
            (5_000, flash),
            (4_701, flash),
            (4_700, dark),
            (4_000, flash),
            (900, flash),
            (600, dark),
        ] {
            assert_eq!(of(left, Length::Ten, true), moment, "{left}");
        }
        assert_eq!(of(4_900, Length::Five, true), Moment::Go);
        assert_eq!(of(4_000, Length::Ten, false), dark, "nothing flashes");
    }
}
