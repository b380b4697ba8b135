//! `clickoff backup` and `clickoff restore`: writes a database to one file, and reads it back.

use std::path::{Path, PathBuf};

use super::dump::DumpFormat;
use super::export;
use super::importing::Import;
use super::new_file::NewFile;
use super::transaction::write_file;
use super::transfer::{amount, in_the_place, note_waiting};
use crate::cli::Exit;
use crate::cli::common::{Failure, answered, done, report};
use crate::cli::confirm::Overwriting;
use crate::cli::database::must_exist;
use crate::settings::{Flags, Settings};
use crate::store::Target;
use crate::store::archive::{self, RecordKind};

/// Back up everything to a file, while people play
///
/// For a SQLite file, the backup is another SQLite file. For a server's database, it is the output
/// of `clickoff export`. The file gets its name once it is complete and on the disk, and never
/// replaces another file.
#[derive(Debug, clap::Args)]
pub struct BackupArguments {
    /// The file to make; it must not exist
    file: PathBuf,
}

/// Restore a database from a backup
///
/// All players, scores, histories, best sprints, keys and races are replaced by those of the file,
/// in one transaction. Open races are removed with their racers. The file is one of `clickoff
/// backup` or `clickoff export`, from any database.
///
/// Presses that still wait on somebody's machine were made for the old state. The database gets a
/// new identity, so that they are never counted here. Let everybody quit first; games that are
/// still running must be restarted.
#[derive(Debug, clap::Args)]
pub struct RestoreArguments {
    /// The file to read; - is standard input
    file: PathBuf,

    #[command(flatten)]
    overwriting: Overwriting,

    /// Say what would be done, and change nothing
    ///
    /// It is tried on a copy. Errors that only the database itself can report are not found.
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// Makes a backup.
///
/// # Errors
/// A [`Failure`]; no file is left then.
pub fn backup(arguments: BackupArguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::of_process(flags)?;
    let file = arguments.file;
    if file == Path::new("-") {
        let words = "a backup needs a file. To write to standard output, see `clickoff export`.";
        return Err(Failure::new(Exit::Usage, words));
    }
    let Target::Sqlite(path) = &settings.database else {
        return export::to_file(&settings.database, DumpFormat::Jsonl, &file);
    };
    must_exist(&settings.database, "")?;
    let new = NewFile::at(&file)?;
    let path_of_new = new.path().to_str().ok_or_else(|| {
        let words = format!("{} is not valid UTF-8, which SQLite needs.", file.display());
        Failure::new(Exit::Usage, words)
    })?;
    answered(async |_| archive::save(path, path_of_new).await)?;
    new.finish()?;
    done(&format!("Saved {} in {}.", path.display(), file.display()))
}

const NOTHING: &str = "Nothing was restored.";

/// Restores a database from a backup.
///
/// # Errors
/// A [`Failure`] that says whether anything was written.
pub fn restore(arguments: RestoreArguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::of_process(flags)?;
    let outbox = settings.state_dir.join("outbox");
    if !arguments.dry_run {
        let place = archive::place(&settings.database);
        arguments.overwriting.confirm(&place, NOTHING)?;
    }
    let mut replaced = String::new();
    let imported = write_file(
        &arguments.file,
        &settings,
        (NOTHING, arguments.dry_run),
        async |archive, file, stop| {
            let there = archive.totals(RecordKind::Players).await?;
            let place = archive::place(&settings.database);
            if there.records > 0 && !arguments.overwriting.overwrite {
                let words = format!(
                    "{place} has {} already. Add --overwrite to remove them all and restore then.",
                    amount(&there)
                );
                return Err(Failure::new(Exit::Refused, words));
            }
            replaced = in_the_place(&there);
            let words = [" as it was", "which will not be counted"];
            note_waiting(&outbox, archive, words).await?;
            for kind in RecordKind::ALL.into_iter().rev() {
                while archive.clear(kind).await? {
                    stop.check()?;
                }
            }
            archive.rename().await?;
            archive.begin_epoch().await?;
            Import::write_all(archive, file, None, stop).await
        },
    )?;
    let players = amount(&imported.players);
    let done = ["Restored", "Would restore"][usize::from(arguments.dry_run)];
    report(arguments.dry_run, &format!("{done} {players}{replaced}."))
}
