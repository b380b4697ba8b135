//! Last words on standard error: why something was not done, and how a game ended.

use super::exit::Exit;
use super::frame::{Failure, note};
use crate::message::Stop;
use crate::state::Ended;
use crate::words::{Say, Words};

/// Says what failed, and gives the exit code.
pub fn end(done: Result<(), Failure>) -> Exit {
    let Err(failure) = done else {
        return Exit::Fine;
    };
    if !failure.words.is_empty() {
        note(&failure.words);
    }
    failure.exit
}

/// How a game ended.
///
/// # Errors
/// Where it did not end by the player's wish, or not all is saved.
pub fn farewell(place: String, ended: Ended, words: &Words) -> Result<(), Failure> {
    let mut sentences = Vec::new();
    let mut exit = match ended.stop {
        Some(Stop::Signal(number)) => Exit::Signal(number),
        Some(Stop::TerminalGone) => Exit::Signal(rustix::process::Signal::HUP.as_raw()),
        None => Exit::Fine,
    };
    if ended.farewell.kept > 0 {
        sentences.push(Say::KeptForLater {
            presses: ended.farewell.kept,
            place: place.clone(),
        });
        exit = Exit::Unsaved;
    }
    if let Some((presses, why)) = ended.farewell.lost {
        let why = why.into();
        sentences.push(Say::Lost {
            presses,
            place,
            why,
        });
        exit = Exit::Unsaved;
    }
    if ended.sprint_void {
        sentences.push(Say::VoidAtEnd);
    }
    if let Some((kind, why)) = ended.broken {
        sentences.insert(0, why);
        exit = kind.into();
    }
    Err(Failure::new(exit, words.say(&Say::Sentences(sentences))))
}
