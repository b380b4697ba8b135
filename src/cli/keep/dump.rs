//! Records as text: JSON lines or CSV, each made and read so that nothing gets lost on the way.

use serde::{Deserialize, Serialize};

use crate::cli::list::{escaped, is_formula};
use crate::store::archive::{Batch, HistoryRecord, PlayerRecord};

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header, as RFC 4180 has them
    Csv,
}

/// The version of the format; one that is newer is refused.
const VERSION: u32 = 1;

/// The header of CSV.
const COLUMNS: [&str; 8] = [
    "record",
    "player",
    "name",
    "email",
    "score",
    "quarter",
    "points",
    "overwritten",
];

/// One line of JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Line {
    /// The first: the version.
    Clickoff(u32),
    /// A player.
    Player(PlayerRecord),
    /// A part of a history.
    History(HistoryRecord),
    /// The last: how many players and parts of histories came before it, so that a file that was
    /// cut off is known for one.
    End(u64, u64),
}

/// What stands before all records.
pub fn head(form: Form) -> String {
    match form {
        Form::Jsonl => json(&[Line::Clickoff(VERSION)]),
        Form::Csv => csv(&[COLUMNS.map(str::to_owned)]),
    }
}

/// Some records.
pub fn body(form: Form, batch: &Batch) -> String {
    match (form, batch) {
        (Form::Jsonl, Batch::Players(players)) => json(
            &players
                .iter()
                .cloned()
                .map(Line::Player)
                .collect::<Vec<_>>(),
        ),
        (Form::Jsonl, Batch::History(history)) => json(
            &history
                .iter()
                .copied()
                .map(Line::History)
                .collect::<Vec<_>>(),
        ),
        (Form::Csv, Batch::Players(players)) => {
            let cells = |p: &PlayerRecord| {
                let score = p.score.map_or(String::new(), |score| score.to_string());
                let texts = [&p.name, &p.email].map(|text| guarded(text.as_deref()));
                let [name, email] = texts;
                let none = String::new;
                let player = "player".to_owned();
                [
                    player,
                    p.id.to_string(),
                    name,
                    email,
                    score,
                    none(),
                    none(),
                    none(),
                ]
            };
            csv(&players.iter().map(cells).collect::<Vec<_>>())
        }
        (Form::Csv, Batch::History(history)) => {
            let cells = |h: &HistoryRecord| {
                let numbers = [h.player, h.quarter, h.points, h.overwritten];
                let [player, quarter, points, overwritten] = numbers.map(|n| n.to_string());
                let (record, none) = ("history".to_owned(), String::new);
                [
                    record,
                    player,
                    none(),
                    none(),
                    none(),
                    quarter,
                    points,
                    overwritten,
                ]
            };
            csv(&history.iter().map(cells).collect::<Vec<_>>())
        }
    }
}

/// What stands behind so many players and parts of histories.
pub fn tail(form: Form, players: u64, history: u64) -> String {
    match form {
        Form::Jsonl => json(&[Line::End(players, history)]),
        Form::Csv => String::new(),
    }
}

fn json(lines: &[Line]) -> String {
    // Texts and numbers can always be written.
    let line = |line| escaped(&serde_json::to_string(line).unwrap_or_default()) + "\n";
    lines.iter().map(line).collect()
}

fn csv(rows: &[[String; 8]]) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        // Into memory it can always be written.
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A text as a cell: NULL is empty, and what is empty, a formula or quoted so has a quote before it.
fn guarded(text: Option<&str>) -> String {
    match text {
        None => String::new(),
        Some(text) if text.is_empty() || text.starts_with('\'') || is_formula(text) => {
            format!("'{text}")
        }
        Some(text) => text.to_owned(),
    }
}

/// The text of a cell.
fn unguarded(cell: &str) -> Option<String> {
    let text = cell.strip_prefix('\'').unwrap_or(cell);
    (!cell.is_empty()).then(|| text.to_owned())
}

/// What is wrong with a file, and in which of its lines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct Mistake {
    /// The line, from 1.
    pub line: u64,
    /// What it is.
    pub why: String,
}

impl Mistake {
    /// A mistake in a line.
    pub fn new(line: u64, why: impl Into<String>) -> Self {
        let why = why.into();
        Self { line, why }
    }
}

/// Reads what [`head`], [`body`] and [`tail`] made, whichever form it is in, and gives each record
/// with its line.
///
/// # Errors
/// The first [`Mistake`].
pub fn read(bytes: &[u8]) -> Result<Vec<(u64, Line)>, Mistake> {
    let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(bytes);
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match first {
        Some(b'{') => read_json(bytes),
        Some(_) => read_csv(bytes),
        None => Err(Mistake::new(1, "there is nothing in the file.")),
    }
}

fn read_json(bytes: &[u8]) -> Result<Vec<(u64, Line)>, Mistake> {
    let mut records = Vec::new();
    let (mut number, mut begun, mut ended) = (0, false, false);
    let (mut players, mut history) = (0, 0);
    for line in bytes.split(|byte| *byte == b'\n') {
        number += 1;
        let wrong = |why: String| Mistake::new(number, why);
        let text = std::str::from_utf8(line).map_err(|_| wrong("it is not valid UTF-8.".into()))?;
        if text.trim().is_empty() {
            continue;
        }
        let line = serde_json::from_str(text).map_err(|error| {
            let column = error.column();
            let why = error.to_string();
            let why = why.split(" at line ").next().unwrap_or_default();
            wrong(format!("{why} (column {column})."))
        })?;
        match line {
            _ if ended => return Err(wrong("it stands behind the end.".into())),
            Line::Clickoff(VERSION) if !begun => begun = true,
            Line::Clickoff(version) if !begun => {
                let why = format!("it was made by a newer clickoff (format {version}): use that.");
                return Err(wrong(why));
            }
            Line::Clickoff(_) => return Err(wrong("the file begins again.".into())),
            _ if !begun => {
                return Err(wrong(r#"the first line has to be {"clickoff":1}."#.into()));
            }
            Line::End(..) if line != Line::End(players, history) => {
                let why = format!(
                    "it counts other records than the {players} players and {history} parts of \
                     histories before it: some are missing, or were added."
                );
                return Err(wrong(why));
            }
            Line::End(..) => ended = true,
            Line::Player(_) => players += 1,
            Line::History(_) => history += 1,
        }
        records.push((number, line));
    }
    if !ended {
        return Err(Mistake::new(
            number,
            "the file ends too early: it was cut off.",
        ));
    }
    Ok(records)
}

fn read_csv(bytes: &[u8]) -> Result<Vec<(u64, Line)>, Mistake> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes);
    let mut records = Vec::new();
    let mut lines = Lines { bytes, line: 1 };
    let mut passed = 0;
    for (index, row) in reader.records().enumerate() {
        let row = row.map_err(|error| {
            let at = error.position().map_or(passed, csv::Position::byte);
            let line = lines.at(at - passed);
            let why = match error.kind() {
                csv::ErrorKind::Utf8 { .. } => "it is not valid UTF-8.".to_owned(),
                _ => format!("{error}."),
            };
            Mistake::new(line, why)
        })?;
        let at = row.position().map_or(passed, csv::Position::byte);
        let line = lines.at(at - passed);
        passed = at;
        let cells: Vec<&str> = row.iter().collect();
        if index == 0 {
            if cells != COLUMNS {
                let why = format!(
                    "it is none of clickoff's files: JSON lines begin with \
                                   {{\"clickoff\":1}}, and CSV with {}.",
                    COLUMNS.join(",")
                );
                return Err(Mistake::new(line, why));
            }
            continue;
        }
        let record = cells_of(&cells).map_err(|why| Mistake::new(line, why))?;
        records.push((line, record));
    }
    Ok(records)
}

/// Counts lines. The reader itself takes the second sign of a line's end for the next line's.
struct Lines<'a> {
    bytes: &'a [u8],
    line: u64,
}

impl Lines<'_> {
    /// The line of the record that begins so many bytes on.
    fn at(&mut self, bytes: u64) -> u64 {
        let on = usize::try_from(bytes).unwrap_or(usize::MAX);
        let (passed, rest) = self.bytes.split_at(on.min(self.bytes.len()));
        self.line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.bytes = rest;
        let blank = rest.iter().take_while(|byte| byte.is_ascii_whitespace());
        self.line + blank.filter(|byte| **byte == b'\n').count() as u64
    }
}

fn cells_of(cells: &[&str]) -> Result<Line, String> {
    let number = |column: usize| {
        let cell = cells[column];
        let number = cell.parse::<i64>();
        number.map_err(|_| format!("{} is no whole number: \"{cell}\".", COLUMNS[column]))
    };
    if cells.len() != COLUMNS.len() {
        let (there, wanted) = (cells.len(), COLUMNS.len());
        return Err(format!("it has {there} cells instead of {wanted}."));
    }
    match cells[0] {
        "player" => Ok(Line::Player(PlayerRecord {
            id: number(1)?,
            name: unguarded(cells[2]),
            email: unguarded(cells[3]),
            score: (!cells[4].is_empty()).then(|| number(4)).transpose()?,
        })),
        "history" => Ok(Line::History(HistoryRecord {
            player: number(1)?,
            quarter: number(5)?,
            points: number(6)?,
            overwritten: number(7)?,
        })),
        other => Err(format!(
            "the record is neither player nor history: \"{other}\"."
        )),
    }
}
