//! The replay of a contest.

use std::time::{Duration, Instant};

use crate::game::contest::{Length, STEP, Trace};

/// A replay and its position. Pauses do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The recordings to choose from.
    recordings: Vec<Recording>,
    /// The current one, counted from 0.
    at: usize,
    /// How much of it was played before the last pause.
    shown: Duration,
    /// When it was last started; none during a pause.
    since: Option<Instant>,
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
    pub(super) fn new(recordings: Vec<Recording>, at: usize, now: Instant) -> Option<Self> {
        let at = at.min(recordings.len().checked_sub(1)?);
        Some(Self {
            recordings,
            at,
            shown: Duration::ZERO,
            since: Some(now),
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

    /// The position, as of the last message.
    pub fn elapsed(&self) -> Duration {
        let since = self
            .since
            .map(|since| self.as_of.saturating_duration_since(since));
        let elapsed = self.shown + since.unwrap_or_default();
        elapsed.min(self.recording().length.time())
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.elapsed() == self.recording().length.time()
    }

    /// Whether it is paused.
    pub fn is_paused(&self) -> bool {
        self.since.is_none()
    }

    /// When the picture next changes: every tenth of a second if animation is on, otherwise every
    /// second.
    pub(super) fn due(&self, now: Instant, lively: bool) -> Option<Instant> {
        let since = self.since.filter(|_| !self.is_over())?;
        let whole = if lively { STEP } else { Duration::from_secs(1) };
        let shown = self.shown + now.saturating_duration_since(since);
        let next = whole * (shown.as_millis() / whole.as_millis() + 1) as u32;
        let next = next.min(self.recording().length.time());
        Some(since + next.saturating_sub(self.shown))
    }

    /// Advances the time. True if the screen has to be redrawn.
    pub(super) fn advance(&mut self, now: Instant, lively: bool) -> bool {
        let due = self.due(self.as_of, lively);
        self.as_of = now;
        due.is_some_and(|due| due <= now)
    }

    /// Pauses or continues. At its end it starts again.
    pub(super) fn pause(&mut self, now: Instant) {
        if self.is_over() {
            return self.restart(now);
        }
        self.shown = self.elapsed();
        self.since = match self.since {
            Some(_) => None,
            None => Some(now),
        };
    }

    /// Starts again.
    pub(super) fn restart(&mut self, now: Instant) {
        self.shown = Duration::ZERO;
        self.since = Some(now);
        self.as_of = now;
    }

    /// Moves on by this many recordings, as far as there are any.
    pub(super) fn turn(&mut self, by: isize, now: Instant) {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(length: Length, totals: &[u64]) -> Option<Recording> {
        let lane = |total: &u64| {
            let mut trace = Trace::default();
            trace.add(Duration::ZERO, *total);
            ReplayLane {
                name: total.to_string(),
                own: false,
                trace,
            }
        };
        Recording::new(length, totals.iter().map(lane).collect())
    }

    #[test]
    fn a_replay_shows_its_time_without_its_pauses_and_stands_still_at_its_end() {
        let ms = Duration::from_millis;
        let now = Instant::now();
        assert_eq!(recording(Length::Five, &[]), None);
        assert_eq!(Replay::new(Vec::new(), 0, now), None);
        let recordings: Vec<Recording> = [
            recording(Length::Five, &[3, 9]),
            recording(Length::Ten, &[1]),
        ]
        .into_iter()
        .flatten()
        .collect();
        let mut replay = Replay::new(recordings, 0, now).expect("a replay");
        let names: Vec<&str> = replay
            .recording()
            .lanes
            .iter()
            .map(|l| l.name.as_str())
            .collect();
        assert_eq!(names, ["9", "3"]);
        assert_eq!(replay.due(now, true), Some(now + ms(100)));
        assert_eq!(replay.due(now, false), Some(now + ms(1_000)));
        assert!(!replay.advance(now + ms(50), true));
        assert!(replay.advance(now + ms(1_250), true));
        assert_eq!(replay.due(now + ms(1_250), true), Some(now + ms(1_300)));
        replay.pause(now + ms(1_250));
        assert_eq!((replay.elapsed(), replay.is_paused()), (ms(1_250), true));
        assert_eq!(replay.due(now + ms(1_250), true), None, "asleep");
        assert!(!replay.advance(now + ms(9_000), true));
        replay.pause(now + ms(9_000));
        assert_eq!(replay.due(now + ms(9_000), true), Some(now + ms(9_050)));
        assert!(replay.advance(now + ms(60_000), true));
        assert!(replay.is_over());
        assert_eq!(replay.elapsed(), ms(5_000));
        assert_eq!(replay.due(now + ms(60_000), true), None, "asleep");
        replay.pause(now + ms(60_000));
        assert_eq!((replay.elapsed(), replay.is_paused()), (ms(0), false));
        replay.advance(now + ms(61_000), true);
        replay.turn(1, now + ms(61_000));
        assert_eq!((replay.place(), replay.elapsed()), ((2, 2), ms(0)));
        replay.advance(now + ms(62_000), true);
        replay.turn(1, now + ms(62_000));
        assert_eq!(replay.elapsed(), ms(1_000), "there is no later one");
        replay.turn(-7, now + ms(62_000));
        assert_eq!(replay.place(), (1, 2));
    }
}
