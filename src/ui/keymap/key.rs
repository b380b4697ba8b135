//! A key: how it is recognized, shown on the screen, and written in a file.

use std::str::FromStr;

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::words::text;

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub KeyCode, pub KeyModifiers);

/// Keys without a character of their own, with their names in a file.
pub const NAMES: [(KeyCode, &[&str]); 15] = [
    (KeyCode::Char(' '), &["space"]),
    (KeyCode::Enter, &["enter", "return"]),
    (KeyCode::Esc, &["esc", "escape"]),
    (KeyCode::Tab, &["tab"]),
    (KeyCode::Backspace, &["backspace"]),
    (KeyCode::Delete, &["delete", "del"]),
    (KeyCode::Insert, &["insert", "ins"]),
    (KeyCode::Up, &["up"]),
    (KeyCode::Down, &["down"]),
    (KeyCode::Left, &["left"]),
    (KeyCode::Right, &["right"]),
    (KeyCode::Home, &["home"]),
    (KeyCode::End, &["end"]),
    (KeyCode::PageUp, &["pgup", "pageup"]),
    (KeyCode::PageDown, &["pgdn", "pagedown"]),
];

/// Modifiers, with their names before a key.
pub const MODIFIERS: [(&str, KeyModifiers); 3] = [
    ("ctrl", KeyModifiers::CONTROL),
    ("alt", KeyModifiers::ALT),
    ("shift", KeyModifiers::SHIFT),
];

/// Modifiers that only some terminals report. A file can't use them, but labels show them.
const RARE_MODIFIERS: [(&str, KeyModifiers); 3] = [
    ("super", KeyModifiers::SUPER),
    ("hyper", KeyModifiers::HYPER),
    ("meta", KeyModifiers::META),
];

impl Key {
    /// The key that always leaves the game, whatever else is bound.
    pub const CTRL_C: Self = Self(KeyCode::Char('c'), KeyModifiers::CONTROL);

    /// Whether an event is this key.
    pub fn is(self, event: &KeyEvent) -> bool {
        self == Self::from(event)
    }

    /// Whether the key types a character in a text field.
    pub fn is_typed(self) -> bool {
        matches!(self.0, KeyCode::Char(_)) && self.1.is_empty()
    }

    /// The key's name on the screen.
    pub fn label(self) -> String {
        let name = match self.0 {
            KeyCode::Char(' ') => "space".into(),
            KeyCode::Char(c) => text::harmless(&c.to_string()).into_owned(),
            KeyCode::BackTab => "shift-tab".into(),
            KeyCode::Up => "↑".into(),
            KeyCode::Down => "↓".into(),
            KeyCode::Left => "←".into(),
            KeyCode::Right => "→".into(),
            KeyCode::PageUp => "pgup".into(),
            KeyCode::PageDown => "pgdn".into(),
            KeyCode::F(n) => format!("f{n}"),
            other => format!("{other:?}").to_lowercase(),
        };
        let mut label = String::new();
        for (prefix, modifier) in MODIFIERS.into_iter().chain(RARE_MODIFIERS) {
            if self.1.contains(modifier) {
                label = label + prefix + "-";
            }
        }
        label + &name
    }
}

/// The key of an event, reduced to what every terminal can send. For characters, Shift is already
/// part of the character. With some keys, most terminals don't report Shift; with Ctrl, they don't
/// report a capital letter.
impl From<&KeyEvent> for Key {
    fn from(event: &KeyEvent) -> Self {
        use KeyCode::{BackTab, Backspace, Char, Enter, Esc};
        let mut modifiers = event.modifiers;
        let code = match event.code {
            Char(c) if modifiers.contains(KeyModifiers::CONTROL) => Char(c.to_ascii_lowercase()),
            code => code,
        };
        if matches!(code, Char(_) | BackTab | Enter | Esc | Backspace) {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        Self(code, modifiers)
    }
}

impl FromStr for Key {
    type Err = String;

    /// Parses `ctrl-c`, `shift-tab`, `pgup`, `space`, `f5` or `G`; `+` may stand for `-`.
    fn from_str(written: &str) -> Result<Self, String> {
        let mut rest = written;
        let mut modifiers = KeyModifiers::NONE;
        // The last character may itself be `-` or `+`, as in `ctrl--`.
        while let Some((name, after)) = rest.split_once(['-', '+']).filter(|(_, a)| !a.is_empty()) {
            let modifier = MODIFIERS.iter().find(|(n, _)| n.eq_ignore_ascii_case(name));
            let Some((_, modifier)) = modifier else {
                break;
            };
            modifiers |= *modifier;
            rest = after;
        }
        let Some(code) = code(rest) else {
            return Err(format!(
                "`{written}` is no key: write one character, or a name such as `space`, `pgup`, \
                 `f5`, `shift-tab` or `ctrl-s`"
            ));
        };
        let shift = modifiers.contains(KeyModifiers::SHIFT);
        let ctrl = modifiers.contains(KeyModifiers::CONTROL);
        let code = match code {
            KeyCode::Tab if shift => KeyCode::BackTab,
            KeyCode::Char(' ') | KeyCode::Enter | KeyCode::Esc | KeyCode::Backspace if shift => {
                return Err(format!("most terminals send `{written}` as `{rest}`"));
            }
            KeyCode::Char(c) if ctrl => match c.to_ascii_lowercase() {
                'i' => return Err(format!("terminals send `{written}` as `tab`")),
                'm' => return Err(format!("terminals send `{written}` as `enter`")),
                '[' => return Err(format!("terminals send `{written}` as `esc`")),
                _ => code,
            },
            KeyCode::Char(c) if shift => match c.to_uppercase().collect::<Vec<_>>()[..] {
                [upper] if c.is_alphabetic() => KeyCode::Char(upper),
                _ => return Err(format!("write the character that `{written}` types")),
            },
            other => other,
        };
        Ok(Self::from(&KeyEvent::new(code, modifiers)))
    }
}

/// Parses a key without modifiers.
fn code(written: &str) -> Option<KeyCode> {
    let mut characters = written.chars();
    if let (Some(c), None) = (characters.next(), characters.next()) {
        return (!c.is_control()).then_some(KeyCode::Char(c));
    }
    let name = written.to_ascii_lowercase();
    let named = NAMES
        .iter()
        .find(|(_, names)| names.contains(&name.as_str()));
    let function = || {
        name.strip_prefix('f')?
            .parse()
            .ok()
            .filter(|n| (1..=12).contains(n))
    };
    named
        .map(|(code, _)| *code)
        .or_else(|| function().map(KeyCode::F))
}
