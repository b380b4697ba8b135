//! The themes that a game can wear, and what `auto` is among them.

use super::{Background, Named, Theme};

/// The themes to choose from, and what is known of the terminal that they are worn on.
#[derive(Debug, Default)]
pub struct Themes {
    all: Vec<Named>,
    /// The terminal's own background, once it has told it.
    pub background: Option<Background>,
}

impl Themes {
    /// These themes, on a terminal of which nothing is known.
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

    /// What one of them looks like, counted from 0.
    pub fn worn(&self, at: usize) -> Theme {
        let named = self.all.get(at).map(|named| match named.is_auto() {
            true => self
                .all
                .iter()
                .find(|n| n.name == self.auto())
                .unwrap_or(named),
            false => named,
        });
        named.map(Named::theme).unwrap_or_default()
    }

    /// The name of the theme that `auto` is here: where the background is not known, the one that is
    /// read on any.
    pub fn auto(&self) -> &'static str {
        match self.background {
            Some(Background::Dark) => "dark",
            Some(Background::Light) => "light",
            None => "terminal",
        }
    }
}
