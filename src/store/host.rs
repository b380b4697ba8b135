//! The hosts that a store connects to, and everything but statements that differs by engine.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt;

use super::connection::{Connection, Row, query, within};
use super::dialect::Statements;
use super::migrations::Migrations;
use super::route::Route;
use super::sanitized::sanitized;
use super::server::{ANSWER_LIMIT, CONNECT, DriverOptions, passes};
use super::sqlite::{self, SqliteFile};
use super::{Hosts, Server, StoreError, Target, mysql, postgres};
use crate::message::Rights;

/// A host that a store can connect to.
#[derive(Debug, Clone)]
pub enum Host {
    Sqlite(SqliteFile),
    Server(Server),
}

/// The database with all its hosts, as shown to the player.
pub fn place(target: &Target) -> String {
    match target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Server(hosts) => hosts.place(),
    }
}

impl From<Target> for Hosts<Host> {
    fn from(target: Target) -> Self {
        match target {
            Target::Sqlite(path) => Host::Sqlite(SqliteFile::at(path)).into(),
            Target::Server(hosts) => hosts.map(Host::Server),
        }
    }
}

impl Host {
    pub fn sql(&self) -> &'static Statements {
        match self {
            Self::Sqlite(_) => &sqlite::SQL,
            Self::Server(server) => match server.options {
                DriverOptions::Postgres(_) => &postgres::SQL,
                DriverOptions::MySql(_) => &mysql::SQL,
            },
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] for a schema that this program can't use.
    async fn connect(&mut self, opening: Opening) -> Result<Connection, StoreError> {
        let mut conn = match (self, opening) {
            (Self::Sqlite(file), Opening::Read) => {
                Connection::Sqlite(sqlite::connect_to_read(file).await?)
            }
            (Self::Sqlite(file), Opening::Write(migrations)) => {
                Connection::Sqlite(sqlite::connect(file, migrations).await?)
            }
            (Self::Server(server), _) => server.connect().await?,
        };
        if let Opening::Read = opening
            && let Err(error) = conn.refuse_to_read().await
        {
            let _ = conn.close().await;
            return Err(error);
        }
        Ok(conn)
    }

    /// Marks it as the host of a watching store, which offers its connection to the writing store.
    pub fn give_way(&mut self) {
        if let Self::Server(server) = self {
            server.gives_way = true;
        }
    }

    /// The time limit of a call; none for a file. After it the connection is dropped, and it is
    /// unknown whether the call was carried out.
    pub fn time_limit(&self) -> Option<Duration> {
        match self {
            Self::Sqlite(_) => None,
            Self::Server(_) => Some(ANSWER_LIMIT),
        }
    }

    /// What a driver's error means.
    pub fn explain(&self, error: sqlx::Error) -> StoreError {
        match self {
            Self::Sqlite(file) => file.explain(error),
            Self::Server(server) => server.explain(error),
        }
    }

    /// Translates an error of the first connection, which is more likely a mistake in the URL.
    pub fn at_first(&self, error: StoreError) -> StoreError {
        match self {
            Self::Sqlite(_) => error,
            Self::Server(_) => Server::at_first(error),
        }
    }

    /// Waits for the turn to write, if writers need a queue outside the database.
    pub async fn turn(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file) => file.turn().await,
            Self::Server(_) => Ok(()),
        }
    }

    /// Ends the turn.
    pub fn end_turn(&mut self) {
        if let Self::Sqlite(file) = self {
            file.end_turn();
        }
    }

    /// Checks that the file was not replaced.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] if it was.
    pub fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(file) => file.check(),
            Self::Server(_) => Ok(()),
        }
    }

    /// Waits until something may have changed since the last call, and polls at this interval. It
    /// may return early.
    pub async fn wait_for_change(&mut self, interval: Duration) {
        match self {
            Self::Sqlite(file) => file.wait_for_change(interval).await,
            Self::Server(_) => tokio::time::sleep(interval).await,
        }
    }
}

impl Server {
    /// Opens a connection.
    pub async fn connect(&self) -> Result<Connection, StoreError> {
        self.check_files()?;
        let connecting = async {
            Ok(match &self.options {
                DriverOptions::Postgres(options) => {
                    Connection::Postgres(self.clone(), postgres::session(self, options).await?)
                }
                DriverOptions::MySql(options) => {
                    Connection::MySql(self.clone(), mysql::session(self, options).await?)
                }
            })
        };
        let error = match within(Some(CONNECT), connecting).await {
            Ok(mut conn) => {
                if !self.gives_way {
                    // An offered connection that came too late is closed, or it would use up a
                    // connection for nothing.
                    drop(self.spare.cancel_request());
                }
                conn.check_server().await?;
                return Ok(conn);
            }
            Err(error) => error,
        };
        let (is_full, is_for_now) = match &self.options {
            DriverOptions::Postgres(_) => (postgres::is_full(&error), postgres::is_for_now(&error)),
            DriverOptions::MySql(_) => (mysql::is_full(&error), mysql::is_for_now(&error)),
        };
        let passes = is_for_now || passes(&error);
        let error = self.unreached(passes, self.explain(error));
        match is_full && !self.gives_way {
            true => self.spare.request().ok_or(error),
            false => Err(error),
        }
    }

    /// What a driver's error means.
    pub fn explain(&self, error: sqlx::Error) -> StoreError {
        match self.options {
            DriverOptions::Postgres(_) => postgres::explain(self, error),
            DriverOptions::MySql(_) => mysql::explain(self, error),
        }
    }
}

/// The purpose of a connection.
#[derive(Debug, Clone, Copy)]
pub enum Opening {
    /// To read an existing database without changing it.
    Read,
    /// To write. With migrations, a file is created if needed, and its schema is brought up to
    /// date.
    Write(Option<Migrations>),
}

impl Route<Host> {
    /// Connects to a host, as [`Self::reach`] says.
    pub async fn connect(
        &mut self,
        place: &str,
        opening: Opening,
    ) -> Result<Connection, StoreError> {
        let connect = self.reach(
            place,
            move |host| host.connect(opening).boxed(),
            |conn: Connection| conn.close_in_time().boxed(),
        );
        // Boxed, because it is large and rare.
        Box::pin(connect).await
    }
}

impl Connection {
    /// The statements of its engine.
    pub fn sql(&self) -> &'static Statements {
        match self {
            Self::Sqlite(_) => &sqlite::SQL,
            Self::Postgres(..) => &postgres::SQL,
            Self::MySql(..) => &mysql::SQL,
        }
    }

    /// Refuses a server's schema that this program can't use. That of a file was checked when it
    /// was opened.
    async fn refuse_to_read(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(server, conn) => postgres::refuse_to_read(server, conn).await,
            Self::MySql(server, conn) => mysql::refuse_to_read(server, conn).await,
        }
    }

    /// Checks that the server still takes writes and is up to date.
    ///
    /// # Errors
    /// If another host must be found.
    pub async fn check_server(&mut self) -> Result<(), StoreError> {
        let (server, state) = match self {
            Self::Sqlite(_) => return Ok(()),
            Self::Postgres(server, conn) => (&*server, postgres::state(server, conn).boxed()),
            Self::MySql(server, conn) => (&*server, mysql::state(server, conn).boxed()),
        };
        let state = server.answer(state).await?;
        match state.no_writes {
            Some(why) => Err(server.no_writes(why)),
            None => server.arrived_at(state.position),
        }
    }

    /// Brings a server's schema up to date, and returns the connection to continue with.
    pub async fn prepare(mut self, migrations: Migrations) -> Result<Self, StoreError> {
        // Whether this connection can be used further.
        let goes_on = match &mut self {
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(server, conn) => {
                let ready = postgres::make_ready(server, conn, migrations).await;
                ready.map(|()| true)
            }
            Self::MySql(server, conn) => mysql::make_ready(server, conn, migrations).await,
        };
        match (goes_on, self.server()) {
            (Ok(false), Some(server)) => {
                let server = server.clone();
                self.close_in_time().await;
                server.connect().await
            }
            (Ok(_), _) => Ok(self),
            (Err(error), _) => {
                self.close_in_time().await;
                Err(error)
            }
        }
    }

    /// Offers the connection to the writing store of this process, if that one waits for a
    /// connection. Returns it otherwise.
    pub fn offer_spare(self) -> Option<Self> {
        let Some(server) = self.server() else {
            return Some(self);
        };
        Arc::clone(&server.spare).offer(self)
    }

    /// What blocks all writers, if the server knows. It is asked on a connection whose call just
    /// failed, and which is dropped afterwards.
    async fn holder(&mut self) -> Option<&'static str> {
        match self {
            Self::Postgres(_, conn) => postgres::holder(conn).await,
            Self::MySql(_, conn) => mysql::holder(conn).await,
            _ => None,
        }
    }

    /// The triggers and rules of other programs on the table of players.
    pub async fn foreign_triggers(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.rows(query(self.sql().foreign_triggers)).await?;
        rows.iter().map(Row::scalar).collect()
    }

    /// The same error with more details from the server: what blocks writers, or which triggers may
    /// have rejected a write.
    pub async fn with_details(&mut self, error: &StoreError) -> Option<StoreError> {
        match error {
            StoreError::Busy { place } => Some(StoreError::Held {
                place: place.clone(),
                by: self.holder().await?.into(),
            }),
            StoreError::Rejected { why } => {
                // The call may have left a failed transaction open.
                let _ = self.execute("ROLLBACK").await;
                let by = sanitized(&self.foreign_triggers().await.ok()?.join(", "));
                // The names come first, so that a long message does not cut them off.
                (!by.is_empty()).then(|| StoreError::Rejected {
                    why: format!("{why}. The table users has {by}"),
                })
            }
            _ => None,
        }
    }

    /// What the database allows its user; everything for a file.
    pub async fn rights(&mut self) -> Result<Rights, sqlx::Error> {
        match self {
            Self::Sqlite(_) => Ok(Rights::ALL),
            Self::Postgres(server, conn) => postgres::rights(server, conn).await,
            Self::MySql(_, conn) => mysql::rights(conn).await,
        }
    }
}
