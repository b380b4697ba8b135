//! Runs calls on the connection of a store, which is opened when needed and dropped after an error.

use super::super::connection::{Connection, GOODBYE, Query, Row, is_timeout, query, within};
use super::super::dialect::Statements;
use super::super::host::{Host, Opening};
use super::super::{ClientId, SessionId, StoreError};
use super::AnyStore;
use crate::game::PlayerId;

impl AnyStore {
    /// Takes the connection out; [`Self::settle`] puts it back. So it is dropped if the call that
    /// uses it fails, panics or is cancelled. After an error, sqlx's record of open transactions
    /// can be wrong, and a later commit might commit nothing.
    pub(super) async fn take(&mut self) -> Result<Connection, StoreError> {
        if let Some(conn) = self.conn.take() {
            return Ok(conn);
        }
        let migrations = (!self.prepared).then_some(self.migrations);
        let opening = Opening::Write(migrations);
        let connected = self.route.connect(&self.place, &mut self.local, opening);
        let conn = connected.await?;
        if self.prepared {
            return Ok(conn);
        }
        // Only now it is known to which of several hosts it is connected.
        match Box::pin(conn.prepare(self.migrations)).await {
            Ok(conn) => {
                self.prepared = true;
                Ok(conn)
            }
            Err(error) => Err(self.route.failed(error, false)),
        }
    }

    /// Puts the connection back if the call succeeded, and drops it otherwise.
    pub(super) async fn settle<T>(
        &mut self,
        mut conn: Connection,
        result: Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        match result {
            Ok(value) => {
                self.route.worked();
                self.conn = Some(conn);
                Ok(value)
            }
            Err(error) => {
                let hung = is_timeout(&error);
                let error = self.host().explain(error);
                let known = tokio::time::timeout(GOODBYE, conn.with_details(&error));
                let error = known.await.ok().flatten().unwrap_or(error);
                Err(self.route.failed(error, hung))
            }
        }
    }

    /// Translates a call's error, and chooses where to connect next.
    pub(super) fn failed(&mut self, error: sqlx::Error) -> StoreError {
        let hung = is_timeout(&error);
        let error = self.host().explain(error);
        self.route.failed(error, hung)
    }

    /// Runs queries on the connection, with `times` the usual time limit.
    pub(super) async fn on_connection<T>(
        &mut self,
        times: u32,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        let mut conn = self.take().await?;
        let patience = self.host().patience().map(|patience| patience * times);
        let answer = within(patience, ask(&mut conn)).await;
        self.settle(conn, answer).await
    }

    /// Runs queries with the usual time limit, in a transaction if each call has to be one.
    pub(super) async fn call<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.on_connection(1, async |conn: &mut Connection| conn.in_call(ask).await)
            .await
    }

    /// The same for reading, after a check that the file was not replaced.
    pub(super) async fn read<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.check()?;
        self.call(ask).await
    }

    /// Runs a query and reads its rows.
    pub(super) async fn rows<T>(
        &mut self,
        query: Query,
        read: impl FnOnce(&[Row]) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        let rows = self
            .read(async |conn: &mut Connection| conn.rows(query).await)
            .await?;
        self.explained(read(&rows))
    }

    /// Writes in this process's turn, with queries that begin and end their own transaction.
    pub(super) async fn write_on_connection<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        let written = match self.take_turn().await {
            Ok(()) => self.on_connection(1, ask).await,
            Err(error) => Err(error),
        };
        self.end_turn();
        written
    }

    /// The same, in a transaction if each call has to be one.
    pub(super) async fn write_call<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.write_on_connection(async |conn: &mut Connection| conn.in_call(ask).await)
            .await
    }

    /// Runs a query that is a transaction of its own. Returns its first row.
    pub(super) async fn write(&mut self, query: Query) -> Result<Option<Row>, StoreError> {
        self.write_call(async |conn: &mut Connection| conn.row(query).await)
            .await
    }

    /// The same, for a query that returns at most one value.
    pub(super) async fn write_for(&mut self, query: Query) -> Result<Option<i64>, StoreError> {
        let row = self.write(query).await?;
        self.explained(row.map(|row| row.scalar()).transpose())
    }

    /// Creates a session's row, if needed, and reads it.
    pub(super) async fn make_session(
        &mut self,
        make: Query,
        client: ClientId,
        player: PlayerId,
    ) -> Result<Option<SessionId>, StoreError> {
        let made = async |conn: &mut Connection| conn.make_session(make, client, player).await;
        self.write_call(made).await
    }

    /// Translates the error of reading an answer.
    pub(super) fn explained<T>(&self, read: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        read.map_err(|error| self.host().explain(error))
    }

    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.host().check(&self.local)
    }

    /// Waits for the turn to write, and checks that the file was not replaced.
    pub(super) async fn take_turn(&mut self) -> Result<(), StoreError> {
        self.route.here().turn(&mut self.local).await?;
        self.check()
    }

    pub(super) fn end_turn(&mut self) {
        if let Some(local) = &mut self.local {
            local.end_turn();
        }
    }

    /// The host that the connection leads to, or the one that was tried last.
    pub(super) fn host(&self) -> &Host {
        self.route.here()
    }

    /// A query that is written once for all engines.
    pub(super) fn shared(&self, sql: impl Into<String>) -> Query {
        query(self.sql().spelling.spell(sql))
    }

    /// The statements of the engine.
    pub(super) fn sql(&self) -> &'static Statements {
        self.host().sql()
    }
}
