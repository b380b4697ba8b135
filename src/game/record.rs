//! What a database keeps of one player: points by quarter hours, best sprints, the last races.

use jiff::Timestamp;

use super::calendar::Quarter;
use super::contest::{Length, Trace};

/// A player's record, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The score, which is the sum of the points.
    pub score: i64,
    /// The points of each quarter hour that has any, in order. [`Quarter::BEFORE`] comes first and
    /// holds the score from before there was a history.
    pub quarters: Vec<(Quarter, i64)>,
    /// The best sprint of each length that has one, shortest first.
    pub sprints: Vec<OwnSprint>,
    /// The player's races among the last closed ones, latest first.
    pub races: Vec<OwnRace>,
}

/// A player's best sprint of one length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSprint {
    /// How long it lasted.
    pub length: Length,
    /// How many presses.
    pub presses: u64,
    /// When it was kept.
    pub at: Timestamp,
    /// When the presses were made, if that can be read.
    pub trace: Option<Trace>,
    /// The largest number of presses by which a best sprint of this length beat the one before.
    pub beat: u64,
}

/// A race that a player was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnRace {
    /// When it started.
    pub start: Timestamp,
    /// The player's presses.
    pub presses: u64,
    /// The most presses of another racer, if there was one.
    pub rival: Option<u64>,
}

impl OwnRace {
    /// By how many presses the player won; none if the player did not win, or nobody else raced.
    pub fn won_by(&self) -> Option<u64> {
        self.presses.checked_sub(self.rival?).filter(|by| *by > 0)
    }
}
