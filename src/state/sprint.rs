//! What only a sprint knows: the bests so far, of which one is the ghost, and what became of it.

use std::time::Duration;

use super::known::Known;
use crate::game::contest::{Length, Trace};
use crate::game::sprint::{Best, Bests};
use crate::words::Say;

/// How long the commit of a sprint's last presses is waited for.
pub const SAVE_PATIENCE: Duration = Duration::from_secs(10);

/// The best sprints, and how one's own compares with them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ghost {
    /// What is known of sprints so far; the ghost comes from it.
    pub bests: Known<Bests>,
    /// The player's best before the result, where there was one and it was known.
    pub before: Option<u64>,
    /// The ghost that was raced against, which a new best takes the place of.
    pub raced: Option<Trace>,
    /// What became of the result in the database.
    pub kept: SprintKept,
}

/// What became of a result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SprintKept {
    /// It is on its way.
    #[default]
    NotYet,
    /// The database has it, or a better one.
    Yes,
    /// It has nothing to keep: no press was made.
    Nothing,
    /// It can't be kept, and why.
    No(Say),
}

impl Ghost {
    /// What the database knows, if it has said.
    pub fn read(&self) -> Option<&Bests> {
        match &self.bests {
            Known::Read(bests) => Some(bests),
            Known::NotYet | Known::Not(_) => None,
        }
    }

    /// The player's best over this length, where it is known.
    pub fn best(&self, length: Length) -> Option<u64> {
        self.own(length).map(|best| best.presses)
    }

    /// The trace of that best.
    pub fn trace(&self, length: Length) -> Option<&Trace> {
        self.own(length)?.ghost.as_ref()
    }

    fn own(&self, length: Length) -> Option<&Best> {
        self.read()?.own(length)
    }
}
