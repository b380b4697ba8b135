//! The log: a file for each of the last three days, limited in size, without passwords.

use std::borrow::Cow;
use std::fs::DirEntry;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tracing::level_filters::LevelFilter;
use tracing_appender::rolling::{Builder, Rotation};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::words::text;

/// The number of days that are kept.
const DAYS: usize = 3;

/// The most bytes of all files together. Each running clickoff may exceed it by [`STEP`].
const LARGEST: u64 = 4 * 1024 * 1024;

/// The number of bytes after which the size is checked again.
const STEP: usize = 64 * 1024;

/// The beginning and the end of the files' names, with the day between them.
const NAME: [&str; 2] = ["clickoff", "log"];

/// What replaces a password.
const HIDDEN: &str = "…";

/// Starts the log in a directory. If that fails, the program works without a log.
pub fn start(directory: &Path, level: LevelFilter) {
    // From libraries only warnings are logged, unless everything is.
    let others = if level == LevelFilter::TRACE {
        LevelFilter::DEBUG
    } else {
        level.min(LevelFilter::WARN)
    };
    // Otherwise the library would print an error, and would open anything with this name.
    if level == LevelFilter::OFF
        || std::fs::create_dir_all(directory).is_err()
        || !files(directory).all(|file| file.file_type().is_ok_and(|kind| kind.is_file()))
    {
        return;
    }
    let file = Builder::new()
        .rotation(Rotation::DAILY)
        .filename_prefix(NAME[0])
        .filename_suffix(NAME[1])
        .max_log_files(DAYS)
        .build(directory);
    if let Ok(file) = file {
        let log = Log {
            file,
            directory: directory.to_owned(),
            largest: LARGEST,
            unmeasured: STEP,
            is_full: false,
        };
        let targets = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
        let _ = tracing_subscriber::fmt()
            .with_writer(Mutex::new(log))
            .with_ansi(false)
            // Otherwise it would print on the screen that the log can't be written.
            .log_internal_errors(false)
            .with_max_level(level)
            .finish()
            .with(targets.with_default(others))
            .try_init();
    }
}

/// A writer for whole lines that removes passwords and limits the size.
#[derive(Debug)]
struct Log<W> {
    file: W,
    directory: PathBuf,
    largest: u64,
    /// The bytes since the size was last checked.
    unmeasured: usize,
    is_full: bool,
}

impl<W: Write> Log<W> {
    /// Checks the size, and writes a last line once the log is full.
    fn measure(&mut self) -> io::Result<()> {
        let was_full = self.is_full;
        self.unmeasured = 0;
        self.is_full = size(&self.directory) > self.largest;
        if self.is_full && !was_full {
            let words = "The log is as large as it may be: nothing more is written until a day of \
                         it is dropped.";
            writeln!(self.file, "{words}")?;
        }
        Ok(())
    }
}

impl<W: Write> Write for Log<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.unmeasured += line.len();
        if self.unmeasured > STEP {
            self.measure()?;
        }
        if !self.is_full {
            // Text from elsewhere must not begin a new line.
            let words = String::from_utf8_lossy(line);
            let words = text::harmless(words.trim_end_matches('\n'));
            writeln!(self.file, "{}", without_passwords(&words))?;
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// The files of the log.
fn files(directory: &Path) -> impl Iterator<Item = DirEntry> {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    entries.filter(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        name.starts_with(NAME[0]) && name.ends_with(NAME[1])
    })
}

/// The size of all files of the log.
fn size(directory: &Path) -> u64 {
    let sizes = files(directory).filter_map(|entry| entry.metadata().ok());
    sizes.map(|metadata| metadata.len()).sum()
}

/// Whether the text contains a password, in a URL or as an option.
pub fn has_password(text: &str) -> bool {
    without_passwords(text) != text
}

/// Replaces passwords in URLs and options, since a library's error may repeat its input.
fn without_passwords(text: &str) -> Cow<'_, str> {
    if !text.contains("://") && !text.contains("password=") {
        return Cow::Borrowed(text);
    }
    let ends = |c: char| c.is_whitespace() || "\"'`<>".contains(c);
    let words = text.split_inclusive(ends).map(|word| {
        let (word, end) = word.split_at(word.trim_end_matches(ends).len());
        let url = word.split_once("://").and_then(|(scheme, rest)| {
            let (login, place) = rest.rsplit_once('@')?;
            let (user, _) = login.split_once(':')?;
            Some(format!("{scheme}://{user}:{HIDDEN}@{place}"))
        });
        let word = url.unwrap_or_else(|| word.to_owned());
        let word = match word.split_once("password=") {
            Some((before, rest)) => {
                let after = rest.find('&').map_or("", |at| &rest[at..]);
                format!("{before}password={HIDDEN}{after}")
            }
            None => word,
        };
        word + end
    });
    Cow::Owned(words.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_left_out_wherever_it_stands() {
        for (text, left) in [
            ("no answer from db:5432", "no answer from db:5432"),
            ("sqlite:///srv/team.db", "sqlite:///srv/team.db"),
            ("postgres://ada@db:1/x", "postgres://ada@db:1/x"),
            (
                "\"postgres://ada:s3cret@db/x\"!",
                "\"postgres://ada:…@db/x\"!",
            ),
            ("a mariadb://ada:s3:c@r/et@db\tb", "a mariadb://ada:…@db\tb"),
            (
                "postgres://db/x?password=s3cret&a=b c",
                "postgres://db/x?password=…&a=b c",
            ),
            ("password=s3cret", "password=…"),
        ] {
            assert_eq!(without_passwords(text), left);
            assert_eq!(has_password(text), left.contains('…'), "{text}");
        }
    }

    #[test]
    fn a_full_log_takes_no_more_and_says_so_once() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("clickoff.2026-01-01.log");
        let mut log = Log {
            file: std::fs::File::create(&path).expect("a file"),
            directory: directory.path().to_owned(),
            largest: 5 * STEP as u64,
            unmeasured: STEP,
            is_full: false,
        };
        let line = format!("{}\n", "x".repeat(999));
        for _ in 0..2000 {
            log.write_all(line.as_bytes()).expect("written");
        }
        let text = std::fs::read_to_string(&path).expect("text");
        assert!(text.len() < 7 * STEP, "{} bytes", text.len());
        assert_eq!(text.matches("as large as it may be").count(), 1);

        log.is_full = false;
        let forged = "WARN a\n2026-01-01T00:00:00Z ERROR forged\x1b[2J\n";
        log.write_all(forged.as_bytes()).expect("written");
        let text = std::fs::read_to_string(&path).expect("text");
        let shown = "WARN a␊2026-01-01T00:00:00Z ERROR forged␛[2J";
        assert_eq!(text.lines().last(), Some(shown));

        // A new day drops an old one.
        std::fs::write(&path, "").expect("emptied");
        for _ in 0..100 {
            log.write_all(line.as_bytes()).expect("written");
        }
        assert!(size(directory.path()) > 0, "it goes on");
    }
}
