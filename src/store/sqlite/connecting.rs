//! Connects to a SQLite file, and sets it up if needed.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::super::migrations::Migrations;
use super::file::{identity, is_cut_off, prepare_file};
use super::schema::{self, SchemaState};
use super::{LocalFile, SqliteFile, StoreError, safety};

/// How long SQLite itself waits for a lock before it returns an error.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// The size to which the WAL file is truncated after a long read made it grow. Usually it stays at
/// half of this.
const WAL_LIMIT: &str = "8388608";

/// Opens a connection that can be used.
pub async fn connect(
    target: &SqliteFile,
    local: &mut LocalFile,
    migrations: Option<Migrations>,
) -> Result<SqliteConnection, StoreError> {
    if migrations.is_some() {
        prepare_file(target)?;
    } else {
        target.check(local)?;
    }
    local.state = None;
    local.path = std::fs::canonicalize(&target.path).unwrap_or_else(|_| target.path.clone());
    let mut conn = open(target).await?;
    match make_ready(target, local, &mut conn, migrations).await {
        Ok(()) => {
            local.identity = identity(&target.path);
            Ok(conn)
        }
        Err(error) => {
            // Closed here and not in the background: the program may end now, and must leave no
            // journal beside a file that it can't use.
            let _ = conn.close().await;
            Err(error)
        }
    }
}

/// Opens a connection to an existing file. No statement may take long until [`safety::unlimit`].
/// The file's schema is not trusted: it can't call functions with side effects, and pages are
/// checked.
pub async fn open(target: &SqliteFile) -> Result<SqliteConnection, StoreError> {
    safety::check(target)?;
    let opened = SqliteConnectOptions::new()
        .filename(&target.path)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("journal_size_limit", WAL_LIMIT)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .statement_cache_capacity(32)
        .thread_name(|_| "sqlite".to_owned())
        .disable_statement_logging()
        .connect()
        .await;
    let limited = async {
        let mut conn = opened?;
        safety::limit(&mut conn).await?;
        Ok(conn)
    };
    limited.await.map_err(|error| target.explain(error))
}

/// Brings the schema up to date, if asked to, and switches the file to WAL.
async fn make_ready(
    target: &SqliteFile,
    local: &mut LocalFile,
    conn: &mut SqliteConnection,
    migrations: Option<Migrations>,
) -> Result<(), StoreError> {
    let explain = |error| target.explain(error);
    let first = migrations.is_some();
    let state = match schema::state(conn).await {
        Ok(state) => Ok(Some(state)),
        Err(error) if first && schema::is_missing(&error) => Ok(None),
        Err(error) => Err(explain(error)),
    };
    // This message says more than an error about a missing page.
    let may_be_cut_off = matches!(state, Ok(_) | Err(StoreError::Damaged { .. }));
    if first && may_be_cut_off && is_cut_off(&local.path) {
        return Err(StoreError::Damaged {
            place: target.place(),
            why: "it ends in the middle of a page".into(),
        });
    }
    let is_current = |state: &SchemaState| match migrations {
        Some(ours) => state.is_current(target, ours),
        None => Ok(true),
    };
    let state = match state? {
        Some(state) if is_current(&state)? => {
            if first {
                // The following queries have no limit, so views in place of tables must be refused
                // before.
                schema::refuse_foreign(target, conn).await?;
            }
            state
        }
        older => {
            if older.is_none() {
                // After an error a connection is not used any more.
                let failed = std::mem::replace(conn, open(target).await?);
                let _ = failed.close().await;
            }
            // Checked before the turn, too, so that no lock file is created beside another
            // program's file.
            schema::refuse_foreign(target, conn).await?;
            safety::unlimit(conn).await.map_err(explain)?;
            target.turn(local).await?;
            let brought_up =
                schema::bring_up_to_date(target, conn, migrations.unwrap_or_default()).await;
            local.end_turn();
            brought_up?;
            schema::state(conn).await.map_err(explain)?
        }
    };
    safety::unlimit(conn).await.map_err(explain)?;
    if state.journal_mode != "wal" {
        target.turn(local).await?;
        let switched = schema::switch_to_wal(conn).await.map_err(explain);
        local.end_turn();
        switched?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::schema::MIGRATIONS;
    use super::*;

    /// A file that does not exist yet.
    fn nothing() -> (tempfile::TempDir, SqliteFile, LocalFile) {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("game.db");
        let target = SqliteFile { path };
        let local = target.local();
        (directory, target, local)
    }

    #[tokio::test]
    async fn every_connection_syncs_fully() {
        let (_directory, target, mut local) = nothing();
        for migrations in [Some(MIGRATIONS), None] {
            let mut conn = connect(&target, &mut local, migrations)
                .await
                .expect("a connection");
            let full: i64 = sqlx::query_scalar("PRAGMA synchronous")
                .fetch_one(&mut conn)
                .await
                .expect("a level");
            assert_eq!(
                full, 2,
                "https://www.sqlite.org/pragma.html#pragma_synchronous"
            );
        }
    }

    #[tokio::test]
    async fn a_file_whose_migrations_are_forgotten_is_not_mistaken_for_a_ready_one() {
        let (_directory, target, mut local) = nothing();
        let mut conn = connect(&target, &mut local, Some(MIGRATIONS))
            .await
            .expect("a connection");
        sqlx::query("DELETE FROM click_migrations")
            .execute(&mut conn)
            .await
            .expect("emptied");
        let again = connect(&target, &mut local, Some(MIGRATIONS)).await;
        let error = again.expect_err("tables that are there can't be made");
        assert!(error.to_string().contains("already exists"), "{error}");
    }
}
