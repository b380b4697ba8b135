//! Where each setting came from.

use std::fmt;

use crate::mistake::FilePosition;

/// Where a setting came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A flag on the command line.
    Flag(&'static str),
    /// An environment variable.
    Environment(&'static str),
    /// The configuration file.
    File(FilePosition),
    /// Nobody said anything.
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

/// Where each setting came from that the configuration file can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Of the database.
    pub database: Source,
    /// Of the player to start on.
    pub player: Source,
    /// Of the language.
    pub language: Source,
    /// Of whether the game is played in lines.
    pub plain: Source,
    /// Of whether the mouse plays.
    pub mouse: Source,
    /// Of how much moves.
    pub motion: Source,
    /// Of what the bell rings for.
    pub bell: Source,
    /// Of whether the terminal's title is ours.
    pub title: Source,
    /// Of what a held key scores.
    pub held_keys: Source,
    /// Of the theme.
    pub theme: Source,
    /// Of how much is logged.
    pub log_level: Source,
}
