//! What opens above the game: the form, the question before a removal, and the table of keys.

use std::borrow::Cow;

use ratatui::Frame;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::{Block, BorderType, Clear, Paragraph};
use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::keymap::{Binding, Key, Section};
use super::layout::Layout;
use super::{Look, bars, compact, history, text};
use crate::message::{Action, Rights};
use crate::state::{Context, Field, Form, Mode, Purpose, State};
use crate::words::Say;

/// Draws what is open, if anything is.
pub fn draw(state: &State, look: &Look, frame: &mut Frame) {
    match &state.mode {
        Mode::Play | Mode::Filter | Mode::Contest(_) => {}
        Mode::Form(form) => draw_form(state, form, look, frame),
        Mode::Confirm(_) => draw_question(state, look, frame),
        Mode::Help(top) => draw_help(*top, state.rights, look, frame),
        Mode::History(view) => history::draw(state, view, look, frame),
    }
}

/// An empty bordered box in the middle; gives its inside.
pub fn open(title: &str, width: u16, height: u16, look: &Look, frame: &mut Frame) -> Rect {
    // Header and footer stay in sight.
    let area = frame.area().inner(Margin::new(0, 1));
    let (width, height) = (width.min(area.width), height.min(area.height));
    let place = Rect {
        x: area.x + (area.width - width).div_ceil(2),
        y: area.y + (area.height - height).div_ceil(2),
        width,
        height,
    };
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
fn form_title(form: &Form) -> Say {
    match form.purpose {
        Purpose::Add => Say::NewPlayer,
        Purpose::Edit(_) => Say::EditPlayer,
    }
}

fn draw_form(state: &State, form: &Form, look: &Look, frame: &mut Frame) {
    let title = look.words.say(&form_title(form)).into_owned();
    let inner = open(&title, 52, 7, look, frame);
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
        let line = row(inner, at as u16 + u16::from(inner.height > 4));
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
    let last = row(inner, inner.height.saturating_sub(1));
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
pub fn question(state: &State, look: &Look) -> Option<String> {
    let Mode::Confirm(id) = state.mode else {
        return None;
    };
    let player = state.player(id)?;
    let name = text::cut(&look.name(&player.name), 40);
    let points = player.score;
    let question = Say::RemoveQuestion { name, points };
    Some(look.words.say(&question).into_owned())
}

fn draw_question(state: &State, look: &Look, frame: &mut Frame) {
    let Some(question) = question(state, look) else {
        return;
    };
    let title = look.words.say(&Say::RemovePlayer);
    let inner = open(&title, 52, 7, look, frame);
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
    let lines = text::wrap(&question, words.width.into(), words.height.into());
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), words);
    let last = row(inner, inner.height.saturating_sub(1));
    frame.render_widget(bars::hints(state, look, last.width.into()), last);
}

/// More columns than any line of the help has.
const HELP_WIDTH: usize = 200;

/// A section of the help: its heading, and each action with all its keys and what it does.
type Actions = (&'static Say, Vec<(Action, Vec<Key>, &'static Say)>);

/// The sections of the help: every binding that the database does not forbid, under the heading of
/// its context.
fn sections(look: &Look, rights: Rights) -> Vec<Actions> {
    let contexts = [
        (Context::Play, &Say::KeysPlay, true),
        (Context::Filter, &Say::KeysFilter, true),
        (Context::Form, &Say::KeysForm, rights.add || rights.edit),
        (Context::Confirm, &Say::KeysConfirm, rights.remove),
        (Context::Sprint, &Say::KeysSprint, rights.play),
        (Context::Sprinting, &Say::KeysSprinting, rights.play),
        (Context::Race, &Say::KeysRace, rights.play),
        (Context::Racing, &Say::KeysRacing, true),
        (Context::Help, &Say::KeysHelp, true),
        (Context::History, &Say::KeysHistory, true),
        (Context::Leaving, &Say::KeysLeaving, true),
    ];
    let reached = contexts.into_iter().filter(|(.., reached)| *reached);
    let mut sections: Vec<Actions> = reached
        .map(|(context, heading, _)| {
            let here = look.keymap.section(Section::In(context));
            (heading, actions(here.filter(|b| rights.allow(b.action))))
        })
        .collect();
    let everywhere = look.keymap.section(Section::Everywhere);
    sections.push((&Say::KeysEverywhere, actions(everywhere)));
    sections
}

fn actions<'l>(
    bindings: impl Iterator<Item = &'l Binding>,
) -> Vec<(Action, Vec<Key>, &'static Say)> {
    let mut actions: Vec<(Action, Vec<Key>, &Say)> = Vec::new();
    for binding in bindings {
        match actions.iter_mut().find(|(a, ..)| *a == binding.action) {
            Some((_, known, _)) => known.extend(&binding.keys),
            None => actions.push((binding.action, binding.keys.clone(), binding.help)),
        }
    }
    actions
}

/// What the mouse does, as far as the database does not forbid it.
fn mouse(rights: Rights) -> impl Iterator<Item = (&'static Say, &'static Say)> {
    let all = [
        (&Say::MouseButton, &Say::MouseButtonDoes, rights.play),
        (&Say::MouseRow, &Say::MouseRowDoes, true),
        (&Say::MouseWheel, &Say::MouseWheelDoes, true),
    ];
    let allowed = all.into_iter().filter(|(.., allowed)| *allowed);
    allowed.map(|(what, does, _)| (what, does))
}

/// The lines of the help: a heading, a line for every action and a blank line for each section, and
/// the mouse.
pub fn help_lines(look: &Look, rights: Rights, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (heading, actions) in sections(look, rights) {
        lines.push(heading_line(heading, look));
        for (_, keys, help) in actions {
            let keys: Vec<String> = keys.into_iter().map(Key::label).collect();
            lines.push(help_line(&keys.join(", "), help, look, columns));
        }
        lines.push(Line::default());
    }
    lines.push(heading_line(&Say::KeysMouse, look));
    for (what, does) in mouse(rights) {
        let what = look.words.say(what);
        lines.push(help_line(&what, does, look, columns));
    }
    lines
}

/// How many lines these are, which is asked before anybody looks at them.
fn help_height(look: &Look, rights: Rights) -> usize {
    let sections = sections(look, rights);
    let lines = sections.iter().map(|(_, actions)| actions.len() + 2);
    lines.sum::<usize>() + 1 + mouse(rights).count()
}

fn heading_line(heading: &Say, look: &Look) -> Line<'static> {
    let heading = format!(" {}", look.words.say(heading));
    Line::styled(heading, look.theme.strong)
}

fn help_line(keys: &str, does: &Say, look: &Look, columns: usize) -> Line<'static> {
    let keys = format!("   {} ", text::fit(keys, 13));
    let room = columns.saturating_sub(text::width(&keys));
    Line::from(vec![
        Span::styled(keys, look.theme.key),
        Span::raw(text::cut(&look.words.say(does), room)),
    ])
}

/// By how many rows the help can be scrolled on a screen of this size.
pub fn help_overflow(look: &Look, rights: Rights, area: Rect) -> usize {
    let rows = match Layout::of(area) {
        Layout::Full(_) => area.height.saturating_sub(4),
        Layout::Compact(_) => compact::rows_above_hints(area).height,
        Layout::TooSmall(_) => return 0,
    };
    help_height(look, rights).saturating_sub(rows.into())
}

fn draw_help(top: usize, rights: Rights, look: &Look, frame: &mut Frame) {
    let lines = help_lines(look, rights, HELP_WIDTH);
    let width = lines.iter().map(Line::width).max().unwrap_or(0) as u16 + 3;
    let height = lines.len() as u16 + 2;
    let inner = open(&look.words.say(&Say::Keys), width, height, look, frame);
    let more = lines.len().saturating_sub(usize::from(inner.height));
    let top = top.min(more);
    let lines = help_lines(look, rights, inner.width.into());
    let lines = lines.into_iter().skip(top);
    frame.render_widget(Paragraph::new(Text::from_iter(lines)), inner);
    let arrows = match (top > 0, top < more) {
        (false, false) => return,
        (false, true) => "↓",
        (true, true) => "↑ ↓",
        (true, false) => "↑",
    };
    let note = format!(" {arrows} {} ", look.words.say(&Say::KeysMore));
    let border = Rect {
        y: inner.bottom(),
        height: 1,
        ..inner
    };
    let note = Line::styled(note, look.theme.key).right_aligned();
    frame.render_widget(note, border.intersection(frame.area()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::keymap::Keymap;
    use crate::ui::theme::Theme;
    use crate::words::{Language, Words};

    #[test]
    fn the_help_is_as_high_as_its_lines() {
        let look = Look {
            keymap: Keymap::default(),
            theme: Theme::default(),
            words: Words::new(Language::English),
        };
        let none = Rights {
            play: false,
            add: false,
            edit: false,
            remove: false,
        };
        for rights in [Rights::ALL, none] {
            let lines = help_lines(&look, rights, HELP_WIDTH).len();
            assert_eq!(help_height(&look, rights), lines);
        }
        assert!(help_height(&look, none) < help_height(&look, Rights::ALL));
    }
}
