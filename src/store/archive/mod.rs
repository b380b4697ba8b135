//! Everything that a database keeps, as records: read at one moment, or written in one transaction.
//!
//! This is for keepers, not for players: it holds one transaction open over many calls, and in a
//! database that is written to it keeps all other writers waiting.

mod check;
mod dialects;
mod error;
mod insert;
mod kinds;
mod paging;
mod record;
mod session;
mod spell;
mod statements;

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use sqlx::{MySql, Postgres, Sqlite};
use uuid::Uuid;

use super::{SqliteFile, Target};
use session::Session;

pub use super::sqlite::{Guard, Wish, guard, save};
pub use check::{Fault, Findings};
pub use error::ArchiveError;
pub use kinds::LAST_START;
pub use record::{
    BATCH, Batch, HistoryRecord, KeyRecord, Kind, PlayerRecord, RaceRecord, RacerRecord,
    SprintRecord, Totals,
};

/// A database that is open, to be read or to be written.
///
/// After an error it is good for nothing but [`Archive::close`].
#[derive(Debug)]
pub enum Archive {
    /// A SQLite file.
    Sqlite(Session<Sqlite>),
    /// A PostgreSQL database.
    Postgres(Session<Postgres>),
    /// A MariaDB or MySQL database.
    MySql(Session<MySql>),
}

/// The same call on whatever database it is.
macro_rules! each {
    ($archive:expr, $session:ident => $call:expr) => {
        match $archive {
            Archive::Sqlite($session) => $call,
            Archive::Postgres($session) => $call,
            Archive::MySql($session) => $call,
        }
    };
}

impl Archive {
    /// Opens a database to read it as it is at this moment, whatever others do to it meanwhile.
    /// Nothing is changed in it, its schema included; an older one can be read.
    ///
    /// # Errors
    /// [`ArchiveError::NoPlayers`], or a [`StoreError`](super::StoreError) where it can't be opened.
    pub async fn read(target: &Target) -> Result<Self, ArchiveError> {
        Ok(match target {
            Target::Sqlite(path) => Self::Sqlite(Session::read(file(path)).await?),
            Target::Postgres(server) => Self::Postgres(Session::read(server.clone()).await?),
            Target::MySql(server) => Self::MySql(Session::read(server.clone()).await?),
        })
    }

    /// Opens a database to write it in one transaction, in which nobody else writes. Its schema is
    /// brought up to date first, as by the game.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError) where it can't be opened, or where others don't let go of it.
    pub async fn write(target: &Target) -> Result<Self, ArchiveError> {
        Ok(match target {
            Target::Sqlite(path) => Self::Sqlite(Session::write(file(path)).await?),
            Target::Postgres(server) => Self::Postgres(Session::write(server.clone()).await?),
            Target::MySql(server) => Self::MySql(Session::write(server.clone()).await?),
        })
    }

    /// The database as a person knows it, without a password.
    pub fn place(&self) -> String {
        each!(self, session => session.place())
    }

    /// The database's own name, which a plain table of the tutorial does not have.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn name(&mut self) -> Result<Option<String>, ArchiveError> {
        each!(self, session => session.name().await)
    }

    /// Takes a mark that only one connection of a database can have until it is closed, and tells
    /// whether it got it. So two connections find out whether they lead to the same database,
    /// whatever they call it.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn mark(&mut self, mark: i64) -> Result<bool, ArchiveError> {
        each!(self, session => session.mark(mark).await)
    }

    /// The totals of all records of a kind, worked out by the database.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn totals(&mut self, kind: Kind) -> Result<Totals, ArchiveError> {
        each!(self, session => session.totals(kind).await)
    }

    /// The next records of a kind behind those of a batch, or the first; at most [`BATCH`], and
    /// none behind the last.
    ///
    /// # Errors
    /// [`ArchiveError::NotText`], or a [`StoreError`](super::StoreError).
    pub async fn page(&mut self, kind: Kind, after: Option<&Batch>) -> Result<Batch, ArchiveError> {
        each!(self, session => session.page(kind, after).await)
    }

    /// Removes the first records of a kind; `false` where there was none left. What hangs on them,
    /// the records of clients, goes with them, and open races go with those that are closed.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn clear(&mut self, kind: Kind) -> Result<bool, ArchiveError> {
        each!(self, session => session.clear(kind).await)
    }

    /// Adds records with the keys that they have.
    ///
    /// # Errors
    /// [`ArchiveError::Unfit`] for the first record that the database refuses, or a [`StoreError`](super::StoreError).
    pub async fn insert(&mut self, batch: &Batch) -> Result<(), ArchiveError> {
        each!(self, session => session.insert(batch, false).await)
    }

    /// Adds records to those that are there under the same keys: points are added up, and the
    /// better sprint stays. Players are no such records.
    ///
    /// # Errors
    /// As [`Self::insert`].
    pub async fn merge(&mut self, batch: &Batch) -> Result<(), ArchiveError> {
        each!(self, session => session.insert(batch, true).await)
    }

    /// Whether the database has keys of `clickoff click` that this user may not read: there seem to
    /// be none then.
    pub fn hides_keys(&self) -> bool {
        each!(self, session => session.hides_keys())
    }

    /// Gives a player another score; the history is then the triggers' business.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn rescore(&mut self, player: i64, score: Option<i64>) -> Result<(), ArchiveError> {
        each!(self, session => session.rescore(player, score).await)
    }

    /// Removes what all players from one key to another have of a kind; of races and racers, those
    /// of all races from one key to another that are closed.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn forget(&mut self, kind: Kind, first: i64, last: i64) -> Result<(), ArchiveError> {
        each!(self, session => session.forget(kind, first, last).await)
    }

    /// The first key of a race that is open, and the last of all.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn race_keys(&mut self) -> Result<(Option<i64>, Option<i64>), ArchiveError> {
        each!(self, session => session.race_keys().await)
    }

    /// Gives the database another name of its own, by which no outbox knows it.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn rename(&mut self) -> Result<(), ArchiveError> {
        let name = Uuid::new_v4().simple().to_string();
        each!(self, session => session.rename(name).await)
    }

    /// Begins another epoch, in which no client takes what is not there for forgotten.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn begin_epoch(&mut self) -> Result<(), ArchiveError> {
        let epoch = Uuid::new_v4().simple().to_string();
        each!(self, session => session.begin_epoch(epoch).await)
    }

    /// Sees to it that the keys given from now on are larger than any that was written.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn move_keys(&mut self) -> Result<(), ArchiveError> {
        each!(self, session => session.move_keys().await)
    }

    /// Makes all that was written durable and seen by others, at once.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError); where [`StoreError::wrote_nothing`](super::StoreError::wrote_nothing) does not hold for it, it is not known
    /// whether it happened.
    pub async fn commit(&mut self) -> Result<(), ArchiveError> {
        each!(self, session => session.commit().await)
    }

    /// The database's version, as it says it itself.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn version(&mut self) -> Result<String, ArchiveError> {
        each!(self, session => session.version().await)
    }

    /// What in the server's settings could be better, each in a sentence.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn advice(&mut self) -> Result<Vec<&'static str>, ArchiveError> {
        each!(self, session => session.advice().await)
    }

    /// Finds out whether the database is sound. It may end the transaction.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError) where it can't be asked.
    pub async fn check(&mut self) -> Result<Findings, ArchiveError> {
        each!(self, session => session.check().await)
    }

    /// The parts of the schema, each as kind, name and text with tabs between, as
    /// `assets/schema` keeps those of the servers.
    ///
    /// # Errors
    /// A [`StoreError`](super::StoreError).
    pub async fn schema(&mut self) -> Result<Vec<String>, ArchiveError> {
        let parts = each!(self, session => session.parts().await)?;
        let line = |(kind, name, text): statements::Part| {
            let text = text.map_or(String::new(), |text| format!("\t{text}"));
            format!("{kind}\t{name}{text}")
        };
        Ok(parts.into_iter().map(line).collect())
    }

    /// Closes the connection; what was not committed is undone.
    pub async fn close(self) {
        each!(self, session => session.close().await);
    }
}

/// Whether two names certainly mean the same database; others may do so under another name, which
/// [`Archive::mark`] finds out.
pub fn is_same(a: &Target, b: &Target) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|d| (d.dev(), d.ino()));
    match (a, b) {
        (Target::Sqlite(a), Target::Sqlite(b)) if a != b => {
            identity(a).is_some_and(|a| Some(a) == identity(b))
        }
        (a, b) => a == b,
    }
}

/// The database as a person knows it, without a password.
pub fn place(target: &Target) -> String {
    match target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(server) => server.place(),
        Target::MySql(server) => server.place(),
    }
}

fn file(path: &Path) -> SqliteFile {
    SqliteFile {
        path: path.to_owned(),
    }
}
