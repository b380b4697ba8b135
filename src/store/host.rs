//! What a store connects to, and what differs from engine to engine beside the statements.

use std::time::Duration;

use futures_util::FutureExt;

use super::connection::{Connection, Driver, Row, query};
use super::dialect::Statements;
use super::migrations::Migrations;
use super::route::Route;
use super::sanitized::sanitized;
use super::server::REPLY;
use super::sqlite::{self, SqliteFile};
use super::{
    Counted, Hosts, MySqlServer, PostgresServer, StoreError, Target, Total, mysql, postgres,
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
pub type Local = Option<sqlite::LocalFile>;

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
            Self::Sqlite(_) => &sqlite::SQL,
            Self::Postgres(_) => &postgres::SQL,
            Self::MySql(_) => &mysql::SQL,
        }
    }

    /// What a store needs beside the connection.
    pub fn local(&self) -> Local {
        match self {
            Self::Sqlite(file) => Some(file.local()),
            Self::Postgres(_) | Self::MySql(_) => None,
        }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] for what can't be understood.
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
            Self::Sqlite(file) => file.explain(error),
            Self::Postgres(server) => server.explain(error),
            Self::MySql(server) => server.explain(error),
        }
    }

    /// What an error means where the place was never reached before.
    pub fn at_first(&self, error: StoreError) -> StoreError {
        match self {
            Self::Sqlite(_) => error,
            Self::Postgres(_) => PostgresServer::at_first(error),
            Self::MySql(_) => MySqlServer::at_first(error),
        }
    }

    /// Waits for the turn to write, where writers have to be put in order outside the database.
    pub async fn turn(&self, local: &mut Local) -> Result<(), StoreError> {
        match (self, local) {
            (Self::Sqlite(file), Some(local)) => file.turn(local).await,
            _ => Ok(()),
        }
    }

    /// Whether the connection still leads to the place that the target names.
    ///
    /// # Errors
    /// [`StoreError::Replaced`] where it does not.
    pub fn check(&self, local: &Local) -> Result<(), StoreError> {
        match (self, local) {
            (Self::Sqlite(file), Some(local)) => file.check(local),
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

/// What a connection is opened for.
#[derive(Debug, Clone, Copy)]
pub enum Opening {
    /// To read a database that is there, and to change nothing in it.
    Read,
    /// To write; with migrations, the place is prepared, and the schema brought up to date where
    /// nobody else could be connecting to another host for the same call.
    Write(Option<Migrations>),
}

impl Route<Host> {
    /// Connects to a host that takes it, as [`Self::reach`] says.
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
            |conn: Connection| conn.goodbye().boxed(),
        );
        // Boxed, as it is large and seldom.
        Box::pin(connect).await
    }
}

impl Connection {
    /// Refuses a schema of a server that can't be understood; a file's is looked at as it is opened.
    async fn refuse_to_read(&mut self) -> Result<(), StoreError> {
        match &mut self.driver {
            Driver::Sqlite(_) => Ok(()),
            Driver::Postgres(server, conn) => postgres::refuse_to_read(server, conn).await,
            Driver::MySql(server, conn) => mysql::refuse_to_read(server, conn).await,
        }
    }

    /// Brings the schema up to date, where [`Route::connect`] has not done so, and gives the
    /// connection to go on with.
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

    /// Lets a connection that is wanted go to another store of this process, where the server gives
    /// no further one; given back where it is not wanted.
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

    /// Checks that the server is still the one to be on.
    ///
    /// # Errors
    /// Where another is to be looked for.
    pub async fn check_server(&mut self) -> Result<(), StoreError> {
        match &mut self.driver {
            Driver::Sqlite(_) => Ok(()),
            Driver::Postgres(server, conn) => postgres::check_server(server, conn).await,
            Driver::MySql(server, conn) => mysql::check_server(server, conn).await,
        }
    }

    /// What holds all writers up, where more than a row is locked and the server tells what; asked
    /// on a connection whose call was just refused, and which is dropped then.
    async fn holder(&mut self) -> Option<&'static str> {
        match &mut self.driver {
            Driver::Sqlite(_) => None,
            Driver::Postgres(_, conn) => postgres::holder(conn).await,
            Driver::MySql(_, conn) => mysql::holder(conn).await,
        }
    }

    /// What of other programs is at the table of players and may change what is written there.
    pub async fn meddlers(&mut self) -> Result<Vec<String>, sqlx::Error> {
        let rows = self.rows(query(self.sql.meddlers)).await?;
        rows.iter().map(Row::scalar).collect()
    }

    /// The same error with what the server tells only who asks: what holds writers up, and whose
    /// triggers may have refused a write.
    pub async fn with_details(&mut self, error: &StoreError) -> Option<StoreError> {
        match error {
            StoreError::Busy { place } => Some(StoreError::Held {
                place: place.clone(),
                by: self.holder().await?.into(),
            }),
            StoreError::Rejected { why } => {
                // What the call has begun is in the way, if it has begun anything.
                let _ = self.execute("ROLLBACK").await;
                let by = sanitized(&self.meddlers().await.ok()?.join(", "));
                // However much the server has said, they are named.
                (!by.is_empty()).then(|| StoreError::Rejected {
                    why: format!("{why}. The table users has {by}"),
                })
            }
            _ => None,
        }
    }

    /// Whether an error says that the text asked for can't be in the database, in its encoding.
    pub fn is_unwritable(&self, error: &sqlx::Error) -> bool {
        match &self.driver {
            Driver::Sqlite(_) => false,
            Driver::Postgres(..) => postgres::is_unwritable(error),
            Driver::MySql(..) => mysql::is_unwritable(error),
        }
    }

    /// The pattern of a search for this, which is in lower case, as the statements take it.
    pub fn pattern(&self, wanted: &str) -> String {
        match &self.driver {
            Driver::Sqlite(_) => sqlite::pattern(wanted),
            Driver::Postgres(..) => postgres::pattern(wanted),
            Driver::MySql(..) => super::listing::like(wanted),
        }
    }

    /// What the database lets its user do; everything, where it knows no users.
    pub async fn rights(&mut self) -> Result<Rights, sqlx::Error> {
        match &mut self.driver {
            Driver::Sqlite(_) => Ok(Rights::ALL),
            Driver::Postgres(server, conn) => postgres::rights(server, conn).await,
            Driver::MySql(_, conn) => mysql::rights(conn).await,
        }
    }

    /// Settles presses up to totals by the server's routine for it, in one transaction.
    pub async fn count_by_routine(
        &mut self,
        totals: &[Total],
    ) -> Result<Result<Vec<Counted>, StoreError>, sqlx::Error> {
        let call = match (totals, self.sql.count_all) {
            (_, Some(all)) if totals.len() > 1 => query(all)
                .bind(list(totals.iter().map(|total| total.session.0)))
                .bind(list(totals.iter().map(upto))),
            ([one, ..], _) => query(self.sql.count).bind(one.session.0).bind(upto(one)),
            ([], _) => return Ok(Ok(Vec::new())),
        };
        let rows = self.rows(call).await?;
        if rows.len() < totals.len() {
            return Ok(Err(StoreError::Gone));
        }
        let counted = totals.iter().zip(&rows);
        let counted = counted.map(|(total, row)| read_counted(row, upto(total)));
        let counted: Result<Vec<_>, _> = counted.collect();
        Ok(counted?.into_iter().collect())
    }
}

/// A total as the databases keep it.
fn upto(total: &Total) -> i64 {
    i64::try_from(total.upto).unwrap_or(i64::MAX)
}

/// Numbers with commas between them.
fn list(numbers: impl Iterator<Item = i64>) -> String {
    let numbers: Vec<String> = numbers.map(|number| number.to_string()).collect();
    numbers.join(",")
}

/// Reads what the routine answers.
fn read_counted(row: &Row, upto: i64) -> Result<Result<Counted, StoreError>, sqlx::Error> {
    // It stays below the total where the score can't hold it.
    if row.get::<i64>("counted")? < upto {
        return Ok(Err(StoreError::ScoreFull));
    }
    let max_rate: Option<i64> = row.get("max_rate")?;
    Ok(Ok(Counted {
        score: row.get("score")?,
        counted: row.count("counted")?,
        refused: row.count("refused")?,
        max_rate: max_rate.and_then(|rate| rate.try_into().ok()),
    }))
}
