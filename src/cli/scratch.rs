//! A copy of a database to try something on, so that `--dry-run` changes nothing.

use std::path::PathBuf;

use uuid::Uuid;

use super::Exit;
use super::frame::{Failure, StopSignal};
use crate::store::Target;
use crate::store::archive::{self, Archive, ArchiveError, RecordKind};

/// A SQLite file with everything that a database has, gone with this.
#[derive(Debug)]
pub struct Scratch {
    directory: PathBuf,
    /// The file.
    pub target: Target,
}

impl Scratch {
    /// Copies a database, which is only read; of one that is not there, an empty one is made.
    ///
    /// # Errors
    /// What one of both databases says, or a signal.
    pub async fn copy_of(database: &Target, stop: &StopSignal) -> Result<Self, Failure> {
        let directory = std::env::temp_dir().join(format!("clickoff-{}", Uuid::new_v4()));
        std::fs::create_dir(&directory).map_err(|error| {
            let directory = directory.display();
            let words = format!("the directory {directory} can't be made: {error}.");
            Failure::new(Exit::Unreachable, words)
        })?;
        let target = Target::Sqlite(directory.join("scratch.db"));
        let scratch = Self { directory, target };
        let mut copy = Archive::write(&scratch.target).await?;
        let filled = fill(&mut copy, database, stop).await;
        let done = match filled {
            Ok(()) => copy.commit().await.map_err(Failure::from),
            failed => failed,
        };
        copy.close().await;
        done.map(|()| scratch)
    }

    /// What was said about the copy, as of the database itself.
    pub fn as_of(&self, place: &str, words: &str) -> String {
        words.replace(&archive::place(&self.target), place)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left in the directory for temporary files is the system's to clear.
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

async fn fill(copy: &mut Archive, database: &Target, stop: &StopSignal) -> Result<(), Failure> {
    if matches!(database, Target::Sqlite(path) if !path.exists()) {
        return Ok(());
    }
    let mut source = match Archive::read(database).await {
        Err(ArchiveError::NoPlayers { .. }) => return Ok(()),
        opened => opened?,
    };
    let done = transfer(copy, &mut source, stop).await;
    source.close().await;
    done
}

async fn transfer(
    copy: &mut Archive,
    source: &mut Archive,
    stop: &StopSignal,
) -> Result<(), Failure> {
    for kind in RecordKind::ALL {
        // What came by itself with the records written before: triggers begin a history.
        while copy.clear(kind).await? {}
        let mut batch = source.page(kind, None).await?;
        while !batch.is_empty() {
            copy.insert(&batch).await?;
            stop.go_on()?;
            batch = source.page(kind, Some(&batch)).await?;
        }
    }
    Ok(copy.move_keys().await?)
}
