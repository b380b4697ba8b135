//! Reads what was scored when: one statement each, so that all of an answer is of one moment.

use jiff::Timestamp;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};

use super::calls::player;
use super::{History, Ranking};
use crate::game::{PlayerId, Points, Quarter};

/// Reads what `ranking` answers with.
pub fn ranking<DB>(rows: &[DB::Row], own: Option<PlayerId>) -> Result<Ranking, sqlx::Error>
where
    DB: Database,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    let mut ranking = Ranking {
        clock: clock::<DB>(rows)?,
        points: Vec::with_capacity(rows.len()),
        players: Vec::with_capacity(rows.len()),
        above: None,
        scorers: 0,
    };
    let mut places = Vec::with_capacity(rows.len());
    for row in rows {
        if row.try_get::<Option<i64>, _>(1)?.is_none() {
            continue;
        }
        let player = player(row, 1)?;
        let points = Points {
            player: player.id,
            score: player.score,
            points: row.try_get(5)?,
        };
        let place: i64 = row.try_get(6)?;
        if own == Some(player.id) {
            ranking.above = Some(place.unsigned_abs());
        }
        ranking.scorers = row.try_get::<i64, _>(7)?.unsigned_abs();
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
pub fn history<DB>(rows: &[DB::Row]) -> Result<Option<History>, sqlx::Error>
where
    DB: Database,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
{
    let mut history = History {
        clock: clock::<DB>(rows)?,
        score: 0,
        quarters: Vec::with_capacity(rows.len()),
    };
    for row in rows {
        let Some(score) = row.try_get(1)? else {
            return Ok(None);
        };
        history.score = score;
        if let Some(quarter) = row.try_get::<Option<i64>, _>(2)? {
            history.quarters.push((Quarter(quarter), row.try_get(3)?));
        }
    }
    history.quarters.sort_unstable();
    Ok(Some(history))
}

/// Reads the database's clock from the first column, where every row has it.
pub fn clock<DB>(rows: &[DB::Row]) -> Result<Timestamp, sqlx::Error>
where
    DB: Database,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
{
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let clock = Timestamp::from_microsecond(row.try_get(0)?);
    clock.map_err(|error| sqlx::Error::Decode(error.into()))
}
