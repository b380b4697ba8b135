//! Writes all of something into a database, or nothing.

use std::cell::Cell;
use std::path::Path;

use super::scratch::Scratch;
use super::source::InputFile;
use super::transfer::closing;
use crate::cli::common::{Failure, StopSignal, answered};
use crate::cli::database::make_directories;
use crate::settings::Settings;
use crate::store::archive::{self, Archive, ArchiveError};

/// Whether something may have been written.
pub type Committing = Cell<bool>;

/// Runs work that writes in one transaction.
///
/// # Errors
/// A [`Failure`]; it ends with `nothing` if nothing was written, and else with `unknown`.
pub fn all_or_nothing<T>(
    nothing: &str,
    unknown: &str,
    work: impl AsyncFnOnce(&StopSignal, &Committing) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let committing = Committing::default();
    let done = answered(async |stop| work(&stop, &committing).await);
    done.map_err(|mut failure| {
        let then = if committing.get() { unknown } else { nothing };
        failure.words = format!("{} {then}", failure.words);
        failure
    })
}

/// Commits, and records whether something may have been written.
pub async fn commit(archive: &mut Archive, committing: &Committing) -> Result<(), Failure> {
    committing.set(true);
    let committed = archive.commit().await;
    if matches!(&committed, Err(ArchiveError::Store(error)) if error.wrote_nothing()) {
        committing.set(false);
    }
    Ok(committed?)
}

/// Runs work that writes a file into the database. A dry run uses a copy.
///
/// # Errors
/// A [`Failure`]; it ends with `nothing` if nothing was written.
pub fn write_file<T>(
    file: &Path,
    settings: &Settings,
    (nothing, dry_run): (&str, bool),
    work: impl AsyncFnOnce(&mut Archive, &mut InputFile, &StopSignal) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let database = &settings.database;
    let unknown = "It is not known whether everything was written or nothing: look with `clickoff \
                   top` before you repeat it.";
    all_or_nothing(nothing, unknown, async |stop, committing| {
        let mut source = InputFile::open(file, database, stop).await?;
        let done = async {
            let scratch = if dry_run {
                Some(Scratch::copy_of(database, stop).await?)
            } else {
                make_directories(&settings.data_dir)?;
                None
            };
            let target = scratch.as_ref().map_or(database, |copy| &copy.target);
            let done = closing(Archive::write(target).await?, async |archive| {
                let done = work(archive, &mut source, stop).await?;
                stop.check()?;
                if !dry_run {
                    commit(archive, committing).await?;
                }
                Ok(done)
            });
            let done: Result<T, Failure> = done.await;
            done.map_err(|mut failure| {
                // A message is about the database itself, and not about its copy.
                let (shown, place) = (archive::place(target), archive::place(database));
                failure.words = failure.words.replace(&shown, &place);
                failure
            })
        };
        let done = done.await;
        source.close().await;
        done
    })
}
