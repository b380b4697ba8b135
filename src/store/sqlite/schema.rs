//! Brings a SQLite file's schema up to date, or says why it must be left alone.

use sqlx::error::DatabaseError;
use sqlx::{Connection, SqliteConnection, query_scalar};

use super::super::connection::BorrowedConnection;
use super::super::fit::{FitPurpose, misfit};
use super::super::migrations::{self, Migrations, Newest, TABLE};
use super::{SqliteFile, StoreError, fit};

/// The migrations in order.
pub const MIGRATIONS: Migrations = &[(
    migrations::FIRST,
    "first release",
    include_str!("../../../assets/schema/sqlite.sql"),
)];

/// Whether every migration of this program has run. The file may have none of our tables.
pub async fn is_current(
    target: &SqliteFile,
    conn: &mut SqliteConnection,
    ours: Migrations,
) -> Result<bool, StoreError> {
    let explain = |error| target.explain(error);
    if !is_ours(conn).await.map_err(explain)? {
        return Ok(false);
    }
    let state = state(conn).await.map_err(explain)?;
    state.is_current(target, ours)
}

/// Runs the missing migrations, all or none, in one exclusive transaction.
pub async fn bring_up_to_date(
    target: &SqliteFile,
    conn: &mut SqliteConnection,
    ours: Migrations,
) -> Result<(), StoreError> {
    let explain = |error| target.explain(error);
    // Another process may have done it meanwhile.
    if is_current(target, conn, ours).await? {
        return Ok(());
    }
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.map_err(explain)?;
    refuse_foreign(target, &mut tx).await?;
    migrations::run(ours, &mut *tx, target.place(), explain).await?;
    tx.commit().await.map_err(explain)
}

/// Refuses a file unless it is empty, is ours, or has a table of players that fits. Our own files
/// must only be readable.
pub async fn refuse_foreign(
    target: &SqliteFile,
    conn: &mut SqliteConnection,
) -> Result<(), StoreError> {
    let found = async {
        let purpose = match is_ours(conn).await? {
            true => FitPurpose::GoOn,
            false => FitPurpose::SetUp,
        };
        misfit(&fit::SQL, purpose, BorrowedConnection::Sqlite(conn)).await
    };
    match found.await.map_err(|error| target.explain(error))? {
        Some(why) => Err(StoreError::Foreign {
            place: target.place(),
            why,
        }),
        None => Ok(()),
    }
}

/// Whether it has tables of clickoff, if perhaps not all of them.
async fn is_ours(conn: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    query_scalar("SELECT EXISTS (SELECT 1 FROM sqlite_master WHERE name = ?)")
        .bind(TABLE)
        .fetch_one(conn)
        .await
}

/// The state of a file with our tables.
pub struct SchemaState {
    /// Its journal mode, in lower case.
    pub journal_mode: String,
    newest: Option<Newest>,
}

impl SchemaState {
    /// Whether every migration of this program has run.
    ///
    /// # Errors
    /// [`StoreError::Newer`] if an unknown one has run.
    pub fn is_current(&self, target: &SqliteFile, ours: Migrations) -> Result<bool, StoreError> {
        let behind = migrations::behind(ours, self.newest.clone(), target.place())?;
        Ok(behind.is_none())
    }
}

/// Reads the state.
///
/// # Errors
/// One for which [`is_missing`] is true, if our tables are not all there.
pub async fn state(conn: &mut SqliteConnection) -> Result<SchemaState, sqlx::Error> {
    let mode: String = query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut *conn)
        .await?;
    Ok(SchemaState {
        journal_mode: mode.to_lowercase(),
        newest: BorrowedConnection::Sqlite(conn).newest().await?,
    })
}

/// Whether it is the error of a missing table.
pub fn is_missing(error: &sqlx::Error) -> bool {
    // https://www.sqlite.org/rescode.html#error: a mistake in a statement has no code of its own.
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| code == "1")
}

/// Switches the file to WAL permanently.
pub async fn switch_to_wal(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA journal_mode = WAL")
        .execute(conn)
        .await
        .map(drop)
}

/// Reads every part of clickoff's schema and every trigger on its tables, by kind and name, with
/// its text, and whether `users.id` is unique, as `users` may be the tutorial's table.
pub const PARTS: &str = concat!(
    "
    SELECT type AS kind, lower(name) AS name, sql AS what FROM sqlite_master
    WHERE sql IS NOT NULL
      AND (name LIKE 'click\\_%' ESCAPE '\\'
           OR type = 'trigger' AND (lower(tbl_name) = 'users'
                                    OR tbl_name LIKE 'click\\_%' ESCAPE '\\'))
    UNION ALL
    SELECT 'key', 'users.id', 'unique'
    WHERE ",
    fit::is_key!(),
    "
    ORDER BY 1, 2"
);

/// A database in memory, with what the migrations make.
pub async fn in_memory() -> Result<SqliteConnection, sqlx::Error> {
    let mut conn = SqliteConnection::connect("sqlite::memory:").await?;
    for (.., text) in MIGRATIONS {
        sqlx::raw_sql(*text).execute(&mut conn).await?;
    }
    Ok(conn)
}
