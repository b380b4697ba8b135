//! Turns bytes into lines for the game in lines, and makes the echo of a terminal in raw mode.

use crate::app::lines::LineInput;

/// The most bytes of a line.
const LONGEST: usize = 4096;

const INTERRUPT: u8 = 0x03;
const END: u8 = 0x04;
const BACKSPACE: u8 = 0x08;
const DELETE: u8 = 0x7f;
const ESCAPE: u8 = 0x1b;

/// A line that has not ended yet.
#[derive(Debug, Default)]
pub struct Lines {
    /// Whether the bytes come from a terminal in raw mode.
    typed: bool,
    line: Vec<u8>,
    too_long: bool,
    /// The echo that was not sent yet.
    echo: Vec<u8>,
}

impl Lines {
    /// An empty line.
    pub fn new(typed: bool) -> Self {
        Self {
            typed,
            ..Self::default()
        }
    }

    /// Reads bytes, and returns the lines that they complete.
    pub fn read(&mut self, bytes: &[u8]) -> Vec<LineInput> {
        let mut lines = Vec::new();
        for byte in bytes {
            match *byte {
                b'\r' if self.typed => lines.push(self.end()),
                b'\n' if !self.typed => lines.push(self.end()),
                INTERRUPT if self.typed => lines.push(LineInput::Gone),
                END if self.typed && self.line.is_empty() => lines.push(LineInput::End),
                BACKSPACE | DELETE if self.typed => self.backspace(),
                // Other keys of a terminal are not text.
                ESCAPE..0x20 | 0x00..=0x1a if self.typed => {}
                byte if self.line.len() < LONGEST => {
                    self.line.push(byte);
                    self.echo.push(byte);
                }
                _ => self.too_long = true,
            }
        }
        lines
    }

    /// The last line, if it has no line end.
    pub fn rest(&mut self) -> Option<LineInput> {
        (!self.line.is_empty()).then(|| self.end())
    }

    /// Takes the echo for the terminal.
    pub fn echo(&mut self) -> Vec<u8> {
        match self.typed {
            true => std::mem::take(&mut self.echo),
            false => {
                self.echo.clear();
                Vec::new()
            }
        }
    }

    fn backspace(&mut self) {
        let is_inside = |byte: &u8| byte & 0xc0 == 0x80;
        while self.line.pop_if(|byte| is_inside(byte)).is_some() {}
        if self.line.pop().is_some() {
            self.echo.extend_from_slice(b"\x08 \x08");
        }
    }

    fn end(&mut self) -> LineInput {
        self.echo.push(b'\n');
        let line = std::mem::take(&mut self.line);
        if std::mem::take(&mut self.too_long) {
            return LineInput::TooLong;
        }
        let line = line.strip_suffix(b"\r").unwrap_or(&line);
        LineInput::Line(String::from_utf8_lossy(line).into_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> LineInput {
        LineInput::Line(text.to_owned())
    }

    #[test]
    fn a_script_has_lines_however_its_bytes_come() {
        let mut lines = Lines::new(false);
        assert_eq!(
            lines.read(b"list\r\n\n  \nA"),
            [line("list"), line(""), line("  ")]
        );
        assert_eq!(lines.read(b"da \xff"), []);
        assert_eq!(lines.rest(), Some(line("Ada \u{fffd}")));
        assert_eq!((lines.rest(), lines.echo()), (None, Vec::new()));
        let long = vec![b'a'; LONGEST * 3];
        assert_eq!(lines.read(&long), []);
        assert_eq!(lines.read(b"\nlist\n"), [LineInput::TooLong, line("list")]);
    }

    #[test]
    fn what_is_typed_is_shown_and_can_be_taken_back() {
        let mut lines = Lines::new(true);
        assert_eq!(lines.read("lü\x7f\x7fhelp\r".as_bytes()), [line("help")]);
        assert_eq!(lines.echo(), "lü\x08 \x08\x08 \x08help\n".as_bytes());
        assert_eq!(lines.read(b"\x1b\x7f\x7f\x04"), [LineInput::End]);
        assert_eq!(lines.read(b"x\x03"), [LineInput::Gone]);
    }
}
