//! Reads lines from standard input on a thread of its own.

use std::io::{self, BufRead, IsTerminal, Read};
use std::thread;

use tokio::sync::mpsc::{Receiver, channel};

/// The longest line, in bytes.
const LONGEST: usize = 4096;

/// How many lines are read ahead. After that, their writer has to wait.
const AHEAD: usize = 64;

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineInput {
    /// A line, without its end.
    Line(String),
    /// A line that is too long.
    TooLong,
    /// The end of input, for example by Ctrl-D. Nothing comes after it.
    End,
    /// The terminal is gone. Nothing comes after it.
    Gone,
}

/// The lines of standard input.
///
/// It needs a thread, because a file can't be polled. The thread ends with the process.
///
/// # Errors
/// If no thread can be started.
pub fn listen() -> io::Result<Receiver<LineInput>> {
    let (give, lines) = channel(AHEAD);
    // After a hang-up it does not look like a terminal any more.
    let was_terminal = io::stdin().is_terminal();
    thread::Builder::new().name("lines".into()).spawn(move || {
        let input = io::stdin().lock();
        let read = read(input, |line| give.blocking_send(line).is_ok());
        // A terminal that has hung up reads as the end of input.
        let is_there = !was_terminal || rustix::termios::tcgetattr(io::stdin()).is_ok();
        let last = match read {
            Ok(()) if is_there => LineInput::End,
            _ => LineInput::Gone,
        };
        let _ = give.blocking_send(last);
    })?;
    Ok(lines)
}

/// Passes on lines until the end, or until `give` returns false.
fn read(mut input: impl BufRead, mut give: impl FnMut(LineInput) -> bool) -> io::Result<()> {
    loop {
        let mut line = Vec::new();
        let mut some = input.by_ref().take(LONGEST as u64);
        if some.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        let ended = line.pop_if(|last| *last == b'\n').is_some();
        let given = if !ended && line.len() == LONGEST {
            input.skip_until(b'\n')?;
            LineInput::TooLong
        } else {
            let _ = line.pop_if(|last| *last == b'\r');
            LineInput::Line(String::from_utf8_lossy(&line).into_owned())
        };
        if !give(given) {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &[u8]) -> Vec<LineInput> {
        let mut lines = Vec::new();
        let give = |line| {
            lines.push(line);
            true
        };
        read(text, give).expect("read");
        lines
    }

    #[test]
    fn each_line_comes_without_its_end_and_the_last_needs_none() {
        let line = |text: &str| LineInput::Line(text.to_owned());
        let read = lines(b"list\r\n\n  \nAda \xff\nquit");
        let wanted = ["list", "", "  ", "Ada \u{fffd}", "quit"].map(line);
        assert_eq!(read, wanted);
        assert_eq!(lines(b""), []);
    }

    #[test]
    fn a_line_without_an_end_is_not_kept() {
        let long = [b"a".repeat(LONGEST - 1), b"\n".to_vec()].concat();
        assert!(matches!(&lines(&long)[..], [LineInput::Line(line)] if line.len() == LONGEST - 1));
        let longer = [b"a".repeat(LONGEST * 3), b"\nlist\n".to_vec()].concat();
        assert_eq!(
            lines(&longer),
            [LineInput::TooLong, LineInput::Line("list".into())]
        );
    }
}
