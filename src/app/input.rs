//! Turns what the terminal reports into messages, by the keymap and by what stands where.

use ratatui::crossterm::event::{
    Event, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use ratatui::layout::Rect;

use crate::message::{Action, Message};
use crate::state::{Context, State};
use crate::ui::keymap::{Key, typing};
use crate::ui::{self, Look};

/// Rows that one step of the wheel scrolls.
const WHEEL: i32 = 3;

/// The message that an event means, if it means one.
pub fn message(event: &Event, state: &State, look: &Look, area: Rect) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind == KeyEventKind::Release => {
            // It may have been pressed just before a form opened.
            let mut actions = Context::PLAYED
                .map(|context| look.keymap.action(context, key))
                .into_iter();
            actions
                .any(|action| action == Some(Action::Press))
                .then_some(Message::Released)
        }
        Event::Key(key) => key_message(key, state, look),
        Event::Paste(text) => Some(Message::Paste(text.clone())),
        Event::Mouse(mouse) => mouse_message(mouse, state, look, area),
        _ => None,
    }
}

fn key_message(key: &KeyEvent, state: &State, look: &Look) -> Option<Message> {
    let context = state.context();
    if let Some(action) = look.keymap.action(context, key) {
        let held = action == Action::Press && key.kind == KeyEventKind::Repeat;
        return Some(if held {
            Message::Held
        } else {
            Message::Action(action)
        });
    }
    if matches!(context, Context::Form | Context::Filter) {
        return typing(key).map(Message::Type);
    }
    let modifiers = key.modifiers - KeyModifiers::SHIFT;
    Some(Message::Unbound(Key(key.code, modifiers).label()))
}

fn mouse_message(mouse: &MouseEvent, state: &State, look: &Look, area: Rect) -> Option<Message> {
    match mouse.kind {
        MouseEventKind::Down(MouseButton::Left) => {
            ui::click(state, look, area, mouse.column, mouse.row)
        }
        MouseEventKind::ScrollUp => Some(Message::Scroll(-WHEEL)),
        MouseEventKind::ScrollDown => Some(Message::Scroll(WHEEL)),
        _ => None,
    }
}
