//! The command line: what it takes, and what the program answers a script with.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Parser, Subcommand};

use crate::message::BrokenKind;
use crate::settings::Flags;

mod copy;
mod database;
mod find;
mod frame;
mod list;
mod players;
mod progress;
mod rules;

pub use frame::{Failure, note};

/// The terminal clicker that never loses a click.
///
/// Pick a player, press space, and the score goes up: in a database, in one locked transaction, and
/// on the screen as saved only once it is committed.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 92,
    after_long_help = AFTER,
    after_help = "More, with examples and exit codes: clickoff --help"
)]
pub struct Cli {
    /// Where the scores live: the path of a SQLite file, made at first use, or a server's URL
    ///
    /// Without it, CLICKOFF_DATABASE counts, then `database` in the configuration file, then
    /// clickoff.db in your data directory. Several clickoffs can play on one file or server. URLs
    /// begin with postgres://, mysql:// or mariadb://; one with a password belongs in the
    /// environment or the file, since every user of a machine can read its command lines.
    #[arg(short, long, value_name = "PATH|URL", global = true)]
    pub database: Option<OsString>,

    /// Start on this player; one who is not there yet is offered to be added
    #[arg(short, long, value_name = "NAME")]
    pub player: Option<String>,

    /// Read this configuration file instead of config.toml in your configuration directory
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,

    /// What to do instead of playing
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What the program does without a screen.
#[derive(Debug, Subcommand)]
#[allow(
    missing_docs,
    reason = "the arguments have the words, and clap takes them from there"
)]
pub enum Command {
    Copy(copy::Arguments),
    Players(players::Arguments),
    Rules(rules::Arguments),
    Top(players::TopArguments),
}

/// Runs a command, to its exit code.
pub fn run(command: Command, flags: Flags) -> Exit {
    let done = match command {
        _ if flags.player.is_some() => {
            let words = "--player is for the game: leave it out, or leave the command out.";
            Err(Failure::new(Exit::Usage, words))
        }
        Command::Copy(arguments) => copy::run(arguments, flags),
        Command::Players(arguments) => players::run(arguments, flags),
        Command::Rules(arguments) => rules::run(arguments, flags),
        Command::Top(arguments) => players::top(arguments, flags),
    };
    match done {
        Ok(()) => Exit::Fine,
        Err(failure) => {
            note(&failure.words);
            failure.exit
        }
    }
}

const AFTER: &str = "\
Examples:
  clickoff                              play on your own scores
  clickoff --player Ada                 play, and start on Ada
  clickoff --database /srv/team.db      play on a file that a team shares
  CLICKOFF_DATABASE=/srv/team.db clickoff
                                        the same, for a shell profile
  clickoff --database postgres://ada@db.example.org/clickoff
                                        play on a server

Configuration (config.toml; every line may be left out):
  database = \"/srv/team.db\"
  player = \"Ada\"
  mouse = false                         leave the mouse to the terminal
  held_keys = \"once\"                   a held key scores once; \"count\": each repeat
  theme = \"dark\"                        one that the key t goes through
Beside it, keymap.toml and themes/NAME.toml hold keys and themes of your own.

Keys are shown in the game: press ?.

Exit codes:
  0  done; left, every press saved      6  the database can't be opened or written
  1  a fault of clickoff itself         7  the database is damaged, foreign or newer
  2  wrong usage or settings            8  presses wait in the outbox for the next start
  3  nothing of that name               9  no terminal to play on
  4  several of that name             129, 130, 143  ended by SIGHUP, SIGINT, SIGTERM
  5  refused, nothing was changed";

impl From<Cli> for Flags {
    fn from(cli: Cli) -> Self {
        Self {
            database: cli.database,
            player: cli.player,
            config: cli.config,
        }
    }
}

/// How the program ends, for scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything is as it should be.
    Fine,
    /// A mistake in the program.
    Fault,
    /// Wrong flags or settings.
    Usage,
    /// What was asked for is not there.
    NotFound,
    /// What was asked for may be several things.
    Ambiguous,
    /// What was asked for is not done, since it would do harm.
    Refused,
    /// The database can't be opened or written.
    Unreachable,
    /// The database is damaged, foreign or newer.
    Damaged,
    /// Presses could not be saved.
    Unsaved,
    /// There is no terminal.
    NoTerminal,
    /// A signal, by its number.
    Signal(i32),
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Fault => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Ambiguous => 4,
            Self::Refused => 5,
            Self::Unreachable => 6,
            Self::Damaged => 7,
            Self::Unsaved => 8,
            Self::NoTerminal => 9,
            // Shells report a signal so; the numbers that we handle are small.
            Self::Signal(number) => 128u8.saturating_add(number.unsigned_abs() as u8),
        }
    }
}

impl From<BrokenKind> for Exit {
    fn from(kind: BrokenKind) -> Self {
        match kind {
            BrokenKind::Unreachable => Self::Unreachable,
            BrokenKind::Damaged => Self::Damaged,
            BrokenKind::Internal => Self::Fault,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
