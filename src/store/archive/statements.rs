//! What a database has to have to be read and written as a whole: statements, and a few calls.

use std::future::Future;

use super::Batch;
use super::check::{CheckStatements, Part};
use crate::store::StoreError;
use crate::store::dialect::Dialect;

/// The statements that are an archive's alone.
#[derive(Debug, Clone, Copy)]
pub struct ArchiveStatements {
    /// begins to read at one moment, and allows for a long time of it
    pub begin_read: &'static str,
    /// begins to write, with `users` locked against every other writer
    pub begin_write: &'static str,
    /// a table's name -> how many tables have it, here 0 or 1
    pub has_table: &'static str,
    /// a number -> 1 where nobody in this database has the mark of this number, and it is taken;
    /// none where two connections can't lead to one database without its being known
    pub mark: Option<&'static str>,
    /// moves the keys to come past those that were written, where that does not happen by itself
    pub move_keys: Option<&'static str>,
    /// score, id
    pub rescore: &'static str,
    /// the database's own name: gives it to it
    pub rename: &'static str,
    /// an epoch: begins it
    pub begin_epoch: &'static str,
    /// those of [`super::Kind::Players`]
    pub players: KindStatements,
    /// those of [`super::Kind::History`]
    pub history: KindStatements,
    /// the same where there is no history yet, to be read only: all was before it
    pub no_history: KindStatements,
    /// those of [`super::Kind::Sprints`] and [`super::Kind::Keys`]
    pub beside: [KindStatements; 2],
    /// those of [`super::Kind::Races`] and [`super::Kind::Racers`]
    pub races: [KindStatements; 2],
    /// asks for a key, to find out whether the user may
    pub may_see_keys: &'static str,
}

/// The statements for one kind of records.
#[derive(Debug, Clone, Copy)]
pub struct KindStatements {
    /// -> how many, the sums of points / 2^32 and of points % 2^32, and of what else there is: the
    /// bytes of all texts, or the points overwritten
    pub totals: &'static str,
    /// the least key, how many -> the records from there on, in order of their keys; of a key of
    /// two parts the first is given twice
    pub page: &'static str,
    /// how many -> the largest key, or first part of one, of the first so many
    pub edge: &'static str,
    /// the largest key, or first part of one: removes all up to it
    pub clear: &'static str,
    /// the first and the last player's key: removes what all from one to the other have; of races
    /// the first and the last key, and those that are closed
    pub forget: &'static str,
}

/// A database that records can be read from and written to.
pub trait ArchiveDialect: Dialect {
    /// Its statements.
    const ARCHIVE: ArchiveStatements;

    /// Those that check it.
    const CHECK: CheckStatements;

    /// The parts of the schema that its migrations make.
    fn expected_parts() -> impl Future<Output = Result<Vec<Part>, sqlx::Error>> + Send;

    /// The kinds of parts of which this user may not see some that are there.
    fn hidden_parts(
        _conn: &mut Self::Connection,
    ) -> impl Future<Output = Result<Vec<&'static str>, sqlx::Error>> + Send {
        std::future::ready(Ok(Vec::new()))
    }

    /// Connects to read, and changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] for what can't be understood.
    fn connect_to_read(
        target: &Self::Target,
    ) -> impl Future<Output = Result<Self::Connection, StoreError>> + Send;

    /// Adds records with all their columns, by as few statements as may be; `merged` with those
    /// that are there under the same keys, where they are no players.
    fn insert(
        conn: &mut Self::Connection,
        batch: &Batch,
        merged: bool,
    ) -> impl Future<Output = Result<(), sqlx::Error>> + Send;
}
