//! What the worker answers.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::{Change, Rights, Seat};
use crate::game::race::{Entered, Race, RaceId, Sample};
use crate::game::sprint::{Bests, Sprinted};
use crate::game::{Aim, FoundPlayers, Period, Player, PlayerId, Ranking, Record, Rules, Window};
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
    /// Whether it is the way to the server, or the server, that is gone.
    pub offline: bool,
}

/// What the database's clock showed, and when that was here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockReading {
    /// What it showed.
    pub time: Timestamp,
    /// When, as exactly as the answer's way allows.
    pub at: Instant,
}

impl ClockReading {
    /// When it will show a time, as far as can be told; now where it has shown it already.
    pub fn when(&self, time: Timestamp) -> Option<Instant> {
        let wait = time.duration_since(self.time);
        self.at.checked_add(wait.try_into().unwrap_or_default())
    }
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// For whom one may play; told before [`Reply::Opened`], and only by a server.
    Seated(Seat),
    /// The database is open and these are its players.
    Opened {
        /// Everyone, or the first, or those around the one who was sought.
        window: Window,
        /// Who is remembered to have been played last, where nobody was asked for and that one is
        /// still there.
        last: Option<PlayerId>,
        /// Presses of earlier runs that now come from the outbox.
        kept: u64,
        /// What the database lets its user do.
        rights: Rights,
    },
    /// What the database demands of its players; told after [`Reply::Opened`], and only if anything.
    Rules(Rules),
    /// Players that changed or came, and players that went.
    Changed {
        /// As they are now; shared, since a server tells them to every guest.
        players: Arc<[Player]>,
        /// No longer there.
        gone: Vec<PlayerId>,
    },
    /// Another part of the list, or the same anew.
    Shown(Aim, Window),
    /// Who stands around a player; nothing if the player was removed. A player who moved while it
    /// was read may be missing from it.
    Surrounded(PlayerId, Option<Window>),
    /// What a search has found so far.
    Found(FoundPlayers),
    /// They can't be read, and why: a whole sentence.
    NotFound(Say),
    /// The best of those who bear a name, if anybody does as far as that can be told.
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
    /// How many presses of this run, which wait during a trouble, are kept on this machine.
    Kept(u64),
    /// What others do can't be read now.
    WatchTrouble(Trouble),
    /// It can again.
    WatchRecovered,
    /// How long an answer of the server takes; told where it differs from what was told before by
    /// so much that it is worth a look.
    RoundTrip(Duration),
    /// A change of the list is committed; an added player comes with the key.
    Done(Change, Player),
    /// A change of the list was not made.
    Failed(Change, Say),
    /// What everyone has scored in a period.
    Ranked {
        /// The period.
        period: Period,
        /// When this was so.
        clock: ClockReading,
        /// The best, and the picked player.
        ranking: Ranking,
    },
    /// What a player has scored and when, and in which sprints and races.
    Recalled {
        /// Who.
        player: PlayerId,
        /// When this was so.
        clock: ClockReading,
        /// What is kept.
        record: Record,
    },
    /// The database does not tell what was scored when, and why: a whole sentence.
    Forgotten(Say),
    /// This machine slept or its clock was set: what was to come at a time may be due.
    ClockMoved,
    /// The boards of sprints, and this player's own bests.
    Bests(PlayerId, Bests),
    /// They can't be read, and why: a whole sentence.
    NoBests(Say),
    /// A sprint is kept, if it was its player's best.
    SprintKept(Sprinted),
    /// A sprint can't be kept, and why: a whole sentence.
    SprintUnkept(Sprinted, Say),
    /// Somebody has opened a race, which may have begun by now.
    RaceOpened(Race, Sample),
    /// The race that was asked for is entered.
    RaceEntered(PlayerId, Entered),
    /// It is not, and why: a whole sentence.
    RaceMissed(Say),
    /// How the race that is watched stands; none where it is no more.
    RaceSeen(RaceId, Option<Race>, Sample),
    /// It can't be watched, and why: a whole sentence.
    RaceUnseen(Say),
    /// The last races, the latest first.
    Races(Vec<Race>),
    /// They can't be read, and why: a whole sentence.
    NoRaces(Say),
    /// A sentence to read.
    Notice(Say),
    /// The rest that was asked for has begun.
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
    /// The database is damaged, is none, or is newer than this program.
    Damaged,
    /// A fault of this program.
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
