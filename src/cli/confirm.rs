//! The one way to ask whether something is to be done that can't be undone.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use super::Exit;
use super::frame::{Failure, interruptible};

/// Asks on the terminal, where only yes is a yes. What was typed into a pipe long before is no answer.
///
/// # Errors
/// [`Exit::Refused`] for any other answer and where there is no terminal, with what is `without` an
/// answer; [`Exit::Signal`] where a signal ends the waiting.
pub fn confirm(question: &str, without: &str) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        let words = format!(
            "{without}: there is no terminal to ask at. Add --yes to go ahead without being asked."
        );
        return Err(Failure::new(Exit::Refused, words));
    }
    let question = crate::words::text::harmless(question).into_owned();
    // A signal that has been waited for once no longer ends the process by itself. The question comes
    // once signals are waited for, so that each answer to it ends in the same way.
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

/// The same before a database is overwritten, where somebody is there to be asked: without a
/// terminal, --overwrite itself is the answer.
///
/// # Errors
/// As [`confirm`].
pub fn confirm_overwrite(place: &str, yes: bool, without: &str) -> Result<(), Failure> {
    if yes || !io::stdin().is_terminal() {
        return Ok(());
    }
    let question = format!("Remove all players of {place} with their scores, if it has any?");
    confirm(&question, without.trim_end_matches('.'))
}
