//! What the terminal is asked, and how long its answers are waited for when it is given back.
//!
//! An answer that comes after the end stands in the shell's prompt, as does the release of the last
//! key. So the terminal is asked for its attributes once more then, which it answers in its turn, and
//! everything before that is read.

use std::io;
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};

use super::line::{Line, OWN};
use super::parser::{Answer, Input, Parser};
use super::tty;

/// DECRQM: asks whether the terminal knows synchronized output.
pub const SYNCHRONIZED: &str = "\x1b[?2026$p";

/// Asks for the flags of the kitty keyboard protocol that are in effect. One that does not know the
/// protocol may print the end of this, as macOS's Terminal does.
pub const KEY_FLAGS: &str = "\x1b[?u";

/// OSC 11: asks for its background. Ended by BEL, since rxvt-unicode ends its answer as the question
/// was, and an ST of its own not at all.
pub const BACKGROUND: &str = "\x1b]11;?\x07";

/// DA1: asks what it is. Every terminal answers that.
pub const ATTRIBUTES: &str = "\x1b[c";

/// How long the last answer of a terminal that gives answers may take: at the other end of the world,
/// or behind what a slow line still has to bring there.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it takes to be sure that a terminal gives none.
const SILENCE: Duration = Duration::from_secs(1);

impl Line {
    /// Notes that the terminal is asked for its attributes.
    pub fn ask(&self) {
        let mut asked = self.asked();
        asked.owed += 1;
        let now = Instant::now();
        asked.first.get_or_insert(now);
        asked.last = Some(now);
    }

    /// Notes an answer.
    pub fn answered(&self, answer: Answer) {
        let mut asked = self.asked();
        asked.answers = true;
        if answer == Answer::Attributes {
            asked.owed = asked.owed.saturating_sub(1);
        }
    }

    /// Whether there are answers to come.
    pub fn owes_answers(&self) -> bool {
        self.asked().owed > 0
    }

    /// Whether an answer that comes now is in time to change what is on the screen.
    pub fn is_fresh(&self) -> bool {
        self.asked()
            .last
            .is_some_and(|last| last.elapsed() < PATIENCE)
    }

    /// How long answers are worth waiting for; a terminal that has never given any is not waited
    /// for longer than at the start.
    pub fn patience(&self) -> Option<Duration> {
        let asked = self.asked();
        if asked.answers {
            return Some(PATIENCE);
        }
        let left = SILENCE.checked_sub(asked.first?.elapsed())?;
        Some(left).filter(|left| !left.is_zero())
    }
}

/// Reads what the terminal still sends, up to its last answer; whatever was typed is dropped.
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

/// Reads once what there is, or waits until there is something.
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
