//! `clickoff import`: reads players and all their records from a file, all or nothing.

use std::path::PathBuf;

use super::importing::Import;
use super::merge::OnConflict;
use super::transaction::write_file;
use crate::cli::Exit;
use crate::cli::common::{Failure, many, report};
use crate::settings::{Flags, Settings};
use crate::store::archive::{self, RecordKind};

/// Import players with their history, sprints and races from a file
///
/// The file is one of `clickoff export`, in either format, or a SQLite file: clickoff's own or that
/// of the tutorial's program. It may be of any size. It is read and written in one transaction,
/// which is rolled back at the first wrong line. Nobody can score meanwhile.
///
/// A player with the same name and e-mail address as one in the database is the same player. If
/// several look the same, they are matched in order. New players keep their id if it is free. The
/// last 10,000 races of both are kept, each only once.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The file to read; - is standard input
    file: PathBuf,

    /// What to do with players that are already in the database; required if it has any
    #[arg(long, value_enum)]
    merge: Option<OnConflict>,

    /// Say what would be done, and change nothing
    ///
    /// It is tried on a copy. Errors that only the database itself can report are not found.
    #[arg(short = 'n', long)]
    dry_run: bool,
}

const NOTHING: &str = "Nothing was imported.";

/// Imports the file.
///
/// # Errors
/// A [`Failure`] that says whether anything was written.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::of_process(flags)?;
    let imported = write_file(
        &arguments.file,
        &settings,
        (NOTHING, arguments.dry_run),
        async |archive, file, stop| {
            let there = archive.totals(RecordKind::Players).await?.records;
            if there > 0 && arguments.merge.is_none() {
                let words = format!(
                    "{} has {} already. Say with --merge skip, replace or add what is to become of \
                 those that the file has, too.",
                    archive::place(&settings.database),
                    many(there, "player")
                );
                return Err(Failure::new(Exit::Refused, words));
            }
            let merge = arguments.merge.filter(|_| there > 0);
            Import::write_all(archive, file, merge, stop).await
        },
    )?;
    let [done_word, changed, skipped] = match arguments.dry_run {
        true => ["Would import", "change", "skip"],
        false => ["Imported", "changed", "skipped"],
    };
    let mut words = format!("{done_word} {}", many(imported.added, "new player"));
    if imported.changed > 0 {
        words += &format!(", and {changed} {}", many(imported.changed, "known one"));
    }
    if imported.skipped > 0 {
        words += &format!("; {skipped} {}", many(imported.skipped, "known one"));
    }
    words += ".";
    report(arguments.dry_run, &words)
}
