//! What a held key scores, and what becomes of presses that the database finds too fast.

use std::time::Instant;

use super::{State, press};
use crate::game::{HeldKeys, PlayerId, Pressed};
use crate::message::{Action, Effect, Message};
use crate::state::{BUTTON_DOWN, Context, NOTICE_READ, OverRate};
use crate::words::Say;

impl State {
    /// What a held key scores: as the database says, else as the player does. Where neither says
    /// anything, a press that the terminal reports is a press, and a repeat is none.
    fn held_key_scores(&self, repeat: Repeat) -> HeldKeys {
        let default = match repeat {
            Repeat::Reported => HeldKeys::Once,
            Repeat::Guessed => HeldKeys::Count,
        };
        self.rules.held_keys.or(self.held_keys).unwrap_or(default)
    }

    /// Settles presses that were over the database's limit. The sentences of a stream of them add
    /// up to one.
    pub(super) fn refuse_over_rate(
        &mut self,
        player: PlayerId,
        presses: u64,
        limit: Option<u32>,
        now: Instant,
    ) {
        self.tallies.entry(player).or_default().refused += presses;
        let earlier = self.over_rate.take();
        let earlier = earlier.filter(|earlier| now < earlier.told + NOTICE_READ);
        let presses = presses + earlier.map_or(0, |earlier| earlier.presses);
        let sentence = match limit.map(u64::from) {
            Some(limit) => Say::OverRate { presses, limit },
            None => Say::OverRateBefore { presses },
        };
        self.over_rate = Some(OverRate {
            presses,
            told: now,
            sentence: sentence.clone(),
        });
        self.notice = Some(sentence);
    }
}

/// Takes a press of the button's key, which may be a repeat that the terminal can't tell from one.
pub fn press_key(state: &mut State, now: Instant) -> Vec<Effect> {
    if !state.keys_reported && state.hold.press(now) == Pressed::ByHolding {
        return held(state, Repeat::Guessed, now);
    }
    state.hold_is_told = false;
    let effects = press(state, 1, now);
    state.key_is_down = state.keys_reported && state.button_is_down();
    effects
}

/// Takes a repeat that the terminal reports as one.
pub fn repeat(state: &mut State, now: Instant) -> Vec<Effect> {
    if state.leaving || Context::played().all(|played| played != state.context()) {
        return Vec::new();
    }
    held(state, Repeat::Reported, now)
}

/// How it is known that a key is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Repeat {
    /// The terminal says so.
    Reported,
    /// The presses come by a clock.
    Guessed,
}

fn held(state: &mut State, repeat: Repeat, now: Instant) -> Vec<Effect> {
    let scores = state.held_key_scores(repeat);
    state.redraw |= !std::mem::replace(&mut state.hold_is_told, true);
    match scores {
        HeldKeys::Once => {
            if repeat == Repeat::Guessed {
                state.button_down_until = Some(now + BUTTON_DOWN);
            }
            state.notice = Some(Say::HeldOnce);
            Vec::new()
        }
        HeldKeys::Count => {
            state.redraw = true;
            let effects = press(state, 1, now);
            // What keeps a press from counting matters more.
            state.notice.get_or_insert(Say::HeldCounts);
            effects
        }
    }
}

/// Any key that comes shows that the one before is held no longer.
pub fn end_hold(state: &mut State, message: &Message) {
    match message {
        Message::Action(Action::Press) => {}
        Message::Action(_)
        | Message::Type(_)
        | Message::Unbound(_)
        | Message::Suspended
        | Message::KeysNotReported
        | Message::Released => {
            state.hold.other_key();
            state.hold_is_told = false;
        }
        _ => return,
    }
    let was_down = std::mem::take(&mut state.key_is_down);
    state.redraw |= was_down && state.button_down_until.is_none();
}
