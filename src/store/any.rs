//! The [`Store`] on SQLite, PostgreSQL, MariaDB and MySQL, over one connection.

use std::time::{Duration, Instant};

use super::connection::{CLOSE_LIMIT, Connection, Row, is_timeout, query, within};
use super::feed::Feed;
use super::host::{Host, Opening, place};
use super::hosts::Hosts;
use super::listing::{Scan, SearchStep, Survey};
use super::migrations::{Migration, Migrations};
use super::route::Route;
use super::{
    AsOf, Changes, Claim, ClientId, Counted, Cursor, Day, Epoch, NewRules, SessionId, Snapshot,
    Store, StoreError, Target, Total, register_each,
};
use super::{past, sqlite};
use crate::game::{Aim, Entry, Player, PlayerId, Quarter, Ranking, Record, Spot, Window};

mod calls;
mod changing;
mod contests;
mod following;
mod keys;

use changing::Changing;

/// -> the first day since which no client was removed.
const KEPT_SINCE: &str = "SELECT value FROM click_meta WHERE {meta_key} = 'kept_since'";

/// Makes a survey, on servers.
const TAKE_SURVEY: &str = "{call} click_take_survey()";

/// A survey has this many times the time limit of a call.
const LONG_LIST: u32 = 6;

/// A store on any engine. Its one connection is opened when needed, and dropped after any error.
#[derive(Debug)]
pub struct AnyStore {
    route: Route<Host>,
    place: String,
    conn: Option<Connection>,
    migrations: Migrations,
    prepared: bool,
    feed: Feed,
    /// When it was last checked that the server still takes writes.
    checked_server: Instant,
    /// How long the last poll took on an existing connection.
    poll_took: Option<Duration>,
}

impl AnyStore {
    /// A store of a database. Nothing is opened yet.
    pub fn new(target: Target) -> Self {
        let place = place(&target);
        let route = Route::new(Hosts::<Host>::from(target));
        Self {
            migrations: route.here().sql().migrations,
            route,
            place,
            conn: None,
            prepared: false,
            feed: Feed::default(),
            checked_server: Instant::now(),
            poll_took: None,
        }
    }

    /// A second store in this process. It leaves the set-up of the database to the first one, and
    /// connects to the host that the first one writes to.
    pub fn second(target: Target) -> Self {
        let mut store = Self::new(target);
        store.prepared = true;
        store.route.follow(Host::give_way);
        store
    }

    /// Adds a migration, as a later release would.
    #[doc(hidden)]
    #[must_use]
    pub fn with_migration(mut self, migration: Migration) -> Self {
        let migrations = [self.migrations, &[migration]].concat();
        self.migrations = Vec::leak(migrations);
        self
    }

    /// Changes the rules. It is idempotent. A limit holds from the next count on, for every client.
    /// The rule for held keys is read by each game at its start.
    pub async fn set_rules(&mut self, rules: NewRules) -> Result<(), StoreError> {
        let [held_keys, max_rate] = rules.words();
        let set = query(self.sql().calls.set_rules)
            .bind(held_keys)
            .bind(max_rate);
        self.write(set).await
    }

    /// Takes the connection out; [`Self::settle`] puts it back. So it is dropped if the call that
    /// uses it fails, panics or is cancelled. After an error, sqlx's record of open transactions
    /// can be wrong, and a later commit might commit nothing.
    async fn take(&mut self) -> Result<Connection, StoreError> {
        if let Some(conn) = self.conn.take() {
            return Ok(conn);
        }
        let migrations = (!self.prepared).then_some(self.migrations);
        let opening = Opening::Write(migrations);
        let connected = self.route.connect(&self.place, opening);
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

    /// Puts the connection back if the call succeeded, and closes it otherwise.
    async fn settle<T>(
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
                let known = tokio::time::timeout(CLOSE_LIMIT, conn.with_details(&error));
                let error = known.await.ok().flatten().unwrap_or(error);
                // Closed here, because the program may end before a drop in the background is done.
                conn.close_in_time().await;
                Err(self.route.failed(error, hung))
            }
        }
    }

    /// Runs queries on the connection, with `times` the usual time limit.
    async fn on_connection<T>(
        &mut self,
        times: u32,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        let mut conn = self.take().await?;
        let time_limit = self.host().time_limit().map(|limit| limit * times);
        let answer = within(time_limit, ask(&mut conn)).await;
        self.settle(conn, answer).await
    }

    /// Runs queries with the usual time limit, in a transaction if each call has to be one.
    async fn call<T>(
        &mut self,
        ask: impl AsyncFnOnce(&mut Connection) -> Result<T, sqlx::Error>,
    ) -> Result<T, StoreError> {
        self.on_connection(1, async |conn: &mut Connection| {
            conn.in_transaction(conn.begins_call(), ask).await
        })
        .await
    }
}

impl Store for AnyStore {
    async fn open(&mut self) -> Result<Snapshot, StoreError> {
        self.snapshot().await
    }

    async fn wait_for_change(&mut self, every: Duration) {
        if self.conn.is_none() {
            // There is no connection, so only the next poll can tell.
            tokio::time::sleep(every).await;
        } else {
            self.route.here_mut().wait_for_change(every).await;
        }
    }

    async fn changes(&mut self, since: Cursor, most: u32) -> Result<Option<Changes>, StoreError> {
        self.poll(since, most).await
    }

    async fn window(&mut self, aim: Aim, many: u32) -> Result<Window, StoreError> {
        self.read(async |conn: &mut Connection| conn.window(aim, many).await)
            .await
    }

    async fn page(&mut self, after: Option<Spot>, many: u32) -> Result<Vec<Player>, StoreError> {
        self.read(async |conn: &mut Connection| conn.behind(after, many).await)
            .await
    }

    async fn rank(&mut self, score: i64) -> Result<u64, StoreError> {
        let first = (!score, i64::MIN);
        let higher = self.read(async |conn: &mut Connection| conn.place(first).await);
        Ok(higher.await? + 1)
    }

    async fn player(&mut self, player: PlayerId) -> Result<Option<Player>, StoreError> {
        self.read(async |conn: &mut Connection| conn.player(player).await)
            .await
    }

    async fn named(&mut self, name: &str) -> Result<Vec<Player>, StoreError> {
        self.read(async |conn: &mut Connection| conn.named(name).await)
            .await
    }

    async fn search(&mut self, wanted: &str, from: Option<Scan>) -> Result<SearchStep, StoreError> {
        self.read(async |conn: &mut Connection| conn.search(wanted, from).await)
            .await
    }

    async fn survey(&mut self) -> Result<(), StoreError> {
        let steps = match self.sql().listing.survey {
            Survey::Own { begin } => {
                let survey = async |conn: &mut Connection| {
                    let take = async |conn: &mut Connection| conn.rows(query(TAKE_SURVEY)).await;
                    conn.in_transaction(begin, take).await.map(drop)
                };
                return self.on_connection(LONG_LIST, survey).await;
            }
            Survey::Steps(steps) => steps,
        };
        if self
            .rows(query(steps.due), |rows| Ok(rows.is_empty()))
            .await?
        {
            return Ok(());
        }
        let climb = self.read(async |conn: &mut Connection| conn.climb(steps).await);
        let keep = climb.await?;
        self.write(keep).await
    }

    fn round_trip(&self) -> Option<Duration> {
        // Only servers have a round trip.
        self.host().time_limit().and(self.poll_took)
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        self.route.here_mut().turn().await
    }

    async fn register(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<SessionId, StoreError> {
        let make = query(self.sql().calls.register)
            .bind(client.to_string())
            .bind_list(std::iter::once(player.0));
        let session = self.make_session(make, client, player).await?;
        session.ok_or(StoreError::Gone)
    }

    async fn register_all(
        &mut self,
        client: ClientId,
        players: &[PlayerId],
    ) -> Result<Vec<(PlayerId, SessionId)>, StoreError> {
        // On MariaDB, a transaction with many new rows locks the gaps between them, and two clients
        // would block each other.
        if !self.sql().takes_many {
            return register_each(self, client, players).await;
        }
        let register = async |conn: &mut Connection| conn.make_sessions(client, players).await;
        self.write_on_connection(register).await
    }

    async fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> Result<SessionId, StoreError> {
        let make = query(self.sql().calls.resume).bind(client.to_string());
        let make = make.bind(player.0).bind(day.0);
        match self.make_session(make, client, player).await? {
            Some(session) => Ok(session),
            None if day < self.kept_since().await? => Err(StoreError::Forgotten),
            None => Err(StoreError::Gone),
        }
    }

    async fn epoch(&mut self) -> Result<Option<Epoch>, StoreError> {
        let Some(sql) = self.sql().epoch else {
            return Ok(None);
        };
        let epoch = |rows: &[Row]| rows.first().map(Row::scalar).transpose();
        Ok(self.rows(query(sql), epoch).await?.map(Epoch))
    }

    async fn claims(&mut self, client: ClientId) -> Result<Vec<Claim>, StoreError> {
        self.call(async |conn: &mut Connection| conn.claims(client).await)
            .await
    }

    async fn count_all(&mut self, totals: &[Total]) -> Result<Vec<Counted>, StoreError> {
        let mut all = Vec::with_capacity(totals.len());
        let at_once = match self.sql().takes_many {
            true => totals.len().max(1),
            false => 1,
        };
        for some in totals.chunks(at_once) {
            let count = async |conn: &mut Connection| match conn {
                Connection::Sqlite(conn) => sqlite::count(conn, some).await,
                server => server.count_by_routine(some).await,
            };
            let counted = self.call(count).await;
            self.end_turn();
            all.extend(counted??);
        }
        // A press counts as saved only in the file that is now at the path.
        self.check()?;
        Ok(all)
    }

    async fn add(&mut self, entry: &Entry) -> Result<Player, StoreError> {
        let added = self.change(Changing::Add(entry, None)).await?;
        added.ok_or(StoreError::Gone)
    }

    async fn edit(&mut self, player: PlayerId, entry: &Entry) -> Result<Player, StoreError> {
        let edited = self.change(Changing::Edit(player, entry)).await?;
        edited.ok_or(StoreError::Gone)
    }

    async fn remove(&mut self, player: PlayerId) -> Result<(), StoreError> {
        self.change(Changing::Remove(player)).await.map(drop)
    }

    async fn retire(&mut self, client: ClientId) -> Result<(), StoreError> {
        let retire = query(self.sql().calls.retire).bind(client.to_string());
        self.write(retire).await
    }

    async fn tidy(&mut self, client: ClientId) -> Result<bool, StoreError> {
        let tidy = query(self.sql().calls.tidy).bind(client.to_string());
        Ok(self.write_for(tidy).await? == Some(1))
    }

    async fn kept_since(&mut self) -> Result<Day, StoreError> {
        let since = |rows: &[Row]| rows.first().map(Row::scalar::<String>).transpose();
        let since = self.rows(query(KEPT_SINCE), since).await?;
        // Without a day, none is certain.
        let day = since.and_then(|day| day.parse().ok());
        Ok(Day(day.unwrap_or(i64::MAX)))
    }

    async fn ranking(
        &mut self,
        since: Quarter,
        many: u32,
        own: Option<PlayerId>,
    ) -> Result<AsOf<Ranking>, StoreError> {
        let ranking = query(past::ranking_since(self.sql().scorers))
            .bind(since.0)
            .bind(i64::from(many))
            .bind(own.map_or(i64::MIN, |own| own.0));
        self.rows(ranking, |rows| past::ranking(rows, own)).await
    }

    async fn history(&mut self, player: PlayerId) -> Result<AsOf<Record>, StoreError> {
        let history = query(past::HISTORY).bind(player.0);
        let history = self.rows(history, past::history);
        history.await?.ok_or(StoreError::Gone)
    }
}
