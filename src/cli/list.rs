//! Lists of players, for people, for programs and for spreadsheets.

use std::io::IsTerminal;

use serde::Serialize;

use super::Exit;
use super::frame::{Failure, write_out};
use crate::game::Player;
use crate::ui::text;

/// The widest column that others are aligned behind; a longer text pushes its own line only.
const WIDEST: usize = 40;

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Aligned columns
    Table,
    /// One JSON array of objects
    Json,
    /// Comma-separated values with a header, as RFC 4180 has them
    Csv,
}

/// A line of a list. Its fields are what the README promises to programs.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    rank: usize,
    id: i64,
    name: &'a str,
    email: Option<&'a str>,
    score: i64,
}

impl<'a> Line<'a> {
    /// A player who stands at this rank.
    pub fn new(rank: usize, player: &'a Player) -> Self {
        Self {
            rank,
            id: player.id.0,
            name: &player.name,
            email: (!player.email.is_empty()).then_some(&player.email),
            score: player.score,
        }
    }
}

/// Writes a list to standard output.
///
/// # Errors
/// Where that can't be written, for another reason than that its reader has gone.
pub fn write(lines: &[Line], format: Format) -> Result<(), Failure> {
    let text = match format {
        Format::Table => table(lines),
        Format::Json => json(lines).map_err(|e| Failure::new(Exit::Fault, e.to_string()))?,
        Format::Csv => csv(lines).map_err(|e| Failure::new(Exit::Fault, e.to_string()))?,
    };
    write_out(&text)
}

fn table(lines: &[Line]) -> String {
    let header = ["RANK", "ID", "SCORE", "NAME", "E-MAIL"].map(str::to_owned);
    let row = |line: &Line| {
        let email = text::harmless(line.email.unwrap_or_default()).into_owned();
        let name = text::name(line.name).into_owned();
        let numbers = [
            line.rank.to_string(),
            line.id.to_string(),
            line.score.to_string(),
        ];
        let [rank, id, score] = numbers;
        [rank, id, score, name, email]
    };
    let rows: Vec<[String; 5]> = std::iter::once(header)
        .chain(lines.iter().map(row))
        .collect();
    let widest = |column: usize| {
        let widths = rows.iter().map(|row| text::width(&row[column]));
        widths.max().unwrap_or(0).min(WIDEST)
    };
    let widths: Vec<usize> = (0..5).map(widest).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let fill = " ".repeat(widths[column].saturating_sub(text::width(cell)));
            let is_number = column < 3;
            let cells = if is_number {
                [&fill, cell]
            } else {
                [cell, &fill]
            };
            line.extend(cells.map(String::as_str));
            line += "  ";
        }
        text += line.trim_end();
        text.push('\n');
    }
    text
}

fn json(lines: &[Line]) -> serde_json::Result<String> {
    let objects: Vec<String> = lines
        .iter()
        .map(|line| Ok(escaped(&serde_json::to_string(line)?)))
        .collect::<serde_json::Result<_>>()?;
    let objects = objects.join(",\n ");
    Ok(format!("[{objects}]\n"))
}

/// JSON with everything as an escape that a terminal could obey, which stays the same JSON.
pub fn escaped(json: &str) -> String {
    let mut out = String::new();
    for c in json.chars() {
        let harmless = text::harmless(c.encode_utf8(&mut [0; 4])) == c.to_string();
        if harmless {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out += &format!("\\u{unit:04x}");
            }
        }
    }
    out
}

fn csv(lines: &[Line]) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(["rank", "id", "name", "email", "score"])?;
    for line in lines {
        writer.write_record([
            line.rank.to_string(),
            line.id.to_string(),
            no_formula(line.name),
            no_formula(line.email.unwrap_or_default()),
            line.score.to_string(),
        ])?;
    }
    let bytes = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if std::io::stdout().is_terminal() {
        let lines = text.split("\r\n").map(text::harmless);
        return Ok(lines.collect::<Vec<_>>().join("\r\n"));
    }
    Ok(text)
}

/// A text that no spreadsheet takes for a formula:
/// <https://owasp.org/www-community/attacks/CSV_Injection>.
fn no_formula(text: &str) -> String {
    if is_formula(text) {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// Whether a spreadsheet might take a text for a formula.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}
