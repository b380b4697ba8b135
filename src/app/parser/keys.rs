//! The meaning of a complete sequence: keys of xterm, the Linux console and the kitty keyboard
//! protocol, mouse reports, and answers.
//!
//! After <https://invisible-island.net/xterm/ctlseqs/ctlseqs.html> and
//! <https://sw.kovidgoyal.net/kitty/keyboard-protocol/>.

use ratatui::crossterm::event::{
    KeyCode, KeyEvent, KeyEventKind, KeyEventState, KeyModifiers, MouseButton, MouseEvent,
    MouseEventKind,
};

use super::{Answer, Input};
use crate::ui::theme::Background;

/// The flags of the kitty protocol that make Escape a sequence: "disambiguate" and "report all keys
/// as escape codes".
pub const REPORT_ESCAPE: u32 = 0b1001;

/// The modifiers in the order of their bits.
const MODIFIERS: [KeyModifiers; 6] = [
    KeyModifiers::SHIFT,
    KeyModifiers::ALT,
    KeyModifiers::CONTROL,
    KeyModifiers::SUPER,
    KeyModifiers::HYPER,
    KeyModifiers::META,
];

/// The characters of keys on a US layout without and with Shift, except letters.
const US: [&str; 2] = ["`1234567890-=[]\\;',./", "~!@#$%^&*()_+{}|:\"<>?"];

/// The key that sends a byte of ASCII.
pub fn byte(byte: u8) -> KeyEvent {
    let ctrl = |c: u8| KeyEvent::new(KeyCode::Char(c.into()), KeyModifiers::CONTROL);
    match byte {
        0x00 => ctrl(b' '),
        b'\t' => KeyCode::Tab.into(),
        b'\r' => KeyCode::Enter.into(),
        0x01..=0x1a => ctrl(byte - 1 + b'a'),
        0x1b => KeyCode::Esc.into(),
        0x1c..=0x1f => ctrl(byte - 0x1c + b'4'),
        0x7f => KeyCode::Backspace.into(),
        _ => typed(byte.into()),
    }
}

/// The key that writes a character.
pub fn typed(character: char) -> KeyEvent {
    let modifiers = match character.is_uppercase() {
        true => KeyModifiers::SHIFT,
        false => KeyModifiers::NONE,
    };
    KeyEvent::new(KeyCode::Char(character), modifiers)
}

/// The key of a sequence that begins with `ESC O`, which the keypad and F1 to F4 may send.
pub fn shifted(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let code = match last {
        b'M' => KeyCode::Enter,
        b'X' => KeyCode::Char('='),
        b'j'..=b'y' => KeyCode::Char((last - b'j' + b'*').into()),
        b'R' => KeyCode::F(3),
        _ => letter(last)?,
    };
    Some(modified(code, parameters))
}

/// The meaning of a control sequence, by its parameters (between `ESC [` and the last byte) and its
/// last byte.
pub fn control(parameters: &[u8], last: u8) -> Vec<Input> {
    let found = match (parameters, last) {
        ([b'['], b'A'..=b'E') => Some(KeyEvent::from(KeyCode::F(last - b'A' + 1)).into()),
        ([b'M', buttons, column], row) => {
            let [buttons, column, row] =
                [*buttons, *column, row].map(|byte| u32::from(byte) - 0x20);
            mouse(buttons, column, row).map(Input::Mouse)
        }
        ([b'?', rest @ ..], _) => answer(rest, last).map(Input::Answer),
        ([b'<', rest @ ..], b'M' | b'm') => report(rest, 0, last == b'm').map(Input::Mouse),
        // urxvt's mouse report.
        ([b'0'..=b'9', ..], b'M') => report(parameters, 0x20, false).map(Input::Mouse),
        // Parameters with bytes below the digits are no key, nor are those that begin with bytes
        // above them.
        ([] | [b'0'..=b'9' | b';', ..], _) if parameters.iter().all(|b| *b >= b'0') => {
            if (number(parameters, 0, 0), last) == (Some(0), b'u') {
                return characters(parameters).map(|c| typed(c).into()).collect();
            }
            key(parameters, last)
        }
        _ => None,
    };
    found.into_iter().collect()
}

fn answer(parameters: &[u8], last: u8) -> Option<Answer> {
    match last {
        b'u' => number(parameters, 0, 0).map(Answer::KeyFlags),
        b'c' => Some(Answer::Attributes),
        b'y' => {
            let parameters = parameters.strip_suffix(b"$")?;
            // 1 and 2: on and off, and it can be changed; 0: unknown; 3 and 4: it never changes.
            let known = matches!(number(parameters, 1, 0)?, 1 | 2);
            (number(parameters, 0, 0) == Some(2026)).then_some(Answer::Synchronizes(known))
        }
        _ => None,
    }
}

/// The background colour in an operating system command: `11;rgb:` or `11;rgba:`, and red, green
/// and blue in one to four hexadecimal digits each, as in XParseColor(3).
pub fn background(text: &[u8]) -> Option<Background> {
    let text = std::str::from_utf8(text).ok()?.strip_prefix("11;rgb")?;
    let text = text.strip_prefix('a').unwrap_or(text).strip_prefix(':')?;
    let mut parts = text.split('/').map(|part| {
        let most = 16_u32
            .checked_pow(part.len().try_into().ok()?)?
            .checked_sub(1)?;
        let value = u32::from_str_radix(part, 16).ok()?;
        let is_part = (1..=4).contains(&part.len());
        is_part.then(|| (value * 255 / most) as u8)
    });
    let mut next = || parts.next().flatten();
    Some(Background::of((next()?, next()?, next()?)))
}

fn key(parameters: &[u8], last: u8) -> Option<Input> {
    let field = |at| number(parameters, at, 0);
    let code = match (last, field(0)) {
        (b'u', Some(code)) => return coded(code, parameters),
        // xterm's report of other keys with modifiers.
        (b'~', Some(27)) => return coded(field(2)?, parameters),
        (b'~', Some(code)) => match code {
            1 | 7 => KeyCode::Home,
            2 => KeyCode::Insert,
            3 => KeyCode::Delete,
            4 | 8 => KeyCode::End,
            5 => KeyCode::PageUp,
            6 => KeyCode::PageDown,
            11..=15 => KeyCode::F((code - 10) as u8),
            17..=21 => KeyCode::F((code - 11) as u8),
            23..=26 => KeyCode::F((code - 12) as u8),
            28..=29 => KeyCode::F((code - 15) as u8),
            31..=34 => KeyCode::F((code - 17) as u8),
            57427 => KeyCode::KeypadBegin,
            _ => return None,
        },
        // With a number it is a cursor position.
        (b'R', None) => KeyCode::F(3),
        (b'Z', _) => KeyCode::BackTab,
        _ => letter(last)?,
    };
    let mut key = modified(code, parameters);
    if code == KeyCode::BackTab {
        key.modifiers |= KeyModifiers::SHIFT;
    }
    Some(key.into())
}

fn letter(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'E' => KeyCode::KeypadBegin,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'S' => KeyCode::F(4),
        _ => return None,
    })
}

/// The key of a code, with the modifiers of the second field.
fn coded(code: u32, parameters: &[u8]) -> Option<Input> {
    let mut key = modified(KeyCode::Null, parameters);
    key.code = match code {
        9 if key.modifiers.contains(KeyModifiers::SHIFT) => KeyCode::BackTab,
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        8 | 127 => KeyCode::Backspace,
        57344..=63743 => functional(code)?,
        _ => return character(code, parameters, key),
    };
    Some(key.into())
}

/// A key with a character, which kitty reports as `code:shifted:US ; modifiers:kind ; text`.
fn character(code: u32, parameters: &[u8], key: KeyEvent) -> Option<Input> {
    let readable = |code: u32| char::from_u32(code).filter(|c| !c.is_control());
    let own = readable(code)?;
    let shift = key.modifiers.contains(KeyModifiers::SHIFT);
    let shifted = number(parameters, 0, 1)
        .and_then(readable)
        .unwrap_or_else(|| upper(own));
    let mut written = key;
    written.code = KeyCode::Char(if shift { shifted } else { own });
    // The text is right for every layout. With Ctrl or Alt there is none.
    let mut text = characters(parameters);
    if let (Some(text), None) = (text.next(), text.next()) {
        written.code = KeyCode::Char(text);
    }
    let us = number(parameters, 0, 2)
        .and_then(readable)
        .filter(char::is_ascii);
    let latin = us.filter(|_| !is_latin(own)).map(|us| KeyEvent {
        code: KeyCode::Char(if shift { upper(us) } else { us }),
        ..key
    });
    Some(Input::Key {
        key: written,
        latin,
    })
}

/// The text in a key report, as code points.
fn characters(parameters: &[u8]) -> impl Iterator<Item = char> {
    let text = field(parameters, 2);
    let codes = text.split(|byte| *byte == b':').filter_map(read);
    codes.filter_map(char::from_u32).filter(|c| !c.is_control())
}

/// A character with Shift, if the terminal does not report it.
fn upper(character: char) -> char {
    let [without, with] = US;
    if let Some(at) = without.find(character) {
        return with[at..].chars().next().unwrap_or(character);
    }
    let mut upper = character.to_uppercase();
    match (upper.next(), upper.next()) {
        (Some(upper), None) => upper,
        _ => character,
    }
}

/// Whether a character belongs to the Latin script or to none.
fn is_latin(character: char) -> bool {
    matches!(character, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Keys with a code of kitty's own. Modifier keys and media keys are ignored.
fn functional(code: u32) -> Option<KeyCode> {
    const KEYPAD: [char; 15] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.', '/', '*', '-', '+',
    ];
    Some(match code {
        57361 => KeyCode::PrintScreen,
        57362 => KeyCode::Pause,
        57363 => KeyCode::Menu,
        57376..=57398 => KeyCode::F((code - 57376 + 13) as u8),
        57399..=57413 => KeyCode::Char(KEYPAD[(code - 57399) as usize]),
        57414 => KeyCode::Enter,
        57415 => KeyCode::Char('='),
        57416 => KeyCode::Char(','),
        57417 => KeyCode::Left,
        57418 => KeyCode::Right,
        57419 => KeyCode::Up,
        57420 => KeyCode::Down,
        57421 => KeyCode::PageUp,
        57422 => KeyCode::PageDown,
        57423 => KeyCode::Home,
        57424 => KeyCode::End,
        57425 => KeyCode::Insert,
        57426 => KeyCode::Delete,
        57427 => KeyCode::KeypadBegin,
        _ => return None,
    })
}

/// A key with the modifiers and the kind of the second field.
fn modified(code: KeyCode, parameters: &[u8]) -> KeyEvent {
    let mask = number(parameters, 1, 0).unwrap_or(1).saturating_sub(1);
    let held = MODIFIERS.iter().enumerate();
    let held = held.filter(|(bit, _)| mask & (1 << bit) != 0);
    let modifiers = held.map(|(_, modifier)| *modifier).collect();
    let kind = match number(parameters, 1, 1) {
        Some(2) => KeyEventKind::Repeat,
        Some(3) => KeyEventKind::Release,
        _ => KeyEventKind::Press,
    };
    let mut key = KeyEvent::new_with_kind(code, modifiers, kind);
    let locks = [KeyEventState::CAPS_LOCK, KeyEventState::NUM_LOCK];
    for (lock, bit) in locks.into_iter().zip([64, 128]) {
        key.state.set(lock, mask & bit != 0);
    }
    key
}

/// A mouse report with three numbers. Older reports add `more` to the first one.
fn report(parameters: &[u8], more: u32, is_release: bool) -> Option<MouseEvent> {
    let buttons = number(parameters, 0, 0)?.checked_sub(more)?;
    let mut mouse = mouse(
        buttons,
        number(parameters, 1, 0)?,
        number(parameters, 2, 0)?,
    )?;
    if let (true, MouseEventKind::Down(button)) = (is_release, mouse.kind) {
        mouse.kind = MouseEventKind::Up(button);
    }
    Some(mouse)
}

/// A mouse event from xterm's number for the buttons, and a cell counted from 1.
fn mouse(buttons: u32, column: u32, row: u32) -> Option<MouseEvent> {
    let button = match buttons & 3 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let moves = buttons & 32 != 0;
    let kind = match (buttons & !(4 | 8 | 16 | 32), moves) {
        (0..=2, false) => MouseEventKind::Down(button),
        (0..=2, true) => MouseEventKind::Drag(button),
        (3, false) => MouseEventKind::Up(MouseButton::Left),
        (3, true) => MouseEventKind::Moved,
        (64, _) => MouseEventKind::ScrollUp,
        (65, _) => MouseEventKind::ScrollDown,
        (66, _) => MouseEventKind::ScrollLeft,
        (67, _) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let modifiers = [
        (4, KeyModifiers::SHIFT),
        (8, KeyModifiers::ALT),
        (16, KeyModifiers::CONTROL),
    ];
    let modifiers = modifiers.into_iter().filter(|(bit, _)| buttons & bit != 0);
    Some(MouseEvent {
        kind,
        column: u16::try_from(column.saturating_sub(1)).ok()?,
        row: u16::try_from(row.saturating_sub(1)).ok()?,
        modifiers: modifiers.map(|(_, modifier)| modifier).collect(),
    })
}

/// A field of the parameters. Fields are separated by semicolons.
fn field(parameters: &[u8], at: usize) -> &[u8] {
    let mut fields = parameters.split(|byte| *byte == b';');
    fields.nth(at).unwrap_or_default()
}

/// A part of a field, if it is a number. Parts are separated by colons.
fn number(parameters: &[u8], at: usize, part: usize) -> Option<u32> {
    let mut parts = field(parameters, at).split(|byte| *byte == b':');
    parts.nth(part).and_then(read)
}

fn read(digits: &[u8]) -> Option<u32> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}
