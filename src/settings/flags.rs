//! The flags of the command line, with their help.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::{PossibleValuesParser, TypedValueParser, ValueHint};
use clap::{Parser, ValueEnum};
use tracing::level_filters::LevelFilter;

use super::{BELLS, LOG_LEVELS, MOTIONS};
use crate::game::{Motion, Rings};
use crate::words::Language;

/// The heading of the options of every command.
pub const GLOBAL: &str = "Options of every command";

#[derive(Debug, Clone, Default, PartialEq, Eq, Parser)]
#[allow(missing_docs, reason = "clap would take these words for the program's")]
pub struct Flags {
    /// Where the scores live: the path of a SQLite file, made at first use, or a server's URL
    #[arg(short, long, help_heading = GLOBAL, value_name = "PATH|URL", global = true, value_hint = ValueHint::FilePath)]
    pub database: Option<OsString>,

    /// Start on this player; if there is none of this name, the game offers to add one
    #[arg(short, long, value_name = "NAME")]
    pub player: Option<String>,

    /// Play in lines, without a screen: for screen readers, plain terminals and pipes
    ///
    /// Nothing is drawn, and the terminal's own line editing stays. Enter scores a point, `help`
    /// lists the commands. CLICKOFF_PLAIN=1 and `plain = true` in the settings do the same, and
    /// so does TERM=dumb.
    #[arg(long)]
    pub plain: bool,

    /// Use this theme: auto, one of `clickoff themes`, or one of your own [default: auto]
    ///
    /// `auto` is dark or light like the terminal's background. If the terminal does not report it,
    /// its own colours are used. CLICKOFF_THEME and `theme` in the settings do the same.
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,

    /// Play in this language: en or zh-CN [default: that of the locale]
    ///
    /// CLICKOFF_LANGUAGE and `language` in the settings do the same. The command line stays English.
    #[arg(
        long, value_name = "LANGUAGE", hide_possible_values = true,
        value_parser = parser(&Language::ALL.map(|language| (language.name(), language)))
    )]
    pub language: Option<Language>,

    /// How much moves on the screen: full, reduced or none [default: full]
    ///
    /// CLICKOFF_MOTION and `motion` in the settings do the same.
    #[arg(
        long, value_name = "MOTION", hide_possible_values = true, value_parser = parser(&MOTIONS)
    )]
    pub motion: Option<Motion>,

    /// When the terminal's bell rings: none, starts or all [default: none]
    ///
    /// `starts` is for sprints and races; `all` is also for milestones, and when somebody passes
    /// another. CLICKOFF_BELL and `bell` in the settings do the same.
    #[arg(
        long, value_name = "WHAT", hide_possible_values = true, value_parser = parser(&BELLS)
    )]
    pub bell: Option<Rings>,

    /// Read the settings from this file instead of config.toml in your configuration directory
    #[arg(long, help_heading = GLOBAL, value_name = "FILE", global = true, value_hint = ValueHint::FilePath)]
    pub config: Option<PathBuf>,

    /// How much to write to the log: off, error, warn, info, debug or trace [default: info]
    ///
    /// A command without a screen writes none unless this is given. Passwords are never logged.
    #[arg(
        long, help_heading = GLOBAL, value_name = "LEVEL", global = true, hide_possible_values = true,
        value_parser = parser(&LOG_LEVELS)
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

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colors {
    /// Unless NO_COLOR is set
    Auto,
    /// Also where NO_COLOR is set
    Always,
    /// Not at all
    Never,
}

/// Parses one of several named values.
pub fn parser<T: Copy + Send + Sync + 'static>(
    all: &[(&'static str, T)],
) -> impl TypedValueParser<Value = T> + use<T> {
    let all = all.to_vec();
    let names = PossibleValuesParser::new(all.iter().map(|(name, _)| *name));
    names.try_map(move |written| {
        let known = all.iter().find(|(name, _)| *name == written);
        known.map(|(_, thing)| *thing).ok_or("not known")
    })
}
