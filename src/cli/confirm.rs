//! Asks for confirmation before something that can't be undone.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::Exit;
use super::common::{Failure, interruptible};

/// Asks on the terminal. Only `yes` or `y` confirms. Input from a pipe does not count as an answer.
///
/// # Errors
/// [`Exit::Refused`] with `without` for any other answer, and without a terminal; [`Exit::Signal`]
/// if a signal comes while it waits.
pub fn confirm(question: &str, without: &str) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        let words = format!(
            "{without}: there is no terminal to ask at. Add --yes to go ahead without being asked."
        );
        return Err(Failure::new(Exit::Refused, words));
    }
    let question = crate::words::text::harmless(question).into_owned();
    // Once a handler is installed, a signal no longer ends the process by itself. The question is
    // printed after that, so that Ctrl-C at the question always ends in the same way.
    let read = move || {
        let _ = write!(io::stderr(), "{question} [y/N] ");
        io::stdin().lines().next()
    };
    let read = async |_| tokio::task::spawn_blocking(read).await;
    let (read, stop) = interruptible(Duration::ZERO, read)?;
    let exit = match read {
        Some(Ok(Some(Ok(answer)))) if matches!(answer.trim(), "y" | "Y" | "yes" | "Yes") => {
            return Ok(());
        }
        Some(_) => Exit::Refused,
        None => {
            let _ = writeln!(io::stderr());
            stop.exit()
        }
    };
    Err(Failure::new(exit, format!("{without}.")))
}

/// The flags of a command that may replace everything in a database.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct Overwriting {
    /// Remove all players that the target has, and their scores, in the same transaction
    #[arg(long)]
    pub overwrite: bool,

    /// Don't ask before overwriting
    #[arg(short, long, requires = "overwrite")]
    yes: bool,
}

impl Overwriting {
    /// Asks before a database is overwritten. Without a terminal it does not ask: then --overwrite
    /// is enough.
    ///
    /// # Errors
    /// As [`confirm`].
    pub fn confirm(self, place: &str, without: &str) -> Result<(), Failure> {
        if !self.overwrite || self.yes || !io::stdin().is_terminal() {
            return Ok(());
        }
        let question = format!("Remove all players of {place} with their scores, if it has any?");
        confirm(&question, without.trim_end_matches('.'))
    }
}
