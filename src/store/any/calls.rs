//! How the store makes a call: over one connection, which it opens when needed, keeps while it works,
//! and drops after any error.

use std::io::ErrorKind;
use std::time::Duration;

use futures_util::FutureExt;

use super::super::connection::{Connection, Query, Row, query, within};
use super::super::told::told;
use super::super::{Claim, ClientId, SessionId, StoreError};
use super::AnyStore;
use crate::game::PlayerId;

/// How long a connection that failed is given to end in order.
pub(super) const GOODBYE: Duration = Duration::from_secs(1);

impl AnyStore {
    /// The connection, to be given back by [`Self::settle`]. Taken out, it is dropped if the call
    /// that uses it fails, panics or is cancelled: after an error sqlx's record of the open
    /// transactions can be wrong, and a later commit would be one in name only.
    pub(super) async fn take(&mut self) -> Result<Connection, StoreError> {
        if let Some(conn) = self.conn.take() {
            return Ok(conn);
        }
        let migrations = (!self.prepared).then_some(self.migrations);
        let connected = self
            .route
            .connect(&self.place, &mut self.local, move |host, local| {
                host.connect(local, migrations).boxed()
            });
        let conn = connected.await?;
        self.prepare(conn).await
    }

    /// Brings the schema up to date on the one connection that was taken, if that is still to do.
    async fn prepare(&mut self, conn: Connection) -> Result<Connection, StoreError> {
        if self.prepared {
            return Ok(conn);
        }
        match Box::pin(conn.prepare(self.migrations)).await {
            Ok(conn) => {
                self.prepared = true;
                Ok(conn)
            }
            Err(error) => Err(self.route.failed(error, false)),
        }
    }

    /// Gives the connection back if the call went well, and drops it otherwise.
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
                let known = tokio::time::timeout(GOODBYE, known_better(&mut conn, &error));
                let error = known.await.ok().flatten().unwrap_or(error);
                Err(self.route.failed(error, hung))
            }
        }
    }

    /// What a call's error means, also for where the next connection is tried.
    pub(super) fn failed(&mut self, error: sqlx::Error) -> StoreError {
        let hung = is_timeout(&error);
        let error = self.host().explain(error);
        self.route.failed(error, hung)
    }

    /// Asks on the connection, and waits at most `times` as long as for one answer.
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

    /// The same in one time, and in a transaction where each call has to be one.
    pub(super) async fn call<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.on_connection(1, async |conn: &mut Connection| in_call(conn, ask).await)
            .await
    }

    /// The same, to read from the place that the target names.
    pub(super) async fn read<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.check()?;
        self.call(ask).await
    }

    /// The rows of one query.
    pub(super) async fn rows(&mut self, query: Query) -> Result<Vec<Row>, StoreError> {
        self.read(async |conn: &mut Connection| conn.rows(query).await)
            .await
    }

    /// Asks on the connection for what begins and ends its own transaction, in this process's turn.
    pub(in crate::store) async fn write_on_connection<T>(
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

    /// The same, in a transaction where each call has to be one.
    pub(super) async fn write_call<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.write_on_connection(async |conn: &mut Connection| in_call(conn, ask).await)
            .await
    }

    /// The first row that a query answers with which is a transaction of its own.
    pub(super) async fn write(&mut self, query: Query) -> Result<Option<Row>, StoreError> {
        self.write_call(async |conn: &mut Connection| conn.row(query).await)
            .await
    }

    /// The one value that such a query answers with, if any.
    pub(super) async fn write_for(&mut self, query: Query) -> Result<Option<i64>, StoreError> {
        let row = self.write(query).await?;
        self.explained(row.map(|row| row.scalar()).transpose())
    }

    /// Finds the session of a client and a player.
    pub(super) fn find_session(&self, client: ClientId, player: PlayerId) -> Query {
        query(self.sql().session)
            .bind(client.to_string())
            .bind(player.0)
    }

    /// Runs what makes a session's row, and finds the row.
    pub(super) async fn make_session(
        &mut self,
        make: Query,
        client: ClientId,
        player: PlayerId,
    ) -> Result<Option<SessionId>, StoreError> {
        let find = self.find_session(client, player);
        let made = async |conn: &mut Connection| {
            conn.rows(make).await?;
            conn.row(find).await
        };
        let row = self.write_call(made).await?;
        let session = self.explained(row.map(|row| row.scalar()).transpose())?;
        Ok(session.map(SessionId))
    }

    /// What it means that an answer could not be read.
    pub(super) fn explained<T>(&self, read: Result<T, sqlx::Error>) -> Result<T, StoreError> {
        read.map_err(|error| self.host().explain(error))
    }

    pub(super) fn check(&self) -> Result<(), StoreError> {
        self.host().check(&self.local)
    }

    /// Waits for the turn to write, and checks that it is still the same place.
    async fn take_turn(&mut self) -> Result<(), StoreError> {
        self.route.here().turn(&mut self.local).await?;
        self.check()
    }

    /// Ends the turn.
    pub(super) fn end_turn(&mut self) {
        if let Some(local) = &mut self.local {
            local.end_turn();
        }
    }
}

/// Asks in a transaction where each call has to be one.
async fn in_call<T>(
    conn: &mut Connection,
    ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
) -> Result<T, sqlx::Error> {
    let begun = conn.begin(None).await?;
    let answer = ask(&mut *conn).await?;
    if begun {
        conn.execute("COMMIT").await?;
    }
    Ok(answer)
}

/// Reads a client's row for one player.
pub(super) fn claim(row: &Row) -> Result<Claim, sqlx::Error> {
    let client: String = row.get("client")?;
    Ok(Claim {
        client: ClientId::parse_str(&client).map_err(|e| sqlx::Error::Decode(e.into()))?,
        player: PlayerId(row.get("user_id")?),
        counted: row.count("last_seq")?,
    })
}

/// The same error with what the server tells only who asks: what holds writers up, and whose
/// triggers may have refused a write.
async fn known_better(conn: &mut Connection, error: &StoreError) -> Option<StoreError> {
    match error {
        StoreError::Busy { place } => Some(StoreError::Held {
            place: place.clone(),
            by: conn.holder().await?.into(),
        }),
        StoreError::Rejected { why } => {
            // What the call has begun is in the way, if it has begun anything.
            let _ = conn.execute("ROLLBACK").await;
            let by = told(&conn.meddlers().await.ok()?.join(", "));
            // However much the server has said, they are named.
            (!by.is_empty()).then(|| StoreError::Rejected {
                why: format!("{why}. The table users has {by}"),
            })
        }
        _ => None,
    }
}

fn is_timeout(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(error) if error.kind() == ErrorKind::TimedOut)
}
