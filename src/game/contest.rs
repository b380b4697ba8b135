//! A contest: its length, its clock, and the presses made from its start to its end.

use std::time::{Duration, Instant};

use super::Tally;
use super::trace::whole_steps;

pub use super::trace::{Length, STEP, Trace};

/// The kinds of contest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Against one's own best.
    Sprint,
    /// Against other players.
    Race,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Sprint, Self::Race];
}

/// The stage that a contest has reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// The length is being chosen.
    Choosing,
    /// The database is asked for a contest.
    Entering,
    /// It starts in this many seconds, at least one.
    Starting(u64),
    /// Presses count, and this much time is left.
    Running(Duration),
    /// It is over, and its last presses are being saved.
    Saving,
    /// It has a result.
    Over,
    /// It can't be shown, or does not count.
    Void,
}

/// When a contest starts, and how long it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// The first instant at which a press counts.
    pub start: Instant,
    /// How long it lasts.
    pub length: Length,
}

impl Clock {
    /// The first instant at which a press is too late.
    pub fn end(self) -> Instant {
        self.start + self.length.time()
    }

    /// The time since the start, at most the contest's length.
    pub fn elapsed(self, now: Instant) -> Duration {
        let elapsed = now.saturating_duration_since(self.start);
        elapsed.min(self.length.time())
    }

    /// The stage, as far as the clock alone can tell.
    pub fn stage(self, now: Instant) -> Stage {
        if now < self.start {
            Stage::Starting(whole_seconds(self.start - now))
        } else if now < self.end() {
            Stage::Running(self.end() - now)
        } else {
            Stage::Saving
        }
    }

    /// When the displayed time next changes. It has whole seconds, or tenths of a second while it
    /// runs and if `tenths` is set.
    pub fn next(self, now: Instant, tenths: bool) -> Instant {
        if now < self.start {
            next_second(now, self.start)
        } else if tenths {
            let steps = whole_steps(self.elapsed(now)) as u32 + 1;
            (self.start + STEP * steps).min(self.end())
        } else {
            next_second(now, self.end())
        }
    }
}

/// Whole seconds, rounded up.
pub fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

/// When the number of whole seconds until `at` next changes.
pub fn next_second(now: Instant, at: Instant) -> Instant {
    let left = at.saturating_duration_since(now);
    now + match left.subsec_nanos() {
        0 => left.min(Duration::from_secs(1)),
        nanos => Duration::from_nanos(nanos.into()),
    }
}

/// The player's own presses in a contest that runs, or that is being saved.
///
/// It watches the presses that are made for the player between two instants. At the end they are
/// the last presses in the player's tally, so they are all committed once the whole tally is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    clock: Clock,
    trace: Trace,
    /// The player's tally at the start.
    before: Tally,
}

impl Run {
    /// A run that begins when the player's tally is `before`.
    pub fn new(clock: Clock, before: Tally) -> Self {
        Self {
            clock,
            trace: Trace::default(),
            before,
        }
    }

    /// Records presses that are made for the player now.
    pub fn pressed(&mut self, presses: u64, now: Instant) {
        if (self.clock.start..self.clock.end()).contains(&now) {
            self.trace.add(self.clock.elapsed(now), presses);
        }
    }

    /// Its presses so far.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// Whether presses were refused since the start.
    pub fn is_refused(&self, tally: Tally) -> bool {
        tally.refused > self.before.refused
    }

    /// Whether all presses up to the last of this run are committed. Holds only where none was
    /// refused since the start.
    pub fn is_saved(&self, tally: Tally) -> bool {
        let pressed = self.before.pressed + self.trace.total();
        tally.counted >= pressed.saturating_sub(self.before.refused)
    }

    /// How many of its presses are certainly committed, by this tally. Presses from before the
    /// start are committed first. A press that was refused since the start counts as one of this
    /// run.
    pub fn committed(&self, tally: Tally) -> u64 {
        let before = self.before.pressed.saturating_sub(self.before.refused);
        tally
            .counted
            .saturating_sub(before)
            .min(self.committable(tally))
    }

    /// How many of its presses are committed or can still be, by this tally.
    pub fn committable(&self, tally: Tally) -> u64 {
        let refused = tally.refused.saturating_sub(self.before.refused);
        self.trace.total().saturating_sub(refused)
    }
}
