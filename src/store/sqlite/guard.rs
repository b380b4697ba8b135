//! The guard beside a program that writes back what it read plus one: a trigger, on wish only.

use sqlx::{Connection, Executor, SqliteConnection, query_scalar};

use super::{SqliteFile, StoreError, connect, schema};

/// The trigger as SQLite keeps it, after the words that explain it.
const TEXT: &str = include_str!("../../../assets/guard.sql");

const REMOVE: &str = "DROP TRIGGER IF EXISTS click_guard";

/// Whether there is a guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Guard {
    /// There is.
    Installed,
    /// There is one, but not this clickoff's.
    Other,
    /// There is none.
    Missing,
}

/// What to do about the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Look whether there is one.
    Look,
    /// Make it, in the place of an older one.
    Install,
    /// Take it away.
    Remove,
}

/// Does it, and tells how it is then.
///
/// # Errors
/// A [`StoreError`]; nothing is changed then.
pub async fn guard(target: &SqliteFile, wish: Wish) -> Result<Guard, StoreError> {
    let mut local = target.local();
    let mut conn = connect(target, &mut local, Some(schema::MIGRATIONS)).await?;
    let done = async {
        if wish != Wish::Look {
            target.turn(&mut local).await?;
        }
        let done = granted(&mut conn, wish).await;
        done.map_err(|error| target.explain(error))
    };
    let done = done.await;
    let _ = conn.close().await;
    local.end_turn();
    done
}

async fn granted(conn: &mut SqliteConnection, wish: Wish) -> Result<Guard, sqlx::Error> {
    if wish != Wish::Look {
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        tx.execute(REMOVE).await?;
        if wish == Wish::Install {
            tx.execute(TEXT).await?;
        }
        tx.commit().await?;
    }
    let kept: Option<String> = query_scalar(
        "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = 'click_guard'",
    )
    .fetch_optional(conn)
    .await?;
    Ok(match kept {
        Some(kept) if TEXT.trim_end().ends_with(kept.trim_end()) => Guard::Installed,
        Some(_) => Guard::Other,
        None => Guard::Missing,
    })
}
