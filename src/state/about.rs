//! What leaves the game by the terminal's clipboard, and whether the terminal takes it.

use super::{Contest, Phase, Rival};

/// What is known of how the terminal takes a text to copy (OSC 52).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clipboard {
    /// Most terminals take it, and none says so.
    #[default]
    Likely,
    /// tmux passes it on where it is set to.
    Tmux,
    /// It is known not to take it.
    No,
}

impl Contest {
    /// Whether there is a result that can be shown: of a sprint one's own, of a race that of all.
    pub fn has_result(&self) -> bool {
        let is_known = match &self.rival {
            Rival::Ghost(_) => self.run.is_some(),
            Rival::Racers(racers) => !racers.all().is_empty(),
        };
        self.phase == Phase::Over && is_known
    }
}
