//! The keymap: one table of all keys, which also provides the hints of the footer and the help.

mod file;
mod key;
mod table;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use tui_input::InputRequest;

use crate::message::{Action, Message};
use crate::state::{Context, State};
use crate::words::Say;

pub use file::DEFAULT;
pub use key::{Key, MODIFIERS, NAMES as KEY_NAMES};
pub use table::{SECTIONS, Section, name as action_name, rows};

/// One line of the keymap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The section in which it applies.
    pub section: Section,
    /// The keys; the first one is shown in hints. Empty if the player removed all.
    pub keys: Vec<Key>,
    /// What they do.
    pub action: Action,
    /// The word in the footer, if it has a hint.
    pub hint: Option<&'static Say>,
    /// The line in the help.
    pub help: &'static Say,
}

/// All bindings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keymap(Vec<Binding>);

impl Keymap {
    /// The message for a key. A key without a binding counts as the key at the same place of the US
    /// layout.
    pub fn message(
        &self,
        key: &KeyEvent,
        latin: Option<&KeyEvent>,
        state: &State,
    ) -> Option<Message> {
        let mut keys = [Some(key), latin].into_iter().flatten();
        let bound = |context| keys.clone().find_map(|key| self.action(context, key));
        if key.kind == KeyEventKind::Release {
            // It may have been pressed just before a form opened.
            let mut actions = Context::played().map(bound);
            return actions
                .any(|action| action == Some(Action::Press))
                .then_some(Message::Released);
        }
        let context = state.context();
        if let Some(action) = bound(context) {
            let held = action == Action::Press && key.kind == KeyEventKind::Repeat;
            return Some(if held {
                Message::Held
            } else {
                Message::Action(action)
            });
        }
        if matches!(context, Context::Form | Context::Filter) {
            return keys.find_map(typing).map(Message::Type);
        }
        Some(Message::Unbound(Key::from(key).label()))
    }

    /// The action that a key is bound to in this context.
    pub fn action(&self, context: Context, event: &KeyEvent) -> Option<Action> {
        self.of(context)
            .find(|b| b.keys.iter().any(|k| k.is(event)))
            .map(|b| b.action)
    }

    /// The bindings that apply in a context, in the order of the table.
    pub fn of(&self, context: Context) -> impl Iterator<Item = &Binding> {
        self.bound().filter(move |b| b.section.holds_in(context))
    }

    /// The bindings of one section, in the order of the table.
    pub fn section(&self, section: Section) -> impl Iterator<Item = &Binding> {
        self.bound().filter(move |b| b.section == section)
    }

    /// The first key bound to an action, for sentences that name it.
    pub fn label(&self, context: Context, action: Action) -> String {
        self.of(context)
            .find(|b| b.action == action)
            .and_then(|b| b.keys.first())
            .map_or_else(String::new, |k| k.label())
    }

    fn bound(&self) -> impl Iterator<Item = &Binding> {
        self.0.iter().filter(|b| !b.keys.is_empty())
    }
}

/// The editing step for a key in a text field, as in readline.
pub fn typing(event: &KeyEvent) -> Option<InputRequest> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let rare = KeyModifiers::SUPER | KeyModifiers::HYPER | KeyModifiers::META;
    if event.modifiers.intersects(rare) {
        return None;
    }
    Some(match (event.code, ctrl, alt) {
        (KeyCode::Char('a'), true, false) | (KeyCode::Home, ..) => InputRequest::GoToStart,
        (KeyCode::Char('e'), true, false) | (KeyCode::End, ..) => InputRequest::GoToEnd,
        (KeyCode::Char('w'), true, false) | (KeyCode::Backspace, _, true) => {
            InputRequest::DeletePrevWord
        }
        (KeyCode::Char('u'), true, false) => InputRequest::DeleteLine,
        (KeyCode::Char('k'), true, false) => InputRequest::DeleteTillEnd,
        (KeyCode::Char('y'), true, false) => InputRequest::Yank,
        (KeyCode::Char('h'), true, false) | (KeyCode::Backspace, ..) => {
            InputRequest::DeletePrevChar
        }
        (KeyCode::Char('d'), true, false) | (KeyCode::Delete, false, _) => {
            InputRequest::DeleteNextChar
        }
        (KeyCode::Delete, true, _) => InputRequest::DeleteNextWord,
        (KeyCode::Left, true, _) | (KeyCode::Char('b'), false, true) => InputRequest::GoToPrevWord,
        (KeyCode::Right, true, _) | (KeyCode::Char('f'), false, true) => InputRequest::GoToNextWord,
        (KeyCode::Left, false, _) => InputRequest::GoToPrevChar,
        (KeyCode::Right, false, _) => InputRequest::GoToNextChar,
        (KeyCode::Char(c), false, false) => InputRequest::InsertChar(c),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_file_has_no_mistake_and_says_nothing_twice() {
        let read = Keymap::read("the default keymap", DEFAULT);
        assert_eq!(read, Ok(Keymap::default()));
    }
}
