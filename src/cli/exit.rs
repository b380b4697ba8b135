//! The exit codes.

use crate::message::BrokenKind;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Success.
    Fine,
    /// A check found a problem.
    Unsound,
    /// A bug in the program.
    Fault,
    /// Wrong flags or settings.
    Usage,
    /// What was asked for does not exist.
    NotFound,
    /// What was asked for has several matches.
    Ambiguous,
    /// Not done, because it would do harm.
    Refused,
    /// The database can't be opened or written.
    Unreachable,
    /// The database is damaged, foreign or newer.
    Damaged,
    /// Presses could not be saved.
    Unsaved,
    /// A terminal is needed, and there is none.
    NoTerminal,
    /// Standard output can't be written.
    Output,
    /// Ended by a signal, with its number.
    Signal(i32),
}

impl Exit {
    /// Every exit code with its meaning, for the help, the manual page and docs/scripting.md.
    pub fn table() -> [(String, &'static str); 13] {
        let signals = [1, 2, 15].map(|number| Self::Signal(number).code().to_string());
        [
            (Self::Fine, "done; every press is saved"),
            (Self::Unsound, "verify found something wrong"),
            (Self::Usage, "wrong usage or settings"),
            (Self::NotFound, "nothing has that name"),
            (Self::Ambiguous, "several players have that name"),
            (
                Self::Refused,
                "refused; nothing was changed, unless it says so",
            ),
            (Self::Unreachable, "the database can't be opened or written"),
            (Self::Damaged, "the database is damaged, foreign or newer"),
            (
                Self::Unsaved,
                "presses wait in the outbox for the next start",
            ),
            (Self::NoTerminal, "there is no terminal to play on"),
            (Self::Fault, "clickoff itself failed"),
            (Self::Output, "standard output can't be written"),
            (Self::Signal(0), "ended by SIGHUP, SIGINT, SIGTERM"),
        ]
        .map(|(exit, meaning)| match exit {
            Self::Signal(_) => (signals.join(", "), meaning),
            exit => (exit.code().to_string(), meaning),
        })
    }

    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Fine => 0,
            Self::Unsound => 1,
            // EX_SOFTWARE of sysexits.h.
            Self::Fault => 70,
            Self::Output => 74,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Ambiguous => 4,
            Self::Refused => 5,
            Self::Unreachable => 6,
            Self::Damaged => 7,
            Self::Unsaved => 8,
            Self::NoTerminal => 9,
            // The convention of shells. The numbers of the signals that we handle are small.
            Self::Signal(number) => 128u8.saturating_add(number.unsigned_abs() as u8),
        }
    }
}

impl From<BrokenKind> for Exit {
    fn from(kind: BrokenKind) -> Self {
        match kind {
            BrokenKind::Unreachable => Self::Unreachable,
            BrokenKind::Damaged => Self::Damaged,
            BrokenKind::Internal => Self::Fault,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        exit.code().into()
    }
}
