//! The styles of everything on the screen, by what it means.

use ratatui::style::{Color, Modifier, Style};

/// One style a meaning; none of them carries a meaning alone.
#[derive(Debug, Clone, Copy)]
pub struct Theme {
    /// Text that matters less.
    pub quiet: Style,
    /// Borders.
    pub border: Style,
    /// Titles and the picked player's name.
    pub strong: Style,
    /// The score's digits and the marker of the picked row.
    pub accent: Style,
    /// The row of the picked player.
    pub picked: Style,
    /// The button as it waits.
    pub button: Style,
    /// The button as it is pressed.
    pub button_down: Style,
    /// Every press is saved.
    pub saved: Style,
    /// Presses are on their way.
    pub saving: Style,
    /// Something went wrong.
    pub trouble: Style,
    /// A key in a hint.
    pub key: Style,
}

impl Theme {
    /// The terminal's own sixteen colours. Of these only red and magenta keep a contrast of about
    /// four to one on both black and white in xterm's default palette, so they are all it uses.
    pub fn terminal() -> Self {
        Self {
            accent: Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD),
            button: Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD),
            button_down: Style::new()
                .fg(Color::Magenta)
                .add_modifier(Modifier::BOLD | Modifier::REVERSED),
            trouble: Style::new().fg(Color::Red).add_modifier(Modifier::BOLD),
            key: Style::new().fg(Color::Magenta).add_modifier(Modifier::BOLD),
            ..Self::plain()
        }
    }

    /// No colour at all, as NO_COLOR asks (<https://no-color.org>).
    pub fn plain() -> Self {
        let bold = Style::new().add_modifier(Modifier::BOLD);
        let dim = Style::new().add_modifier(Modifier::DIM);
        // What it stands on may be dim, and no two terminals agree on bold and dim.
        let strong = bold.remove_modifier(Modifier::DIM);
        Self {
            quiet: dim,
            border: dim,
            strong,
            accent: bold,
            picked: bold,
            button: bold,
            button_down: bold.add_modifier(Modifier::REVERSED),
            saved: Style::new(),
            saving: bold,
            trouble: bold,
            key: bold,
        }
    }
}
