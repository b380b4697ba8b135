//! Turns the bytes that a terminal sends into keys, pastes, mouse reports and answers.
//!
//! It uses neither a terminal nor a clock: the caller passes bytes with the time at which they
//! came, and asks [`Parser::deadline`] when to stop waiting for the rest of a sequence. So it works
//! for any number of terminals, local or remote.
//!
//! Bytes may be split anywhere. A complete but unknown sequence is skipped as a whole, by the
//! grammar of ECMA-48, so that no part of it is read as a key. An incomplete sequence is given up
//! after a pause, at a maximum length, and at Ctrl-C, which therefore always arrives.

mod keys;
mod paste;

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseEvent};

use crate::ui::theme::Background;
use paste::Paste;

pub use paste::PASTE;

/// How long the rest of a sequence may take. This is also the delay of the Escape key, because only
/// a pause tells it from the beginning of a sequence.
pub const PATIENCE: Duration = Duration::from_millis(50);

/// By how much each byte extends the deadline, up to [`PATIENCE`] from now. A slow line brings a
/// byte every 20 ms and keeps the sequence alive. Fingers and key repeats, every 30 ms or more, do
/// not.
const PATIENCE_PER_BYTE: Duration = Duration::from_millis(25);

/// The same for a paste. A network may delay a part of it, and the rest must not be read as keys.
pub const PASTE_PATIENCE: Duration = Duration::from_millis(500);
const PASTE_PATIENCE_PER_BYTE: Duration = Duration::from_millis(10);

/// The longest sequence. The answers of terminals are far shorter.
pub const LONGEST: usize = 64 * 1024;

/// How many bytes of a control sequence are kept. A longer one is skipped as unknown.
pub const READ: usize = 256;

const CTRL_C: u8 = 0x03;
const BELL: u8 = 0x07;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;
const ESCAPE: u8 = 0x1b;

/// What a terminal sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key {
        /// The key on the current layout.
        key: KeyEvent,
        /// The key at the same place of a US layout, if the layout is not Latin and the terminal
        /// reports it.
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
    /// A key without a Latin alternative.
    fn from(key: KeyEvent) -> Self {
        Self::Key { key, latin: None }
    }
}

/// The answer of a terminal to a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// To `CSI ? u`: the active flags of the kitty keyboard protocol.
    KeyFlags(u32),
    /// To DECRQM for mode 2026: whether it supports synchronized output.
    Synchronizes(bool),
    /// To OSC 11: its background colour.
    Background(Background),
    /// To DA1. Every terminal answers it, in the order of the questions.
    Attributes,
}

/// What the next byte belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum ParserState {
    /// A new key or sequence.
    #[default]
    Ground,
    /// After ESC.
    Escape,
    /// After `ESC [`.
    Control,
    /// After `ESC O`.
    Shift,
    /// After ESC and this byte: a text that ends with a terminator (OSC, DCS, SOS, PM, APC).
    Text(u8),
    /// The same, after an ESC in it.
    TextEscape(u8),
    /// In a UTF-8 character with this many bytes.
    Character(usize),
    /// In a paste.
    Paste,
}

/// The parser for the bytes of one terminal.
#[derive(Debug, Default)]
pub struct Parser {
    state: ParserState,
    /// Whether another ESC came before the sequence. It means Alt, if the sequence is a key.
    alt: bool,
    /// The bytes of the sequence.
    kept: Vec<u8>,
    paste: Paste,
    /// The length of the sequence so far, without its introducer.
    length: usize,
    /// When the sequence is given up.
    deadline: Option<Instant>,
    /// Whether the terminal reports the Escape key as a sequence, so that a single ESC is not the
    /// key.
    reports_escape: bool,
    read: VecDeque<Input>,
}

impl Parser {
    /// Parses bytes that have come by `now`.
    pub fn parse(&mut self, bytes: &[u8], now: Instant) {
        for byte in bytes {
            self.handle_byte(*byte);
        }
        let (most, each) = match self.state {
            ParserState::Ground => {
                self.deadline = None;
                return;
            }
            ParserState::Paste => (PASTE_PATIENCE, PASTE_PATIENCE_PER_BYTE),
            _ => (PATIENCE, PATIENCE_PER_BYTE),
        };
        let count = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        let latest = now + most;
        // Bytes that are read late may have come in time.
        let put_off = |d: Instant| d.max(now) + each.saturating_mul(count).min(most);
        self.deadline = Some(self.deadline.map_or(latest, |d| put_off(d).min(latest)));
    }

    /// Key reports are turned off: until the terminal answers otherwise, a single ESC is the Escape
    /// key.
    pub fn expect_no_reports(&mut self) {
        self.reports_escape = false;
    }

    /// When the incomplete sequence is given up, if there is one.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }

    /// Gives up the incomplete sequence. If nothing followed its introducer, that is a key of its
    /// own. An incomplete paste is passed on as it is.
    pub fn give_up(&mut self) {
        match (std::mem::take(&mut self.state), self.length) {
            (ParserState::Control, 0) => self.push_alt_key(b'['),
            (ParserState::Shift, 0) => self.push_alt_key(b'O'),
            (ParserState::Text(first), 0) => self.push_alt_key(first),
            (ParserState::Paste, _) => self.finish_paste(),
            (ParserState::Escape, _) => {
                self.flush_escape();
                self.push_escape();
            }
            (ParserState::TextEscape(first), length) => {
                if length == 1 {
                    self.push_alt_key(first);
                }
                self.push_escape();
            }
            _ => self.flush_escape(),
        }
        self.kept.clear();
        self.alt = false;
        self.deadline = None;
    }

    /// Takes the next input that was parsed.
    pub fn pop(&mut self) -> Option<Input> {
        self.read.pop_front()
    }

    fn handle_byte(&mut self, byte: u8) {
        if byte == CTRL_C && self.state != ParserState::Ground {
            if matches!(self.state, ParserState::Paste) {
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
                // After `[` the Linux console names F1 to F5. After `M` come three bytes of a mouse
                // report.
                ([b'['], 0x20..=0x7e) | ([b'M', _, _], 0x20..) => self.control(byte),
                ([], b'[' | b'M') | ([b'M', ..], 0x20..) | (_, 0x20..=0x3f) => self.keep(byte),
                (_, 0x40..=0x7e) => self.control(byte),
                _ => self.reprocess(byte),
            },
            ParserState::Shift => match byte {
                b'0'..=b'9' | b';' => self.keep(byte),
                0x40..=0x7e => self.finish(keys::shifted(&self.kept, byte).map(Input::from)),
                _ => self.reprocess(byte),
            },
            ParserState::Text(first) => match byte {
                ESCAPE => self.state = ParserState::TextEscape(first),
                BELL if first == b']' => self.command(),
                CANCEL | SUBSTITUTE => self.reprocess(byte),
                _ => self.keep(byte),
            },
            ParserState::TextEscape(first) => match byte {
                b'\\' if first == b']' => self.command(),
                b'\\' => self.finish(None),
                _ => {
                    if self.length == 2 {
                        self.push_alt_key(first);
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
                _ => self.reprocess(byte),
            },
            ParserState::Paste => {
                if self.paste.ends_with(byte) {
                    self.finish_paste();
                }
            }
        }
    }

    /// Begins something new, with a new deadline.
    fn begin(&mut self, state: ParserState) {
        self.state = state;
        self.kept.clear();
        self.length = 0;
        self.deadline = None;
    }

    /// Handles the first byte of a key or sequence.
    fn first(&mut self, byte: u8) {
        match byte {
            ESCAPE => self.begin(ParserState::Escape),
            0x00..=0x7f => self.finish([keys::byte(byte).into()]),
            // No other byte begins a character: overlong two-byte forms, and those beyond Unicode.
            0xc2..=0xdf => self.begin_character(byte, 2),
            0xe0..=0xef => self.begin_character(byte, 3),
            0xf0..=0xf4 => self.begin_character(byte, 4),
            _ => self.finish(None),
        }
    }

    fn after_escape(&mut self, byte: u8) {
        match byte {
            // If there are three, as from a held Escape key, the first one is certainly a key.
            ESCAPE => {
                self.flush_escape();
                self.begin(ParserState::Escape);
                self.alt = !self.reports_escape;
            }
            b'[' => self.begin(ParserState::Control),
            b'O' => self.begin(ParserState::Shift),
            b']' | b'P' | b'X' | b'^' | b'_' => {
                self.flush_escape();
                self.begin(ParserState::Text(byte));
            }
            _ => {
                self.flush_escape();
                self.alt = !self.reports_escape;
                self.first(byte);
            }
        }
    }

    /// Gives up the sequence, and handles the byte that does not belong to it as a new one.
    fn reprocess(&mut self, byte: u8) {
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
            self.flush_escape();
            return self.begin(ParserState::Paste);
        }
        let found = keys::control(&self.kept, last);
        for input in &found {
            if let Input::Answer(Answer::KeyFlags(flags)) = input {
                self.reports_escape = flags & keys::REPORT_ESCAPE != 0;
            }
        }
        self.finish(found);
    }

    /// Handles an operating system command (OSC), which is an answer or unknown.
    fn command(&mut self) {
        let found = keys::background(&self.kept).filter(|_| self.kept.len() < READ);
        self.finish(found.map(|found| Input::Answer(Answer::Background(found))));
    }

    fn finish_paste(&mut self) {
        let text = self.paste.take();
        self.finish([Input::Paste(text)]);
    }

    /// Ends the sequence with its meaning, if it has one. An ESC before a key means Alt; before
    /// anything else it was the Escape key.
    fn finish(&mut self, found: impl IntoIterator<Item = Input>) {
        for mut input in found {
            if let Input::Key { key, latin } = &mut input {
                if std::mem::take(&mut self.alt) {
                    for key in std::iter::once(key).chain(latin) {
                        key.modifiers |= KeyModifiers::ALT;
                    }
                }
            } else {
                self.flush_escape();
            }
            self.read.push_back(input);
        }
        self.flush_escape();
        self.begin(ParserState::Ground);
    }

    /// An ESC that was not followed by a key was the Escape key.
    fn flush_escape(&mut self) {
        if std::mem::take(&mut self.alt) {
            self.push_escape();
        }
    }

    fn push_escape(&mut self) {
        if !self.reports_escape {
            self.read.push_back(KeyEvent::from(KeyCode::Esc).into());
        }
    }

    /// The introducer of a sequence is also what a key sends with Alt.
    fn push_alt_key(&mut self, byte: u8) {
        self.flush_escape();
        if !self.reports_escape {
            let mut key = keys::byte(byte);
            key.modifiers |= KeyModifiers::ALT;
            self.read.push_back(key.into());
        }
    }
}
