//! `clickoff import`: players with their scores and histories from a file, all or none.

use std::path::PathBuf;

use super::merge::{self, Merge, Unmergeable};
use super::plan::in_one_transaction;
use super::reading::{self, Records};
use crate::cli::Exit;
use crate::cli::database::make_directory;
use crate::cli::frame::{Failure, answer, many};
use crate::settings::{Flags, Settings};

/// Bring players with their scores and histories in from a file
///
/// The file is one of `clickoff export`, in either form, or a SQLite file: clickoff's own or the
/// one of the tutorial's program. It is read and checked to its end before anything is written, and
/// everything is written in one transaction. Nobody can score meanwhile.
///
/// A player of the same name and e-mail address as one in the database is taken for that one; of
/// several that look the same, the first for the first. Whoever is new keeps the id where it is
/// free.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The file to read; - is standard input
    file: PathBuf,

    /// What to do about players that the database has; needed where it has any at all
    #[arg(long, value_enum)]
    merge: Option<Merge>,
}

const NOTHING: &str = "Nothing was imported.";

/// Imports.
///
/// # Errors
/// A [`Failure`] that says whether something was written.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::find(flags, |name| std::env::var_os(name))?;
    let file = reading::read_first(&arguments.file, NOTHING)?;
    make_directory(&settings)?;
    let plan = in_one_transaction(&settings.database, NOTHING, async |archive, stop| {
        let there = Records::of(archive, stop).await?;
        let merge = match arguments.merge {
            Some(merge) => merge,
            None if there.players.is_empty() => Merge::Skip,
            None => {
                let words = format!(
                    "{} has {} already. Say with --merge skip, replace or add what is to become \
                     of those that the file has, too.",
                    archive.place(),
                    many(there.players.len(), "player")
                );
                return Err(Failure::new(Exit::Refused, words));
            }
        };
        let refused = |error: Unmergeable| Failure::new(Exit::Refused, error.to_string());
        let plan = merge::plan(&there, &file, merge).map_err(refused)?;
        plan.make(archive, stop).await?;
        Ok(plan)
    })?;
    let mut words = format!("Imported {}", many(plan.added.len(), "new player"));
    if !plan.changed.is_empty() {
        words += &format!(", and changed {}", many(plan.changed.len(), "known one"));
    }
    if plan.skipped > 0 {
        words += &format!("; skipped {}", many(plan.skipped, "known one"));
    }
    answer(&(words + "."))
}
