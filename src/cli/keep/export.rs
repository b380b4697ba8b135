//! `clickoff export`: writes everything in a database as text.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::builder::ArgPredicate;

use super::dump::{self, Counts, DumpFormat};
use super::new_file::NewFile;
use super::transfer::note_hidden_keys;
use crate::cli::Exit;
use crate::cli::common::{self, Failure, StopSignal, answered, many, written};
use crate::cli::database::must_exist;
use crate::cli::list::agree;
use crate::cli::progress::Bar;
use crate::settings::{Flags, Settings};
use crate::store::Target;
use crate::store::archive::{Archive, RecordKind};
use crate::words::text;

/// Export everything as JSON lines or CSV
///
/// This includes all players with their scores, histories, best sprints and keys, and the last
/// races. The database is read as it is at one moment, and is not changed. `clickoff import` reads
/// both formats. In CSV, an empty cell is NULL. A text that is empty, or that a spreadsheet would
/// take for a formula, begins with a ', which import removes.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The format of the output
    #[arg(
        short,
        long,
        value_enum,
        default_value = "jsonl",
        default_value_if("json", ArgPredicate::IsPresent, "jsonl")
    )]
    format: DumpFormat,

    /// The same as --format jsonl
    #[arg(long)]
    json: bool,

    /// The file to make, which must not exist; - is standard output
    #[arg(default_value = "-")]
    file: PathBuf,
}

/// Exports the database.
///
/// # Errors
/// A [`Failure`]; no file is left behind.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::find(flags, |name| std::env::var_os(name))?;
    let Arguments { format, json, file } = arguments;
    agree(json, format == DumpFormat::Jsonl)?;
    to_file(&settings.database, format, &file)
}

/// Exports a database to a file.
///
/// # Errors
/// A [`Failure`]; no file is left behind.
pub fn to_file(database: &Target, form: DumpFormat, file: &Path) -> Result<(), Failure> {
    must_exist(database, "")?;
    let mut sink = Sink::to(file)?;
    let counts = answered(async |stop| {
        let mut archive = Archive::read(database).await?;
        let done = write_all(&mut archive, form, &mut sink, &stop).await;
        archive.close().await;
        done
    })?;
    sink.finish()?;
    if file != Path::new("-") {
        let [players, parts, sprints, keys, races, _, ssh_keys] = counts;
        common::done(&format!(
            "Wrote {}, {} of their histories, {}, {}, {} and {} to {}.",
            many(players, "player"),
            many(parts, "part"),
            many(sprints, "sprint"),
            many(keys, "key"),
            many(races, "race"),
            many(ssh_keys, "ssh key"),
            file.display()
        ))?;
    }
    Ok(())
}

async fn write_all(
    archive: &mut Archive,
    form: DumpFormat,
    sink: &mut Sink,
    stop: &StopSignal,
) -> Result<Counts, Failure> {
    note_hidden_keys(archive);
    let mut all = 0;
    for kind in RecordKind::ALL {
        all += archive.totals(kind).await?.records;
    }
    let mut progress = Bar::new(all);
    let mut counts = Counts::default();
    sink.write(dump::head(form)).await?;
    for (kind, count) in RecordKind::ALL.into_iter().zip(&mut counts) {
        let mut page = archive.page(kind, None).await?;
        while !page.is_empty() {
            *count += page.len() as u64;
            progress.advance(page.len() as u64);
            sink.write(dump::body(form, &page)).await?;
            stop.check()?;
            page = archive.page(kind, page.last()).await?;
        }
    }
    sink.write(dump::tail(form, counts)).await?;
    Ok(counts)
}

/// Where the text is written.
enum Sink {
    Output,
    File(NewFile, File),
}

impl Sink {
    fn to(file: &Path) -> Result<Self, Failure> {
        if file == Path::new("-") {
            return Ok(Self::Output);
        }
        let new = NewFile::at(file)?;
        let made = new.create()?;
        Ok(Self::File(new, made))
    }

    /// Writes more text; the reader of standard output may have gone.
    async fn write(&mut self, text: String) -> Result<(), Failure> {
        let text = match self {
            Self::File(new, file) => return new.write(file, &text),
            Self::Output if io::stdout().is_terminal() => {
                let lines = text.split('\n').map(text::harmless);
                lines.collect::<Vec<_>>().join("\n")
            }
            Self::Output => text,
        };
        if written(text).await? {
            return Ok(());
        }
        // If the reader has gone, it ends without a message.
        Err(Failure::new(Exit::Fine, ""))
    }

    fn finish(self) -> Result<(), Failure> {
        match self {
            Self::Output => Ok(()),
            Self::File(new, _) => new.finish(),
        }
    }
}
