//! Sprints: their data, the countdown, reasons to be void, and the result.

use std::time::{Duration, Instant};

use super::fetched::Fetched;
use super::{Kind, Phase, State};
use crate::game::PlayerId;
use crate::game::contest::{Clock, Length, Run, Stage, Trace};
use crate::game::sprint::{Best, Bests, COUNTDOWN, Sprinted};
use crate::message::{ContestCommand, Question};
use crate::words::Say;

/// How long to wait for the commit of a sprint's last presses.
pub const SAVE_PATIENCE: Duration = Duration::from_secs(10);

/// The best sprints, and how the player's sprint compares with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ghost {
    /// The best results; the ghost is one of them.
    pub bests: Fetched<Bests>,
    /// The player's best before this sprint, if there was one and it was known.
    pub before: Option<u64>,
    /// The ghost of this sprint. A new best replaces it in `bests`.
    pub raced: Option<Trace>,
    /// Whether the database has kept the result.
    pub kept: SprintKept,
}

/// Whether a result was kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SprintKept {
    /// Not known yet.
    #[default]
    NotYet,
    /// The database has it, or a better one.
    Yes,
    /// There was nothing to keep: no press was made.
    Nothing,
    /// It can't be kept, for this reason.
    No(Say),
}

impl Ghost {
    /// The best results, if they are read.
    pub fn read(&self) -> Option<&Bests> {
        match &self.bests {
            Fetched::Ready(bests) => Some(bests),
            Fetched::Pending | Fetched::Failed(_) => None,
        }
    }

    /// The player's best of this length, if known.
    pub fn best(&self, length: Length) -> Option<u64> {
        self.own(length).map(|best| best.presses)
    }

    /// The trace of the player's best of this length.
    pub fn trace(&self, length: Length) -> Option<&Trace> {
        self.own(length)?.ghost.as_ref()
    }

    fn own(&self, length: Length) -> Option<&Best> {
        self.read()?.own(length)
    }
}

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
        state.send(ContestCommand::BeginSprint(player));
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
        state.send(ContestCommand::KeepSprint(sprinted));
    }
}
