//! The best sprints: what is kept of one, and the boards on which it has a place.

use std::time::Duration;

use super::PlayerId;

use super::contest::{Length, Trace};

/// From the decision to sprint to the first press that counts for it.
pub const COUNTDOWN: Duration = Duration::from_secs(3);

/// How many places the board of a length has.
pub const PLACES: usize = 10;

/// A sprint whose presses are all committed, to be kept if it is the player's best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sprinted {
    /// Who sprinted.
    pub player: PlayerId,
    /// How long.
    pub length: Length,
    /// The presses.
    pub trace: Trace,
}

/// A place on the board of a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardPlace {
    /// Who.
    pub player: PlayerId,
    /// The presses of that player's best sprint.
    pub presses: u64,
    /// When they were made, where that can be read.
    pub trace: Option<Trace>,
}

/// A sprint that is kept, as a list shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Who.
    pub player: PlayerId,
    /// How long.
    pub length: Length,
    /// How many presses.
    pub presses: u64,
    /// When it was kept, in seconds since 1970 by the database's clock.
    pub at: i64,
    /// How many players have a better one over this length.
    pub better: u64,
}

/// Which of the sprints that are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Board {
    /// The first so many over a length.
    Length(Length, u32),
    /// One player's, over all lengths.
    Player(PlayerId),
}

/// The best sprint of a player over a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// How long.
    pub length: Length,
    /// How many presses.
    pub presses: u64,
    /// When they were made, where that can be read: the ghost.
    pub ghost: Option<Trace>,
}

/// What the database knows of sprints: the boards, and the bests of one player.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bests {
    /// The first [`PLACES`] of each length in [`Length::ALL`], the best first.
    pub boards: [Vec<BoardPlace>; 4],
    /// The player's own, of each length sprinted so far.
    pub own: Vec<Best>,
}

impl Bests {
    /// The board of a length.
    pub fn board(&self, length: Length) -> &[BoardPlace] {
        &self.boards[length as usize]
    }

    /// The player's best over a length.
    pub fn own(&self, length: Length) -> Option<&Best> {
        self.own.iter().find(|best| best.length == length)
    }
}
