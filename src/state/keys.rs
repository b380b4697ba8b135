//! What each action does in each mode, and what a held key scores.

use std::time::Instant;

use super::leaving::leave;
use super::{
    BUTTON_DOWN, Context, Form, Mode, State, about, contest, editing, offer, short, themes,
};
use crate::game::{Aim, HeldKeys, PlayerId};
use crate::message::{Action, Change, Command, Effect, Message};
use crate::words::Say;

/// Handles an action.
pub fn act(state: &mut State, action: Action, now: Instant) {
    match action {
        Action::Quit => leave(state, true, now),
        Action::QuitNow => {
            state.leaving = true;
            leave(state, true, now);
        }
        Action::Redraw => state.ask_for(Effect::Redraw),
        Action::Suspend => state.ask_for(Effect::RaiseSuspend),
        Action::Mouse => {
            state.mouse = !state.mouse;
            state.notice = Some(match state.mouse {
                true => Say::MouseOurs,
                false => Say::MouseTheirs,
            });
            state.ask_for(Effect::CaptureMouse(state.mouse));
        }
        Action::Theme => themes::open(state),
        _ if state.help.is_some() => on_help(state, action),
        Action::Help => state.help = Some(0),
        _ => match &mut state.mode {
            Mode::History(_) => on_history(state, action),
            Mode::About => about::act(state, action),
            Mode::Play | Mode::Filter => on_list(state, action, now),
            Mode::Form(_) => editing::on_form(state, action),
            Mode::Namesake(..) => editing::on_namesake(state, action),
            Mode::Contest(contest)
                if action == Action::Press && !contest.is_choice() && contest.replay.is_none() =>
            {
                press_key(state, now);
            }
            Mode::Contest(_) => contest::act(state, action, now),
            Mode::Themes(_) => themes::act(state, action),
            Mode::Confirm(id) => {
                let id = *id;
                if let Action::Accept | Action::Back = action {
                    state.mode = Mode::Play;
                }
                if action == Action::Accept {
                    state.removing = Some(id);
                    state.send(Command::Change(Change::Remove(id)));
                }
            }
        },
    }
}

/// Handles an action while the table of keys is open.
fn on_help(state: &mut State, action: Action) {
    match action {
        Action::Up => state.scroll_help(-1),
        Action::Down => state.scroll_help(1),
        Action::PageUp => state.scroll_help(-10),
        Action::PageDown => state.scroll_help(10),
        Action::First => state.scroll_help(isize::MIN),
        Action::Last => state.scroll_help(isize::MAX),
        Action::Back | Action::Help => state.help = None,
        _ => {}
    }
}

fn on_list(state: &mut State, action: Action, now: Instant) {
    let page = state.viewport.rows as isize;
    if let Some(why) = state.forbidden(action) {
        state.notice = Some(why);
        return;
    }
    match action {
        Action::Press => press_key(state, now),
        Action::Up => state.pick_by(-1),
        Action::Down => state.pick_by(1),
        Action::PageUp => state.pick_by(-page),
        Action::PageDown => state.pick_by(page),
        Action::First if state.rows_here().start > 0 => state.jump(Aim::Top),
        Action::Last if state.jumps_down() => state.jump(Aim::Bottom),
        Action::First => state.pick_by(isize::MIN),
        Action::Last => state.pick_by(isize::MAX),
        Action::Add if state.loaded => match &state.adding {
            None => {
                // The first player is probably the one who is logged in.
                let first = state.standings.is_empty().then_some(&state.login);
                let name = state.newcomer.as_ref().or(first);
                state.mode = Mode::Form(Form::add(name.map_or("", String::as_str)));
            }
            Some(adding) => {
                let name = short(&adding.name);
                state.notice = Some(Say::StillAdding { name });
            }
        },
        Action::Edit => match state.picked_player() {
            Some(player) => state.mode = Mode::Form(Form::edit(player)),
            None => state.notice = Some(Say::NobodyToEdit),
        },
        Action::Remove => match state.picked_player() {
            Some(player) => state.mode = Mode::Confirm(player.id),
            None => state.notice = Some(Say::NobodyToRemove),
        },
        Action::Contest(kind) => contest::open(state, kind, now),
        Action::Join => offer::join(state, now),
        Action::Filter => state.mode = Mode::Filter,
        Action::Period if state.loaded => state.turn_period(),
        Action::History => state.open_history(now),
        Action::About => state.open_about(now),
        Action::Card => state.copy_card(),
        Action::Accept => {
            state.mode = Mode::Play;
            let hidden = state.picked.is_none_or(|id| state.row_of(id).is_none());
            if let (true, Some(first)) = (hidden, state.row(0)) {
                state.pick(Some(first.id));
                state.follow_picked();
            }
        }
        Action::Back => {
            if matches!(state.mode, Mode::Filter) || state.is_filtered() {
                state.mode = Mode::Play;
                state.filter.reset();
                state.keep_in_sight();
            } else {
                let key = state.quit_key.clone();
                state.notice = Some(Say::NothingToClose { key });
            }
        }
        _ => {}
    }
}

fn on_history(state: &mut State, action: Action) {
    let Mode::History(history) = &mut state.mode else {
        return;
    };
    match (action, &state.times.past, state.times.today) {
        (Action::Back | Action::History, ..) => state.mode = Mode::Play,
        (Action::Period, _, Some(today)) => history.next_unit(today),
        (_, Some(past), Some(today)) => history.move_by(action, past, today),
        _ => {}
    }
}

/// Handles a press of the button's key. It may be a repeat, if the terminal does not report them.
fn press_key(state: &mut State, now: Instant) {
    if !state.keys_reported && state.hold.is_repeat(now) {
        return held(state, true, now);
    }
    state.hold_is_told = false;
    press(state, 1, now);
    state.key_is_down = state.keys_reported && state.button_is_down();
}

/// Counts presses for the picked player, or for the one who is being added.
pub fn press(state: &mut State, presses: usize, now: Instant) {
    if presses == 0 || state.leaving {
        return;
    }
    if let Some(why) = state.forbidden(Action::Press) {
        state.notice = Some(why);
        return;
    }
    if let Some(adding) = state.adding.as_mut().filter(|a| a.picked) {
        adding.presses += presses as u64;
        state.show_press(presses, now);
        return;
    }
    let Some(id) = state.picked_player().map(|p| p.id) else {
        if state.loaded {
            state.notice = Some(Say::NobodyToPress);
        }
        return;
    };
    state.newcomer = None;
    state.show_press(presses, now);
    if let Some(contest) = state.contest_mut() {
        contest.pressed(id, presses as u64, now);
    }
    count_presses(state, id, presses as u64, now);
}

/// Adds presses to a player's tally and sends them to the worker.
pub fn count_presses(state: &mut State, id: PlayerId, presses: u64, now: Instant) {
    state.tallies.entry(id).or_default().pressed += presses;
    state.pace.pressed(id, presses, now);
    if presses > 0 {
        state.record_press(id);
        state.send(Command::Press(id, presses));
    }
}

/// Handles a repeat that the terminal reports.
pub fn repeat(state: &mut State, now: Instant) {
    if !state.leaving && Context::played().any(|played| played == state.context()) {
        held(state, false, now);
    }
}

/// Handles a repeat of a held key: by the database's rules, otherwise by the player's setting. By
/// default, a repeat that the terminal reports does not score, and one that is only guessed does.
fn held(state: &mut State, guessed: bool, now: Instant) {
    let default = match guessed {
        true => HeldKeys::Count,
        false => HeldKeys::Once,
    };
    let setting = state.rules.held_keys.or(state.held_keys);
    state.redraw |= !std::mem::replace(&mut state.hold_is_told, true);
    match setting.unwrap_or(default) {
        HeldKeys::Once => {
            if guessed {
                state.button_down_until = Some(now + BUTTON_DOWN);
            }
            state.notice = Some(Say::HeldOnce);
        }
        HeldKeys::Count => {
            state.redraw = true;
            press(state, 1, now);
            // A reason why a press does not count is more important.
            state.notice.get_or_insert(Say::HeldCounts);
        }
    }
}

/// Any other key shows that the key before it is no longer held.
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

impl State {
    /// Scrolls the table of keys, if it is open.
    pub(super) fn scroll_help(&mut self, rows: isize) {
        if let Some(top) = &mut self.help {
            let to = top.saturating_add_signed(rows).min(self.help_overflow);
            self.redraw |= std::mem::replace(top, to) != to;
        }
    }
}
