//! Reads a file of records while they are written to a database. It never holds the whole file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use tokio::time::timeout;
use uuid::{Uuid, Version};

use super::parse::{self, FileMistake, Numbered};
use crate::cli::Exit;
use crate::cli::common::{Failure, StopSignal};
use crate::files;
use crate::game::contest::Length;
use crate::store::Target;
use crate::store::archive::{self, AnyRecord, Archive, LAST_START, PAGE, RecordKind};

/// <https://www.sqlite.org/fileformat.html#magic_header_string>
const SQLITE: &[u8] = b"SQLite format 3\0";

/// How many batches are read ahead.
const AHEAD: usize = 4;

/// How often a wait for a slow file checks for a signal.
const LOOK: Duration = Duration::from_millis(100);

/// Some consecutive records of one kind.
#[derive(Debug)]
pub struct RecordPage {
    /// The records, each with its line number; 0 if the file has no lines.
    pub records: Vec<Numbered>,
    /// How much has been read so far: bytes of a file, or records of a database.
    pub passed: u64,
}

/// An open input file.
pub struct InputFile {
    origin: Origin,
    /// The file's name for messages.
    pub shown: String,
    /// The total to read, in the same unit as `passed`, if it is known.
    pub length: Option<u64>,
    first: Option<RecordPage>,
}

enum Origin {
    /// A text, parsed in its own thread.
    Text(Receiver<Result<RecordPage, FileMistake>>),
    /// A SQLite file: the kinds still to read, the last record, and how many were read.
    Database(Box<Archive>, Vec<RecordKind>, Option<AnyRecord>, u64),
}

impl InputFile {
    /// Opens a file of JSON lines, CSV or a SQLite database, and reads its beginning; `-` is
    /// standard input.
    ///
    /// # Errors
    /// [`Exit::NotFound`] if the file does not exist, [`Exit::Refused`] if it is `into` itself or
    /// its beginning is wrong.
    pub async fn open(file: &Path, into: &Target, stop: &StopSignal) -> Result<Self, Failure> {
        let shown = file.display().to_string();
        let unreadable = |error: io::Error| {
            let exit = match error.kind() {
                io::ErrorKind::NotFound => Exit::NotFound,
                _ => Exit::Refused,
            };
            let error = files::of_directory(file, error);
            Failure::new(exit, format!("the file {shown} can't be read: {error}."))
        };
        let (origin, length) = if file == Path::new("-") {
            (Origin::Text(parsed(io::stdin())), None)
        } else {
            let path = file.to_owned();
            // Opening a pipe blocks until somebody writes to it. Signals must work meanwhile.
            let opening = tokio::task::spawn_blocking(move || {
                let mut opened = File::open(path)?;
                let data = opened.metadata()?;
                let mut head = Vec::new();
                let mut start = opened.by_ref().take(SQLITE.len() as u64);
                start.read_to_end(&mut head)?;
                Ok((opened, data, head))
            });
            let mut opening = opening;
            let opened = loop {
                stop.check()?;
                if let Ok(opened) = timeout(LOOK, &mut opening).await {
                    break opened.unwrap_or_else(|end| Err(end.into()));
                }
            };
            let (opened, data, head) = opened.map_err(unreadable)?;
            if head == SQLITE {
                drop(opened);
                let path = std::path::absolute(file).map_err(unreadable)?;
                database(&path, into).await?
            } else {
                let text = io::Cursor::new(head).chain(opened);
                let length = data.is_file().then_some(data.len());
                (Origin::Text(parsed(text)), length)
            }
        };
        let mut source = Self {
            origin,
            shown,
            length,
            first: None,
        };
        source.first = match source.read(stop).await {
            Ok(first) => first,
            Err(failure) => {
                source.close().await;
                return Err(failure);
            }
        };
        Ok(source)
    }

    /// The next records; `None` at the end.
    ///
    /// # Errors
    /// [`Exit::Refused`] with the wrong line.
    pub async fn next(&mut self, stop: &StopSignal) -> Result<Option<RecordPage>, Failure> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.read(stop).await,
        }
    }

    async fn read(&mut self, stop: &StopSignal) -> Result<Option<RecordPage>, Failure> {
        match &mut self.origin {
            Origin::Text(pages) => loop {
                stop.check()?;
                if let Ok(page) = timeout(LOOK, pages.recv()).await {
                    return page.transpose().map_err(|m| mistaken(&self.shown, &m));
                }
            },
            Origin::Database(archive, kinds, last, passed) => {
                while let Some(kind) = kinds.last() {
                    stop.check()?;
                    let records = archive.page(*kind, last.as_ref()).await?;
                    *last = records.last().cloned();
                    if records.is_empty() {
                        kinds.pop();
                        continue;
                    }
                    for record in &records {
                        if let Some(why) = record.fault() {
                            let why = format!("{} {why}.", record.described().0);
                            return Err(mistaken(&self.shown, &FileMistake::new(0, why)));
                        }
                    }
                    *passed += records.len() as u64;
                    return Ok(Some(RecordPage {
                        records: records.into_iter().map(|record| (0, record)).collect(),
                        passed: *passed,
                    }));
                }
                Ok(None)
            }
        }
    }

    /// Closes the file.
    pub async fn close(self) {
        if let Origin::Database(archive, ..) = self.origin {
            archive.close().await;
        }
    }
}

/// The failure for a mistake in a file, with its line.
pub fn mistaken(shown: &str, mistake: &FileMistake) -> Failure {
    let words = match mistake {
        // A database has no lines.
        FileMistake::Line { line: 0, why } => format!("{shown}: {why}"),
        FileMistake::Line { line, why } => format!("{shown}, line {line}: {why}"),
        FileMistake::Unreadable(error) => format!("the file {shown} can't be read: {error}."),
    };
    Failure::new(Exit::Refused, words)
}

async fn database(path: &Path, into: &Target) -> Result<(Origin, Option<u64>), Failure> {
    let target = Target::parse(path.as_os_str());
    let target = target.map_err(|e| Failure::new(Exit::Usage, format!("{e}.")))?;
    if archive::is_same(&target, into) {
        let words = format!("{} is the database itself.", path.display());
        return Err(Failure::new(Exit::Refused, words));
    }
    let mut archive = Archive::read(&target).await?;
    let mut records = 0;
    for kind in RecordKind::ALL {
        match archive.totals(kind).await {
            Ok(totals) => records += totals.records,
            Err(error) => {
                archive.close().await;
                return Err(error.into());
            }
        }
    }
    let kinds = RecordKind::ALL.into_iter().rev().collect();
    let origin = Origin::Database(Box::new(archive), kinds, None, 0);
    Ok((origin, Some(records)))
}

/// Parses a text in a thread, because reading may block. The thread ends when the receiver is
/// dropped.
fn parsed(text: impl Read + Send + 'static) -> Receiver<Result<RecordPage, FileMistake>> {
    // Boxed, so that the parsers are compiled only once.
    let text: Box<dyn Read + Send> = Box::new(text);
    let (into, pages) = channel(AHEAD);
    thread::spawn(move || {
        let passed = Arc::new(AtomicU64::new(0));
        let counted = CountedReader(text, passed.clone());
        let sent = send_all(BufReader::with_capacity(1 << 16, counted), &passed, &into);
        if let Err(mistake) = sent {
            let _ = into.blocking_send(Err(mistake));
        }
    });
    pages
}

/// A reader that counts the bytes read.
struct CountedReader<R>(R, Arc<AtomicU64>);

impl<R: Read> Read for CountedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.0.read(buffer)?;
        self.1.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}

fn send_all(
    text: impl BufRead + Send + 'static,
    passed: &AtomicU64,
    into: &Sender<Result<RecordPage, FileMistake>>,
) -> Result<(), FileMistake> {
    let send = |records: Vec<Numbered>| {
        let passed = passed.load(Ordering::Relaxed);
        into.blocking_send(Ok(RecordPage { records, passed }))
            .is_ok()
    };
    let mut records: Vec<Numbered> = Vec::new();
    for numbered in parse::records(text)? {
        let (line, record) = numbered?;
        if let Some(why) = fault(&record) {
            return Err(FileMistake::new(line, why));
        }
        if let Some((_, first)) = records.first() {
            let is_full = records.len() == PAGE || first.kind() != record.kind();
            if is_full && !send(std::mem::take(&mut records)) {
                return Ok(());
            }
        }
        records.push((line, record));
    }
    if !records.is_empty() {
        send(records);
    }
    Ok(())
}

/// What is wrong with a record, as far as it shows without the others.
fn fault(record: &AnyRecord) -> Option<String> {
    match record {
        AnyRecord::Sprint(_) => record.fault().map(|why| format!("it {why}.")),
        AnyRecord::Key(key) => {
            let client = Uuid::parse_str(&key.client).ok();
            let is_key = client.is_some_and(|client| {
                client.get_version() == Some(Version::Custom) && client.to_string() == key.client
            });
            let why = "it is no key under which anything was counted.";
            (!is_key || key.counted <= 0).then(|| why.to_owned())
        }
        AnyRecord::Race(race) => {
            let has_length = Length::of_seconds(race.seconds).is_some();
            let is_possible = has_length && (0..=LAST_START).contains(&race.start);
            let why = "it has a length or a start that no race has.";
            (!is_possible).then(|| why.to_owned())
        }
        AnyRecord::SshKey(key) => {
            let of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
            let digest = key.fingerprint.strip_prefix("SHA256:");
            let is_one = digest.is_some_and(|text| text.len() == 43 && text.bytes().all(of_base64));
            let why = "its fingerprint is none as ssh shows it: SHA256: and 43 signs.";
            (!is_one).then(|| why.to_owned())
        }
        _ => None,
    }
}
