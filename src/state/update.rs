//! What each message does to the state: the whole behaviour of the game, and nothing but it.

mod about;
mod contest;
mod editing;
mod keys;
mod list;
mod lively;
mod race;
mod replay;
mod replies;
mod session;
mod sprint;
mod themes;
mod times;

use std::time::Instant;

use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use super::{
    ADD_PATIENCE, BUTTON_DOWN, Contest, Form, Kind, Mode, NOTICE_READ, NOTICE_SENTENCES,
    REST_PATIENCE, State,
    form::{paste_into, type_into},
};
use crate::game::{PlayerId, Standings};
use crate::message::{Action, Command, Effect, Message};
use crate::words::Say;

pub use session::Session;

/// Takes one message into the state and says what is to be done outside of it.
///
/// `now` is the time at which the message came; nothing in here reads a clock.
pub fn update(state: &mut State, message: Message, now: Instant) -> Vec<Effect> {
    let fresh = state.notice_since.is_some_and(|at| now < at + NOTICE_READ);
    let read = match message {
        Message::Action(Action::Press) => !fresh,
        Message::Action(_) | Message::Type(_) | Message::Pick(_) => true,
        _ => false,
    };
    let from_worker = matches!(message, Message::Reply(_));
    let notice = state.notice.take();
    let earlier = state.over_rate.clone();
    state.pass_time(now);
    let mut effects = handle(state, message, now);
    effects.extend(state.judge_contest(now));
    state.follow_pick(now);
    effects.extend(state.ask_for_list(now));
    if let Some(new) = &mut state.notice {
        // Of two sentences that come together, as when a player goes and presses with it, neither
        // may push the other away unread.
        let continued = |old: &Say| old.sentences().len() <= NOTICE_SENTENCES;
        if let Some(old) = notice.filter(|old| from_worker && fresh && continued(old)) {
            // The sentence of presses over the limit goes on with what it said before.
            let told = earlier.filter(|earlier| state.over_rate.as_ref() != Some(earlier));
            let mut all = old.sentences().to_vec();
            all.retain(|old| told.as_ref().is_none_or(|told| told.sentence != *old));
            let news = new
                .sentences()
                .iter()
                .filter(|news| !old.sentences().contains(news));
            all.extend(news.cloned());
            *new = Say::from(all);
        }
        state.notice_since = Some(now);
    } else if read {
        state.redraw |= notice.is_some();
    } else {
        state.notice = notice;
    }
    if state.redraw {
        state.effects.frame(now);
    }
    effects
}

fn handle(state: &mut State, message: Message, now: Instant) -> Vec<Effect> {
    keys::end_hold(state, &message);
    match message {
        Message::Held => keys::repeat(state, now),
        Message::Released => Vec::new(),
        Message::KeysReported | Message::KeysNotReported => {
            state.keys_reported = message == Message::KeysReported;
            Vec::new()
        }
        Message::Action(action) => {
            state.redraw = true;
            keys::act(state, action, now)
        }
        Message::Type(request) => {
            state.redraw = true;
            type_text(state, Form::handle, type_into, request);
            Vec::new()
        }
        Message::Paste(text) => paste(state, &text, now),
        Message::Pick(id) => {
            if matches!(state.mode, Mode::Play | Mode::Filter) && state.row_of(id).is_some() {
                state.redraw = true;
                state.pick(Some(id));
            }
            Vec::new()
        }
        Message::Scroll(rows) => {
            if matches!(state.mode, Mode::Themes(_)) {
                return themes::go(state, rows.signum() as isize);
            }
            scroll(state, rows as isize);
            Vec::new()
        }
        Message::Viewport(metrics) => {
            state.help_overflow = metrics.help_overflow;
            if let Mode::Help(_) = state.mode {
                scroll(state, 0);
            }
            if state.viewport.rows != metrics.list_rows.max(1) {
                state.viewport.rows = metrics.list_rows.max(1);
                state.follow_picked();
                state.redraw = true;
            }
            Vec::new()
        }
        Message::Unbound(key) => {
            if matches!(state.mode, Mode::Play) && !state.leaving {
                state.redraw = true;
                let help = state.help_key.clone();
                state.notice = Some(match help.is_empty() {
                    true => Say::KeyDoesNothing { key },
                    false => Say::KeyDoesNothingHelp { key, help },
                });
            }
            Vec::new()
        }
        Message::Reply(reply) => replies::handle(state, reply, now),
        Message::Tick => tick(state, now),
        Message::Behind => {
            state.effects.calm(now);
            state.bell.calm();
            Vec::new()
        }
        Message::Stop(stop) => {
            state.redraw = true;
            let again = state.stop.replace(stop).is_some() && !stop.is_hang_up();
            leave(state, again, now)
        }
        Message::Suspended => {
            // A second SIGTSTP while the worker still finishes must not wait anew.
            if state.rest_until.is_some() {
                return Vec::new();
            }
            // A race goes on meanwhile.
            if state.contest_of(Kind::Sprint).is_some() {
                state.give_up(Say::VoidSuspended);
            }
            state.rest_until = Some(now + REST_PATIENCE);
            vec![Effect::Send(Command::Rest)]
        }
    }
}

/// Begins to leave; asked again, leaves at once.
fn leave(state: &mut State, again: bool, now: Instant) -> Vec<Effect> {
    let at_once = again && state.leaving;
    if state.contest_of(Kind::Sprint).is_some_and(Contest::is_on) {
        state.notice = Some(Say::SprintLeft);
        state.sprint_void = true;
    }
    let mut effects = state.give_up(Say::VoidGivenUp).unwrap_or_default();
    state.leaving = true;
    state.mode = Mode::Play;
    if at_once {
        return vec![Effect::Send(Command::LeaveNow)];
    }
    if state.adding.as_ref().is_some_and(|a| a.presses > 0) {
        // Presses for the player being added can only be sent once it has a key.
        state.leave_by.get_or_insert(now + ADD_PATIENCE);
        return effects;
    }
    effects.push(Effect::Send(Command::Leave));
    effects
}

/// Makes presses for the picked player, or for the one on the way into the database.
fn press(state: &mut State, presses: usize, now: Instant) -> Vec<Effect> {
    if presses == 0 || state.leaving {
        return Vec::new();
    }
    if let Some(why) = state.forbidden(Action::Press) {
        state.notice = Some(why);
        return Vec::new();
    }
    if let Some(adding) = state.adding.as_mut().filter(|a| a.picked) {
        adding.presses += presses as u64;
        state.show_press(presses, now);
        return Vec::new();
    }
    let Some(id) = state.picked_player().map(|p| p.id) else {
        if state.loaded {
            state.notice = Some(Say::NobodyToPress);
        }
        return Vec::new();
    };
    state.newcomer = None;
    state.show_press(presses, now);
    if let Mode::Contest(contest) = &mut state.mode {
        contest.pressed(id, presses as u64, now);
    }
    count_presses(state, id, presses as u64, now)
}

/// Books presses for a player and sends them.
fn count_presses(state: &mut State, id: PlayerId, presses: u64, now: Instant) -> Vec<Effect> {
    state.tallies.entry(id).or_default().pressed += presses;
    state.pace.pressed(id, presses, now);
    if presses > 0 {
        state.note_press(id);
    }
    let sent = (presses > 0).then_some(Effect::Send(Command::Press(id, presses)));
    sent.into_iter().collect()
}

/// Pasted text goes where typing goes; on the button, pasted spaces are presses and nothing else
/// is a key, so that a stray paste can't remove anybody.
fn paste(state: &mut State, text: &str, now: Instant) -> Vec<Effect> {
    state.redraw = true;
    match state.mode {
        Mode::Form(_) | Mode::Filter => {
            type_text(state, Form::paste, paste_into, text);
            Vec::new()
        }
        Mode::Play => press(state, pasted_presses(text), now),
        Mode::Contest(ref contest)
            if !contest.is_choice() && contest.replay.is_none() && !state.leaving =>
        {
            let presses = pasted_presses(text);
            let given_up = (presses > 0).then(|| state.give_up(Say::VoidPasted));
            let mut effects = given_up.flatten().unwrap_or_default();
            effects.extend(press(state, presses, now));
            effects
        }
        Mode::Contest(_)
        | Mode::Namesake(..)
        | Mode::Confirm(_)
        | Mode::Help(_)
        | Mode::History(_)
        | Mode::About
        | Mode::Themes(_) => Vec::new(),
    }
}

fn pasted_presses(text: &str) -> usize {
    text.chars().filter(|c| *c == ' ').count()
}

/// The beginning of a name, so that a sentence with it stays one to read.
fn short(name: &str) -> Box<Say> {
    let mut clusters = name.trim().graphemes(true);
    let start: String = clusters.by_ref().take(24).collect();
    Box::new(match (start.is_empty(), clusters.next()) {
        (true, _) => Say::NamelessPlayer,
        (false, None) => start.into(),
        (false, Some(_)) => (start + "…").into(),
    })
}

/// Has what was typed or pasted done in the form, or else in the filter.
fn type_text<T>(
    state: &mut State,
    in_form: impl FnOnce(&mut Form, T),
    in_filter: impl FnOnce(&mut Input, T) -> bool,
    typed: T,
) {
    match &mut state.mode {
        Mode::Form(form) => in_form(form, typed),
        Mode::Filter => {
            in_filter(&mut state.filter, typed);
            state.refilter();
            state.viewport.top = 0;
            state.follow_picked();
        }
        Mode::Play
        | Mode::Contest(_)
        | Mode::Namesake(..)
        | Mode::Confirm(_)
        | Mode::Help(_)
        | Mode::History(_)
        | Mode::About
        | Mode::Themes(_) => {}
    }
}

/// The wheel moves the list or, where that is open, the table of keys.
fn scroll(state: &mut State, rows: isize) {
    match &mut state.mode {
        Mode::Play | Mode::Filter => {
            let top = state.viewport.top.saturating_add_signed(rows);
            state.scroll_to(top);
        }
        Mode::Help(top) => {
            let to = top.saturating_add_signed(rows).min(state.help_overflow);
            state.redraw |= std::mem::replace(top, to) != to;
        }
        Mode::Form(_)
        | Mode::Namesake(..)
        | Mode::Confirm(_)
        | Mode::History(_)
        | Mode::About
        | Mode::Themes(_)
        | Mode::Contest(_) => {}
    }
}

fn tick(state: &mut State, now: Instant) -> Vec<Effect> {
    if state.button_down_until.is_some_and(|until| until <= now) {
        state.button_down_until = None;
        state.redraw = true;
    }
    state.redraw |= state.effects.is_due(now);
    for troubled in [&mut state.trouble, &mut state.blind].into_iter().flatten() {
        state.redraw |= troubled.count_down(now);
    }
    state.settle(now);
    if state.leave_by.is_some_and(|by| by <= now) {
        state.leave_by = None;
        return vec![Effect::Send(Command::Leave)];
    }
    if state.rest_until.is_some_and(|until| until <= now) {
        return suspend(state);
    }
    state.ask_what_is_due(now)
}

/// Stops; when it goes on, what others did meanwhile was not seen as it came.
fn suspend(state: &mut State) -> Vec<Effect> {
    state.rest_until = None;
    state.asleep = true;
    vec![Effect::Suspend]
}

impl State {
    /// Picks a player, and no longer the one who is still being added.
    fn pick(&mut self, id: Option<PlayerId>) {
        if self.picked != id {
            self.effects.picked();
        }
        self.picked = id;
        if let Some(adding) = &mut self.adding {
            adding.picked = false;
        }
    }

    /// Picks one's own player, on a server.
    pub(super) fn sit(&mut self, own: PlayerId) {
        if self.picked != Some(own) && self.player(own).is_some() {
            self.pick(Some(own));
            self.show_picked();
            self.follow_picked();
        }
    }

    /// Shows that the button was pressed.
    fn show_press(&mut self, presses: usize, now: Instant) {
        self.button_down_until = Some(now + BUTTON_DOWN);
        self.effects.pressed(presses as u64, now);
    }

    /// Scrolls the list, as far as it has rows.
    fn scroll_to(&mut self, top: usize) {
        let here = self.rows_here();
        let last = here.end.saturating_sub(self.viewport.rows);
        let top = top.min(last).max(here.start);
        if top != self.viewport.top {
            self.viewport.top = top;
            self.redraw = true;
        }
    }

    /// Scrolls just as far as the picked player's row needs.
    fn follow_picked(&mut self) {
        let mut top = self.viewport.top;
        if let Some(row) = self.picked.and_then(|id| self.row_of(id)) {
            top = top
                .min(row)
                .max((row + 1).saturating_sub(self.viewport.rows));
        }
        self.scroll_to(top);
    }

    fn picked_is_in_sight(&self) -> bool {
        self.picked
            .and_then(|id| self.row_of(id))
            .is_some_and(|row| {
                (self.viewport.top..self.viewport.top + self.viewport.rows).contains(&row)
            })
    }

    /// Changes the list and keeps the picked player in sight if it was.
    fn change_list(&mut self, change: impl FnOnce(&mut Self)) {
        let in_sight = self.picked_is_in_sight();
        change(self);
        self.refilter();
        if in_sight {
            self.follow_picked();
        } else {
            self.scroll_to(self.viewport.top);
        }
        self.redraw = true;
    }

    fn refilter(&mut self) {
        let wanted = self.filter.value().to_lowercase();
        let fits = |text: &str| text.to_lowercase().contains(&wanted);
        // What was found for less is narrowed until the answer for this is here.
        if let Some(finds) = &mut self.finds
            && finds.wanted != wanted
        {
            if wanted.contains(&finds.wanted) && !finds.wanted.is_empty() {
                let found = finds.players.iter();
                let found = found.filter(|p| fits(&p.name) || fits(&p.email));
                finds.players = Standings::new(found.cloned().collect());
            } else {
                self.finds = None;
            }
        }
        self.matches.clear();
        if !wanted.is_empty() {
            let found = self.ranking().iter();
            let found = found.filter(|p| fits(&p.name) || fits(&p.email));
            self.matches = found.map(|p| p.id).collect();
        }
    }
}
