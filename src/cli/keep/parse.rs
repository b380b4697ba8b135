//! Parses a file of records, one by one, in any of its formats.

use std::io::{self, BufRead, Chain, Read, Take};

use super::dump::{COLUMNS, Counts, DumpLine, FormatLine, VERSION, record_of};
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

/// The records of a text, each with its line number.
///
/// # Errors
/// The first [`FileMistake`], at once or as an item; ignore all items after it.
pub fn records<R: BufRead + Send + 'static>(
    mut text: R,
) -> Result<Box<dyn Iterator<Item = Result<Numbered, FileMistake>> + Send>, FileMistake> {
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
            Some(b'{') => return Ok(Box::new(JsonLines::new(text, line))),
            Some(_) => return Ok(Box::new(CsvLines::new(text, line)?)),
            None if all > 0 => {}
            None => return Err(FileMistake::new(1, "there is nothing in the file.")),
        }
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().filter(|byte| **byte == b'\n').count() as u64
}

/// A file of JSON lines.
struct JsonLines<R> {
    text: R,
    buffer: Vec<u8>,
    /// The number of the next line.
    next: u64,
    /// Whether the first line, with the version, was read.
    begun: bool,
    counts: Counts,
    ended: bool,
}

impl<R: BufRead> JsonLines<R> {
    fn new(text: R, next: u64) -> Self {
        Self {
            text,
            buffer: Vec::new(),
            next,
            begun: false,
            counts: Counts::default(),
            ended: false,
        }
    }

    /// Parses the next line that is not blank; `None` at the end.
    fn parsed(&mut self) -> Result<Option<(u64, DumpLine)>, FileMistake> {
        loop {
            self.buffer.clear();
            let mut line = (&mut self.text).take(LONGEST);
            if line.read_until(b'\n', &mut self.buffer)? == 0 {
                return Ok(None);
            }
            let number = self.next;
            self.next += 1;
            let wrong = |why: String| FileMistake::new(number, why);
            if self.buffer.len() as u64 == LONGEST {
                return Err(wrong("it is too long for a record.".into()));
            }
            let text = std::str::from_utf8(&self.buffer);
            let text = text.map_err(|_| wrong("it is not valid UTF-8.".into()))?;
            if text.trim().is_empty() {
                continue;
            }
            let line = DumpLine::parse(text).map_err(|error| {
                let column = error.column();
                let why = error.to_string();
                let why = why.split(" at line ").next().unwrap_or_default();
                wrong(format!("{why} (column {column})."))
            })?;
            return Ok(Some((number, line)));
        }
    }

    fn record(&mut self) -> Result<Option<Numbered>, FileMistake> {
        while let Some((number, line)) = self.parsed()? {
            let wrong = |why: &str| Err(FileMistake::new(number, why));
            match (line, self.begun) {
                _ if self.ended => return wrong("it stands behind the end."),
                (DumpLine::Format(FormatLine::Clickoff(VERSION)), false) => self.begun = true,
                (DumpLine::Format(FormatLine::Clickoff(version)), false) => {
                    return wrong(&format!(
                        "its format is {version}, and this clickoff reads format {VERSION}. Use \
                         the clickoff that made it, or let that one write it anew with `clickoff \
                         export --format csv`."
                    ));
                }
                (DumpLine::Format(FormatLine::Clickoff(_)), true) => {
                    return wrong("the file begins again.");
                }
                (_, false) => {
                    let why = format!(r#"the first line has to be {{"clickoff":{VERSION}}}."#);
                    return wrong(&why);
                }
                (DumpLine::Format(FormatLine::End(counted)), true) => {
                    if counted != self.counts {
                        let [players, parts, sprints, keys, races, racers, ssh] = self.counts;
                        return wrong(&format!(
                            "it counts other records than the {players} players, {parts} parts of \
                             histories, {sprints} sprints, {keys} keys, {races} races, {racers} \
                             racers and {ssh} ssh keys before it: some are missing, or were \
                             added."
                        ));
                    }
                    self.ended = true;
                }
                (DumpLine::AnyRecord(record), true) => {
                    self.counts[record.kind() as usize] += 1;
                    return Ok(Some((number, record)));
                }
            }
        }
        if self.ended {
            return Ok(None);
        }
        let last = self.next.saturating_sub(1);
        Err(FileMistake::new(
            last,
            "the file ends too early: it was cut off.",
        ))
    }
}

impl<R: BufRead> Iterator for JsonLines<R> {
    type Item = Result<Numbered, FileMistake>;

    fn next(&mut self) -> Option<Self::Item> {
        self.record().transpose()
    }
}

/// A CSV file with a header.
struct CsvLines<R> {
    reader: csv::Reader<Take<Chain<R, &'static [u8]>>>,
    row: csv::ByteRecord,
    /// The number of lines before the first that is read.
    before: u64,
}

impl<R: Read> CsvLines<R> {
    fn new(text: R, first: u64) -> Result<Self, FileMistake> {
        // Only LF ends a row, so that each row moves the position by its lines.
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .terminator(csv::Terminator::Any(b'\n'))
            .from_reader(text.chain(&b"\n"[..]).take(0));
        let mut lines = Self {
            reader,
            row: csv::ByteRecord::new(),
            before: first - 1,
        };
        let line = lines.row()?.unwrap_or(first);
        if lines.cells(line)? != COLUMNS {
            let why = format!(
                "it is none of clickoff's files: JSON lines begin with {{\"clickoff\":{VERSION}}}, \
                 and CSV with {}.",
                COLUMNS.join(",")
            );
            return Err(FileMistake::new(line, why));
        }
        Ok(lines)
    }

    /// Reads the next row, and returns the line in which it begins; `None` at the end.
    fn row(&mut self) -> Result<Option<u64>, FileMistake> {
        loop {
            self.reader.get_mut().set_limit(LONGEST_ROW);
            let read = self.reader.read_byte_record(&mut self.row);
            let has_row = read.map_err(|error| io::Error::other(error.to_string()))?;
            let inside: u64 = self.row.iter().map(newlines).sum();
            let line = self.before + self.reader.position().line() - inside;
            if self.reader.get_ref().limit() == 0 {
                return Err(FileMistake::new(line, "it is too long for a record."));
            }
            if !has_row {
                return Ok(None);
            }
            if self.row.as_slice() != b"\r" {
                return Ok(Some(line - 1));
            }
        }
    }

    /// The cells of a row, without a CR at its end.
    fn cells(&self, line: u64) -> Result<Vec<&str>, FileMistake> {
        let cells = self.row.iter().map(std::str::from_utf8);
        let cells: Result<Vec<&str>, _> = cells.collect();
        let mut cells = cells.map_err(|_| FileMistake::new(line, "it is not valid UTF-8."))?;
        if let Some(last) = cells.last_mut() {
            *last = last.strip_suffix('\r').unwrap_or(last);
        }
        Ok(cells)
    }

    fn record(&mut self) -> Result<Option<Numbered>, FileMistake> {
        let Some(line) = self.row()? else {
            return Ok(None);
        };
        let cells = self.cells(line)?;
        if cells.len() != COLUMNS.len() {
            let (there, wanted) = (cells.len(), COLUMNS.len());
            let why = format!("it has {there} cells instead of {wanted}.");
            return Err(FileMistake::new(line, why));
        }
        let record = record_of(&cells).map_err(|why| FileMistake::new(line, why))?;
        Ok(Some((line, record)))
    }
}

impl<R: Read> Iterator for CsvLines<R> {
    type Item = Result<Numbered, FileMistake>;

    fn next(&mut self) -> Option<Self::Item> {
        self.record().transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines_of(text: &'static str) -> Vec<u64> {
        let records = records(text.as_bytes()).expect("a form");
        let lines = records.map(|record| record.map(|(line, _)| line));
        lines.collect::<Result<_, _>>().expect("records")
    }

    #[test]
    fn each_row_is_told_by_the_line_that_it_begins_in() {
        let (head, empty) = (COLUMNS.join(","), ",".repeat(COLUMNS.len() - 3));
        let [ada, bob, cleo] =
            ["player,1,a", "c\"", "player,3,d"].map(|row| row.to_owned() + &empty);
        for end in ["\n", "\r\n"] {
            let rows = ["", &head, &ada, "", "player,2,\"b", &bob, &cleo];
            let text = rows.join(end);
            let text: &'static str = text.leak();
            assert_eq!(lines_of(text), [3, 5, 7], "{text:?}");
            let text: &'static str = format!("{text}{end}").leak();
            assert_eq!(lines_of(text), [3, 5, 7], "{text:?}");
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
            let mut read = records(io::BufReader::new(text)).expect("a form");
            assert_eq!(read.next().expect("a row").expect("a player").0, 2);
            let mistake = read.next().expect("one").expect_err("too long");
            let told = mistake.to_string();
            assert_eq!(told, "line 3: it is too long for a record.");
        }
        let text = io::Cursor::new("{\"clickoff\":1}\n{").chain(io::repeat(b'[').take(1 << 40));
        let mut read = records(io::BufReader::new(text)).expect("a form");
        let mistake = read.next().expect("one").expect_err("too long");
        assert_eq!(mistake.to_string(), "line 2: it is too long for a record.");
    }

    #[test]
    fn another_format_is_refused_by_its_number() {
        for version in [0, VERSION + 1, 3] {
            let text = format!("\u{feff}{{\"clickoff\":{version}}}\n").leak();
            let mut read = records(text.as_bytes()).expect("a form");
            let mistake = read.next().expect("one").expect_err("another format");
            let told = format!("line 1: its format is {version}, and this clickoff reads format 1");
            assert!(mistake.to_string().starts_with(&told), "{mistake}");
        }
    }
}
