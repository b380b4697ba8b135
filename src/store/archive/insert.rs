//! Many records to a statement.

use serde_json::{Map, Value};
use sqlx::query::Query;
use sqlx::{Encode, Executor, PgConnection, Type};

use super::kinds::{Column, Is, NOBODY};
use super::record::Batch;
use super::spell::{POSTGRES, Speller};
use crate::game::race::Standing;
use crate::store::connection::Values;
use crate::store::races::written;

/// A record by its fields.
type Fields = Map<String, Value>;

/// How many records go into one statement where values are given one by one.
const MANY: usize = 100;

impl Column {
    /// What a record has for it, where it is no text.
    pub(super) fn number_in(&self, record: &Fields) -> Option<i64> {
        let value = record.get(self.field)?;
        match self.is {
            Is::RacingPlayer => Some(value.as_i64().unwrap_or(NOBODY)),
            Is::Left if *value == true => Some(written(Standing::Left)),
            Is::Left => Some(written(Standing::Done)),
            _ => value.as_i64(),
        }
    }

    /// What a record has for it, where it is a text.
    pub(super) fn text_in(&self, record: &Fields) -> Option<String> {
        let text = record.get(self.field)?.as_str();
        text.map(str::to_owned)
    }
}

/// Gives a statement the value of a column.
pub fn bind<'q, DB>(
    query: Query<'q, DB, DB::Arguments>,
    column: &Column,
    record: &Fields,
) -> Query<'q, DB, DB::Arguments>
where
    DB: Values,
    i64: Type<DB>,
    Option<i64>: for<'e> Encode<'e, DB>,
    String: Type<DB>,
    Option<String>: for<'e> Encode<'e, DB>,
{
    if column.is.is_text() {
        query.bind(column.text_in(record))
    } else {
        query.bind(column.number_in(record))
    }
}

/// Adds records with a hundred to a statement, or merges them with those that are there.
pub async fn in_hundreds<DB>(
    conn: &mut DB::Connection,
    batch: &Batch,
    merged: bool,
    speller: &Speller,
) -> Result<(), sqlx::Error>
where
    DB: Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    i64: Type<DB>,
    Option<i64>: for<'e> Encode<'e, DB>,
    String: Type<DB>,
    Option<String>: for<'e> Encode<'e, DB>,
{
    let (table, records) = (batch.kind().table(), batch.fields()?);
    let hundreds = records.chunks_exact(MANY);
    let rest = hundreds.remainder().chunks(1);
    for chunk in hundreds.chain(rest) {
        let mut query = sqlx::query(speller.insert(table, chunk.len(), merged));
        for record in chunk {
            for column in table.columns {
                query = bind(query, column, record);
            }
        }
        query.execute(&mut *conn).await?;
    }
    Ok(())
}

/// The same by one statement of PostgreSQL.
pub async fn as_arrays(
    conn: &mut PgConnection,
    batch: &Batch,
    merged: bool,
) -> Result<(), sqlx::Error> {
    let (table, records) = (batch.kind().table(), batch.fields()?);
    let mut query = sqlx::query(POSTGRES.insert_arrays(table, merged));
    for column in table.columns {
        let records = records.iter();
        query = if column.is.is_text() {
            query.bind(
                records
                    .map(|record| column.text_in(record))
                    .collect::<Vec<_>>(),
            )
        } else {
            query.bind(
                records
                    .map(|record| column.number_in(record))
                    .collect::<Vec<_>>(),
            )
        };
    }
    query.execute(conn).await.map(drop)
}
