//! The program's settings, from flags, environment, configuration file and defaults.

pub mod appearance;
mod chain;
mod flags;
mod keep;
mod places;
mod source;
mod zone;

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use tracing::level_filters::LevelFilter;

use crate::files::{self, Links};
use crate::game::{HeldKeys, Motion, Rings};
use crate::mistake::Mistake;
use crate::state::State;
use crate::store::{Target, TargetError};
use crate::words::Language;
use chain::{Chain, database, one_of, switch, words};

pub use flags::{Colors, Flags, GLOBAL, parser};
pub use keep::keep;
pub use places::{Directories, host_key, shown_path, shown_place};
pub use source::{Source, Sources};
pub use zone::zone;

/// The environment variable that names the database.
pub const DATABASE_VARIABLE: &str = "CLICKOFF_DATABASE";

/// The environment variable for the plain mode, without a screen.
pub const PLAIN_VARIABLE: &str = "CLICKOFF_PLAIN";

/// The environment variable that names the theme.
pub const THEME_VARIABLE: &str = "CLICKOFF_THEME";

/// The environment variable that names the language of the game.
pub const LANGUAGE_VARIABLE: &str = "CLICKOFF_LANGUAGE";

/// The environment variable for the amount of motion.
pub const MOTION_VARIABLE: &str = "CLICKOFF_MOTION";

/// The environment variable for the bell.
pub const BELL_VARIABLE: &str = "CLICKOFF_BELL";

/// The environment variable that names the kind of terminal.
const TERMINAL_VARIABLE: &str = "TERM";

/// The log levels, from nothing to everything.
pub const LOG_LEVELS: [(&str, LevelFilter); 6] = [
    ("off", LevelFilter::OFF),
    ("error", LevelFilter::ERROR),
    ("warn", LevelFilter::WARN),
    ("info", LevelFilter::INFO),
    ("debug", LevelFilter::DEBUG),
    ("trace", LevelFilter::TRACE),
];

/// The values of `motion`.
pub const MOTIONS: [(&str, Motion); 3] = [
    ("full", Motion::Full),
    ("reduced", Motion::Reduced),
    ("none", Motion::None),
];

/// The values of `bell`.
pub const BELLS: [(&str, Rings); 3] = [
    ("none", Rings::None),
    ("starts", Rings::Starts),
    ("all", Rings::All),
];

/// The values of a variable for yes or no.
const SWITCHES: [(&str, bool); 4] = [("true", true), ("1", true), ("false", false), ("0", false)];

/// The text of a new configuration file.
pub const TEMPLATE: &str = include_str!("../assets/config.toml");

/// All settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The database.
    pub database: Target,
    /// The source of each setting of the configuration file.
    pub sources: Sources,
    /// The player to start on.
    pub player: Option<String>,
    /// The language of the game.
    pub language: Language,
    /// Whether the game is played in lines, without a screen.
    pub plain: bool,
    /// Whether the game uses the mouse.
    pub mouse: bool,
    /// How much moves on the screen.
    pub motion: Motion,
    /// The events for which the terminal's bell rings.
    pub bell: Rings,
    /// Whether the game sets the terminal's title.
    pub title: bool,
    /// What a held key scores, if the database has no rule. If neither says so, it depends on the
    /// terminal.
    pub held_keys: Option<HeldKeys>,
    /// The theme at the start.
    pub theme: String,
    /// The log level.
    pub log_level: LevelFilter,
    /// Whether the game leaves out colours (<https://no-color.org>).
    pub no_color: bool,
    /// Whether the terminal reports 24-bit colours.
    pub truecolor: bool,
    /// The configuration file, which need not exist.
    pub config_file: PathBuf,
    /// The directory of the player's themes and keymap.
    pub config_dir: PathBuf,
    /// The directory of the log and the outbox.
    pub state_dir: PathBuf,
    /// The directory to make for the default database. Other directories must exist.
    pub data_dir: Option<PathBuf>,
}

/// Why settings can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// There is no home directory.
    #[error(
        "there is no home directory to keep the scores in: set HOME, or XDG_DATA_HOME, \
         XDG_CONFIG_HOME and XDG_STATE_HOME"
    )]
    NoHome,
    /// The configuration file can't be read.
    #[error("the settings file {path} can't be read: {why}", path = .0.display(), why = .1)]
    Unreadable(PathBuf, io::Error),
    /// The configuration file has mistakes.
    #[error("the settings file has {}", told(.0))]
    Mistakes(Vec<Mistake>),
    /// A variable does not have one of its allowed values.
    #[error("{0}: {1}")]
    NoChoice(&'static str, String),
    /// The database's name can't be understood.
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
    /// Reads the settings; `environment` looks up a variable.
    ///
    /// # Errors
    /// [`SettingsError`], a sentence for the player.
    pub fn find(
        flags: Flags,
        environment: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, SettingsError> {
        let (settings, mistakes) = Self::find_with_mistakes(flags, &environment)?;
        let Some(file) = mistakes.first().map(|mistake| mistake.place.file.clone()) else {
            return Ok(settings);
        };
        // As many as `clickoff config check` counts in this file.
        let mut mistakes = appearance::all_mistakes(&settings, mistakes);
        mistakes.retain(|mistake| mistake.place.file == file);
        Err(SettingsError::Mistakes(mistakes))
    }

    /// Reads the settings with the environment of this process.
    ///
    /// # Errors
    /// [`SettingsError`], a sentence for the player.
    pub fn of_process(flags: Flags) -> Result<Self, SettingsError> {
        Self::find(flags, |name| std::env::var_os(name))
    }

    /// The file with the last player of each database.
    pub fn last_players(&self) -> PathBuf {
        self.state_dir.join("players")
    }

    /// Reads the settings as if the wrong lines of the configuration file were missing, and returns
    /// the mistakes.
    ///
    /// # Errors
    /// [`SettingsError`] for anything but mistakes in that file.
    pub fn find_with_mistakes(
        flags: Flags,
        environment: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<(Self, Vec<Mistake>), SettingsError> {
        let path = match &flags.config {
            Some(path) => path.clone(),
            None => Directories::find()?.config_file(),
        };
        let text = match files::read(&path, files::SETTINGS, Links::Followed) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && flags.config.is_none() => {
                String::new()
            }
            text => text.map_err(|error| {
                let error = files::of_directory(&path, error);
                SettingsError::Unreadable(path.clone(), error)
            })?,
        };
        Self::of(flags, &path, &text, environment)
    }

    /// As [`Self::find_with_mistakes`], from the text of a configuration file.
    ///
    /// # Errors
    /// [`SettingsError`] for anything but mistakes in the text.
    pub fn of(
        flags: Flags,
        path: &Path,
        text: &str,
        environment: &dyn Fn(&str) -> Option<OsString>,
    ) -> Result<(Self, Vec<Mistake>), SettingsError> {
        let directories = Directories::find()?;
        let shown = path.display().to_string();
        let mut chain = Chain::new(&shown, text, environment);

        let in_file = chain.in_file("database", database);
        let flag = flags.database.map(|name| (name, Source::Flag("database")));
        let variable = chain.variable(DATABASE_VARIABLE);
        let variable = variable.map(|name| (name, Source::Environment(DATABASE_VARIABLE)));
        let named = flag.or(variable);
        let is_default = named.is_none() && in_file.is_none();
        let default = directories.data.join("clickoff.db").into_os_string();
        let (database, source) = match (named, in_file) {
            (None, Some(in_file)) => in_file,
            (named, _) => {
                let (name, source) = named.unwrap_or((default, Source::Default));
                let target = Target::parse(&name);
                let target = target.map_err(|e| SettingsError::Database(e, source.clone()))?;
                (target, source)
            }
        };
        chain.sources.set("database", source);

        let languages = Language::ALL.map(|language| (language.name(), language));
        let read = one_of("language", &languages);
        let language = chain.find("language", flags.language, Some(LANGUAGE_VARIABLE), read)?;
        let language = language.unwrap_or_else(|| {
            let variable = |name: &str| environment(name)?.into_string().ok();
            let (language, variable) = Language::of_locale(variable);
            if let Some(variable) = variable {
                chain.sources.set("language", Source::Environment(variable));
            }
            language
        });

        let in_file = chain.in_file("plain", switch);
        let flag = flags.plain.then_some((true, Source::Flag("plain")));
        let dumb = chain.variable(TERMINAL_VARIABLE).filter(|t| t == "dumb");
        let dumb = dumb.map(|_| (true, Source::Environment(TERMINAL_VARIABLE)));
        let variable = chain.in_variable(PLAIN_VARIABLE, one_of("value", &SWITCHES))?;
        let plain = flag.or(variable).or(in_file).or(dumb);

        let (no_color, source) = match (flags.color, chain.variable("NO_COLOR")) {
            (Some(Colors::Never), _) => (true, Source::Flag("color")),
            (Some(Colors::Always), _) => (false, Source::Flag("color")),
            (_, Some(_)) => (true, Source::Environment("NO_COLOR")),
            _ => (false, Source::Default),
        };
        chain.sources.set("color", source);
        let held_keys = HeldKeys::ALL.map(|held| (held.name(), held));
        let motions = one_of("motion", &MOTIONS);
        let bells = one_of("bell", &BELLS);
        let levels = one_of("log level", &LOG_LEVELS);
        let theme = chain.find("theme", flags.theme, Some(THEME_VARIABLE), words)?;
        let settings = Self {
            database,
            player: chain.find("player", flags.player, None, words)?,
            language,
            plain: chain.set("plain", plain).unwrap_or(false),
            mouse: chain.find("mouse", None, None, switch)?.unwrap_or(true),
            motion: chain
                .find("motion", flags.motion, Some(MOTION_VARIABLE), motions)?
                .unwrap_or_default(),
            bell: chain
                .find("bell", flags.bell, Some(BELL_VARIABLE), bells)?
                .unwrap_or_default(),
            title: chain.find("title", None, None, switch)?.unwrap_or(true),
            held_keys: chain.find("held_keys", None, None, one_of("value", &held_keys))?,
            theme: theme.unwrap_or_else(|| appearance::DEFAULT_THEME.to_owned()),
            log_level: chain
                .find("log_level", flags.log_level, None, levels)?
                .unwrap_or(LevelFilter::INFO),
            no_color,
            truecolor: environment("COLORTERM").is_some_and(|v| v == "truecolor" || v == "24bit"),
            config_file: path.to_owned(),
            config_dir: directories.config,
            state_dir: directories.state,
            data_dir: is_default.then_some(directories.data),
            sources: std::mem::take(&mut chain.sources),
        };
        Ok((settings, chain.mistakes()))
    }

    /// The state of a game that begins with these settings.
    pub fn state(
        &self,
        place: String,
        start_with: Option<String>,
        login: String,
        zone: TimeZone,
    ) -> State {
        let mut state = State::new(place, start_with, login, self.mouse);
        state.times.zone = zone;
        state.held_keys = self.held_keys;
        state.bell.rings = self.bell;
        state
    }

    /// Whether the game has colours, and the source of that.
    pub fn colors(&self) -> (&'static str, String) {
        match (self.no_color, self.truecolor) {
            (true, _) => ("no colours", self.sources.of("color").to_string()),
            (_, true) => ("16 million colours", "COLORTERM".to_owned()),
            _ => (
                "256 colours",
                "default; COLORTERM does not say more".to_owned(),
            ),
        }
    }

    /// Whether somebody chose the plain mode. It may also be used because of the terminal.
    pub fn is_plain_by_choice(&self) -> bool {
        self.plain && *self.sources.of("plain") != Source::Environment(TERMINAL_VARIABLE)
    }
}

/// The name of one of several named values.
pub fn name_of<T: Copy + PartialEq>(all: &[(&'static str, T)], thing: T) -> &'static str {
    let named = all.iter().find(|(_, known)| *known == thing);
    named.map_or("", |(name, _)| name)
}
