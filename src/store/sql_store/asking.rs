//! How the store asks its connection: one call, in its own time, whose connection goes with an error.

use sqlx::{ColumnIndex, Decode, Encode, Executor, Row, Type};

use super::super::StoreError;
use super::super::calls::{Values, Write, run_write};
use super::super::dialect::Dialect;
use super::super::listing_calls::List;
use super::{LONG_LIST, SqlStore, within};

impl<DB> SqlStore<DB>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    pub(in crate::store) async fn write(
        &mut self,
        write: Write<'_>,
    ) -> Result<Option<i64>, StoreError> {
        let row = self.write_for_row(write).await?;
        self.explained(row.map(|row| row.try_get(0)).transpose())
    }

    /// What it means that an answer could not be read.
    pub(super) fn explained<T>(&self, read: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        read.map_err(|error| DB::explain(self.route.here(), error))
    }

    pub(super) async fn write_for_row(
        &mut self,
        write: Write<'_>,
    ) -> Result<Option<DB::Row>, StoreError> {
        let result = async {
            self.turn_and_check().await?;
            let mut conn = self.take().await?;
            let written = run_write::<DB>(&mut conn, self.manner(), write);
            let written = within::<DB, _>(1, written).await;
            self.settle(conn, written).await
        };
        let result = result.await;
        DB::end_turn(&mut self.local);
        result
    }

    /// What a call about the ranking answers with.
    pub(super) async fn listed<T>(
        &mut self,
        ask: impl for<'c> AsyncFnOnce(&mut List<'c, DB>) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        DB::check(self.route.here(), &self.local)?;
        let mut conn = self.take().await?;
        let manner = self.manner();
        let asking = async {
            manner.begin::<DB>(&mut conn).await?;
            let answer = ask(&mut List::new(&mut conn, manner)).await?;
            manner.end::<DB>(&mut conn).await?;
            Ok(answer)
        };
        let answer = within::<DB, _>(1, asking).await;
        self.settle(conn, answer).await
    }

    /// Calls what answers with nothing and may take long.
    pub(super) async fn asked_for(
        &mut self,
        begin: Option<&'static str>,
        sql: &'static str,
    ) -> Result<(), StoreError> {
        let mut conn = self.take().await?;
        let manner = self.manner().begun_by(begin);
        let asking = async {
            manner.begin::<DB>(&mut conn).await?;
            manner.query::<DB>(sql).fetch_all(&mut conn).await?;
            manner.end::<DB>(&mut conn).await
        };
        let asked = within::<DB, _>(LONG_LIST, asking).await;
        self.settle(conn, asked).await
    }

    /// What a statement about some numbers answers with.
    pub(super) async fn rows(
        &mut self,
        sql: &'static str,
        about: &[i64],
    ) -> Result<Vec<DB::Row>, StoreError> {
        DB::check(self.route.here(), &self.local)?;
        let mut conn = self.take().await?;
        let manner = self.manner();
        let read = async {
            manner.begin::<DB>(&mut conn).await?;
            let mut asked = manner.query::<DB>(sql);
            for number in about {
                asked = asked.bind(*number);
            }
            let rows = asked.fetch_all(&mut conn).await?;
            manner.end::<DB>(&mut conn).await?;
            Ok(rows)
        };
        let read = within::<DB, _>(1, read).await;
        self.settle(conn, read).await
    }

    pub(in crate::store) async fn turn_and_check(&mut self) -> Result<(), StoreError> {
        DB::turn(self.route.here(), &mut self.local).await?;
        DB::check(self.route.here(), &self.local)
    }
}
