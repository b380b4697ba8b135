//! Prints lists as tables, JSON or CSV.

mod cell;

use std::io::IsTerminal;

use clap::ValueEnum;
use clap::builder::ArgPredicate;
use jiff::tz::TimeZone;

use super::Exit;
use super::frame::{Failure, note, write_out, written};
use crate::game::Player;
use crate::words::text;
pub use cell::{Cell, Column, escaped};

/// The widest column that is aligned. A longer text moves only the rest of its own line.
const WIDEST: usize = 40;

/// The format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// Aligned columns
    Table,
    /// One JSON array of objects
    Json,
    /// Comma-separated values with a header, as RFC 4180 has them
    Csv,
}

/// The formats of a command's output. One of them is JSON.
pub trait Formats: ValueEnum + Copy + PartialEq + Send + Sync + 'static {
    /// The name of the default format.
    const USUAL: &'static str;
    /// The one that is JSON.
    const JSON: Self;
}

impl Formats for Format {
    const USUAL: &'static str = "table";
    const JSON: Self = Self::Json;
}

/// The flags `--format` and `--json`.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Shape<F: Formats = Format> {
    /// The format of the output
    #[arg(
        short,
        long,
        value_enum,
        // Not `default_value_t`: clap keeps its text in a static, which all formats would share.
        default_value = F::USUAL,
        default_value_if("json", ArgPredicate::IsPresent, "json")
    )]
    format: F,

    /// The same as --format json
    #[arg(long)]
    json: bool,
}

impl<F: Formats> Shape<F> {
    /// The format that the flags ask for.
    ///
    /// # Errors
    /// [`Exit::Usage`] if they contradict each other.
    pub fn format(self) -> Result<F, Failure> {
        agree(self.json, self.format == F::JSON)?;
        Ok(self.format)
    }
}

/// Refuses `--json` together with another format.
///
/// # Errors
/// [`Exit::Usage`].
pub fn agree(json: bool, is_json: bool) -> Result<(), Failure> {
    if json && !is_json {
        let words = "--json and --format ask for two formats: leave one of them out.";
        return Err(Failure::new(Exit::Usage, words));
    }
    Ok(())
}

/// A line of a list with `N` columns.
pub type ListLine<'a, const N: usize> = [Cell<'a>; N];

/// The time zone in which days begin. If the machine's zone is unknown, it warns and uses UTC.
pub fn zone() -> TimeZone {
    crate::settings::zone().unwrap_or_else(|error| {
        note(&format!("Days begin at midnight UTC: {error}."));
        TimeZone::UTC
    })
}

/// `Ada (id 7)`.
pub fn named(player: &Player) -> String {
    format!("{} (id {})", text::name(&player.name), player.id.0)
}

/// Writes a list to standard output.
///
/// # Errors
/// If standard output can't be written; it is no error if the reader has gone.
pub fn write<const N: usize>(
    columns: &[Column; N],
    lines: &[ListLine<N>],
    format: Format,
) -> Result<(), Failure> {
    let text = match format {
        Format::Table => table(columns, lines),
        Format::Json => {
            let objects: Vec<String> = lines.iter().map(|line| object(columns, line)).collect();
            format!("[{}]\n", objects.join(",\n "))
        }
        Format::Csv => {
            let header = columns.map(|column| column.name.to_owned());
            let lines = lines.iter().map(spreadsheet);
            csv(std::iter::once(header).chain(lines))?
        }
    };
    write_out(&text)
}

/// A list that is written while its lines come. It looks like that of [`write()`], but the width of
/// the columns is decided by the first lines.
#[derive(Debug)]
pub struct Written<const N: usize> {
    columns: &'static [Column; N],
    format: Format,
    widths: Option<[usize; N]>,
    lines: usize,
}

impl<const N: usize> Written<N> {
    /// A list of which nothing is written yet.
    pub fn new(columns: &'static [Column; N], format: Format) -> Self {
        Self {
            columns,
            format,
            widths: None,
            lines: 0,
        }
    }

    /// Writes more lines; returns false if the reader has gone.
    ///
    /// # Errors
    /// If standard output can't be written for another reason.
    pub async fn add(&mut self, lines: &[ListLine<'_, N>]) -> Result<bool, Failure> {
        let is_first = self.lines == 0 && self.widths.is_none();
        self.lines += lines.len();
        let text = match self.format {
            Format::Table => {
                let lines: Vec<[String; N]> = lines.iter().map(|l| l.map(Cell::shown)).collect();
                let title = is_first.then(|| titles(self.columns));
                let rows: Vec<[String; N]> = title.into_iter().chain(lines).collect();
                let widths = *self.widths.get_or_insert_with(|| widest(&rows));
                let lines = rows.iter().map(|row| aligned(self.columns, &widths, row));
                lines.collect()
            }
            Format::Json => {
                self.widths.get_or_insert([0; N]);
                let objects: Vec<String> = lines.iter().map(|l| object(self.columns, l)).collect();
                let before = match (is_first, objects.is_empty()) {
                    (true, _) => "[",
                    (false, true) => "",
                    (false, false) => ",\n ",
                };
                before.to_owned() + &objects.join(",\n ")
            }
            Format::Csv => {
                self.widths.get_or_insert([0; N]);
                let header = self.columns.map(|column| column.name.to_owned());
                let header = is_first.then_some(header);
                csv(header.into_iter().chain(lines.iter().map(spreadsheet)))?
            }
        };
        written(text).await
    }

    /// Writes the end of the list.
    ///
    /// # Errors
    /// As [`Self::add`].
    pub async fn end(mut self) -> Result<(), Failure> {
        if self.widths.is_none() {
            self.add(&[]).await?;
        }
        if let Format::Json = self.format {
            written("]\n".to_owned()).await?;
        }
        Ok(())
    }
}

/// The head of a list whose lines are not known yet.
///
/// # Errors
/// A bug in the program.
pub fn head<const N: usize>(columns: &[Column; N], format: Format) -> Result<String, Failure> {
    Ok(match format {
        Format::Table => aligned(columns, &usual(columns), &titles(columns)),
        Format::Json => String::new(),
        Format::Csv => csv(std::iter::once(
            columns.map(|column| column.name.to_owned()),
        ))?,
    })
}

/// A line of a list that goes on; in JSON it is an object of its own.
///
/// # Errors
/// A bug in the program.
pub fn line<const N: usize>(
    columns: &[Column; N],
    line: &ListLine<N>,
    format: Format,
) -> Result<String, Failure> {
    Ok(match format {
        Format::Table => aligned(columns, &usual(columns), &line.map(Cell::shown)),
        Format::Json => object(columns, line) + "\n",
        Format::Csv => csv(std::iter::once(spreadsheet(line)))?,
    })
}

fn titles<const N: usize>(columns: &[Column; N]) -> [String; N] {
    columns.map(|column| column.title.to_owned())
}

fn usual<const N: usize>(columns: &[Column; N]) -> [usize; N] {
    columns.map(|column| column.usual.max(column.title.len()))
}

fn table<const N: usize>(columns: &[Column; N], lines: &[ListLine<N>]) -> String {
    let lines = lines.iter().map(|line| line.map(Cell::shown));
    let rows: Vec<[String; N]> = std::iter::once(titles(columns)).chain(lines).collect();
    let widths = widest(&rows);
    let lines = rows.iter().map(|row| aligned(columns, &widths, row));
    lines.collect()
}

/// The widths of the columns for these rows.
fn widest<const N: usize>(rows: &[[String; N]]) -> [usize; N] {
    std::array::from_fn(|column| {
        let widths = rows.iter().map(|row| text::width(&row[column]));
        widths.max().unwrap_or(0).min(WIDEST)
    })
}

/// A row of a table. Numbers are aligned right, texts left.
fn aligned<const N: usize>(
    columns: &[Column; N],
    widths: &[usize; N],
    row: &[String; N],
) -> String {
    let mut line = String::new();
    for ((column, width), cell) in columns.iter().zip(widths).zip(row) {
        let fill = " ".repeat(width.saturating_sub(text::width(cell)));
        let cells = match column.number {
            true => [&fill, cell],
            false => [cell, &fill],
        };
        line.extend(cells.map(String::as_str));
        line += "  ";
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}

fn object<const N: usize>(columns: &[Column; N], line: &ListLine<N>) -> String {
    let members = columns.iter().zip(line);
    let members = members.map(|(column, cell)| format!("\"{}\":{}", column.name, cell.json()));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn spreadsheet<const N: usize>(line: &ListLine<N>) -> [String; N] {
    line.map(|cell| match cell {
        Cell::Text(text) | Cell::Name(text) => no_formula(text),
        cell => cell.plain(),
    })
}

fn csv<const N: usize>(records: impl Iterator<Item = [String; N]>) -> Result<String, Failure> {
    let fault = |error: csv::Error| Failure::new(Exit::Fault, error.to_string());
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for record in records {
        writer.write_record(record).map_err(fault)?;
    }
    let bytes = writer.into_inner();
    let bytes = bytes.map_err(|error| fault(error.into_error().into()))?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    if std::io::stdout().is_terminal() {
        let lines = text.split("\r\n").map(text::harmless);
        return Ok(lines.collect::<Vec<_>>().join("\r\n"));
    }
    Ok(text)
}

/// Makes a text safe for spreadsheets, which could take it for a formula:
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
