//! A race: the presses of several players between two instants of their database's clock.
//!
//! How its numbers become final: each racer's client tells the database how many presses it has
//! made for its player from the start to the end *and* that are committed. This number only grows.
//! The client says that it is done once all of them are committed. The database closes the race
//! once, either when no racer is still racing, or when a client reports at least [`GRACE`] after
//! the end. A racer who is not done by then has left, and keeps the last number that was reported.
//! After that no row of the race changes, so everyone reads the same result.

use std::time::Duration;

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
