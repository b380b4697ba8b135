//! One row of `users`, as the game sees it.

use rustc_hash::FxHashMap;

/// The key of a player: `users.id`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlayerId(pub i64);

/// A map by player. The keys are numbers that a database has given out, so they need no hash that
/// withstands attackers. A server looks up every player who scores, for each of its guests.
pub type ByPlayer<T> = FxHashMap<PlayerId, T>;

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
