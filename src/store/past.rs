//! Reads what was scored when: one statement each, so that all of an answer is of one moment.

use jiff::Timestamp;
use sqlx::{ColumnIndex, Database, Decode, Encode, Executor, Row, Type};

use super::calls::Values;
use super::dialect::Dialect;
use super::{History, Points, Ranking};
use crate::game::{PlayerId, Quarter};

/// The points of everyone who has any since the beginning of a quarter hour.
pub async fn ranking<DB>(conn: &mut DB::Connection, since: Quarter) -> Result<Ranking, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
{
    let rows = sqlx::query(DB::SQL.ranking).bind(since.0);
    let rows = rows.fetch_all(conn).await?;
    let mut points = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(id) = row.try_get::<Option<i64>, _>(1)? {
            points.push(Points {
                player: PlayerId(id),
                score: row.try_get(2)?,
                points: row.try_get(3)?,
            });
        }
    }
    Ok(Ranking {
        clock: clock::<DB>(&rows)?,
        points,
    })
}

/// All that is known of a player's past; none where there is no such player.
pub async fn history<DB>(
    conn: &mut DB::Connection,
    player: PlayerId,
) -> Result<Option<History>, sqlx::Error>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
{
    let rows = sqlx::query(DB::SQL.history).bind(player.0);
    let rows = rows.fetch_all(conn).await?;
    let mut history = History {
        clock: clock::<DB>(&rows)?,
        score: 0,
        quarters: Vec::with_capacity(rows.len()),
    };
    for row in &rows {
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
fn clock<DB>(rows: &[DB::Row]) -> Result<Timestamp, sqlx::Error>
where
    DB: Database,
    DB::Row: Row<Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
{
    let row = rows.first().ok_or(sqlx::Error::RowNotFound)?;
    let clock = Timestamp::from_microsecond(row.try_get(0)?);
    clock.map_err(|error| sqlx::Error::Decode(error.into()))
}
