//! Typed and pasted text, in each mode.

use std::time::Instant;

use tui_input::{Input, InputRequest};

use super::form::{paste_into, type_into};
use super::keys::press;
use super::{Mode, State};
use crate::words::Say;

/// Does an editing step in the current text field.
pub fn edit(state: &mut State, request: InputRequest) {
    into_field(state, |input| type_into(input, request));
}

/// Handles pasted text. It goes into the current text field. At the button, pasted spaces are
/// presses, and nothing else is a key, so that a stray paste can't remove anybody.
pub fn paste(state: &mut State, text: &str, now: Instant) {
    state.redraw = true;
    if state.help.is_some() {
        return;
    }
    match state.mode {
        Mode::Form(_) | Mode::Filter => into_field(state, |input| paste_into(input, text)),
        Mode::Play => press(state, pasted_presses(text), now),
        Mode::Contest(ref contest)
            if !contest.is_choice() && contest.replay.is_none() && !state.leaving =>
        {
            let presses = pasted_presses(text);
            if presses > 0 {
                state.give_up(Say::VoidPasted);
            }
            press(state, presses, now);
        }
        _ => {}
    }
}

fn pasted_presses(text: &str) -> usize {
    text.chars().filter(|c| *c == ' ').count()
}

/// Applies what was typed or pasted to the form or to the filter. `change` tells whether it fits.
fn into_field(state: &mut State, change: impl FnOnce(&mut Input) -> bool) {
    match &mut state.mode {
        Mode::Form(form) => form.change(change),
        Mode::Filter => {
            change(&mut state.filter);
            state.refilter();
            state.viewport.top = 0;
            state.follow_picked();
        }
        _ => {}
    }
}
