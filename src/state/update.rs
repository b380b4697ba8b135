//! What each message and each reply of the worker does to the state: the whole behaviour of the
//! game.

use std::time::Instant;

use super::{
    BUTTON_DOWN, Context, Fetched, State, Troubled, editing, keys, leaving, offer, picking, race,
    replies, sprint, typing,
};
use crate::message::{Command, Effect, Message, Question, Reply};
use crate::words::Say;

/// Applies a message to the state, and returns what has to be done outside of it.
///
/// `now` is the time of the message. Nothing in here reads a clock.
pub fn update(state: &mut State, message: Message, now: Instant) -> Vec<Effect> {
    let notice = state.take_notice(&message, now);
    state.pass_time(now);
    handle(state, message, now);
    state.check_contest(now);
    state.follow_pick(now);
    state.ask_for_list(now);
    state.restore_notice(notice, now);
    if state.redraw {
        state.effects.frame(now);
    }
    std::mem::take(&mut state.to_do)
}

fn handle(state: &mut State, message: Message, now: Instant) {
    keys::end_hold(state, &message);
    match message {
        Message::Held => keys::repeat(state, now),
        Message::Released => {}
        Message::KeysReported | Message::KeysNotReported => {
            state.keys_reported = message == Message::KeysReported;
        }
        Message::Action(action) => {
            state.redraw = true;
            keys::act(state, action, now);
        }
        Message::Type(request) => {
            state.redraw = true;
            typing::edit(state, request);
        }
        Message::Paste(text) => typing::paste(state, &text, now),
        Message::Pick(id) => {
            let in_list = matches!(state.context(), Context::Play | Context::Filter);
            if in_list && state.row_of(id).is_some() {
                state.redraw = true;
                state.pick(Some(id));
            }
        }
        Message::Scroll(rows) => picking::scroll(state, rows as isize),
        Message::Viewport(metrics) => {
            state.help_overflow = metrics.help_overflow;
            state.scroll_help(0);
            if state.viewport.rows != metrics.list_rows.max(1) {
                state.viewport.rows = metrics.list_rows.max(1);
                state.follow_picked();
                state.redraw = true;
            }
        }
        Message::Unbound(key) => {
            if state.context() == Context::Play {
                state.redraw = true;
                let help = state.help_key.clone();
                state.notice = Some(match help.is_empty() {
                    true => Say::KeyDoesNothing { key },
                    false => Say::KeyDoesNothingHelp { key, help },
                });
            }
        }
        Message::Reply(reply) => on_reply(state, reply, now),
        Message::Tick => tick(state, now),
        Message::Behind => {
            state.effects.pause(now);
            state.bell.cancel();
        }
        Message::Stop(stop) => {
            state.redraw = true;
            let again = state.stop.replace(stop).is_some() && !stop.is_hang_up();
            leaving::leave(state, again, now);
        }
        Message::Suspended => leaving::rest(state, now),
    }
}

/// Applies a reply of the worker.
fn on_reply(state: &mut State, reply: Reply, now: Instant) {
    let quiet = matches!(
        reply,
        Reply::Changed { .. } | Reply::ClockMoved | Reply::RaceSeen(..)
    );
    state.redraw |= !quiet;
    match reply {
        Reply::Opened {
            window,
            last,
            kept,
            rights,
        } => replies::opened(state, window, last, kept, rights),
        Reply::Seated(seat) => state.seat = seat,
        Reply::Shown(aim, window) => state.shown(aim, window),
        Reply::Surrounded(player, window) => state.surrounded(player, window),
        Reply::Found(found) => state.found(found),
        Reply::Unanswered(question, why) => unanswered(state, question, why),
        Reply::Named(name, found) => editing::named(state, &name, found),
        Reply::Changed { players, gone } => replies::changed(state, &players, gone, now),
        Reply::Counted {
            player,
            counted,
            score,
        } => {
            let tally = state.tallies.entry(player).or_default();
            let news = counted.saturating_sub(tally.counted);
            tally.counted = counted;
            if let Some(watch_trouble) = &mut state.watch_trouble {
                // The server was reached, so only the poll for others fails.
                watch_trouble.trouble.offline = false;
            }
            state.commit_score(player, score, news, now);
            if news > 0 {
                replies::remember(state, player);
            }
        }
        Reply::Delivered {
            player,
            presses,
            score,
        } => {
            state.kept = state.kept.saturating_sub(presses);
            state.commit_score(player, score, presses, now);
            if state.kept == 0 {
                state.notice = Some(Say::KeptSaved);
            }
        }
        Reply::ServerForgot { player, presses } => {
            let tally = state.tallies.entry(player).or_default();
            tally.counted = tally.counted.saturating_sub(presses);
            state.notice = Some(Say::ServerForgot { presses });
        }
        Reply::Refused {
            player,
            presses,
            why,
        } => {
            if let Some(tally) = state.tallies.get_mut(&player) {
                tally.refused += presses;
            }
            state.notice = Some(why);
        }
        Reply::Rules(rules) => state.rules = rules,
        Reply::OverRate {
            player,
            presses,
            limit,
        } => state.refuse_over_rate(player, presses, limit, now),
        Reply::RefusedKept { presses, why } => {
            state.kept = state.kept.saturating_sub(presses);
            state.notice = Some(why);
        }
        Reply::Trouble(trouble) => state.trouble = Some(Troubled::new(trouble, now)),
        Reply::Recovered => {
            state.trouble = None;
            state.kept_here = 0;
        }
        Reply::Kept(presses) => state.kept_here = presses,
        Reply::WatchTrouble(mut trouble) => {
            // If a count has succeeded meanwhile, only the poll for others fails.
            let before = state.watch_trouble.as_ref();
            trouble.offline &= before.is_none_or(|before| before.trouble.offline);
            state.watch_trouble = Some(Troubled::new(trouble, now));
        }
        Reply::WatchRecovered => {
            state.watch_trouble = None;
            state.ask_for_today(now);
        }
        Reply::RoundTrip(time) => state.round_trip = Some(time),
        Reply::Done(change, player) => replies::done(state, change, player, now),
        Reply::Failed(change, why) => replies::failed(state, &change, why),
        Reply::Ranked(period, clock, ranking) => state.ranked(period, clock, &ranking),
        Reply::Recalled(player, clock, record) => state.recalled(player, clock, &record),
        Reply::ClockMoved => {
            state.ask_for_today(now);
            state.give_up(Say::VoidSlept);
        }
        Reply::Bests(player, bests) => sprint::set_bests(state, Ok((player, bests))),
        Reply::SprintKept(sprinted) => sprint::kept(state, &sprinted, None, now),
        Reply::SprintUnkept(sprinted, why) => sprint::kept(state, &sprinted, Some(why), now),
        Reply::RaceOpened(race, reading) => offer::opened(state, &race, reading, now),
        Reply::RaceEntered(player, entered) => race::entered(state, player, entered, now),
        Reply::RaceMissed(why) => race::missed(state, why),
        Reply::RaceSeen(id, race, reading) => race::seen(state, id, race, reading, now),
        Reply::RaceUnseen(why) => race::unseen(state, why),
        Reply::Races(races) => race::set_last_races(state, Fetched::Ready(races)),
        Reply::Notice(sentence) => state.notice = Some(sentence),
        Reply::Resting if state.rest_until.is_some() => leaving::suspend(state),
        Reply::Resting => {}
        Reply::Left(farewell) => leaving::end(state, farewell, None),
        Reply::Broken {
            why,
            kind,
            farewell,
        } => leaving::end(state, farewell, Some((kind, why))),
    }
}

/// Handles a question that can't be answered.
fn unanswered(state: &mut State, question: Question, why: Say) {
    match question {
        Question::Show(..) | Question::Surround(_) | Question::Search(_) => state.not_found(why),
        Question::Named(name) => editing::named(state, &name, None),
        Question::Rank(..) | Question::Recall(_) => state.forgotten(why),
        Question::Bests(_) => sprint::set_bests(state, Err(why)),
        Question::Races => race::set_last_races(state, Fetched::Failed(why)),
        // The game does not ask this.
        Question::OpenRace => {}
    }
}

fn tick(state: &mut State, now: Instant) {
    if state.button_down_until.is_some_and(|until| until <= now) {
        state.button_down_until = None;
        state.redraw = true;
    }
    state.redraw |= state.effects.is_due(now);
    for troubled in [&mut state.trouble, &mut state.watch_trouble]
        .into_iter()
        .flatten()
    {
        state.redraw |= troubled.count_down(now);
    }
    state.expire(now);
    if state.leave_by.is_some_and(|by| by <= now) {
        state.leave_by = None;
        return state.send(Command::Leave);
    }
    if state.rest_until.is_some_and(|until| until <= now) {
        return leaving::suspend(state);
    }
    state.ask_what_is_due(now);
}

impl State {
    /// Asks the event loop to do this after the message.
    pub(super) fn ask_for(&mut self, effect: Effect) {
        self.to_do.push(effect);
    }

    /// Sends a command to the worker after the message.
    pub(super) fn send(&mut self, command: impl Into<Command>) {
        self.ask_for(Effect::Send(command.into()));
    }

    /// Asks the database after the message.
    pub(super) fn ask(&mut self, question: Question) {
        self.send(Command::Ask(question));
    }

    /// Shows that the button was pressed.
    pub(super) fn show_press(&mut self, presses: usize, now: Instant) {
        self.button_down_until = Some(now + BUTTON_DOWN);
        self.effects.pressed(presses as u64, now);
    }
}
