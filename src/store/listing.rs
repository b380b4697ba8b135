//! Statements and limits for reading the ranking: windows, ranks, and searches for players.

use crate::game::{Player, Spot};

pub use crate::game::WINDOW;

/// The maximum number of changes in a poll. If there are more, the list is read again.
pub const CHANGES: u32 = 500;

/// The maximum number of players that a search finds.
pub const FOUND: usize = 500;

/// How many of the best players the first step of a search reads. It is a literal in the
/// statements: with a placeholder, query planners assume a small number and choose a slow plan.
macro_rules! best_entries {
    () => {
        "5000"
    };
}
pub(super) use best_entries;

/// How many entries one statement of a search reads, so that it stays fast.
pub(super) const STRIDE: i64 = 20_000;

/// How far a search has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scan {
    /// The last id that was searched.
    pub(super) after: i64,
}

/// What a step of a search has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchStep {
    /// The matching players, in no order; some may come again.
    pub players: Vec<Player>,
    /// Where to continue; `None` if all players were searched.
    pub next: Option<Scan>,
}

/// Whether a player's name or e-mail contains this text, in lower case.
pub(super) fn fits(player: &Player, wanted: &str) -> bool {
    let fits = |text: &str| text.to_lowercase().contains(wanted);
    fits(&player.name) || fits(&player.email)
}

/// The statements about the ranking. An entry is a key, which is the bitwise complement of the
/// score, and the player's id; the ranking is in ascending order of both. The comments list the
/// placeholders in order, and after `->` the columns of the result.
#[derive(Debug, Clone, Copy)]
pub struct ListingStatements {
    /// key, id, limit, key, limit -> `id`, `name_bytes`, `email_bytes`, `score` of the entries from
    /// this one on: up to the limit with the same key, and up to the limit with later keys
    pub from: &'static str,
    /// the same of the entries before this one, backwards
    pub before: &'static str,
    /// key, id, id -> the number of entries with this key from the first id up to, but without, the
    /// second
    pub among: &'static str,
    /// key, key -> the number of entries between the two keys
    pub between: &'static str,
    /// how to make a survey
    pub survey: Survey,
    /// id -> as in `from`
    pub player: &'static str,
    /// name, limit -> as in `from`, of the players with this name
    pub named: &'static str,
    /// pattern, pattern, limit -> as in `from`, of the matching players among the first
    /// [`best_entries`]
    pub best: Search,
    /// id, offset -> the id that is this many entries later
    pub stride: &'static str,
    /// id, id, pattern, pattern, limit -> as in `from`, of the matching players with an id between
    /// the two
    pub search: Search,
}

/// How the places of the ranking are counted again if that is due. A survey stores the place of
/// every 1,000th entry, called a rung.
#[derive(Debug, Clone, Copy)]
pub enum Survey {
    /// By the database itself.
    Own {
        /// begins the transaction, with a longer time limit
        begin: Option<&'static str>,
        /// makes the survey
        take: &'static str,
    },
    /// By one statement per rung.
    Steps(SurveySteps),
}

/// The statements of a survey by rungs.
#[derive(Debug, Clone, Copy)]
pub struct SurveySteps {
    /// -> a row if a survey is due
    pub due: &'static str,
    /// key, id, offset -> `rank_key`, `user_id` of the entry with the same key that is this offset
    /// after the next one
    pub ties: &'static str,
    /// key, offset -> the same of the entry that is this offset after the first one with a later
    /// key
    pub rest: &'static str,
    /// rungs as JSON, number of players, duration in microseconds: stores the survey
    pub keep: &'static str,
}

/// A statement for ASCII patterns, and one for all others.
#[derive(Debug, Clone, Copy)]
pub struct Search {
    pub ascii: &'static str,
    pub any: &'static str,
}

impl Search {
    pub fn of(self, wanted: &str) -> &'static str {
        if wanted.is_ascii() {
            self.ascii
        } else {
            self.any
        }
    }
}

/// The entry of a spot.
pub fn entry(spot: Spot) -> (i64, i64) {
    (!spot.score, spot.id.0)
}

/// The entry before all others, and the one after them.
pub const FIRST: (i64, i64) = (i64::MIN, i64::MIN);
pub const LAST: (i64, i64) = (i64::MAX, i64::MAX);

/// The LIKE pattern for texts that contain this one. The escape character is `!`.
pub fn like(wanted: &str) -> String {
    let mut pattern = String::from("%");
    for c in wanted.chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern + "%"
}

/// A pattern that matches this text with each letter in either case, as sets like `[aA]`. For GLOB
/// it has to be put between stars; as a regular expression it is complete.
pub fn sets(wanted: &str, escape: &'static str) -> String {
    let mut pattern = String::new();
    for c in wanted.chars() {
        let mut cases: Vec<char> = vec![c];
        cases.extend(c.to_uppercase().filter(|u| u.to_lowercase().eq([c])));
        cases.dedup();
        match &cases[..] {
            // It can't be the first in a set, and outside of a set it is an ordinary character.
            [']'] => pattern.push_str(if escape.is_empty() { "]" } else { "\\]" }),
            ['^'] => pattern.push_str(if escape.is_empty() { "^" } else { "\\^" }),
            _ => {
                pattern.push('[');
                for case in cases {
                    if !escape.is_empty() && matches!(case, '\\' | '[') {
                        pattern.push_str(escape);
                    }
                    pattern.push(case);
                }
                pattern.push(']');
            }
        }
    }
    pattern
}

/// Before the ids of all players.
pub const BEFORE_ALL: Scan = Scan { after: i64::MIN };

/// Adds found players: sorted by rank, without duplicates, and at most one more than [`FOUND`].
pub fn keep_best(found: &mut Vec<Player>, more: Vec<Player>) {
    found.extend(more);
    found.sort_unstable_by_key(|player| entry(player.into()));
    found.dedup_by_key(|player| player.id);
    found.truncate(FOUND + 1);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_mean_nothing_but_what_is_typed() {
        assert_eq!(like("50%_!"), "%50!%!_!!%");
        assert_eq!(sets("é*]", ""), "[éÉ][*]]");
        assert_eq!(sets("é\\]^", "\\"), "[éÉ][\\\\]\\]\\^");
    }
}
