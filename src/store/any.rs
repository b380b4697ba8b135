//! The store of whichever engine a name leads to, as one type: what is built on a store is compiled
//! once, and not for each engine.

use std::time::Duration;

use sqlx::{MySql, Postgres, Sqlite};

use super::migrations::Migration;
use super::sql_store::SqlStore;
use super::{
    Changes, Claim, ClientId, Counted, Cursor, Day, Epoch, Found, History, NewRules, RaceLook,
    Ranking, Scan, SessionId, Snapshot, SqliteFile, Store, StoreError, Target,
};
use crate::game::race::{Entered, Entrance, Race, RaceId, Standing};
use crate::game::sprint::{Bests, Board, Kept, Sprinted};
use crate::game::{Aim, Entry, Player, PlayerId, Quarter, Spot, Window};

/// A store on any engine.
#[derive(Debug)]
pub enum AnyStore {
    /// On a SQLite file.
    Sqlite(SqlStore<Sqlite>),
    /// On a PostgreSQL database.
    Postgres(SqlStore<Postgres>),
    /// On a MariaDB or MySQL database.
    MySql(SqlStore<MySql>),
}

/// The same call on whichever it is.
macro_rules! each {
    ($any:expr, $store:ident => $call:expr) => {
        match $any {
            AnyStore::Sqlite($store) => $call,
            AnyStore::Postgres($store) => $call,
            AnyStore::MySql($store) => $call,
        }
    };
}

impl AnyStore {
    /// The store of a database; nothing is opened yet.
    pub fn new(target: Target) -> Self {
        match target {
            Target::Sqlite(path) => Self::Sqlite(SqlStore::new(SqliteFile { path })),
            Target::Postgres(server) => Self::Postgres(SqlStore::new(server)),
            Target::MySql(server) => Self::MySql(SqlStore::new(server)),
        }
    }

    /// One for a database that another store of this process opens: it makes nothing there.
    pub fn beside(target: Target) -> Self {
        let mut store = Self::new(target);
        each!(&mut store, store => store.make_nothing());
        store
    }

    /// The same store with a further migration, as a later release may bring one.
    #[doc(hidden)]
    #[must_use]
    pub fn with_migration(mut self, migration: Migration) -> Self {
        each!(&mut self, store => store.add_migration(migration));
        self
    }

    /// Changes the rules; done twice, it is the same. A limit holds from the next count on, for
    /// every client; what a held key scores is asked by each game at its start.
    ///
    /// # Errors
    /// What the database says.
    pub async fn set_rules(&mut self, rules: NewRules) -> Result<(), StoreError> {
        each!(self, store => store.set_rules(rules).await)
    }
}

impl Store for AnyStore {
    async fn open(&mut self) -> Result<Snapshot, StoreError> {
        each!(self, store => store.open().await)
    }

    async fn stirred(&mut self, every: Duration) {
        each!(self, store => store.stirred(every).await);
    }

    async fn changes(&mut self, since: Cursor, most: u32) -> Result<Option<Changes>, StoreError> {
        each!(self, store => store.changes(since, most).await)
    }

    async fn window(&mut self, aim: Aim, many: u32) -> Result<Window, StoreError> {
        each!(self, store => store.window(aim, many).await)
    }

    async fn page(&mut self, after: Option<Spot>, many: u32) -> Result<Vec<Player>, StoreError> {
        each!(self, store => store.page(after, many).await)
    }

    async fn rank(&mut self, score: i64) -> Result<u64, StoreError> {
        each!(self, store => store.rank(score).await)
    }

    async fn player(&mut self, player: PlayerId) -> Result<Option<Player>, StoreError> {
        each!(self, store => store.player(player).await)
    }

    async fn named(&mut self, name: &str) -> Result<Vec<Player>, StoreError> {
        each!(self, store => store.named(name).await)
    }

    async fn search(&mut self, wanted: &str, from: Option<Scan>) -> Result<Found, StoreError> {
        each!(self, store => store.search(wanted, from).await)
    }

    async fn survey(&mut self) -> Result<(), StoreError> {
        each!(self, store => store.survey().await)
    }

    fn round_trip(&self) -> Option<Duration> {
        each!(self, store => store.round_trip())
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        each!(self, store => store.turn().await)
    }

    async fn register(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<SessionId, StoreError> {
        each!(self, store => store.register(client, player).await)
    }

    async fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> Result<SessionId, StoreError> {
        each!(self, store => store.resume(client, player, day).await)
    }

    async fn epoch(&mut self) -> Result<Option<Epoch>, StoreError> {
        each!(self, store => store.epoch().await)
    }

    async fn session(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<Option<SessionId>, StoreError> {
        each!(self, store => store.session(client, player).await)
    }

    async fn claims(&mut self, client: ClientId) -> Result<Vec<Claim>, StoreError> {
        each!(self, store => store.claims(client).await)
    }

    async fn count(&mut self, session: SessionId, upto: u64) -> Result<Counted, StoreError> {
        each!(self, store => store.count(session, upto).await)
    }

    async fn add(&mut self, entry: &Entry) -> Result<Player, StoreError> {
        each!(self, store => store.add(entry).await)
    }

    async fn edit(&mut self, player: PlayerId, entry: &Entry) -> Result<Player, StoreError> {
        each!(self, store => store.edit(player, entry).await)
    }

    async fn remove(&mut self, player: PlayerId) -> Result<(), StoreError> {
        each!(self, store => store.remove(player).await)
    }

    async fn begin_sprint(&mut self, session: SessionId) -> Result<(), StoreError> {
        each!(self, store => store.begin_sprint(session).await)
    }

    async fn keep_sprint(
        &mut self,
        session: SessionId,
        sprinted: &Sprinted,
    ) -> Result<bool, StoreError> {
        each!(self, store => store.keep_sprint(session, sprinted).await)
    }

    async fn bests(&mut self, player: PlayerId) -> Result<Bests, StoreError> {
        each!(self, store => store.bests(player).await)
    }

    async fn board(&mut self, board: Board) -> Result<Vec<Kept>, StoreError> {
        each!(self, store => store.board(board).await)
    }

    async fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> Result<Option<Entered>, StoreError> {
        each!(self, store => store.enter_race(session, entrance).await)
    }

    async fn report_race(
        &mut self,
        session: SessionId,
        race: RaceId,
        presses: u64,
        standing: Standing,
    ) -> Result<(), StoreError> {
        each!(self, store => store.report_race(session, race, presses, standing).await)
    }

    async fn race(&mut self, race: Option<RaceId>) -> Result<RaceLook, StoreError> {
        each!(self, store => store.race(race).await)
    }

    async fn races(&mut self) -> Result<Vec<Race>, StoreError> {
        each!(self, store => store.races().await)
    }

    async fn retire(&mut self, client: ClientId) -> Result<(), StoreError> {
        each!(self, store => store.retire(client).await)
    }

    async fn tidy(&mut self, client: ClientId) -> Result<bool, StoreError> {
        each!(self, store => store.tidy(client).await)
    }

    async fn kept_since(&mut self) -> Result<Day, StoreError> {
        each!(self, store => store.kept_since().await)
    }

    async fn ranking(
        &mut self,
        since: Quarter,
        many: u32,
        own: Option<PlayerId>,
    ) -> Result<Ranking, StoreError> {
        each!(self, store => store.ranking(since, many, own).await)
    }

    async fn history(&mut self, player: PlayerId) -> Result<History, StoreError> {
        each!(self, store => store.history(player).await)
    }
}
