//! What the database keeps of the best sprints.

use std::time::Duration;

use super::PlayerId;

use super::contest::{Length, Trace};

/// The time from starting a sprint to the first press that counts.
pub const COUNTDOWN: Duration = Duration::from_secs(3);

/// The number of places on the board of a length.
pub const PLACES: usize = 10;

/// A sprint whose presses are all committed. It is kept if it is the player's best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sprinted {
    /// The player.
    pub player: PlayerId,
    /// How long it lasted.
    pub length: Length,
    /// The presses.
    pub trace: Trace,
}

/// A place on the board of a length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoardPlace {
    /// The player.
    pub player: PlayerId,
    /// The presses of that player's best sprint.
    pub presses: u64,
    /// When they were made, if that can be read.
    pub trace: Option<Trace>,
}

/// A sprint that is kept, as a list shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    /// Who.
    pub player: PlayerId,
    /// How long it lasted.
    pub length: Length,
    /// How many presses.
    pub presses: u64,
    /// When it was kept, in seconds since 1970 by the database's clock.
    pub at: i64,
    /// How many players have a better one over this length.
    pub better: u64,
}

/// A selection of the kept sprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Board {
    /// The best of one length, at most this many.
    Length(Length, u32),
    /// One player's sprints of all lengths.
    Player(PlayerId),
}

/// A player's best sprint of one length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Best {
    /// How long it lasted.
    pub length: Length,
    /// How many presses.
    pub presses: u64,
    /// When they were made, if that can be read. This is the ghost.
    pub ghost: Option<Trace>,
}

/// The boards of all lengths, and the best sprints of one player.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bests {
    /// The best [`PLACES`] of each length, in the order of [`Length::ALL`].
    pub boards: [Vec<BoardPlace>; 4],
    /// The player's best of each length that was sprinted.
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
