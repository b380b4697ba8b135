//! The worker's intervals and time limits.

use std::time::Duration;

/// The worker's intervals and time limits.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Between two polls for changes by others.
    pub poll: Duration,
    /// Between two polls of a race that is watched.
    pub race: Duration,
    /// From opening the database to the first poll.
    pub first_poll: Duration,
    /// The time limit for saving everything when the game ends.
    pub drain: Duration,
    /// The first wait before a retry. Each further one is twice as long.
    pub first_retry: Duration,
    /// The longest wait before a retry.
    pub longest_retry: Duration,
    /// The wait before a retry if somebody must fix something first.
    pub mend: Duration,
    /// From opening the database to the first removal of old clients.
    pub first_tidy: Duration,
    /// Between two such removals. Each also tells the database that this run is alive.
    pub tidy: Duration,
    /// Until the next removal if there is more to remove.
    pub tidy_more: Duration,
    /// A shorter failure is not shown to the player.
    pub patience: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(400),
            race: Duration::from_millis(200),
            first_poll: Duration::from_millis(30),
            drain: Duration::from_secs(5),
            first_retry: Duration::from_millis(20),
            longest_retry: Duration::from_secs(3),
            mend: Duration::from_secs(5),
            first_tidy: Duration::from_secs(10),
            tidy: Duration::from_secs(24 * 60 * 60),
            tidy_more: Duration::from_secs(1),
            patience: Duration::from_millis(300),
        }
    }
}
