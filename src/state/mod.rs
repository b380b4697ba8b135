//! All that the screen shows and the keys act on; `update` alone changes it.

mod form;
mod history;
mod list;
mod race;
mod rows;
mod sprint;
mod times;
mod update;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use tui_input::Input;

use crate::game::sprint::Length;
use crate::game::{
    Effects, HeldKeys, Hold, Moves, Pace, Player, PlayerId, Rules, Standings, Tally,
};
use crate::message::{BrokenKind, Farewell, Rights, Stop, Trouble};
use crate::words::Say;

pub use form::{Field, Form, Purpose};
pub use history::History;
pub use list::Finds;
pub use race::{Contest, LastRaces, Live, Offer, Own, REPORTED, RESULT_PATIENCE, RacePhase, Stage};
pub use sprint::{Kept, Known, Phase, SAVE_PATIENCE, Sprint};
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

/// Who has the keys.
#[derive(Debug, Clone)]
pub enum Mode {
    /// The list and the button.
    Play,
    /// The filter's text field; moving still works.
    Filter,
    /// The form for a new or a changed player.
    Form(Form),
    /// The question whether to remove this player.
    Confirm(PlayerId),
    /// The table of keys, scrolled by this many rows.
    Help(usize),
    /// What the picked player scored when.
    History(History),
    /// A sprint, in the place of the list.
    Sprint(Sprint),
    /// A race, there too.
    Race(Contest),
}

/// The set of bindings that is in force; the keymap is looked up by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// The list and the button.
    Play,
    /// The filter's text field.
    Filter,
    /// The form's text fields.
    Form,
    /// A yes-or-no question.
    Confirm,
    /// The table of keys.
    Help,
    /// The history of a player.
    History,
    /// The choice of how long to sprint.
    Sprint,
    /// A sprint that is on, and its result.
    Sprinting,
    /// The choice of how long to race.
    Race,
    /// A race that is asked for or on, and its result.
    Racing,
    /// Leaving, while presses are still being saved.
    Leaving,
}

impl Context {
    /// Where the button's key scores.
    pub const PLAYED: [Self; 3] = [Self::Play, Self::Sprinting, Self::Racing];
}

/// The part of the list that the screen shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewport {
    /// The first row shown, counted from 0.
    pub top: usize,
    /// How many rows there is room for.
    pub rows: usize,
}

/// A trouble and the moment of the next try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Troubled {
    /// What the worker said.
    pub trouble: Trouble,
    /// When it will try again.
    pub next_try: Instant,
    /// Whole seconds until then, as of the last message.
    pub seconds_left: u64,
}

impl Troubled {
    /// A trouble that begins now.
    fn new(trouble: Trouble, now: Instant) -> Self {
        let mut troubled = Self {
            next_try: now + trouble.retry_in,
            trouble,
            seconds_left: 0,
        };
        troubled.count_down(now);
        troubled
    }

    /// Counts down to the next try; true where the number of seconds changed.
    fn count_down(&mut self, now: Instant) -> bool {
        let left = self.next_try.saturating_duration_since(now);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        std::mem::replace(&mut self.seconds_left, seconds) != seconds
    }

    /// When the number of seconds next changes, if it does.
    fn next_second(&self, now: Instant) -> Option<Instant> {
        let left = self.next_try.saturating_duration_since(now);
        (left > Duration::ZERO).then(|| {
            now + match left.subsec_nanos() {
                0 => Duration::from_secs(1),
                nanos => Duration::from_nanos(nanos.into()),
            }
        })
    }
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
}

/// Presses over the database's limit, as the last sentence about them says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct OverRate {
    presses: u64,
    told: Instant,
    sentence: Say,
}

/// What the one line of state tells; the words are the screen's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status<'a> {
    /// The first answer of the database is still to come.
    Loading,
    /// The database can't be opened now; it is tried again.
    LoadingTrouble(&'a Troubled),
    /// Every press is committed.
    Saved,
    /// So many presses are not committed yet.
    Saving(u64),
    /// So many presses wait for the store to work again.
    Waiting(u64, &'a Troubled),
    /// What others do can't be read, while so many presses are not committed yet.
    Blind(u64, &'a Troubled),
    /// The game is ending once so many presses are committed.
    Leaving(u64),
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
    pub finds: Option<Finds>,
    /// Whether the database has answered.
    pub loaded: bool,
    /// What the database lets its user do; everything, until it has answered.
    pub rights: Rights,
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
    /// The key that shows every key, for the sentence about one that does nothing.
    pub help_key: String,
    /// A player on the way into the database.
    pub adding: Option<Adding>,
    /// Presses of an earlier run that are still to be delivered.
    pub kept: u64,
    /// Set once the game is to end.
    pub leaving: bool,
    /// Set once the worker has ended.
    pub ended: Option<Ended>,
    /// The length that the next sprint or race is offered with.
    sprint_length: Length,
    help_overflow: usize,
    asked: list::Asked,
    matches: Vec<PlayerId>,
    removing: Option<PlayerId>,
    start_with: Option<String>,
    login: String,
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
    /// start on else, and what the form for the first player holds.
    pub fn new(place: String, start_with: Option<String>, login: String, mouse: bool) -> Self {
        Self {
            place,
            standings: Standings::default(),
            around: None,
            known: HashMap::new(),
            finds: None,
            loaded: false,
            rights: Rights::ALL,
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
            help_key: "?".to_owned(),
            adding: None,
            kept: 0,
            leaving: false,
            ended: None,
            sprint_length: Length::Ten,
            help_overflow: 0,
            asked: list::Asked::default(),
            matches: Vec::new(),
            removing: None,
            start_with,
            login,
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

    /// Which bindings are in force.
    pub fn context(&self) -> Context {
        match (&self.mode, self.leaving) {
            (_, true) => Context::Leaving,
            (Mode::Play, _) => Context::Play,
            (Mode::Filter, _) => Context::Filter,
            (Mode::Form(_), _) => Context::Form,
            (Mode::Confirm(_), _) => Context::Confirm,
            (Mode::Help(_), _) => Context::Help,
            (Mode::History(_), _) => Context::History,
            (Mode::Sprint(sprint), _) if sprint.phase == Phase::Choosing => Context::Sprint,
            (Mode::Sprint(_), _) => Context::Sprinting,
            (Mode::Race(contest), _) if contest.is_choice() => Context::Race,
            (Mode::Race(_), _) => Context::Racing,
        }
    }

    /// The sprint on the screen.
    pub fn sprint(&self) -> Option<&Sprint> {
        match &self.mode {
            Mode::Sprint(sprint) => Some(sprint),
            _ => None,
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

    /// Presses that no commit holds yet, of this run and of earlier ones, of all players.
    pub fn waiting(&self) -> u64 {
        self.told() + self.kept + self.held()
    }

    /// Presses of this run that the worker knows of and no commit holds yet.
    fn told(&self) -> u64 {
        self.tallies.values().map(Tally::waiting).sum()
    }

    /// Presses for a player who has no key yet.
    fn held(&self) -> u64 {
        self.adding.as_ref().map_or(0, |a| a.presses)
    }

    /// Whether presses wait, and all of them would outlive the program.
    pub fn all_kept(&self) -> bool {
        self.waiting() > 0 && self.held() == 0 && self.told() <= self.kept_here
    }

    /// Whether the server can't be reached, as far as is known.
    pub fn is_offline(&self) -> bool {
        let troubles = [&self.trouble, &self.blind].into_iter().flatten();
        troubles.into_iter().any(|t| t.trouble.offline)
    }

    /// What the line of state is to say.
    pub fn status(&self) -> Status<'_> {
        let waiting = self.waiting();
        match &self.trouble {
            Some(troubled) if !self.loaded => Status::LoadingTrouble(troubled),
            Some(troubled) => Status::Waiting(waiting, troubled),
            None if self.leaving => Status::Leaving(waiting),
            None if !self.loaded => Status::Loading,
            None => match &self.blind {
                Some(troubled) => Status::Blind(waiting, troubled),
                None if waiting > 0 => Status::Saving(waiting),
                None => Status::Saved,
            },
        }
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
            self.sprint().and_then(|sprint| sprint.due(now)),
            self.race_due(now),
            countdown(&self.trouble),
            countdown(&self.blind),
        ];
        alarms.into_iter().flatten().min()
    }

    /// Whether the screen must be drawn anew; asking sets it back.
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
