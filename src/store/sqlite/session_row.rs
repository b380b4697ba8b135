//! The row of a session with its player, and how a count changes it.

use serde::Serialize;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row};

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

/// A session and its player, as read or as to be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct SessionRow {
    pub session: i64,
    player: i64,
    pub score: i64,
    /// How much is added to the score.
    taken: i64,
    /// Whether the score is stored as a REAL.
    is_real: bool,
    last_seq: i64,
    refused: i64,
    pub max_rate: Option<i64>,
    /// Until when the player's rate is used up, and the current time, in microseconds since 1970.
    spent: i64,
    now: i64,
}

impl FromRow<'_, SqliteRow> for SessionRow {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
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
    }
}

impl SessionRow {
    /// The state after a total is counted.
    pub fn with(&self, total: &Total) -> Result<Self, StoreError> {
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
    pub fn is(&self, wanted: &Self) -> bool {
        self.player == wanted.player && self.counted() == wanted.counted()
    }

    pub fn counted(&self) -> Counted {
        Counted {
            score: self.score,
            counted: self.last_seq.unsigned_abs(),
            refused: self.refused.unsigned_abs(),
            max_rate: self.max_rate.and_then(|rate| rate.try_into().ok()),
        }
    }
}

/// How many of these new presses a rate allows, and up to which moment it is used up then.
fn within_rate(new: i64, rate: i64, spent: i64, now: i64) -> (i64, i64) {
    // A time in the future is from a wrong clock.
    let spent = spent.clamp(now - SAVED_UP, now);
    let taken = new.min((now - spent) * rate / SECOND);
    (taken, spent + (taken * SECOND + rate - 1) / rate)
}

/// What was counted, what the row holds, and which triggers may have changed it.
pub fn overruled(
    score: i64,
    wanted: &SessionRow,
    after: Option<&SessionRow>,
    triggers: &[String],
) -> String {
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
    match triggers {
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
