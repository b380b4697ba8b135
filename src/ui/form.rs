//! The form to add or change a player.

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::layout::{last_row, upper};
use super::{Look, bars, boxes, field, popup};
use crate::state::{Field, Form, Purpose, State};
use crate::words::{Say, text};

/// The columns of the labels.
const LABEL: u16 = 10;

/// Draws the form.
pub fn draw(state: &State, form: &Form, look: &Look, frame: &mut Frame) {
    let title = look.say(match form.purpose {
        Purpose::Add => &Say::NewPlayer,
        Purpose::Edit(_) => &Say::EditPlayer,
    });
    let inner = popup::open(&title, popup::ASKING, look, frame);
    let mut fields = vec![(&Say::FieldName, &form.name, Field::Name, None)];
    if form.has_email {
        let empty = Some(&Say::FieldOptional);
        fields.push((&Say::FieldEmail, &form.email, Field::Email, empty));
    }
    let mut next = u16::from(inner.height > 4);
    for (label, input, field, empty) in fields {
        let line = inner.rows().nth(next.into()).unwrap_or_default();
        next += 1;
        let focus = form.focus == field;
        let label = Line::from(vec![
            Span::styled(if focus { "▶" } else { " " }, look.theme.accent),
            Span::raw(format!(" {}", look.say(label))),
        ]);
        frame.render_widget(label, line);
        let place = Rect {
            x: line.x + LABEL.min(line.width),
            width: line.width.saturating_sub(LABEL + 1),
            ..line
        };
        let (shown, cursor) = field::visible(input, place.width.into());
        let (words, style) = match empty {
            _ if focus => (shown, look.theme.strong),
            Some(empty) if input.value().is_empty() => (look.say(empty), look.theme.quiet),
            _ => (shown, Style::new()),
        };
        frame.render_widget(Span::styled(words, style), place);
        if focus && !place.is_empty() {
            let cursor = (cursor as u16).min(place.width - 1);
            frame.set_cursor_position((place.x + cursor, place.y));
        }
    }
    let below = upper(inner, next).1.inner(Margin::new(1, 0));
    if let Some(complaint) = &form.complaint {
        // At the bottom, in as many lines as it needs.
        let complaint = look.say(complaint);
        let rows = text::wrap(&complaint, below.width.into(), below.height.into()).len() as u16;
        let (_, last) = upper(below, below.height - rows);
        return boxes::write(&complaint, look.theme.trouble, last, frame);
    }
    let (_, last) = last_row(inner);
    frame.render_widget(bars::hints(state, look, last.width.into()), last);
    if let Some(note) = note(form) {
        let (above_hints, _) = last_row(below);
        boxes::write(&look.say(&note), look.theme.quiet, above_hints, frame);
    }
}

/// What the e-mail address is for, while its field is of interest.
pub fn note(form: &Form) -> Option<Say> {
    match form.focus {
        Field::Email => Some(Say::EmailUse),
        Field::Name => (!form.has_email).then_some(Say::EmailMayBeAdded),
    }
}
