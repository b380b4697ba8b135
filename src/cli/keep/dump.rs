//! Records as text, JSON lines or CSV, so that nothing gets lost on the way out and back.

use serde::{Deserialize, Serialize};

use crate::cli::list::{escaped, is_formula};
use crate::store::archive::{
    Batch, HistoryRecord, KeyRecord, Kind, PlayerRecord, RaceRecord, RacerRecord, SprintRecord,
};

/// How records are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Form {
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header, as RFC 4180 has them
    Csv,
}

/// The version of the format; one that is newer is refused.
pub const VERSION: u32 = 3;

/// The header of CSV.
pub const COLUMNS: [&str; 19] = [
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
    "client",
    "counted",
    "race",
    "number",
    "start",
    "closed",
    "left",
];

/// How many columns each version has, and how many kinds of records: the first had no sprints and
/// no keys, the second no races.
pub const VERSIONS: [(usize, usize); VERSION as usize] =
    [(8, 2), (14, 4), (COLUMNS.len(), Kind::ALL.len())];

/// How many records of each kind there are, in the order of [`Kind::ALL`].
pub type Counts = [u64; Kind::ALL.len()];

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
    /// A best sprint.
    Sprint(SprintRecord),
    /// A call that is known again by its key.
    Key(KeyRecord),
    /// A race.
    Race(RaceRecord),
    /// One who raced in it.
    Racer(RacerRecord),
    /// The last: how many of each kind came before it, so that a file that was cut off is known for
    /// one. Earlier versions count the kinds that they have.
    End(Vec<u64>),
}

/// What stands before all records.
pub fn head(form: Form) -> String {
    match form {
        Form::Jsonl => json([Line::Clickoff(VERSION)]),
        Form::Csv => csv([COLUMNS.map(str::to_owned)]),
    }
}

/// Some records.
pub fn body(form: Form, batch: Batch) -> String {
    match form {
        Form::Jsonl => match batch {
            Batch::Players(all) => json(all.into_iter().map(Line::Player)),
            Batch::History(all) => json(all.into_iter().map(Line::History)),
            Batch::Sprints(all) => json(all.into_iter().map(Line::Sprint)),
            Batch::Keys(all) => json(all.into_iter().map(Line::Key)),
            Batch::Races(all) => json(all.into_iter().map(Line::Race)),
            Batch::Racers(all) => json(all.into_iter().map(Line::Racer)),
        },
        Form::Csv => match batch {
            Batch::Players(all) => csv(all.iter().map(cells_of_player)),
            Batch::History(all) => csv(all.iter().map(cells_of_part)),
            Batch::Sprints(all) => csv(all.iter().map(cells_of_sprint)),
            Batch::Keys(all) => csv(all.iter().map(cells_of_key)),
            Batch::Races(all) => csv(all.iter().map(cells_of_race)),
            Batch::Racers(all) => csv(all.iter().map(cells_of_racer)),
        },
    }
}

/// What stands behind so many records.
pub fn tail(form: Form, counts: Counts) -> String {
    match form {
        Form::Jsonl => json([Line::End(counts.to_vec())]),
        Form::Csv => String::new(),
    }
}

fn json(lines: impl IntoIterator<Item = Line>) -> String {
    // Texts and numbers can always be written.
    let line = |line| escaped(&serde_json::to_string(&line).unwrap_or_default()) + "\n";
    lines.into_iter().map(line).collect()
}

type Cells = [String; COLUMNS.len()];

fn csv(rows: impl IntoIterator<Item = Cells>) -> String {
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

fn cells_of_player(player: &PlayerRecord) -> Cells {
    let score = player.score.map_or(String::new(), |n| n.to_string());
    let [name, email] = [&player.name, &player.email].map(|text| guarded(text.as_deref()));
    cells("player", player.id, [(2, name), (3, email), (4, score)])
}

fn cells_of_part(part: &HistoryRecord) -> Cells {
    let numbers = [part.quarter, part.points, part.overwritten];
    let [quarter, points, overwritten] = numbers.map(|n| n.to_string());
    let cells_there = [(5, quarter), (6, points), (7, overwritten)];
    cells("history", part.player, cells_there)
}

fn cells_of_sprint(sprint: &SprintRecord) -> Cells {
    let numbers = [sprint.seconds, sprint.presses, sprint.at];
    let [seconds, presses, at] = numbers.map(|n| n.to_string());
    let trace = guarded(Some(&sprint.trace));
    let cells_there = [(8, seconds), (9, presses), (10, at), (11, trace)];
    cells("sprint", sprint.player, cells_there)
}

fn cells_of_key(key: &KeyRecord) -> Cells {
    let client = guarded(Some(&key.client));
    let cells_there = [(12, client), (13, key.counted.to_string())];
    cells("key", key.player, cells_there)
}

fn cells_of_race(race: &RaceRecord) -> Cells {
    let numbers = [race.seconds, race.id, race.start, race.closed];
    let [seconds, id, start, closed] = numbers.map(|n| n.to_string());
    let cells_there = [(8, seconds), (14, id), (16, start), (17, closed)];
    cells("race", None, cells_there)
}

fn cells_of_racer(racer: &RacerRecord) -> Cells {
    let numbers = [racer.presses, racer.race, racer.number];
    let [presses, race, number] = numbers.map(|n| n.to_string());
    let (name, left) = (guarded(racer.name.as_deref()), racer.left.to_string());
    let cells_there = [
        (2, name),
        (9, presses),
        (14, race),
        (15, number),
        (18, left),
    ];
    cells("racer", racer.player, cells_there)
}

/// A row with these cells, and all others empty.
fn cells<const N: usize>(
    record: &str,
    player: impl Into<Option<i64>>,
    filled: [(usize, String); N],
) -> Cells {
    let mut row = Cells::default();
    row[0] = record.to_owned();
    row[1] = player.into().map_or(String::new(), |id| id.to_string());
    for (column, text) in filled {
        row[column] = text;
    }
    row
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

/// The record of a row that has all cells, or those of an earlier version alone.
///
/// # Errors
/// What is wrong with it, in words.
pub fn record_of(cells: &[&str]) -> Result<Line, String> {
    let has = |column| cells.len() > column;
    let number = |column: usize| {
        let cell = cells[column];
        let number = cell.parse::<i64>();
        number.map_err(|_| format!("{} is no whole number: \"{cell}\".", COLUMNS[column]))
    };
    let optional = |column: usize| (!cells[column].is_empty()).then(|| number(column));
    match cells[0] {
        "player" => Ok(Line::Player(PlayerRecord {
            id: number(1)?,
            name: unguarded(cells[2]),
            email: unguarded(cells[3]),
            score: optional(4).transpose()?,
        })),
        "history" => Ok(Line::History(HistoryRecord {
            player: number(1)?,
            quarter: number(5)?,
            points: number(6)?,
            overwritten: number(7)?,
        })),
        "sprint" if has(11) => Ok(Line::Sprint(SprintRecord {
            player: number(1)?,
            seconds: number(8)?,
            presses: number(9)?,
            at: number(10)?,
            trace: unguarded(cells[11]).unwrap_or_default(),
        })),
        "key" if has(13) => Ok(Line::Key(KeyRecord {
            player: number(1)?,
            client: unguarded(cells[12]).unwrap_or_default(),
            counted: number(13)?,
        })),
        "race" if has(18) => Ok(Line::Race(RaceRecord {
            id: number(14)?,
            seconds: number(8)?,
            start: number(16)?,
            closed: number(17)?,
        })),
        "racer" if has(18) => Ok(Line::Racer(RacerRecord {
            race: number(14)?,
            number: number(15)?,
            player: optional(1).transpose()?,
            name: unguarded(cells[2]),
            presses: number(9)?,
            left: cells[18]
                .parse()
                .map_err(|_| format!("left is neither true nor false: \"{}\".", cells[18]))?,
        })),
        other => Err(format!(
            "the record is neither player nor history, sprint, key, race or racer: \"{other}\"."
        )),
    }
}
