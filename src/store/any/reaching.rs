//! How the store comes by its connection, keeps it while it works, and drops it after any error.

use std::future::Future;
use std::io;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;

use super::super::StoreError;
use super::super::connection::Connection;
use super::super::host::{Host, Local};
use super::super::route::Attempt;
use super::super::server::unpanicked;
use super::super::told::told;
use super::{AnyStore, GOODBYE};

/// How often a store that watches looks whether its server is still the one to be on.
const CHECK_SERVER: Duration = Duration::from_secs(10);

impl AnyStore {
    /// The connection, to be given back by [`Self::settle`]. Taken out, it is dropped if the call
    /// that uses it fails, panics or is cancelled: after an error sqlx's record of the open
    /// transactions can be wrong, and a later commit would be one in name only.
    pub(super) async fn take(&mut self) -> Result<Connection, StoreError> {
        if let Some(conn) = self.conn.take() {
            return Ok(conn);
        }
        let migrations = (!self.prepared).then_some(self.migrations);
        let conn = self
            .reach(move |host, local| host.connect(local, migrations).boxed())
            .await?;
        self.prepare(conn).await
    }

    async fn reach(
        &mut self,
        connect: impl for<'a> Fn(
            &'a Host,
            &'a mut Local,
        ) -> BoxFuture<'a, Result<Connection, StoreError>>
        + Copy
        + Send
        + 'static,
    ) -> Result<Connection, StoreError> {
        let attempt = Attempt {
            local: Host::local,
            connect,
            close: |conn: Connection| conn.goodbye(GOODBYE).boxed(),
        };
        // Boxed, as it is large and seldom.
        Box::pin(self.route.reach(&self.place, &mut self.local, attempt)).await
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

    /// Sees to it that a store that watches is where the other of this process writes, on a server
    /// that is still the one to be on, and leaves it the connection that it may lack. False where
    /// there is nothing to watch on for now.
    pub(super) async fn check_connection(&mut self) -> Result<bool, StoreError> {
        if self.route.is_left_behind()
            && let Some(conn) = self.conn.take()
        {
            tracing::info!("watching where the scores are saved now");
            tokio::spawn(conn.goodbye(GOODBYE));
        }
        let Some(conn) = self.conn.take() else {
            return Ok(true);
        };
        let Some(mut conn) = conn.leave() else {
            tracing::info!("the connection for watching is left to saving");
            return Ok(false);
        };
        if self.checked_server.elapsed() >= CHECK_SERVER {
            self.checked_server = std::time::Instant::now();
            if let Err(error) = conn.check_server().await {
                tokio::spawn(conn.goodbye(GOODBYE));
                return Err(self.route.failed(error, false));
            }
        }
        self.conn = Some(conn);
        Ok(true)
    }
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
    matches!(error, sqlx::Error::Io(error) if error.kind() == io::ErrorKind::TimedOut)
}

/// Waits for an answer for a number of times the patience, or without end where there is none. The
/// connection of one who waited in vain is dropped with the error, so that no cancelled transaction
/// is met again.
pub(super) async fn within<T>(
    patience: Option<Duration>,
    times: u32,
    asking: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let Some(patience) = patience else {
        return asking.await;
    };
    tokio::time::timeout(patience * times, unpanicked(asking))
        .await
        .unwrap_or_else(|_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into())))
}
