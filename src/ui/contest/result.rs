//! The result of a contest: the podium, all places, and a chart of the pace.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Paragraph;

use super::chart::{self, Graph};
use super::lanes::{self, Lane};
use super::page::Page;
use crate::ui::layout::{left, upper};
use crate::ui::{Look, digits};
use crate::words::{Say, text};

/// The smallest width at which the chart stands beside the rest.
const BESIDE: u16 = 72;

/// The smallest height for the text above a chart.
const WORDS: u16 = 8;

/// The smallest height at which a number is drawn in large digits.
const LARGE: u16 = 16;

/// The smallest height at which the result of a race has a number in large digits above the podium.
pub const TALL: u16 = 44;

/// The smallest and the largest height of the podium's third step, and the largest width of a step.
const THIRD: (u16, u16) = (1, 6);
const STEP: u16 = 20;

/// The rows above a step: a name and a number.
const ABOVE: u16 = 2;

/// Draws the result: `words` draws the text, and the chart of the pace stands beside or below it.
pub fn draw(
    words: impl FnOnce(Rect, &mut Frame),
    graph: Option<&Graph>,
    look: &Look,
    area: Rect,
    frame: &mut Frame,
) {
    let beside = area.width >= BESIDE && area.height >= chart::ROWS;
    let Some(graph) = graph.filter(|_| beside || area.height >= chart::ROWS + WORDS) else {
        return words(area, frame);
    };
    let (text, place) = if beside {
        let (text, rest) = left(area, area.width * 9 / 20);
        (text, left(rest, 1).1)
    } else {
        let height = (area.height / 2).max(WORDS).min(area.height - chart::ROWS);
        upper(area, height)
    };
    words(text, frame);
    graph.draw(look, place, frame);
}

/// Draws a number in the largest size that fits above the text, and returns the rest of the area.
pub fn number(number: Option<u64>, look: &Look, area: Rect, frame: &mut Frame) -> Rect {
    let rows = match area.height {
        28.. => 8,
        LARGE.. => 4,
        _ => 0,
    };
    let Some(number) = number.filter(|_| rows > 0) else {
        return area;
    };
    let (_, area) = upper(area, u16::from(rows > 4));
    let (above, rest) = upper(area, rows);
    digits::huge(number.cast_signed(), look, above, frame);
    upper(rest, 1).1
}

/// Draws some text, then a podium if there was a competition, and all places.
pub fn places(words: &[(Say, Style)], lanes: &[Lane], look: &Look, area: Rect, frame: &mut Frame) {
    let mut page = Page::new(look, area);
    for (words, style) in words {
        page.say(words, *style);
    }
    let mut rest = page.below();
    page.draw(frame);
    let rows = lanes.len() as u16;
    // A blank row above the podium and one below it.
    let room = rest.height.saturating_sub(ABOVE + 2 + rows) / 3;
    let least = rest.height > ABOVE + 3 * THIRD.0 + rows.min(3);
    if lanes.len() > 1 && least {
        let third = room.clamp(THIRD.0, THIRD.1);
        let gap = u16::from(third > THIRD.0);
        let (place, more) = upper(upper(rest, gap).1, ABOVE + 3 * third);
        podium(lanes, third, look, place, frame);
        rest = upper(more, 1).1;
    }
    let size = (rest.width.into(), rest.height.into());
    let lines = lanes::lines(lanes, true, look, size);
    let lines = lanes::spread(lines, rest.height);
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), rest);
}

/// Draws the first three on their steps, in the order second, first, third. The third step has this
/// many rows; those who share a rank stand equally high.
fn podium(lanes: &[Lane], third: u16, look: &Look, area: Rect, frame: &mut Frame) {
    let theme = &look.theme;
    let wide = (area.width / 3).min(STEP);
    let left = area.x + (area.width - 3 * wide) / 2;
    for (column, at) in [1, 0, 2].into_iter().enumerate() {
        let Some(lane) = lanes.get(at) else {
            continue;
        };
        let rank = lane.rank.unwrap_or(at + 1);
        let high = 4_u16.saturating_sub(rank as u16).clamp(1, 3);
        let column = Rect {
            x: left + column as u16 * wide,
            y: area.bottom() - high * third,
            width: wide.saturating_sub(1),
            height: 1,
        };
        let row = |y: u16| Rect { y, ..column };
        let room = usize::from(column.width);
        let name = text::cut(&lane.name, room);
        let style = if lane.own { theme.picked } else { theme.strong };
        let name = Line::from(Span::styled(name, style)).centered();
        frame.render_widget(name, row(column.y - 2));
        let presses = text::cut(&text::grouped(lane.presses), room);
        frame.render_widget(Line::raw(presses).centered(), row(column.y - 1));
        let step = if rank == 1 { theme.accent } else { theme.quiet };
        let step = step.add_modifier(Modifier::REVERSED);
        for y in column.y..area.bottom() {
            frame.buffer_mut().set_style(row(y), step);
        }
        let rank = Line::styled(rank.to_string(), step).centered();
        frame.render_widget(rank, row(column.y));
    }
}
