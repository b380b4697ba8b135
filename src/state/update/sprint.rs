//! Sprints: countdown, reasons to be void, and the result.

use std::time::Instant;

use super::State;
use crate::game::PlayerId;
use crate::game::contest::{Clock, Stage};
use crate::game::sprint::{Bests, COUNTDOWN, Sprinted};
use crate::message::{Command, Question};
use crate::state::{Contest, Fetched, Kind, Mode, Phase, Rival, SAVE_PATIENCE, SprintKept};
use crate::words::Say;

/// Starts the countdown.
pub fn begin(state: &mut State, now: Instant) {
    let Mode::Contest(contest) = &mut state.mode else {
        return;
    };
    contest.phase = Phase::On(Clock {
        start: now + COUNTDOWN,
        length: contest.length,
    });
    if let Some(player) = contest.player {
        state.send(Command::BeginSprint(player));
    }
}

/// Starts another sprint of the same length, against the best that is known by now.
pub fn again(state: &mut State, player: PlayerId, now: Instant) {
    let Some(Contest {
        length,
        rival: Rival::Ghost(ghost),
        ..
    }) = state.contest()
    else {
        return;
    };
    let (length, bests) = (*length, ghost.bests.clone());
    state.show_contest(Kind::Sprint, Some(player), Phase::Choosing, now);
    if let Mode::Contest(contest) = &mut state.mode
        && let Rival::Ghost(ghost) = &mut contest.rival
    {
        contest.length = length;
        ghost.bests = bests;
    }
    state.ask(Question::Bests(player));
    begin(state, now);
}

/// Handles the best sprints.
pub fn set_bests(state: &mut State, known: Result<(PlayerId, Bests), Say>) {
    let Mode::Contest(contest) = &mut state.mode else {
        return;
    };
    let Rival::Ghost(ghost) = &mut contest.rival else {
        return;
    };
    match known {
        Ok((player, bests)) if contest.player == Some(player) => {
            ghost.bests = Fetched::Ready(bests);
        }
        Ok(_) => {}
        Err(why) => ghost.bests = Fetched::Failed(why),
    }
}

/// Handles whether a sprint was kept. If best sprints are on the screen they are read again,
/// because they may have been read before this one was kept.
pub fn kept(state: &mut State, sprinted: &Sprinted, mut why_not: Option<Say>, now: Instant) {
    if why_not.is_none() {
        state.recall_again(sprinted.player, now);
    }
    if let Mode::Contest(contest) = &mut state.mode
        && let Rival::Ghost(ghost) = &mut contest.rival
        && contest.player == Some(sprinted.player)
    {
        let run = contest.run.as_ref();
        if contest.phase == Phase::Over
            && contest.length == sprinted.length
            && run.is_some_and(|run| *run.trace() == sprinted.trace)
        {
            ghost.kept = why_not.take().map_or(SprintKept::Yes, SprintKept::No);
        }
        state.ask(Question::Bests(sprinted.player));
    }
    if let Some(why) = why_not {
        let why = why.into();
        state.notice = Some(Say::SprintUnkept { why });
    }
}

/// Checks whether a message has made a sprint void, or has saved the last of its presses.
pub fn check(state: &mut State, clock: Clock, now: Instant) {
    let Some((contest, player)) = state.contest().and_then(|c| Some((c, c.player?))) else {
        return;
    };
    let tally = state.tally(player);
    let run = contest.run.as_ref();
    let refused = run.is_some_and(|run| run.is_refused(tally));
    let saving = contest.stage() == Stage::Saving;
    let void = if state.picked != Some(player) || state.standings.get(player).is_none() {
        Some(Say::VoidPlayerGone)
    } else if state.is_offline() {
        Some(Say::VoidLinkLost)
    } else if refused {
        Some(Say::VoidRefused)
    } else if saving && clock.end() + SAVE_PATIENCE <= now {
        Some(Say::VoidLate)
    } else {
        None
    };
    if let Some(why) = void {
        state.give_up(why);
        return;
    }
    let saved = run.filter(|run| saving && run.is_saved(tally));
    let Some(trace) = saved.map(|run| run.trace().clone()) else {
        return;
    };
    finish(
        state,
        Sprinted {
            player,
            length: clock.length,
            trace,
        },
    );
}

/// Shows the result, once all presses are committed.
fn finish(state: &mut State, sprinted: Sprinted) {
    if let Mode::Contest(contest) = &mut state.mode
        && let Rival::Ghost(ghost) = &mut contest.rival
    {
        contest.phase = Phase::Over;
        ghost.before = ghost.best(sprinted.length);
        ghost.raced = ghost.trace(sprinted.length).cloned();
        state.redraw = true;
        if sprinted.trace.total() == 0 {
            ghost.kept = SprintKept::Nothing;
            return;
        }
    }
    state.send(Command::KeepSprint(sprinted));
}
