//! A temporary copy of a database, so that `--dry-run` changes nothing.

use std::path::PathBuf;

use uuid::Uuid;

use super::transfer::{read_if_there, transfer};
use crate::cli::Exit;
use crate::cli::common::{Failure, StopSignal};
use crate::store::Target;
use crate::store::archive::{self, Archive};

/// A SQLite file with everything in a database. Dropping this removes it.
#[derive(Debug)]
pub struct Scratch {
    directory: PathBuf,
    /// The file.
    pub target: Target,
}

impl Scratch {
    /// Copies a database, which is only read. If it does not exist, the copy is empty.
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

    /// Replaces the path of the copy in a message by the place of the database itself.
    pub fn as_of(&self, place: &str, words: &str) -> String {
        words.replace(&archive::place(&self.target), place)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // If this fails, the system cleans its directory for temporary files.
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

async fn fill(copy: &mut Archive, database: &Target, stop: &StopSignal) -> Result<(), Failure> {
    let Some(mut source) = read_if_there(database).await? else {
        return Ok(());
    };
    let done = transfer(&mut source, copy, stop, |_| {}).await;
    source.close().await;
    done.map(drop)
}
