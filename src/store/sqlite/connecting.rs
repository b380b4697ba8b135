//! Connects to a SQLite file, and sets it up if needed.

use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::super::migrations::Migrations;
use super::file::{identity, is_cut_off, prepare_file};
use super::schema::{self, SchemaState};
use super::{SqliteFile, StoreError, safety};

/// How long SQLite itself waits for a lock before it returns an error.
const BUSY_TIMEOUT: Duration = Duration::from_secs(1);

/// The size to which the WAL file is truncated after a long read made it grow. Usually it stays at
/// half of this.
const WAL_LIMIT: &str = "8388608";

/// Opens a connection that can be used. It is to the file at the path: if that was removed or
/// replaced meanwhile, it is opened again.
pub async fn connect(
    target: &mut SqliteFile,
    migrations: Option<Migrations>,
) -> Result<SqliteConnection, StoreError> {
    let mut tries = 2;
    loop {
        if migrations.is_some() {
            prepare_file(target)?;
        } else {
            target.check()?;
        }
        target.state = None;
        target.real = std::fs::canonicalize(&target.path).unwrap_or_else(|_| target.path.clone());
        let opened = identity(&target.path);
        let mut conn = open(target).await?;
        let ready = make_ready(target, &mut conn, migrations).await;
        let error = match target.check_against(opened).and(ready) {
            Ok(()) => {
                target.identity = opened;
                return Ok(conn);
            }
            Err(error) => error,
        };
        // Closed here and not in the background: the program may end now, and must leave no journal
        // beside a file that it can't use.
        let _ = conn.close().await;
        tries -= 1;
        if tries == 0 || !matches!(error, StoreError::Replaced { .. }) {
            return Err(error);
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
    target: &mut SqliteFile,
    conn: &mut SqliteConnection,
    migrations: Option<Migrations>,
) -> Result<(), StoreError> {
    let first = migrations.is_some();
    let state = match schema::state(conn).await {
        Ok(state) => Ok(Some(state)),
        Err(error) if first && schema::is_missing(&error) => Ok(None),
        Err(error) => Err(target.explain(error)),
    };
    // This message says more than an error about a missing page.
    let may_be_cut_off = matches!(state, Ok(_) | Err(StoreError::Damaged { .. }));
    if first && may_be_cut_off && is_cut_off(&target.real) {
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
            let unlimited = safety::unlimit(conn).await;
            unlimited.map_err(|error| target.explain(error))?;
            target.turn().await?;
            let brought_up =
                schema::bring_up_to_date(target, conn, migrations.unwrap_or_default()).await;
            target.end_turn();
            brought_up?;
            let state = schema::state(conn).await;
            state.map_err(|error| target.explain(error))?
        }
    };
    let unlimited = safety::unlimit(conn).await;
    unlimited.map_err(|error| target.explain(error))?;
    if state.journal_mode != "wal" {
        target.turn().await?;
        let switched = schema::switch_to_wal(conn).await;
        target.end_turn();
        switched.map_err(|error| target.explain(error))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::schema::MIGRATIONS;
    use super::*;

    #[tokio::test]
    async fn every_connection_syncs_fully() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut target = SqliteFile::at(directory.path().join("game.db"));
        for migrations in [Some(MIGRATIONS), None] {
            let mut conn = connect(&mut target, migrations)
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

    /// How often this process has opened a file.
    fn opened(path: &Path) -> usize {
        let all = std::fs::read_dir("/proc/self/fd").expect("listed");
        let paths = all.flatten().map(|entry| std::fs::read_link(entry.path()));
        paths
            .filter(|at| at.as_ref().is_ok_and(|at| at == path))
            .count()
    }

    #[tokio::test]
    async fn of_a_file_that_is_replaced_while_it_is_opened_the_new_one_is_played_on() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let at = |name: &str| directory.path().join(name);
        let (path, lock) = (at("game.db"), at("game.db.lock"));
        let mut target = SqliteFile::at(path.clone());
        let mut holder = SqliteFile::at(path.clone());
        holder.turn().await.expect("a turn");
        // The first set-up of the file waits for its turn.
        let change = async {
            while opened(&lock) < 2 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            std::fs::write(at("other"), "").expect("written");
            std::fs::rename(at("other"), &path).expect("replaced");
            holder.end_turn();
        };
        let (connected, ()) = tokio::join!(connect(&mut target, Some(MIGRATIONS)), change);
        connected
            .expect("a connection")
            .close()
            .await
            .expect("closed");
        target.check().expect("this file is at the path");
        let data = std::fs::metadata(&path).expect("the new file");
        assert!(data.len() > 0, "the schema is in the new file");
    }
}
