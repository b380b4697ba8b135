//! Many records to a statement.

use serde_json::{Map, Value};
use sqlx::PgConnection;

use super::batch::Batch;
use super::kinds::{Is, NOBODY, TableColumn};
use super::spell::Speller;
use crate::game::race::Standing;
use crate::store::connection::{Bound, Connection, Driver, query};
use crate::store::races::written;

/// A record by its fields.
type Fields = Map<String, Value>;

/// How many records go into one statement where values are given one by one.
const MANY: usize = 100;

impl TableColumn {
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

/// The value that a record has for a column.
pub fn value_of(column: &TableColumn, record: &Fields) -> Bound {
    if column.is.is_text() {
        column.text_in(record).into()
    } else {
        column.number_in(record).into()
    }
}

impl Connection {
    /// Adds records with all their columns, by as few statements as may be; `merged` with those
    /// that are there under the same keys, where they are no players.
    pub(super) async fn insert(&mut self, batch: &Batch, merged: bool) -> Result<(), sqlx::Error> {
        let speller = &self.sql.archive.speller;
        if let Driver::Postgres(_, conn) = &mut self.driver {
            return as_arrays(conn, speller, batch, merged).await;
        }
        let (table, records) = (batch.kind().table(), batch.fields()?);
        let hundreds = records.chunks_exact(MANY);
        let rest = hundreds.remainder().chunks(1);
        for chunk in hundreds.chain(rest) {
            let mut insert = query(speller.insert(table, chunk.len(), merged));
            for record in chunk {
                for column in table.columns {
                    insert = insert.bind(value_of(column, record));
                }
            }
            self.rows(insert).await?;
        }
        Ok(())
    }
}

/// Adds records by one statement of PostgreSQL.
async fn as_arrays(
    conn: &mut PgConnection,
    speller: &Speller,
    batch: &Batch,
    merged: bool,
) -> Result<(), sqlx::Error> {
    let (table, records) = (batch.kind().table(), batch.fields()?);
    let mut query = sqlx::query(speller.insert_arrays(table, merged));
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
