//! Asks a terminal what it can, and waits for its answers within a bound.

use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::getpgrp;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

use crate::app::{terminal, tty};
use crate::words::text;

/// How long all answers together are waited for.
const PATIENCE: Duration = Duration::from_secs(1);

/// A text of one wide sign, and one of several signs that are one where clusters are known.
const TEXTS: [&str; 2] = ["王", "👩‍👩‍👧‍👦"];

/// The flags of the kitty keyboard protocol that are set once all are asked for, synchronized output
/// (DECRQM), then a colour of 24 bits and what has become of it (DECRQSS).
const QUESTIONS: &str = "\x1b[>15u\x1b[?u\x1b[<u\x1b[?2026$p\x1b[48;2;1;2;3m\x1bP$qm\x1b\\\x1b[m";

/// Where the cursor is (CPR).
const WHERE: &str = "\x1b[6n";

/// What it is (DA1): every terminal answers that, so nothing comes behind it.
const LAST: &str = "\x1b[c";

/// What a terminal answered; nothing to what it left open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Abilities {
    /// Whether it tells held keys from pressed ones, by the kitty protocol.
    pub keys: Option<bool>,
    /// Whether it shows a frame at once, by mode 2026.
    pub synchronized: Option<bool>,
    /// Whether it has colours of 24 bits.
    pub colours: Option<bool>,
    /// How many columns it gives to each of some texts, and how many the game counts.
    pub widths: Vec<(&'static str, usize, usize)>,
    /// Whether it answered to the last question.
    pub answered: bool,
}

/// Asks the terminal that standard output is, where standard input is one, too. None where there is no
/// such terminal, or it is another program's at the moment. Its modes are those that it had then, and
/// what was typed meanwhile is lost.
///
/// # Errors
/// Where the terminal is gone.
pub fn ask() -> io::Result<Option<Abilities>> {
    let (input, output) = (io::stdin(), io::stdout());
    if !input.is_terminal() || !output.is_terminal() {
        return Ok(None);
    }
    // They may be two.
    let drawn = tty::inputs()?.pop();
    let (input, output) = (
        drawn.as_ref().map_or(input.as_fd(), |d| d.as_fd()),
        output.as_fd(),
    );
    // Who writes a terminal's modes from behind is stopped by the kernel.
    if tcgetpgrp(input).is_ok_and(|group| group != getpgrp()) {
        return Ok(None);
    }
    let modes = Modes::taken(input)?;
    let mut questions = QUESTIONS.to_owned();
    for text in TEXTS {
        questions += &format!("\r{text}{WHERE}");
    }
    // Whoever does not know a question may have shown it.
    questions += &format!("\r\x1b[K{LAST}");
    write_all(output, questions.as_bytes())?;
    let answers = answers(input)?;
    drop(modes);
    Ok(Some(understood(&answers)))
}

/// The modes of a terminal, given back with this.
struct Modes<'a>(BorrowedFd<'a>, Termios);

impl<'a> Modes<'a> {
    /// Takes what is typed as it comes and shows none of it; Ctrl-C and Ctrl-Z are typed as well,
    /// so that nobody is left with these modes.
    fn taken(terminal: BorrowedFd<'a>) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut modes = before.clone();
        modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
        tcsetattr(terminal, OptionalActions::Now, &modes)?;
        Ok(Self(terminal, before))
    }
}

impl Drop for Modes<'_> {
    fn drop(&mut self) {
        let _ = tcsetattr(self.0, OptionalActions::Now, &self.1);
    }
}

fn write_all(terminal: BorrowedFd<'_>, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = rustix::io::retry_on_intr(|| rustix::io::write(terminal, bytes))?;
        bytes = &bytes[written..];
    }
    Ok(())
}

/// Everything up to the last answer, or up to the bound.
fn answers(terminal: BorrowedFd<'_>) -> io::Result<Vec<u8>> {
    let end = Instant::now() + PATIENCE;
    let mut answers = Vec::new();
    let mut buffer = [0; 256];
    while !understood(&answers).answered {
        let left = end.saturating_duration_since(Instant::now());
        let left_too = Timespec::try_from(left).map_err(io::Error::other)?;
        let mut ready = [PollFd::new(&terminal, PollFlags::IN)];
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

/// Reads answers, between which there may be what was typed.
fn understood(answers: &[u8]) -> Abilities {
    let mut abilities = Abilities::default();
    let mut texts = TEXTS.into_iter();
    let answers = String::from_utf8_lossy(answers);
    for answer in answers.split('\x1b').skip(1) {
        if let Some(found) = answer.strip_prefix("P1$r") {
            // 48:2::1:2:3, with or without the empty part, or with semicolons.
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
                // 0: not known; 4: never on.
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
        // What it passed over, it does not know.
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
