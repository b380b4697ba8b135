//! The database: one trait, and all SQL of the program.
//!
//! The locked transaction that counts presses is `sqlite/counting.rs`. On a server it is the routine
//! `click_count` in `assets/schema`, which `server/counting.rs` calls.

mod any;
pub mod archive;
mod connection;
mod contests;
mod dialect;
mod error;
mod feed;
mod fit;
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
mod spelling;
mod sprints;
mod sqlite;
mod target;

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::game::{Aim, Entry, Player, PlayerId, Quarter, Ranking, Record, Rules, Spot, Window};
use crate::message::Rights;

pub use crate::words::StoreError;
pub use any::AnyStore;
pub use contests::Contests;
pub use error::Remedy;
pub use hosts::Hosts;
pub use keys::{KeptKey, SshKey};
pub use listing::{CHANGES, FOUND, Scan, SearchStep, WINDOW, keep_best};
pub use rules::NewRules;
pub use server::Server;
pub use target::{Target, TargetError};

/// The id of one run of the program.
pub type ClientId = Uuid;

/// The id of a client's row for one player in `click_sessions`. A commit names it instead of the
/// player. On a server it is hard to guess, because whoever knows it can count presses for that
/// client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SessionId(pub i64);

/// A day of the database's clock, in days since 1970.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Day(pub i64);

/// Changes only when a backup is restored. If it is unchanged and commits are missing, the server
/// has lost them, like a standby that took over before it had received everything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Epoch(pub String);

/// A position in the database's list of changes. [`Store::changes`] reads what came after it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cursor(pub i64);

/// What is read when a database is opened, all as of one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The database's name for itself, which is unique.
    pub database: String,
    /// The epoch, if commits can get lost on this kind of database.
    pub epoch: Option<Epoch>,
    /// The day.
    pub today: Day,
    /// The first players of the ranking, at most [`WINDOW`].
    pub players: Vec<Player>,
    /// How many players rank below them: 0 if these are all, else as of the last survey, and at
    /// least 1.
    pub below: u64,
    /// The moment.
    pub cursor: Cursor,
    /// What the database allows this user.
    pub rights: Rights,
    /// The rules of the database.
    pub rules: Rules,
}

/// What changed after a cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changes {
    /// Players that were added or changed, as they are now.
    pub players: Vec<Player>,
    /// Players that were removed.
    pub gone: Vec<PlayerId>,
    /// Whether there were more than the limit. Then both lists are empty.
    pub too_many: bool,
    /// Whether a race was opened, or may have been if there were too many changes.
    pub raced: bool,
    /// From where to ask next.
    pub cursor: Cursor,
}

/// The number of presses that a client has made for a player in all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Total {
    /// The client's row for the player.
    pub session: SessionId,
    /// All presses; it only grows.
    pub upto: u64,
}

/// What is committed of a session and its player.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counted {
    /// The player's committed score.
    pub score: i64,
    /// How many presses of this client for this player the database has settled: counted, or
    /// refused because they were too fast.
    pub counted: u64,
    /// How many of these it refused.
    pub refused: u64,
    /// How many points a second the player may score, if there is a limit.
    pub max_rate: Option<u32>,
}

/// A client's row for one player.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claim {
    /// The row.
    pub session: SessionId,
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

/// The future of a call of a store.
pub trait StoreFuture<T>: Future<Output = Result<T, StoreError>> + Send {}

impl<T, F: Future<Output = Result<T, StoreError>> + Send> StoreFuture<T> for F {}

/// A database that stores players and counts presses, each exactly once.
///
/// After any error the implementation drops its connection, and opens a new one at the next call.
/// No future of this trait may be dropped before it is done, because a cancelled transaction leaves
/// the connection in an unknown state. The exception is [`Self::wait_for_change`].
pub trait Store: Contests {
    /// Opens the database, brings its schema up to date and reads the first of the list.
    fn open(&mut self) -> impl StoreFuture<Snapshot>;

    /// Waits until something may have changed, and polls at this interval. It must be cheap: an
    /// idle program does nothing else.
    fn wait_for_change(&mut self, every: Duration) -> impl Future<Output = ()> + Send;

    /// Reads what changed after `since`, by anybody; `None` if nothing did. At most `most` changes.
    /// Its cost grows only with the number of changed players.
    fn changes(&mut self, since: Cursor, most: u32) -> impl StoreFuture<Option<Changes>>;

    /// Reads a part of the ranking, at most this many players.
    fn window(&mut self, aim: Aim, many: u32) -> impl StoreFuture<Window>;

    /// Reads the players after a spot of the ranking, or the first ones, at most this many, in
    /// order.
    fn page(&mut self, after: Option<Spot>, many: u32) -> impl StoreFuture<Vec<Player>>;

    /// The rank of a score: one more than the number of players with a higher score. It is exact
    /// within the first thousand, and below that as of the last survey.
    fn rank(&mut self, score: i64) -> impl StoreFuture<u64>;

    /// Reads a player by id.
    fn player(&mut self, player: PlayerId) -> impl StoreFuture<Option<Player>>;

    /// Reads players by their exact name, at most [`FOUND`], in no order.
    fn named(&mut self, name: &str) -> impl StoreFuture<Vec<Player>>;

    /// Does one step of a search for players whose name or e-mail contains this text, in lower
    /// case. The time of a step does not grow with the number of players.
    fn search(&mut self, wanted: &str, from: Option<Scan>) -> impl StoreFuture<SearchStep>;

    /// Counts the places of the ranking again if that is due: at most every 20 seconds, and so
    /// seldom that all clients together use at most 1 % of a processor for it.
    fn survey(&mut self) -> impl StoreFuture<()>;

    /// How long the last poll took, if it went to a server over an existing connection.
    fn round_trip(&self) -> Option<Duration> {
        None
    }

    /// Waits for this process's turn to write, if the engine has no fair queue. The turn ends with
    /// the next writing call. It is only for fairness and protects nothing.
    fn turn(&mut self) -> impl StoreFuture<()>;

    /// Finds or creates the row in which the database counts this client's presses for this player.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is no such player.
    fn register(&mut self, client: ClientId, player: PlayerId) -> impl StoreFuture<SessionId>;

    /// The same for several players, who are registered together if the engine can do that. A
    /// player who is gone is left out.
    fn register_all(
        &mut self,
        client: ClientId,
        players: &[PlayerId],
    ) -> impl Future<Output = Result<Vec<(PlayerId, SessionId)>, StoreError>> + Send {
        register_each(self, client, players)
    }

    /// The same for an earlier client that opened the database on this day, and did not know its
    /// row.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if there is no such player; [`StoreError::Forgotten`] if there may have
    /// been a row that was removed since.
    fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> impl StoreFuture<SessionId>;

    /// Reads the epoch; `None` if no commit can get lost.
    fn epoch(&mut self) -> impl StoreFuture<Option<Epoch>>;

    /// Reads the rows of this client, and of all clients whose ids differ only in the last 48 bits,
    /// in no order. If two clients each register before they read, at least one sees the other.
    fn claims(&mut self, client: ClientId) -> impl StoreFuture<Vec<Claim>>;

    /// Counts totals, one per player, in the order of the players, so that two transactions never
    /// deadlock. Each score grows by the presses that the database has not settled yet, so sending
    /// a total again adds nothing. Presses over the database's rate limit are settled without being
    /// counted. The results are in the order of the totals.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if a player is gone; [`StoreError::ScoreFull`] if a sum does not fit
    /// the column. It does not say which player, nor whether the others are counted: then count
    /// each total alone.
    fn count_all(&mut self, totals: &[Total]) -> impl StoreFuture<Vec<Counted>>;

    /// Counts one total.
    ///
    /// # Errors
    /// As [`Self::count_all`].
    fn count(&mut self, session: SessionId, upto: u64) -> impl StoreFuture<Counted> {
        async move {
            let counted = self.count_all(&[Total { session, upto }]).await?;
            counted.first().copied().ok_or(StoreError::Gone)
        }
    }

    /// Adds a player with score 0.
    fn add(&mut self, entry: &Entry) -> impl StoreFuture<Player>;

    /// Changes a player's name and e-mail.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is no such player.
    fn edit(&mut self, player: PlayerId, entry: &Entry) -> impl StoreFuture<Player>;

    /// Removes a player and all its sessions. It is no error if the player is gone already.
    fn remove(&mut self, player: PlayerId) -> impl StoreFuture<()>;

    /// Removes a client whose presses are all counted and that will not come back.
    fn retire(&mut self, client: ClientId) -> impl StoreFuture<()>;

    /// Marks this client as alive, and removes some clients that were not alive for 90 days.
    /// Returns true if there may be more. The clients of `clickoff click --key` are never removed.
    fn tidy(&mut self, client: ClientId) -> impl StoreFuture<bool>;

    /// The first day since which no client was removed. A client that opened the database before
    /// may have had rows that are gone.
    fn kept_since(&mut self) -> impl StoreFuture<Day>;

    /// Reads the best scores since the beginning of a quarter hour, at most this many, and the
    /// score of one more player.
    fn ranking(
        &mut self,
        since: Quarter,
        many: u32,
        own: Option<PlayerId>,
    ) -> impl StoreFuture<AsOf<Ranking>>;

    /// Reads a player's history, best sprints and last races. Its cost grows with the number of
    /// quarter hours that the player has played in, not with points.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where there is no such player.
    fn history(&mut self, player: PlayerId) -> impl StoreFuture<AsOf<Record>>;
}

/// Registers one player after the other.
async fn register_each<S: Store + ?Sized>(
    store: &mut S,
    client: ClientId,
    players: &[PlayerId],
) -> Result<Vec<(PlayerId, SessionId)>, StoreError> {
    let mut sessions = Vec::with_capacity(players.len());
    for player in players {
        match store.register(client, *player).await {
            Ok(session) => sessions.push((*player, session)),
            Err(StoreError::Gone) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(sessions)
}
