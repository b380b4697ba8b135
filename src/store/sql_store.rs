//! The store's contract on any SQL database that has a dialect.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use sqlx::{ColumnIndex, Decode, Encode, Executor, Row, Type};

use super::calls::{Locked, Manner, Values, Write, claims};
use super::changing::Changing;
use super::dialect::Dialect;
use super::feed::Feed;
use super::hosts::Hosts;
use super::listing::{Found, Scan, Survey};
use super::migrations::{Migration, Migrations};
use super::route::Route;
use super::{
    Changes, Claim, ClientId, Counted, Cursor, Day, Epoch, History, RaceLook, Ranking, SessionId,
    Snapshot, Store, StoreError,
};
use super::{past, races, sprints};
use crate::game::race::{Entered, Entrance, PAST, Race, RaceId, Standing};
use crate::game::sprint::{Bests, Board, Kept, Sprinted};
use crate::game::{Aim, Entry, Player, PlayerId, Quarter, Spot, Window};

mod asking;
mod following;
mod reaching;

pub(super) use reaching::within;

/// How long a connection that failed is given to end in order.
const GOODBYE: Duration = Duration::from_secs(1);

/// How many times as long as for a call's answer a long list is waited for.
const LONG_LIST: u32 = 6;

/// A store with one connection, which is opened when needed and dropped after any error.
#[derive(Debug)]
pub struct SqlStore<DB: Dialect> {
    route: Route<DB::Target>,
    place: String,
    pub(super) local: DB::Local,
    conn: Option<DB::Connection>,
    migrations: Migrations,
    prepared: bool,
    feed: Feed,
    /// When the server was last asked whether it is still the one to be on.
    looked_after: Instant,
    /// How long the last look took on a connection that was there already.
    looked: Option<Duration>,
    dialect: PhantomData<DB>,
}

impl<DB: Dialect> SqlStore<DB> {
    /// A store for a place, by one or all of its hosts; nothing is opened yet.
    pub fn new(hosts: impl Into<Hosts<DB::Target>>) -> Self {
        let hosts = hosts.into();
        let place = DB::place(&hosts);
        let route = Route::new(hosts);
        Self {
            local: DB::local(route.here()),
            route,
            place,
            conn: None,
            migrations: DB::MIGRATIONS,
            prepared: false,
            feed: Feed::default(),
            looked: None,
            looked_after: Instant::now(),
            dialect: PhantomData,
        }
    }

    /// Adds a migration to those that the program has.
    pub fn add_migration(&mut self, migration: Migration) {
        let migrations = [self.migrations, &[migration]].concat();
        self.migrations = Vec::leak(migrations);
    }

    /// Leaves it to another store of this process to make what is not there.
    pub fn make_nothing(&mut self) {
        self.prepared = true;
        self.route.follow(DB::give_way);
    }

    pub(super) fn manner(&self) -> Manner {
        Manner::of::<DB>(self.route.here())
    }
}

impl<DB> Store for SqlStore<DB>
where
    DB: Dialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'e> Encode<'e, DB> + for<'d> Decode<'d, DB>,
    Option<String>: Type<DB> + for<'e> Encode<'e, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    async fn open(&mut self) -> Result<Snapshot, StoreError> {
        self.snapshot().await
    }

    async fn stirred(&mut self, every: Duration) {
        if self.conn.is_none() {
            // The last look failed or there was none: its answer is still owed.
            tokio::time::sleep(every).await;
        } else {
            DB::stirred(self.route.here(), &mut self.local, every).await;
        }
    }

    async fn changes(&mut self, since: Cursor, most: u32) -> Result<Option<Changes>, StoreError> {
        self.follow(since, most).await
    }

    async fn window(&mut self, aim: Aim, many: u32) -> Result<Window, StoreError> {
        self.listed(async |list| list.window(aim, many).await).await
    }

    async fn page(&mut self, after: Option<Spot>, many: u32) -> Result<Vec<Player>, StoreError> {
        self.listed(async |list| list.behind(after, many).await)
            .await
    }

    async fn rank(&mut self, score: i64) -> Result<u64, StoreError> {
        let higher = self.listed(async |list| list.place((!score, i64::MIN)).await);
        Ok(higher.await? + 1)
    }

    async fn player(&mut self, player: PlayerId) -> Result<Option<Player>, StoreError> {
        self.listed(async |list| list.player(player).await).await
    }

    async fn named(&mut self, name: &str) -> Result<Vec<Player>, StoreError> {
        let none = Vec::new;
        self.listed(async |list| unless_unwritable::<DB, _>(list.named(name).await, none))
            .await
    }

    async fn search(&mut self, wanted: &str, from: Option<Scan>) -> Result<Found, StoreError> {
        let none = || Found {
            players: Vec::new(),
            next: None,
        };
        self.listed(async |list| unless_unwritable::<DB, _>(list.search(wanted, from).await, none))
            .await
    }

    async fn survey(&mut self) -> Result<(), StoreError> {
        let keep = match DB::SQL.listing.survey {
            Survey::Own { begin, take } => return self.asked_for(begin, take).await,
            Survey::Steps { keep, .. } => keep,
        };
        if !self.listed(async |list| list.is_survey_due().await).await? {
            return Ok(());
        }
        let begun = Instant::now();
        let (rungs, players) = self.listed(async |list| list.climb().await).await?;
        let took = i64::try_from(begun.elapsed().as_micros()).unwrap_or(i64::MAX);
        let rungs = serde_json::to_string(&rungs).unwrap_or_default();
        self.write(Write::Survey(keep, rungs, players, took))
            .await
            .map(drop)
    }

    fn round_trip(&self) -> Option<Duration> {
        // Nothing has a way to go where no answer can get lost on it.
        DB::PATIENCE.and(self.looked)
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        DB::turn(self.route.here(), &mut self.local).await
    }

    async fn register(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<SessionId, StoreError> {
        let result = self.write(Write::Register(client, player)).await?;
        result.map(SessionId).ok_or(StoreError::Gone)
    }

    async fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> Result<SessionId, StoreError> {
        let resumed = self.write(Write::Resume(client, player, day)).await?;
        match resumed {
            Some(session) => Ok(SessionId(session)),
            None if day < self.kept_since().await? => Err(StoreError::Forgotten),
            None => Err(StoreError::Gone),
        }
    }

    async fn epoch(&mut self) -> Result<Option<Epoch>, StoreError> {
        let Some(sql) = DB::SQL.epoch else {
            return Ok(None);
        };
        let rows = self.rows(sql, &[]).await?;
        let epoch = rows.first().map(|row| row.try_get(0)).transpose();
        Ok(self.explained(epoch)?.map(Epoch))
    }

    async fn session(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<Option<SessionId>, StoreError> {
        let mut conn = self.take().await?;
        let manner = self.manner();
        let find = async {
            manner.begin::<DB>(&mut conn).await?;
            let row = manner
                .query::<DB>(DB::SQL.session)
                .bind(client.to_string())
                .bind(player.0)
                .fetch_optional(&mut conn)
                .await?;
            manner.end::<DB>(&mut conn).await?;
            row.map(|row| row.try_get(0)).transpose()
        };
        let found = within::<DB, _>(1, find).await;
        let found: Option<i64> = self.settle(conn, found).await?;
        Ok(found.map(SessionId))
    }

    async fn claims(&mut self, client: ClientId) -> Result<Vec<Claim>, StoreError> {
        let mut conn = self.take().await?;
        let asked = claims::<DB>(&mut conn, self.manner(), client);
        let asked = within::<DB, _>(1, asked).await;
        self.settle(conn, asked).await
    }

    async fn count(&mut self, session: SessionId, upto: u64) -> Result<Counted, StoreError> {
        let counted = async {
            let mut conn = self.take().await?;
            let locked = DB::count(&mut conn, self.manner(), session, upto);
            let locked = within::<DB, _>(1, locked).await;
            self.settle(conn, locked).await
        };
        let counted = counted.await;
        DB::end_turn(&mut self.local);
        match counted? {
            Locked::Counted(counted) => {
                // Shown as saved means in the file that bears the name.
                DB::check(self.route.here(), &self.local)?;
                Ok(counted)
            }
            Locked::Gone => Err(StoreError::Gone),
            Locked::ScoreFull => Err(StoreError::ScoreFull),
            Locked::Overruled(why) => Err(StoreError::Overruled { why }),
        }
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
        let begin = Write::BeginSprint(session);
        self.write_for_row(begin).await.map(drop)
    }

    async fn keep_sprint(
        &mut self,
        session: SessionId,
        sprinted: &Sprinted,
    ) -> Result<bool, StoreError> {
        let kept = self.write(Write::Sprint(session, sprinted)).await?;
        Ok(kept == Some(1))
    }

    async fn bests(&mut self, player: PlayerId) -> Result<Bests, StoreError> {
        let rows = self.rows(DB::SQL.bests, &[player.0]).await?;
        self.explained(sprints::bests::<DB>(&rows))
    }

    async fn board(&mut self, board: Board) -> Result<Vec<Kept>, StoreError> {
        let rows = match board {
            Board::Length(length, places) => {
                let about = [i64::from(length.seconds()), i64::from(places)];
                self.rows(DB::SQL.board, &about).await?
            }
            Board::Player(player) => self.rows(DB::SQL.own_board, &[player.0]).await?,
        };
        self.explained(sprints::board::<DB>(&rows))
    }

    async fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> Result<Option<Entered>, StoreError> {
        let row = self.write_for_row(Write::Enter(session, entrance)).await?;
        let entered = row.map(|row| {
            Ok(Entered {
                race: RaceId(row.try_get(0)?),
                racer: row.try_get(1)?,
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
    ) -> Result<(), StoreError> {
        let report = Write::Report(session, race, presses, standing);
        self.write_for_row(report).await.map(drop)
    }

    async fn race(&mut self, race: Option<RaceId>) -> Result<RaceLook, StoreError> {
        let asked = race.map_or(0, |race| race.0);
        let rows = self.rows(DB::SQL.race, &[asked]).await?;
        let look = past::clock::<DB>(&rows).and_then(|clock| {
            let race = races::races::<DB>(&rows)?.pop();
            Ok(RaceLook { clock, race })
        });
        self.explained(look)
    }

    async fn races(&mut self) -> Result<Vec<Race>, StoreError> {
        let rows = self.rows(DB::SQL.races, &[PAST]).await?;
        self.explained(races::races::<DB>(&rows))
    }

    async fn retire(&mut self, client: ClientId) -> Result<(), StoreError> {
        self.write(Write::Retire(client)).await.map(drop)
    }

    async fn tidy(&mut self, client: ClientId) -> Result<bool, StoreError> {
        let more = self.write(Write::Tidy(client)).await?;
        Ok(more == Some(1))
    }

    async fn kept_since(&mut self) -> Result<Day, StoreError> {
        let rows = self.rows(DB::SQL.kept_since, &[]).await?;
        let since = rows.first().map(|row| row.try_get::<Option<i64>, _>(0));
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
        let of = own.map_or(i64::MIN, |own| own.0);
        let about = [since.0, i64::from(many), of];
        let rows = self.rows(DB::SQL.ranking, &about).await?;
        self.explained(past::ranking::<DB>(&rows, own))
    }

    async fn history(&mut self, player: PlayerId) -> Result<History, StoreError> {
        let rows = self.rows(DB::SQL.history, &[player.0]).await?;
        let history = self.explained(past::history::<DB>(&rows))?;
        history.ok_or(StoreError::Gone)
    }
}

/// Nobody has a name that the database can't hold.
fn unless_unwritable<DB: Dialect, T>(
    found: Result<T, sqlx::Error>,
    none: impl FnOnce() -> T,
) -> Result<T, sqlx::Error> {
    match found {
        Err(error) if DB::is_unwritable(&error) => Ok(none()),
        found => found,
    }
}
