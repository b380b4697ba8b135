//! The form in which a player is added or changed.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use tui_input::Input;

use super::{Look, bars, field, popup};
use crate::state::{Field, Form, Purpose, State};
use crate::words::Say;

/// The heading of a form.
fn form_title(form: &Form) -> Say {
    match form.purpose {
        Purpose::Add => Say::NewPlayer,
        Purpose::Edit(_) => Say::EditPlayer,
    }
}

/// Draws the form.
pub fn draw(state: &State, form: &Form, look: &Look, frame: &mut Frame) {
    let title = look.words.say(&form_title(form)).into_owned();
    let inner = popup::open(&title, popup::ASKING, look, frame);
    let fields = [
        (&Say::FieldName, &form.name, Field::Name, None),
        (
            &Say::FieldEmail,
            &form.email,
            Field::Email,
            Some(&Say::FieldOptional),
        ),
    ];
    for (at, (label, input, field, empty)) in fields.into_iter().enumerate() {
        let line = popup::row(inner, at as u16 + u16::from(inner.height > 4));
        let label = look.words.say(label);
        let empty = empty.map_or(Cow::Borrowed(""), |empty| look.words.say(empty));
        draw_field(
            &label,
            input,
            form.focus == field,
            &empty,
            line,
            look,
            frame,
        );
    }
    let last = popup::row(inner, inner.height.saturating_sub(1));
    let line = match &form.complaint {
        Some(complaint) => {
            let complaint = look.words.say(complaint);
            Line::styled(format!(" {complaint}"), look.theme.trouble)
        }
        None => bars::hints(state, look, last.width.into()),
    };
    frame.render_widget(line, last);
}

fn draw_field(
    label: &str,
    input: &Input,
    focus: bool,
    empty: &str,
    line: Rect,
    look: &Look,
    frame: &mut Frame,
) {
    const LABEL: u16 = 10;
    let marker = if focus { "▶" } else { " " };
    let label = Line::from(vec![
        Span::styled(marker, look.theme.accent),
        Span::raw(format!(" {label}")),
    ]);
    frame.render_widget(label, line);
    let place = Rect {
        x: line.x + LABEL.min(line.width),
        width: line.width.saturating_sub(LABEL + 1),
        ..line
    };
    let room = usize::from(place.width);
    if input.value().is_empty() && !focus {
        frame.render_widget(Span::styled(empty.to_owned(), look.theme.quiet), place);
        return;
    }
    let (shown, cursor) = field::visible(input, room);
    let style = if focus {
        look.theme.strong
    } else {
        Style::new()
    };
    frame.render_widget(Span::styled(shown, style), place);
    if focus && room > 0 {
        let cursor = cursor.min(room - 1) as u16;
        frame.set_cursor_position((place.x + cursor, place.y));
    }
}
