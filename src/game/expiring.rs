//! Values of players that expire.

use std::time::{Duration, Instant};

use super::{ByPlayer, PlayerId};

/// How long the effects of the player's own presses are shown. Together with a local commit it is
/// less than a second, so that nothing moves a second after the last press.
pub const OWN: Duration = Duration::from_millis(900);

/// How long a move in the ranking by somebody else is shown after the last change of rank.
pub const MOVED: Duration = Duration::from_secs(3);

/// At most one value for each player, each with its own expiry time.
#[derive(Debug, Clone)]
pub struct Expiring<T> {
    values: ByPlayer<(T, Instant)>,
    /// The earliest expiry time, or a time before it.
    due: Option<Instant>,
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self {
            values: ByPlayer::default(),
            due: None,
        }
    }
}

impl<T> Expiring<T> {
    /// Sets a player's value until a time. If there is a value already, it stays, and only its
    /// expiry time is extended.
    pub fn keep(&mut self, id: PlayerId, value: T, until: Instant) {
        let kept = self.values.entry(id).or_insert((value, until));
        kept.1 = kept.1.max(until);
        self.due = Some(self.due.map_or(until, |due| due.min(until)));
    }

    /// A player's value, as of the last [`Self::expire`].
    pub fn get(&self, id: PlayerId) -> Option<&T> {
        self.values.get(&id).map(|(value, _)| value)
    }

    /// When [`Self::expire`] may have something to do.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Drops expired values. True if there were any.
    pub fn expire(&mut self, now: Instant) -> bool {
        if self.due.is_none_or(|due| due > now) {
            return false;
        }
        let before = self.values.len();
        self.values.retain(|_, (_, until)| *until > now);
        self.due = self.values.values().map(|(_, until)| *until).min();
        self.values.len() != before
    }

    /// Drops the value of a removed player.
    pub fn forget(&mut self, id: PlayerId) {
        self.values.remove(&id);
    }
}
