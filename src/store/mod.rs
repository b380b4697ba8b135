//! Where the scores live: one contract, and the only SQL of the program.

mod any;
pub mod archive;
mod connection;
mod contests;
mod dialect;
mod error;
mod fair_lock;
mod feed;
mod host;
mod hosts;
mod keys;
mod listing;
mod listing_calls;
mod migrations;
mod mysql;
mod past;
mod postgres;
mod races;
mod route;
mod rules;
mod sanitized;
mod server;
mod sessions;
mod sprints;
mod sqlite;
mod target;

use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::game::{Aim, Entry, Player, PlayerId, Quarter, Ranking, Record, Rules, Spot, Window};
use crate::message::Rights;

pub use any::AnyStore;
pub use contests::Contests;
pub use error::{Remedy, StoreError};
pub use hosts::Hosts;
pub use keys::{KeptKey, SshKey};
pub use listing::{CHANGES, FOUND, Scan, SearchStep, WINDOW, keep_best};
pub use mysql::MySqlServer;
pub use postgres::PostgresServer;
pub use rules::NewRules;
pub use server::Server;
pub use sqlite::SqliteFile;
pub use target::{Target, TargetError};

/// One run of the program, as the database knows it.
pub type ClientId = Uuid;

/// A client's row for one player in `click_sessions`: what a commit names instead of the player.
/// On a server it is hard to guess, and who knows it may count for that client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SessionId(pub i64);

/// A day by the database's clock, in days since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day(pub i64);

/// Names the state of a database that only a restored backup replaces. Where it is the same and less
/// is there than was committed, the server has forgotten the rest, as a standby has that was not yet
/// told everything when it took over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch(pub String);

/// A place in the database's history; [`Store::changes`] tells what came after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub i64);

/// What a database is opened with, read at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The database's own name for itself, which no other database has.
    pub database: String,
    /// Which state of the database it is, where a server may forget some of that state.
    pub epoch: Option<Epoch>,
    /// The day.
    pub today: Day,
    /// The first players of the ranking in its order, up to [`WINDOW`].
    pub players: Vec<Player>,
    /// How many stand behind them: none where they are all, else as of the last survey and at least
    /// one.
    pub below: u64,
    /// The moment.
    pub cursor: Cursor,
    /// What the database lets this user do.
    pub rights: Rights,
    /// What the database demands of its players.
    pub rules: Rules,
}

/// What became different after a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Players that came or changed, as they are now.
    pub players: Vec<Player>,
    /// Players that went.
    pub gone: Vec<PlayerId>,
    /// Whether there were more than were to be told, so that neither of these is told.
    pub too_many: bool,
    /// Whether a race was opened, or may have been where there were too many.
    pub raced: bool,
    /// From where to ask next.
    pub cursor: Cursor,
}

/// What a client says of a player: how many presses it has made in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The client's row for the player.
    pub session: SessionId,
    /// All presses; it only grows.
    pub upto: u64,
}

/// What a committed transaction holds of a session and its player.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// The player's committed score.
    pub score: i64,
    /// How many presses of this client for this player the database has settled: counted, or
    /// refused because they were too fast.
    pub counted: u64,
    /// How many of these it has refused.
    pub refused: u64,
    /// How many points a second the player may score, if there is a limit.
    pub max_rate: Option<u32>,
}

/// A client's row for one player, as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// Whose row it is.
    pub client: ClientId,
    /// For whom.
    pub player: PlayerId,
    /// How many presses of the client the player's score holds.
    pub counted: u64,
}

/// A value with the time of the database's clock at which it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AsOf<T> {
    /// The time.
    pub clock: Timestamp,
    /// The value.
    pub value: T,
}

/// A database that keeps players and counts presses, each exactly once.
///
/// After any error the implementation drops its connection and opens a new one at the next call.
/// No future of this trait may be dropped before it is done: a cancelled transaction leaves a
/// connection that nobody can trust. [`Self::wait_for_change`] alone may be, since it asks nothing.
pub trait Store: Contests {
    /// Opens the database, brings its schema up to date and reads the first of the list.
    fn open(&mut self) -> impl Future<Output = Result<Snapshot, StoreError>> + Send;

    /// Waits until something may have changed, looking as often as `every` says. What it does
    /// meanwhile must be cheap: an idle program does nothing else.
    fn wait_for_change(&mut self, every: Duration) -> impl Future<Output = ()> + Send;

    /// What changed after `since`, whoever changed it; `None` where nothing did. Its cost grows
    /// with the number of changed players only, up to so many.
    fn changes(
        &mut self,
        since: Cursor,
        most: u32,
    ) -> impl Future<Output = Result<Option<Changes>, StoreError>> + Send;

    /// A part of the ranking, so many players at the most.
    fn window(
        &mut self,
        aim: Aim,
        many: u32,
    ) -> impl Future<Output = Result<Window, StoreError>> + Send;

    /// The players behind a spot, or the first, so many at the most, in their order.
    fn page(
        &mut self,
        after: Option<Spot>,
        many: u32,
    ) -> impl Future<Output = Result<Vec<Player>, StoreError>> + Send;

    /// The rank of a score, counted from 1: one more than the players with a higher one. It is
    /// exact within the first thousand, and from there on as of the last survey.
    fn rank(&mut self, score: i64) -> impl Future<Output = Result<u64, StoreError>> + Send;

    /// A player by key.
    fn player(
        &mut self,
        player: PlayerId,
    ) -> impl Future<Output = Result<Option<Player>, StoreError>> + Send;

    /// Players by their exact name, [`FOUND`] at the most and in no order.
    fn named(&mut self, name: &str)
    -> impl Future<Output = Result<Vec<Player>, StoreError>> + Send;

    /// A step of a search for players with this, which is in lower case, in their name or e-mail.
    /// Each step takes about as long as the one before, however many players there are.
    fn search(
        &mut self,
        wanted: &str,
        from: Option<Scan>,
    ) -> impl Future<Output = Result<SearchStep, StoreError>> + Send;

    /// Counts the places of the ranking anew if it is time: every 20 seconds, and so seldom that
    /// all clients together spend no more than a hundredth of a processor on it.
    fn survey(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// How long the answer to the last look took, where it came from a server and over a
    /// connection that was there already.
    fn round_trip(&self) -> Option<Duration> {
        None
    }

    /// Waits for this process's turn to write, where waiting in line is fairer than contending.
    /// The turn ends with the next writing call. It orders writers and is no lock to rely on.
    fn turn(&mut self) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Makes the row in which the database counts this client's presses for this player; made
    /// before, it is just found.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is no such player.
    fn register(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> impl Future<Output = Result<SessionId, StoreError>> + Send;

    /// The same for a client of before that opened the database on this day at the latest, and did
    /// not know of a row.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is no such player, [`StoreError::Forgotten`] where there may
    /// have been a row.
    fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> impl Future<Output = Result<SessionId, StoreError>> + Send;

    /// Which state of the database it is; none where nothing that was committed can be forgotten.
    fn epoch(&mut self) -> impl Future<Output = Result<Option<Epoch>, StoreError>> + Send;

    /// The row that [`Self::register`] made, if it is still there.
    fn session(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> impl Future<Output = Result<Option<SessionId>, StoreError>> + Send;

    /// The rows of this client and of all whose ids differ from its own in their last 48 bits
    /// alone, in no order. Of two clients that each register first and then ask, at least one sees
    /// the other.
    fn claims(
        &mut self,
        client: ClientId,
    ) -> impl Future<Output = Result<Vec<Claim>, StoreError>> + Send;

    /// Counts totals, each of another player and in the order of the players, so that two who count
    /// for the same ones never wait for each other. Each score grows by what the database has not
    /// settled yet; said again, it grows by nothing. Of presses that are faster than the database's
    /// limit a part is settled without being counted. The answers are in the order of the totals.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where a player is no more, [`StoreError::ScoreFull`] where a sum does not
    /// fit the column. Of whom that is, and whether the others are counted, is not told: say each
    /// total by itself then.
    fn count_all(
        &mut self,
        totals: &[Total],
    ) -> impl Future<Output = Result<Vec<Counted>, StoreError>> + Send;

    /// Counts one total.
    ///
    /// # Errors
    /// As [`Self::count_all`] says, and it is of this one.
    fn count(
        &mut self,
        session: SessionId,
        upto: u64,
    ) -> impl Future<Output = Result<Counted, StoreError>> + Send {
        async move {
            let counted = self.count_all(&[Total { session, upto }]).await?;
            counted.first().copied().ok_or(StoreError::Gone)
        }
    }

    /// Adds a player with score 0.
    fn add(&mut self, entry: &Entry) -> impl Future<Output = Result<Player, StoreError>> + Send;

    /// Changes a player's name and e-mail, nothing else.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is no such player.
    fn edit(
        &mut self,
        player: PlayerId,
        entry: &Entry,
    ) -> impl Future<Output = Result<Player, StoreError>> + Send;

    /// Removes a player and all sessions for it; one who is gone already is removed too.
    fn remove(&mut self, player: PlayerId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Forgets a client whose presses are all counted and who will not come back.
    fn retire(&mut self, client: ClientId) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Says that this client is still there, and forgets some of those that have not said so for 90
    /// days; true where there may be more of them. Calls with a key are never forgotten.
    fn tidy(&mut self, client: ClientId) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The first day of which no client was forgotten. Who opened the database before may have had
    /// rows that are not there any more.
    fn kept_since(&mut self) -> impl Future<Output = Result<Day, StoreError>> + Send;

    /// What the best have scored since the beginning of a quarter hour, so many at the most, and what
    /// one more has.
    fn ranking(
        &mut self,
        since: Quarter,
        many: u32,
        own: Option<PlayerId>,
    ) -> impl Future<Output = Result<AsOf<Ranking>, StoreError>> + Send;

    /// What a player has scored and when, the player's best sprints and last races. Its cost grows with
    /// the quarter hours that the player has played in, and not with points.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is no such player.
    fn history(
        &mut self,
        player: PlayerId,
    ) -> impl Future<Output = Result<AsOf<Record>, StoreError>> + Send;
}
