//! The help: every key and what it does, and the mouse.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span, Text};
use ratatui::widgets::Paragraph;

use super::keymap::{Binding, Key, Section};
use super::layout::{self, Layout};
use super::{Look, popup};
use crate::message::{Action, Rights};
use crate::state::{Context, Kind};
use crate::words::{Say, text};

/// More columns than any line of the help has.
const WIDTH: usize = 200;

/// A section of the help: its heading, and each action with all its keys and what it does.
type Actions = (&'static Say, Vec<(Action, Vec<Key>, &'static Say)>);

/// The sections of the help: every binding that the database does not forbid, under the heading of
/// its context.
fn sections(look: &Look, rights: Rights) -> Vec<Actions> {
    let contexts = [
        (Context::Play, &Say::KeysPlay, true),
        (Context::Filter, &Say::KeysFilter, true),
        (Context::Form, &Say::KeysForm, rights.add || rights.edit),
        (Context::Namesake, &Say::KeysNamesake, rights.add),
        (Context::Confirm, &Say::KeysConfirm, rights.remove),
        (
            Context::Choosing(Kind::Sprint),
            &Say::KeysSprint,
            rights.play,
        ),
        (
            Context::Competing(Kind::Sprint),
            &Say::KeysSprinting,
            rights.play,
        ),
        (Context::Choosing(Kind::Race), &Say::KeysRace, rights.play),
        (Context::Competing(Kind::Race), &Say::KeysRacing, true),
        (Context::Replay, &Say::KeysReplay, true),
        (Context::Help, &Say::KeysHelp, true),
        (Context::History, &Say::KeysHistory, true),
        (Context::Themes, &Say::KeysThemes, true),
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
pub fn lines(look: &Look, rights: Rights, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for (heading, actions) in sections(look, rights) {
        lines.push(heading_line(heading, look));
        for (_, keys, help) in actions {
            let keys: Vec<String> = keys.into_iter().map(Key::label).collect();
            lines.push(line(&keys.join(", "), help, look, columns));
        }
        lines.push(Line::default());
    }
    lines.push(heading_line(&Say::KeysMouse, look));
    for (what, does) in mouse(rights) {
        let what = look.words.say(what);
        lines.push(line(&what, does, look, columns));
    }
    lines
}

/// How many lines these are, which is asked before anybody looks at them.
fn height_of(look: &Look, rights: Rights) -> usize {
    let sections = sections(look, rights);
    let lines = sections.iter().map(|(_, actions)| actions.len() + 2);
    lines.sum::<usize>() + 1 + mouse(rights).count()
}

fn heading_line(heading: &Say, look: &Look) -> Line<'static> {
    let heading = format!(" {}", look.words.say(heading));
    Line::styled(heading, look.theme.strong)
}

fn line(keys: &str, does: &Say, look: &Look, columns: usize) -> Line<'static> {
    let keys = format!("   {} ", text::fit(keys, 13));
    let room = columns.saturating_sub(text::width(&keys));
    Line::from(vec![
        Span::styled(keys, look.theme.key),
        Span::raw(text::cut(&look.words.say(does), room)),
    ])
}

/// By how many rows the help can be scrolled on a screen of this size.
pub fn overflow(look: &Look, rights: Rights, area: Rect) -> usize {
    let rows = match Layout::of(area) {
        Layout::Full(_) => area.height.saturating_sub(4),
        Layout::Compact(_) => layout::rows_above_hints(area).height,
        Layout::TooSmall(_) => return 0,
    };
    height_of(look, rights).saturating_sub(rows.into())
}

/// Draws the help from line `top` on.
pub fn draw(top: usize, rights: Rights, look: &Look, frame: &mut Frame) {
    let all = lines(look, rights, WIDTH);
    let width = all.iter().map(Line::width).max().unwrap_or(0) as u16 + 3;
    let height = all.len() as u16 + 2;
    let inner = popup::open(&look.words.say(&Say::Keys), (width, height), look, frame);
    let more = all.len().saturating_sub(usize::from(inner.height));
    let top = top.min(more);
    let lines = lines(look, rights, inner.width.into());
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
    use crate::ui::theme::{Theme, Themes};
    use crate::words::{Language, Words};

    #[test]
    fn the_help_is_as_high_as_its_lines() {
        let look = Look {
            keymap: Keymap::default(),
            theme: Theme::default(),
            themes: Themes::default(),
            words: Words::new(Language::English),
        };
        let none = Rights {
            play: false,
            add: false,
            edit: false,
            remove: false,
        };
        for rights in [Rights::ALL, none] {
            let lines = lines(&look, rights, WIDTH).len();
            assert_eq!(height_of(&look, rights), lines);
        }
        assert!(height_of(&look, none) < height_of(&look, Rights::ALL));
    }
}
