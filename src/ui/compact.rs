//! The game on a small screen: one line in which one can still score, or one sentence.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Clear, Paragraph, Wrap};

use super::layout::{self, COMPACT, last_row, upper};
use super::{
    Look, about, bars, boxes, clicker, contest, effects, field, form, help, history, list, popup,
    status,
};
use crate::message::Action;
use crate::state::{Field, Mode, State, Status};
use crate::words::{Say, text};

/// Draws the one-line mode. With more rows, it shows notices and the hints below.
pub fn draw(state: &State, look: &Look, area: Rect, frame: &mut Frame) {
    let room = usize::from(area.width);
    let notice = state.notice.as_ref();
    let notice = notice.map(|notice| look.say(notice));
    let strong = |words: &str| Line::styled(text::cut(words, room), look.theme.strong);
    let above = layout::rows_above_hints(area);
    let (first, below) = upper(above, 1);
    match &state.mode {
        _ if state.help.is_some() => {
            let table = help::lines(state, look, room).into_iter();
            let table = table.skip(state.help.unwrap_or(0));
            frame.render_widget(Paragraph::new(Text::from_iter(table)), above);
        }
        Mode::Form(form) => {
            let (label, input) = match form.focus {
                Field::Name => (Say::FieldName, &form.name),
                Field::Email => (Say::FieldEmail, &form.email),
            };
            let label = Say::FieldPrompt {
                field: label.into(),
            };
            field(&look.say(&label), input, first, look, frame);
            if let Some(complaint) = &form.complaint {
                let complaint = &look.say(complaint);
                let place = if below.height > 0 { below } else { first };
                lines(complaint, look.theme.trouble, place, frame);
            } else if let Some(note) = form::note(form) {
                lines(&look.say(&note), look.theme.quiet, below, frame);
            }
        }
        Mode::Filter => {
            field("/ ", &state.filter, first, look, frame);
            let found = look.say(&list::shown_of(state));
            lines(&found, look.theme.quiet, below, frame);
        }
        Mode::History(view) => {
            let parts = [history::summary(state)].into_iter();
            let parts = parts.chain(history::captions(state, view).into_iter().take(1));
            let words: Vec<String> = parts.map(|part| look.say(&part)).collect();
            let words = words.join(" ");
            lines(&words, Style::new(), above, frame);
        }
        Mode::About => {
            let words = about::words::summary(state, look);
            lines(&words, Style::new(), above, frame);
        }
        Mode::Namesake(..) | Mode::Confirm(_) => {
            let question = popup::question(state, look).unwrap_or_default();
            if area.height > 1 {
                lines(&question, Style::new(), above, frame);
            } else {
                let no = match state.mode {
                    Mode::Namesake(..) => Action::Add,
                    _ => Action::Back,
                };
                let key = |action| look.keymap.label(state.context(), action);
                let keys = format!("{}/{}: ", key(Action::Accept), key(no));
                let question = text::cut(&question, room.saturating_sub(text::width(&keys)));
                let keys = Span::styled(keys, look.theme.key);
                frame.render_widget(Line::from(vec![keys, Span::raw(question)]), first);
            }
        }
        Mode::Themes(_) => {
            let names = look.themes.names();
            let name = names.get(state.theme).map_or("", String::as_str);
            let (at, all) = (state.theme + 1, names.len());
            let line = format!("{} {at}/{all}: {name}", look.say(&Say::Themes));
            frame.render_widget(strong(&line), first);
            frame.render_widget(Clear, below);
        }
        Mode::Contest(contest) => {
            let line = contest::summary(state, contest, look);
            frame.render_widget(strong(&line), first);
            let print = contest::small_print(contest, look);
            lines(&print, look.theme.quiet, below, frame);
        }
        Mode::Play => {
            let line = match &notice {
                Some(notice) if area.height == 1 => strong(notice),
                _ => play_line(state, look, room),
            };
            frame.render_widget(line, first);
            let told = notice.clone().map(|words| (words, look.theme.strong));
            let trouble = || {
                let words = look.say(&status::trouble(state)?);
                Some((words, look.theme.trouble))
            };
            let feat = || Some((effects::sentence(state, look)?, look.theme.strong));
            if let Some((words, style)) = told.or_else(trouble).or_else(feat) {
                lines(&words, style, below, frame);
            }
        }
    }
    if area.height > 1 {
        let (_, last) = last_row(area);
        let line = match &notice {
            Some(notice) if below.height == 0 => strong(notice),
            _ => bars::hints(state, look, room),
        };
        frame.render_widget(line, last);
        // During a race the hints stay visible if there is a free row above them.
        if let Some(offer) = contest::offer(state, look, room) {
            let y = last.y - u16::from(area.height > 2);
            frame.render_widget(offer, Rect { y, ..last });
        }
    }
}

/// A sentence, wrapped into as many lines as it needs, or as there are.
fn lines(words: &str, style: Style, area: Rect, frame: &mut Frame) {
    frame.render_widget(Clear, area);
    boxes::write(words, style, area, frame);
}

/// Marker, name, score and status. The name is shortened first, then the status.
fn play_line(state: &State, look: &Look, room: usize) -> Line<'static> {
    let theme = &look.theme;
    let (status, style) = status::short(state, look);
    let Some((name, score)) = clicker::subject(state) else {
        let status = match state.status() {
            Status::Saved => look.say(&clicker::nobody(state, look)),
            _ => status,
        };
        return Line::styled(text::cut(&status, room), style);
    };
    let marker = if state.button_is_down() { "▼" } else { "▶" };
    let score = text::cut(&text::grouped(score), room.saturating_sub(3));
    let score = format!(" {score} ");
    let left = room.saturating_sub(1 + text::width(&score));
    let name_room = left.saturating_sub(text::width(&status));
    let name = text::cut(&look.name(name), name_room);
    let left = left.saturating_sub(text::width(&name));
    Line::from(vec![
        Span::styled(marker, theme.accent),
        Span::styled(name, theme.strong),
        Span::styled(score, theme.accent),
        Span::styled(text::cut(&status, left), style),
    ])
}

fn field(label: &str, input: &tui_input::Input, line: Rect, look: &Look, frame: &mut Frame) {
    let wide = text::width(label);
    let room = usize::from(line.width).saturating_sub(wide + 1);
    let (shown, cursor) = field::visible(input, room);
    frame.render_widget(
        Line::from(vec![
            Span::styled(label.to_owned(), look.theme.key),
            Span::styled(shown, look.theme.strong),
        ]),
        line,
    );
    frame.set_cursor_position((line.x + (wide + cursor) as u16, line.y));
}

/// Draws the sentence for a screen that is too small for even one line of the game.
pub fn too_small(area: Rect, look: &Look, frame: &mut Frame) {
    let (columns, rows) = COMPACT;
    let (columns, rows) = (columns.into(), rows.into());
    let words = look.say(&Say::TooSmall { columns, rows });
    frame.render_widget(Paragraph::new(words).wrap(Wrap { trim: true }), area);
}
