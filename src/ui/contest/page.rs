//! Text and bars in the pane of a contest.

use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Paragraph;

use super::words;
use crate::game::contest::Length;
use crate::ui::Look;
use crate::ui::layout::upper;
use crate::words::{Say, text};

/// Lines for an area, as many as fit.
pub struct Page<'l> {
    pub look: &'l Look,
    pub columns: usize,
    place: Rect,
    lines: Vec<Line<'static>>,
}

impl<'l> Page<'l> {
    /// An empty page.
    pub fn new(look: &'l Look, place: Rect) -> Self {
        Self {
            look,
            columns: place.width.into(),
            place,
            lines: Vec::new(),
        }
    }

    /// The lines written so far.
    pub fn lines(mut self) -> Vec<Line<'static>> {
        self.lines.truncate(self.place.height.into());
        self.lines
    }

    /// Draws the lines into the area.
    pub fn draw(self, frame: &mut Frame) {
        let place = self.place;
        frame.render_widget(Paragraph::new(Text::from(self.lines())), place);
    }

    /// The part of the area below the lines.
    pub fn below(&self) -> Rect {
        let used = self.lines.len() as u16;
        upper(self.place, used).1
    }

    /// The number of rows left.
    pub fn left(&self) -> usize {
        usize::from(self.place.height).saturating_sub(self.lines.len())
    }

    /// Adds a line.
    pub fn push(&mut self, line: Line<'static>) {
        self.lines.push(line);
    }

    /// Adds a sentence, wrapped into as many lines as it needs, or as are left.
    pub fn say(&mut self, what: &Say, style: Style) {
        let words = self.look.say(what);
        let wrapped = text::wrap(&words, self.columns, self.left().max(1));
        let lines = wrapped.into_iter().map(|line| Line::styled(line, style));
        self.lines.extend(lines);
    }

    /// Adds a sentence on one line, cut if it is too long.
    pub fn say_cut(&mut self, what: &Say, style: Style) {
        let words = self.look.say(what);
        self.push(Line::styled(text::cut(&words, self.columns), style));
    }

    /// Adds a blank line, if there is room for it and another one.
    pub fn gap(&mut self) {
        if self.left() > 3 {
            self.push(Line::default());
        }
    }

    /// Adds a length to choose, with a few words.
    pub fn length(&mut self, length: Length, chosen: bool, words: &str) {
        let theme = &self.look.theme;
        let time = Say::Seconds {
            n: format!("{:>2}", length.seconds()),
        };
        let time = self.look.say(&time);
        if chosen {
            // The highlight fills the whole row, as in the list.
            let row = text::fit(&format!("▶ {time}   {words}"), self.columns);
            return self.push(Line::styled(row, theme.picked));
        }
        self.push(Line::from(vec![
            Span::raw(format!("  {time}")),
            Span::styled(format!("   {words}"), theme.quiet),
        ]));
    }

    /// Adds the time left, in words. On a lively screen it also adds a bar that gets shorter.
    pub fn time_left(
        &mut self,
        left: Duration,
        length: Length,
        lively: bool,
        style: Style,
        columns: usize,
    ) {
        let words = words::time_left(left, lively);
        let words = self.look.say(&words);
        let room = columns.saturating_sub(text::width(&words) + 1);
        // Thinner than the bars of presses below it, so that they don't look like one.
        let part = part_of(left.as_millis(), length.time().as_millis(), room);
        let bar = if lively {
            "━".repeat(part)
        } else {
            String::new()
        };
        self.push(Line::from(vec![
            Span::styled(words, style),
            Span::raw(" "),
            Span::styled(bar, self.look.theme.accent),
        ]));
    }
}

/// A block of each width, in eighths of a column.
const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// A part of a whole as blocks, exact to an eighth of a column; empty if the whole is 0.
pub fn bar(part: u64, whole: u64, columns: usize) -> String {
    let eighths = part_of(part.into(), whole.into(), columns * 8);
    "█".repeat(eighths / 8) + EIGHTHS[eighths % 8]
}

/// How many of these columns a part of a whole fills.
fn part_of(part: u128, whole: u128, columns: usize) -> usize {
    (part.min(whole) * columns as u128 / whole.max(1)) as usize
}
