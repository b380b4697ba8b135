//! The kinds of calls of a store: reading, and writing in turn.

use super::super::connection::{Connection, Query, Row};
use super::super::dialect::Statements;
use super::super::host::Host;
use super::super::{ClientId, SessionId, StoreError};
use super::AnyStore;
use crate::game::PlayerId;

impl AnyStore {
    /// Runs queries that only read, after a check that the file was not replaced.
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
        self.read(async |conn: &mut Connection| read(&conn.rows(query).await?))
            .await
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
        self.write_on_connection(async |conn: &mut Connection| {
            conn.in_transaction(conn.begins_call(), ask).await
        })
        .await
    }

    /// Runs a query that is a transaction of its own.
    pub(super) async fn write(&mut self, query: Query) -> Result<(), StoreError> {
        self.write_call(async |conn: &mut Connection| conn.rows(query).await.map(drop))
            .await
    }

    /// The same, for a query that returns at most one value.
    pub(super) async fn write_for(&mut self, query: Query) -> Result<Option<i64>, StoreError> {
        self.write_call(async |conn: &mut Connection| conn.scalar(query).await)
            .await
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

    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.host().check()
    }

    /// Waits for the turn to write, and checks that the file was not replaced.
    pub(super) async fn take_turn(&mut self) -> Result<(), StoreError> {
        self.route.here_mut().turn().await?;
        self.check()
    }

    pub(super) fn end_turn(&mut self) {
        self.route.here_mut().end_turn();
    }

    /// The host that the connection leads to, or the one that was tried last.
    pub(super) fn host(&self) -> &Host {
        self.route.here()
    }

    /// The statements of the engine.
    pub(super) fn sql(&self) -> &'static Statements {
        self.host().sql()
    }
}
