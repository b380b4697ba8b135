//! The program's settings, from flags, environment, configuration file and defaults.

pub mod appearance;
mod file;
mod flags;
mod keep;
mod places;
mod source;
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
pub use flags::{Colors, Flags, GLOBAL, one_of};
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
pub const LOG_LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];

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
    /// The source of the decision about colours.
    pub color_source: Source,
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
    /// A variable for yes or no has another value.
    #[error("{name} is {value:?}; it must be true or false")]
    NoSwitch {
        /// The variable.
        name: &'static str,
        /// Its value.
        value: OsString,
    },
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
        if mistakes.is_empty() {
            Ok(settings)
        } else {
            Err(SettingsError::Mistakes(mistakes))
        }
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
        // Without a home directory, all paths may still be given explicitly.
        let directories = Directories::find()?;
        let path = flags.config.clone();
        let path = path.unwrap_or_else(|| directories.config_file());
        let file = File::read(&path, flags.config.is_some())?;
        let variable = environment(DATABASE_VARIABLE).filter(|v| !v.is_empty());
        let named = flags.database.map(|d| (d, Source::Flag("--database")));
        let named = named.or(variable.map(|d| (d, Source::Environment(DATABASE_VARIABLE))));
        let is_default = named.is_none() && file.database.is_none();
        let default = directories.data.join("clickoff.db").into_os_string();
        let database = match (named, file.database) {
            (None, Some((target, place))) => (target, Source::File(place)),
            (named, _) => {
                let (name, source) = named.unwrap_or((default, Source::Default));
                let target = Target::parse(&name);
                let target = target.map_err(|e| SettingsError::Database(e, source.clone()))?;
                (target, source)
            }
        };
        let flag = flags.player.map(|p| (Some(p), Source::Flag("--player")));
        let in_file = file.player.map(|(player, place)| (Some(player), place));
        let player = or_default(flag, in_file, || None);

        let flag = flags.language.map(|l| (l, Source::Flag("--language")));
        let languages = Language::ALL.map(|language| (language.name(), language));
        let variable = choice(LANGUAGE_VARIABLE, "language", &languages, environment)?;
        let in_file = file.language.map(|(l, place)| (l, Source::File(place)));
        let language = flag.or(variable).or(in_file).unwrap_or_else(|| {
            let variable = |name: &str| environment(name)?.into_string().ok();
            let (language, variable) = Language::of_locale(variable);
            let source = variable.map_or(Source::Default, Source::Environment);
            (language, source)
        });

        let flag = flags.plain.then_some((true, Source::Flag("--plain")));
        let variable = switch(PLAIN_VARIABLE, environment)?;
        let dumb = environment(TERMINAL_VARIABLE).is_some_and(|terminal| terminal == "dumb");
        let plain = match or_default(flag.or(variable), file.plain, || dumb) {
            (true, Source::Default) => (true, Source::Environment(TERMINAL_VARIABLE)),
            plain => plain,
        };

        let flag = flags.motion.map(|m| (m, Source::Flag("--motion")));
        let variable = choice(MOTION_VARIABLE, "motion", &MOTIONS, environment)?;
        let motion = or_default(flag.or(variable), file.motion, Motion::default);

        let flag = flags.bell.map(|b| (b, Source::Flag("--bell")));
        let variable = choice(BELL_VARIABLE, "bell", &BELLS, environment)?;
        let bell = or_default(flag.or(variable), file.bell, Rings::default);

        let in_file = file.held_keys.map(|(held, place)| (Some(held), place));
        let held_keys = or_default(None, in_file, || None);

        let flag = flags.log_level.map(|l| (l, Source::Flag("--log-level")));
        let log_level = or_default(flag, file.log_level, || LevelFilter::INFO);

        let flag = flags.theme.map(|t| (t, Source::Flag("--theme")));
        let variable = environment(THEME_VARIABLE).filter(|theme| !theme.is_empty());
        let variable = variable.map(|theme| theme.to_string_lossy().into_owned());
        let variable = variable.map(|t| (t, Source::Environment(THEME_VARIABLE)));
        let default = || appearance::DEFAULT_THEME.to_owned();
        let theme = or_default(flag.or(variable), file.theme, default);

        let no_color = environment("NO_COLOR").is_some_and(|value| !value.is_empty());
        let (no_color, color_source) = match flags.color {
            Some(Colors::Never) => (true, Source::Flag("--color")),
            Some(Colors::Always) => (false, Source::Flag("--color")),
            _ if no_color => (true, Source::Environment("NO_COLOR")),
            _ => (false, Source::Default),
        };
        let mut sources = Sources::default();
        let settings = Self {
            database: sources.set("database", database),
            player: sources.set("player", player),
            language: sources.set("language", language),
            plain: sources.set("plain", plain),
            mouse: sources.set("mouse", or_default(None, file.mouse, || true)),
            motion: sources.set("motion", motion),
            bell: sources.set("bell", bell),
            title: sources.set("title", or_default(None, file.title, || true)),
            held_keys: sources.set("held_keys", held_keys),
            theme: sources.set("theme", theme),
            log_level: sources.set("log_level", log_level),
            sources,
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

    /// Whether the game has colours, and the source of that.
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

    /// Whether somebody chose the plain mode. It may also be used because of the terminal.
    pub fn is_plain_by_choice(&self) -> bool {
        self.plain && *self.sources.of("plain") != Source::Environment(TERMINAL_VARIABLE)
    }
}

/// The value of a yes-or-no variable, if it is set.
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

/// The value of a variable with named values, if it is set.
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

/// The value from the command line or environment, else from the file, else the default.
fn or_default<T>(
    said: Option<(T, Source)>,
    in_file: Said<T>,
    default: impl FnOnce() -> T,
) -> (T, Source) {
    let in_file = in_file.map(|(value, place)| (value, Source::File(place)));
    said.or(in_file)
        .unwrap_or_else(|| (default(), Source::Default))
}
