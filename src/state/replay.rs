//! The replay of a contest.

use std::time::{Duration, Instant};

use crate::game::contest::{Clock, Length, Trace};

/// A replay and its position. Pauses do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The recordings to choose from.
    recordings: Vec<Recording>,
    /// The current one, counted from 0.
    at: usize,
    /// When it was started, later by the time of its pauses.
    start: Instant,
    /// How much of it was played before the pause, if it is paused.
    paused: Option<Duration>,
    /// The time of the last message.
    as_of: Instant,
}

/// The recording of a contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// How long it lasted.
    pub length: Length,
    /// The players, best first.
    pub lanes: Vec<ReplayLane>,
}

/// The recording of one player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayLane {
    /// The player's name.
    pub name: String,
    /// Whether it is the viewer's own.
    pub own: bool,
    /// The times of the presses.
    pub trace: Trace,
}

impl Recording {
    /// A recording with these lanes; none if there are no lanes.
    pub fn new(length: Length, mut lanes: Vec<ReplayLane>) -> Option<Self> {
        lanes.sort_by_key(|lane| u64::MAX - lane.trace.total());
        (!lanes.is_empty()).then_some(Self { length, lanes })
    }
}

impl Replay {
    /// Starts one of these recordings; none if there are none.
    pub fn new(recordings: Vec<Recording>, at: usize, now: Instant) -> Option<Self> {
        let at = at.min(recordings.len().checked_sub(1)?);
        Some(Self {
            recordings,
            at,
            start: now,
            paused: None,
            as_of: now,
        })
    }

    /// The current recording.
    pub fn recording(&self) -> &Recording {
        &self.recordings[self.at]
    }

    /// The number of the current recording, counted from 1, and the number of all.
    pub fn place(&self) -> (usize, usize) {
        (self.at + 1, self.recordings.len())
    }

    fn clock(&self) -> Clock {
        let (start, length) = (self.start, self.recording().length);
        Clock { start, length }
    }

    /// The position, as of the last message.
    pub fn elapsed(&self) -> Duration {
        let played = || self.clock().elapsed(self.as_of);
        self.paused.unwrap_or_else(played)
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.elapsed() == self.recording().length.time()
    }

    /// Whether it is paused.
    pub fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// When the picture next changes: every tenth of a second if animation is on, otherwise every
    /// second.
    pub fn due(&self, now: Instant, lively: bool) -> Option<Instant> {
        let plays = !self.is_paused() && !self.is_over();
        plays.then(|| self.clock().next(now, lively))
    }

    /// Advances the time. True if the screen has to be redrawn.
    pub fn advance(&mut self, now: Instant, lively: bool) -> bool {
        let due = self.due(self.as_of, lively);
        self.as_of = now;
        due.is_some_and(|due| due <= now)
    }

    /// Pauses or continues. At its end it starts again.
    pub fn pause(&mut self, now: Instant) {
        if self.is_over() {
            return self.restart(now);
        }
        self.paused = match self.paused {
            None => Some(self.elapsed()),
            Some(played) => {
                self.start = now.checked_sub(played).unwrap_or(now);
                None
            }
        };
    }

    /// Starts again.
    pub fn restart(&mut self, now: Instant) {
        (self.start, self.paused, self.as_of) = (now, None, now);
    }

    /// Moves on by this many recordings, as far as there are any.
    pub fn turn(&mut self, by: isize, now: Instant) {
        let at = self
            .at
            .saturating_add_signed(by)
            .min(self.recordings.len() - 1);
        if at != self.at {
            self.at = at;
            self.restart(now);
        }
    }
}
