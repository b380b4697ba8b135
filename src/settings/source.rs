//! The source of each setting.

use std::collections::BTreeMap;
use std::fmt;

use crate::mistake::FilePosition;

/// The source of a setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The flag of this name on the command line.
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
            Self::Flag(name) => write!(f, "--{}", name.replace('_', "-")),
            Self::Environment(name) => f.write_str(name),
            Self::File(place) => write!(f, "{place}"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// The source of each setting of the configuration file, by its name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources(BTreeMap<&'static str, Source>);

impl Sources {
    /// The source of a setting.
    pub fn of(&self, name: &str) -> &Source {
        self.0.get(name).unwrap_or(&Source::Default)
    }

    /// Records the source of a setting.
    pub(super) fn set(&mut self, name: &'static str, source: Source) {
        self.0.insert(name, source);
    }
}
