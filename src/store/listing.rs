//! What is asked of the ranking: pages of it, places in it, and players by their names.

use crate::game::{Player, Spot};

/// How many players the list is read with: more than any screen shows, and few enough to be read
/// while a key goes up.
pub const WINDOW: u32 = 400;

/// How many changes a look tells at the most; where there are more, the list is read anew.
pub const CHANGES: u32 = 500;

/// How many players a search finds at the most.
pub const FOUND: usize = 500;

/// How many of the best the first step of a search goes through, from all over the table. It stands
/// in the statements, for a planner that is not told it takes it for few, and goes through all players
/// for each of them.
macro_rules! best_entries {
    () => {
        "5000"
    };
}
pub(super) use best_entries;

/// How many entries a statement of a search goes through, so that it is over before one waits.
pub(super) const STRIDE: i64 = 20_000;

/// How far a search has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Scan {
    /// The last key that was looked at.
    pub(super) after: i64,
}

/// What a step of a search has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchStep {
    /// Players that fit, in no order, and some of them perhaps again.
    pub players: Vec<Player>,
    /// From where to go on; none where everyone was looked at.
    pub next: Option<Scan>,
}

/// Whether a player fits what the list is filtered by, which is in lower case.
pub(super) fn fits(player: &Player, wanted: &str) -> bool {
    let fits = |text: &str| text.to_lowercase().contains(wanted);
    fits(&player.name) || fits(&player.email)
}

/// The statements about the ranking. Its entries are a key, the complement of the score, and the
/// player's id; the lower stand first. Each placeholder stands for the next value.
#[derive(Debug, Clone, Copy)]
pub struct ListingStatements {
    /// key, id, many, key, many -> `id`, `name_bytes`, `email_bytes`, `score`, of so many entries
    /// from that one on: of its key, and of later ones
    pub from: &'static str,
    /// the same of the entries before that one, backwards
    pub before: &'static str,
    /// key, key, id -> `rank_key`, `user_id`, `place` of the last rung that is not behind that entry
    pub rung: &'static str,
    /// key, id, id -> how many entries of that key are from the first id on and before the second
    pub among: &'static str,
    /// key, key -> how many entries are between the two keys
    pub between: &'static str,
    /// -> how many players the last survey saw
    pub players: &'static str,
    /// how a survey is taken
    pub survey: Survey,
    /// id -> as in `from`
    pub player: &'static str,
    /// name, many -> as in `from`, of those who are called so
    pub named: &'static str,
    /// pattern, pattern, many -> as in `from`, of [`best_entries`] those that fit
    pub best: Search,
    /// id, many -> the id that is so many entries behind
    pub stride: &'static str,
    /// id, id, pattern, pattern, many -> as in `from`, of the ids between the two those that fit
    pub search: Search,
}

/// How the places of the ranking are counted anew, if it is time.
#[derive(Debug, Clone, Copy)]
pub enum Survey {
    /// By the database itself.
    Own {
        /// begins the transaction, with the time that it takes
        begin: Option<&'static str>,
        /// takes it
        take: &'static str,
    },
    /// From rung to rung, each by one statement.
    Steps(SurveySteps),
}

/// The statements of a survey that goes from rung to rung.
#[derive(Debug, Clone, Copy)]
pub struct SurveySteps {
    /// -> a row if it is time
    pub due: &'static str,
    /// key, id, many -> `rank_key`, `user_id` of the entry of that key that is so many behind the
    /// next
    pub ties: &'static str,
    /// key, many -> the same of the entry that is so many behind the first of later keys
    pub rest: &'static str,
    /// rungs as JSON, how many players, microseconds that it took: keeps them
    pub keep: &'static str,
}

/// A statement for a pattern of ASCII alone, and for any; patterns are as the dialect makes them.
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

/// The entry before all others, and the one behind them.
pub const FIRST: (i64, i64) = (i64::MIN, i64::MIN);
pub const LAST: (i64, i64) = (i64::MAX, i64::MAX);

/// The pattern of LIKE for any text with this in it, where `!` escapes.
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

/// A pattern of sets for any text with this in it, each of its letters in either case: of GLOB
/// between stars, and of a regular expression alone.
pub fn sets(wanted: &str, escape: &'static str) -> String {
    let mut pattern = String::new();
    for c in wanted.chars() {
        let mut cases: Vec<char> = vec![c];
        cases.extend(c.to_uppercase().filter(|u| u.to_lowercase().eq([c])));
        cases.dedup();
        match &cases[..] {
            // No set can begin with it, and it means nothing outside of one.
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

/// A key that no player has, and behind which all do.
pub const BEFORE_ALL: Scan = Scan { after: i64::MIN };

/// The players found, each once, the best first and no more than one over [`FOUND`].
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
