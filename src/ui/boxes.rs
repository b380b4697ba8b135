//! The box that all of the screen uses: rounded, with a title in its border.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Span, Text};
use ratatui::widgets::{Block, BorderType, Paragraph};

use super::Look;
use crate::game::Player;
use crate::words::text;

/// A box with a title. The title includes its own spaces.
pub fn titled(title: String, border: Style, look: &Look) -> Block<'static> {
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(border)
        .title(Span::styled(title, look.theme.strong))
}

/// A player's name, cut so that the title around it fits into a box of this width.
pub fn name_in_title(player: &Player, width: u16, look: &Look) -> String {
    text::cut(
        &look.name(&player.name),
        usize::from(width).saturating_sub(16),
    )
}

/// Draws a box, and returns its inner area.
pub fn open(block: Block<'_>, place: Rect, frame: &mut Frame) -> Rect {
    let inner = block.inner(place);
    frame.render_widget(block, place);
    inner
}

/// Writes a text, wrapped into as many lines as it needs, or as there are.
pub fn write(words: &str, style: Style, area: Rect, frame: &mut Frame) {
    let lines = text::wrap(words, area.width.into(), area.height.into());
    frame.render_widget(Paragraph::new(Text::from_iter(lines)).style(style), area);
}
