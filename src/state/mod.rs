//! All that the screen shows and the keys act on; `update` alone changes it.

mod about;
mod contest;
mod form;
mod history;
mod known;
mod list;
mod mode;
mod race;
mod replay;
mod rows;
mod seat;
mod sprint;
mod status;
mod times;
mod update;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tui_input::Input;

use crate::game::contest::Length;
use crate::game::{
    Bell, Effects, FoundPlayers, HeldKeys, Hold, Moves, Pace, Player, PlayerId, Rules, Standings,
    Tally,
};
use crate::message::{BrokenKind, Farewell, Rights, Seat, Stop};
use crate::words::Say;

pub use crate::game::contest::Kind;
pub use about::Clipboard;
pub use contest::{Contest, Phase, Rival};
pub use form::{Field, Form, Purpose};
pub use history::HistoryView;
pub use known::Known;
pub use mode::{Context, Mode};
pub use race::{Offer, OwnRacer, REPORTED, RESULT_PATIENCE, Racers};
pub use replay::{Film, Replay, ReplayLane};
pub use sprint::{Ghost, SAVE_PATIENCE, SprintKept};
pub use status::{Status, Troubled};
pub use times::{AGAIN, PICKED, Times};
pub use update::update;

/// How long the button stays down after a press: long enough to see, short enough to show each of
/// eight presses a second.
pub const BUTTON_DOWN: Duration = Duration::from_millis(110);

/// How long a suspend waits for the transaction in flight, so that a stopped process holds no lock.
pub const REST_PATIENCE: Duration = Duration::from_secs(2);

/// How long leaving waits for a player who is being added and for whom there are presses already.
pub const ADD_PATIENCE: Duration = Duration::from_secs(3);

/// How many sentences a notice may have that is continued by the next.
pub const NOTICE_SENTENCES: usize = 3;

/// How long a notice stays whatever is pressed on the button, so that a fast player can read it.
pub const NOTICE_READ: Duration = Duration::from_secs(2);

/// The least time between two frames that show what others did.
pub const OTHERS_FRAME: Duration = Duration::from_millis(100);

/// The part of the list that the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    /// The first row shown, counted from 0.
    pub top: usize,
    /// How many rows there is room for.
    pub rows: usize,
}

/// A player that is being added, and the presses made for it meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Adding {
    /// The name as typed.
    pub name: String,
    /// Presses that wait for the player's key.
    pub presses: u64,
    /// Whether presses are for this player, as long as nobody else is picked meanwhile.
    pub picked: bool,
}

/// How the game ended, for the exit code and the last words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// What became of uncommitted presses.
    pub farewell: Farewell,
    /// The failure that ended it, with its sentence.
    pub broken: Option<(BrokenKind, Say)>,
    /// Whether a sprint was on, which is void with it.
    pub sprint_void: bool,
    /// What made it end from outside.
    pub stop: Option<Stop>,
    /// What was done, in a sentence a line; nothing where nothing was scored.
    pub summary: Vec<Say>,
}

/// Presses over the database's limit, as the last sentence about them says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OverRate {
    presses: u64,
    told: Instant,
    sentence: Say,
}

/// The whole state of the game.
#[derive(Debug, Clone)]
pub struct State {
    /// Where the scores live, for the header.
    pub place: String,
    /// The players, or those around what the screen shows; empty until loaded.
    pub standings: Standings,
    /// Those around the picked player, where that one is not in the midst of these.
    pub around: Option<Standings>,
    /// Players who are not there and are known all the same: found, picked or ranked by a period.
    pub known: HashMap<PlayerId, Player>,
    /// What a search has found, where the list is not everyone.
    pub finds: Option<FoundPlayers>,
    /// Whether the database has answered.
    pub loaded: bool,
    /// What the database lets its user do; everything, until it has answered.
    pub rights: Rights,
    /// For whom one may play.
    pub seat: Seat,
    /// The player that a press scores for.
    pub picked: Option<PlayerId>,
    /// This run's presses.
    pub tallies: HashMap<PlayerId, Tally>,
    /// Who has the keys.
    pub mode: Mode,
    /// What the list is filtered by; empty for everyone.
    pub filter: Input,
    /// The part of the list in sight.
    pub viewport: Viewport,
    /// What keeps presses from being saved.
    pub trouble: Option<Troubled>,
    /// What keeps others' changes from being seen.
    pub blind: Option<Troubled>,
    /// How long an answer of the server takes, where there is a server.
    pub round_trip: Option<Duration>,
    /// Who plays, and how fast.
    pub pace: Pace,
    /// Whose rank has just changed.
    pub moves: Moves,
    /// What moves for a moment, and what is celebrated.
    pub effects: Effects,
    /// The past, as far as it is known.
    pub times: Times,
    /// The race that one could join or watch.
    pub offer: Option<Offer>,
    /// One sentence to read, until the next key that comes when it could be read.
    pub notice: Option<Say>,
    /// Until when the button is shown down.
    pub button_down_until: Option<Instant>,
    /// Whether the button's key is down, where the terminal tells of its release.
    pub key_is_down: bool,
    /// Whether the terminal tells repeats and releases of keys from presses.
    pub keys_reported: bool,
    /// What the player wants a held key to score.
    pub held_keys: Option<HeldKeys>,
    /// What the database demands, which goes before what the player wants.
    pub rules: Rules,
    /// Whether the mouse is ours.
    pub mouse: bool,
    /// The names of the themes, in the order in which a key goes through them.
    pub themes: Vec<String>,
    /// The theme in use, counted from 0.
    pub theme: usize,
    /// Whether the terminal takes a text to copy.
    pub clipboard: Clipboard,
    /// Whether a theme that is chosen is kept for the next run.
    pub keeps_theme: bool,
    /// The key that shows every key, for the sentence about one that does nothing.
    pub help_key: String,
    /// The key that leaves the game, for the sentence about one that no longer closes anything.
    pub quit_key: String,
    /// A player on the way into the database.
    pub adding: Option<Adding>,
    /// The terminal's bell.
    pub bell: Bell,
    /// Presses of an earlier run that are still to be delivered.
    pub kept: u64,
    /// By how many rows the table of keys is scrolled, where it is open over everything else.
    pub help: Option<usize>,
    /// Set once the game is to end.
    pub leaving: bool,
    /// Set once the worker has ended.
    pub ended: Option<Ended>,
    /// The length that the next contest is offered with.
    length: Length,
    help_overflow: usize,
    asked: list::OpenQuestions,
    matches: Vec<PlayerId>,
    removing: Option<PlayerId>,
    start_with: Option<String>,
    login: String,
    /// The name that the form for a new player holds, until this player is there or somebody else is
    /// played for.
    newcomer: Option<String>,
    /// How this run has gone, by player.
    sessions: HashMap<PlayerId, update::RunStats>,
    /// Who is remembered to have been played last.
    last_played: Option<PlayerId>,
    stop: Option<Stop>,
    /// Set where the game was left in a sprint.
    sprint_void: bool,
    rest_until: Option<Instant>,
    leave_by: Option<Instant>,
    notice_since: Option<Instant>,
    /// Presses of this run that wait in the outbox.
    kept_here: u64,
    /// Set while the process may have been stopped since the others were last looked at.
    asleep: bool,
    others_drawn: Option<Instant>,
    others_due: Option<Instant>,
    redraw: bool,
    hold: Hold,
    /// Whether it was said what the key that is held scores.
    hold_is_told: bool,
    over_rate: Option<OverRate>,
}

impl State {
    /// A state that knows nobody yet.
    ///
    /// `place` is shown in the header. `start_with` is the player to start on; `login` is whom to
    /// start on where nobody is remembered either, and what the form for a newcomer holds.
    pub fn new(place: String, start_with: Option<String>, login: String, mouse: bool) -> Self {
        Self {
            place,
            standings: Standings::default(),
            around: None,
            known: HashMap::new(),
            finds: None,
            loaded: false,
            rights: Rights::ALL,
            seat: Seat::default(),
            picked: None,
            tallies: HashMap::new(),
            mode: Mode::Play,
            filter: Input::default(),
            viewport: Viewport { top: 0, rows: 1 },
            trouble: None,
            blind: None,
            round_trip: None,
            pace: Pace::default(),
            moves: Moves::default(),
            effects: Effects::default(),
            times: Times::default(),
            offer: None,
            notice: None,
            button_down_until: None,
            key_is_down: false,
            keys_reported: false,
            held_keys: None,
            rules: Rules::default(),
            mouse,
            themes: Vec::new(),
            theme: 0,
            clipboard: Clipboard::default(),
            keeps_theme: false,
            help_key: "?".to_owned(),
            quit_key: "q".to_owned(),
            adding: None,
            bell: Bell::default(),
            kept: 0,
            leaving: false,
            ended: None,
            length: Length::Ten,
            help_overflow: 0,
            help: None,
            asked: list::OpenQuestions::default(),
            matches: Vec::new(),
            removing: None,
            start_with,
            login,
            newcomer: None,
            sessions: HashMap::new(),
            last_played: None,
            stop: None,
            sprint_void: false,
            rest_until: None,
            leave_by: None,
            notice_since: None,
            kept_here: 0,
            asleep: false,
            others_drawn: None,
            others_due: None,
            redraw: true,
            hold: Hold::default(),
            hold_is_told: false,
            over_rate: None,
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

    /// The player on the way into the database, where presses are for that one.
    pub fn picked_adding(&self) -> Option<&Adding> {
        self.adding.as_ref().filter(|adding| adding.picked)
    }

    /// Whether this player is still to be added, or to be found in the list.
    pub fn is_newcomer(&self) -> bool {
        self.newcomer.is_some()
    }

    /// Whether the button is to be drawn down.
    pub fn button_is_down(&self) -> bool {
        self.button_down_until.is_some() || self.key_is_down
    }

    /// When `update` wants a [`crate::message::Message::Tick`], if ever.
    pub fn wake_at(&self, now: Instant) -> Option<Instant> {
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
            self.contest_due(now),
            countdown(&self.trouble),
            countdown(&self.blind),
        ];
        alarms.into_iter().flatten().min()
    }

    /// Whether the screen must be drawn anew.
    pub fn wants_redraw(&self) -> bool {
        self.redraw
    }

    /// The same; asking sets it back.
    pub fn take_redraw(&mut self) -> bool {
        let redraw = std::mem::take(&mut self.redraw);
        if redraw {
            self.others_due = None;
        }
        redraw
    }

    /// Asks for a frame though nothing changed, as after a resize.
    pub fn request_redraw(&mut self) {
        self.redraw = true;
    }
}
