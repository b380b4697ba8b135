//! Reads and changes the rules of a database.

use super::connection::Row;
use crate::game::{HeldKeys, Rules};

/// A change of the rules. What is `None` stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct NewRules {
    /// What a held key scores, or that each player decides.
    pub held_keys: Option<Option<HeldKeys>>,
    /// How many points a second a player may score, or that there is no limit.
    pub max_rate: Option<Option<u32>>,
}

impl NewRules {
    /// `held_keys` and `max_rate` as the database stores them.
    pub fn words(self) -> [Option<String>; 2] {
        let word = |word: Option<String>, none: &str| word.unwrap_or_else(|| none.to_owned());
        [
            self.held_keys
                .map(|held| word(held.map(|h| h.to_string()), "unset")),
            self.max_rate
                .map(|rate| word(rate.map(|r| r.to_string()), "off")),
        ]
    }
}

/// Reads `held_keys` and `max_rate`. An unknown value counts as no rule.
pub fn rules(row: &Row) -> Result<Rules, sqlx::Error> {
    let word = |name| row.get::<Option<String>>(name);
    Ok(Rules {
        held_keys: word("held_keys")?.and_then(|word| word.parse().ok()),
        max_rate: word("max_rate")?.and_then(|word| word.parse().ok()),
    })
}
