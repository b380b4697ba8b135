//! What a store connects to, and what differs from engine to engine beside the statements.

use std::time::Duration;

use sqlx::{MySql, Postgres, Sqlite};

use super::connection::{Connection, Row, query};
use super::dialect::{Dialect, Statements};
use super::migrations::Migrations;
use super::server::REPLY;
use super::sqlite::{self, SqliteFile};
use super::{
    Counted, Hosts, MySqlServer, PostgresServer, SessionId, StoreError, Target, mysql, postgres,
};
use crate::message::Rights;

/// One place that a store can connect to.
#[derive(Debug, Clone)]
pub enum Host {
    Sqlite(SqliteFile),
    Postgres(PostgresServer),
    MySql(MySqlServer),
}

/// What a store keeps of a file beside its connection; a server needs nothing.
pub type Local = Option<sqlite::Local>;

/// The database by all its hosts, as the player sees it.
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
    /// The statements of its engine.
    pub fn sql(&self) -> &'static Statements {
        match self {
            Self::Sqlite(_) => &Sqlite::SQL,
            Self::Postgres(_) => &Postgres::SQL,
            Self::MySql(_) => &MySql::SQL,
        }
    }

    /// The migrations of its engine.
    pub fn migrations(&self) -> Migrations {
        match self {
            Self::Sqlite(_) => Sqlite::MIGRATIONS,
            Self::Postgres(_) => Postgres::MIGRATIONS,
            Self::MySql(_) => MySql::MIGRATIONS,
        }
    }

    /// What a store needs beside the connection.
    pub fn local(&self) -> Local {
        match self {
            Self::Sqlite(file) => Some(Sqlite::local(file)),
            Self::Postgres(_) | Self::MySql(_) => None,
        }
    }

    /// Opens a connection, as [`Dialect::connect`] says.
    pub async fn connect(
        &self,
        local: &mut Local,
        migrations: Option<Migrations>,
    ) -> Result<Connection, StoreError> {
        Ok(match self {
            Self::Sqlite(file) => {
                let local = local.get_or_insert_with(|| Sqlite::local(file));
                Connection::Sqlite(Sqlite::connect(file, local, migrations).await?)
            }
            Self::Postgres(server) => {
                let conn = Postgres::connect(server, &mut (), migrations).await?;
                Connection::Postgres(server.clone(), conn)
            }
            Self::MySql(server) => {
                let conn = MySql::connect(server, &mut (), migrations).await?;
                Connection::MySql(server.clone(), conn)
            }
        })
    }

    /// Says that another store of this process has to have its connection before this one.
    pub fn give_way(&mut self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Postgres(server) => server.gives_way = true,
            Self::MySql(server) => server.gives_way = true,
        }
    }

    /// How long a connection's answer is waited for; without end where nothing can get lost on the
    /// way. After that the connection is dropped, and what became of the call is not known.
    pub fn patience(&self) -> Option<Duration> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(_) | Self::MySql(_) => Some(REPLY),
        }
    }

    /// What a driver's error means.
    pub fn explain(&self, error: sqlx::Error) -> StoreError {
        match self {
            Self::Sqlite(file) => Sqlite::explain(file, error),
            Self::Postgres(server) => Postgres::explain(server, error),
            Self::MySql(server) => MySql::explain(server, error),
        }
    }

    /// What an error means where the place was never reached before.
    pub fn at_first(&self, error: StoreError) -> StoreError {
        match self {
            Self::Sqlite(_) => error,
            Self::Postgres(_) => Postgres::at_first(error),
            Self::MySql(_) => MySql::at_first(error),
        }
    }

    /// Waits for the turn to write, where writers have to be put in order outside the database.
    pub async fn turn(&self, local: &mut Local) -> Result<(), StoreError> {
        match (self, local) {
            (Self::Sqlite(file), Some(local)) => Sqlite::turn(file, local).await,
            _ => Ok(()),
        }
    }

    /// Whether the connection still leads to the place that the target names.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] where it does not.
    pub fn check(&self, local: &Local) -> Result<(), StoreError> {
        match (self, local) {
            (Self::Sqlite(file), Some(local)) => Sqlite::check(file, local),
            _ => Ok(()),
        }
    }

    /// Waits until something may have changed since the last call, polling at this interval; too
    /// early is never wrong.
    pub async fn wait_for_change(&self, local: &mut Local, interval: Duration) {
        match local {
            Some(local) => local.wait_for_change(interval).await,
            None => tokio::time::sleep(interval).await,
        }
    }
}

impl Connection {
    /// Brings the schema up to date, where [`Host::connect`] has not done so, and gives the
    /// connection to go on with.
    pub async fn prepare(self, migrations: Migrations) -> Result<Self, StoreError> {
        Ok(match self {
            Self::Sqlite(conn) => Self::Sqlite(conn),
            Self::Postgres(server, conn) => {
                let conn = Postgres::prepare(&server, conn, migrations).await?;
                Self::Postgres(server, conn)
            }
            Self::MySql(server, conn) => {
                let conn = MySql::prepare(&server, conn, migrations).await?;
                Self::MySql(server, conn)
            }
        })
    }

    /// Lets a connection that is wanted go to another store of this process, where the server gives
    /// no further one; given back where it is not wanted.
    pub fn leave(self) -> Option<Self> {
        match self {
            Self::Sqlite(conn) => Some(Self::Sqlite(conn)),
            Self::Postgres(server, conn) => {
                let conn = server.spare.leave(conn)?;
                Some(Self::Postgres(server, conn))
            }
            Self::MySql(server, conn) => {
                let conn = server.spare.leave(conn)?;
                Some(Self::MySql(server, conn))
            }
        }
    }

    /// Checks that the server is still the one to be on.
    ///
    /// # Errors
    /// Where another is to be looked for.
    pub async fn check_server(&mut self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(server, conn) => postgres::check_server(server, conn).await,
            Self::MySql(server, conn) => mysql::check_server(server, conn).await,
        }
    }

    /// What holds all writers up, where more than a row is locked and the server tells what; asked
    /// on a connection whose call was just refused, and which is dropped then.
    pub async fn holder(&mut self) -> Option<&'static str> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(_, conn) => postgres::holder(conn).await,
            Self::MySql(_, conn) => mysql::holder(conn).await,
        }
    }

    /// What of other programs is at the table of players and may change what is written there.
    pub async fn meddlers(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.rows(query(self.sql().meddlers)).await?;
        rows.iter().map(Row::scalar).collect()
    }

    /// Whether an error says that the text asked for can't be in the database, in its encoding.
    pub fn is_unwritable(&self, error: &sqlx::Error) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(..) => postgres::is_unwritable(error),
            Self::MySql(..) => mysql::is_unwritable(error),
        }
    }

    /// The pattern of a search for this, which is in lower case, as the statements take it.
    pub fn pattern(&self, wanted: &str) -> String {
        match self {
            Self::Sqlite(_) => sqlite::pattern(wanted),
            Self::Postgres(..) => postgres::pattern(wanted),
            Self::MySql(..) => super::listing::like(wanted),
        }
    }

    /// What the database lets its user do; everything, where it knows no users.
    pub async fn rights(&mut self) -> Result<Rights, sqlx::Error> {
        match self {
            Self::Sqlite(_) => Ok(Rights::ALL),
            Self::Postgres(server, conn) => postgres::rights(server, conn).await,
            Self::MySql(_, conn) => mysql::rights(conn).await,
        }
    }

    /// Settles a session's presses up to a total: the whole locked transaction. In SQLite it is
    /// written in Rust, in [`sqlite::count`]; on a server it is the routine `click_count`.
    pub async fn count(
        &mut self,
        session: SessionId,
        upto: i64,
    ) -> Result<Result<Counted, StoreError>, sqlx::Error> {
        let (call, columns) = match self {
            Self::Sqlite(conn) => return sqlite::count(conn, session, upto).await,
            Self::Postgres(..) => (postgres::COUNT, postgres::COUNTED),
            Self::MySql(..) => (mysql::COUNT, mysql::COUNTED),
        };
        let call = query(call).bind(session.0).bind(upto);
        let Some(row) = self.row(call).await? else {
            return Ok(Err(StoreError::Gone));
        };
        let [counted, score, refused, max_rate] = columns;
        // It stays below the total where the score can't hold it.
        if row.get::<i64>(counted)? < upto {
            return Ok(Err(StoreError::ScoreFull));
        }
        let max_rate: Option<i64> = row.get(max_rate)?;
        Ok(Ok(Counted {
            score: row.get(score)?,
            counted: row.count(counted)?,
            refused: row.count(refused)?,
            max_rate: max_rate.and_then(|rate| rate.try_into().ok()),
        }))
    }
}
