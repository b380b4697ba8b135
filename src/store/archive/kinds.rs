//! The table of the kinds of records: their names, tables and columns, and how they are summed and
//! merged. Each engine's SQL is made from it.

use super::record::RecordKind;

/// The player's id of a racer who is not in the database. No player has it.
pub const NOBODY: i64 = i64::MIN;

/// The latest start that can be displayed, in microseconds.
pub const LAST_START: i64 = 253_402_207_199_999_999;

/// A kind of records. In its texts `{integer}` stands for the engine's integer type.
#[derive(Debug)]
pub struct Table {
    /// What a file calls one of its records.
    pub record: &'static str,
    /// A record in words, with the names of its fields, and the field with its points, if it has any.
    pub words: &'static str,
    pub points: &'static str,
    /// The table, or a query.
    pub name: &'static str,
    pub columns: &'static [TableColumn],
    /// The columns of the key. Records are read in its order.
    pub key: &'static [&'static str],
    /// The column by which records are removed: their player or race.
    pub owner: &'static str,
    /// The condition for rows to read.
    pub read: &'static str,
    /// The condition for rows to remove when all are removed.
    pub cleared: &'static str,
    /// The condition for rows to remove when those of an owner are removed.
    pub forgotten: &'static str,
    /// A column that is not in the records, and the value to write there.
    pub constant: Option<(&'static str, &'static str)>,
}

/// A column, and its field in the record.
#[derive(Debug, Clone, Copy)]
pub struct TableColumn {
    pub name: &'static str,
    pub field: &'static str,
    pub is: Is,
    pub sum: Sum,
    pub merge: Merge,
}

/// The type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Is {
    Number,
    /// A text that may be invalid, because another program wrote it.
    Text,
    /// A text that nobody can correct, so that invalid parts are replaced.
    LossyText,
    /// A racer's player, or [`NOBODY`].
    RacingPlayer,
    /// The standing of a racer in a closed race: 1 is done, and anything else means left.
    Left,
}

impl Is {
    pub fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::LossyText)
    }
}

/// How a column counts in the totals of its kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sum {
    Nothing,
    /// Points.
    Points,
    /// In the rest: the last 32 bits of a number, so that a sum of many times does not overflow; or
    /// the number of bytes of a text.
    Rest,
}

/// How a column is merged with that of an existing record with the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merge {
    Key,
    /// The sum of both. An overflow is refused.
    Sum,
    /// That of the record with the larger value in this column.
    With(&'static str),
}

impl TableColumn {
    const fn new(name: &'static str, is: Is) -> Self {
        Self {
            name,
            field: name,
            is,
            sum: Sum::Nothing,
            merge: Merge::Key,
        }
    }

    const fn number(name: &'static str) -> Self {
        Self::new(name, Is::Number)
    }

    const fn text(name: &'static str) -> Self {
        Self::new(name, Is::Text)
    }

    const fn field(self, field: &'static str) -> Self {
        Self { field, ..self }
    }

    const fn sum(self, sum: Sum) -> Self {
        Self { sum, ..self }
    }

    const fn merge(self, merge: Merge) -> Self {
        Self { merge, ..self }
    }
}

const OF_PLAYER: TableColumn = TableColumn::number("user_id").field("player");
const KNOWN_PLAYER: &str = "user_id IN (SELECT id FROM users)";
const ALL: &str = "1 = 1";

const PLAYERS: Table = Table {
    record: "player",
    words: "the player {id}",
    points: "score",
    name: "users",
    columns: &[
        TableColumn::number("id"),
        TableColumn::text("name").sum(Sum::Rest),
        TableColumn::text("email").sum(Sum::Rest),
        TableColumn::number("score").sum(Sum::Points),
    ],
    key: &["id"],
    owner: "id",
    read: ALL,
    cleared: ALL,
    forgotten: ALL,
    constant: None,
};

const HISTORY: Table = Table {
    record: "history",
    words: "quarter hour {quarter} of the player {player}",
    points: "points",
    name: "click_history",
    columns: &[
        OF_PLAYER,
        TableColumn::number("quarter"),
        TableColumn::number("points")
            .sum(Sum::Points)
            .merge(Merge::Sum),
        TableColumn::number("overwritten")
            .sum(Sum::Rest)
            .merge(Merge::Sum),
    ],
    key: &["user_id", "quarter"],
    owner: "user_id",
    ..PLAYERS
};

/// The history of a database without a history table: all points are from before. It is only read.
pub const NO_HISTORY: Table = Table {
    name: "(SELECT id AS user_id, 0 AS quarter, score AS points, 0 AS overwritten FROM users)",
    read: "CAST(points AS {integer}) <> 0",
    ..HISTORY
};

const SPRINTS: Table = Table {
    record: "sprint",
    words: "the sprint over {seconds} s of the player {player}",
    points: "presses",
    name: "click_sprints",
    columns: &[
        OF_PLAYER,
        TableColumn::number("seconds"),
        TableColumn::number("presses")
            .sum(Sum::Points)
            .merge(Merge::With("presses")),
        TableColumn::number("at")
            .sum(Sum::Rest)
            .merge(Merge::With("presses")),
        TableColumn::text("trace")
            .sum(Sum::Rest)
            .merge(Merge::With("presses")),
        TableColumn::number("beat")
            .sum(Sum::Rest)
            .merge(Merge::With("beat")),
    ],
    key: &["user_id", "seconds"],
    owner: "user_id",
    read: KNOWN_PLAYER,
    ..PLAYERS
};

/// Selects the calls with an idempotency key, by the version of the client's UUID. Only those with
/// a count and an existing player matter.
const IS_KEY: &str =
    "substr(client, 15, 1) = '8' AND last_seq > 0 AND user_id IN (SELECT id FROM users)";

const KEYS: Table = Table {
    record: "key",
    words: "the key's client {client} for the player {player}",
    points: "counted",
    name: "click_sessions",
    columns: &[
        OF_PLAYER,
        TableColumn::text("client").sum(Sum::Rest),
        TableColumn::number("last_seq")
            .field("counted")
            .sum(Sum::Points)
            .merge(Merge::With("last_seq")),
    ],
    key: &["client", "user_id"],
    owner: "user_id",
    read: IS_KEY,
    cleared: IS_KEY,
    forgotten: IS_KEY,
    constant: None,
};

/// The condition for lengths and times that a race can have.
macro_rules! is_possible {
    () => {
        "seconds IN (5, 10, 30, 60) AND starts_at BETWEEN 0 AND 253402207199999999"
    };
}

pub(super) use is_possible;

/// The condition for races to export: closed ones with possible values.
macro_rules! is_past {
    () => {
        concat!("closed_at IS NOT NULL AND ", is_possible!())
    };
}

const RACES: Table = Table {
    record: "race",
    words: "the race {id}",
    points: "",
    name: "click_races",
    columns: &[
        TableColumn::number("id"),
        TableColumn::number("seconds").sum(Sum::Points),
        TableColumn::number("starts_at")
            .field("start")
            .sum(Sum::Rest),
        TableColumn::number("closed_at").field("closed"),
    ],
    read: is_past!(),
    forgotten: "closed_at IS NOT NULL",
    ..PLAYERS
};

const RACERS: Table = Table {
    record: "racer",
    words: "the racer {number} of the race {race}",
    points: "presses",
    name: "click_racers",
    columns: &[
        TableColumn::number("race"),
        TableColumn::number("racer").field("number").sum(Sum::Rest),
        TableColumn::new("user_id", Is::RacingPlayer).field("player"),
        TableColumn::new("name", Is::LossyText),
        TableColumn::number("presses").sum(Sum::Points),
        TableColumn::new("standing", Is::Left)
            .field("left")
            .sum(Sum::Rest),
        TableColumn::text("trace").sum(Sum::Rest),
    ],
    key: &["race", "racer"],
    owner: "race",
    read: concat!(
        "race IN (SELECT id FROM click_races WHERE ",
        is_past!(),
        ")"
    ),
    forgotten: "race IN (SELECT id FROM click_races WHERE closed_at IS NOT NULL)",
    constant: Some(("base", "0")),
    ..PLAYERS
};

/// If both have a key, the record that was added later stays, with its player.
const SSH_KEYS: Table = Table {
    record: "sshkey",
    words: "the ssh key {fingerprint} of the player {player}",
    points: "",
    name: "click_keys",
    columns: &[
        TableColumn::number("at")
            .sum(Sum::Rest)
            .merge(Merge::With("at")),
        OF_PLAYER.merge(Merge::With("at")),
        TableColumn::text("fingerprint").sum(Sum::Rest),
        TableColumn::text("comment")
            .sum(Sum::Rest)
            .merge(Merge::With("at")),
    ],
    key: &["fingerprint"],
    owner: "user_id",
    read: KNOWN_PLAYER,
    ..PLAYERS
};

impl RecordKind {
    /// Its table.
    pub(super) fn table(self) -> &'static Table {
        match self {
            Self::Players => &PLAYERS,
            Self::History => &HISTORY,
            Self::Sprints => &SPRINTS,
            Self::Keys => &KEYS,
            Self::Races => &RACES,
            Self::Racers => &RACERS,
            Self::SshKeys => &SSH_KEYS,
        }
    }

    /// What a file calls one of its records.
    pub fn record(self) -> &'static str {
        self.table().record
    }

    /// The names of its records' fields.
    pub fn fields(self) -> impl Iterator<Item = &'static str> {
        self.table().columns.iter().map(|column| column.field)
    }
}

/// -> the first id of an open race, and the last id of all.
pub const RACE_KEYS: &str = "SELECT MIN(CASE WHEN closed_at IS NULL THEN id END) AS first_open,
            MAX(id) AS last_key FROM click_races";
