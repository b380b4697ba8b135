//! The locked transaction: counts presses in SQLite, each exactly once, for one player or for many.
//!
//! These are the four steps of the web tutorial's `with_for_update`, and [`count`] is all of them:
//!
//! 1. begin: `BEGIN IMMEDIATE` locks the file, as `SELECT ... FOR UPDATE` locks rows on a server
//!    (SQLite has no `FOR UPDATE`, and SQLAlchemy leaves it out silently for SQLite);
//! 2. read the rows, which nobody else can change from here on;
//! 3. add to each score, and keep the session's total beside it;
//! 4. commit. Only after this a press is shown as saved.
//!
//! The total beside the score is what makes it exactly once. A client never sends "add 3". It sends
//! "I have pressed 120 times in all", and the score grows by the difference to the last total. So a
//! client that does not know whether a commit succeeded sends it again, and nothing is added twice.
//!
//! A statement is for any number of players, whom it reads as a table with `json_each`.
//!
//! On PostgreSQL and MariaDB the routine `click_count` takes the same steps: see `assets/schema`.

use serde::Serialize;
use sqlx::{Connection, SqliteConnection, query, query_as, query_scalar};

use super::super::{Counted, StoreError, Total};
use super::session_row::{SessionRow, overruled};

/// Counts the presses of sessions up to their totals, in one transaction: all or none.
pub async fn count(
    conn: &mut SqliteConnection,
    totals: &[Total],
) -> Result<Result<Vec<Counted>, StoreError>, sqlx::Error> {
    // 1. Begin. From here on nobody else can write.
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;

    // 2. Read the rows.
    let before = read(&mut tx, totals).await?;

    // 3. Add to each score, and keep the total beside it.
    let counted = add(&mut tx, totals, &before).await?;

    // 4. Commit.
    match &counted {
        Ok(_) => tx.commit().await?,
        Err(_) => tx.rollback().await?,
    }
    Ok(counted)
}

/// Reads the rows of sessions, in their order. Sessions that are gone are left out.
async fn read(tx: &mut SqliteConnection, totals: &[Total]) -> Result<Vec<SessionRow>, sqlx::Error> {
    let sessions: Vec<i64> = totals.iter().map(|total| total.session.0).collect();
    query_as(
        "SELECT s.id AS session,
                u.id AS player,
                CAST(COALESCE(u.score, 0) AS INTEGER) AS score,
                typeof(u.score) = 'real' AS is_real,
                s.last_seq AS last_seq,
                s.refused AS refused,
                s.max_rate AS max_rate,
                COALESCE(c.spent, 0) AS spent,
                CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now
         FROM json_each(?) n CROSS JOIN click_sessions s ON s.id = n.value
         JOIN users u ON u.id = s.user_id
         LEFT JOIN click_changes c ON c.user_id = u.id
         ORDER BY n.key",
    )
    .bind(json(&sessions)?)
    .fetch_all(tx)
    .await
}

/// Adds the new presses of each total to the rows as they were before. Nothing is to be committed
/// if that fails.
async fn add(
    tx: &mut SqliteConnection,
    totals: &[Total],
    before: &[SessionRow],
) -> Result<Result<Vec<Counted>, StoreError>, sqlx::Error> {
    if before.len() < totals.len() {
        return Ok(Err(StoreError::Gone));
    }
    let after = before.iter().zip(totals);
    let after = after.map(|(row, total)| row.with(total));
    let after: Vec<SessionRow> = match after.collect() {
        Ok(after) => after,
        Err(error) => return Ok(Err(error)),
    };
    let counted = after.iter().map(SessionRow::counted).collect();
    if after == before {
        return Ok(Ok(counted));
    }
    let rows = json(&after)?;
    query(
        "UPDATE users SET score = COALESCE(score, 0) + n.taken
         FROM (SELECT value ->> 'player' AS player, value ->> 'taken' AS taken
               FROM json_each(?)) n
         WHERE users.id = n.player AND n.taken > 0",
    )
    .bind(&rows)
    .execute(&mut *tx)
    .await?;
    query(
        "UPDATE click_sessions SET last_seq = n.last_seq, refused = n.refused
         FROM (SELECT value ->> 'session' AS session, value ->> 'last_seq' AS last_seq,
                      value ->> 'refused' AS refused
               FROM json_each(?)) n
         WHERE click_sessions.id = n.session",
    )
    .bind(&rows)
    .execute(&mut *tx)
    .await?;
    if after.iter().any(|row| row.max_rate.is_some()) {
        query(
            "UPDATE click_changes SET spent = n.spent
             FROM (SELECT value ->> 'player' AS player, value ->> 'spent' AS spent
                   FROM json_each(?)) n
             WHERE click_changes.user_id = n.player",
        )
        .bind(&rows)
        .execute(&mut *tx)
        .await?;
    }
    // Read back, because a trigger of another program may have changed it.
    let kept = read(tx, totals).await?;
    // In the order of the totals, as the others; only a row that has gone is missing.
    let mut kept = kept.iter().peekable();
    for (before, wanted) in before.iter().zip(&after) {
        let kept = kept.next_if(|kept| kept.session == wanted.session);
        if kept.is_none_or(|kept| !kept.is(wanted)) {
            let triggers = query_scalar(super::SQL.foreign_triggers)
                .fetch_all(tx)
                .await?;
            let why = overruled(before.score, wanted, kept, &triggers);
            return Ok(Err(StoreError::Overruled { why }));
        }
    }
    Ok(Ok(counted))
}

/// Rows as JSON, for `json_each`.
fn json(rows: &[impl Serialize]) -> Result<String, sqlx::Error> {
    serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()))
}
