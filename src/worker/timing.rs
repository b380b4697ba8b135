//! How long the worker waits for what.

use std::time::Duration;

/// The worker's clockwork.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Between two polls for what others changed.
    pub poll: Duration,
    /// Between two polls of a race that is watched.
    pub race: Duration,
    /// From opening the database to the first poll.
    pub first_poll: Duration,
    /// The longest wait for a drain at leaving.
    pub drain: Duration,
    /// The first wait before a retry; each further one is twice as long.
    pub first_retry: Duration,
    /// The longest wait before a retry.
    pub longest_retry: Duration,
    /// The wait where somebody has to mend something first.
    pub mend: Duration,
    /// From opening the database to telling it to forget old clients.
    pub first_tidy: Duration,
    /// Between two such times, and so between two times of saying that this run is there.
    pub tidy: Duration,
    /// Until the next time where there is more to forget.
    pub tidy_more: Duration,
    /// A failure that passes faster than this is not worth the player's attention.
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
