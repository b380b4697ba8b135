//! The data of sprints: the best results, one of which is the ghost, and whether the result was
//! kept.

use std::time::Duration;

use super::fetched::Fetched;
use crate::game::contest::{Length, Trace};
use crate::game::sprint::{Best, Bests};
use crate::words::Say;

/// How long to wait for the commit of a sprint's last presses.
pub const SAVE_PATIENCE: Duration = Duration::from_secs(10);

/// The best sprints, and how the player's sprint compares with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ghost {
    /// The best results; the ghost is one of them.
    pub bests: Fetched<Bests>,
    /// The player's best before this sprint, if there was one and it was known.
    pub before: Option<u64>,
    /// The ghost of this sprint. A new best replaces it in `bests`.
    pub raced: Option<Trace>,
    /// Whether the database has kept the result.
    pub kept: SprintKept,
}

/// Whether a result was kept.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SprintKept {
    /// Not known yet.
    #[default]
    NotYet,
    /// The database has it, or a better one.
    Yes,
    /// There was nothing to keep: no press was made.
    Nothing,
    /// It can't be kept, for this reason.
    No(Say),
}

impl Ghost {
    /// The best results, if they are read.
    pub fn read(&self) -> Option<&Bests> {
        match &self.bests {
            Fetched::Ready(bests) => Some(bests),
            Fetched::Pending | Fetched::Failed(_) => None,
        }
    }

    /// The player's best of this length, if known.
    pub fn best(&self, length: Length) -> Option<u64> {
        self.own(length).map(|best| best.presses)
    }

    /// The trace of the player's best of this length.
    pub fn trace(&self, length: Length) -> Option<&Trace> {
        self.own(length)?.ghost.as_ref()
    }

    fn own(&self, length: Length) -> Option<&Best> {
        self.read()?.own(length)
    }
}
