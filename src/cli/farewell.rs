//! What is printed at the end: errors, how a game ended, and a summary of the game.

use std::io::{self, IsTerminal, Write};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::common::{Failure, note};
use super::exit::Exit;
use crate::message::{BrokenKind, Farewell, Stop};
use crate::state::Ended;
use crate::words::{Say, Words, text};

/// Prints a failure, and returns the exit code.
pub fn end(done: Result<(), Failure>) -> Exit {
    let Err(failure) = done else {
        return Exit::Fine;
    };
    if !failure.words.is_empty() {
        note(&failure.words);
    }
    failure.exit
}

/// Turns the end of a game into a result.
///
/// # Errors
/// If the player did not end the game, or not everything is saved.
pub fn farewell(place: String, ended: Ended, words: &Words) -> Result<(), Failure> {
    if !ended.stop.is_some_and(Stop::is_hang_up) {
        sum_up(&ended.summary, words);
    }
    let exit = match ended.stop {
        Some(Stop::Signal(number)) => Exit::Signal(number),
        Some(Stop::TerminalGone) => Exit::Signal(rustix::process::Signal::HUP.as_raw()),
        None => Exit::Fine,
    };
    let (mut sentences, exit) = last_words(place, ended.farewell, ended.broken, exit);
    if ended.sprint_void {
        sentences.push(Say::VoidAtEnd);
    }
    Err(Failure::new(exit, words.say(&Say::Sentences(sentences))))
}

/// What became of the worker and of the last presses, and the exit code for that; `exit` if all went
/// well.
pub fn last_words(
    place: String,
    farewell: Farewell,
    broken: Option<(BrokenKind, Say)>,
    mut exit: Exit,
) -> (Vec<Say>, Exit) {
    let mut sentences = Vec::new();
    if farewell.kept > 0 {
        let (presses, place) = (farewell.kept, place.clone());
        sentences.push(Say::KeptForLater { presses, place });
        exit = Exit::Unsaved;
    }
    if let Some((presses, why)) = farewell.lost {
        let why = why.into();
        sentences.push(Say::Lost {
            presses,
            place,
            why,
        });
        exit = Exit::Unsaved;
    }
    if let Some((kind, why)) = broken {
        sentences.insert(0, why);
        exit = kind.into();
    }
    (sentences, exit)
}

/// Prints the summary on the terminal, one sentence on each line. It does not wait for a terminal
/// that blocks.
fn sum_up(summary: &[Say], words: &Words) {
    let mut output = io::stdout();
    if summary.is_empty() || !output.is_terminal() {
        return;
    }
    let lines = summary.iter().map(|what| {
        let line = words.say(what);
        format!("{}\n", text::harmless(&line))
    });
    let text: String = lines.collect();
    let takes = poll(
        &mut [PollFd::new(&output, PollFlags::OUT)],
        Some(&Timespec::default()),
    );
    if takes == Ok(1) {
        let written = output.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| output.flush()) {
            tracing::warn!(%error, "what was done can't be said");
        }
    }
}
