//! Asks the terminal about its features, and waits for the answers for a limited time.

use std::io::{self, IsTerminal, Write};
use std::os::fd::OwnedFd;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::getpgrp;
use rustix::termios::tcgetpgrp;

use crate::app::{terminal, tty};
use crate::words::text;

/// How long it waits for all answers together.
const PATIENCE: Duration = Duration::from_secs(1);

/// Test texts: one wide character, and several code points that form one grapheme cluster.
const TEXTS: [&str; 2] = ["王", "👩‍👩‍👧‍👦"];

/// The queries: the flags of the kitty keyboard protocol after setting all of them, synchronized
/// output (DECRQM), and whether a 24-bit colour was kept (DECRQSS).
const QUESTIONS: &str = "\x1b[>15u\x1b[?u\x1b[<u\x1b[?2026$p\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[m";

/// Asks for the cursor position (CPR).
const WHERE: &str = "\x1b[6n";

/// Asks for the device attributes (DA1). Every terminal answers it, so it marks the end.
const LAST: &str = "\x1b[c";

/// What a terminal answered; `None` for a query without an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abilities {
    /// Whether it reports key repeats, by the kitty keyboard protocol.
    pub keys: Option<bool>,
    /// Whether it has synchronized output (mode 2026).
    pub synchronized: Option<bool>,
    /// Whether it has 24-bit colours.
    pub colours: Option<bool>,
    /// For each test text, its width on the terminal and the width that the game computes.
    pub widths: Vec<(&'static str, usize, usize)>,
    /// Whether it answered the last query.
    pub answered: bool,
}

/// Queries the terminal of standard output, if standard input is a terminal, too. Returns `None` if
/// there is no such terminal, or another process is in the foreground. The terminal modes are
/// restored afterwards. Keys typed meanwhile are lost.
pub fn ask() -> io::Result<Option<Abilities>> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Ok(None);
    }
    // Standard input and output may be two different terminals. The last one is drawn on.
    let Some(terminal) = tty::inputs()?.pop() else {
        return Ok(None);
    };
    // The kernel stops a background process that changes the terminal's modes.
    if tcgetpgrp(&terminal).is_ok_and(|group| group != getpgrp()) {
        return Ok(None);
    }
    let positions = TEXTS.map(|text| format!("\r{text}{WHERE}")).concat();
    // A terminal may print a query that it does not know, so the line is cleared.
    let questions = format!("{QUESTIONS}{positions}\r\x1b[K{LAST}");
    let answers = tty::set_raw().and_then(|()| {
        let mut output = io::stdout();
        output.write_all(questions.as_bytes())?;
        output.flush()?;
        answers(&terminal)
    });
    tty::unset_raw();
    Ok(Some(understood(&answers?)))
}

/// Reads until the last answer or the time limit.
fn answers(terminal: &OwnedFd) -> io::Result<Vec<u8>> {
    let end = Instant::now() + PATIENCE;
    let mut answers = Vec::new();
    let mut buffer = [0; 256];
    while !understood(&answers).answered {
        let left = end.saturating_duration_since(Instant::now());
        let left_too = Timespec::try_from(left).map_err(io::Error::other)?;
        let mut ready = [PollFd::new(terminal, PollFlags::IN)];
        let found = rustix::io::retry_on_intr(|| poll(&mut ready, Some(&left_too)))?;
        if found == 0 {
            break;
        }
        match rustix::io::retry_on_intr(|| rustix::io::read(terminal, &mut buffer))? {
            0 => break,
            read => answers.extend_from_slice(&buffer[..read]),
        }
    }
    Ok(answers)
}

/// Parses the answers. Typed keys may stand between them.
fn understood(answers: &[u8]) -> Abilities {
    let mut abilities = Abilities::default();
    let mut texts = TEXTS.into_iter();
    let answers = String::from_utf8_lossy(answers);
    for answer in answers.split('\x1b').skip(1) {
        if let Some(found) = answer.strip_prefix("P1$r") {
            // The answer is `48:2::1:2:3`, with or without the empty part, or with semicolons.
            let numbers: Vec<&str> = found.split([':', ';', 'm']).collect();
            let is_kept = numbers.windows(3).any(|three| three == ["1", "2", "3"]);
            abilities.colours = Some(is_kept);
        } else if answer.starts_with("P0$r") {
            abilities.colours = Some(false);
        }
        let Some(report) = answer.strip_prefix('[') else {
            continue;
        };
        let end = report.find(|c: char| c.is_ascii_alphabetic());
        let Some((numbers, last)) = end.map(|end| report.split_at(end)) else {
            continue;
        };
        let last = last.chars().next().unwrap_or_default();
        match (numbers.strip_prefix('?'), last) {
            (Some(flags), 'u') => {
                abilities.keys = flags.parse().ok().map(terminal::tells_held_keys);
            }
            (Some(mode), 'y') => {
                let standing = mode
                    .strip_prefix("2026;")
                    .and_then(|rest| rest.chars().next());
                // 0 is an unknown mode; 4 is one that is always off.
                abilities.synchronized = standing.map(|n| !matches!(n, '0' | '4'));
            }
            (Some(_), 'c') => abilities.answered = true,
            (None, 'R') => {
                let column = numbers
                    .split(';')
                    .nth(1)
                    .and_then(|n| n.parse::<usize>().ok());
                if let (Some(column), Some(text)) = (column, texts.next()) {
                    let found = column.saturating_sub(1);
                    abilities.widths.push((text, found, text::width(text)));
                }
            }
            _ => {}
        }
    }
    if abilities.answered {
        // The terminal answered a later query, so it does not know this one.
        abilities.keys.get_or_insert(false);
        abilities.synchronized.get_or_insert(false);
    }
    abilities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_answer_is_understood_whatever_is_typed_between() {
        let all = "\x1b[?31u\x1b[?2026;2$yx\x1bP1$r48:2::1:2:3m\x1b\\\x1b[5;3Rq\x1b[5;9R\x1b[?62;c";
        let found = understood(all.as_bytes());
        let expected = Abilities {
            keys: Some(true),
            synchronized: Some(true),
            colours: Some(true),
            widths: vec![("王", 2, 2), (TEXTS[1], 8, 2)],
            answered: true,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_passed_over_is_not_known() {
        let found = understood(b"\x1b[?5u\x1b[?2026;0$y\x1bP0$r\x1b\\\x1b[1;1R\x1b[?6c");
        assert_eq!((found.keys, found.synchronized), (Some(false), Some(false)));
        assert_eq!(found.colours, Some(false));
        let silent = understood(b"typed");
        assert_eq!(silent, Abilities::default());
        let halfway = understood(b"\x1b[?2026;1$y");
        assert_eq!(
            (halfway.synchronized, halfway.answered),
            (Some(true), false)
        );
    }
}
