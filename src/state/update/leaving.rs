//! How the game ends, and how it stops for a while.

use std::time::Instant;

use super::{State, short};
use crate::message::{BrokenKind, Command, Effect, Farewell};
use crate::state::{ADD_PATIENCE, Contest, Ended, Kind, Mode, REST_PATIENCE};
use crate::words::Say;

/// Begins to leave; asked again, leaves at once.
pub fn leave(state: &mut State, again: bool, now: Instant) -> Vec<Effect> {
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

/// Leaves now that nobody is on the way in, if that is what it waited for.
pub fn leave_if_asked(state: &mut State) -> Vec<Effect> {
    let asked = state.leave_by.take();
    asked.map_or_else(Vec::new, |_| vec![Effect::Send(Command::Leave)])
}

/// Ends the game now that the worker has.
pub fn end(state: &mut State, mut farewell: Farewell, broken: Option<(BrokenKind, Say)>) {
    if let Some(adding) = state.adding.take()
        && adding.presses > 0
    {
        // The worker has never heard of them.
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

/// Has the worker rest before the process stops.
pub fn rest(state: &mut State, now: Instant) -> Vec<Effect> {
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

/// Stops; when it goes on, what others did meanwhile was not seen as it came.
pub fn suspend(state: &mut State) -> Vec<Effect> {
    state.rest_until = None;
    state.asleep = true;
    vec![Effect::Suspend]
}
