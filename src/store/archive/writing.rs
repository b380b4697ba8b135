//! Writes records in the archive's transaction.

use uuid::Uuid;

use super::error::ArchiveError;
use super::kinds::RACE_KEYS;
use super::paging::{PAGE, value_of};
use super::record::{AnyRecord, RecordKind};
use super::session::{Archive, answer};
use crate::store::connection::query;
use crate::store::{Remedy, StoreError};

impl Archive {
    /// Removes the first records of a kind. Returns `false` if there were none left. Dependent
    /// rows, like those of clients, are removed with them, and open races with closed ones.
    pub async fn clear(&mut self, kind: RecordKind) -> Result<bool, ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(false);
        };
        let sql = self.conn.sql();
        let clearing = async {
            let edge = query(sql.edge(table)).bind(PAGE as i64);
            let Some(Some(edge)) = self.conn.scalar::<Option<i64>>(edge).await? else {
                return Ok(false);
            };
            self.conn.rows(query(sql.clear(table)).bind(edge)).await?;
            Ok(true)
        };
        Ok(answer(&self.host, clearing).await?)
    }

    /// Adds records of one kind with their keys.
    ///
    /// # Errors
    /// [`ArchiveError::Unfit`] for the first record that the database refuses, or a [`StoreError`].
    pub async fn insert(&mut self, records: &[AnyRecord]) -> Result<(), ArchiveError> {
        self.add(records, false).await
    }

    /// Merges records with existing ones with the same keys: points are added up, and the better
    /// sprint stays. Not for players.
    pub async fn merge(&mut self, records: &[AnyRecord]) -> Result<(), ArchiveError> {
        self.add(records, true).await
    }

    async fn add(&mut self, records: &[AnyRecord], merged: bool) -> Result<(), ArchiveError> {
        if records.is_empty() {
            return Ok(());
        }
        self.run("SAVEPOINT click_batch").await?;
        let Err(error) = self.try_insert(records, merged).await else {
            return self.run("RELEASE SAVEPOINT click_batch").await;
        };
        if error.remedy() != Remedy::Refuse {
            return Err(error.into());
        }
        // Repeat one by one, to find the record that is refused.
        self.run("ROLLBACK TO SAVEPOINT click_batch").await?;
        for (at, record) in records.iter().enumerate() {
            let inserted = self.try_insert(std::slice::from_ref(record), merged).await;
            inserted.map_err(|error| self.unfit(at, record, error))?;
        }
        Err(error.into())
    }

    async fn try_insert(&mut self, records: &[AnyRecord], merged: bool) -> Result<(), StoreError> {
        let adding = async {
            for some in records.chunks(PAGE) {
                let table = some[0].kind().table();
                let mut insert = query(self.conn.sql().insert(table, some.len(), merged));
                for record in some.iter().map(AnyRecord::fields) {
                    for column in table.columns {
                        insert = insert.bind(value_of(column, &record));
                    }
                }
                self.conn.rows(insert).await?;
            }
            Ok(())
        };
        answer(&self.host, adding).await
    }

    fn unfit(&self, at: usize, record: &AnyRecord, error: StoreError) -> ArchiveError {
        let why = match error {
            StoreError::ScoreFull => "the number is too large for its column.".to_owned(),
            error => error.to_string(),
        };
        let (record, points) = record.described();
        ArchiveError::Unfit {
            at,
            place: self.place(),
            record,
            points,
            why,
        }
    }

    /// Sets a player's score. What triggers add to the history is undone.
    pub async fn rescore(&mut self, player: i64, score: Option<i64>) -> Result<(), ArchiveError> {
        let history = self.history(player).await?;
        // In two steps by way of 0, so that the guard does not mistake it for a lost update.
        for score in [Some(0), score] {
            let sql = "UPDATE users SET score = ? WHERE id = ?";
            let done = self.conn.rows(query(sql).bind(score).bind(player));
            answer(&self.host, done).await?;
        }
        self.forget(RecordKind::History, player, player).await?;
        self.insert(&history).await
    }

    /// Removes the records of a kind of all players between two ids. Of races and racers, it
    /// removes those of closed races between two ids.
    pub async fn forget(
        &mut self,
        kind: RecordKind,
        first: i64,
        last: i64,
    ) -> Result<(), ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(());
        };
        let forgetting = query(self.conn.sql().forget(table));
        let done = self.conn.rows(forgetting.bind(first).bind(last));
        answer(&self.host, done).await?;
        Ok(())
    }

    /// The first id of an open race, and the last id of all.
    pub async fn race_keys(&mut self) -> Result<(Option<i64>, Option<i64>), ArchiveError> {
        let asking = async {
            let row = self.conn.one(query(RACE_KEYS)).await?;
            Ok((row.get("first_open")?, row.get("last_key")?))
        };
        Ok(answer(&self.host, asking).await?)
    }

    /// Gives the database a new name for itself, so that no outbox entry belongs to it.
    pub async fn rename(&mut self) -> Result<(), ArchiveError> {
        self.renew("database").await
    }

    /// Begins a new epoch, so that no client counts missing presses again.
    pub async fn begin_epoch(&mut self) -> Result<(), ArchiveError> {
        self.renew("epoch").await
    }

    /// Sets a value in `click_meta` to a new id.
    async fn renew(&mut self, name: &'static str) -> Result<(), ArchiveError> {
        let value = Uuid::new_v4().simple().to_string();
        let sql = format!("UPDATE click_meta SET value = ? WHERE {{meta_key}} = '{name}'");
        let set = query(sql).bind(value);
        answer(&self.host, self.conn.rows(set)).await?;
        Ok(())
    }

    /// Ends the writing: from here on, new ids are larger than all that were written, and triggers
    /// that wait for the end of the transaction have acted.
    pub async fn finish(&mut self) -> Result<(), ArchiveError> {
        match self.conn.sql().archive.finish {
            Some(sql) => self.run(sql).await,
            None => Ok(()),
        }
    }
}
