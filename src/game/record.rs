//! What a database keeps of one player: points by quarter hours, best sprints, the last races.

use jiff::Timestamp;

use super::calendar::Quarter;
use super::contest::{Length, Trace};

/// All of it, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// The score, which is the sum of the points.
    pub score: i64,
    /// The points of each quarter hour that has any, in their order; before all of them, at
    /// [`Quarter::BEFORE`], what the score was before it had a history.
    pub quarters: Vec<(Quarter, i64)>,
    /// The best sprint over each length that has one, the shortest first.
    pub sprints: Vec<OwnSprint>,
    /// Of the last races that are closed and still known those with the player, the latest first.
    pub races: Vec<OwnRace>,
}

/// A player's best sprint over a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSprint {
    /// How long.
    pub length: Length,
    /// How many presses.
    pub presses: u64,
    /// When it was kept.
    pub at: Timestamp,
    /// When the presses were made, where that can be read.
    pub trace: Option<Trace>,
    /// The most presses by which a best over this length beat the one before.
    pub beat: u64,
}

/// A race that a player was in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnRace {
    /// When it started.
    pub start: Timestamp,
    /// The player's presses.
    pub presses: u64,
    /// The most presses of another player, where anybody else raced.
    pub rival: Option<u64>,
}

impl OwnRace {
    /// By how many presses it was won; nothing where it was not, or nobody else raced.
    pub fn won_by(&self) -> Option<u64> {
        self.presses.checked_sub(self.rival?).filter(|by| *by > 0)
    }
}
