//! Many records to a statement.

use super::paging::{PAGE, value_of};
use super::record::AnyRecord;
use crate::store::connection::{Connection, query};

impl Connection {
    /// Adds records of one kind with all their columns, by as few statements as may be; `merged`
    /// with those that are there under the same keys, where they are no players.
    pub(super) async fn insert(
        &mut self,
        records: &[AnyRecord],
        merged: bool,
    ) -> Result<(), sqlx::Error> {
        for some in records.chunks(PAGE) {
            let table = some[0].kind().table();
            let insert = self.sql.archive.speller.insert(table, some.len(), merged);
            let mut insert = query(insert);
            for record in some.iter().map(AnyRecord::fields) {
                for column in table.columns {
                    insert = insert.bind(value_of(column, &record));
                }
            }
            self.rows(insert).await?;
        }
        Ok(())
    }
}
