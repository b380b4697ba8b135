//! The game on a screen too small for its panes: one line that can still score, or one sentence.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Paragraph, Wrap};

use super::layout::COMPACT;
use super::{Look, bars, clicker, popup, text};
use crate::state::{Field, Mode, State};

/// Draws the one-line mode; a screen of more rows shows a notice and the hints below.
pub fn draw(state: &State, look: &Look, area: Rect, frame: &mut Frame) {
    let room = usize::from(area.width);
    let first = Rect { height: 1, ..area };
    match &state.mode {
        Mode::Form(form) => {
            let (label, input) = match form.focus {
                Field::Name => ("Name: ", &form.name),
                Field::Email => ("E-mail: ", &form.email),
            };
            field(label, input, first, look, frame);
        }
        Mode::Filter => field("/ ", &state.filter, first, look, frame),
        Mode::Confirm(_) => {
            let question = popup::question(state).unwrap_or_default();
            let keys = bars::hints(state.context(), look, room);
            if area.height == 1 {
                let room = room.saturating_sub(keys.width());
                let cut = text::cut(&question, room);
                let spans = std::iter::once(Span::raw(cut)).chain(keys.spans);
                frame.render_widget(Line::from_iter(spans), first);
                return;
            }
            frame.render_widget(Paragraph::new(question).wrap(Wrap { trim: true }), area);
        }
        Mode::Play | Mode::Help(_) => frame.render_widget(play_line(state, look, room), first),
    }
    let second = Rect {
        y: area.y + area.height - 1,
        height: 1,
        ..area
    };
    if area.height > 1 {
        let line = match &state.notice {
            Some(notice) => Line::raw(text::cut(notice, room)),
            None => bars::hints(state.context(), look, room),
        };
        frame.render_widget(line, second);
    }
}

/// Marker, name, score, state; the name gives way first, then the state.
fn play_line(state: &State, look: &Look, room: usize) -> Line<'static> {
    let theme = &look.theme;
    let (status, style) = clicker::short_status(state, look);
    let Some(player) = state.picked_player() else {
        let words = if state.loaded && state.notice.is_some() {
            state.notice.clone().unwrap_or_default()
        } else {
            status
        };
        return Line::styled(text::cut(&words, room), style);
    };
    let marker = if state.button_is_down() { "▼" } else { "▶" };
    let score = format!(" {} ", player.score);
    let left = room.saturating_sub(1 + score.len());
    let name_room = left.saturating_sub(text::width(&status)).max(left.min(5));
    let name = text::cut(&text::name(&player.name), name_room);
    let left = left.saturating_sub(text::width(&name));
    Line::from(vec![
        Span::styled(marker, theme.accent),
        Span::styled(name, theme.strong),
        Span::styled(score, theme.accent),
        Span::styled(text::cut(&status, left), style),
    ])
}

fn field(label: &str, input: &tui_input::Input, line: Rect, look: &Look, frame: &mut Frame) {
    let room = usize::from(line.width).saturating_sub(label.len() + 1);
    let scroll = input.visual_scroll(room);
    let shown = popup::scrolled(input.value(), scroll, room);
    frame.render_widget(
        Line::from(vec![
            Span::styled(label.to_owned(), look.theme.key),
            Span::styled(shown, look.theme.strong),
        ]),
        line,
    );
    let cursor = input.visual_cursor().saturating_sub(scroll).min(room);
    frame.set_cursor_position((line.x + (label.len() + cursor) as u16, line.y));
}

/// The sentence for a screen that can't hold even one line of the game.
pub fn too_small(area: Rect, frame: &mut Frame) {
    let (columns, rows) = COMPACT;
    let words = format!("clickoff needs {columns}x{rows}");
    frame.render_widget(Paragraph::new(words).wrap(Wrap { trim: true }), area);
}
