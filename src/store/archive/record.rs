//! What a database keeps, in the form that travels from one database to another.

use serde::{Deserialize, Serialize};

/// One row of `users`, with NULL kept apart from what the game takes it for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayerRecord {
    /// The row's key.
    pub id: i64,
    /// Any text.
    pub name: Option<String>,
    /// Any text.
    pub email: Option<String>,
    /// Points.
    pub score: Option<i64>,
}

/// One row of `click_history`: what a player scored in a quarter hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryRecord {
    /// The player's key.
    pub player: i64,
    /// The quarter hour since 1970; 0 is what was before there was a history.
    pub quarter: i64,
    /// Points; negative where a score was lowered.
    pub points: i64,
    /// How many points another program wrote over.
    pub overwritten: i64,
}

/// What a record is of. A kind stands behind those that its records refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The players with their scores.
    Players,
    /// What they scored when.
    History,
}

impl Kind {
    /// Every kind, in the order in which they are written.
    pub const ALL: [Self; 2] = [Self::Players, Self::History];
}

/// Some records of one kind, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// Players.
    Players(Vec<PlayerRecord>),
    /// Parts of histories.
    History(Vec<HistoryRecord>),
}

impl Batch {
    /// How many records there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Players(players) => players.len(),
            Self::History(history) => history.len(),
        }
    }

    /// Whether there are none, as behind the last record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The records one by one.
    pub(super) fn each(&self) -> Vec<Self> {
        match self {
            Self::Players(players) => {
                let each = players.iter().cloned();
                each.map(|player| Self::Players(vec![player])).collect()
            }
            Self::History(history) => {
                let each = history.iter().copied();
                each.map(|part| Self::History(vec![part])).collect()
            }
        }
    }

    /// The first record, for a sentence, and its points.
    pub(super) fn described(&self) -> (String, i64) {
        match self {
            Self::Players(players) => players.first().map(|player| {
                let points = player.score.unwrap_or(0);
                (described(player.id, player.name.as_deref()), points)
            }),
            Self::History(history) => history.first().map(|part| {
                let HistoryRecord {
                    player, quarter, ..
                } = part;
                let record = format!("quarter hour {quarter} of the player {player}");
                (record, part.points)
            }),
        }
        .unwrap_or_default()
    }

    /// The batch's own totals.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        match self {
            Self::Players(players) => {
                for player in players {
                    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len) as i64;
                    totals.records += 1;
                    totals.points += i128::from(player.score.unwrap_or(0));
                    totals.rest += text(&player.name) + text(&player.email);
                }
            }
            Self::History(history) => {
                for part in history {
                    totals.records += 1;
                    totals.points += i128::from(part.points);
                    totals.rest = totals.rest.saturating_add(part.overwritten);
                }
            }
        }
        totals
    }
}

/// The sums by which two databases are compared. Two that agree may still differ; two that differ
/// do not hold the same records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many records there are.
    pub records: u64,
    /// The sum of their points, which can be larger than any one score.
    pub points: i128,
    /// The length of all their texts in bytes of UTF-8, or the sum of what was overwritten.
    pub rest: i64,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, more: Self) {
        self.records += more.records;
        self.points += more.points;
        self.rest += more.rest;
    }
}

/// `the player 7, "Ada"`, for a sentence; a long name is cut.
pub(super) fn described(id: i64, name: Option<&str>) -> String {
    const LONGEST: usize = 40;
    let Some(name) = name else {
        return format!("the player {id}, who has no name");
    };
    let mut shown: String = name.chars().take(LONGEST).collect();
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("the player {id}, \"{shown}\"")
}
