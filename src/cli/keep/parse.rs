//! Parses a file of records, one by one, in any of its formats.

use std::io::{self, BufRead, Read};

use super::dump::{COLUMNS, Counts, DumpLine, VERSION, record_of};
use crate::store::archive::AnyRecord;

/// The longest line that is read, in bytes.
const LONGEST: u64 = 16 << 20;

/// The longest row of CSV: each byte may be a cell, and a cell takes eight bytes of memory.
const LONGEST_ROW: u64 = 4 << 20;

/// A mistake in a file.
#[derive(Debug, thiserror::Error)]
pub enum FileMistake {
    /// A mistake in one line.
    #[error("line {line}: {why}")]
    Line {
        /// The line number, from 1.
        line: u64,
        /// What is wrong.
        why: String,
    },
    /// An error of the file itself.
    #[error(transparent)]
    Unreadable(#[from] io::Error),
}

impl FileMistake {
    /// A mistake in a line.
    pub fn new(line: u64, why: impl Into<String>) -> Self {
        let why = why.into();
        Self::Line { line, why }
    }
}

/// A record with its line number.
pub type Numbered = (u64, AnyRecord);

/// What is done with each record. After a mistake no more come.
pub type Each<'a> = &'a mut dyn FnMut(Numbered) -> Result<(), FileMistake>;

/// Reads the records of a text.
///
/// # Errors
/// The first [`FileMistake`].
pub fn read(mut text: impl BufRead, each: Each<'_>) -> Result<(), FileMistake> {
    let mut line = 1;
    loop {
        let start = text.fill_buf()?;
        if start.starts_with("\u{feff}".as_bytes()) {
            text.consume("\u{feff}".len());
            continue;
        }
        let blank = start.iter().take_while(|byte| byte.is_ascii_whitespace());
        let (blank, all) = (blank.count(), start.len());
        line += newlines(&start[..blank]);
        let first = start.get(blank).copied();
        text.consume(blank);
        match first {
            Some(b'{') => return read_json(text, line, each),
            Some(_) => return read_csv(text, line, each),
            None if all > 0 => {}
            None => return Err(FileMistake::new(1, "there is nothing in the file.")),
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// Reads JSON lines, from the line with this number on.
fn read_json(mut text: impl BufRead, mut next: u64, each: Each<'_>) -> Result<(), FileMistake> {
    let mut buffer = Vec::new();
    let (mut begun, mut ended, mut counts) = (false, false, Counts::default());
    loop {
        buffer.clear();
        let length = text.by_ref().take(LONGEST).read_until(b'\n', &mut buffer)?;
        if length == 0 && ended {
            return Ok(());
        }
        if length == 0 {
            let why = "the file ends too early: it was cut off.";
            return Err(FileMistake::new(next - 1, why));
        }
        let number = next;
        next += 1;
        let wrong = |why: &str| Err(FileMistake::new(number, why));
        if length as u64 == LONGEST {
            return wrong("it is too long for a record.");
        }
        let Ok(line) = std::str::from_utf8(&buffer) else {
            return wrong("it is not valid UTF-8.");
        };
        if line.trim().is_empty() {
            continue;
        }
        match (DumpLine::parse(line), begun) {
            (Err(error), _) => {
                let (column, why) = (error.column(), error.to_string());
                let why = why.split(" at line ").next().unwrap_or_default();
                return wrong(&format!("{why} (column {column})."));
            }
            _ if ended => return wrong("it stands behind the end."),
            (Ok(DumpLine::Clickoff(VERSION)), false) => begun = true,
            (Ok(DumpLine::Clickoff(version)), false) => {
                return wrong(&format!(
                    "its format is {version}, and this clickoff reads format {VERSION}. Use the \
                     clickoff that made it, or let that one write it anew with `clickoff export \
                     --format csv`."
                ));
            }
            (Ok(DumpLine::Clickoff(_)), true) => return wrong("the file begins again."),
            (_, false) => {
                let why = format!(r#"the first line has to be {{"clickoff":{VERSION}}}."#);
                return wrong(&why);
            }
            (Ok(DumpLine::End(counted)), true) => {
                if counted != counts {
                    let [players, parts, sprints, keys, races, racers, ssh] = counts;
                    return wrong(&format!(
                        "it counts other records than the {players} players, {parts} parts of \
                         histories, {sprints} sprints, {keys} keys, {races} races, {racers} \
                         racers and {ssh} ssh keys before it: some are missing, or were added."
                    ));
                }
                ended = true;
            }
            (Ok(DumpLine::Record(record)), true) => {
                counts[record.kind() as usize] += 1;
                each((number, record))?;
            }
        }
    }
}

/// Reads CSV with a header, from the line with this number on.
fn read_csv(text: impl Read, first: u64, each: Each<'_>) -> Result<(), FileMistake> {
    // Only LF ends a row, so that each row moves the position by its lines.
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .terminator(csv::Terminator::Any(b'\n'))
        .from_reader(text.chain(&b"\n"[..]).take(0));
    let mut row = csv::ByteRecord::new();
    let mut begun = false;
    loop {
        reader.get_mut().set_limit(LONGEST_ROW);
        let read = reader.read_byte_record(&mut row);
        let has_row = read.map_err(|error| io::Error::other(error.to_string()))?;
        let inside: u64 = row.iter().map(newlines).sum();
        let next = first - 1 + reader.position().line() - inside;
        if reader.get_ref().limit() == 0 {
            return Err(FileMistake::new(next, "it is too long for a record."));
        }
        if !has_row && begun {
            return Ok(());
        }
        if row.as_slice() == b"\r" {
            continue;
        }
        let line = next - 1;
        let cells: Result<Vec<&str>, _> = row.iter().map(std::str::from_utf8).collect();
        let mut cells = cells.map_err(|_| FileMistake::new(line, "it is not valid UTF-8."))?;
        if let Some(last) = cells.last_mut() {
            *last = last.strip_suffix('\r').unwrap_or(last);
        }
        if !std::mem::replace(&mut begun, true) {
            if cells != COLUMNS {
                let why = format!(
                    "it is none of clickoff's files: JSON lines begin with \
                     {{\"clickoff\":{VERSION}}}, and CSV with {}.",
                    COLUMNS.join(",")
                );
                return Err(FileMistake::new(line, why));
            }
            continue;
        }
        if cells.len() != COLUMNS.len() {
            let (there, wanted) = (cells.len(), COLUMNS.len());
            let why = format!("it has {there} cells instead of {wanted}.");
            return Err(FileMistake::new(line, why));
        }
        let record = record_of(&cells).map_err(|why| FileMistake::new(line, why))?;
        each((line, record))?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The lines of the records up to the end, or to a mistake.
    fn lines_of(text: impl Read) -> (Vec<u64>, Result<(), String>) {
        let mut lines = Vec::new();
        let read = read(io::BufReader::new(text), &mut |(line, _)| {
            lines.push(line);
            Ok(())
        });
        (lines, read.map_err(|mistake| mistake.to_string()))
    }

    #[test]
    fn each_row_is_told_by_the_line_that_it_begins_in() {
        let (head, empty) = (COLUMNS.join(","), ",".repeat(COLUMNS.len() - 3));
        let [ada, bob, cleo] =
            ["player,1,a", "c\"", "player,3,d"].map(|row| row.to_owned() + &empty);
        for end in ["\n", "\r\n"] {
            let rows = ["", &head, &ada, "", "player,2,\"b", &bob, &cleo];
            let text = rows.join(end);
            for text in [text.clone(), text + end] {
                let read = lines_of(text.as_bytes());
                assert_eq!(read, (vec![3, 5, 7], Ok(())), "{text:?}");
            }
        }
    }

    #[test]
    fn a_row_or_a_line_without_an_end_is_given_up() {
        let head = COLUMNS.join(",") + "\n";
        let player = format!("player,1,a{}\n", ",".repeat(COLUMNS.len() - 3));
        let commas = io::repeat(b',').take(1 << 40);
        let quoted = io::Cursor::new("player,1,\"").chain(io::repeat(b'x').take(1 << 40));
        let rows: [Box<dyn Read + Send>; 2] = [Box::new(commas), Box::new(quoted)];
        for endless in rows {
            let text = io::Cursor::new(head.clone() + &player).chain(endless);
            let told = "line 3: it is too long for a record.".to_owned();
            assert_eq!(lines_of(text), (vec![2], Err(told)));
        }
        let text = io::Cursor::new("{\"clickoff\":1}\n{").chain(io::repeat(b'[').take(1 << 40));
        let told = "line 2: it is too long for a record.".to_owned();
        assert_eq!(lines_of(text), (vec![], Err(told)));
    }

    #[test]
    fn another_format_is_refused_by_its_number() {
        for version in [0, VERSION + 1, 3] {
            let text = format!("\u{feff}{{\"clickoff\":{version}}}\n");
            let mistake = lines_of(text.as_bytes()).1.expect_err("another format");
            let told = format!("line 1: its format is {version}, and this clickoff reads format 1");
            assert!(mistake.starts_with(&told), "{mistake}");
        }
    }
}
