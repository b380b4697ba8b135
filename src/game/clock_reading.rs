//! A reading of the database's clock, and what this machine's clock shows when that one shows a time.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// One reading of the database's clock.
///
/// The database read its clock at some time between question and answer, so the middle of the two
/// is wrong by at most half of that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// The time that it showed.
    pub time: Timestamp,
    /// The middle between question and answer, by this machine's clock.
    pub at: Instant,
    /// How long the answer took.
    pub took: Duration,
}

impl ClockReading {
    /// When the database's clock shows or showed this time.
    pub fn when(&self, time: Timestamp) -> Option<Instant> {
        let ahead = time.duration_since(self.time);
        if ahead.is_negative() {
            self.at.checked_sub(ahead.unsigned_abs())
        } else {
            self.at.checked_add(ahead.unsigned_abs())
        }
    }

    /// The more exact of two readings; the later one if both are equally exact.
    pub fn best(earlier: Option<Self>, later: Self) -> Self {
        earlier
            .filter(|earlier| earlier.took < later.took)
            .unwrap_or(later)
    }
}
