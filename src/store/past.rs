//! Reads what was scored when: one statement each, so that all of an answer is of one moment.

use jiff::Timestamp;

use super::connection::Row;
use super::listing_calls::player;
use super::{History, Ranking};
use crate::game::{PlayerId, Points, Quarter};

/// Reads what `ranking` answers with.
pub fn ranking(rows: &[Row], own: Option<PlayerId>) -> Result<Ranking, sqlx::Error> {
    let mut ranking = Ranking {
        clock: clock(rows)?,
        points: Vec::with_capacity(rows.len()),
        players: Vec::with_capacity(rows.len()),
        above: None,
        scorers: 0,
    };
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        if row.get::<Option<i64>>("id")?.is_none() {
            continue;
        }
        let player = player(row)?;
        let points = Points {
            player: player.id,
            score: player.score,
            points: row.get("points")?,
        };
        let place: i64 = row.get("place")?;
        if own == Some(player.id) {
            ranking.above = Some(place.unsigned_abs());
        }
        ranking.scorers = row.count("players")?;
        places.push((place, points, player));
    }
    places.sort_unstable_by_key(|(place, ..)| *place);
    for (_, points, player) in places {
        ranking.points.push(points);
        ranking.players.push(player);
    }
    Ok(ranking)
}

/// Reads what `history` answers with: all that is known of a player's past; none where there is no
/// such player.
pub fn history(rows: &[Row]) -> Result<Option<History>, sqlx::Error> {
    let mut history = History {
        clock: clock(rows)?,
        score: 0,
        quarters: Vec::with_capacity(rows.len()),
    };
    for row in rows {
        let Some(score) = row.get("score")? else {
            return Ok(None);
        };
        history.score = score;
        if let Some(quarter) = row.get::<Option<i64>>("quarter")? {
            history
                .quarters
                .push((Quarter(quarter), row.get("points")?));
        }
    }
    history.quarters.sort_unstable();
    Ok(Some(history))
}

/// Reads the database's clock, which every row has.
pub fn clock(rows: &[Row]) -> Result<Timestamp, sqlx::Error> {
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let clock = Timestamp::from_microsecond(row.get("clock")?);
    clock.map_err(|error| sqlx::Error::Decode(error.into()))
}
