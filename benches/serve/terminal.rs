//! A minimal terminal emulator that can read the scores on a thousand screens.

/// A terminal of 80 by 24 cells. It ignores colours.
#[derive(Debug)]
pub struct Terminal {
    cells: Vec<[char; WIDTH]>,
    at: (usize, usize),
    /// The beginning of a sequence or character that is not complete.
    rest: Vec<u8>,
}

/// Its size.
pub const WIDTH: usize = 80;
pub const HEIGHT: usize = 24;

/// The events in some output.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Came {
    /// How many frames have ended. After a frame, the screen is consistent.
    pub frames: u32,
    /// Whether the server has asked for synchronized output.
    pub asked: bool,
}

impl Default for Terminal {
    fn default() -> Self {
        Self {
            cells: vec![[' '; WIDTH]; HEIGHT],
            at: (0, 0),
            rest: Vec::new(),
        }
    }
}

impl Terminal {
    /// Processes output.
    pub fn take(&mut self, bytes: &[u8]) -> Came {
        let mut came = Came::default();
        self.rest.extend_from_slice(bytes);
        let bytes = std::mem::take(&mut self.rest);
        let mut left = &bytes[..];
        while let Some(length) = self.step(left, &mut came) {
            left = &left[length..];
        }
        self.rest = left.to_vec();
        came
    }

    /// Processes one character or sequence, and returns its length; `None` if it is incomplete.
    fn step(&mut self, bytes: &[u8], came: &mut Came) -> Option<usize> {
        match *bytes.first()? {
            0x1b => self.sequence(bytes, came),
            b'\r' => {
                self.at.0 = 0;
                Some(1)
            }
            b'\n' => {
                self.at.1 += 1;
                Some(1)
            }
            0..0x20 => Some(1),
            first => {
                let length = match first {
                    0..0x80 => 1,
                    0x80..0xe0 => 2,
                    0xe0..0xf0 => 3,
                    _ => 4,
                };
                let text = std::str::from_utf8(bytes.get(..length)?).unwrap_or("?");
                let (column, row) = self.at;
                if let Some(cell) = self.cells.get_mut(row).and_then(|row| row.get_mut(column)) {
                    *cell = text.chars().next().unwrap_or('?');
                }
                self.at.0 += 1;
                Some(length)
            }
        }
    }

    fn sequence(&mut self, bytes: &[u8], came: &mut Came) -> Option<usize> {
        match *bytes.get(1)? {
            b'[' => {
                let is_end = |byte: &u8| (0x40..0x7f).contains(byte);
                let end = 2 + bytes[2..].iter().position(is_end)?;
                self.control(&bytes[2..end], bytes[end], came);
                Some(end + 1)
            }
            // A string, up to its end: BEL, or ESC and a backslash.
            b']' | b'P' | b'_' => {
                let end = bytes.windows(2).position(|two| two == b"\x1b\\");
                let bell = bytes.iter().position(|byte| *byte == 7);
                match (end, bell) {
                    (Some(end), Some(bell)) if bell < end => Some(bell + 1),
                    (Some(end), _) => Some(end + 2),
                    (None, bell) => bell.map(|bell| bell + 1),
                }
            }
            _ => Some(2),
        }
    }

    fn control(&mut self, parameters: &[u8], end: u8, came: &mut Came) {
        let words = String::from_utf8_lossy(parameters);
        let number = |at: usize| {
            let word = words.split(';').nth(at).unwrap_or_default();
            word.parse().unwrap_or(1_usize)
        };
        match (end, &*words) {
            (b'H', _) => self.at = (number(1) - 1, number(0) - 1),
            (b'J', _) => self.cells.fill([' '; WIDTH]),
            (b'l', "?2026") => came.frames += 1,
            (b'p', "?2026$") => came.asked = true,
            _ => {}
        }
    }

    /// The rows of the screen.
    pub fn rows(&self) -> impl Iterator<Item = String> {
        self.cells.iter().map(|row| row.iter().collect())
    }

    /// Where this text begins, in the first row that contains it. The clients share the processor
    /// with the server, so this makes no strings.
    fn find(&self, text: &str) -> Option<&[char]> {
        let is_there = |cells: &[char]| text.chars().zip(cells).all(|(a, b)| a == *b);
        let length = text.chars().count();
        let first = text.chars().next()?;
        self.cells.iter().find_map(|row| {
            let mut places = row.windows(length).enumerate();
            let (at, _) =
                places.find(|(_, cells)| cells.first() == Some(&first) && is_there(cells))?;
            row.get(at..)
        })
    }

    /// The score in the row of the list that contains this text.
    pub fn score(&self, of: &str) -> Option<i64> {
        // The mark of who plays and the rate follow the score.
        let row = self.find(of)?.iter();
        let row: String = row.take_while(|cell| !"│●".contains(**cell)).collect();
        let score = row.split_whitespace().next_back()?;
        score.replace(',', "").parse().ok()
    }

    /// The committed score of the picked player. The list shows no other: presses that are not
    /// committed are only in the status line.
    pub fn committed(&self) -> Option<i64> {
        self.score("▶")
    }
}
