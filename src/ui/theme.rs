//! The styles of everything on the screen, by what it means.

mod file;

use ratatui::style::{Color, Style};

pub use file::{Named, ThemeFile, collect, no_such};

/// The themes that are part of the program: their names and files, in the order of the cycle.
pub const BUILT_IN: [(&str, &str); 6] = [
    (
        "terminal",
        include_str!("../../assets/themes/terminal.toml"),
    ),
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    (
        "high-contrast",
        include_str!("../../assets/themes/high-contrast.toml"),
    ),
    (
        "colour-blind",
        include_str!("../../assets/themes/colour-blind.toml"),
    ),
    (
        "monochrome",
        include_str!("../../assets/themes/monochrome.toml"),
    ),
];

macro_rules! theme {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// One style a meaning; none of them carries a meaning alone.
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct Theme {
            $($(#[$doc])* pub $name: Style,)*
        }

        impl Theme {
            /// The names of the styles, as the files have them.
            pub const STYLES: &[&str] = &[$(stringify!($name)),*];

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

    /// No colour at all, as NO_COLOR asks (<https://no-color.org>).
    pub fn plain() -> Self {
        Self::built_in("monochrome")
    }

    /// A theme of [`BUILT_IN`]; under any other name, one without any style.
    pub fn built_in(name: &str) -> Self {
        file::built_in(name).unwrap_or_default()
    }

    /// Whether it has no colour but the terminal's default ones.
    pub fn is_monochrome(&self) -> bool {
        let styles = self.styles();
        let mut colours = styles.iter().flat_map(|(_, style)| [style.fg, style.bg]);
        colours.all(|colour| colour.is_none_or(|c| c == Color::Reset))
    }

    /// The same for a terminal without 16 million colours: each is replaced by the nearest of the
    /// 240 that look the same on every terminal with 256.
    pub fn in_256_colours(mut self) -> Self {
        let nearest = |colour| match colour {
            Color::Rgb(r, g, b) => Color::Indexed(anstyle_lossy::rgb_to_xterm((r, g, b).into()).0),
            other => other,
        };
        for name in Self::STYLES {
            if let Some(style) = self.style_mut(name) {
                style.fg = style.fg.map(nearest);
                style.bg = style.bg.map(nearest);
            }
        }
        self
    }
}
