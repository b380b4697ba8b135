//! `clickoff export`: writes everything in a database as text.

use std::path::{Path, PathBuf};

use clap::builder::ArgPredicate;

use super::dump::{self, Counts, DumpFormat};
use super::new_file::NewFile;
use super::transfer::{closing, note_hidden_keys, records, totals};
use crate::cli::Exit;
use crate::cli::common::{self, Failure, StopSignal, answered, harmless_lines, many, written};
use crate::cli::database::must_exist;
use crate::cli::list::agree;
use crate::cli::progress::Bar;
use crate::settings::{Flags, Settings};
use crate::store::Target;
use crate::store::archive::{Archive, RecordKind};

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
    let settings = Settings::of_process(flags)?;
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
    let is_output = file == Path::new("-");
    let mut new = (!is_output).then(|| NewFile::at(file)).transpose()?;
    let counts = answered(async |stop| {
        closing(Archive::read(database).await?, async |archive| {
            write_all(archive, form, &mut new, &stop).await
        })
        .await
    })?;
    if let Some(new) = new {
        new.finish()?;
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
    new: &mut Option<NewFile>,
    stop: &StopSignal,
) -> Result<Counts, Failure> {
    note_hidden_keys(archive);
    let progress = Bar::new(records(&totals(archive).await?));
    let mut counts = Counts::default();
    put(new, dump::head(form)).await?;
    for (kind, count) in RecordKind::ALL.into_iter().zip(&mut counts) {
        archive
            .each_page(kind, async |page| {
                *count += page.len() as u64;
                progress.advance(page.len() as u64);
                put(new, dump::body(form, page)).await?;
                stop.check()
            })
            .await?;
    }
    put(new, dump::tail(form, counts)).await?;
    Ok(counts)
}

/// Writes more text, to the new file or else to standard output.
async fn put(new: &mut Option<NewFile>, text: String) -> Result<(), Failure> {
    match new {
        Some(new) => new.write(&text),
        None if written(harmless_lines(text, "\n")).await? => Ok(()),
        // If the reader has gone, it ends without a message.
        None => Err(Failure::new(Exit::Fine, "")),
    }
}
