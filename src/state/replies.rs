//! Replies that change the list: its opening, and changes of players.

use std::time::Instant;

use super::keys::count_presses;
use super::leaving::leave_if_asked;
use super::{Form, Mode, Purpose, State, editing, short};
use crate::game::{ChangedPlayers, MOVED, Player, PlayerId, Standings, Window};
use crate::message::{Change, Command, Rights, Seat};
use crate::words::Say;

/// Handles the first list. It picks the player who was asked for, otherwise the one who was played
/// last, otherwise the one with the login name. Nobody else is picked, so that the first press
/// raises no other score. A user who may not press gets the first player.
pub fn opened(
    state: &mut State,
    window: Window,
    last: Option<PlayerId>,
    kept: u64,
    rights: Rights,
) {
    state.loaded = true;
    state.rights = rights;
    state.trouble = None;
    state.kept = kept;
    state.standings = Standings::windowed(window);
    state.refilter();
    let all = || state.standings.iter();
    let named = |name: &str| all().find(|p| p.name == name).map(|p| p.id);
    let alike = |name: &str| {
        let name = name.to_lowercase();
        let mut alike = all().filter(|p| p.name.to_lowercase() == name);
        alike.next().map(|p| p.id).filter(|_| !name.is_empty())
    };
    let wanted = state.start_with.take();
    let login = &state.login;
    state.picked = match &wanted {
        _ if state.seat == Seat::Newcomer => None,
        Some(name) => named(name),
        None => last
            .filter(|id| state.standings.get(*id).is_some())
            .or_else(|| named(login).filter(|_| !login.is_empty()))
            .or_else(|| alike(login))
            .or_else(|| all().next().map(|p| p.id).filter(|_| !rights.play)),
    };
    state.last_played = state.picked.filter(|id| last == Some(*id));
    state.follow_picked();
    if state.picked.is_none() && rights.add {
        state.newcomer = Some(wanted.clone().unwrap_or_else(|| state.login.clone()));
    }
    if state.leaving {
        return;
    }
    match state.seat {
        Seat::Newcomer => state.mode = Mode::Form(Form::add(&state.login)),
        Seat::Player(own) => state.pick_own(own),
        Seat::Anyone | Seat::Watcher => {}
    }
    match wanted {
        Some(name) if state.picked.is_none() && !rights.add => {
            let name = short(&name);
            state.notice = Some(Say::NoSuchPlayer { name }.and(Say::MayNotAdd));
        }
        Some(name) if state.picked.is_none() => state.mode = Mode::Form(Form::add(&name)),
        None if state.standings.is_empty() && rights.add => {
            state.mode = Mode::Form(Form::add(&state.login));
        }
        _ => {}
    }
}

/// Remembers on this machine who was played last, if that changed.
pub fn remember(state: &mut State, id: PlayerId) {
    let name = state.player(id).map(|p| p.name.clone());
    if let Some(name) = name.filter(|_| state.last_played != Some(id)) {
        state.last_played = Some(id);
        state.send(Command::Remember(id, name));
    }
}

/// Handles changes by others.
pub fn changed(state: &mut State, players: &ChangedPlayers, gone: Vec<PlayerId>, now: Instant) {
    let players = state.news(players);
    let mut gone = gone;
    // A player who is being removed here goes with the answer to that.
    gone.retain(|id| state.player(*id).is_some() && state.removing != Some(*id));
    if players.is_empty() && gone.is_empty() {
        return;
    }
    let redraw = state.redraw;
    let lost = gone
        .iter()
        .find(|id| state.picked == Some(**id))
        .and_then(|id| state.player(*id))
        .map(|p| short(&p.name));
    state.ask_if_unclear(&players, now);
    state.record_paces(&players, now);
    state.announce_passers(&players, now);
    state.apply_changes(&players, &gone, MOVED, now);
    state.redraw = redraw;
    state.redraw_for_others(now);
    let about = match &state.mode {
        Mode::Confirm(id) => Some(*id),
        Mode::Form(form) => match form.purpose {
            Purpose::Edit(id) => Some(id),
            Purpose::Add => None,
        },
        Mode::History(_) | Mode::About => state.picked,
        _ => None,
    };
    if let Mode::Namesake(form, id) = &state.mode
        && gone.contains(id)
    {
        state.mode = Mode::Form(form.clone());
        state.redraw = true;
    }
    if about.is_some_and(|id| gone.contains(&id)) {
        state.mode = Mode::Play;
        state.redraw = true;
    }
    if let Some(name) = lost {
        // Nobody else is picked, because the next presses were meant for the removed player.
        state.picked = None;
        state.redraw = true;
        state.notice = Some(Say::RemovedByOther { name });
    }
}

/// Handles a committed change.
pub fn done(state: &mut State, change: Change, player: Player, now: Instant) {
    let id = player.id;
    match change {
        Change::Add(_) => {
            state.filter.reset();
            if !state.is_everyone() {
                state.known.insert(id, player.clone());
            }
            state.change_list(|state| state.put(&player));
            let adding = state.adding.take();
            state.take_seat(id);
            state.newcomer = None;
            if adding.as_ref().is_none_or(|a| a.picked) {
                state.picked = Some(id);
                state.show_picked();
                state.follow_picked();
            }
            let held = adding.map_or(0, |a| a.presses);
            count_presses(state, id, held, now);
            leave_if_asked(state);
        }
        Change::Edit(..) => {
            state.change_list(|state| state.put(&player));
            if state.last_played == Some(id) {
                // Remembered under the new name.
                state.last_played = None;
                remember(state, id);
            }
        }
        Change::Remove(_) => {
            state.removing = None;
            let name = state
                .player(id)
                .map_or_else(|| Box::new(Say::SomePlayer), |p| short(&p.name));
            let row = state.row_of(id);
            state.apply_changes(&[], &[id], MOVED, now);
            if state.picked == Some(id) {
                state.pick_instead(row);
                state.follow_picked();
            }
            state.notice = Some(Say::Removed { name });
        }
    }
}

/// Handles a change that was refused.
pub fn failed(state: &mut State, change: &Change, why: Say) {
    let mut sentence = editing::failed(change, why);
    if matches!(change, Change::Add(_))
        && let Some(adding) = state.adding.take()
        && adding.presses > 0
    {
        let presses = adding.presses;
        sentence = sentence.and(Say::ForNobody { presses });
    }
    if matches!(change, Change::Remove(_)) {
        state.removing = None;
    }
    state.notice = Some(sentence);
    leave_if_asked(state);
}
