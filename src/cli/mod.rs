//! The command line: flags, commands and their output.

use clap::{Parser, Subcommand};

use crate::app::log;
use crate::settings::{Directories, Flags};

mod card;
mod click;
mod common;
mod completions;
mod config;
mod confirm;
mod database;
mod exit;
pub mod explained;
mod farewell;
mod find;
mod history;
mod keep;
mod keys;
mod list;
mod man;
mod me;
mod players;
mod progress;
mod retry;
mod roles;
mod rules;
pub mod schema;
mod serve;
mod sprints;
mod themes;
mod top;
mod watch;

pub use common::Failure;
pub use completions::answer_shell;
pub use config::each_of;
pub use database::make_directories;
pub use exit::Exit;
pub use farewell::{end, farewell};

/// The terminal clicker that never loses a click.
///
/// Pick a player, press space, and the score goes up: in a database, in one locked transaction, and
/// on the screen as saved only once it is committed.
#[derive(Debug, Parser)]
#[command(
    version,
    max_term_width = 92,
    after_long_help = after_help(),
    after_help = "More, with examples and exit codes: clickoff --help"
)]
pub struct Cli {
    /// Flags of the game, and those that name a command's database.
    #[command(flatten)]
    pub flags: Flags,

    /// What to do instead of playing
    #[command(subcommand)]
    pub command: Option<CliCommand>,
}

impl Cli {
    /// Parses the command line. Building the full parser takes longer than parsing. So without
    /// arguments nothing is built, and flags of the game alone are parsed without the subcommands.
    ///
    /// If the help or the version is asked for, it prints that and ends the process.
    pub fn read() -> Result<Self, Failure> {
        let flags = match std::env::args_os().nth(1) {
            None => Ok(Flags::default()),
            Some(_) => Flags::try_parse(),
        };
        if let Ok(flags) = flags {
            let command = None;
            return Ok(Self { flags, command });
        }
        Self::try_parse().map_err(|error| {
            if !error.use_stderr() {
                error.exit();
            }
            // clap repeats a wrong argument unchanged, including escape sequences.
            let words = error.render().to_string();
            Failure::new(Exit::Usage, words.trim_start_matches("error: "))
        })
    }
}

/// The commands, which need no screen.
#[derive(Debug, Subcommand)]
#[allow(
    missing_docs,
    reason = "the arguments have the words, and clap takes them from there"
)]
pub enum CliCommand {
    Card(card::Arguments),
    Click(click::Arguments),
    Completions(completions::Arguments),
    Config(config::Arguments),
    Copy(keep::copy::Arguments),
    Export(keep::export::Arguments),
    Import(keep::import::Arguments),
    Backup(keep::backup::BackupArguments),
    Restore(keep::backup::RestoreArguments),
    Verify(keep::verify::Arguments),
    Guard(keep::guard::Arguments),
    Doctor(keep::doctor::Arguments),
    History(history::Arguments),
    Keys(keys::Arguments),
    Man(man::Arguments),
    Me(me::Arguments),
    Players(players::Arguments),
    Roles(roles::Arguments),
    Rules(rules::Arguments),
    Serve(serve::Arguments),
    Sprints(sprints::Arguments),
    Themes(themes::Arguments),
    Top(top::Arguments),
    Watch(watch::Arguments),
}

/// Runs a command.
pub fn run(command: CliCommand, flags: Flags) -> Result<(), Failure> {
    if flags.quiet {
        common::be_quiet();
    }
    if let (Some(level), Ok(directories)) = (flags.log_level, Directories::find()) {
        log::start(&directories.state, level);
    }
    // The commands that show the settings also show these flags.
    let of_settings = matches!(command, CliCommand::Config(_) | CliCommand::Doctor(_));
    // These show the player whom the game would start on, in its language.
    let of_player = matches!(command, CliCommand::Me(_) | CliCommand::Card(_));
    if let Some(flag) = for_the_game(&flags, of_player).filter(|_| !of_settings) {
        let words = format!("{flag} is for the game: leave it out, or leave the command out.");
        return Err(Failure::new(Exit::Usage, words));
    }
    match command {
        CliCommand::Card(arguments) => card::run(&arguments, flags),
        CliCommand::Click(arguments) => click::run(arguments, flags),
        CliCommand::Completions(arguments) => completions::run(&arguments),
        CliCommand::Config(arguments) => config::run(arguments, flags),
        CliCommand::Copy(arguments) => keep::copy::run(arguments, flags),
        CliCommand::Export(arguments) => keep::export::run(arguments, flags),
        CliCommand::Import(arguments) => keep::import::run(arguments, flags),
        CliCommand::Backup(arguments) => keep::backup::backup(arguments, flags),
        CliCommand::Restore(arguments) => keep::backup::restore(arguments, flags),
        CliCommand::Verify(arguments) => keep::verify::run(arguments, flags),
        CliCommand::Guard(arguments) => keep::guard::run(arguments, flags),
        CliCommand::Doctor(arguments) => keep::doctor::run(arguments, flags),
        CliCommand::History(arguments) => history::run(arguments, flags),
        CliCommand::Keys(arguments) => keys::run(arguments, flags),
        CliCommand::Man(arguments) => man::run(&arguments),
        CliCommand::Me(arguments) => me::run(&arguments, flags),
        CliCommand::Players(arguments) => players::run(arguments, flags),
        CliCommand::Roles(arguments) => roles::run(&arguments),
        CliCommand::Rules(arguments) => rules::run(arguments, flags),
        CliCommand::Serve(arguments) => serve::run(arguments, flags),
        CliCommand::Sprints(arguments) => sprints::run(arguments, flags),
        CliCommand::Themes(arguments) => themes::run(arguments),
        CliCommand::Top(arguments) => top::run(arguments, flags),
        CliCommand::Watch(arguments) => watch::run(arguments, flags),
    }
}

/// A flag that this command ignores, if there is one.
fn for_the_game(flags: &Flags, of_player: bool) -> Option<&'static str> {
    let given = [
        ("--plain", flags.plain),
        ("--player", flags.player.is_some() && !of_player),
        ("--theme", flags.theme.is_some()),
        ("--language", flags.language.is_some() && !of_player),
        ("--motion", flags.motion.is_some()),
        ("--bell", flags.bell.is_some()),
    ];
    given.into_iter().find_map(|(flag, is)| is.then_some(flag))
}

const EXAMPLES: &str = "\
Examples:
  clickoff                              play on your own scores
  clickoff --player Ada                 play, and start on Ada
  clickoff --database /srv/team.db      play on a file that a team shares
  CLICKOFF_DATABASE=/srv/team.db clickoff
                                        the same, for a shell profile
  clickoff --plain                      play in lines, as with a screen reader
  clickoff --database postgres://ada@db.example.org/clickoff
                                        play on a server

Database:
  Without --database, it is the one in CLICKOFF_DATABASE, then `database` in the settings,
  then clickoff.db in your data directory. Several people can play on one file or server.
  URLs begin with postgres://, mysql:// or mariadb://. Separate several hosts of one cluster
  by commas: clickoff plays on the first one that takes writes. Put a URL with a password
  into the variable or the settings, because all users of a machine can see command lines.

Settings (config.toml; every line is optional):
  database = \"/srv/team.db\"
  player = \"Ada\"
  mouse = false                         let the terminal have the mouse
  held_keys = \"once\"                    a held key scores once; \"count\": each repeat
  theme = \"dark\"                        one of those that the key t shows
  log_level = \"warn\"
Beside it, keymap.toml and themes/NAME.toml contain your own keys and themes. `clickoff
config edit` opens these files, and `clickoff config check` finds mistakes in them.

The game shows its keys: press ?.
";

/// The text below the long help, also for the manual page.
fn after_help() -> String {
    let codes = Exit::table().map(|(code, meaning)| format!("\n  {code:<13}  {meaning}"));
    format!("{EXAMPLES}\nExit codes:{}", codes.concat())
}
