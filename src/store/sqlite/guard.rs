//! The guard against programs that write back what they read plus one: an optional trigger.

use std::path::Path;

use sqlx::{Connection, Executor, SqliteConnection, query_scalar};

use super::{SqliteFile, StoreError, connect, schema};

/// The trigger's SQL, after comments that explain it.
const TEXT: &str = include_str!("../../../assets/guard.sql");

const REMOVE: &str = "DROP TRIGGER IF EXISTS click_guard";

/// The state of the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardState {
    /// It is installed.
    Installed,
    /// It is a different version.
    Other,
    /// It is not installed.
    Missing,
}

/// What to do about the guard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GuardAction {
    /// Only check the state.
    Check,
    /// Install it, in place of an older one.
    Install,
    /// Remove it.
    Remove,
}

/// Does it, and returns the new state.
///
/// # Errors
/// A [`StoreError`]. Then nothing was changed.
pub async fn guard(path: &Path, action: GuardAction) -> Result<GuardState, StoreError> {
    let target = &mut SqliteFile::at(path.to_owned());
    let mut conn = connect(target, Some(schema::MIGRATIONS)).await?;
    let done = async {
        if action != GuardAction::Check {
            target.turn().await?;
        }
        let done = granted(&mut conn, action).await;
        done.map_err(|error| target.explain(error))
    };
    let done = done.await;
    let _ = conn.close().await;
    target.end_turn();
    done
}

async fn granted(
    conn: &mut SqliteConnection,
    action: GuardAction,
) -> Result<GuardState, sqlx::Error> {
    if action != GuardAction::Check {
        let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
        tx.execute(REMOVE).await?;
        if action == GuardAction::Install {
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
        Some(kept) if TEXT.trim_end().ends_with(kept.trim_end()) => GuardState::Installed,
        Some(_) => GuardState::Other,
        None => GuardState::Missing,
    })
}
