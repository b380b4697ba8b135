//! The source of each setting.

use std::fmt;

use crate::mistake::FilePosition;

/// The source of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag on the command line.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// The configuration file.
    File(FilePosition),
    /// No source: the default.
    Default,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) | Self::Environment(name) => f.write_str(name),
            Self::File(place) => write!(f, "{place}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The source of each setting of the configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Of the database.
    pub database: Source,
    /// Of the player to start on.
    pub player: Source,
    /// Of the language.
    pub language: Source,
    /// Of the plain mode.
    pub plain: Source,
    /// Of the use of the mouse.
    pub mouse: Source,
    /// Of the amount of motion.
    pub motion: Source,
    /// Of the bell.
    pub bell: Source,
    /// Of the use of the terminal's title.
    pub title: Source,
    /// Of what a held key scores.
    pub held_keys: Source,
    /// Of the theme.
    pub theme: Source,
    /// Of the log level.
    pub log_level: Source,
}
