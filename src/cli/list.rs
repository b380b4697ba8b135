//! Prints lists as tables, JSON or CSV.

mod cell;

use clap::ValueEnum;
use clap::builder::ArgPredicate;
use jiff::tz::TimeZone;

use super::Exit;
use super::common::{Failure, harmless_lines, note, write_out};
use crate::game::Player;
use crate::words::text;
pub use cell::{Cell, Column, json};

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
    columns: &'static [Column; N],
    lines: &[ListLine<N>],
    format: Format,
) -> Result<(), Failure> {
    let mut list = ListText::new(columns, format);
    let text = list.add(lines);
    write_out(&(text + &list.end()))
}

/// The text of a list whose lines come one after the other.
#[derive(Debug)]
pub struct ListText<const N: usize> {
    columns: &'static [Column; N],
    format: Format,
    /// The widths of the columns, once they are decided.
    widths: Option<[usize; N]>,
    is_endless: bool,
    has_begun: bool,
    has_lines: bool,
}

impl<const N: usize> ListText<N> {
    /// A list with an end. The first lines decide the widths of its columns.
    pub fn new(columns: &'static [Column; N], format: Format) -> Self {
        Self {
            columns,
            format,
            widths: None,
            is_endless: false,
            has_begun: false,
            has_lines: false,
        }
    }

    /// A list that goes on and on, with columns of these widths. In JSON each line is an object of
    /// its own.
    pub fn endless(columns: &'static [Column; N], widths: [usize; N], format: Format) -> Self {
        Self {
            widths: Some(widths),
            is_endless: true,
            ..Self::new(columns, format)
        }
    }

    /// The text of more lines. The first one begins with the head of the list.
    pub fn add(&mut self, lines: &[ListLine<'_, N>]) -> String {
        let is_first = !std::mem::replace(&mut self.has_begun, true);
        match self.format {
            Format::Table => {
                let titles = is_first.then(|| self.columns.map(|column| column.title.to_owned()));
                let lines = lines.iter().map(|line| line.map(Cell::shown));
                let rows: Vec<[String; N]> = titles.into_iter().chain(lines).collect();
                let widths = *self.widths.get_or_insert_with(|| widest(&rows));
                let lines = rows.iter().map(|row| aligned(self.columns, &widths, row));
                lines.collect()
            }
            Format::Json => {
                let objects = lines.iter().map(|line| object(self.columns, line));
                if self.is_endless {
                    return objects.map(|object| object + "\n").collect();
                }
                let objects = objects.map(|object| {
                    let had_lines = std::mem::replace(&mut self.has_lines, true);
                    let before = if had_lines { ",\n " } else { "[" };
                    before.to_owned() + &object
                });
                objects.collect()
            }
            Format::Csv => {
                let header = is_first.then(|| self.columns.map(|column| column.name.to_owned()));
                let rows = header.into_iter().chain(lines.iter().map(spreadsheet));
                harmless_lines(csv(rows), "\r\n")
            }
        }
    }

    /// The end of the list.
    pub fn end(mut self) -> String {
        match (self.format, self.has_lines) {
            (Format::Json, true) => "]\n".to_owned(),
            (Format::Json, false) => "[]\n".to_owned(),
            _ if self.has_begun => String::new(),
            _ => self.add(&[]),
        }
    }
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
        Cell::Text(text) | Cell::Name(text) if is_formula(text) => format!("'{text}"),
        cell => cell.plain(),
    })
}

/// Rows as CSV.
pub fn csv<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for row in rows {
        // Writing to memory can't fail.
        let _ = writer.write_record(row);
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Whether a spreadsheet might take a text for a formula:
/// <https://owasp.org/www-community/attacks/CSV_Injection>.
pub fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r'])
}
