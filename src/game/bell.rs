//! When the terminal's bell rings.

use std::time::{Duration, Instant};

/// The least time between two rings: more would be one noise.
const PAUSE: Duration = Duration::from_secs(1);

/// What the bell rings for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rings {
    /// Nothing.
    #[default]
    None,
    /// The start of a sprint or race that the player takes part in.
    Starts,
    /// Also milestones, and players who pass each other.
    All,
}

/// The bell, and whether it is about to ring.
#[derive(Debug, Clone, Copy, Default)]
pub struct Bell {
    /// What it rings for.
    pub rings: Rings,
    is_due: bool,
    rung: Option<Instant>,
}

impl Bell {
    /// Lets the bell ring with the next frame, if it rings for this.
    pub fn ring(&mut self, what: Rings, now: Instant) {
        let paused = self.rung.is_some_and(|at| now < at + PAUSE);
        if what <= self.rings && (what == Rings::Starts || !paused) {
            self.is_due = true;
            self.rung = Some(now);
        }
    }

    /// Cancels a ring that has not sounded yet, since it would come too late.
    pub fn cancel(&mut self) {
        self.is_due = false;
    }

    /// Whether the bell rings now. Asking clears it.
    pub fn take(&mut self) -> bool {
        std::mem::take(&mut self.is_due)
    }
}
