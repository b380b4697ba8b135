//! Reads records in the order of their keys, some at a time.

use serde_json::Value;

use super::error::ArchiveError;
use super::kinds::{Is, NOBODY, Table, TableColumn};
use super::record::{AnyRecord, Fields, RecordKind, described};
use super::session::{Archive, answer};
use crate::game::race::Standing;
use crate::store::connection::{Bound, Query, Row, query};
use crate::store::races::written;

/// The maximum number of records that are read or removed at a time: enough to make round trips
/// cheap.
pub const PAGE: usize = 1000;

impl Archive {
    /// The next records of a kind behind this one, or the first; at most [`PAGE`], and none behind
    /// the last.
    ///
    /// # Errors
    /// [`ArchiveError::NotText`], or a [`StoreError`](crate::store::StoreError).
    pub async fn page(
        &mut self,
        kind: RecordKind,
        after: Option<&AnyRecord>,
    ) -> Result<Vec<AnyRecord>, ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(Vec::new());
        };
        let mut page = query(self.conn.sql().page(table, after.is_some()));
        if let Some(last) = after.map(AnyRecord::fields) {
            let key = table.key.iter();
            let again = key.clone().take(table.key.len() - 1);
            for name in again.chain(key) {
                for column in table.columns.iter().filter(|column| column.name == *name) {
                    page = page.bind(value_of(column, &last));
                }
            }
        }
        self.records(kind, table, page.bind(PAGE as i64)).await
    }

    /// The whole history of a player.
    pub(super) async fn history(&mut self, player: i64) -> Result<Vec<AnyRecord>, ArchiveError> {
        let (kind, table) = (RecordKind::History, RecordKind::History.table());
        let history = query(self.conn.sql().own(table)).bind(player);
        self.records(kind, table, history).await
    }

    /// Reads all records of a kind, page by page.
    pub async fn each_page<E: From<ArchiveError>>(
        &mut self,
        kind: RecordKind,
        mut work: impl AsyncFnMut(&[AnyRecord]) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut page = self.page(kind, None).await?;
        while !page.is_empty() {
            work(&page).await?;
            page = self.page(kind, page.last()).await?;
        }
        Ok(())
    }

    async fn records(
        &mut self,
        kind: RecordKind,
        table: &Table,
        asked: Query,
    ) -> Result<Vec<AnyRecord>, ArchiveError> {
        let rows = answer(&self.host, self.conn.rows(asked)).await?;
        rows.iter()
            .map(|row| self.record(kind, table, row))
            .collect()
    }

    /// A row as a record.
    fn record(
        &self,
        kind: RecordKind,
        table: &Table,
        row: &Row,
    ) -> Result<AnyRecord, ArchiveError> {
        let mut record = Fields::new();
        for column in table.columns {
            let value = value(row, column).map_err(|error| self.explain(error))?;
            let value = value.map_err(|text| ArchiveError::NotText {
                place: self.place(),
                record: match kind {
                    RecordKind::Players => {
                        let id = record.get("id").and_then(Value::as_i64);
                        described(id.unwrap_or_default(), Some(&text))
                    }
                    _ => {
                        let what = kind.record();
                        let player = record.get("player").and_then(Value::as_i64);
                        format!("a {what} of the player {}", player.unwrap_or_default())
                    }
                },
            })?;
            record.insert(column.field.to_owned(), value);
        }
        let record = AnyRecord::of(kind, record);
        record.map_err(|error| self.explain(sqlx::Error::Decode(error.into())))
    }
}

/// The value of a column, or a text that is not valid UTF-8 as it can be shown.
fn value(
    row: &Row,
    TableColumn { name, is, .. }: &TableColumn,
) -> Result<Result<Value, String>, sqlx::Error> {
    if !is.is_text() {
        let number: Option<i64> = row.get(name)?;
        return Ok(Ok(match is {
            Is::Left => (number != Some(0)).into(),
            _ => number.into(),
        }));
    }
    let bytes: Option<Vec<u8>> = row.get(name)?;
    let text = bytes.map(|bytes| match is {
        Is::LossyText => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        _ => String::from_utf8(bytes)
            .map_err(|broken| String::from_utf8_lossy(broken.as_bytes()).into_owned()),
    });
    Ok(text.transpose().map(Value::from))
}

/// The value that a record has for a column.
pub fn value_of(column: &TableColumn, record: &Fields) -> Bound {
    let value = record.get(column.field);
    let number = value.and_then(Value::as_i64);
    match column.is {
        Is::Text | Is::LossyText => value.and_then(Value::as_str).map(str::to_owned).into(),
        Is::RacingPlayer => number.unwrap_or(NOBODY).into(),
        Is::Left => match value == Some(&Value::Bool(true)) {
            true => written(Standing::Left).into(),
            false => written(Standing::Done).into(),
        },
        Is::Number => number.into(),
    }
}
