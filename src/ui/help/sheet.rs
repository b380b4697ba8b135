//! Lays out the sections of the help in columns, and draws them.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Paragraph;

use crate::ui::Look;
use crate::ui::layout::left;
use crate::words::{Say, text};

/// The smallest width of a column that shows lines uncut.
pub const COLUMN: u16 = 38;

/// The largest width of a line if there is only one column.
pub const WIDTH: u16 = 66;

/// The width of the keys.
pub const KEYS: usize = 12;

/// A row of the help: the labels of the keys that trigger an action, and what it does.
pub type HelpRow = (Vec<String>, &'static Say);

/// A section of the help.
pub struct Block {
    pub heading: &'static Say,
    pub rows: Vec<HelpRow>,
}

impl Block {
    /// The number of lines.
    fn height(&self) -> usize {
        1 + self.rows.len()
    }
}

/// Sections of the help in columns.
#[derive(Default)]
pub struct Sheet<'b> {
    pub columns: Vec<Vec<&'b Block>>,
    /// The number of blank lines between sections.
    pub gap: usize,
}

impl<'b> Sheet<'b> {
    /// Distributes sections over columns, into as few rows as possible. Each section goes into the
    /// first column that has room. `None` if they don't fit.
    pub fn of(blocks: &'b [Block], rows: usize, columns: usize) -> Option<Self> {
        let spaced = (1..=rows).map(|rows| (rows, 1));
        spaced.chain([(rows, 0)]).find_map(|(rows, gap)| {
            let mut columns = vec![Vec::new(); columns];
            for block in blocks {
                let room = |column: &&mut Vec<&Block>| {
                    height(column, gap) + block.height() + gap.min(column.len()) <= rows
                };
                columns.iter_mut().find(room)?.push(block);
            }
            columns.retain(|column| !column.is_empty());
            Some(Self { columns, gap })
        })
    }

    /// The same, but what does not fit into these rows is reached by scrolling all columns.
    pub fn scrolled(blocks: &'b [Block], rows: usize, columns: usize) -> Self {
        let fits = Self::of(blocks, rows, columns);
        fits.or_else(|| Self::of(blocks, u16::MAX.into(), columns))
            .unwrap_or_default()
    }

    /// The number of lines of the longest column.
    pub fn height(&self) -> usize {
        let heights = self.columns.iter().map(|column| height(column, self.gap));
        heights.max().unwrap_or_default()
    }

    /// Draws the columns side by side, from the line `top` on.
    pub fn draw(&self, top: usize, look: &Look, area: Rect, frame: &mut Frame) {
        let wide = (area.width / self.columns.len().max(1) as u16).min(WIDTH);
        let mut rest = area;
        for blocks in &self.columns {
            let (place, more) = left(rest, wide);
            let lines = column(blocks.iter().copied(), self.gap, look, wide.into());
            let lines = lines.into_iter().skip(top);
            frame.render_widget(Paragraph::new(Text::from_iter(lines)), place);
            rest = more;
        }
    }
}

/// The number of lines of these sections, with this many blank lines between them.
fn height(blocks: &[&Block], gap: usize) -> usize {
    let lines: usize = blocks.iter().map(|block| block.height() + gap).sum();
    lines.saturating_sub(gap)
}

/// A heading and a line for each action of each section, with this many blank lines between
/// sections.
pub fn column<'b>(
    blocks: impl Iterator<Item = &'b Block>,
    gap: usize,
    look: &Look,
    columns: usize,
) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for block in blocks {
        if !lines.is_empty() {
            lines.extend(std::iter::repeat_n(Line::default(), gap));
        }
        let heading = format!(" {}", look.say(block.heading));
        lines.push(Line::styled(
            text::cut(&heading, columns),
            look.theme.strong,
        ));
        let rows = block.rows.iter();
        lines.extend(rows.map(|row| line(row, KEYS, look, columns)));
    }
    lines
}

/// A row of the help, with this many columns for the keys.
pub fn line((labels, does): &HelpRow, keys: usize, look: &Look, columns: usize) -> Line<'static> {
    let indent = if columns < COLUMN.into() { 1 } else { 2 };
    let by = text::fit(&labels.join(", "), keys);
    let by = format!("{:indent$}{by}  ", "");
    let room = columns.saturating_sub(text::width(&by));
    Line::from(vec![
        Span::styled(by, look.theme.key),
        Span::raw(text::cut(&look.say(does), room)),
    ])
}
