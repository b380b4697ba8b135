//! This run's presses for one player, and what became of them.

/// The presses of this run for one player. Each is waiting, counted by a commit, or refused for
/// good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// All presses made.
    pub pressed: u64,
    /// Those that a committed transaction holds.
    pub counted: u64,
    /// Those that can never be counted, because the player is gone or the score is at its maximum.
    pub refused: u64,
}

impl Tally {
    /// Presses that are not committed yet.
    pub fn waiting(&self) -> u64 {
        self.pressed
            .saturating_sub(self.counted)
            .saturating_sub(self.refused)
    }
}
