//! A contest that is watched again as it was pressed.

use std::time::{Duration, Instant};

use crate::game::contest::{Length, STEP, Trace};

/// What is watched again, and how far it is. The time of a pause does not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// What there is to be watched, of which one is.
    films: Vec<Film>,
    /// Which, counted from 0.
    at: usize,
    /// How much of it was shown before the last pause.
    shown: Duration,
    /// Since when it goes on; nothing in a pause.
    since: Option<Instant>,
    /// When the last message came.
    as_of: Instant,
}

/// A contest as it was pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// How long it was run.
    pub length: Length,
    /// Who ran, the first first.
    pub lanes: Vec<ReplayLane>,
}

/// The part of one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayLane {
    /// The player's name.
    pub name: String,
    /// Whether it is that of the player who watches.
    pub own: bool,
    /// When the presses were made.
    pub trace: Trace,
}

impl Film {
    /// One of these lanes; nothing where there are none.
    pub fn new(length: Length, mut lanes: Vec<ReplayLane>) -> Option<Self> {
        lanes.sort_by_key(|lane| u64::MAX - lane.trace.total());
        (!lanes.is_empty()).then_some(Self { length, lanes })
    }
}

impl Replay {
    /// Begins with one of these films; nothing where there are none.
    pub(super) fn new(films: Vec<Film>, at: usize, now: Instant) -> Option<Self> {
        let at = at.min(films.len().checked_sub(1)?);
        Some(Self {
            films,
            at,
            shown: Duration::ZERO,
            since: Some(now),
            as_of: now,
        })
    }

    /// What is watched.
    pub fn film(&self) -> &Film {
        &self.films[self.at]
    }

    /// Which one it is, counted from 1, and of how many.
    pub fn place(&self) -> (usize, usize) {
        (self.at + 1, self.films.len())
    }

    /// How much of it was shown, as of the last message.
    pub fn elapsed(&self) -> Duration {
        let since = self
            .since
            .map(|since| self.as_of.saturating_duration_since(since));
        let elapsed = self.shown + since.unwrap_or_default();
        elapsed.min(self.film().length.time())
    }

    /// Whether it has come to its end.
    pub fn is_over(&self) -> bool {
        self.elapsed() == self.film().length.time()
    }

    /// Whether it waits for its viewer.
    pub fn is_paused(&self) -> bool {
        self.since.is_none()
    }

    /// When the screen shows something else: tenths of a second where it is lively.
    pub(super) fn due(&self, now: Instant, lively: bool) -> Option<Instant> {
        let since = self.since.filter(|_| !self.is_over())?;
        let whole = if lively { STEP } else { Duration::from_secs(1) };
        let shown = self.shown + now.saturating_duration_since(since);
        let next = whole * (shown.as_millis() / whole.as_millis() + 1) as u32;
        let next = next.min(self.film().length.time());
        Some(since + next.saturating_sub(self.shown))
    }

    /// Lets time pass; true where the screen is to show it.
    pub(super) fn advance(&mut self, now: Instant, lively: bool) -> bool {
        let due = self.due(self.as_of, lively);
        self.as_of = now;
        due.is_some_and(|due| due <= now)
    }

    /// Waits, or goes on; at its end it begins again.
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

    /// Begins again.
    pub(super) fn restart(&mut self, now: Instant) {
        self.shown = Duration::ZERO;
        self.since = Some(now);
        self.as_of = now;
    }

    /// Goes so many films further, as far as there are any.
    pub(super) fn turn(&mut self, by: isize, now: Instant) {
        let at = self.at.saturating_add_signed(by).min(self.films.len() - 1);
        if at != self.at {
            self.at = at;
            self.restart(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn film(length: Length, totals: &[u64]) -> Option<Film> {
        let lane = |total: &u64| {
            let mut trace = Trace::default();
            trace.add(Duration::ZERO, *total);
            ReplayLane {
                name: total.to_string(),
                own: false,
                trace,
            }
        };
        Film::new(length, totals.iter().map(lane).collect())
    }

    #[test]
    fn a_replay_shows_its_time_without_its_pauses_and_stands_still_at_its_end() {
        let ms = Duration::from_millis;
        let now = Instant::now();
        assert_eq!(film(Length::Five, &[]), None);
        assert_eq!(Replay::new(Vec::new(), 0, now), None);
        let films: Vec<Film> = [film(Length::Five, &[3, 9]), film(Length::Ten, &[1])]
            .into_iter()
            .flatten()
            .collect();
        let mut replay = Replay::new(films, 0, now).expect("a replay");
        let names: Vec<&str> = replay
            .film()
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
