//! The store: the contract on SQLite, PostgreSQL, MariaDB and MySQL, over one connection.

use std::time::{Duration, Instant};

use super::connection::{Connection, Driver, Row, query};
use super::dialect::Statements;
use super::feed::Feed;
use super::host::{Host, Local, place};
use super::hosts::Hosts;
use super::listing::{Found, Scan, Survey};
use super::migrations::{Migration, Migrations};
use super::route::Route;
use super::{
    Changes, Claim, ClientId, Counted, Cursor, Day, Epoch, History, NewRules, RaceLook, Ranking,
    SessionId, Snapshot, Store, StoreError, Target, Total,
};
use super::{past, races, sprints, sqlite};
use crate::game::contest::Trace;
use crate::game::race::{Entered, Entrance, PAST, Race, RaceId, Standing};
use crate::game::sprint::{Bests, Board, Kept, Sprinted};
use crate::game::{Aim, Entry, Player, PlayerId, Quarter, Spot, Window};

mod calls;
mod changing;
mod following;
mod keys;

use calls::claim;
use changing::Changing;

/// How many times as long as for a call's answer a long list is waited for.
const LONG_LIST: u32 = 6;

/// A store on any engine, with one connection, which is opened when needed and dropped after any
/// error.
#[derive(Debug)]
pub struct AnyStore {
    route: Route<Host>,
    place: String,
    local: Local,
    conn: Option<Connection>,
    migrations: Migrations,
    prepared: bool,
    feed: Feed,
    /// When the server was last asked whether it is still the one to be on.
    checked_server: Instant,
    /// How long the last poll took on a connection that was there already.
    poll_took: Option<Duration>,
}

impl AnyStore {
    /// The store of a database; nothing is opened yet.
    pub fn new(target: Target) -> Self {
        let place = place(&target);
        let route = Route::new(Hosts::<Host>::from(target));
        Self {
            local: route.here().local(),
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

    /// One for a database that another store of this process opens: it makes nothing there.
    pub fn beside(target: Target) -> Self {
        let mut store = Self::new(target);
        store.prepared = true;
        store.route.follow(Host::give_way);
        store
    }

    /// The same store with a further migration, as a later release may bring one.
    #[doc(hidden)]
    #[must_use]
    pub fn with_migration(mut self, migration: Migration) -> Self {
        let migrations = [self.migrations, &[migration]].concat();
        self.migrations = Vec::leak(migrations);
        self
    }

    /// Changes the rules; done twice, it is the same. A limit holds from the next count on, for
    /// every client; what a held key scores is asked by each game at its start.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_rules(&mut self, rules: NewRules) -> Result<(), StoreError> {
        let [held_keys, max_rate] = rules.words();
        let set = query(self.sql().set_rules).bind(held_keys).bind(max_rate);
        self.write(set).await.map(drop)
    }

    /// The host that the connection leads to, or the one that was tried last.
    fn host(&self) -> &Host {
        self.route.here()
    }

    /// The statements of the engine.
    pub(super) fn sql(&self) -> &'static Statements {
        self.host().sql()
    }
}

impl Store for AnyStore {
    async fn open(&mut self) -> Result<Snapshot, StoreError> {
        self.snapshot().await
    }

    async fn wait_for_change(&mut self, every: Duration) {
        if self.conn.is_none() {
            // The last poll failed or there was none: its answer is still owed.
            tokio::time::sleep(every).await;
        } else {
            let host = self.route.here();
            host.wait_for_change(&mut self.local, every).await;
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

    async fn search(&mut self, wanted: &str, from: Option<Scan>) -> Result<Found, StoreError> {
        self.read(async |conn: &mut Connection| conn.search(wanted, from).await)
            .await
    }

    async fn survey(&mut self) -> Result<(), StoreError> {
        let steps = match self.sql().listing.survey {
            Survey::Own { begin, take } => {
                let survey = async |conn: &mut Connection| {
                    let begun = conn.begin(begin).await?;
                    conn.rows(query(take)).await?;
                    match begun {
                        true => conn.execute("COMMIT").await,
                        false => Ok(()),
                    }
                };
                return self.on_connection(LONG_LIST, survey).await;
            }
            Survey::Steps(steps) => steps,
        };
        if self.rows(query(steps.due)).await?.is_empty() {
            return Ok(());
        }
        let begun = Instant::now();
        let climb = self.read(async |conn: &mut Connection| conn.climb(steps).await);
        let (rungs, players) = climb.await?;
        let took = i64::try_from(begun.elapsed().as_micros()).unwrap_or(i64::MAX);
        let rungs = serde_json::to_string(&rungs).unwrap_or_default();
        let keep = query(steps.keep).bind(rungs).bind(players).bind(took);
        self.write(keep).await.map(drop)
    }

    fn round_trip(&self) -> Option<Duration> {
        // Nothing has a way to go where no answer can get lost on it.
        self.host().patience().and(self.poll_took)
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        self.route.here().turn(&mut self.local).await
    }

    async fn register(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<SessionId, StoreError> {
        let make = query(self.sql().register)
            .bind(client.to_string())
            .bind(player.0);
        let session = self.make_session(make, client, player).await?;
        session.ok_or(StoreError::Gone)
    }

    async fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> Result<SessionId, StoreError> {
        let make = query(self.sql().resume).bind(client.to_string());
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
        let rows = self.rows(query(sql)).await?;
        let epoch = rows.first().map(Row::scalar).transpose();
        Ok(self.explained(epoch)?.map(Epoch))
    }

    async fn session(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<Option<SessionId>, StoreError> {
        let find = self.find_session(client, player);
        let found = self.call(async |conn: &mut Connection| conn.scalar(find).await);
        Ok(found.await?.map(SessionId))
    }

    async fn claims(&mut self, client: ClientId) -> Result<Vec<Claim>, StoreError> {
        let claims = query(self.sql().claims).bind(client.to_string());
        let claims = async |conn: &mut Connection| {
            let rows = conn.rows(claims).await?;
            rows.iter().map(claim).collect()
        };
        self.call(claims).await
    }

    async fn count_all(&mut self, totals: &[Total]) -> Result<Vec<Counted>, StoreError> {
        let mut all = Vec::with_capacity(totals.len());
        let at_once = self.sql().count_all.map_or(1, |_| totals.len().max(1));
        for some in totals.chunks(at_once) {
            let count = async |conn: &mut Connection| match &mut conn.driver {
                Driver::Sqlite(conn) => sqlite::count(conn, some).await,
                Driver::Postgres(..) | Driver::MySql(..) => conn.count_by_routine(some).await,
            };
            let counted = self.call(count).await;
            self.end_turn();
            all.extend(counted??);
        }
        // Shown as saved means in the file that bears the name.
        self.check()?;
        Ok(all)
    }

    async fn add(&mut self, entry: &Entry) -> Result<Player, StoreError> {
        let added = self.change(Changing::Add(entry)).await?;
        added.ok_or(StoreError::Gone)
    }

    async fn edit(&mut self, player: PlayerId, entry: &Entry) -> Result<Player, StoreError> {
        let edited = self.change(Changing::Edit(player, entry)).await?;
        edited.ok_or(StoreError::Gone)
    }

    async fn remove(&mut self, player: PlayerId) -> Result<(), StoreError> {
        self.change(Changing::Remove(player)).await.map(drop)
    }

    async fn begin_sprint(&mut self, session: SessionId) -> Result<(), StoreError> {
        let begin = query(self.sql().sprint_begin).bind(session.0);
        self.write(begin).await.map(drop)
    }

    async fn keep_sprint(
        &mut self,
        session: SessionId,
        sprinted: &Sprinted,
    ) -> Result<bool, StoreError> {
        let presses = i64::try_from(sprinted.trace.total()).unwrap_or(i64::MAX);
        let keep = query(self.sql().sprint)
            .bind(session.0)
            .bind(i64::from(sprinted.length.seconds()))
            .bind(presses)
            .bind(sprinted.trace.to_string());
        Ok(self.write_for(keep).await? == Some(1))
    }

    async fn bests(&mut self, player: PlayerId) -> Result<Bests, StoreError> {
        let rows = self.rows(query(self.sql().bests).bind(player.0)).await?;
        self.explained(sprints::bests(&rows))
    }

    async fn board(&mut self, board: Board) -> Result<Vec<Kept>, StoreError> {
        let board = match board {
            Board::Length(length, places) => query(self.sql().board)
                .bind(i64::from(length.seconds()))
                .bind(i64::from(places)),
            Board::Player(player) => query(self.sql().own_board).bind(player.0),
        };
        let rows = self.rows(board).await?;
        self.explained(sprints::board(&rows))
    }

    async fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> Result<Option<Entered>, StoreError> {
        let (enter, which) = match entrance {
            Entrance::Open(length) => (self.sql().race_open, i64::from(length.seconds())),
            Entrance::Join(race) => (self.sql().race_join, race.0),
        };
        let row = self.write(query(enter).bind(session.0).bind(which)).await?;
        let entered = row.map(|row| {
            Ok(Entered {
                race: RaceId(row.get("race")?),
                racer: row.get("racer")?,
            })
        });
        self.explained(entered.transpose())
    }

    async fn report_race(
        &mut self,
        session: SessionId,
        race: RaceId,
        presses: u64,
        standing: Standing,
        trace: Option<&Trace>,
    ) -> Result<(), StoreError> {
        let report = query(self.sql().race_report)
            .bind(session.0)
            .bind(race.0)
            .bind(i64::try_from(presses).unwrap_or(i64::MAX))
            .bind(races::written(standing))
            .bind(trace.map(Trace::to_string));
        self.write(report).await.map(drop)
    }

    async fn race(&mut self, race: Option<RaceId>) -> Result<RaceLook, StoreError> {
        let asked = race.map_or(0, |race| race.0);
        let rows = self.rows(query(self.sql().race).bind(asked)).await?;
        let look = past::clock(&rows).and_then(|clock| {
            let race = races::races(&rows)?.pop();
            Ok(RaceLook { clock, race })
        });
        self.explained(look)
    }

    async fn races(&mut self) -> Result<Vec<Race>, StoreError> {
        let rows = self.rows(query(self.sql().races).bind(PAST)).await?;
        self.explained(races::races(&rows))
    }

    async fn retire(&mut self, client: ClientId) -> Result<(), StoreError> {
        let retire = query(self.sql().retire).bind(client.to_string());
        self.write(retire).await.map(drop)
    }

    async fn tidy(&mut self, client: ClientId) -> Result<bool, StoreError> {
        let tidy = query(self.sql().tidy).bind(client.to_string());
        Ok(self.write_for(tidy).await? == Some(1))
    }

    async fn kept_since(&mut self) -> Result<Day, StoreError> {
        let rows = self.rows(query(self.sql().kept_since)).await?;
        let since = rows.first().map(Row::scalar::<Option<i64>>);
        let since = self.explained(since.transpose())?.flatten();
        // Without a word of it, nothing is known of any day.
        Ok(Day(since.unwrap_or(i64::MAX)))
    }

    async fn ranking(
        &mut self,
        since: Quarter,
        many: u32,
        own: Option<PlayerId>,
    ) -> Result<Ranking, StoreError> {
        let ranking = query(self.sql().ranking)
            .bind(since.0)
            .bind(i64::from(many))
            .bind(own.map_or(i64::MIN, |own| own.0));
        let rows = self.rows(ranking).await?;
        self.explained(past::ranking(&rows, own))
    }

    async fn history(&mut self, player: PlayerId) -> Result<History, StoreError> {
        let rows = self.rows(query(self.sql().history).bind(player.0)).await?;
        let history = self.explained(past::history(&rows, player))?;
        history.ok_or(StoreError::Gone)
    }
}
