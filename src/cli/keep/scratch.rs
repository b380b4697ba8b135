//! A temporary copy of a database, so that `--dry-run` changes nothing.

use tempfile::TempDir;

use super::transfer::{closing, read_if_there, transfer};
use crate::cli::Exit;
use crate::cli::common::{Failure, StopSignal};
use crate::store::Target;
use crate::store::archive::Archive;

/// A SQLite file with everything in a database. Dropping this removes it.
#[derive(Debug)]
pub struct Scratch {
    _directory: TempDir,
    /// The file.
    pub target: Target,
}

impl Scratch {
    /// Copies a database, which is only read. If it does not exist, the copy is empty.
    pub async fn copy_of(database: &Target, stop: &StopSignal) -> Result<Self, Failure> {
        let directory = tempfile::Builder::new().prefix("clickoff-").tempdir();
        let directory = directory.map_err(|error| {
            let place = std::env::temp_dir();
            let place = place.display();
            let words = format!("a directory in {place} can't be made: {error}.");
            Failure::new(Exit::Unreachable, words)
        })?;
        let target = Target::Sqlite(directory.path().join("scratch.db"));
        closing(Archive::write(&target).await?, async |copy| {
            if let Some(source) = read_if_there(database).await? {
                closing(source, async |source| {
                    transfer(source, copy, stop, |_| {}).await.map(drop)
                })
                .await?;
            }
            Ok::<_, Failure>(copy.commit().await?)
        })
        .await?;
        Ok(Self {
            _directory: directory,
            target,
        })
    }
}
