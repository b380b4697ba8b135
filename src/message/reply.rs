//! What the worker answers.

use std::time::Duration;

use super::{Change, Question, Rights, Seat};
use crate::game::race::{Entered, Race, RaceId};
use crate::game::sprint::{Bests, Sprinted};
use crate::game::{
    Aim, ChangedPlayers, ClockReading, FoundPlayers, Period, Player, PlayerId, Ranking, Record,
    Rules, Window,
};
use crate::words::Say;

/// Presses that wait because the store can't take them now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trouble {
    /// What happened to what, and what to do: a whole sentence.
    pub what: Say,
    /// Until the next try.
    pub retry_in: Duration,
    /// Why the presses can't even be kept in the outbox, if so.
    pub unkept: Option<String>,
    /// Whether the server can't be reached.
    pub offline: bool,
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// For whom this client may play. Only a game server sends it, before [`Reply::Opened`].
    Seated(Seat),
    /// The database is open and these are its players.
    Opened {
        /// Everyone, or the first players, or those around the player to start on.
        window: Window,
        /// The player who was played last, if nobody was asked for and that player still exists.
        last: Option<PlayerId>,
        /// How many presses of earlier runs are now delivered from the outbox.
        kept: u64,
        /// What the database lets its user do.
        rights: Rights,
    },
    /// The rules of the database, if it has any. Sent after [`Reply::Opened`].
    Rules(Rules),
    /// Players that were added, changed or removed.
    Changed {
        /// As they are now.
        players: ChangedPlayers,
        /// No longer there.
        gone: Vec<PlayerId>,
    },
    /// A question can't be answered, and why: a whole sentence.
    Unanswered(Question, Say),
    /// A part of the list.
    Shown(Aim, Window),
    /// The players around a player; nothing if that player was removed. A player who moved while it
    /// was read may be missing from it.
    Surrounded(PlayerId, Option<Window>),
    /// What a search has found so far.
    Found(FoundPlayers),
    /// The best player with this exact name, if one was found.
    Named(String, Option<Player>),
    /// A transaction is committed.
    Counted {
        /// Whose score.
        player: PlayerId,
        /// All presses of this run that commits hold for this player.
        counted: u64,
        /// The committed score.
        score: i64,
    },
    /// Presses of an earlier run are committed.
    Delivered {
        /// Whose score.
        player: PlayerId,
        /// How many presses were added.
        presses: u64,
        /// The committed score.
        score: i64,
    },
    /// The database has forgotten presses that it had committed; they are being saved again.
    ServerForgot {
        /// Whose.
        player: PlayerId,
        /// How many.
        presses: u64,
    },
    /// Presses that can never be counted.
    Refused {
        /// Whose.
        player: PlayerId,
        /// How many.
        presses: u64,
        /// Why: a whole sentence.
        why: Say,
    },
    /// Presses that were faster than the database allows; they are not counted, now or later.
    OverRate {
        /// Whose.
        player: PlayerId,
        /// How many.
        presses: u64,
        /// How many points a second the database allows, if it still has a limit.
        limit: Option<u32>,
    },
    /// Presses of an earlier run that can never be counted.
    RefusedKept {
        /// How many.
        presses: u64,
        /// Why: a whole sentence.
        why: Say,
    },
    /// The store can't take presses now; they wait.
    Trouble(Trouble),
    /// The store takes presses again.
    Recovered,
    /// How many waiting presses of this run are kept on this machine while the store fails.
    Kept(u64),
    /// Changes by others can't be read now.
    WatchTrouble(Trouble),
    /// Changes by others can be read again.
    WatchRecovered,
    /// How long an answer of the server takes. Sent if it clearly differs from the last time sent.
    RoundTrip(Duration),
    /// A change of the list is committed. An added player has its new id.
    Done(Change, Player),
    /// A change of the list was not made.
    Failed(Change, Say),
    /// What everyone has scored in a period, when this was so, and the best players with the picked
    /// one.
    Ranked(Period, ClockReading, Ranking),
    /// What a player has scored and when, and in which sprints and races, as of this reading.
    Recalled(PlayerId, ClockReading, Record),
    /// This machine slept, or its clock was set: timers may be due.
    ClockMoved,
    /// The boards of sprints, and this player's own bests.
    Bests(PlayerId, Bests),
    /// A sprint is kept, if it was its player's best.
    SprintKept(Sprinted),
    /// A sprint was not kept, and why: a whole sentence.
    SprintUnkept(Sprinted, Say),
    /// Somebody has opened a race, which may have begun by now.
    RaceOpened(Race, ClockReading),
    /// The race that was asked for is entered.
    RaceEntered(PlayerId, Entered),
    /// The race was not entered, and why: a whole sentence.
    RaceMissed(Say),
    /// The state of the race that is watched; `None` if it is gone.
    RaceSeen(RaceId, Option<Race>, ClockReading),
    /// The race can't be watched, and why: a whole sentence.
    RaceUnseen(Say),
    /// The last races, the latest first.
    Races(Vec<Race>),
    /// A sentence to read.
    Notice(Say),
    /// No transaction is in flight any more, after [`Command::Rest`](super::Command::Rest).
    Resting,
    /// The worker has ended.
    Left(Farewell),
    /// The store can't be used at all; the worker has ended.
    Broken {
        /// What happened, to what, and what to do: a whole sentence.
        why: Say,
        /// The kind of failure, for the exit code.
        kind: BrokenKind,
        /// What became of the presses that waited.
        farewell: Farewell,
    },
}

/// The kinds of failure that end the program, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokenKind {
    /// The database can't be reached, opened or written.
    Unreachable,
    /// The database is damaged, is not a database, or is newer than this program.
    Damaged,
    /// A bug in this program.
    Internal,
}

/// What became of the presses that were not committed when the worker ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Farewell {
    /// Presses kept in the outbox for the next start.
    pub kept: u64,
    /// Presses that could not be kept, and why.
    pub lost: Option<(u64, Say)>,
}
