//! What opens above the game: the form, the question before a removal, and the table of keys.

use ratatui::Frame;
use ratatui::layout::{Constraint, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph, Wrap};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::keymap::Keymap;
use super::{Look, bars, text};
use crate::state::{Context, Field, Form, Mode, Purpose, State};

/// Draws what is open, if anything is.
pub fn draw(state: &State, look: &Look, frame: &mut Frame) {
    match &state.mode {
        Mode::Play | Mode::Filter => {}
        Mode::Form(form) => draw_form(form, look, frame),
        Mode::Confirm(_) => draw_question(state, look, frame),
        Mode::Help(top) => draw_help(*top, look, frame),
    }
}

/// An empty bordered box in the middle; gives its inside.
fn open(title: &str, width: u16, height: u16, look: &Look, frame: &mut Frame) -> Rect {
    let area = frame.area();
    let place = area.centered(
        Constraint::Length(width.min(area.width)),
        Constraint::Length(height.min(area.height)),
    );
    let block = Block::bordered()
        .border_type(BorderType::Rounded)
        .border_style(look.theme.accent)
        .title(Span::styled(format!(" {title} "), look.theme.strong));
    let inner = block.inner(place);
    frame.render_widget(Clear, place);
    frame.render_widget(block, place);
    inner
}

/// The row of a box, counted from 0, if it has one.
fn row(inner: Rect, at: u16) -> Rect {
    Rect {
        y: inner.y + at,
        height: 1,
        ..inner
    }
    .intersection(inner)
}

/// The heading of a form.
pub fn form_title(form: &Form) -> &'static str {
    match form.purpose {
        Purpose::Add => "New player",
        Purpose::Edit(_) => "Edit player",
    }
}

fn draw_form(form: &Form, look: &Look, frame: &mut Frame) {
    let inner = open(form_title(form), 52, 7, look, frame);
    let fields = [
        ("Name", &form.name, Field::Name, ""),
        ("E-mail", &form.email, Field::Email, "optional"),
    ];
    for (at, (label, input, field, empty)) in fields.into_iter().enumerate() {
        let line = row(inner, at as u16 + u16::from(inner.height > 4));
        draw_field(label, input, form.focus == field, empty, line, look, frame);
    }
    let last = row(inner, inner.height.saturating_sub(1));
    let line = match form.complaint {
        Some(complaint) => Line::styled(format!(" {complaint}"), look.theme.trouble),
        None => bars::hints(Context::Form, look, last.width.into()),
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
    let scroll = input.visual_scroll(room);
    let shown = scrolled(input.value(), scroll, room);
    let style = if focus {
        look.theme.strong
    } else {
        Style::new()
    };
    frame.render_widget(Span::styled(shown, style), place);
    if focus && room > 0 {
        let cursor = input.visual_cursor().saturating_sub(scroll).min(room - 1);
        frame.set_cursor_position((place.x + cursor as u16, place.y));
    }
}

/// The part of a field's text from column `scroll` on, `room` columns at most.
pub fn scrolled(value: &str, scroll: usize, room: usize) -> String {
    let value = text::harmless(value);
    let mut skipped = 0;
    let rest: String = value
        .graphemes(true)
        .skip_while(|cluster| {
            let skip = skipped < scroll;
            skipped += text::width(cluster);
            skip
        })
        .collect();
    let mut used = 0;
    rest.graphemes(true)
        .take_while(|cluster| {
            used += text::width(cluster);
            used <= room
        })
        .collect()
}

/// The question before a removal.
pub fn question(state: &State) -> Option<String> {
    let Mode::Confirm(id) = state.mode else {
        return None;
    };
    let player = state.standings.get(id)?;
    let name = text::cut(&text::name(&player.name), 40);
    let points = match player.score {
        1 => "1 point".to_owned(),
        n => format!("{n} points"),
    };
    Some(format!(
        "Remove {name} with {points}? This can't be undone."
    ))
}

fn draw_question(state: &State, look: &Look, frame: &mut Frame) {
    let Some(question) = question(state) else {
        return;
    };
    let inner = open("Remove player", 52, 7, look, frame);
    let words = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        height: inner.height.saturating_sub(1),
        ..inner
    };
    let gap = u16::from(words.height > 3);
    let words = Rect {
        y: words.y + gap,
        height: words.height - gap,
        ..words
    };
    frame.render_widget(Paragraph::new(question).wrap(Wrap { trim: true }), words);
    let last = row(inner, inner.height.saturating_sub(1));
    frame.render_widget(bars::hints(Context::Confirm, look, last.width.into()), last);
}

/// The lines of the help: every binding of the keymap under the heading of its context.
fn help_lines(keymap: &Keymap, look: &Look) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (context, heading) in [
        (Context::Play, "In the game"),
        (Context::Filter, "While filtering"),
        (Context::Form, "In a form"),
        (Context::Confirm, "At the question before a removal"),
        (Context::Help, "In this table"),
        (Context::Leaving, "While leaving"),
    ] {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(heading, look.theme.strong));
        let mut actions = Vec::new();
        for binding in keymap.of(context) {
            if actions.contains(&binding.action) {
                continue;
            }
            actions.push(binding.action);
            let keys: Vec<String> = keymap
                .of(context)
                .filter(|b| b.action == binding.action)
                .flat_map(|b| b.keys)
                .map(|k| k.label())
                .collect();
            lines.push(Line::from(vec![
                Span::styled(
                    format!("  {} ", text::fit(&keys.join(", "), 12)),
                    look.theme.key,
                ),
                Span::raw(binding.help),
            ]));
        }
    }
    lines.push(Line::default());
    lines.push(Line::styled("With the mouse", look.theme.strong));
    for (what, does) in [
        ("button", "score"),
        ("a row", "pick this player"),
        ("wheel", "scroll the list"),
    ] {
        lines.push(Line::from(vec![
            Span::styled(format!("  {} ", text::fit(what, 12)), look.theme.key),
            Span::raw(does),
        ]));
    }
    lines
}

const HELP_WIDTH: u16 = 76;

/// By how many rows the help can be scrolled on a screen of this size.
pub fn help_overflow(look: &Look, area: Rect) -> usize {
    let rows = usize::from(area.height.saturating_sub(2));
    help_lines(&look.keymap, look).len().saturating_sub(rows)
}

fn draw_help(top: usize, look: &Look, frame: &mut Frame) {
    let lines = help_lines(&look.keymap, look);
    let height = lines.len() as u16 + 2;
    let inner = open("Keys", HELP_WIDTH, height, look, frame);
    let more = lines.len().saturating_sub(usize::from(inner.height));
    let top = top.min(more);
    for (at, line) in lines.into_iter().skip(top).enumerate() {
        frame.render_widget(line, row(inner, at as u16));
        if at + 1 >= usize::from(inner.height) {
            break;
        }
    }
    if top < more && inner.height > 0 {
        let note = Line::styled(" ↓ more ", look.theme.key).right_aligned();
        frame.render_widget(
            note,
            Rect {
                y: inner.y + inner.height,
                height: 1,
                ..inner
            }
            .intersection(frame.area()),
        );
    }
}
