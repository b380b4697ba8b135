//! The themes that a game can use, and which of them `auto` means.

use super::{Background, Named, Theme};

/// The themes to choose from, and what is known about the terminal.
#[derive(Debug, Default)]
pub struct Themes {
    all: Vec<Named>,
    /// The terminal's background, if it has reported it.
    pub background: Option<Background>,
}

impl Themes {
    /// These themes, on an unknown terminal.
    pub fn new(all: Vec<Named>) -> Self {
        Self {
            all,
            background: None,
        }
    }

    /// Their names.
    pub fn names(&self) -> Vec<String> {
        self.all.iter().map(|named| named.name.clone()).collect()
    }

    /// Whether one of them depends on the background.
    pub fn have_auto(&self) -> bool {
        self.all.iter().any(Named::is_auto)
    }

    /// The theme at this index, from 0.
    pub fn theme(&self, at: usize) -> Theme {
        let mut all = self.all.iter();
        let named = self.all.get(at).map(|named| match named.is_auto() {
            true => all.find(|n| n.name == self.auto()).unwrap_or(named),
            false => named,
        });
        named.map(Named::theme).unwrap_or_default()
    }

    /// The name of the theme that `auto` means here. If the background is unknown, it is one that
    /// is readable on any.
    pub fn auto(&self) -> &'static str {
        match self.background {
            Some(Background::Dark) => "dark",
            Some(Background::Light) => "light",
            None => "terminal",
        }
    }
}
