//! What the program is to do, from flags, environment, configuration file and defaults.

pub mod appearance;
mod file;
mod keep;
mod places;
mod source;
#[cfg(test)]
mod tests;
mod zone;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use tracing::level_filters::LevelFilter;

use crate::game::{HeldKeys, Motion, Rings};
use crate::mistake::{Mistake, unknown};
use crate::store::{Target, TargetError};
use crate::words::Language;
use file::{File, Said};

pub use file::{BELLS, File as SettingsFile, MOTIONS, TEMPLATE, name_of};
pub use keep::keep;
pub use places::{Directories, host_key, shown_path, shown_place};
pub use source::{Source, Sources};
pub use zone::zone;

/// The environment variable that names the database.
pub const DATABASE_VARIABLE: &str = "CLICKOFF_DATABASE";

/// The environment variable that says whether to play in lines.
pub const PLAIN_VARIABLE: &str = "CLICKOFF_PLAIN";

/// The environment variable that names the theme to begin with.
pub const THEME_VARIABLE: &str = "CLICKOFF_THEME";

/// The environment variable that names the language of the game.
pub const LANGUAGE_VARIABLE: &str = "CLICKOFF_LANGUAGE";

/// The environment variable that says how much moves.
pub const MOTION_VARIABLE: &str = "CLICKOFF_MOTION";

/// The environment variable that says for what the bell rings.
pub const BELL_VARIABLE: &str = "CLICKOFF_BELL";

/// The environment variable that names the kind of terminal.
const TERMINAL_VARIABLE: &str = "TERM";

/// How much can be logged, from nothing to everything.
pub const LOG_LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

/// What the command line said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--database`.
    pub database: Option<OsString>,
    /// `--player`.
    pub player: Option<String>,
    /// `--plain`.
    pub plain: bool,
    /// `--theme`.
    pub theme: Option<String>,
    /// `--language`.
    pub language: Option<Language>,
    /// `--motion`.
    pub motion: Option<Motion>,
    /// `--bell`.
    pub bell: Option<Rings>,
    /// `--config`.
    pub config: Option<PathBuf>,
    /// `--log-level`.
    pub log_level: Option<LevelFilter>,
    /// `--quiet`.
    pub quiet: bool,
    /// `--color`.
    pub color: Option<Colors>,
}

/// When colours are used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Colors {
    /// Unless NO_COLOR is set
    Auto,
    /// Also where NO_COLOR is set
    Always,
    /// Not at all
    Never,
}

/// All settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The database.
    pub database: Target,
    /// Who said so of each.
    pub sources: Sources,
    /// The player to start on.
    pub player: Option<String>,
    /// The language of the game.
    pub language: Language,
    /// Whether the game is played in lines, without a screen.
    pub plain: bool,
    /// Whether the mouse plays.
    pub mouse: bool,
    /// How much moves on the screen.
    pub motion: Motion,
    /// For what the terminal's bell rings.
    pub bell: Rings,
    /// Whether the terminal's title is ours.
    pub title: bool,
    /// What a held key is to score, where the database does not say; if nobody does, that depends
    /// on the terminal.
    pub held_keys: Option<HeldKeys>,
    /// The theme to begin with.
    pub theme: String,
    /// How much is logged.
    pub log_level: LevelFilter,
    /// Whether colours are to be left out (<https://no-color.org>).
    pub no_color: bool,
    /// Who said whether there are colours.
    pub color_source: Source,
    /// Whether the terminal says that it has 16 million colours.
    pub truecolor: bool,
    /// The configuration file, which may not be there.
    pub config_file: PathBuf,
    /// Where the player's own themes and keymap are.
    pub config_dir: PathBuf,
    /// Where the log and the outbox are.
    pub state_dir: PathBuf,
    /// The directory to make for a default database; a directory named by hand must exist.
    pub data_dir: Option<PathBuf>,
}

/// Settings that can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is nowhere to keep anything.
    #[error(
        "there is no home directory to keep the scores in: set HOME, or XDG_DATA_HOME, \
         XDG_CONFIG_HOME and XDG_STATE_HOME"
    )]
    NoHome,
    /// The configuration file can't be read.
    #[error("the configuration file {path} can't be read: {why}", path = .0.display(), why = .1)]
    Unreadable(PathBuf, io::Error),
    /// The configuration file is wrong.
    #[error("the configuration file has {}", told(.0))]
    Mistakes(Vec<Mistake>),
    /// A variable that is neither yes nor no.
    #[error("{name} is {value:?}; it must be true or false")]
    NoSwitch {
        /// The variable.
        name: &'static str,
        /// What it is.
        value: OsString,
    },
    /// A variable with a word that is none of those it may have.
    #[error("{0}: {1}")]
    NoChoice(&'static str, String),
    /// The database's name means nothing.
    #[error("{0} (given by {1})")]
    Database(TargetError, Source),
}

fn told(mistakes: &[Mistake]) -> String {
    match mistakes {
        [mistake] => format!("a mistake. {mistake}"),
        [first, ..] => format!(
            "{} mistakes, which `clickoff config check` names. The first is in {first}",
            mistakes.len()
        ),
        [] => "no mistake".to_owned(),
    }
}

impl Settings {
    /// Works out the settings; `environment` looks up a variable.
    ///
    /// # Errors
    /// [`SettingsError`], a sentence for the player.
    pub fn find(
        flags: Flags,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let (settings, mistakes) = Self::find_with_mistakes(flags, &environment)?;
        if mistakes.is_empty() {
            Ok(settings)
        } else {
            Err(SettingsError::Mistakes(mistakes))
        }
    }

    /// Where it is remembered who was played last on which database.
    pub fn last_players(&self) -> PathBuf {
        self.state_dir.join("players")
    }

    /// Works out the settings as though nothing were said where the configuration file has a
    /// mistake, and tells all of these.
    ///
    /// # Errors
    /// [`SettingsError`] for what is no mistake in that file.
    pub fn find_with_mistakes(
        flags: Flags,
        environment: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<(Self, Vec<Mistake>), SettingsError> {
        // Where the directories don't exist for want of a home, everything may still be named.
        let directories = Directories::find()?;
        let path = flags.config.clone();
        let path = path.unwrap_or_else(|| directories.config_file());
        let file = File::read(&path, flags.config.is_some())?;
        let variable = environment(DATABASE_VARIABLE).filter(|v| !v.is_empty());
        let named = flags.database.map(|d| (d, Source::Flag("--database")));
        let named = named.or(variable.map(|d| (d, Source::Environment(DATABASE_VARIABLE))));
        let is_default = named.is_none() && file.database.is_none();
        let default = directories.data.join("clickoff.db").into_os_string();
        let (database, database_source) = match (named, file.database) {
            (None, Some((target, place))) => (target, Source::File(place)),
            (named, _) => {
                let (name, source) = named.unwrap_or((default, Source::Default));
                let target = Target::parse(&name);
                let target = target.map_err(|e| SettingsError::Database(e, source.clone()))?;
                (target, source)
            }
        };
        let player = flags.player.map(|p| (Some(p), Source::Flag("--player")));
        let player_said = file.player.map(|(player, place)| (Some(player), place));
        let (player, player_source) = or_default(player, player_said, || None);
        let language = flags.language.map(|l| (l, Source::Flag("--language")));
        let languages = Language::ALL.map(|language| (language.name(), language));
        let variable = choice(LANGUAGE_VARIABLE, "language", &languages, environment)?;
        let in_file = file.language.map(|(l, place)| (l, Source::File(place)));
        let (language, language_source) = match language.or(variable).or(in_file) {
            Some(said) => said,
            None => {
                let (language, variable) =
                    Language::of_locale(|name| environment(name)?.into_string().ok());
                (
                    language,
                    variable.map_or(Source::Default, Source::Environment),
                )
            }
        };
        let plain_flag = flags.plain.then_some((true, Source::Flag("--plain")));
        let plain_said = switch(PLAIN_VARIABLE, environment)?;
        let dumb = environment(TERMINAL_VARIABLE).is_some_and(|terminal| terminal == "dumb");
        let (plain, plain_source) = match or_default(plain_flag.or(plain_said), file.plain, || dumb)
        {
            (true, Source::Default) => (true, Source::Environment(TERMINAL_VARIABLE)),
            said => said,
        };
        let (mouse, mouse_source) = or_default(None, file.mouse, || true);
        let motion = flags.motion.map(|m| (m, Source::Flag("--motion")));
        let motion = motion.or(choice(MOTION_VARIABLE, "motion", &MOTIONS, environment)?);
        let (motion, motion_source) = or_default(motion, file.motion, Motion::default);
        let bell = flags.bell.map(|b| (b, Source::Flag("--bell")));
        let bell = bell.or(choice(BELL_VARIABLE, "bell", &BELLS, environment)?);
        let (bell, bell_source) = or_default(bell, file.bell, Rings::default);
        let (title, title_source) = or_default(None, file.title, || true);
        let held_said = file.held_keys.map(|(held, place)| (Some(held), place));
        let (held_keys, held_source) = or_default(None, held_said, || None);
        let level = flags.log_level.map(|l| (l, Source::Flag("--log-level")));
        let (log_level, log_source) = or_default(level, file.log_level, || LevelFilter::INFO);
        let no_color = environment("NO_COLOR").is_some_and(|value| !value.is_empty());
        let (no_color, color_source) = match flags.color {
            Some(Colors::Never) => (true, Source::Flag("--color")),
            Some(Colors::Always) => (false, Source::Flag("--color")),
            _ if no_color => (true, Source::Environment("NO_COLOR")),
            _ => (false, Source::Default),
        };
        let theme = flags.theme.map(|t| (t, Source::Flag("--theme")));
        let variable = environment(THEME_VARIABLE).filter(|theme| !theme.is_empty());
        let variable = variable.map(|theme| theme.to_string_lossy().into_owned());
        let theme = theme.or(variable.map(|t| (t, Source::Environment(THEME_VARIABLE))));
        let default_theme = || appearance::DEFAULT_THEME.to_owned();
        let (theme, theme_source) = or_default(theme, file.theme, default_theme);
        let settings = Self {
            database,
            sources: Sources {
                database: database_source,
                player: player_source,
                language: language_source,
                plain: plain_source,
                mouse: mouse_source,
                motion: motion_source,
                bell: bell_source,
                title: title_source,
                held_keys: held_source,
                theme: theme_source,
                log_level: log_source,
            },
            player,
            language,
            plain,
            mouse,
            motion,
            bell,
            title,
            held_keys,
            theme,
            log_level,
            no_color,
            color_source,
            truecolor: environment("COLORTERM").is_some_and(|v| v == "truecolor" || v == "24bit"),
            config_file: path,
            config_dir: directories.config,
            state_dir: directories.state,
            data_dir: is_default.then_some(directories.data),
        };
        Ok((settings, file.mistakes))
    }

    /// Which colours the game has, and who said so.
    pub fn colors(&self) -> (&'static str, String) {
        match (self.no_color, self.truecolor) {
            (true, _) => ("no colours", self.color_source.to_string()),
            (_, true) => ("16 million colours", "COLORTERM".to_owned()),
            _ => (
                "256 colours",
                "default; COLORTERM does not say more".to_owned(),
            ),
        }
    }

    /// Whether the game is played in lines because somebody wants it so, and not for what the
    /// terminal is.
    pub fn is_plain_by_choice(&self) -> bool {
        self.plain && self.sources.plain != Source::Environment(TERMINAL_VARIABLE)
    }
}

/// What a variable says that is on or off, if it is set.
fn switch(
    name: &'static str,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<(bool, Source)>, SettingsError> {
    let Some(value) = environment(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let on = match value.to_str() {
        Some("true" | "1") => true,
        Some("false" | "0") => false,
        _ => return Err(SettingsError::NoSwitch { name, value }),
    };
    Ok(Some((on, Source::Environment(name))))
}

/// What a variable says that is one of a few things with names, if it is set.
fn choice<T: Copy>(
    name: &'static str,
    what: &str,
    all: &[(&str, T)],
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<Option<(T, Source)>, SettingsError> {
    let Some(value) = environment(name).filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let value = value.to_string_lossy();
    let known = all.iter().find(|(known, _)| *known == value);
    let Some((_, thing)) = known else {
        let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
        return Err(SettingsError::NoChoice(name, unknown(what, &value, &names)));
    };
    Ok(Some((*thing, Source::Environment(name))))
}

/// What was said on the command line or in the environment, else in the file, else the default.
fn or_default<T>(
    said: Option<(T, Source)>,
    in_file: Said<T>,
    default: impl FnOnce() -> T,
) -> (T, Source) {
    let in_file = in_file.map(|(value, place)| (value, Source::File(place)));
    said.or(in_file)
        .unwrap_or_else(|| (default(), Source::Default))
}
