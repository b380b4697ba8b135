//! One connection with one transaction, on any database that has a dialect.

use std::future::Future;
use std::io;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use sqlx::{ColumnIndex, Connection, Decode, Encode, Executor, Row, Type};

use super::error::ArchiveError;
use super::kinds::{NO_HISTORY, RACE_KEYS, Table};
use super::record::{BATCH, Batch, Kind, Totals};
use super::statements::ArchiveDialect;
use crate::store::connection::Values;
use crate::store::dialect::Dialect;
use crate::store::hosts::Hosts;
use crate::store::migrations::Migrations;
use crate::store::route::{Attempt, Route};
use crate::store::server::unpanicked;
use crate::store::{Remedy, StoreError};

/// How long an answer is waited for: longer than what a server allows a statement here. A file that
/// somebody else made may hold what takes for ever.
const PATIENCE: Duration = Duration::from_secs(150);

/// How long a connection is given to end in order.
const GOODBYE: Duration = Duration::from_secs(2);

/// A connection with its transaction.
#[derive(Debug)]
pub struct Session<DB: ArchiveDialect> {
    /// The host that it leads to.
    pub(super) target: DB::Target,
    place: String,
    local: DB::Local,
    pub(super) conn: DB::Connection,
    has: Has,
}

/// What there is to read; what is written to has everything.
#[derive(Debug, Clone, Copy)]
struct Has {
    history: bool,
    sprints: bool,
    keys: bool,
    races: bool,
    /// Whether there are keys that the user may not read.
    hidden_keys: bool,
}

/// Waits for an answer. Past the time the session is good for nothing but its end.
pub(super) async fn within<DB: Dialect, T>(
    target: &DB::Target,
    asking: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    let late = |_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into()));
    let answer = tokio::time::timeout(PATIENCE, unpanicked(asking)).await;
    answer
        .unwrap_or_else(late)
        .map_err(|error| DB::explain(target, error))
}

/// Ends a connection in order, as far as its server still listens.
async fn goodbye<DB: Dialect>(conn: DB::Connection) {
    let _ = tokio::time::timeout(GOODBYE, conn.close()).await;
}

impl<DB> Session<DB>
where
    DB: ArchiveDialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    for<'n> &'n str: ColumnIndex<DB::Row>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<i64>: for<'e> Encode<'e, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<String>: for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    pub async fn read(hosts: impl Into<Hosts<DB::Target>>) -> Result<Self, ArchiveError> {
        let mut session = Self::connect(
            hosts.into(),
            |host, _| DB::connect_to_read(host).boxed(),
            None,
        )
        .await?;
        if let Err(error) = session.begin_to_read().await {
            session.close().await;
            return Err(error);
        }
        Ok(session)
    }

    async fn connect(
        hosts: Hosts<DB::Target>,
        connect: impl for<'a> Fn(
            &'a DB::Target,
            &'a mut DB::Local,
        ) -> BoxFuture<'a, Result<DB::Connection, StoreError>>
        + Copy
        + Send
        + 'static,
        migrations: Option<Migrations>,
    ) -> Result<Self, ArchiveError> {
        let place = DB::place(&hosts);
        let mut route = Route::new(hosts);
        let mut local = DB::local(route.here());
        let attempt = Attempt {
            local: DB::local,
            connect,
            close: |conn| goodbye::<DB>(conn).boxed(),
        };
        let conn = route.reach(&place, &mut local, attempt).await;
        let conn = match (conn, migrations) {
            (Ok(conn), Some(migrations)) => DB::prepare(route.here(), conn, migrations).await,
            (conn, _) => conn,
        };
        let conn = conn.map_err(DB::at_first)?;
        let target = route.here().clone();
        let session = Self {
            target,
            place,
            local,
            conn,
            has: Has {
                history: true,
                sprints: true,
                keys: true,
                races: true,
                hidden_keys: false,
            },
        };
        if DB::begins_call(&session.target).is_none() {
            return Ok(session);
        }
        let place = session.place.clone();
        session.close().await;
        let why = "everything has to go over one connection. Name the server itself, and leave \
                   out pool_mode."
            .into();
        Err(StoreError::Unusable { place, why }.into())
    }

    async fn begin_to_read(&mut self) -> Result<(), ArchiveError> {
        self.run(DB::ARCHIVE.begin_read).await?;
        let history = self.has_table("click_history").await?;
        let keys = self.has_table("click_sessions").await? && self.may_see_keys().await?;
        self.has = Has {
            history,
            sprints: self.has_table("click_sprints").await?,
            keys,
            races: self.has_table("click_races").await? && self.has_table("click_racers").await?,
            // Beside a history there are keys: a table that is not seen there is hidden.
            hidden_keys: history && !keys,
        };
        if self.has_table("users").await? {
            return Ok(());
        }
        let place = self.place();
        Err(ArchiveError::NoPlayers { place })
    }

    pub async fn write(hosts: impl Into<Hosts<DB::Target>>) -> Result<Self, ArchiveError> {
        let mut session = Self::connect(
            hosts.into(),
            |host, local| DB::connect(host, local, Some(DB::MIGRATIONS)).boxed(),
            Some(DB::MIGRATIONS),
        )
        .await?;
        if let Err(error) = session.begin_to_write().await {
            session.close().await;
            return Err(error);
        }
        Ok(session)
    }

    async fn begin_to_write(&mut self) -> Result<(), ArchiveError> {
        DB::turn(&self.target, &mut self.local).await?;
        DB::check(&self.target, &self.local)?;
        self.run(DB::ARCHIVE.begin_write).await
    }

    pub(super) async fn run(&mut self, text: &'static str) -> Result<(), ArchiveError> {
        within::<DB, _>(&self.target, self.conn.execute(text)).await?;
        Ok(())
    }

    async fn has_table(&mut self, name: &str) -> Result<bool, ArchiveError> {
        let tables = sqlx::query_scalar(DB::ARCHIVE.has_table)
            .bind(name.to_owned())
            .fetch_one(&mut self.conn);
        let tables: i64 = within::<DB, _>(&self.target, tables).await?;
        Ok(tables > 0)
    }

    async fn may_see_keys(&mut self) -> Result<bool, ArchiveError> {
        self.run("SAVEPOINT click_look").await?;
        match self.run("SELECT client FROM click_sessions LIMIT 1").await {
            Err(ArchiveError::Store(StoreError::Forbidden { .. })) => {
                self.run("ROLLBACK TO SAVEPOINT click_look").await?;
                Ok(false)
            }
            looked => looked.map(|()| true),
        }
    }

    /// Whether there are keys that can't be read by this user.
    pub fn hides_keys(&self) -> bool {
        self.has.hidden_keys
    }

    /// Whether there is a table of races.
    pub(super) fn has_races(&self) -> bool {
        self.has.races
    }

    pub fn place(&self) -> String {
        self.place.clone()
    }

    pub async fn name(&mut self) -> Result<Option<String>, ArchiveError> {
        if !self.has_table("click_meta").await? {
            return Ok(None);
        }
        let name = sqlx::query_scalar(DB::SQL.database).fetch_optional(&mut self.conn);
        Ok(within::<DB, _>(&self.target, name).await?)
    }

    pub async fn mark(&mut self, mark: i64) -> Result<bool, ArchiveError> {
        let Some(sql) = DB::ARCHIVE.mark else {
            return Ok(true);
        };
        let taken = sqlx::query_scalar(sql).bind(mark).fetch_one(&mut self.conn);
        let taken: i64 = within::<DB, _>(&self.target, taken).await?;
        Ok(taken == 1)
    }

    pub(super) fn explain(&self, error: sqlx::Error) -> ArchiveError {
        DB::explain(&self.target, error).into()
    }

    /// Where the records of a kind are; none where there is nothing of it to read.
    pub(super) fn table(&self, kind: Kind) -> Option<&'static Table> {
        let is_there = match kind {
            Kind::History if !self.has.history => return Some(&NO_HISTORY),
            Kind::Players | Kind::History => true,
            Kind::Sprints => self.has.sprints,
            Kind::Keys => self.has.keys,
            Kind::Races | Kind::Racers => self.has.races,
        };
        is_there.then(|| kind.table())
    }

    pub async fn totals(&mut self, kind: Kind) -> Result<Totals, ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(Totals::default());
        };
        let asking = async {
            let query = sqlx::query(DB::ARCHIVE.speller.totals(table));
            let row = query.fetch_one(&mut self.conn).await?;
            let number = |name| row.try_get::<i64, _>(name);
            let points = (i128::from(number("high_sum")?) << 32) + i128::from(number("low_sum")?);
            Ok(Totals {
                records: number("records")?.unsigned_abs(),
                points,
                rest: number("rest_sum")?,
            })
        };
        Ok(within::<DB, _>(&self.target, asking).await?)
    }

    pub async fn clear(&mut self, kind: Kind) -> Result<bool, ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(false);
        };
        let clearing = async {
            let edge: Option<i64> = sqlx::query_scalar(DB::ARCHIVE.speller.edge(table))
                .bind(BATCH as i64)
                .fetch_one(&mut self.conn)
                .await?;
            let Some(edge) = edge else { return Ok(false) };
            let cleared = sqlx::query(DB::ARCHIVE.speller.clear(table)).bind(edge);
            cleared.execute(&mut self.conn).await?;
            Ok(true)
        };
        Ok(within::<DB, _>(&self.target, clearing).await?)
    }

    pub async fn insert(&mut self, batch: &Batch, merged: bool) -> Result<(), ArchiveError> {
        if batch.is_empty() {
            return Ok(());
        }
        self.run("SAVEPOINT click_batch").await?;
        let Err(error) = self.try_insert(batch, merged).await else {
            return self.run("RELEASE SAVEPOINT click_batch").await;
        };
        if error.remedy() != Remedy::Refuse {
            return Err(error.into());
        }
        // One by one, up to the one that is refused, to call it by its name.
        self.run("ROLLBACK TO SAVEPOINT click_batch").await?;
        let fields = batch.fields().map_err(|error| self.explain(error))?;
        for (at, fields) in fields.into_iter().enumerate() {
            let record = Batch::of(batch.kind(), vec![fields.into()]);
            let record = record.map_err(|error| self.explain(error))?;
            let inserted = self.try_insert(&record, merged).await;
            inserted.map_err(|error| self.unfit(at, &record, error))?;
        }
        Err(error.into())
    }

    async fn try_insert(&mut self, batch: &Batch, merged: bool) -> Result<(), StoreError> {
        let inserting = DB::insert(&mut self.conn, batch, merged);
        within::<DB, _>(&self.target, inserting).await
    }

    fn unfit(&self, at: usize, record: &Batch, error: StoreError) -> ArchiveError {
        let why = match error {
            StoreError::ScoreFull => "the number is too large for its column.".to_owned(),
            error => error.to_string(),
        };
        let (record, points) = record.described();
        ArchiveError::Unfit {
            at,
            place: self.place(),
            record,
            points,
            why,
        }
    }

    pub async fn rescore(&mut self, player: i64, score: Option<i64>) -> Result<(), ArchiveError> {
        // By way of 0, so that nothing takes it for a score that was written back too late.
        for score in [Some(0), score] {
            let sql = DB::ARCHIVE
                .speller
                .spell("UPDATE users SET score = ? WHERE id = ?");
            let done = sqlx::query(sql).bind(score).bind(player);
            within::<DB, _>(&self.target, done.execute(&mut self.conn)).await?;
        }
        Ok(())
    }

    pub async fn forget(&mut self, kind: Kind, first: i64, last: i64) -> Result<(), ArchiveError> {
        let Some(table) = self.table(kind) else {
            return Ok(());
        };
        let forgetting = sqlx::query(DB::ARCHIVE.speller.forget(table));
        let done = forgetting.bind(first).bind(last);
        within::<DB, _>(&self.target, done.execute(&mut self.conn)).await?;
        Ok(())
    }

    pub async fn race_keys(&mut self) -> Result<(Option<i64>, Option<i64>), ArchiveError> {
        let asking = async {
            let row = sqlx::query(RACE_KEYS).fetch_one(&mut self.conn).await?;
            Ok((row.try_get("first_open")?, row.try_get("last_key")?))
        };
        Ok(within::<DB, _>(&self.target, asking).await?)
    }

    pub async fn rename(&mut self, name: String) -> Result<(), ArchiveError> {
        self.set("database", name).await
    }

    pub async fn begin_epoch(&mut self, epoch: String) -> Result<(), ArchiveError> {
        self.set("epoch", epoch).await
    }

    /// Gives a value of `click_meta`.
    async fn set(&mut self, name: &'static str, value: String) -> Result<(), ArchiveError> {
        let key = DB::ARCHIVE.meta_key;
        let sql = format!("UPDATE click_meta SET value = ? WHERE {key} = '{name}'");
        let done = sqlx::query(DB::ARCHIVE.speller.spell(sql)).bind(value);
        within::<DB, _>(&self.target, done.execute(&mut self.conn)).await?;
        Ok(())
    }

    pub async fn move_keys(&mut self) -> Result<(), ArchiveError> {
        match DB::ARCHIVE.move_keys {
            Some(sql) => self.run(sql).await,
            None => Ok(()),
        }
    }

    pub async fn commit(&mut self) -> Result<(), ArchiveError> {
        // Written means in the file that bears the name.
        DB::check(&self.target, &self.local)?;
        self.run("COMMIT").await?;
        DB::end_turn(&mut self.local);
        DB::check(&self.target, &self.local)?;
        Ok(())
    }

    pub async fn close(mut self) {
        // A server that hangs may not even take a farewell; without one it undoes as well.
        goodbye::<DB>(self.conn).await;
        DB::end_turn(&mut self.local);
    }
}
