//! What the modules send to each other: plain data that can be compared and printed.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use tui_input::InputRequest;

use crate::game::contest::{Kind, Trace};
use crate::game::race::{Entrance, RaceId, Standing};
use crate::game::sprint::Sprinted;
use crate::game::{Aim, Entry, Period, PlayerId};

mod reply;
mod seat;

pub use reply::{BrokenKind, Farewell, Reply, Trouble};
pub use seat::Seat;

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
    /// Switch the list to the ranking of the next period.
    Period,
    /// Show the history of the picked player.
    History,
    /// Show a page about the picked player.
    About,
    /// Copy a card of what is on the screen.
    Card,
    /// Go one step back in time.
    Earlier,
    /// Go one step forward in time.
    Later,
    /// Start a contest of this kind by choosing its length; after a contest, start another.
    Contest(Kind),
    /// Join the race that somebody has opened, or watch it.
    Join,
    /// Replay the last contest.
    Replay,
    /// Show all keys.
    Help,
    /// Switch between the terminal's own mouse selection and clicks in the game.
    Mouse,
    /// Show everything in the next theme.
    Theme,
    /// Answer a question with yes, or accept what was typed.
    Accept,
    /// Go back: close, clear, or answer with no. It never ends the game.
    Back,
    /// Go to the form's next field.
    NextField,
    /// Go to the form's previous field.
    PreviousField,
    /// Draw the whole screen anew, over what another program has written on it.
    Redraw,
    /// Stop the process as Ctrl-Z does in a shell.
    Suspend,
    /// Leave the game.
    Quit,
    /// Leave at once. Presses that wait go to the outbox.
    QuitNow,
}

/// An event, from whichever source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// A key that the keymap knows.
    Action(Action),
    /// A repeat of a button's key that is held down, from a terminal that reports repeats.
    Held,
    /// A button's key was let go.
    Released,
    /// From now on the terminal reports repeats and releases of keys.
    KeysReported,
    /// From now on the terminal probably does not report them.
    KeysNotReported,
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
    /// A key without a meaning here, by its label.
    Unbound(String),
    /// An answer of the worker.
    Reply(Reply),
    /// The time asked for by `State::wake_at` has come.
    Tick,
    /// The terminal is too slow: the last frame is not written yet, so no new one is drawn.
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
    /// Whether the terminal went away. The kernel, the shell and the terminal may each report this,
    /// so a second report must not count as a second order to stop.
    pub fn is_hang_up(self) -> bool {
        self == Self::TerminalGone || self == Self::Signal(rustix::process::Signal::HUP.as_raw())
    }
}

/// What the worker is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Presses for one player, and how many.
    Press(PlayerId, u64),
    /// Add, change or remove a player.
    Change(Change),
    /// Read something. A newer question replaces an unanswered one of the same kind.
    Ask(Question),
    /// Choose the player to start on. It must be sent before the database is opened.
    StartOn(StartOn),
    /// Remember this player, with this name, as the last one played on this database.
    Remember(PlayerId, String),
    /// Store something of a sprint or a race.
    Contest(ContestCommand),
    /// Poll this race until it is closed, instead of any other. `None` stops polling.
    WatchRace(Option<RaceId>),
    /// Finish the transaction in flight and begin none until [`Command::Resume`].
    Rest,
    /// Go on after a rest.
    Resume,
    /// Commit what waits, within the drain's time, then end.
    Leave,
    /// End now; what waits goes to the outbox.
    LeaveNow,
}

/// Something of a sprint or a race that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContestCommand {
    /// Record that a sprint of a player begins.
    BeginSprint(PlayerId),
    /// Keep a sprint if it is its player's best.
    KeepSprint(Sprinted),
    /// Enter a race for a player, and watch it as [`Command::WatchRace`] does.
    EnterRace(PlayerId, Entrance),
    /// Store how far a racer is.
    ReportRace(Progress),
}

impl ContestCommand {
    /// Whose sprint or race it is.
    pub fn player(&self) -> PlayerId {
        match self {
            Self::BeginSprint(player) | Self::EnterRace(player, _) => *player,
            Self::KeepSprint(sprinted) => sprinted.player,
            Self::ReportRace(progress) => progress.player,
        }
    }
}

impl From<ContestCommand> for Command {
    fn from(command: ContestCommand) -> Self {
        Self::Contest(command)
    }
}

/// A question to the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// A part of the list, of this many players.
    Show(Aim, u32),
    /// The players around a player in the ranking.
    Surround(PlayerId),
    /// The players with this exact name.
    Named(String),
    /// The players whose name or e-mail contains this, in lower case. An empty text ends the
    /// search.
    Search(String),
    /// The ranking of the current period in this time zone.
    Rank(Period, TimeZone),
    /// The history of a player.
    Recall(PlayerId),
    /// The best sprints of all, and a player's own.
    Bests(PlayerId),
    /// The last races.
    Races,
    /// Whether a race is open.
    OpenRace,
}

/// Whom to start on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StartOn {
    /// Who was asked for by name.
    pub asked: Option<String>,
    /// The login name, used if nobody was asked for and nobody is remembered.
    pub login: String,
    /// The directory with the files about the last player.
    pub memory: Option<PathBuf>,
}

/// How far a racer of this run is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// In which race.
    pub race: RaceId,
    /// For whom.
    pub player: PlayerId,
    /// The presses of the race that are committed.
    pub presses: u64,
    /// How the racer stands to the race.
    pub standing: Standing,
    /// When the presses were made. It is sent with the last report.
    pub trace: Option<Trace>,
}

/// What `update` asks the event loop to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Send this to the worker.
    Send(Command),
    /// Switch the terminal's mouse reports on or off.
    CaptureMouse(bool),
    /// Draw in this theme from now on, counted from 0 in the order of [`crate::state::State::themes`].
    SetTheme(usize),
    /// Copy the card of what is on the screen.
    CopyCard,
    /// Keep this theme for the next run, counted in the same way.
    KeepTheme(usize),
    /// Draw the whole screen anew.
    Redraw,
    /// Send the process group SIGTSTP, as the terminal's own Ctrl-Z would.
    RaiseSuspend,
    /// Give the terminal back and stop until SIGCONT.
    Suspend,
}

/// A change of the player list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// Add a player.
    Add(Entry),
    /// Change a player's name and e-mail.
    Edit(PlayerId, Entry),
    /// Remove a player with the score.
    Remove(PlayerId),
}

/// What the database allows its user, as far as is known. The database may still refuse more, and
/// then the answer says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
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

    /// Whether an action is allowed. Actions that don't change the database always are.
    pub fn allow(self, action: Action) -> bool {
        match action {
            Action::Press | Action::Contest(_) => self.play,
            Action::Add => self.add,
            Action::Edit => self.edit,
            Action::Remove => self.remove,
            _ => true,
        }
    }
}
