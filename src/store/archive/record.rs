//! What a database keeps, in the form that travels from one database to another.

/// One row of `users`, with NULL kept apart from what the game takes it for.
#[derive(Debug, Clone, PartialEq, Eq)]
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

/// What a record is of. A kind stands behind those that its records refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The players with their scores.
    Players,
}

impl Kind {
    /// Every kind, in the order in which they are written.
    pub const ALL: [Self; 1] = [Self::Players];
}

/// Some records of one kind, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// Players.
    Players(Vec<PlayerRecord>),
}

impl Batch {
    /// How many records there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Players(players) => players.len(),
        }
    }

    /// Whether there are none, as behind the last record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The batch's own totals.
    pub fn totals(&self) -> Totals {
        let mut totals = Totals::default();
        match self {
            Self::Players(players) => {
                for player in players {
                    let text = |text: &Option<String>| text.as_ref().map_or(0, String::len) as u64;
                    totals.records += 1;
                    totals.points += i128::from(player.score.unwrap_or(0));
                    totals.bytes += text(&player.name) + text(&player.email);
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
    /// The length of all their texts, in bytes of UTF-8.
    pub bytes: u64,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, more: Self) {
        self.records += more.records;
        self.points += more.points;
        self.bytes += more.bytes;
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
