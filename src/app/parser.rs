//! Turns the bytes that a terminal sends into keys, pastes, mouse reports and answers.
//!
//! It knows neither a terminal nor a clock: whoever reads gives the bytes with the time at which
//! they came, and asks [`Parser::deadline`] when to stop waiting for the rest of a sequence. So it
//! serves any number of terminals, whatever line they hang on.
//!
//! Bytes may come split anywhere. What is complete and unknown is skipped whole, by the grammar of
//! ECMA-48, so that no part of it is taken for a key. What does not end is given up: after a pause,
//! at a length, and at Ctrl-C, which therefore always arrives.

mod keys;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};

use crate::ui::theme::Background;

/// How long the rest of a sequence may take. It is the delay of the Escape key, too, which is told
/// from the beginning of a sequence by nothing but the pause behind it.
const PATIENCE: Duration = Duration::from_millis(50);

/// By how much each byte puts that off, up to [`PATIENCE`] from now. A line that brings a byte
/// every 20 ms is slow; fingers and a keyboard's repeats, every 30 ms or more, soon run out of it.
const PATIENCE_PER_BYTE: Duration = Duration::from_millis(25);

/// The same for a paste, of which a network may hold back a part, and whose rest must not be taken
/// for keys.
const PASTE_PATIENCE: Duration = Duration::from_millis(500);
const PASTE_PATIENCE_PER_BYTE: Duration = Duration::from_millis(10);

/// How long a sequence may be; the answers that terminals give are far shorter.
const LONGEST: usize = 64 * 1024;

/// How many bytes of a control sequence are looked at. A longer one is skipped as unknown.
const READ: usize = 256;

/// How many bytes of a paste are kept; the rest is dropped.
const PASTE: usize = 1024 * 1024;

const CTRL_C: u8 = 0x03;
const BELL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;
const ESCAPE: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";

/// What a terminal sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key {
        /// What it is on the keyboard's layout.
        key: KeyEvent,
        /// What the key in its place is on a US layout, where the layout's script is not Latin and
        /// the terminal says so.
        latin: Option<KeyEvent>,
    },
    /// The mouse.
    Mouse(MouseEvent),
    /// Text that was pasted.
    Paste(String),
    /// The answer to a question.
    Answer(Answer),
}

impl From<KeyEvent> for Input {
    /// A key of which no more is known.
    fn from(key: KeyEvent) -> Self {
        Self::Key { key, latin: None }
    }
}

/// What a terminal answers to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// To `CSI ? u`: the flags of the kitty keyboard protocol that are in effect.
    KeyFlags(u32),
    /// To DECRQM for mode 2026: whether it knows synchronized output.
    Synchronizes(bool),
    /// To OSC 11: what its background is.
    Background(Background),
    /// To DA1, which every terminal answers, and in its turn.
    Attributes,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum ParserState {
    /// Nothing that has begun.
    #[default]
    Ground,
    /// Behind ESC.
    Escape,
    /// Behind `ESC [`.
    Control,
    /// Behind `ESC O`.
    Shift,
    /// Behind ESC and this byte: a text up to a terminator (OSC, DCS, SOS, PM, APC).
    Text(u8),
    /// The same, behind an ESC in it.
    TextEscape(u8),
    /// In a character that has this many bytes.
    Character(usize),
    /// In a paste, behind this many bytes of what ends it.
    Paste(usize),
}

/// The bytes of one terminal, as far as they are read.
#[derive(Debug, Default)]
pub struct Parser {
    state: ParserState,
    /// Whether another ESC stands before the sequence: Alt, if it turns out to be a key.
    alt: bool,
    /// What is kept of the sequence, or of the paste.
    kept: Vec<u8>,
    /// How long the sequence is so far, without what it begins with.
    length: usize,
    /// When it is given up.
    deadline: Option<Instant>,
    /// Whether the terminal reports the Escape key by a sequence, so that ESC alone is none.
    reports_escape: bool,
    read: VecDeque<Input>,
}

impl Parser {
    /// Takes bytes that have come by `now`.
    pub fn parse(&mut self, bytes: &[u8], now: Instant) {
        for byte in bytes {
            self.take(*byte);
        }
        let (most, each) = match self.state {
            ParserState::Ground => {
                self.deadline = None;
                return;
            }
            ParserState::Paste(_) => (PASTE_PATIENCE, PASTE_PATIENCE_PER_BYTE),
            _ => (PATIENCE, PATIENCE_PER_BYTE),
        };
        let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let latest = now + most;
        // Bytes that are read late may well have come in time.
        let put_off = |d: Instant| d.max(now) + each.saturating_mul(count).min(most);
        self.deadline = Some(self.deadline.map_or(latest, |d| put_off(d).min(latest)));
    }

    /// Says that the terminal is not asked to report keys: until it answers that it does, an ESC alone
    /// is the Escape key.
    pub fn expect_no_reports(&mut self) {
        self.reports_escape = false;
    }

    /// When what has begun is to be given up, if anything has.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Gives up what has begun. What it began with is then a key of its own, if nothing followed it;
    /// a paste is as long as it is.
    pub fn give_up(&mut self) {
        match (std::mem::take(&mut self.state), self.length) {
            (ParserState::Control, 0) => self.alone(b'['),
            (ParserState::Shift, 0) => self.alone(b'O'),
            (ParserState::Text(first), 0) => self.alone(first),
            (ParserState::Paste(_), _) => self.finish_paste(),
            (ParserState::Escape, _) => {
                self.leave_escape();
                self.escape();
            }
            (ParserState::TextEscape(first), length) => {
                if length == 1 {
                    self.alone(first);
                }
                self.escape();
            }
            _ => self.leave_escape(),
        }
        self.kept.clear();
        self.alt = false;
        self.deadline = None;
    }

    /// What was read first and not yet taken.
    pub fn pop(&mut self) -> Option<Input> {
        self.read.pop_front()
    }

    fn take(&mut self, byte: u8) {
        if byte == CTRL_C && self.state != ParserState::Ground {
            if matches!(self.state, ParserState::Paste(_)) {
                self.finish_paste();
            }
            self.begin(ParserState::Ground);
            self.alt = false;
        }
        self.length += 1;
        match self.state {
            ParserState::Ground => self.first(byte),
            ParserState::Escape => self.after_escape(byte),
            ParserState::Control => match (&self.kept[..], byte) {
                // Behind `[` the Linux console names F1 to F5; behind `M` are three bytes of a mouse
                // report.
                ([b'['], 0x20..=0x7e) | ([b'M', _, _], 0x20..) => self.control(byte),
                ([], b'[' | b'M') | ([b'M', ..], 0x20..) | (_, 0x20..=0x3f) => self.keep(byte),
                (_, 0x40..=0x7e) => self.control(byte),
                _ => self.again(byte),
            },
            ParserState::Shift => match byte {
                b'0'..=b'9' | b';' => self.keep(byte),
                0x40..=0x7e => self.finish(keys::shifted(&self.kept, byte).map(Input::from)),
                _ => self.again(byte),
            },
            ParserState::Text(first) => match byte {
                ESCAPE => self.state = ParserState::TextEscape(first),
                BELL if first == b']' => self.command(),
                CANCEL | SUBSTITUTE => self.again(byte),
                _ => self.keep(byte),
            },
            ParserState::TextEscape(first) => match byte {
                b'\\' if first == b']' => self.command(),
                b'\\' => self.finish(None),
                _ => {
                    if self.length == 2 {
                        self.alone(first);
                    }
                    self.begin(ParserState::Escape);
                    self.after_escape(byte);
                }
            },
            ParserState::Character(length) => match byte {
                0x80..=0xbf => {
                    self.kept.push(byte);
                    if self.kept.len() == length {
                        let text = std::str::from_utf8(&self.kept).unwrap_or_default();
                        let character = text.chars().next().filter(|c| !c.is_control());
                        self.finish(character.map(|c| keys::typed(c).into()));
                    }
                }
                _ => self.again(byte),
            },
            ParserState::Paste(ended) => self.paste(byte, ended),
        }
    }

    /// Begins something new, for which there is a new deadline.
    fn begin(&mut self, state: ParserState) {
        self.state = state;
        self.kept.clear();
        self.length = 0;
        self.deadline = None;
    }

    /// Takes the first byte of something.
    fn first(&mut self, byte: u8) {
        match byte {
            ESCAPE => self.begin(ParserState::Escape),
            0x00..=0x7f => self.finish([keys::byte(byte).into()]),
            // Anything else begins no character: the two-byte ones that have a shorter form too, and
            // those beyond Unicode.
            0xc2..=0xdf => self.begin_character(byte, 2),
            0xe0..=0xef => self.begin_character(byte, 3),
            0xf0..=0xf4 => self.begin_character(byte, 4),
            _ => self.finish(None),
        }
    }

    fn after_escape(&mut self, byte: u8) {
        match byte {
            // Of three, as a held Escape key sends them, the first is certain to be one.
            ESCAPE => {
                self.leave_escape();
                self.begin(ParserState::Escape);
                self.alt = !self.reports_escape;
            }
            b'[' => self.begin(ParserState::Control),
            b'O' => self.begin(ParserState::Shift),
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.leave_escape();
                self.begin(ParserState::Text(byte));
            }
            _ => {
                self.leave_escape();
                self.alt = !self.reports_escape;
                self.first(byte);
            }
        }
    }

    /// Gives up what has begun, and takes the byte that does not belong to it as what it is.
    fn again(&mut self, byte: u8) {
        self.length -= 1;
        self.give_up();
        self.first(byte);
    }

    fn keep(&mut self, byte: u8) {
        if self.kept.len() < READ {
            self.kept.push(byte);
        }
        if self.length > LONGEST {
            self.give_up();
        }
    }

    fn begin_character(&mut self, byte: u8, length: usize) {
        self.begin(ParserState::Character(length));
        self.kept.push(byte);
    }

    fn control(&mut self, last: u8) {
        if self.kept.len() == READ {
            return self.finish(None);
        }
        if (self.kept.as_slice(), last) == (b"200", b'~') {
            self.leave_escape();
            return self.begin(ParserState::Paste(0));
        }
        let found = keys::control(&self.kept, last);
        for input in &found {
            if let Input::Answer(Answer::KeyFlags(flags)) = input {
                self.reports_escape = flags & keys::REPORT_ESCAPE != 0;
            }
        }
        self.finish(found);
    }

    /// Takes an operating system command (OSC), which is an answer where it is anything.
    fn command(&mut self) {
        let found = keys::background(&self.kept).filter(|_| self.kept.len() < READ);
        self.finish(found.map(|found| Input::Answer(Answer::Background(found))));
    }

    fn paste(&mut self, byte: u8, ended: usize) {
        let ended = if PASTE_END.get(ended) == Some(&byte) {
            ended + 1
        } else {
            // What looked like the end is text; it begins in one place only.
            let begun = usize::from(byte == ESCAPE);
            let text = PASTE_END[..ended]
                .iter()
                .chain((begun == 0).then_some(&byte));
            let room = PASTE - self.kept.len();
            self.kept.extend(text.take(room));
            begun
        };
        self.state = ParserState::Paste(ended);
        if ended == PASTE_END.len() {
            self.finish_paste();
        }
    }

    fn finish_paste(&mut self) {
        // The text may have been long: its room is given back.
        let text = std::mem::take(&mut self.kept);
        self.finish([Input::Paste(String::from_utf8_lossy(&text).into_owned())]);
    }

    /// Ends what has begun, with what it means, if anything. An ESC before it makes a key one with Alt;
    /// before anything else it was the Escape key.
    fn finish(&mut self, found: impl IntoIterator<Item = Input>) {
        for mut input in found {
            if let Input::Key { key, latin } = &mut input {
                if std::mem::take(&mut self.alt) {
                    for key in std::iter::once(key).chain(latin) {
                        key.modifiers |= KeyModifiers::ALT;
                    }
                }
            } else {
                self.leave_escape();
            }
            self.read.push_back(input);
        }
        self.leave_escape();
        self.begin(ParserState::Ground);
    }

    /// An ESC that stands before something else than a key was the Escape key.
    fn leave_escape(&mut self) {
        if std::mem::take(&mut self.alt) {
            self.escape();
        }
    }

    fn escape(&mut self) {
        if !self.reports_escape {
            self.read.push_back(KeyEvent::from(KeyCode::Esc).into());
        }
    }

    /// What a sequence begins with is also what a key sends with Alt.
    fn alone(&mut self, byte: u8) {
        self.leave_escape();
        if !self.reports_escape {
            let mut key = keys::byte(byte);
            key.modifiers |= KeyModifiers::ALT;
            self.read.push_back(key.into());
        }
    }
}
