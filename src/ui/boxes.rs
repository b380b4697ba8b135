//! The box that all of the screen uses: rounded, with a title in its border.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::Span;
use ratatui::widgets::{Block, BorderType};

use super::Look;

/// A box with a title. The title includes its own spaces.
pub fn titled(title: String, border: Style, look: &Look) -> Block<'static> {
    Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(border)
        .title(Span::styled(title, look.theme.strong))
}

/// Draws a box, and returns its inner area.
pub fn open(block: Block<'_>, place: Rect, frame: &mut Frame) -> Rect {
    let inner = block.inner(place);
    frame.render_widget(block, place);
    inner
}
