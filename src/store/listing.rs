//! Statements and limits for reading the ranking: windows, ranks, and searches for players.

use crate::game::{Player, Spot};

pub use crate::game::WINDOW;

/// The maximum number of changes in a poll. If there are more, the list is read again.
pub const CHANGES: u32 = 500;

/// The maximum number of players that a search finds.
pub const FOUND: usize = 500;

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

/// How many of the best players the first step of a search reads. It stands in the statement: with
/// a placeholder, query planners assume a small number and choose a slow plan.
const BEST: usize = 5000;

/// How an engine reads the ranking. An entry is a key, which is the bitwise complement of the score,
/// and the player's id; the ranking is in ascending order of both.
#[derive(Debug, Clone, Copy)]
pub struct RankingSql {
    /// The table of the entries.
    pub entries: &'static str,
    /// The same with the players `u`.
    pub players: &'static str,
    /// An entry's key, and its id.
    pub key: &'static str,
    pub id: &'static str,
    /// The conditions of its parts, each of which has an index of its own. A statement reads all
    /// parts, and its placeholders are repeated for each.
    pub parts: &'static [&'static str],
    /// The pattern with which players are searched for this text, in lower case.
    pub pattern: fn(&str) -> String,
    /// Pattern, pattern: whether the player `u` matches, if the pattern is ASCII, and if it is not.
    pub fits: [&'static str; 2],
    /// Name: whether the player `u` has it.
    pub named: &'static str,
    /// How to make a survey.
    pub survey: Survey,
}

impl RankingSql {
    /// Key, id, limit, key, limit -> the players of the entries from this one on, or before it and
    /// backwards, in each part up to the limit with the same key, and up to the limit with others.
    pub fn page(&self, is_before: bool) -> String {
        let Self { key, id, .. } = self;
        let (from, behind, way) = match is_before {
            false => (">=", ">", ""),
            true => ("<", "<", " DESC"),
        };
        let tied = format!("{key} = ? AND {id} {from} ? ORDER BY {id}{way}");
        let others = format!("{key} {behind} ? ORDER BY {key}{way}, {id}{way}");
        let page = |part: &&str| {
            let some = [&tied, &others].map(|which| {
                let from = self.players;
                format!(
                    "SELECT * FROM (SELECT {{player}} FROM {from} WHERE {part} AND {which} LIMIT ?) p"
                )
            });
            some.join(" UNION ALL ")
        };
        let pages: Vec<String> = self.parts.iter().map(page).collect();
        pages.join(" UNION ALL ")
    }

    /// Key, id, id -> the number of entries with this key from the first id up to, but without, the
    /// second.
    pub fn among(&self) -> String {
        let Self { key, id, .. } = self;
        self.count(&format!("{key} = ? AND {id} >= ? AND {id} < ?"))
    }

    /// Key, key -> the number of entries between the two keys.
    pub fn between(&self) -> String {
        let key = self.key;
        self.count(&format!("{key} > ? AND {key} < ?"))
    }

    fn count(&self, which: &str) -> String {
        let count = |part| {
            let from = self.entries;
            format!("(SELECT COUNT(*) FROM {from} WHERE {part} AND {which})")
        };
        let counts: Vec<String> = self.parts.iter().map(count).collect();
        format!("SELECT {}", counts.join(" + "))
    }

    /// Pattern, pattern, limit -> the matching players among the first [`BEST`].
    pub fn best(&self, wanted: &str) -> String {
        let Self {
            entries, key, id, ..
        } = self;
        let part = |part| {
            format!(
                "SELECT * FROM (SELECT {key} AS rank_key, {id} AS user_id FROM {entries}
                 WHERE {part} ORDER BY {key}, {id} LIMIT {BEST}) p"
            )
        };
        let parts: Vec<String> = self.parts.iter().map(part).collect();
        format!(
            "SELECT {{player}} FROM (SELECT * FROM ({}) e ORDER BY rank_key, user_id LIMIT {BEST}) b
             {{join}} users u ON u.id = b.user_id
             WHERE {} ORDER BY b.rank_key, b.user_id LIMIT ?",
            parts.join(" UNION ALL "),
            self.fits(wanted)
        )
    }

    /// Id, id, pattern, pattern, limit -> the matching players with an id between the two. They are
    /// not in the order of the entries, or SQLite would read all of these.
    pub fn search(&self, wanted: &str) -> String {
        format!(
            "SELECT {{player}} FROM users u WHERE u.id > ? AND u.id <= ? AND ({})
             ORDER BY {{score}} DESC, u.id LIMIT ?",
            self.fits(wanted)
        )
    }

    fn fits(&self, wanted: &str) -> &'static str {
        self.fits[usize::from(!wanted.is_ascii())]
    }
}

/// How the places of the ranking are counted again if that is due. A survey stores the place of
/// every 1,000th entry, called a rung.
#[derive(Debug, Clone, Copy)]
pub enum Survey {
    /// By the database itself.
    Own {
        /// begins the transaction, with a longer time limit
        begin: Option<&'static str>,
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
