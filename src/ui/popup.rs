//! Boxes over the game, and the questions asked in one.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::widgets::Clear;

use super::layout::{last_row, upper};
use super::{Look, bars, boxes};
use crate::state::{Mode, State};
use crate::words::{Say, text};

/// The size of forms and questions, in columns and rows.
pub const ASKING: (u16, u16) = (52, 7);

/// A box in the middle of a screen.
fn place(area: Rect, (width, height): (u16, u16)) -> Rect {
    // Header and footer stay visible.
    let area = area.inner(Margin::new(0, 1));
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width).div_ceil(2),
        y: area.y + (area.height - height).div_ceil(2),
        width,
        height,
    }
}

/// The inner area of a box of this size.
pub fn inner(area: Rect, size: (u16, u16)) -> Rect {
    place(area, size).inner(Margin::new(1, 1))
}

/// Draws an empty box with a title in the middle, and returns its inner area.
pub fn open(title: &str, size: (u16, u16), look: &Look, frame: &mut Frame) -> Rect {
    let place = place(frame.area(), size);
    let block = boxes::titled(format!(" {title} "), look.theme.accent, look);
    frame.render_widget(Clear, place);
    boxes::open(block, place, frame)
}

/// The open question: before a removal, or about a name that is already in use.
pub fn question(state: &State, look: &Look) -> Option<String> {
    let (Mode::Namesake(_, id) | Mode::Confirm(id)) = &state.mode else {
        return None;
    };
    let player = state.player(*id)?;
    let name = text::cut(&look.name(&player.name), 40);
    let points = player.score;
    let question = match state.mode {
        Mode::Namesake(..) => Say::NamesakeQuestion { name, points },
        _ => Say::RemoveQuestion { name, points },
    };
    Some(look.say(&question))
}

/// Draws the question that is open.
pub fn draw_question(state: &State, look: &Look, frame: &mut Frame) {
    let Some(question) = question(state, look) else {
        return;
    };
    let title = look.say(match state.mode {
        Mode::Namesake(..) => &Say::NewPlayer,
        _ => &Say::RemovePlayer,
    });
    let inner = open(&title, ASKING, look, frame);
    let (words, last) = last_row(inner);
    let (_, words) = upper(words, u16::from(words.height > 3));
    boxes::write(
        &question,
        Style::new(),
        words.inner(Margin::new(1, 0)),
        frame,
    );
    frame.render_widget(bars::hints(state, look, last.width.into()), last);
}
