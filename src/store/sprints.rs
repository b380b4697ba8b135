//! Reads sprints.

use super::connection::Row;
use crate::game::PlayerId;
use crate::game::contest::Length;
use crate::game::sprint::{Best, Bests, BoardPlace, Kept};

/// Player -> `seconds`, `user_id`, `presses`, `at` in seconds since 1970, `trace`, and `own`: the
/// best sprints of each length, where `own` is NULL, and the player's own bests, where it is not.
pub fn select_bests() -> String {
    let mut sql = "SELECT seconds, user_id, presses, at, trace, user_id AS own
                   FROM click_sprints WHERE user_id = ?"
        .to_owned();
    for length in Length::ALL {
        let seconds = length.seconds();
        sql += &format!(
            " UNION ALL SELECT * FROM (
                  SELECT seconds, user_id, presses, at, trace, NULLIF(user_id, user_id) AS own
                  FROM click_sprints WHERE seconds = {seconds}
                  ORDER BY presses DESC, at, user_id LIMIT 10) AS top_{seconds}"
        );
    }
    sql
}

/// Seconds, limit -> `user_id`, `seconds`, `presses`, `at`, and NULL as `better`: the best sprints,
/// in order.
pub const BOARD: &str = "SELECT user_id, seconds, presses, at, NULL AS better
    FROM click_sprints WHERE seconds = ?
    ORDER BY presses DESC, at, user_id LIMIT ?";

/// Player -> the same of that player, each with how many are `better`.
pub const OWN_BOARD: &str = "SELECT user_id, seconds, presses, at,
           (SELECT COUNT(*) FROM click_sprints b
            WHERE b.seconds = s.seconds AND b.presses > s.presses) AS better
    FROM click_sprints s WHERE user_id = ? ORDER BY seconds";

/// Reads the rows of [`select_bests`].
pub fn bests(rows: &[Row]) -> Result<Bests, sqlx::Error> {
    let mut bests = Bests::default();
    let mut boards: [Vec<(i64, BoardPlace)>; 4] = Default::default();
    for row in rows {
        let Some(length) = Length::of_seconds(row.get("seconds")?) else {
            continue;
        };
        let presses = row.count("presses")?;
        let trace = row.trace("presses", length)?;
        if row.get::<Option<i64>>("own")?.is_some() {
            bests.own.push(Best {
                length,
                presses,
                ghost: trace,
            });
        } else {
            let place = BoardPlace {
                player: PlayerId(row.get("user_id")?),
                presses,
                trace,
            };
            boards[length as usize].push((row.get("at")?, place));
        }
    }
    // A UNION does not keep the order of its parts.
    for (length, mut places) in boards.into_iter().enumerate() {
        places.sort_by_key(|(at, place)| (u64::MAX - place.presses, *at, place.player));
        bests.boards[length] = places.into_iter().map(|(_, place)| place).collect();
    }
    bests.own.sort_by_key(|best| best.length);
    Ok(bests)
}

/// Reads the rows of [`BOARD`] or [`OWN_BOARD`].
pub fn board(rows: &[Row]) -> Result<Vec<Kept>, sqlx::Error> {
    let mut board: Vec<Kept> = Vec::with_capacity(rows.len());
    for row in rows {
        // Only another program can have written another length.
        if let Some(length) = Length::of_seconds(row.get("seconds")?) {
            let presses = row.count("presses")?;
            let better: Option<i64> = row.get("better")?;
            let before = board.last().filter(|before| before.presses == presses);
            let in_order = before.map_or(board.len() as u64, |before| before.better);
            board.push(Kept {
                player: PlayerId(row.get("user_id")?),
                length,
                presses,
                at: row.get("at")?,
                better: better.map_or(in_order, i64::unsigned_abs),
            });
        }
    }
    Ok(board)
}
