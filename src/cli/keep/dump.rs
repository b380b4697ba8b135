//! The export format: records as JSON lines or CSV, without loss in either direction.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::cli::list::{csv, is_formula, json};
use crate::store::archive::{AnyRecord, Fields, RecordKind};

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
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DumpLine {
    /// The first line: the version of the format.
    Clickoff(u32),
    /// The last line: the number of records of each kind, so that a truncated file is detected.
    End(Counts),
    /// A line in between.
    #[serde(skip)]
    Record(AnyRecord),
}

impl DumpLine {
    /// Parses a line.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        let name = text.trim_start().trim_start_matches('{').trim_start();
        match name.starts_with("\"clickoff\"") || name.starts_with("\"end\"") {
            true => serde_json::from_str(text),
            false => serde_json::from_str(text).map(Self::Record),
        }
    }
}

/// The text before all records.
pub fn head(form: DumpFormat) -> String {
    match form {
        DumpFormat::Jsonl => json(&DumpLine::Clickoff(VERSION)) + "\n",
        DumpFormat::Csv => csv([COLUMNS.map(str::to_owned)]),
    }
}

/// The text of some records.
pub fn body(form: DumpFormat, records: &[AnyRecord]) -> String {
    match form {
        DumpFormat::Jsonl => records.iter().map(|record| json(record) + "\n").collect(),
        DumpFormat::Csv => csv(records.iter().map(cells)),
    }
}

/// The text after all records.
pub fn tail(form: DumpFormat, counts: Counts) -> String {
    match form {
        DumpFormat::Jsonl => json(&DumpLine::End(counts)) + "\n",
        DumpFormat::Csv => String::new(),
    }
}

type Cells = [String; COLUMNS.len()];

/// The field of a record for a column of CSV. The column named like the record holds its id.
fn field<'a>(record: &str, column: &'a str) -> &'a str {
    if column == record { "id" } else { column }
}

/// A record as a row of CSV.
fn cells(record: &AnyRecord) -> Cells {
    let (record, fields) = (record.kind().record(), record.fields());
    COLUMNS.map(|column| match column {
        "record" => record.to_owned(),
        _ => fields
            .get(field(record, column))
            .map_or_else(String::new, cell),
    })
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
pub fn record_of(cells: &[&str]) -> Result<AnyRecord, String> {
    let record = cells[0];
    let mut kinds = RecordKind::ALL.into_iter();
    let kind = kinds.find(|kind| kind.record() == record).ok_or_else(|| {
        format!(
            "the record is neither player nor history, sprint, key, race, racer or sshkey: \
             \"{record}\"."
        )
    })?;
    let mut fields = Fields::new();
    for (column, cell) in COLUMNS.into_iter().zip(cells).skip(1) {
        let field = field(record, column);
        if kind.fields().any(|known| known == field) {
            fields.insert(field.to_owned(), value(record, column, cell)?);
        }
    }
    AnyRecord::of(kind, fields).map_err(|error| format!("{error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_of_a_record_has_a_column_and_no_column_is_without_one() {
        let fields = |kind: RecordKind| kind.fields().map(move |field| (kind.record(), field));
        let fields: Vec<_> = RecordKind::ALL.into_iter().flat_map(fields).collect();
        let is_of = |column: &str, (record, named): (&str, &str)| field(record, column) == named;
        for one in &fields {
            let is_told = COLUMNS.iter().any(|column| is_of(column, *one));
            assert!(is_told, "CSV lacks {one:?}");
        }
        for column in COLUMNS.into_iter().skip(1) {
            let is_used = fields.iter().any(|one| is_of(column, *one));
            assert!(is_used, "no record has {column}");
        }
    }
}
