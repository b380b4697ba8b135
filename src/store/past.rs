//! Reads what was scored when: one statement each, so that all of an answer is of one moment.

use jiff::Timestamp;
use sqlx::{ColumnIndex, Database, Decode, Row, Type};

use super::{History, Ranking};
use crate::game::{PlayerId, Points, Quarter};

/// Reads what `ranking` answers with: the points of everyone who has any.
pub fn ranking<DB>(rows: &[DB::Row]) -> Result<Ranking, sqlx::Error>
where
    DB: Database,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
{
    let mut points = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(id) = row.try_get::<Option<i64>, _>(1)? {
            points.push(Points {
                player: PlayerId(id),
                score: row.try_get(2)?,
                points: row.try_get(3)?,
            });
        }
    }
    let clock = clock::<DB>(rows)?;
    Ok(Ranking { clock, points })
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
