//! The words the rooms say to each other: plain data that can be compared and printed.

use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tui_input::InputRequest;

use crate::game::race::{Entered, Entrance, Race, RaceId, Sample, Standing};
use crate::game::sprint::{Bests, Sprinted};
use crate::game::{Aim, Entry, Period, Player, PlayerId, Points, Quarter, Rules, Window};
use crate::words::Say;

/// What a key can mean; the keymap binds keys to these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Score a point for the picked player.
    Press,
    /// Pick the player above.
    Up,
    /// Pick the player below.
    Down,
    /// Pick a player one viewport higher.
    PageUp,
    /// Pick a player one viewport lower.
    PageDown,
    /// Pick the first player.
    First,
    /// Pick the last player.
    Last,
    /// Open the form for a new player.
    Add,
    /// Open the form for the picked player.
    Edit,
    /// Ask whether to remove the picked player.
    Remove,
    /// Type into the filter.
    Filter,
    /// Rank the list by the next period.
    Period,
    /// Show what the picked player scored when.
    History,
    /// Go one step back in time.
    Earlier,
    /// Go one step forth in time.
    Later,
    /// Sprint against the clock: choose how long, and again after a sprint.
    Sprint,
    /// Race against others: choose how long, and again after a race.
    Race,
    /// Join the race that somebody has opened, or watch it.
    Join,
    /// Show all keys.
    Help,
    /// Let the terminal have the mouse, or take it back.
    Mouse,
    /// Show everything in the next theme.
    Theme,
    /// Say yes to what is asked, or take what was typed.
    Accept,
    /// Step back: close, clear, say no; at the top level, leave.
    Back,
    /// Go to the form's next field.
    NextField,
    /// Go to the form's previous field.
    PreviousField,
    /// Stop the process as Ctrl-Z does in a shell.
    Suspend,
    /// Leave the game.
    Quit,
    /// Leave even though presses are still waiting; they go to the outbox.
    QuitNow,
}

/// One thing that happened, whoever it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A key that the keymap knows.
    Action(Action),
    /// The keyboard's repeat of a button's key that is held, from a terminal that says so.
    Held,
    /// A button's key was let go.
    Released,
    /// From now on the terminal tells repeats and releases from presses.
    KeysReported,
    /// A key for the text field that has the focus.
    Type(InputRequest),
    /// Text that the terminal says was pasted.
    Paste(String),
    /// A click on a player's row.
    Pick(PlayerId),
    /// The wheel: rows to scroll, downwards positive.
    Scroll(i32),
    /// How much the screen now shows.
    Viewport(Metrics),
    /// A key that means nothing here, by its label.
    Unbound(String),
    /// An answer of the worker.
    Reply(Reply),
    /// The time asked for by `State::wake_at` has come.
    Tick,
    /// The terminal has not taken the last frame for a while, so that there is none now.
    Behind,
    /// The process was told to end, by a signal or because its terminal is gone.
    Stop(Stop),
    /// The process was told to stop for a while (SIGTSTP).
    Suspended,
}

/// What the state must know of the screen's size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Metrics {
    /// Rows of the player list in sight.
    pub list_rows: usize,
    /// Rows by which the table of keys can be scrolled.
    pub help_overflow: usize,
}

/// Why the program was told to end from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// A signal, by its number.
    Signal(i32),
    /// The terminal gave end of input or an error.
    TerminalGone,
}

impl Stop {
    /// Whether the terminal went away. The kernel, the shell and the terminal itself each tell of
    /// it, so that a second one is no second wish.
    pub fn is_hang_up(self) -> bool {
        self == Self::TerminalGone || self == Self::Signal(rustix::process::Signal::HUP.as_raw())
    }
}

/// What the worker is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// One press for one player.
    Press(PlayerId),
    /// Add a player.
    Add(Entry),
    /// Change a player's name and e-mail.
    Edit(PlayerId, Entry),
    /// Remove a player with the score.
    Remove(PlayerId),
    /// Tell who plays in the place of the first, if the list is not everyone: the best of this name.
    /// It is for the opening, so it has to come before that.
    Seek(String),
    /// Show another part of the list.
    Show(Aim),
    /// Tell who stands around a player.
    Surround(PlayerId),
    /// Tell who has this, in lower case, in the name or the e-mail; with nothing, search no more.
    Search(String),
    /// Tell what everyone has scored in the present period, as this zone has it.
    Rank(Period, TimeZone),
    /// Tell what a player has scored and when.
    Recall(PlayerId),
    /// Tell the boards of sprints and a player's own bests.
    Bests(PlayerId),
    /// Keep a sprint if it is its player's best.
    KeepSprint(Sprinted),
    /// Race for a player, and tell of the race as [`Command::WatchRace`] does.
    Race(PlayerId, Entrance),
    /// Tell the database how far a racer is.
    ReportRace(Progress),
    /// Tell of a race again and again until it is closed, and of no other; none ends it.
    WatchRace(Option<RaceId>),
    /// Tell the last races.
    Races,
    /// Finish the transaction in flight and begin none until [`Command::Resume`].
    Rest,
    /// Go on after a rest.
    Resume,
    /// Commit what waits, within the drain's time, then end.
    Leave,
    /// End now; what waits goes to the outbox.
    LeaveNow,
}

/// How far a racer of this run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// In which race.
    pub race: RaceId,
    /// For whom.
    pub player: PlayerId,
    /// The presses of the race that are committed.
    pub presses: u64,
    /// How the racer stands to the race.
    pub standing: Standing,
}

/// What `update` asks of the program around it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send this to the worker.
    Tell(Command),
    /// Switch the terminal's mouse reports on or off.
    CaptureMouse(bool),
    /// Draw in this theme from now on, counted from 0 in the order of [`crate::state::State::themes`].
    Wear(usize),
    /// Send the process group SIGTSTP, as the terminal's own Ctrl-Z would.
    RaiseSuspend,
    /// Give the terminal back and stop until SIGCONT.
    Suspend,
}

/// What an edit of the player list was about, for the sentence that reports on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A player was to be added.
    Add(Entry),
    /// A player was to be changed.
    Edit(PlayerId, Entry),
    /// A player was to be removed.
    Remove(PlayerId),
}

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

/// What the database lets its user do, as far as is known; what it refuses all the same is told by
/// the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rights {
    /// Score points.
    pub play: bool,
    /// Add players.
    pub add: bool,
    /// Change players' names and e-mails.
    pub edit: bool,
    /// Remove players.
    pub remove: bool,
}

impl Rights {
    /// Everything.
    pub const ALL: Self = Self {
        play: true,
        add: true,
        edit: true,
        remove: true,
    };

    /// Whether an action may be done; true for all that the database has no say in.
    pub fn allow(self, action: Action) -> bool {
        match action {
            Action::Press | Action::Sprint | Action::Race => self.play,
            Action::Add => self.add,
            Action::Edit => self.edit,
            Action::Remove => self.remove,
            _ => true,
        }
    }
}

/// What the database's clock showed, and when that was here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clock {
    /// What it showed.
    pub time: Timestamp,
    /// When, as exactly as the answer's way allows.
    pub at: Instant,
}

impl Clock {
    /// When it will show a time, as far as can be told; now where it has shown it already.
    pub fn when(&self, time: Timestamp) -> Option<Instant> {
        let wait = time.duration_since(self.time);
        self.at.checked_add(wait.try_into().unwrap_or_default())
    }
}

/// What the worker answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// The database is open and these are its players.
    Opened {
        /// Everyone, or the first, or those around the one who was sought.
        window: Window,
        /// Presses of earlier runs that now come from the outbox.
        kept: u64,
        /// What the database lets its user do.
        rights: Rights,
    },
    /// What the database demands of its players; told after [`Reply::Opened`], and only if anything.
    Rules(Rules),
    /// Players that changed or came, and players that went.
    Changed {
        /// As they are now.
        players: Vec<Player>,
        /// No longer there.
        gone: Vec<PlayerId>,
    },
    /// Another part of the list, or the same anew.
    Shown(Aim, Window),
    /// Who stands around a player; with nobody at all where that one is gone.
    Surrounded(PlayerId, Window),
    /// What a search has found so far.
    Found {
        /// What was searched for.
        wanted: String,
        /// The players in the order of the ranking.
        players: Vec<Player>,
        /// The ranks of the first of them, in their order, as far as they are known.
        ranks: Vec<u64>,
        /// Whether there are more than are told.
        more: bool,
        /// Whether everyone was looked at.
        done: bool,
    },
    /// They can't be read, and why: a whole sentence.
    NotFound(Say),
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
    Calm,
    /// So many presses of this run, which wait during a trouble, are kept on this machine.
    Kept(u64),
    /// What others do can't be read now.
    Blind(Trouble),
    /// It can again.
    Sighted,
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
        clock: Clock,
        /// Whose score was written to in it: the best, and the picked player if asked for.
        points: Vec<Points>,
        /// The same players.
        players: Vec<Player>,
        /// How many players stand before the picked one, if that one has any.
        above: Option<u64>,
        /// How many players have any.
        scorers: u64,
    },
    /// What a player has scored and when.
    Recalled {
        /// Who.
        player: PlayerId,
        /// When this was so.
        clock: Clock,
        /// The score.
        score: i64,
        /// The points of each quarter hour that has any.
        quarters: Vec<(Quarter, i64)>,
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
