//! Whether the terminal supports copying, and whether a contest has a result to copy.

use super::{Contest, Phase, Rival};

/// Whether the terminal accepts a text for its clipboard (OSC 52).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clipboard {
    /// Probably: most terminals do, but none says so.
    #[default]
    Likely,
    /// tmux passes it on if it is configured to.
    Tmux,
    /// The terminal is known not to accept it.
    No,
}

impl Contest {
    /// Whether there is a result to show: the player's own for a sprint, everyone's for a race.
    pub fn has_result(&self) -> bool {
        let is_known = match &self.rival {
            Rival::Ghost(_) => self.run.is_some(),
            Rival::Racers(racers) => !racers.all().is_empty(),
        };
        self.phase == Phase::Over && is_known
    }
}
