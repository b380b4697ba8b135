//! Sprints: countdown, reasons to be void, and the result.

use std::time::Instant;

use super::State;
use crate::game::PlayerId;
use crate::game::contest::{Clock, Run, Stage};
use crate::game::sprint::{Bests, COUNTDOWN, Sprinted};
use crate::message::{Command, ContestCommand, Question};
use crate::state::{Fetched, Kind, Phase, SAVE_PATIENCE, SprintKept};
use crate::words::Say;

/// Starts the countdown.
pub fn begin(state: &mut State, now: Instant) {
    let Some(contest) = state.contest_mut() else {
        return;
    };
    contest.phase = Phase::On(Clock {
        start: now + COUNTDOWN,
        length: contest.length,
    });
    if let Some(player) = contest.player {
        state.send(Command::Contest(ContestCommand::BeginSprint(player)));
    }
}

/// Starts another sprint of the same length, against the best that is known by now.
pub fn again(state: &mut State, player: PlayerId, now: Instant) {
    let bests = state
        .ghost_mut()
        .map(|ghost| std::mem::take(&mut ghost.bests));
    state.show_contest(Kind::Sprint, Some(player), Phase::Choosing, now);
    if let Some(ghost) = state.ghost_mut() {
        ghost.bests = bests.unwrap_or_default();
    }
    state.ask(Question::Bests(player));
    begin(state, now);
}

/// Handles the best sprints.
pub fn set_bests(state: &mut State, known: Result<(PlayerId, Bests), Say>) {
    let player = state.contest().and_then(|contest| contest.player);
    let Some(ghost) = state.ghost_mut() else {
        return;
    };
    ghost.bests = match known {
        Ok((of, bests)) if player == Some(of) => Fetched::Ready(bests),
        Ok(_) => return,
        Err(why) => Fetched::Failed(why),
    };
}

/// Handles whether a sprint was kept. If best sprints are on the screen they are read again,
/// because they may have been read before this one was kept.
pub fn kept(state: &mut State, sprinted: &Sprinted, mut why_not: Option<Say>, now: Instant) {
    if why_not.is_none() {
        state.recall_again(sprinted.player, now);
    }
    let contest = state.contest_of(Kind::Sprint);
    if let Some(contest) = contest.filter(|contest| contest.player == Some(sprinted.player)) {
        let is_shown = contest.phase == Phase::Over
            && contest.length == sprinted.length
            && contest.run.as_ref().map(Run::trace) == Some(&sprinted.trace);
        if let Some(ghost) = state.ghost_mut().filter(|_| is_shown) {
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
    if let Some(trace) = saved.map(|run| run.trace().clone()) {
        let length = clock.length;
        let sprinted = Sprinted {
            player,
            length,
            trace,
        };
        finish(state, sprinted);
    }
}

/// Shows the result, once all presses are committed.
fn finish(state: &mut State, sprinted: Sprinted) {
    let Some(ghost) = state.ghost_mut() else {
        return;
    };
    ghost.before = ghost.best(sprinted.length);
    ghost.raced = ghost.trace(sprinted.length).cloned();
    let is_empty = sprinted.trace.total() == 0;
    if is_empty {
        ghost.kept = SprintKept::Nothing;
    }
    if let Some(contest) = state.contest_mut() {
        contest.phase = Phase::Over;
    }
    state.redraw = true;
    if !is_empty {
        state.send(Command::Contest(ContestCommand::KeepSprint(sprinted)));
    }
}
