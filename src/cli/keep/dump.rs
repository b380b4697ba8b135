//! The export format: records as JSON lines or CSV, without loss in either direction.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::cli::list::{csv, escaped, is_formula};
use crate::store::archive::{
    Batch, HistoryRecord, KeyRecord, PlayerRecord, RaceRecord, RacerRecord, RecordKind,
    SprintRecord, SshKeyRecord,
};

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum DumpFormat {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header, as RFC 4180 has them
    Csv,
}

/// The version of the format. All others are refused.
pub const VERSION: u32 = 1;

/// The header of CSV.
pub const COLUMNS: [&str; 22] = [
    "record",
    "player",
    "name",
    "email",
    "score",
    "quarter",
    "points",
    "overwritten",
    "seconds",
    "presses",
    "at",
    "trace",
    "beat",
    "client",
    "counted",
    "race",
    "number",
    "start",
    "closed",
    "left",
    "fingerprint",
    "comment",
];

/// The number of records of each kind, in the order of [`RecordKind::ALL`].
pub type Counts = [u64; RecordKind::ALL.len()];

/// One line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum DumpLine {
    /// The first line: the version of the format.
    Clickoff(u32),
    /// A player.
    Player(PlayerRecord),
    /// A part of a player's history.
    History(HistoryRecord),
    /// A best sprint.
    Sprint(SprintRecord),
    /// A call that was made with a key (see `clickoff click`).
    Key(KeyRecord),
    /// A race.
    Race(RaceRecord),
    /// A racer of a race.
    Racer(RacerRecord),
    /// A key that plays by ssh.
    SshKey(SshKeyRecord),
    /// The last line: the number of records of each kind, so that a truncated file is detected.
    End(Counts),
}

impl DumpLine {
    /// The record's kind; `None` for the first and the last line.
    pub fn kind(&self) -> Option<RecordKind> {
        match self {
            Self::Clickoff(_) | Self::End(_) => None,
            Self::Player(_) => Some(RecordKind::Players),
            Self::History(_) => Some(RecordKind::History),
            Self::Sprint(_) => Some(RecordKind::Sprints),
            Self::Key(_) => Some(RecordKind::Keys),
            Self::Race(_) => Some(RecordKind::Races),
            Self::Racer(_) => Some(RecordKind::Racers),
            Self::SshKey(_) => Some(RecordKind::SshKeys),
        }
    }
}

/// The text before all records.
pub fn head(form: DumpFormat) -> String {
    match form {
        DumpFormat::Jsonl => json(&DumpLine::Clickoff(VERSION)),
        DumpFormat::Csv => csv([COLUMNS.map(str::to_owned)]),
    }
}

/// The text of some records.
pub fn body(form: DumpFormat, batch: Batch) -> String {
    let lines: Vec<DumpLine> = match batch {
        Batch::Players(all) => all.into_iter().map(DumpLine::Player).collect(),
        Batch::History(all) => all.into_iter().map(DumpLine::History).collect(),
        Batch::Sprints(all) => all.into_iter().map(DumpLine::Sprint).collect(),
        Batch::Keys(all) => all.into_iter().map(DumpLine::Key).collect(),
        Batch::Races(all) => all.into_iter().map(DumpLine::Race).collect(),
        Batch::Racers(all) => all.into_iter().map(DumpLine::Racer).collect(),
        Batch::SshKeys(all) => all.into_iter().map(DumpLine::SshKey).collect(),
    };
    match form {
        DumpFormat::Jsonl => lines.iter().map(json).collect(),
        DumpFormat::Csv => csv(lines.iter().filter_map(cells)),
    }
}

/// The text after all records.
pub fn tail(form: DumpFormat, counts: Counts) -> String {
    match form {
        DumpFormat::Jsonl => json(&DumpLine::End(counts)),
        DumpFormat::Csv => String::new(),
    }
}

fn json(line: &DumpLine) -> String {
    // Serializing texts and numbers can't fail.
    escaped(&serde_json::to_string(line).unwrap_or_default()) + "\n"
}

type Cells = [String; COLUMNS.len()];

/// The field of a record for a column of CSV. The column named like the record holds its id.
fn field<'a>(record: &str, column: &'a str) -> &'a str {
    if column == record { "id" } else { column }
}

/// A record as a row of CSV.
fn cells(line: &DumpLine) -> Option<Cells> {
    let line = serde_json::to_value(line).ok()?;
    let (record, fields) = line.as_object()?.iter().next()?;
    Some(COLUMNS.map(|column| match column {
        "record" => record.clone(),
        _ => cell(&fields[field(record, column)]),
    }))
}

/// A value as a cell. NULL is empty. A text gets a leading ' if it is empty, looks like a formula,
/// or begins with ' itself.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.is_empty() || text.starts_with('\'') || is_formula(text) => {
            format!("'{text}")
        }
        Value::String(text) => text.clone(),
        number_or_bool => number_or_bool.to_string(),
    }
}

/// The value of a cell.
fn value(record: &str, column: &str, cell: &str) -> Result<Value, String> {
    match (column, record) {
        ("name" | "email" | "score", _) | ("player" | "trace", "racer") if cell.is_empty() => {
            Ok(Value::Null)
        }
        ("name" | "email" | "trace" | "client" | "fingerprint" | "comment", _) => {
            Ok(cell.strip_prefix('\'').unwrap_or(cell).into())
        }
        ("left", _) => cell
            .parse::<bool>()
            .map(Value::from)
            .map_err(|_| format!("left is neither true nor false: \"{cell}\".")),
        _ => cell
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| format!("{column} is no whole number: \"{cell}\".")),
    }
}

/// Parses a row that has all cells. Columns of other kinds of record are ignored.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn record_of(cells: &[&str]) -> Result<DumpLine, String> {
    let record = cells[0];
    let mut kinds = RecordKind::ALL.into_iter();
    let kind = kinds.find(|kind| kind.record() == record).ok_or_else(|| {
        format!(
            "the record is neither player nor history, sprint, key, race, racer or sshkey: \
             \"{record}\"."
        )
    })?;
    let mut fields = Map::new();
    for (column, cell) in COLUMNS.into_iter().zip(cells).skip(1) {
        let field = field(record, column);
        if kind.has_field(field) {
            fields.insert(field.to_owned(), value(record, column, cell)?);
        }
    }
    let line = Map::from_iter([(record.to_owned(), fields.into())]);
    serde_json::from_value(line.into()).map_err(|error| format!("{error}."))
}
