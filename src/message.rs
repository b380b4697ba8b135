//! The words the rooms say to each other: plain data that can be compared and printed.

use std::path::PathBuf;

use jiff::tz::TimeZone;
use tui_input::InputRequest;

use crate::game::contest::{Kind, Trace};
use crate::game::race::{Entrance, RaceId, Standing};
use crate::game::sprint::Sprinted;
use crate::game::{Aim, Entry, Period, PlayerId};

mod reply;
mod seat;

pub use reply::{BrokenKind, ClockReading, Farewell, Reply, Trouble};
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
    /// Rank the list by the next period.
    Period,
    /// Show what the picked player scored when.
    History,
    /// Show a page about the picked player.
    About,
    /// Copy a card of what is on the screen.
    Card,
    /// Go one step back in time.
    Earlier,
    /// Go one step forth in time.
    Later,
    /// A contest of this kind: choose how long, and again after one.
    Contest(Kind),
    /// Join the race that somebody has opened, or watch it.
    Join,
    /// Watch again what was pressed.
    Replay,
    /// Show all keys.
    Help,
    /// Let the terminal have the mouse, or take it back.
    Mouse,
    /// Show everything in the next theme.
    Theme,
    /// Say yes to what is asked, or take what was typed.
    Accept,
    /// Step back: close, clear, say no; it never ends the game.
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
    /// From now on it does not, as far as is known.
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
    /// Presses for one player, and how many.
    Press(PlayerId, u64),
    /// Add a player.
    Add(Entry),
    /// Change a player's name and e-mail.
    Edit(PlayerId, Entry),
    /// Remove a player with the score.
    Remove(PlayerId),
    /// Tell who is to be started on, and who plays around that one if the list is not everyone. It is
    /// for the opening, so it has to come before that.
    Seek(Sought),
    /// Remember that this player, of this name, was played last on this database.
    Remember(PlayerId, String),
    /// Show another part of the list.
    Show(Aim),
    /// Tell who stands around a player.
    Surround(PlayerId),
    /// Tell who has this, in lower case, in the name or the e-mail; with nothing, search no more.
    Search(String),
    /// Look who bears this name, as it is written.
    Named(String),
    /// Tell what everyone has scored in the present period, as this zone has it.
    Rank(Period, TimeZone),
    /// Tell what a player has scored and when.
    Recall(PlayerId),
    /// Tell the boards of sprints and a player's own bests.
    Bests(PlayerId),
    /// Have the database note that a sprint of a player begins.
    BeginSprint(PlayerId),
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

/// Whom to start on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// Who was asked for by name.
    pub asked: Option<String>,
    /// The login name, for where nobody was asked for and nobody is remembered.
    pub login: String,
    /// The directory in which it is remembered who was played last.
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
    /// When the presses were made, told with the last of them.
    pub trace: Option<Trace>,
}

/// What `update` asks of the program around it.
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
            Action::Press | Action::Contest(_) => self.play,
            Action::Add => self.add,
            Action::Edit => self.edit,
            Action::Remove => self.remove,
            _ => true,
        }
    }
}
