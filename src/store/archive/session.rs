//! An archive: one connection with one transaction.

use std::future::Future;
use std::time::Duration;

use super::error::ArchiveError;
use super::kinds::{NO_HISTORY, Table};
use super::record::RecordKind;
use super::totals::Totals;
use crate::store::connection::{Connection, Row, query, within};
use crate::store::host::{Host, Opening, place};
use crate::store::hosts::Hosts;
use crate::store::route::Route;
use crate::store::{StoreError, Target};

/// -> The database's name for itself.
const NAME: &str = "SELECT value FROM click_meta WHERE {meta_key} = 'database'";

/// The time limit for an answer: longer than the server's own limit here. A crafted file could make
/// a query take for ever.
const TIME_LIMIT: Duration = Duration::from_secs(150);

/// A database that is opened for reading or writing: one connection with one transaction.
///
/// After an error only [`Archive::close`] may be called.
#[derive(Debug)]
pub struct Archive {
    /// The host of the connection.
    pub(super) host: Host,
    place: String,
    pub(super) conn: Connection,
    /// The kinds of records that can't be read, because their table does not exist or is hidden
    /// from this user. A database opened for writing has all.
    missing: Vec<RecordKind>,
}

/// Waits for an answer. After a timeout the archive can only be closed.
pub(super) async fn answer<T>(
    host: &Host,
    asking: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    let answer = within(Some(TIME_LIMIT), asking).await;
    answer.map_err(|error| host.explain(error))
}

impl Archive {
    /// Opens a database to read it as of this moment, whatever others write meanwhile. It changes
    /// nothing, not even the schema; an older schema can be read.
    ///
    /// # Errors
    /// [`ArchiveError::NoPlayers`], or a [`StoreError`] if it can't be opened.
    pub async fn read(target: &Target) -> Result<Self, ArchiveError> {
        Self::open(target, Opening::Read).await
    }

    /// Opens a database to write it in one transaction, while nobody else writes. Its schema is
    /// brought up to date first, as by the game.
    pub async fn write(target: &Target) -> Result<Self, ArchiveError> {
        let migrations = Hosts::<Host>::from(target.clone()).all[0].sql().migrations;
        Self::open(target, Opening::Write(Some(migrations))).await
    }

    async fn open(target: &Target, opening: Opening) -> Result<Self, ArchiveError> {
        let place = place(target);
        let mut route = Route::new(Hosts::<Host>::from(target.clone()));
        let conn = match (route.connect(&place, opening).await, opening) {
            (Ok(conn), Opening::Write(Some(migrations))) => conn.prepare(migrations).await,
            (conn, _) => conn,
        };
        let host = route.into_here();
        let conn = conn.map_err(|error| host.at_first(error))?;
        let mut archive = Self {
            host,
            place,
            conn,
            missing: Vec::new(),
        };
        if let Err(error) = archive.begin(opening).await {
            archive.close().await;
            return Err(error);
        }
        Ok(archive)
    }

    async fn begin(&mut self, opening: Opening) -> Result<(), ArchiveError> {
        if self.conn.begins_call().is_some() {
            let place = self.place();
            let why =
                "everything has to go over one connection. Name the server itself, and leave \
                       out pool_mode."
                    .into();
            return Err(StoreError::Unusable { place, why }.into());
        }
        if let Opening::Write(_) = opening {
            self.host.turn().await?;
            self.host.check()?;
            return self.run(self.conn.sql().archive.begin_write).await;
        }
        self.run(self.conn.sql().archive.begin_read).await?;
        for kind in &RecordKind::ALL[1..] {
            // The tables of keys may be hidden from this user.
            let look = match kind {
                RecordKind::Keys => Some("SELECT client FROM click_sessions LIMIT 1"),
                RecordKind::SshKeys => Some("SELECT fingerprint FROM click_keys LIMIT 1"),
                _ => None,
            };
            let is_seen = self.has_table(kind.table().name).await?
                && match look {
                    Some(look) => self.look(look).await?.is_some(),
                    None => true,
                };
            if !is_seen {
                self.missing.push(*kind);
            }
        }
        if self.has_table("users").await? {
            return Ok(());
        }
        let place = self.place();
        Err(ArchiveError::NoPlayers { place })
    }

    pub(super) async fn run(&mut self, text: &'static str) -> Result<(), ArchiveError> {
        answer(&self.host, self.conn.execute(text)).await?;
        Ok(())
    }

    pub(super) async fn has_table(&mut self, name: &str) -> Result<bool, ArchiveError> {
        let tables = query(self.conn.sql().archive.has_table).bind(name.to_owned());
        let tables: Option<i64> = answer(&self.host, self.conn.scalar(tables)).await?;
        Ok(tables > Some(0))
    }

    /// Runs a query that may be forbidden to this user. `None` if it is.
    pub(super) async fn look(
        &mut self,
        sql: &'static str,
    ) -> Result<Option<Vec<Row>>, ArchiveError> {
        self.run("SAVEPOINT click_look").await?;
        match answer(&self.host, self.conn.rows(query(sql))).await {
            Err(StoreError::Forbidden { .. }) => {
                self.run("ROLLBACK TO SAVEPOINT click_look").await?;
                Ok(None)
            }
            rows => Ok(Some(rows?)),
        }
    }

    /// Whether a kind of keys is hidden from this user. A database with a history has both tables of
    /// keys, so if one is not visible, it is hidden.
    pub fn hides(&self, kind: RecordKind) -> bool {
        self.has(RecordKind::History) && !self.has(kind)
    }

    /// Whether there are records of a kind that can be read.
    pub(super) fn has(&self, kind: RecordKind) -> bool {
        !self.missing.contains(&kind)
    }

    /// The database as shown to the player, without the password.
    pub fn place(&self) -> String {
        self.place.clone()
    }

    /// The database's name for itself. The tutorial's plain table has none.
    pub async fn name(&mut self) -> Result<Option<String>, ArchiveError> {
        if !self.has_table("click_meta").await? {
            return Ok(None);
        }
        let name = query(NAME);
        Ok(answer(&self.host, self.conn.scalar(name)).await?)
    }

    /// Takes a mark that only one connection of a database can hold until it is closed. Returns
    /// whether it got the mark. So two connections find out whether they lead to the same database
    /// under different names.
    pub async fn mark(&mut self, mark: i64) -> Result<bool, ArchiveError> {
        let Some(sql) = self.conn.sql().archive.mark else {
            return Ok(true);
        };
        let taken = self.conn.scalar(query(sql).bind(mark));
        let taken: Option<i64> = answer(&self.host, taken).await?;
        Ok(taken == Some(1))
    }

    pub(super) fn explain(&self, error: sqlx::Error) -> ArchiveError {
        self.host.explain(error).into()
    }

    /// The table of a kind; `None` if it does not exist.
    pub(super) fn table(&self, kind: RecordKind) -> Option<&'static Table> {
        match kind {
            RecordKind::History if !self.has(kind) => Some(&NO_HISTORY),
            kind => self.has(kind).then(|| kind.table()),
        }
    }

    /// The totals of all records of a kind, computed by the database.
    pub async fn totals(&mut self, kind: RecordKind) -> Result<Totals, ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(Totals::default());
        };
        let totals = query(self.conn.sql().totals(table));
        let asking = async {
            let row = self.conn.one(totals).await?;
            let (high, low): (i64, i64) = (row.get("high_sum")?, row.get("low_sum")?);
            Ok(Totals {
                records: row.count("records")?,
                points: (i128::from(high) << 32) + i128::from(low),
                rest: row.get("rest_sum")?,
            })
        };
        Ok(answer(&self.host, asking).await?)
    }

    /// Commits everything that was written.
    ///
    /// # Errors
    /// A [`StoreError`]. Unless [`StoreError::wrote_nothing`] is true for it, it is unknown whether
    /// the commit happened.
    pub async fn commit(&mut self) -> Result<(), ArchiveError> {
        // The commit only counts in the file that is now at the path.
        self.host.check()?;
        self.run("COMMIT").await?;
        self.host.end_turn();
        self.host.check()?;
        Ok(())
    }

    /// Closes the connection. What was not committed is rolled back.
    pub async fn close(mut self) {
        // A server rolls back without a proper end, too.
        self.conn.close_in_time().await;
        self.host.end_turn();
    }
}
