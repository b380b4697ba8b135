//! A database's rules for all its players: what a held key scores, and how fast points may come.

use std::fmt;
use std::str::FromStr;

/// What a held key scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeldKeys {
    /// One point, like a key that is released at once.
    Once,
    /// A point for each repeat.
    Count,
}

impl HeldKeys {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Once, Self::Count];

    /// Its name in settings and on the command line.
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

/// The rules of a database, which hold for everyone who plays on it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rules {
    /// What a held key scores. If it is not set, each player decides.
    pub held_keys: Option<HeldKeys>,
    /// How many points a second a player may score, 1 to [`FASTEST`]. If it is not set, there is no
    /// limit. What was not used within the last minute may be used later.
    pub max_rate: Option<u32>,
}
