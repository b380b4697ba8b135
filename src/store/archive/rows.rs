//! Many rows to a statement, for databases that take their values one by one.

use sqlx::{Encode, Executor, Type};

use super::{HistoryRecord, PlayerRecord};
use crate::store::calls::Values;

/// A hundred times the same, as one text.
macro_rules! hundred {
    ($($row:tt)*) => {
        ten!(ten!($($row)*))
    };
}
macro_rules! ten {
    ($($row:tt)*) => {
        concat!($($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*, ",",
                $($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*, ",", $($row)*)
    };
}

/// id, name, email, score
const ONE: &str = "INSERT INTO users (id, name, email, score) VALUES (?, ?, ?, ?)";

/// The same, a hundred times over.
const MANY: &str = concat!(
    "INSERT INTO users (id, name, email, score) VALUES ",
    hundred!("(?, ?, ?, ?)")
);

/// user_id, quarter, points, overwritten
const ONE_PART: &str =
    "INSERT INTO click_history (user_id, quarter, points, overwritten) VALUES (?, ?, ?, ?)";

/// The same, a hundred times over.
const MANY_PARTS: &str = concat!(
    "INSERT INTO click_history (user_id, quarter, points, overwritten) VALUES ",
    hundred!("(?, ?, ?, ?)")
);

/// Records in hundreds and single ones, each with the statement that takes so many.
fn in_hundreds<'a, T>(
    records: &'a [T],
    many: &'static str,
    one: &'static str,
) -> impl Iterator<Item = (&'static str, &'a [T])> {
    let hundreds = records.chunks_exact(100);
    let rest = hundreds.remainder().chunks(1);
    hundreds
        .map(move |chunk| (many, chunk))
        .chain(rest.map(move |chunk| (one, chunk)))
}

/// Writes parts of histories with a hundred to a statement, where values are given one by one.
pub async fn insert_parts<DB>(
    conn: &mut DB::Connection,
    history: &[HistoryRecord],
) -> Result<(), sqlx::Error>
where
    DB: Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    i64: Type<DB> + for<'e> Encode<'e, DB>,
{
    for (sql, chunk) in in_hundreds(history, MANY_PARTS, ONE_PART) {
        let mut query = sqlx::query(sql);
        for part in chunk {
            for number in [part.player, part.quarter, part.points, part.overwritten] {
                query = query.bind(number);
            }
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// Writes players with a hundred to a statement, where values are given one by one.
pub async fn insert_rows<DB>(
    conn: &mut DB::Connection,
    players: &[PlayerRecord],
) -> Result<(), sqlx::Error>
where
    DB: Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    i64: Type<DB> + for<'e> Encode<'e, DB>,
    Option<i64>: for<'e> Encode<'e, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
{
    for (sql, chunk) in in_hundreds(players, MANY, ONE) {
        let mut query = sqlx::query(sql);
        for player in chunk {
            query = query
                .bind(player.id)
                .bind(player.name.clone())
                .bind(player.email.clone())
                .bind(player.score);
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}
