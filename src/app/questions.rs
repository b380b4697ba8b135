//! The questions to the terminal, and waiting for the last answers before it is given back.
//!
//! A late answer would appear in the shell's prompt, and so would the release of the last key. So
//! the terminal is asked for its attributes once more at the end. It answers in order, and
//! everything before that answer is read.

use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

use super::line::{Line, OWN};
use super::parser::{Answer, Input, Parser};
use super::tty;

/// DECRQM: asks whether the terminal supports synchronized output.
pub const SYNCHRONIZED: &str = "\x1b[?2026$p";

/// Asks for the active flags of the kitty keyboard protocol. A terminal without the protocol may
/// print the end of this, as macOS's Terminal does.
pub const KEY_FLAGS: &str = "\x1b[?u";

/// OSC 11: asks for the background colour. It ends with BEL, because rxvt-unicode ends its answer
/// like the question, and forgets its own ST.
pub const BACKGROUND: &str = "\x1b]11;?\x07";

/// DA1: asks for the terminal's attributes. Every terminal answers it.
pub const ATTRIBUTES: &str = "\x1b[c";

/// How long the last answer may take, for example from the other end of the world or over a slow
/// line with much output.
const PATIENCE: Duration = Duration::from_secs(2);

/// After this time a terminal that has not answered is assumed not to answer at all.
const SILENCE: Duration = Duration::from_secs(1);

impl Line {
    /// Records that the terminal is asked for its attributes.
    pub fn ask(&self) {
        let mut asked = self.asked();
        asked.owed += 1;
        let now = Instant::now();
        asked.first.get_or_insert(now);
        asked.last = Some(now);
    }

    /// Records an answer.
    pub fn answered(&self, answer: Answer) {
        let mut asked = self.asked();
        asked.answers = true;
        if answer == Answer::Attributes {
            asked.owed = asked.owed.saturating_sub(1);
        }
    }

    /// Whether answers are still to come.
    pub fn owes_answers(&self) -> bool {
        self.asked().owed > 0
    }

    /// Whether an answer that comes now may still change the screen.
    pub fn is_fresh(&self) -> bool {
        self.asked()
            .last
            .is_some_and(|last| last.elapsed() < PATIENCE)
    }

    /// How long to wait for answers; none for not at all. If the terminal has never answered, the
    /// time counts from the start.
    pub fn patience(&self) -> Option<Duration> {
        let asked = self.asked();
        if asked.answers {
            return Some(PATIENCE);
        }
        let left = SILENCE.checked_sub(asked.first?.elapsed())?;
        Some(left).filter(|left| !left.is_zero())
    }
}

/// Reads up to the terminal's last answer. Typed keys are dropped.
pub fn read_answers(patience: Duration) {
    let end = Instant::now() + patience;
    let inputs = tty::inputs().unwrap_or_default();
    let mut parsers: Vec<Parser> = inputs.iter().map(|_| Parser::default()).collect();
    while OWN.owes_answers() {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() || read(&inputs, &mut parsers, left).is_err() {
            break;
        }
    }
    OWN.asked().owed = 0;
}

/// Waits until there is input, and reads it once.
fn read(inputs: &[OwnedFd], parsers: &mut [Parser], patience: Duration) -> io::Result<()> {
    let patience = patience.try_into().map_err(io::Error::other)?;
    let ready = |input| PollFd::new(input, PollFlags::IN);
    let mut ready: Vec<PollFd<'_>> = inputs.iter().map(ready).collect();
    rustix::io::retry_on_intr(|| poll(&mut ready, Some(&patience)))?;
    let mut bytes = [0; 1024];
    for (input, parser) in inputs.iter().zip(parsers) {
        match tty::read(input, &mut bytes) {
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => parser.parse(&bytes[..count], Instant::now()),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
        while let Some(input) = parser.pop() {
            if let Input::Answer(answer) = input {
                OWN.answered(answer);
            }
        }
    }
    Ok(())
}
