//! Brings a SQLite file's schema up to date, or says why it must be left alone.

use sqlx::{Connection, Sqlite, SqliteConnection, query_scalar};

use super::super::dialect::Dialect;
use super::super::migrations::{self, Migrations, Standing, TABLE};
use super::{SqliteFile, StoreError};

/// The migrations in their order: number, name, text.
const MIGRATIONS: Migrations = &[
    (
        1,
        "players and sessions",
        include_str!("../../../assets/migrations/sqlite/1_players_and_sessions.sql"),
    ),
    (
        3,
        "history",
        include_str!("../../../assets/migrations/sqlite/3_history.sql"),
    ),
    (
        5,
        "rules",
        include_str!("../../../assets/migrations/sqlite/5_rules.sql"),
    ),
];

/// Whether every migration of this program has run.
pub async fn is_current(
    target: &SqliteFile,
    conn: &mut SqliteConnection,
) -> Result<bool, StoreError> {
    let explain = |error| Sqlite::explain(target, error);
    let tables = tables(conn).await.map_err(explain)?;
    if !tables.iter().any(|t| t == TABLE) {
        return Ok(false);
    }
    let newest: Option<(i64, String)> = sqlx::query_as(
        "SELECT version, description FROM click_migrations ORDER BY version DESC LIMIT 1",
    )
    .fetch_optional(conn)
    .await
    .map_err(explain)?;
    match migrations::standing(MIGRATIONS, newest) {
        Standing::Current => Ok(true),
        Standing::Behind(_) => Ok(false),
        Standing::Newer(name) => Err(StoreError::Newer {
            place: target.place(),
            name,
        }),
    }
}

/// Runs the missing migrations, all or none, in one transaction that no other process can be in.
pub async fn bring_up_to_date(
    target: &SqliteFile,
    conn: &mut SqliteConnection,
) -> Result<(), StoreError> {
    let explain = |error| Sqlite::explain(target, error);
    // Another process may have done it while this one waited for its turn.
    if is_current(target, conn).await? {
        return Ok(());
    }
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await.map_err(explain)?;
    refuse_foreign(target, &mut tx).await?;
    migrations::run(MIGRATIONS, &mut *tx, target.place(), explain).await?;
    tx.commit().await.map_err(explain)
}

/// Adds tables only to an empty file, to one of our own, or to one with the tutorial's table.
pub async fn refuse_foreign(
    target: &SqliteFile,
    conn: &mut SqliteConnection,
) -> Result<(), StoreError> {
    let explain = |error| Sqlite::explain(target, error);
    let foreign = |why: String| StoreError::Foreign {
        place: target.place(),
        why,
    };
    let tables = tables(conn).await.map_err(explain)?;
    if tables.is_empty() {
        return Ok(());
    }
    if !tables.iter().any(|t| t.eq_ignore_ascii_case("users")) {
        return Err(foreign("it has tables, but no table users".into()));
    }
    let columns: Vec<String> = query_scalar("SELECT name FROM pragma_table_info('users')")
        .fetch_all(conn)
        .await
        .map_err(explain)?;
    migrations::missing_column(&columns).map_or(Ok(()), |why| Err(foreign(why)))
}

async fn tables(conn: &mut SqliteConnection) -> Result<Vec<String>, sqlx::Error> {
    query_scalar(
        "SELECT name FROM sqlite_master
         WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(conn)
    .await
}

/// The file's journal mode, in lower case.
pub async fn journal_mode(conn: &mut SqliteConnection) -> Result<String, sqlx::Error> {
    let mode: String = query_scalar("PRAGMA journal_mode").fetch_one(conn).await?;
    Ok(mode.to_lowercase())
}

/// Switches the file to WAL, which it then stays in.
pub async fn switch_to_wal(conn: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    sqlx::query("PRAGMA journal_mode = WAL")
        .execute(conn)
        .await
        .map(drop)
}
