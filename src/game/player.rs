//! One row of `users`, as the game sees it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// The key of a player: `users.id`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerId(pub i64);

/// A map by player.
///
/// The keys are numbers that a database has given out, so they need no hash that withstands
/// attackers. A server looks up every player who scores, for each of its guests.
pub type ByPlayer<T> = HashMap<PlayerId, T, BuildHasherDefault<KeyHasher>>;

/// Hashes a player's key by one multiplication.
#[derive(Debug, Default)]
pub struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_i64((*byte).into()));
    }

    fn write_i64(&mut self, key: i64) {
        // The golden ratio as a fraction of 2^64, which spreads neighbours far apart.
        self.0 = (self.0 ^ key.cast_unsigned()).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn finish(&self) -> u64 {
        // The upper bits depend on all of the key, and a map uses the lower ones.
        self.0.rotate_left(26)
    }
}

/// A player with the score that the database has committed.
///
/// A NULL name or e-mail is the empty string, a NULL score is 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Player {
    /// The row's key.
    pub id: PlayerId,
    /// Any text at all; show it through `words::text` only.
    pub name: String,
    /// Any text, and often empty.
    pub email: String,
    /// Points, one a press.
    pub score: i64,
}

/// What a player scored since a given moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Points {
    /// The player.
    pub player: PlayerId,
    /// The points; below 0 where another program lowered the score.
    pub points: i64,
    /// The score after them.
    pub score: i64,
}

/// What a person may write about a player: everything but the key and the score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The player's name; never empty once checked by [`Entry::new`].
    pub name: String,
    /// The e-mail address; empty when there is none.
    pub email: String,
}

impl Entry {
    /// Makes an entry from typed text, or gives `None` if the name has nothing visible in it.
    ///
    /// Control characters, which can come from pasted text, are dropped, and white space at the
    /// ends is cut off.
    pub fn new(name: &str, email: &str) -> Option<Self> {
        let clean = |text: &str| -> String {
            let text: String = text.chars().filter(|c| !c.is_control()).collect();
            text.trim().to_owned()
        };
        let entry = Self {
            name: clean(name),
            email: clean(email),
        };
        (!entry.name.is_empty()).then_some(entry)
    }
}
