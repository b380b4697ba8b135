//! The hosts that a store connects to, and everything but statements that differs by engine.

use std::time::Duration;

use futures_util::FutureExt;

use super::connection::{Connection, Driver, Row, query};
use super::dialect::Statements;
use super::migrations::Migrations;
use super::route::Route;
use super::sanitized::sanitized;
use super::server::ANSWER_LIMIT;
use super::sqlite::{self, SqliteFile};
use super::{Hosts, MySqlServer, PostgresServer, StoreError, Target, mysql, postgres};
use crate::message::Rights;

/// A host that a store can connect to.
#[derive(Debug, Clone)]
pub enum Host {
    Sqlite(SqliteFile),
    Postgres(PostgresServer),
    MySql(MySqlServer),
}

/// What a store keeps about a file; `None` for a server.
pub type Local = Option<sqlite::LocalFile>;

/// The database with all its hosts, as shown to the player.
pub fn place(target: &Target) -> String {
    match target {
        Target::Sqlite(path) => path.display().to_string(),
        Target::Postgres(hosts) => hosts.place(),
        Target::MySql(hosts) => hosts.place(),
    }
}

impl From<Target> for Hosts<Host> {
    fn from(target: Target) -> Self {
        match target {
            Target::Sqlite(path) => Host::Sqlite(SqliteFile { path }).into(),
            Target::Postgres(hosts) => hosts.map(Host::Postgres),
            Target::MySql(hosts) => hosts.map(Host::MySql),
        }
    }
}

impl Host {
    pub fn sql(&self) -> &'static Statements {
        match self {
            Self::Sqlite(_) => &sqlite::SQL,
            Self::Postgres(_) => &postgres::SQL,
            Self::MySql(_) => &mysql::SQL,
        }
    }

    /// What a store keeps about a file.
    pub fn local(&self) -> Local {
        match self {
            Self::Sqlite(file) => Some(file.local()),
            Self::Postgres(_) | Self::MySql(_) => None,
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] for a schema that this program can't use.
    async fn connect(&self, local: &mut Local, opening: Opening) -> Result<Connection, StoreError> {
        let driver = match (self, opening) {
            (Self::Sqlite(file), Opening::Read) => {
                Driver::Sqlite(sqlite::connect_to_read(file).await?)
            }
            (Self::Sqlite(file), Opening::Write(migrations)) => {
                let local = local.get_or_insert_with(|| file.local());
                Driver::Sqlite(sqlite::connect(file, local, migrations).await?)
            }
            (Self::Postgres(server), _) => {
                Driver::Postgres(server.clone(), server.connect().await?)
            }
            (Self::MySql(server), _) => Driver::MySql(server.clone(), server.connect().await?),
        };
        let sql = self.sql();
        let mut conn = Connection { sql, driver };
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
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(server) => server.gives_way = true,
            Self::MySql(server) => server.gives_way = true,
        }
    }

    /// The time limit of a call; none for a file. After it the connection is dropped, and it is
    /// unknown whether the call was carried out.
    pub fn time_limit(&self) -> Option<Duration> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(_) | Self::MySql(_) => Some(ANSWER_LIMIT),
        }
    }

    /// What a driver's error means.
    pub fn explain(&self, error: sqlx::Error) -> StoreError {
        match self {
            Self::Sqlite(file) => file.explain(error),
            Self::Postgres(server) => server.explain(error),
            Self::MySql(server) => server.explain(error),
        }
    }

    /// Translates an error of the first connection, which is more likely a mistake in the URL.
    pub fn at_first(&self, error: StoreError) -> StoreError {
        match self {
            Self::Sqlite(_) => error,
            Self::Postgres(_) => PostgresServer::at_first(error),
            Self::MySql(_) => MySqlServer::at_first(error),
        }
    }

    /// Waits for the turn to write, if writers need a queue outside the database.
    pub async fn turn(&self, local: &mut Local) -> Result<(), StoreError> {
        match (self, local) {
            (Self::Sqlite(file), Some(local)) => file.turn(local).await,
            _ => Ok(()),
        }
    }

    /// Checks that the file was not replaced.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] if it was.
    pub fn check(&self, local: &Local) -> Result<(), StoreError> {
        match (self, local) {
            (Self::Sqlite(file), Some(local)) => file.check(local),
            _ => Ok(()),
        }
    }

    /// Waits until something may have changed since the last call, and polls at this interval. It
    /// may return early.
    pub async fn wait_for_change(&self, local: &mut Local, interval: Duration) {
        match local {
            Some(local) => local.wait_for_change(interval).await,
            None => tokio::time::sleep(interval).await,
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
        local: &mut Local,
        opening: Opening,
    ) -> Result<Connection, StoreError> {
        let connect = self.reach(
            place,
            local,
            Host::local,
            move |host, local| host.connect(local, opening).boxed(),
            |conn: Connection| conn.close_in_time().boxed(),
        );
        // Boxed, because it is large and rare.
        Box::pin(connect).await
    }
}

impl Connection {
    /// Refuses a server's schema that this program can't use. That of a file was checked when it
    /// was opened.
    async fn refuse_to_read(&mut self) -> Result<(), StoreError> {
        match &mut self.driver {
            Driver::Sqlite(_) => Ok(()),
            Driver::Postgres(server, conn) => postgres::refuse_to_read(server, conn).await,
            Driver::MySql(server, conn) => mysql::refuse_to_read(server, conn).await,
        }
    }

    /// Brings a server's schema up to date, and returns the connection to continue with.
    pub async fn prepare(self, migrations: Migrations) -> Result<Self, StoreError> {
        let driver = match self.driver {
            Driver::Sqlite(conn) => Driver::Sqlite(conn),
            Driver::Postgres(server, conn) => {
                let conn = server.prepare(conn, migrations).await?;
                Driver::Postgres(server, conn)
            }
            Driver::MySql(server, conn) => {
                let conn = server.prepare(conn, migrations).await?;
                Driver::MySql(server, conn)
            }
        };
        Ok(Self { driver, ..self })
    }

    /// Offers the connection to the writing store of this process, if that one waits for a
    /// connection. Returns it otherwise.
    pub fn offer_spare(self) -> Option<Self> {
        let driver = match self.driver {
            Driver::Sqlite(conn) => Driver::Sqlite(conn),
            Driver::Postgres(server, conn) => {
                let conn = server.spare.offer(conn)?;
                Driver::Postgres(server, conn)
            }
            Driver::MySql(server, conn) => {
                let conn = server.spare.offer(conn)?;
                Driver::MySql(server, conn)
            }
        };
        Some(Self { driver, ..self })
    }

    /// Checks that the server still takes writes and is up to date.
    ///
    /// # Errors
    /// If another host must be found.
    pub async fn check_server(&mut self) -> Result<(), StoreError> {
        match &mut self.driver {
            Driver::Sqlite(_) => Ok(()),
            Driver::Postgres(server, conn) => postgres::check_server(server, conn).await,
            Driver::MySql(server, conn) => mysql::check_server(server, conn).await,
        }
    }

    /// What blocks all writers, if the server knows. It is asked on a connection whose call just
    /// failed, and which is dropped afterwards.
    async fn holder(&mut self) -> Option<&'static str> {
        match &mut self.driver {
            Driver::Sqlite(_) => None,
            Driver::Postgres(_, conn) => postgres::holder(conn).await,
            Driver::MySql(_, conn) => mysql::holder(conn).await,
        }
    }

    /// The triggers and rules of other programs on the table of players.
    pub async fn foreign_triggers(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.rows(query(self.sql.foreign_triggers)).await?;
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

    /// Whether an error says that a text can't be encoded in the database's character set.
    pub fn is_unwritable(&self, error: &sqlx::Error) -> bool {
        match &self.driver {
            Driver::Sqlite(_) => false,
            Driver::Postgres(..) => postgres::is_unwritable(error),
            Driver::MySql(..) => mysql::is_unwritable(error),
        }
    }

    /// The pattern with which the statements search for this text, in lower case.
    pub fn pattern(&self, wanted: &str) -> String {
        match &self.driver {
            Driver::Sqlite(_) => sqlite::pattern(wanted),
            Driver::Postgres(..) => postgres::pattern(wanted),
            Driver::MySql(..) => super::listing::like(wanted),
        }
    }

    /// What the database allows its user; everything for a file.
    pub async fn rights(&mut self) -> Result<Rights, sqlx::Error> {
        match &mut self.driver {
            Driver::Sqlite(_) => Ok(Rights::ALL),
            Driver::Postgres(server, conn) => postgres::rights(server, conn).await,
            Driver::MySql(_, conn) => mysql::rights(conn).await,
        }
    }
}
