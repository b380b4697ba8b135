//! The command line: flags, commands and their output.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueHint};
use clap::{Parser, Subcommand};
use tracing::level_filters::LevelFilter;

use crate::app::log;
use crate::game::{Motion, Rings};
use crate::settings::{BELLS, Colors, Directories, Flags, LOG_LEVELS, MOTIONS};
use crate::words::Language;

mod card;
mod click;
mod completions;
mod config;
mod confirm;
mod copy;
mod database;
mod exit;
mod explained;
mod farewell;
mod find;
mod frame;
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
mod schema;
mod scratch;
mod serve;
mod sprints;
mod themes;
mod top;
mod watch;

pub use completions::answer_shell;
pub use exit::Exit;
pub use farewell::{end, farewell};
pub use frame::Failure;

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
    pub playing: GameArguments,

    /// What to do instead of playing
    #[command(subcommand)]
    pub command: Option<CliCommand>,
}

#[derive(Debug, Default, Parser)]
#[allow(missing_docs, reason = "clap would take these words for the program's")]
pub struct GameArguments {
    /// Where the scores live: the path of a SQLite file, made at first use, or a server's URL
    #[arg(short, long, help_heading = GLOBAL, value_name = "PATH|URL", global = true, value_hint = ValueHint::FilePath)]
    pub database: Option<OsString>,

    /// Start on this player; if there is none of this name, the game offers to add one
    #[arg(short, long, value_name = "NAME", add = completions::players())]
    pub player: Option<String>,

    /// Play in lines, without a screen: for screen readers, plain terminals and pipes
    ///
    /// Nothing is drawn, and the terminal's own line editing stays. Enter scores a point, `help`
    /// lists the commands. CLICKOFF_PLAIN=1 and `plain = true` in the configuration file do the
    /// same, and so does TERM=dumb.
    #[arg(long)]
    pub plain: bool,

    /// Use this theme: auto, one of `clickoff themes`, or one of your own [default: auto]
    ///
    /// `auto` is dark or light like the terminal's background. If the terminal does not report it,
    /// its own colours are used. CLICKOFF_THEME and `theme` in the configuration file do the same.
    #[arg(long, value_name = "NAME", add = completions::themes())]
    pub theme: Option<String>,

    /// Play in this language: en or zh-CN [default: that of the locale]
    ///
    /// CLICKOFF_LANGUAGE and `language` in the configuration file do the same. The command line
    /// stays English.
    #[arg(
        long, value_name = "LANGUAGE", hide_possible_values = true,
        value_parser = one_of(&Language::ALL.map(|language| (language.name(), language)))
    )]
    pub language: Option<Language>,

    /// How much moves on the screen: full, reduced or none [default: full]
    ///
    /// CLICKOFF_MOTION and `motion` in the configuration file do the same.
    #[arg(
        long, value_name = "MOTION", hide_possible_values = true, value_parser = one_of(&MOTIONS)
    )]
    pub motion: Option<Motion>,

    /// When the terminal's bell rings: none, starts or all [default: none]
    ///
    /// `starts` is for sprints and races; `all` is also for milestones, and when somebody passes
    /// another. CLICKOFF_BELL and `bell` in the configuration file do the same.
    #[arg(
        long, value_name = "WHAT", hide_possible_values = true, value_parser = one_of(&BELLS)
    )]
    pub bell: Option<Rings>,

    /// Read this configuration file instead of config.toml in your configuration directory
    #[arg(long, help_heading = GLOBAL, value_name = "FILE", global = true, value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// How much to write to the log: off, error, warn, info, debug or trace [default: info]
    ///
    /// A command without a screen writes none unless this is given. Passwords are never logged.
    #[arg(
        long, help_heading = GLOBAL, value_name = "LEVEL", global = true, hide_possible_values = true,
        value_parser = PossibleValuesParser::new(LOG_LEVELS).try_map(|l| l.parse::<LevelFilter>())
    )]
    pub log_level: Option<LevelFilter>,

    /// Don't report success or show progress; answers and errors stay
    #[arg(short, long, help_heading = GLOBAL, global = true)]
    pub quiet: bool,

    /// When to use colours [default: auto]
    ///
    /// `auto` leaves them out if NO_COLOR is set; the other two ignore NO_COLOR.
    #[arg(long, help_heading = GLOBAL, value_enum, value_name = "WHEN", global = true)]
    pub color: Option<Colors>,
}

/// Parses one of several named values.
fn one_of<T: Copy + Send + Sync + 'static>(
    all: &[(&'static str, T)],
) -> impl TypedValueParser<Value = T> + use<T> {
    let all = all.to_vec();
    let names = PossibleValuesParser::new(all.iter().map(|(name, _)| *name));
    names.try_map(move |written| {
        let known = all.iter().find(|(name, _)| *name == written);
        known.map(|(_, thing)| *thing).ok_or("not known")
    })
}

impl Cli {
    /// Parses the command line. Building the full parser takes longer than parsing. So without
    /// arguments nothing is built, and flags of the game alone are parsed without the subcommands.
    ///
    /// If the help or the version is asked for, it prints that and ends the process.
    ///
    /// # Errors
    /// A mistake in the arguments.
    pub fn read() -> Result<Self, Failure> {
        let playing = match std::env::args_os().nth(1) {
            None => Ok(GameArguments::default()),
            Some(_) => GameArguments::try_parse(),
        };
        match playing {
            Ok(playing) => Ok(Self {
                playing,
                command: None,
            }),
            Err(_) => Self::try_parse().map_err(|error| {
                if !error.use_stderr() {
                    error.exit();
                }
                // clap repeats a wrong argument unchanged, including escape sequences.
                let words = error.render().to_string();
                Failure::new(Exit::Usage, words.trim_start_matches("error: "))
            }),
        }
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
    Copy(copy::Arguments),
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
///
/// # Errors
/// Why the command failed.
pub fn run(command: CliCommand, flags: Flags) -> Result<(), Failure> {
    if flags.quiet {
        frame::be_quiet();
    }
    if let (Some(level), Ok(directories)) = (flags.log_level, Directories::find()) {
        log::start(&directories.state, level);
    }
    // The commands that show the settings also show these flags.
    let of_settings = matches!(command, CliCommand::Config(_) | CliCommand::Doctor(_));
    let refused = for_the_game(&flags, takes_player(&command));
    if let Some(flag) = refused.filter(|_| !of_settings) {
        let words = format!("{flag} is for the game: leave it out, or leave the command out.");
        return Err(Failure::new(Exit::Usage, words));
    }
    match command {
        CliCommand::Card(arguments) => card::run(&arguments, flags),
        CliCommand::Click(arguments) => click::run(arguments, flags),
        CliCommand::Completions(arguments) => completions::run(&arguments),
        CliCommand::Config(arguments) => config::run(arguments, flags),
        CliCommand::Copy(arguments) => copy::run(arguments, flags),
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

/// Whether a command uses the player whom the game would start on, if it names none.
fn takes_player(command: &CliCommand) -> bool {
    matches!(command, CliCommand::Me(_) | CliCommand::Card(_))
}

/// A flag that this command ignores, if there is one. Commands about a player use its language.
fn for_the_game(flags: &Flags, of_player: bool) -> Option<&'static str> {
    let flags = [
        ("--plain", flags.plain),
        ("--player", flags.player.is_some() && !of_player),
        ("--theme", flags.theme.is_some()),
        ("--language", flags.language.is_some() && !of_player),
        ("--motion", flags.motion.is_some()),
        ("--bell", flags.bell.is_some()),
    ];
    let given = flags.into_iter().find(|(_, given)| *given);
    given.map(|(flag, _)| flag)
}

/// The heading of the options of every command.
const GLOBAL: &str = "Options of every command";

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
  Without --database, CLICKOFF_DATABASE counts, then `database` in the configuration file, then
  clickoff.db in your data directory. Several people can play on one file or server. URLs begin
  with postgres://, mysql:// or mariadb://; several hosts of one cluster are separated by commas,
  and the first that takes writes is played on. A URL with a password belongs in the environment
  or the file, since every user of a machine can read its command lines.

Configuration (config.toml; every line may be left out):
  database = \"/srv/team.db\"
  player = \"Ada\"
  mouse = false                         leave the mouse to the terminal
  held_keys = \"once\"                   a held key scores once; \"count\": each repeat
  theme = \"dark\"                        one that the key t shows
  log_level = \"warn\"
Beside it, keymap.toml and themes/NAME.toml hold keys and themes of your own. All of that is
written with `clickoff config edit`, and checked with `clickoff config check`.

Keys are shown in the game: press ?.
";

/// The text below the long help, also for the manual page.
fn after_help() -> String {
    let codes = Exit::table().map(|(code, meaning)| format!("\n  {code:<13}  {meaning}"));
    format!("{EXAMPLES}\nExit codes:{}", codes.concat())
}

impl From<GameArguments> for Flags {
    fn from(playing: GameArguments) -> Self {
        Self {
            database: playing.database,
            player: playing.player,
            plain: playing.plain,
            theme: playing.theme,
            language: playing.language,
            motion: playing.motion,
            bell: playing.bell,
            config: playing.config,
            log_level: playing.log_level,
            quiet: playing.quiet,
            color: playing.color,
        }
    }
}
