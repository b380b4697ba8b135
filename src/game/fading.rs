//! What players have for a time only, and when the first of it is over.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::PlayerId;

/// How long what one's own presses cause is shown: a second after the last of them, with the time
/// of a commit on this machine, nothing moves any more.
pub const OWN: Duration = Duration::from_millis(900);

/// A value a player, each until its own moment.
#[derive(Debug, Clone)]
pub struct Fading<T> {
    values: HashMap<PlayerId, (T, Instant)>,
    /// The first moment, or one before it.
    due: Option<Instant>,
}

impl<T> Default for Fading<T> {
    fn default() -> Self {
        Self {
            values: HashMap::new(),
            due: None,
        }
    }
}

impl<T> Fading<T> {
    /// Gives a player the value, or leaves the one that is there, at least until a moment.
    pub fn keep(&mut self, id: PlayerId, value: T, until: Instant) {
        let kept = self.values.entry(id).or_insert((value, until));
        kept.1 = kept.1.max(until);
        self.due = Some(self.due.map_or(until, |due| due.min(until)));
    }

    /// A player's value, as of the last [`Self::settle`].
    pub fn get(&self, id: PlayerId) -> Option<&T> {
        self.values.get(&id).map(|(value, _)| value)
    }

    /// When [`Self::settle`] may have something to do.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Drops what is over; true where there was any.
    pub fn settle(&mut self, now: Instant) -> bool {
        if self.due.is_none_or(|due| due > now) {
            return false;
        }
        let before = self.values.len();
        self.values.retain(|_, (_, until)| *until > now);
        self.due = self.values.values().map(|(_, until)| *until).min();
        self.values.len() != before
    }

    /// Drops the value of a player who is gone.
    pub fn forget(&mut self, id: PlayerId) {
        self.values.remove(&id);
    }
}
