//! The locked transaction: counts presses in SQLite, each exactly once, for one player or for many.
//!
//! These are the same steps as with the web tutorial's `with_for_update`. In [`count`]:
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
//! Each step is one statement for any number of players, which it reads as a table with
//! `json_each`.
//!
//! On PostgreSQL and MariaDB the routine `click_count` does the same: see `assets/schema`.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row, SqliteConnection, query, query_scalar};

use super::super::sanitized::sanitized;
use super::super::{Counted, StoreError, Total};

/// The largest score that a history can hold: see the trigger `click_history_scored`.
const MOST: i64 = 4_000_000_000_000_000_000;

/// The largest score in a REAL column: beyond it, a REAL can't hold every whole number.
const MOST_REAL: i64 = 1 << 53;

/// A second in microseconds, the unit of all times here.
const SECOND: i64 = 1_000_000;

/// Unused rate is saved up for this long.
const SAVED_UP: i64 = 60 * SECOND;

/// Counts the presses of sessions up to their totals, in one transaction: all or none.
pub async fn count(
    conn: &mut SqliteConnection,
    totals: &[Total],
) -> Result<Result<Vec<Counted>, StoreError>, sqlx::Error> {
    // From here on nobody else can write. It fails if an earlier transaction is still open.
    let mut tx = conn.begin_with("BEGIN IMMEDIATE").await?;
    let before = Held::read(&mut tx, totals).await?;
    let counted = match before.len() == totals.len() {
        true => count_in(&mut tx, totals, &before).await?,
        false => Err(StoreError::Gone),
    };
    match &counted {
        Ok(_) => tx.commit().await?,
        Err(_) => tx.rollback().await?,
    }
    Ok(counted)
}

/// Counts the new presses of each total, in the transaction that has read `before`.
async fn count_in(
    tx: &mut SqliteConnection,
    totals: &[Total],
    before: &[Held],
) -> Result<Result<Vec<Counted>, StoreError>, sqlx::Error> {
    let wanted = before.iter().zip(totals);
    let wanted = wanted.map(|(before, total)| before.with(total));
    let wanted: Vec<Held> = match wanted.collect() {
        Ok(wanted) => wanted,
        Err(error) => return Ok(Err(error)),
    };
    let counted = wanted.iter().map(Held::counted).collect();
    if wanted == before {
        return Ok(Ok(counted));
    }
    let rows = json(&wanted)?;
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
    if wanted.iter().any(|held| held.max_rate.is_some()) {
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
    let after = Held::read(tx, totals).await?;
    // In the order of the totals, as the others; only a row that has gone is missing.
    let mut after = after.iter().peekable();
    for (before, wanted) in before.iter().zip(&wanted) {
        let after = after.next_if(|after| after.session == wanted.session);
        if after.is_none_or(|after| !after.is(wanted)) {
            let meddlers = query_scalar(super::SQL.foreign_triggers)
                .fetch_all(tx)
                .await?;
            let why = overruled(before.score, wanted, after, &meddlers);
            return Ok(Err(StoreError::Overruled { why }));
        }
    }
    Ok(Ok(counted))
}

/// Rows as JSON, for `json_each`.
fn json(rows: &[impl Serialize]) -> Result<String, sqlx::Error> {
    serde_json::to_string(rows).map_err(|error| sqlx::Error::Encode(error.into()))
}

/// How many of these new presses a rate allows, and up to which moment it is used up then.
fn within_rate(new: i64, rate: i64, spent: i64, now: i64) -> (i64, i64) {
    // A time in the future is from a wrong clock.
    let spent = spent.clamp(now - SAVED_UP, now);
    let taken = new.min((now - spent) * rate / SECOND);
    (taken, spent + (taken * SECOND + rate - 1) / rate)
}

/// The state of a session and its player, as read or as to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct Held {
    session: i64,
    player: i64,
    score: i64,
    /// How much is added to the score.
    taken: i64,
    /// Whether the score is stored as a REAL.
    is_real: bool,
    last_seq: i64,
    refused: i64,
    max_rate: Option<i64>,
    /// Until when the player's rate is used up, and the current time, in microseconds since 1970.
    spent: i64,
    now: i64,
}

impl Held {
    /// Reads the rows of sessions, in their order. Sessions that are gone are left out.
    async fn read(tx: &mut SqliteConnection, totals: &[Total]) -> Result<Vec<Self>, sqlx::Error> {
        let sessions: Vec<i64> = totals.iter().map(|total| total.session.0).collect();
        let rows = query(
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
        .await?;
        let held = |row: &SqliteRow| {
            Ok(Self {
                session: row.try_get("session")?,
                player: row.try_get("player")?,
                score: row.try_get("score")?,
                taken: 0,
                is_real: row.try_get("is_real")?,
                last_seq: row.try_get("last_seq")?,
                refused: row.try_get("refused")?,
                max_rate: row.try_get("max_rate")?,
                spent: row.try_get("spent")?,
                now: row.try_get("now")?,
            })
        };
        rows.iter().map(held).collect()
    }

    /// The state after a total is counted.
    fn with(&self, total: &Total) -> Result<Self, StoreError> {
        let upto = i64::try_from(total.upto).unwrap_or(i64::MAX);
        let new = upto.saturating_sub(self.last_seq);
        if new <= 0 {
            return Ok(*self);
        }
        let (taken, spent) = match self.max_rate {
            None => (new, self.spent),
            // Another program may have written any number.
            Some(rate) => within_rate(new, rate.clamp(1, u32::MAX.into()), self.spent, self.now),
        };
        let most = if self.is_real { MOST_REAL } else { MOST };
        if self.score < -most || self.score > most - taken {
            return Err(StoreError::ScoreFull);
        }
        Ok(Self {
            score: self.score + taken,
            taken,
            last_seq: upto,
            refused: self.refused.saturating_add(new - taken),
            spent,
            ..*self
        })
    }

    /// Whether this is the wanted state.
    fn is(&self, wanted: &Self) -> bool {
        self.player == wanted.player && self.counted() == wanted.counted()
    }

    fn counted(&self) -> Counted {
        Counted {
            score: self.score,
            counted: self.last_seq.unsigned_abs(),
            refused: self.refused.unsigned_abs(),
            max_rate: self.max_rate.and_then(|rate| rate.try_into().ok()),
        }
    }
}

/// What was counted, what the row holds, and which triggers may have changed it.
fn overruled(score: i64, wanted: &Held, after: Option<&Held>, meddlers: &[String]) -> String {
    let what = match after {
        Some(after) if after.player != wanted.player => format!(
            "the player with the id {} was to score, and has the id {} now",
            wanted.player, after.player
        ),
        Some(after) if after.score != wanted.score => {
            let (now, wanted) = (after.score, wanted.score);
            format!("the score was to go from {score} to {wanted}, and the row holds {now}")
        }
        Some(after) => format!(
            "{} presses were to be kept as counted, and the row holds {}",
            wanted.last_seq, after.last_seq
        ),
        None => "while presses were counted, the player's row or the client's went away".to_owned(),
    };
    match meddlers {
        [] => what,
        all => sanitized(&format!(
            "{what}. Look at the database: it has {}",
            all.join(", ")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_takes_what_was_saved_up_in_a_minute_and_no_more() {
        let now = 1_000 * SECOND;
        for (new, rate, spent, expected) in [
            (10, 5, 0, (10, now - SAVED_UP + 2 * SECOND)),
            (301, 5, 0, (300, now)),
            (1, 5, now, (0, now)),
            (3, 5, now - SECOND / 2, (2, now - SECOND / 10)),
            (1, 3, now - SECOND, (1, now - SECOND + 333_334)),
            (9, 5, now + SECOND, (0, now)),
        ] {
            assert_eq!(within_rate(new, rate, spent, now), expected, "{new} {rate}");
        }
    }
}
