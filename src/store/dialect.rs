//! What differs from database to database: a table of statements and a few lines of code.

use std::fmt::Debug;
use std::future::Future;
use std::time::Duration;

use sqlx::Database;

use super::StoreError;

/// The statements of one database. A placeholder's meaning is its position, written beside each.
#[derive(Debug, Clone, Copy)]
pub struct Statements {
    /// -> the database's own name
    pub database: &'static str,
    /// -> the newest cursor
    pub cursor: &'static str,
    /// -> id, name, email (both as bytes), score, of everyone
    pub players: &'static str,
    /// cursor -> cursor, the player's id, then as in `players`, all NULL where the player is gone
    pub changes: &'static str,
    /// client, player: makes the session's row unless it is there
    pub register: &'static str,
    /// client, player -> session
    pub session: &'static str,
    /// session, total -> counted, score: the whole locked transaction; counted stays below the
    /// total where the score can't hold it, and there is no row where the player is gone
    pub count: &'static str,
    /// name, email -> id
    pub add: &'static str,
    /// name, email, id -> score
    pub edit: &'static str,
    /// id
    pub remove: &'static str,
    /// client
    pub retire: &'static str,
}

/// A database that [`super::SqlStore`] can work on.
pub trait Dialect: Database {
    /// Its statements.
    const SQL: Statements;

    /// What a connection is made from.
    type Target: Clone + Debug + Send + Sync + 'static;

    /// What orders the writers, and what tells cheaply that something may have changed.
    type Local: Debug + Send + 'static;

    /// The local part for a target.
    fn local(target: &Self::Target) -> Self::Local;

    /// Opens a connection; `first` asks to prepare the place and to bring the schema up to date.
    fn connect(
        target: &Self::Target,
        local: &mut Self::Local,
        first: bool,
    ) -> impl Future<Output = Result<Self::Connection, StoreError>> + Send;

    /// Waits for the turn to write.
    fn turn(
        target: &Self::Target,
        local: &mut Self::Local,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Ends the turn.
    fn end_turn(local: &mut Self::Local);

    /// Whether the connection still leads to the place that the target names.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] where it does not.
    fn check(target: &Self::Target, local: &Self::Local) -> Result<(), StoreError>;

    /// Waits until something may have changed since the last call, looking as often as `every`
    /// says; too early is never wrong.
    fn stirred(
        target: &Self::Target,
        local: &mut Self::Local,
        every: Duration,
    ) -> impl Future<Output = ()> + Send;

    /// What a driver's error means.
    fn explain(target: &Self::Target, error: sqlx::Error) -> StoreError;
}
