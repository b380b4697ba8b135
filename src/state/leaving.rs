//! Leaving and suspending.

use std::time::Instant;

use super::{ADD_PATIENCE, Contest, Ended, Kind, Mode, REST_PATIENCE, State, short};
use crate::message::{BrokenKind, Command, Effect, Farewell};
use crate::words::Say;

/// Starts to leave. If it is asked for again, leaves at once.
pub fn leave(state: &mut State, again: bool, now: Instant) {
    let at_once = again && state.leaving;
    if state.contest_of(Kind::Sprint).is_some_and(Contest::is_on) {
        state.notice = Some(Say::SprintLeft);
        state.sprint_void = true;
    }
    if at_once {
        state.mode = Mode::Play;
        return state.send(Command::LeaveNow);
    }
    state.give_up(Say::VoidGivenUp);
    state.leaving = true;
    state.mode = Mode::Play;
    if state.adding.as_ref().is_some_and(|a| a.presses > 0) {
        // Presses for a player who is being added can be sent once the player has a key.
        state.leave_by.get_or_insert(now + ADD_PATIENCE);
    } else {
        state.send(Command::Leave);
    }
}

/// Leaves, if leaving was waiting for a player to be added.
pub fn leave_if_asked(state: &mut State) {
    if state.leave_by.take().is_some() {
        state.send(Command::Leave);
    }
}

/// Ends the game after the worker has ended.
pub fn end(state: &mut State, mut farewell: Farewell, broken: Option<(BrokenKind, Say)>) {
    if let Some(adding) = state.adding.take()
        && adding.presses > 0
    {
        // These presses were never sent to the worker.
        let name = short(&adding.name);
        let why = Say::NotAddedInTime { name };
        let (lost, why) = farewell.lost.take().unwrap_or((0, why));
        farewell.lost = Some((lost + adding.presses, why));
    }
    let summary = state.summary();
    state.ended = Some(Ended {
        summary,
        farewell,
        broken,
        sprint_void: state.sprint_void
            || state.contest_of(Kind::Sprint).is_some_and(Contest::is_on),
        stop: state.stop,
    });
}

/// Asks the worker to rest before the process is suspended.
pub fn rest(state: &mut State, now: Instant) {
    // A second SIGTSTP while the worker is finishing must not start the wait again.
    if state.rest_until.is_some() {
        return;
    }
    // A race continues meanwhile.
    if state.contest_of(Kind::Sprint).is_some() {
        state.give_up(Say::VoidSuspended);
    }
    state.rest_until = Some(now + REST_PATIENCE);
    state.send(Command::Rest);
}

/// Suspends. Afterwards it is not known when others made their presses.
pub fn suspend(state: &mut State) {
    state.rest_until = None;
    state.asleep = true;
    state.ask_for(Effect::Suspend);
}
