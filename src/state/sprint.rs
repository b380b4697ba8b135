//! A sprint from the choice of its length to its result, as the screen shows it.

use std::time::{Duration, Instant};

use crate::game::sprint::{Bests, COUNTDOWN, Length, Run, Trace};
use crate::game::{PlayerId, Tally};
use crate::words::Say;

/// Whole seconds until an instant, at least one.
pub(super) fn seconds_between(now: Instant, at: Instant) -> u64 {
    let left = at.saturating_duration_since(now);
    (left.as_secs() + u64::from(left.subsec_nanos() > 0)).max(1)
}

/// When the number of seconds until an instant is another.
pub(super) fn whole_second(now: Instant, at: Instant) -> Instant {
    let left = at.saturating_duration_since(now);
    now + match left.subsec_nanos() {
        0 => left.min(Duration::from_secs(1)),
        nanos => Duration::from_nanos(nanos.into()),
    }
}

/// How long the commit of a sprint's last presses is waited for.
pub const SAVE_PATIENCE: Duration = Duration::from_secs(10);

/// A sprint, from the choice of its length on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sprint {
    /// Who sprints.
    pub player: PlayerId,
    /// How long.
    pub length: Length,
    /// What is known of sprints so far; the ghost comes from it.
    pub bests: Known,
    /// How far it is.
    pub phase: Phase,
    /// When the last message came.
    as_of: Instant,
}

/// What is known of the best sprints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// The answer is still to come.
    NotYet,
    /// As the database has them.
    Read(Bests),
    /// They can't be read, and why.
    Not(Say),
}

/// How far a sprint is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The length is being chosen.
    Choosing,
    /// It starts at this instant.
    Countdown(Instant),
    /// Its presses are made.
    Running(Run),
    /// It is over, and its presses are being committed.
    Saving {
        /// The sprint.
        run: Run,
        /// How many of this run's presses for the player must be committed.
        goal: u64,
        /// Until when this is waited for.
        until: Instant,
    },
    /// Its presses are committed.
    Done {
        /// The presses.
        trace: Trace,
        /// The player's best before, where there was one and it was known.
        before: Option<u64>,
        /// What became of it in the database.
        kept: Kept,
    },
    /// It does not count, and why.
    Void(Say),
}

/// What became of a result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is on its way.
    NotYet,
    /// The database has it, or a better one.
    Yes,
    /// It has nothing to keep: no press was made.
    Nothing,
    /// It can't be kept, and why.
    No(Say),
}

impl Sprint {
    /// A choice that begins with a length.
    pub(super) fn of(player: PlayerId, length: Length, now: Instant) -> Self {
        Self {
            player,
            length,
            bests: Known::NotYet,
            phase: Phase::Choosing,
            as_of: now,
        }
    }

    /// Whole seconds until a start, at least one, as of the last message.
    pub fn seconds_to(&self, start: Instant) -> u64 {
        seconds_between(self.as_of, start)
    }

    /// How long it has been run, as of the last message.
    pub fn elapsed(&self, run: &Run) -> Duration {
        run.elapsed(self.as_of)
    }

    /// Begins the countdown.
    pub(super) fn begin(&mut self, now: Instant) {
        self.phase = Phase::Countdown(now + COUNTDOWN);
    }

    /// Whether an interruption makes it void: it has begun, and its result is not known.
    pub fn is_on(&self) -> bool {
        matches!(
            self.phase,
            Phase::Countdown(_) | Phase::Running(_) | Phase::Saving { .. }
        )
    }

    /// What the database knows, if it has said.
    pub fn read(&self) -> Option<&Bests> {
        match &self.bests {
            Known::Read(bests) => Some(bests),
            Known::NotYet | Known::Not(_) => None,
        }
    }

    /// The player's best over this length before this sprint, where it is known.
    pub fn best(&self) -> Option<u64> {
        let own = self.read()?.own(self.length)?;
        Some(own.presses)
    }

    /// The trace of that best.
    pub fn ghost(&self) -> Option<&Trace> {
        self.read()?.own(self.length)?.ghost.as_ref()
    }

    /// When it is to be looked at again.
    pub(super) fn due(&self, now: Instant) -> Option<Instant> {
        match &self.phase {
            Phase::Countdown(start) => Some(whole_second(now, *start)),
            Phase::Running(run) => Some(run.next_step(now)),
            Phase::Saving { until, .. } => Some(*until),
            Phase::Choosing | Phase::Done { .. } | Phase::Void(_) => None,
        }
    }

    /// Lets time pass, with the presses as they were just before `now`; true where the screen is
    /// to show it.
    pub(super) fn advance(&mut self, tally: Tally, now: Instant) -> bool {
        let stepped = self.due(self.as_of).is_some_and(|at| at <= now);
        self.as_of = now;
        if let Phase::Countdown(start) = self.phase
            && start <= now
        {
            self.phase = Phase::Running(Run::new(start, self.length, tally));
        }
        match &self.phase {
            Phase::Running(run) if run.end() <= now => {
                self.phase = Phase::Saving {
                    goal: run.goal(tally),
                    until: run.end() + SAVE_PATIENCE,
                    run: run.clone(),
                };
                true
            }
            Phase::Running(_) | Phase::Countdown(_) => stepped,
            _ => false,
        }
    }

    /// Takes notice of presses for its player.
    pub(super) fn pressed(&mut self, presses: u64, now: Instant) {
        if let Phase::Running(run) = &mut self.phase {
            run.pressed(presses, now);
        }
    }
}
