//! Runs an import or a restore in one transaction.

use std::cell::Cell;
use std::path::Path;

use super::scratch::Scratch;
use super::source::InputFile;
use crate::cli::common::{Failure, GRACE, StopSignal, interruptible};
use crate::cli::database::make_directory;
use crate::settings::Settings;
use crate::store::archive::{self, Archive, ArchiveError};

/// Runs work that writes a file into a database, in one transaction. A dry run uses a copy.
///
/// # Errors
/// A [`Failure`]; it ends with `nothing` if nothing was written.
pub fn in_transaction<T>(
    file: &Path,
    settings: &Settings,
    (nothing, dry_run): (&str, bool),
    work: impl AsyncFnOnce(&mut Archive, &mut InputFile, &StopSignal) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let database = &settings.database;
    let committing = Cell::new(false);
    let (done, stop) = interruptible(GRACE, async |stop| {
        let mut source = InputFile::open(file, database, &stop).await?;
        let opened = async {
            if dry_run {
                let scratch = Scratch::copy_of(database, &stop).await?;
                let archive = Archive::write(&scratch.target).await?;
                return Ok((archive, Some(scratch)));
            }
            make_directory(settings)?;
            Ok::<_, Failure>((Archive::write(database).await?, None))
        };
        let (mut archive, scratch) = match opened.await {
            Ok(opened) => opened,
            Err(failure) => {
                source.close().await;
                return Err(failure);
            }
        };
        let done = async {
            let done = work(&mut archive, &mut source, &stop).await?;
            stop.check()?;
            if dry_run {
                return Ok(done);
            }
            commit(&mut archive, &committing).await.map(|()| done)
        };
        let mut done: Result<T, Failure> = done.await;
        archive.close().await;
        source.close().await;
        if let (Some(scratch), Err(failure)) = (scratch, &mut done) {
            failure.words = scratch.as_of(&archive::place(database), &failure.words);
        }
        done
    })?;
    done.unwrap_or_else(|| Err(stop.unanswered()))
        .map_err(|mut failure: Failure| {
            let unknown = "It is not known whether everything was written or nothing: look with \
                           `clickoff top` before you repeat it.";
            let then = if committing.get() { unknown } else { nothing };
            failure.words = format!("{} {then}", failure.words);
            failure
        })
}

/// Commits, and records whether something may have been written.
pub async fn commit(archive: &mut Archive, committing: &Cell<bool>) -> Result<(), Failure> {
    committing.set(true);
    let committed = archive.commit().await;
    if matches!(&committed, Err(ArchiveError::Store(error)) if error.wrote_nothing()) {
        committing.set(false);
    }
    Ok(committed?)
}
