//! Reads a file of records while they are written to a database. It never holds the whole file.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::thread;

use tokio::sync::mpsc::{Receiver, Sender, channel};
use uuid::{Uuid, Version};

use super::parse::{self, FileMistake, Numbered};
use super::transfer::{records, totals};
use crate::cli::Exit;
use crate::cli::common::{Failure, StopSignal};
use crate::cli::progress::Bar;
use crate::files;
use crate::game::contest::Length;
use crate::store::Target;
use crate::store::archive::{self, AnyRecord, Archive, LAST_START, PAGE, RecordKind};

/// <https://www.sqlite.org/fileformat.html#magic_header_string>
const SQLITE: &[u8] = b"SQLite format 3\0";

/// How many batches are read ahead.
const AHEAD: usize = 4;

/// Some consecutive records of one kind, each with its line number; 0 if the file has no lines.
pub type RecordPage = Vec<Numbered>;

/// An open input file.
pub struct InputFile {
    origin: Origin,
    /// The file's name for messages.
    pub shown: String,
    progress: Bar,
    first: Option<RecordPage>,
}

enum Origin {
    /// A text, parsed in its own thread.
    Text(Receiver<Result<RecordPage, FileMistake>>),
    /// A SQLite file: the kinds still to read, and the last record.
    Database(Box<Archive>, Vec<RecordKind>, Option<AnyRecord>),
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
        let (origin, progress) = if file == Path::new("-") {
            parsed(io::stdin(), None)
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
            let opened = stop.wait_for(opening).await?;
            let opened = opened.unwrap_or_else(|end| Err(end.into()));
            let (opened, data, head) = opened.map_err(unreadable)?;
            if head == SQLITE {
                drop(opened);
                let path = std::path::absolute(file).map_err(unreadable)?;
                database(&path, into).await?
            } else {
                let length = data.is_file().then_some(data.len());
                parsed(io::Cursor::new(head).chain(opened), length)
            }
        };
        let mut source = Self {
            origin,
            shown,
            progress,
            first: None,
        };
        match source.next(stop).await {
            Ok(first) => source.first = first,
            Err(failure) => {
                source.close().await;
                return Err(failure);
            }
        }
        Ok(source)
    }

    /// The next records; `None` at the end.
    ///
    /// # Errors
    /// [`Exit::Refused`] with the wrong line.
    pub async fn next(&mut self, stop: &StopSignal) -> Result<Option<RecordPage>, Failure> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        match &mut self.origin {
            Origin::Text(pages) => {
                self.progress.advance(0);
                let page = stop.wait_for(pages.recv()).await?;
                page.transpose().map_err(|m| mistaken(&self.shown, &m))
            }
            Origin::Database(archive, kinds, last) => {
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
                    self.progress.advance(records.len() as u64);
                    return Ok(Some(records.into_iter().map(|r| (0, r)).collect()));
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

async fn database(path: &Path, into: &Target) -> Result<(Origin, Bar), Failure> {
    let target = Target::parse(path.as_os_str());
    let target = target.map_err(|e| Failure::new(Exit::Usage, format!("{e}.")))?;
    if archive::is_same(&target, into) {
        let words = format!("{} is the database itself.", path.display());
        return Err(Failure::new(Exit::Refused, words));
    }
    let mut archive = Archive::read(&target).await?;
    match totals(&mut archive).await {
        Ok(totals) => {
            let kinds = RecordKind::ALL.into_iter().rev().collect();
            let origin = Origin::Database(Box::new(archive), kinds, None);
            Ok((origin, Bar::of(Some(records(&totals)))))
        }
        Err(error) => {
            archive.close().await;
            Err(error.into())
        }
    }
}

/// Parses a text in a thread, because reading may block. The thread ends when the receiver is
/// dropped.
fn parsed(text: impl Read + Send + 'static, length: Option<u64>) -> (Origin, Bar) {
    let progress = Bar::of(length);
    // Boxed, so that the parsers are compiled only once.
    let text: Box<dyn Read + Send> = Box::new(progress.counting(text));
    let (into, pages) = channel(AHEAD);
    thread::spawn(move || {
        if let Err(mistake) = send_all(BufReader::with_capacity(1 << 16, text), &into) {
            let _ = into.blocking_send(Err(mistake));
        }
    });
    (Origin::Text(pages), progress)
}

fn send_all(
    text: impl BufRead,
    into: &Sender<Result<RecordPage, FileMistake>>,
) -> Result<(), FileMistake> {
    // If the receiver is gone, nobody hears of the error either.
    let send = |page: RecordPage| into.blocking_send(Ok(page)).map_err(io::Error::other);
    let mut page = RecordPage::new();
    parse::read(text, &mut |(line, record)| {
        if let Some(why) = fault(&record) {
            return Err(FileMistake::new(line, why));
        }
        if let Some((_, first)) = page.first()
            && (page.len() == PAGE || first.kind() != record.kind())
        {
            send(std::mem::take(&mut page))?;
        }
        page.push((line, record));
        Ok(())
    })?;
    if !page.is_empty() {
        send(page)?;
    }
    Ok(())
}

/// What is wrong with a record, as far as it shows without the others.
fn fault(record: &AnyRecord) -> Option<String> {
    let (is_right, why) = match record {
        AnyRecord::Sprint(_) => return record.fault().map(|why| format!("it {why}.")),
        AnyRecord::Key(key) => {
            let client = Uuid::parse_str(&key.client).ok();
            let is_key = client.is_some_and(|client| {
                client.get_version() == Some(Version::Custom) && client.to_string() == key.client
            });
            let why = "it is no key under which anything was counted.";
            (is_key && key.counted > 0, why)
        }
        AnyRecord::Race(race) => (
            Length::of_seconds(race.seconds).is_some() && (0..=LAST_START).contains(&race.start),
            "it has a length or a start that no race has.",
        ),
        AnyRecord::SshKey(key) => {
            let of_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
            let digest = key.fingerprint.strip_prefix("SHA256:");
            (
                digest.is_some_and(|text| text.len() == 43 && text.bytes().all(of_base64)),
                "its fingerprint is none as ssh shows it: SHA256: and 43 signs.",
            )
        }
        _ => return None,
    };
    (!is_right).then(|| why.to_owned())
}
