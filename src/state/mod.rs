//! The whole state of the game. Only `update` changes it.

mod about;
mod clipboard;
mod contest;
mod editing;
mod fetched;
mod form;
mod history;
mod keys;
mod leaving;
mod list;
mod lively;
mod mode;
mod notices;
mod offer;
mod picking;
mod race;
mod replay;
mod replies;
mod rows;
mod seat;
mod sprint;
mod status;
mod summary;
mod themes;
mod times;
mod typing;
mod update;

use std::time::{Duration, Instant};

use tui_input::Input;
use unicode_segmentation::UnicodeSegmentation;

use crate::game::contest::Length;
use crate::game::{
    Bell, ByPlayer, Effects, Expiring, FoundPlayers, HeldKeys, HoldDetector, Pace, Player,
    PlayerId, Rules, Standings, Tally, WINDOW,
};
use crate::message::{BrokenKind, Effect, Farewell, Rights, Seat, Stop};
use crate::words::Say;

pub use crate::game::contest::Kind;
pub use clipboard::Clipboard;
pub use contest::{Contest, Phase, Rival};
pub use fetched::Fetched;
pub use form::{Field, Form, Purpose};
pub use history::HistoryView;
pub use mode::{Context, Mode};
pub use offer::Offer;
pub use race::{OwnRacer, REPORTED, RESULT_PATIENCE, Racers};
pub use replay::{Recording, Replay, ReplayLane};
pub use sprint::{Ghost, SAVE_PATIENCE, SprintKept};
pub use status::{Status, Troubled};
pub use times::{AGAIN, PICKED, Times};
pub use update::update;

/// How long the button stays down after a press. It is long enough to see, and short enough to show
/// each of eight presses a second.
pub const BUTTON_DOWN: Duration = Duration::from_millis(110);

/// How long a suspend waits for the running transaction, so that a stopped process holds no lock.
pub const REST_PATIENCE: Duration = Duration::from_secs(2);

/// How long leaving waits for a player who is being added and already has presses.
pub const ADD_PATIENCE: Duration = Duration::from_secs(3);

/// The most sentences in a notice to which another one is added.
pub const NOTICE_SENTENCES: usize = 3;

/// How long a notice stays even if presses follow, so that a fast player can read it.
pub const NOTICE_READ: Duration = Duration::from_secs(2);

/// The least time between two frames for changes by others.
pub const OTHERS_FRAME: Duration = Duration::from_millis(100);

/// The part of the list that the screen shows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Viewport {
    /// The first row shown, counted from 0.
    pub top: usize,
    /// How many rows there is room for.
    pub rows: usize,
}

/// A player who is being added, and the presses made for that player meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adding {
    /// The name as typed.
    pub name: String,
    /// The presses so far; they can be sent once the player has a key.
    pub presses: u64,
    /// Whether presses are for this player. Ends when somebody else is picked.
    pub picked: bool,
}

/// How the game ended, for the exit code and the last messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What became of uncommitted presses.
    pub farewell: Farewell,
    /// The failure that ended it, with its sentence.
    pub broken: Option<(BrokenKind, Say)>,
    /// Whether a sprint was running, which is void now.
    pub sprint_void: bool,
    /// The signal or hang-up that ended it.
    pub stop: Option<Stop>,
    /// A summary of the run, one sentence a line. Empty if nothing was scored.
    pub summary: Vec<Say>,
}

impl Ended {
    /// The end by a failure, before the state has an end of its own.
    pub fn failed(kind: BrokenKind, why: Say, farewell: Farewell) -> Self {
        Self {
            farewell,
            broken: Some((kind, why)),
            sprint_void: false,
            stop: None,
            summary: Vec::new(),
        }
    }
}

/// Presses over the database's limit, and the last sentence about them.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OverRate {
    presses: u64,
    told: Instant,
    sentence: Say,
}

/// The whole state of the game.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// The database's name, for the header.
    pub place: String,
    /// The loaded part of the ranking; empty until the database has answered.
    pub standings: Standings,
    /// How many players to load at a time.
    pub part: usize,
    /// The players around the picked one, if that one is not in the loaded part.
    pub around: Option<Standings>,
    /// Further players who are known: found, picked, or ranked in a period.
    pub known: ByPlayer<Player>,
    /// Search results, if not all players are loaded.
    pub search_results: Option<FoundPlayers>,
    /// Whether the database has answered.
    pub loaded: bool,
    /// What the database user may do. Everything, until the database has answered.
    pub rights: Rights,
    /// The players that this game may score for.
    pub seat: Seat,
    /// The player that a press scores for.
    pub picked: Option<PlayerId>,
    /// This run's presses by player.
    pub tallies: ByPlayer<Tally>,
    /// What is open and receives the keys.
    pub mode: Mode,
    /// The filter of the list; empty for everyone.
    pub filter: Input,
    /// The visible part of the list.
    pub viewport: Viewport,
    /// The trouble that keeps presses from being saved.
    pub trouble: Option<Troubled>,
    /// The trouble that keeps changes by others from being read.
    pub watch_trouble: Option<Troubled>,
    /// How long an answer of the server takes; none without a server.
    pub round_trip: Option<Duration>,
    /// Who plays, and how fast.
    pub pace: Pace,
    /// The old ranks of players who have just moved in the ranking.
    moves: Expiring<usize>,
    /// Animations and celebrations.
    pub effects: Effects,
    /// Points by time: the ranking of a period, and the picked player's history.
    pub times: Times,
    /// The race that can be joined or watched.
    pub offer: Option<Offer>,
    /// A notice to read. It stays until the first key after it could be read.
    pub notice: Option<Say>,
    /// Until when the button is drawn down.
    pub button_down_until: Option<Instant>,
    /// Whether the button's key is down; known only where the terminal reports releases.
    pub key_is_down: bool,
    /// Whether the terminal reports repeats and releases of keys.
    pub keys_reported: bool,
    /// The player's setting for held keys.
    pub held_keys: Option<HeldKeys>,
    /// The database's rules, which override the player's settings.
    pub rules: Rules,
    /// Whether the game captures the mouse.
    pub mouse: bool,
    /// The names of the themes, in the order of the list.
    pub themes: Vec<String>,
    /// The current theme, counted from 0.
    pub theme: usize,
    /// Whether the terminal can copy a text.
    pub clipboard: Clipboard,
    /// Whether a chosen theme is saved for the next run.
    pub keeps_theme: bool,
    /// The key for help, for the sentence about a key that does nothing.
    pub help_key: String,
    /// The key that quits, for the sentence about a key that closes nothing.
    pub quit_key: String,
    /// The player who is being added.
    pub adding: Option<Adding>,
    /// The terminal's bell.
    pub bell: Bell,
    /// Presses of an earlier run that are not delivered yet.
    pub kept: u64,
    /// The scroll position of the table of keys, if it is open.
    pub help: Option<usize>,
    /// Set once the game is to end.
    pub leaving: bool,
    /// Set once the worker has ended.
    pub ended: Option<Ended>,
    /// The chosen length for the next contest.
    length: Length,
    help_overflow: usize,
    asked: list::OpenQuestions,
    /// The players of the ranking whom the filter leaves.
    matches: Standings,
    removing: Option<PlayerId>,
    start_with: Option<String>,
    login: String,
    /// The suggested name for a new player. It is kept until this player exists or somebody else is
    /// played for.
    newcomer: Option<String>,
    /// How this run has gone, by player.
    sessions: ByPlayer<summary::RunStats>,
    /// The player who is remembered as played last.
    last_played: Option<PlayerId>,
    stop: Option<Stop>,
    /// Set if the game was left during a sprint.
    sprint_void: bool,
    rest_until: Option<Instant>,
    leave_by: Option<Instant>,
    notice_since: Option<Instant>,
    /// Presses of this run that wait in the outbox.
    kept_here: u64,
    /// Set if the process may have been stopped since the last poll for changes by others.
    asleep: bool,
    others_drawn: Option<Instant>,
    others_due: Option<Instant>,
    redraw: bool,
    hold: HoldDetector,
    /// Whether the notice about the held key was shown.
    hold_is_told: bool,
    over_rate: Option<OverRate>,
    /// What the event loop is asked to do after the message that is being handled.
    to_do: Vec<Effect>,
}

impl State {
    /// A state before the database has answered.
    ///
    /// `place` is shown in the header. `start_with` is the name of the player to start with.
    /// `login` is the name to start with if nobody is remembered, and the suggestion in the form
    /// for a new player.
    pub fn new(place: String, start_with: Option<String>, login: String, mouse: bool) -> Self {
        Self {
            place,
            start_with,
            login,
            mouse,
            rights: Rights::ALL,
            viewport: Viewport { top: 0, rows: 1 },
            help_key: "?".to_owned(),
            quit_key: "q".to_owned(),
            part: WINDOW as usize,
            redraw: true,
            ..Self::default()
        }
    }

    /// This run's presses for a player.
    pub fn tally(&self, player: PlayerId) -> Tally {
        self.tallies.get(&player).copied().unwrap_or_default()
    }

    /// The player that a press scores for.
    pub fn picked_player(&self) -> Option<&Player> {
        self.picked.and_then(|id| self.player(id))
    }

    /// The player who is being added, if presses are for that player.
    pub fn picked_adding(&self) -> Option<&Adding> {
        self.adding.as_ref().filter(|adding| adding.picked)
    }

    /// Whether nobody is picked yet, and a new player is expected.
    pub fn is_newcomer(&self) -> bool {
        self.newcomer.is_some()
    }

    /// By how many ranks a player who is now at `rank` has just moved. Up is positive.
    pub fn moved_by(&self, id: PlayerId, rank: usize) -> isize {
        let from = self.moves.get(id).copied().unwrap_or(rank);
        from.cast_signed() - rank.cast_signed()
    }

    /// Whether the button is to be drawn down.
    pub fn button_is_down(&self) -> bool {
        self.button_down_until.is_some() || self.key_is_down
    }

    /// When `update` needs the next [`crate::message::Message::Tick`], if at all.
    pub fn wake_at(&self, now: Instant) -> Option<Instant> {
        let contest = self.contest();
        let countdown = |troubled: &Option<Troubled>| troubled.as_ref()?.next_second(now);
        let alarms = [
            self.button_down_until,
            self.rest_until,
            self.leave_by,
            self.pace.due(),
            self.moves.due(),
            self.effects.due(),
            self.others_due,
            self.times.due(),
            self.offer.as_ref().map(Offer::due),
            contest.and_then(|contest| contest.due(now, self.is_lively())),
            countdown(&self.trouble),
            countdown(&self.watch_trouble),
        ];
        alarms.into_iter().flatten().min()
    }

    /// Whether the screen has to be redrawn.
    pub fn wants_redraw(&self) -> bool {
        self.redraw
    }

    /// Whether the screen has to be redrawn. Asking clears it.
    pub fn take_redraw(&mut self) -> bool {
        let redraw = std::mem::take(&mut self.redraw);
        if redraw {
            self.others_due = None;
        }
        redraw
    }

    /// Requests a frame although nothing changed, for example after a resize.
    pub fn request_redraw(&mut self) {
        self.redraw = true;
    }
}

/// A player's name, cut so that it fits into a sentence.
fn short(name: &str) -> Box<Say> {
    let mut clusters = name.trim().graphemes(true);
    let start: String = clusters.by_ref().take(24).collect();
    match (start.is_empty(), clusters.next()) {
        (true, _) => Say::NamelessPlayer.into(),
        (false, None) => start.into(),
        (false, Some(_)) => (start + "…").into(),
    }
}
