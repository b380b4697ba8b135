//! Turns what the terminal reports into messages, by the keymap and by what stands where.

use ratatui::crossterm::event::{KeyEvent, KeyEventKind, MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Rect;

use crate::message::{Action, Message};
use crate::state::{Context, State};
use crate::ui::keymap::{Key, typing};
use crate::ui::{self, Look};

/// Rows that one step of the wheel scrolls.
const WHEEL: i32 = 3;

/// What a key means; where it means nothing itself, what the key of the US layout does.
pub fn key(
    key: &KeyEvent,
    latin: Option<&KeyEvent>,
    state: &State,
    look: &Look,
) -> Option<Message> {
    let bound = |context| {
        let mut keys = [Some(key), latin].into_iter().flatten();
        keys.find_map(|key| look.keymap.action(context, key))
    };
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
        let mut keys = [Some(key), latin].into_iter().flatten();
        return keys.find_map(typing).map(Message::Type);
    }
    Some(Message::Unbound(Key::from(key).label()))
}

/// What the mouse means.
pub fn mouse(mouse: &MouseEvent, state: &State, look: &Look, area: Rect) -> Option<Message> {
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            ui::click(state, look, area, mouse.column, mouse.row)
        }
        MouseEventKind::ScrollUp => Some(Message::Scroll(-WHEEL)),
        MouseEventKind::ScrollDown => Some(Message::Scroll(WHEEL)),
        _ => None,
    }
}
