//! A race: the presses of several players between two instants of their database's clock.
//!
//! How its numbers become final: each racer's client tells the database how many presses it has
//! made for its player from the start to the end *and* that are committed. This number only grows.
//! The client says that it is done once all of them are committed. The database closes the race
//! once, either when no racer is still racing, or when a client reports at least [`GRACE`] after
//! the end. A racer who is not done by then has left, and keeps the last number that was reported.
//! After that no row of the race changes, so everyone reads the same result.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::PlayerId;
use super::contest::{Length, Trace};

/// How long after a race's end the last presses may be reported. The databases use the same value.
pub const GRACE: Duration = Duration::from_secs(3);

/// How many past races are listed, with their names and traces. The databases keep this many,
/// including those that are still running.
pub const PAST: i64 = 20;

/// How many races' results are kept. Races won are counted from them.
pub const RESULTS: i64 = 10_000;

/// A race's key in its database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RaceId(pub i64);

/// A way into a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entrance {
    /// Open one over this length, or join the one that somebody has just opened.
    Open(Length),
    /// Join this one.
    Join(RaceId),
}

/// A racer's place in a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entered {
    /// The race.
    pub race: RaceId,
    /// The racer's number, counted from 1 in the order of joining.
    pub racer: i64,
}

/// The status of a racer in a race.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// More presses may come.
    Racing,
    /// All presses are reported.
    Done,
    /// The racer gave up, or did not report in time.
    Left,
}

/// A player in a race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Racer {
    /// Counted from 1 in the order of joining.
    pub number: i64,
    /// The player.
    pub player: PlayerId,
    /// The player's name when the racer joined.
    pub name: String,
    /// The committed presses, as last reported to the database.
    pub presses: u64,
    /// The racer's status.
    pub standing: Standing,
    /// When the presses were made, once the racer is done and has reported it.
    pub trace: Option<Trace>,
}

/// A race, as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Race {
    /// Its key.
    pub id: RaceId,
    /// How long it lasts.
    pub length: Length,
    /// When it starts, by the database's clock.
    pub start: Timestamp,
    /// Whether it is closed, so that nothing in it changes again.
    pub closed: bool,
    /// The racers, in the order of joining.
    pub racers: Vec<Racer>,
}

impl Race {
    /// Whether there is anything worth listing: a press, or a racer who stayed.
    pub fn was_run(&self) -> bool {
        let stayed = |r: &Racer| r.presses > 0 || r.standing != Standing::Left;
        self.racers.iter().any(stayed)
    }

    /// The racers with their ranks, best first. Equal presses share a rank.
    pub fn ranked(&self) -> Vec<(usize, &Racer)> {
        let mut racers: Vec<&Racer> = self.racers.iter().collect();
        racers.sort_by_key(|r| (u64::MAX - r.presses, r.number));
        let rank = |racer: &Racer| 1 + racers.iter().filter(|r| r.presses > racer.presses).count();
        racers.iter().map(|racer| (rank(racer), *racer)).collect()
    }
}

/// The offset between this machine's clock and the database's, measured by questions and their
/// answers.
///
/// The database read its clock at some time between question and answer, so the middle of the two
/// is wrong by at most half of that time. The fastest answer is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Offset(Option<Sample>);

/// One reading of the database's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// The time that it showed.
    pub time: Timestamp,
    /// The middle between question and answer, by this machine's clock.
    pub at: Instant,
    /// How long the answer took.
    pub took: Duration,
}

impl Offset {
    /// Uses a reading, if it is the best so far.
    pub fn measured(&mut self, sample: Sample) {
        if self.0.is_none_or(|best| sample.took <= best.took) {
            self.0 = Some(sample);
        }
    }

    /// When the database's clock shows or showed this time; none if it was never read.
    pub fn when(&self, time: Timestamp) -> Option<Instant> {
        let best = self.0?;
        let ahead = time.duration_since(best.time);
        if ahead.is_negative() {
            best.at.checked_sub(ahead.unsigned_abs())
        } else {
            best.at.checked_add(ahead.unsigned_abs())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn racer(number: i64, presses: u64) -> Racer {
        Racer {
            number,
            player: PlayerId(number),
            name: String::new(),
            presses,
            standing: Standing::Done,
            trace: None,
        }
    }

    #[test]
    fn of_all_answers_the_fastest_tells_the_time_whatever_the_clocks_are_apart() {
        let noon: Timestamp = "2026-11-03T12:00:00Z".parse().expect("a time");
        for apart in [-5_000_i64, 0, 5_000, 86_400_000] {
            let zero = noon + jiff::SignedDuration::from_millis(apart);
            let begun = Instant::now() + ms(10_000);
            let mut offset = Offset::default();
            assert_eq!(offset.when(noon), None);
            // Asked after so long, read so long after that, answered so long after that.
            for (asked, there, back) in [(0, 90, 10), (200, 3, 5), (400, 200, 900), (900, 1, 30)] {
                offset.measured(Sample {
                    time: zero + ms(asked + there),
                    at: begun + ms(asked) + ms(there + back) / 2,
                    took: ms(there + back),
                });
            }
            // The second answer took eight milliseconds, and was read one before its middle.
            for true_ms in [0, 200, 5_000, 70_000] {
                let when = offset.when(zero + ms(true_ms)).expect("a time");
                assert_eq!(when, begun + ms(true_ms) + ms(1), "{apart} {true_ms}");
            }
        }
    }

    #[test]
    fn equal_presses_are_equal_ranks_in_the_order_of_joining() {
        let race = Race {
            id: RaceId(1),
            length: Length::Ten,
            start: Timestamp::UNIX_EPOCH,
            closed: true,
            racers: vec![racer(1, 7), racer(2, 9), racer(3, 9), racer(4, 0)],
        };
        let ranked = race.ranked();
        let ranks: Vec<_> = ranked.iter().map(|(rank, r)| (*rank, r.number)).collect();
        assert_eq!(ranks, [(1, 2), (1, 3), (3, 1), (4, 4)]);
    }

    #[test]
    fn a_race_that_all_left_without_a_press_was_not_run() {
        let left = Racer {
            standing: Standing::Left,
            ..racer(1, 0)
        };
        for (racers, was_run) in [
            (vec![left.clone(), left.clone()], false),
            (vec![left.clone(), racer(2, 0)], true),
            (vec![Racer { presses: 1, ..left }], true),
            (vec![], false),
        ] {
            let race = Race {
                id: RaceId(1),
                length: Length::Five,
                start: Timestamp::UNIX_EPOCH,
                closed: true,
                racers,
            };
            assert_eq!(race.was_run(), was_run, "{race:?}");
        }
    }
}
