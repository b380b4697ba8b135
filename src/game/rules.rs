//! What a game demands of its players' keys: what a held one scores, and how fast points may come.

use std::fmt;
use std::str::FromStr;

/// What a key that is held scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldKeys {
    /// One point, as a key that is let go at once.
    Once,
    /// A point for each repeat.
    Count,
}

impl HeldKeys {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Once, Self::Count];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Once => "once",
            Self::Count => "count",
        }
    }
}

impl fmt::Display for HeldKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for HeldKeys {
    type Err = &'static str;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        let named = Self::ALL.into_iter().find(|held| held.name() == word);
        named.ok_or("it must be once or count")
    }
}

/// The largest rate that can be set, in points a second.
pub const FASTEST: u32 = 1_000_000;

/// What a database demands of all who play on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// What a held key scores; each player's own affair where nothing is said.
    pub held_keys: Option<HeldKeys>,
    /// How many points a second a player may score, 1 to [`FASTEST`]; any number where nothing is
    /// said. What was not used within the last minute may be used later.
    pub max_rate: Option<u32>,
}
