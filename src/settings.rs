//! What the program is to do, from flags, environment, configuration file and defaults.

pub mod look;

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::game::HeldKeys;
use crate::mistake::{Document, Mistake, Place};
use crate::store::{Target, TargetError};

/// The environment variable that names the database.
pub const DATABASE_VARIABLE: &str = "CLICKOFF_DATABASE";

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The command line.
    Flag,
    /// An environment variable.
    Environment,
    /// The configuration file.
    File(PathBuf),
    /// Nobody said anything.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("--database"),
            Self::Environment => f.write_str(DATABASE_VARIABLE),
            Self::File(path) => write!(f, "{}", path.display()),
            Self::Default => f.write_str("the default"),
        }
    }
}

/// What the command line said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--database`.
    pub database: Option<OsString>,
    /// `--player`.
    pub player: Option<String>,
    /// `--config`.
    pub config: Option<PathBuf>,
}

/// All settings in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The database.
    pub database: Target,
    /// Who said so.
    pub database_source: Source,
    /// The player to start on.
    pub player: Option<String>,
    /// Whether the mouse plays.
    pub mouse: bool,
    /// The theme to begin with, and where it was asked for.
    pub theme: Option<(String, Place)>,
    /// What a held key is to score.
    pub held_keys: Option<HeldKeys>,
    /// Whether colours are to be left out (<https://no-color.org>).
    pub no_color: bool,
    /// Whether the terminal says that it has 16 million colours.
    pub truecolor: bool,
    /// Where the player's own themes and keymap are.
    pub config_dir: PathBuf,
    /// Where the log and the outbox are.
    pub state_dir: PathBuf,
    /// The directory to make for a default database; a directory named by hand must exist.
    pub data_dir: Option<PathBuf>,
}

/// The configuration file's contents.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    database: Option<String>,
    player: Option<String>,
    mouse: Option<bool>,
    #[serde(default, deserialize_with = "held_keys")]
    held_keys: Option<HeldKeys>,
    theme: Option<Spanned<String>>,
}

fn held_keys<'de, D: Deserializer<'de>>(value: D) -> Result<Option<HeldKeys>, D::Error> {
    let word = String::deserialize(value)?;
    word.parse().map(Some).map_err(D::Error::custom)
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
    #[error("the configuration file has a mistake. {0}")]
    Mistake(Mistake),
    /// The database's name means nothing.
    #[error("{0} (given by {1})")]
    Database(TargetError, Source),
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
        // Where the directories don't exist for want of a home, everything may still be named.
        let dirs = ProjectDirs::from("", "", "clickoff").ok_or(SettingsError::NoHome)?;
        let path = flags.config.clone();
        let path = path.unwrap_or_else(|| dirs.config_dir().join("config.toml"));
        let (config, theme) = read_config(&path, flags.config.is_some())?;
        let variable = environment(DATABASE_VARIABLE).filter(|v| !v.is_empty());
        let named = flags
            .database
            .map(|d| (d, Source::Flag))
            .or_else(|| variable.map(|d| (d, Source::Environment)))
            .or_else(|| config.database.map(|d| (d.into(), Source::File(path))));
        let data_dir = named.is_none().then(|| dirs.data_dir().to_owned());
        let (database, database_source) = named.unwrap_or_else(|| {
            let default = dirs.data_dir().join("clickoff.db");
            (default.into(), Source::Default)
        });
        let database = Target::parse(&database)
            .map_err(|e| SettingsError::Database(e, database_source.clone()))?;
        Ok(Self {
            database,
            database_source,
            player: flags.player.or(config.player),
            mouse: config.mouse.unwrap_or(true),
            theme,
            held_keys: config.held_keys,
            no_color: environment("NO_COLOR").is_some_and(|v| !v.is_empty()),
            truecolor: environment("COLORTERM").is_some_and(|v| v == "truecolor" || v == "24bit"),
            config_dir: dirs.config_dir().to_owned(),
            state_dir: dirs
                .state_dir()
                .unwrap_or_else(|| dirs.data_local_dir())
                .to_owned(),
            data_dir,
        })
    }
}

/// What the file says, and the theme that it names with its place.
fn read_config(
    path: &Path,
    asked_for: bool,
) -> Result<(Config, Option<(String, Place)>), SettingsError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound && !asked_for => {
            return Ok(Default::default());
        }
        Err(error) => return Err(SettingsError::Unreadable(path.to_owned(), error)),
    };
    let whole = path.display().to_string();
    let document = Document::new(&whole, &text);
    let mut config: Config = toml::from_str(&text)
        .map_err(|error| SettingsError::Mistake(document.complaint(&error)))?;
    let theme = config.theme.take();
    let theme = theme.map(|theme| (document.place(&theme.span()), theme.into_inner()));
    Ok((config, theme.map(|(place, theme)| (theme, place))))
}

/// The path as the screen shows it, with `~` for the home directory.
pub fn shown_path(path: &Path) -> String {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let below = home.as_deref().filter(|h| *h != Path::new("/"));
    match below.and_then(|home| path.strip_prefix(home).ok()) {
        Some(rest) => format!("~/{}", rest.display()),
        None => path.display().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(
        flag: Option<&str>,
        variable: Option<&str>,
        file: &str,
    ) -> Result<Settings, SettingsError> {
        let dir = tempfile::tempdir().expect("a temporary directory");
        let config = dir.path().join("config.toml");
        std::fs::write(&config, file).expect("written");
        let flags = Flags {
            database: flag.map(Into::into),
            player: None,
            config: Some(config),
        };
        Settings::find(flags, |name| {
            (name == DATABASE_VARIABLE)
                .then(|| variable.map(OsString::from))
                .flatten()
        })
    }

    #[test]
    fn the_flag_goes_before_the_variable_before_the_file_before_the_default() {
        let file = "database = '/file.db'";
        let database = |s: Settings| match s.database {
            Target::Sqlite(path) => path.display().to_string(),
            other => panic!("{other:?} is no file"),
        };
        let found = |flag, variable, file| database(find(flag, variable, file).expect("settings"));
        assert_eq!(found(Some("/flag.db"), Some("/env.db"), file), "/flag.db");
        assert_eq!(found(None, Some("/env.db"), file), "/env.db");
        assert_eq!(found(None, Some(""), file), "/file.db");
        assert!(found(None, None, "").ends_with("clickoff.db"));
    }

    #[test]
    fn a_mistake_in_the_file_is_named_with_its_line() {
        let error = find(None, None, "player = 'Ada'\ndatabse = 'x'").expect_err("a mistake");
        let text = error.to_string();
        assert!(
            text.contains("line 2") && text.contains("databse"),
            "{text}"
        );
        assert!(text.contains("did you mean `database`?"), "{text}");
    }

    #[test]
    fn a_theme_is_known_with_the_place_where_it_was_asked_for() {
        let (name, place) = find(None, None, "mouse = true\n\ntheme = 'dark'")
            .expect("settings")
            .theme
            .expect("a theme");
        assert_eq!(name, "dark");
        assert_eq!(place.line, Some(3));
        assert!(place.file.ends_with("config.toml"), "{place}");
        assert_eq!(find(None, None, "").expect("settings").theme, None);
    }

    #[test]
    fn a_mistake_in_a_url_is_named_without_its_password() {
        for file in [
            "player = 'Ada'\ndatabse = 'postgres://ada:s3cret@host/db'",
            "player = 'Ada'\ndatabase = 'postgres://ada:s3cret@host/db",
            "player = 'Ada'\ndatabase = ['postgres://ada:s3cret@host/db']",
            "player = 'Ada'\nmouse = 'postgres://ada:s3cret@host/db'",
            "player = 'Ada'\n'postgres://ada:s3cret@host/db' = 'database'",
        ] {
            let error = find(None, None, file).expect_err("a mistake");
            let text = format!("{error} {error:?}");
            assert!(text.contains("line 2"), "{text}");
            assert!(!text.contains("s3cret"), "{text}");
        }
    }
}
