//! Reads records in the order of their keys, some at a time.

use serde_json::{Map, Value};
use sqlx::{ColumnIndex, Decode, Encode, Executor, Row, Type};

use super::error::ArchiveError;
use super::insert::bind;
use super::kinds::{Column, Is, Table};
use super::record::{BATCH, Batch, Kind, described};
use super::session::{Session, within};
use super::statements::ArchiveDialect;
use crate::store::connection::Values;

impl<DB> Session<DB>
where
    DB: ArchiveDialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    for<'n> &'n str: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<i64>: for<'e> Encode<'e, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<String>: for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    pub async fn page(&mut self, kind: Kind, after: Option<&Batch>) -> Result<Batch, ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(Batch::none(kind));
        };
        let last = match after {
            None => None,
            Some(batch) => match batch.last_fields().map_err(|e| self.explain(e))? {
                Some(last) => Some(last),
                None => return Ok(Batch::none(kind)),
            },
        };
        let mut query = sqlx::query(DB::ARCHIVE.speller.page(table, last.is_some()));
        if let Some(last) = &last {
            let key = table.key.iter();
            let again = key.clone().take(table.key.len() - 1);
            for name in again.chain(key) {
                for column in table.columns.iter().filter(|column| column.name == *name) {
                    query = bind(query, column, last);
                }
            }
        }
        let rows = query.bind(BATCH as i64).fetch_all(&mut self.conn);
        let rows = within::<DB, _>(&self.target, rows).await?;
        let records = rows.iter().map(|row| self.record(kind, table, row));
        let records = records.collect::<Result<_, _>>()?;
        Batch::of(kind, records).map_err(|error| self.explain(error))
    }

    /// A row as a record.
    fn record(&self, kind: Kind, table: &Table, row: &DB::Row) -> Result<Value, ArchiveError> {
        let mut record = Map::new();
        for column in table.columns {
            let value = self
                .value(row, column)
                .map_err(|error| self.explain(error))?;
            let value = value.map_err(|text| ArchiveError::NotText {
                place: self.place(),
                record: match (kind, &record) {
                    (Kind::Players, record) => {
                        let id = record.get("id").and_then(Value::as_i64);
                        described(id.unwrap_or_default(), Some(&text))
                    }
                    (_, record) => {
                        let what = if kind == Kind::Sprints {
                            "sprint"
                        } else {
                            "key"
                        };
                        let player = record.get("player").and_then(Value::as_i64);
                        format!("a {what} of the player {}", player.unwrap_or_default())
                    }
                },
            })?;
            record.insert(column.field.to_owned(), value);
        }
        Ok(record.into())
    }

    /// The value of a column, or a text that is not valid UTF-8 as it can be shown.
    fn value(
        &self,
        row: &DB::Row,
        Column { name, is, .. }: &Column,
    ) -> Result<Result<Value, String>, sqlx::Error> {
        if !is.is_text() {
            let number: Option<i64> = row.try_get(*name)?;
            return Ok(Ok(match is {
                Is::Left => (number != Some(0)).into(),
                _ => number.into(),
            }));
        }
        let bytes: Option<Vec<u8>> = row.try_get(*name)?;
        let text = bytes.map(|bytes| match is {
            Is::LossyText => Ok(String::from_utf8_lossy(&bytes).into_owned()),
            _ => String::from_utf8(bytes)
                .map_err(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned()),
        });
        Ok(text.transpose().map(Value::from))
    }
}
