//! Whether the terminal supports copying.

/// Whether the terminal accepts a text for its clipboard (OSC 52).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clipboard {
    /// Probably: most terminals do, but none says so.
    #[default]
    Likely,
    /// tmux passes it on if it is configured to.
    Tmux,
    /// The terminal is known not to accept it.
    No,
}
