//! How many presses for one player this run has made, and what became of them.

/// Presses of this run for one player; each is waiting, counted by a commit, or refused for good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All presses made.
    pub pressed: u64,
    /// Of these, the ones that a committed transaction holds.
    pub counted: u64,
    /// Of these, the ones that can never be counted (the player is gone, the score is full).
    pub refused: u64,
}

impl Tally {
    /// Presses whose commit is still to come.
    pub fn waiting(&self) -> u64 {
        self.pressed
            .saturating_sub(self.counted)
            .saturating_sub(self.refused)
    }
}
