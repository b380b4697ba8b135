//! Many records to a statement.

use sqlx::PgConnection;

use super::kinds::{Is, NOBODY, Table, TableColumn};
use super::record::{AnyRecord, Fields};
use crate::game::race::Standing;
use crate::store::connection::{Bound, Connection, Driver, query};
use crate::store::races::written;
use crate::store::spelling::Sql;

/// How many records go into one statement where values are given one by one.
const MANY: usize = 100;

impl TableColumn {
    /// What a record has for it, where it is no text.
    fn number_in(&self, record: &Fields) -> Option<i64> {
        let value = record.get(self.field)?;
        match self.is {
            Is::RacingPlayer => Some(value.as_i64().unwrap_or(NOBODY)),
            Is::Left if *value == true => Some(written(Standing::Left)),
            Is::Left => Some(written(Standing::Done)),
            _ => value.as_i64(),
        }
    }

    /// What a record has for it, where it is a text.
    fn text_in(&self, record: &Fields) -> Option<String> {
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
    /// Adds records of one kind with all their columns, by as few statements as may be; `merged`
    /// with those that are there under the same keys, where they are no players.
    pub(super) async fn insert(
        &mut self,
        records: &[AnyRecord],
        merged: bool,
    ) -> Result<(), sqlx::Error> {
        let Some(kind) = records.first().map(AnyRecord::kind) else {
            return Ok(());
        };
        let (table, speller) = (kind.table(), &self.sql.archive.speller);
        let records: Vec<Fields> = records.iter().map(AnyRecord::fields).collect();
        if let Driver::Postgres(_, conn) = &mut self.driver {
            let sql = speller.insert_arrays(table, merged);
            return insert_arrays(conn, sql, table, &records).await;
        }
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

/// Adds records by one statement of PostgreSQL, with an array for each column.
async fn insert_arrays(
    conn: &mut PgConnection,
    sql: Sql,
    table: &Table,
    records: &[Fields],
) -> Result<(), sqlx::Error> {
    let mut query = sqlx::query(sql);
    for column in table.columns {
        query = if column.is.is_text() {
            let texts = records.iter().map(|record| column.text_in(record));
            query.bind(texts.collect::<Vec<_>>())
        } else {
            let numbers = records.iter().map(|record| column.number_in(record));
            query.bind(numbers.collect::<Vec<_>>())
        };
    }
    query.execute(conn).await.map(drop)
}
