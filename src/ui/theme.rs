//! The styles of everything on the screen, named by their meaning.

mod choice;
mod colour;
mod file;

use ratatui::style::{Color, Style};

pub use choice::Themes;
pub use colour::Background;
pub use file::{ATTRIBUTES, Named, ThemeFile, collect, no_such};

macro_rules! built_in {
    ($($name:literal),*) => {
        [$(($name, include_str!(concat!("../../assets/themes/", $name, ".toml")))),*]
    };
}

/// The built-in themes: names and files, in the order of the list.
#[rustfmt::skip]
pub const BUILT_IN: [(&str, &str); 15] = built_in![
    "terminal", "dark", "light", "high-contrast", "colour-blind", "monochrome", "gruvbox-dark",
    "gruvbox-light", "nord", "catppuccin-latte", "catppuccin-mocha", "dracula", "solarized-dark",
    "solarized-light", "tokyo-night"
];

macro_rules! theme {
    ($(#[doc = $meaning:literal] $name:ident,)*) => {
        /// A style for each meaning. No meaning is shown by its style alone.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Theme {
            $(#[doc = $meaning] pub $name: Style,)*
        }

        impl Theme {
            /// The names of the styles in a file.
            pub const STYLES: &[&str] = &[$(stringify!($name)),*];

            /// The name of each style with its meaning.
            pub const MEANINGS: &[(&str, &str)] = &[$((stringify!($name), $meaning)),*];

            /// Every style with its name.
            pub fn styles(&self) -> Vec<(&'static str, Style)> {
                vec![$((stringify!($name), self.$name)),*]
            }

            fn style_mut(&mut self, name: &str) -> Option<&mut Style> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

theme! {
    /// All that has no style of its own; its background is that of the whole screen.
    text,
    /// Text that matters less.
    quiet,
    /// Borders.
    border,
    /// Titles and the picked player's name.
    strong,
    /// The score's digits and the marker of the picked row.
    accent,
    /// The row of the picked player.
    picked,
    /// The button as it waits.
    button,
    /// The button as it is pressed.
    button_down,
    /// Every press is saved.
    saved,
    /// Presses are on their way.
    saving,
    /// Something went wrong.
    trouble,
    /// A key in a hint.
    key,
}

impl Theme {
    /// The terminal's own sixteen colours.
    pub fn terminal() -> Self {
        Self::built_in("terminal")
    }

    /// A theme without colours, as NO_COLOR asks (<https://no-color.org>).
    pub fn plain() -> Self {
        Self::built_in("monochrome")
    }

    /// A theme of [`BUILT_IN`]; an unknown name gives one without any style.
    pub fn built_in(name: &str) -> Self {
        file::built_in(name).unwrap_or_default()
    }

    /// Whether it uses only the terminal's default colours.
    pub fn is_monochrome(&self) -> bool {
        let styles = self.styles();
        let mut colours = styles.iter().flat_map(|(_, style)| [style.fg, style.bg]);
        colours.all(|colour| colour.is_none_or(|c| c == Color::Reset))
    }

    /// The theme for a terminal without 24-bit colours. Each colour is replaced by one of the 240
    /// that look the same on all terminals with 256 colours.
    pub fn in_256_colours(mut self) -> Self {
        let text = self.text;
        for name in Self::STYLES {
            if let Some(style) = self.style_mut(name) {
                *style = colour::in_256(*style, text);
            }
        }
        self
    }
}
