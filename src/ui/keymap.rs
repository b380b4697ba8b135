//! Which key does what where: one table, which also feeds the footer's hints and the help.

use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::InputRequest;

use crate::message::Action;
use crate::state::Context;

/// A key with its modifiers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key(pub KeyCode, pub KeyModifiers);

impl Key {
    const fn plain(code: KeyCode) -> Self {
        Self(code, KeyModifiers::NONE)
    }

    const fn char(c: char) -> Self {
        Self::plain(KeyCode::Char(c))
    }

    const fn ctrl(c: char) -> Self {
        Self(KeyCode::Char(c), KeyModifiers::CONTROL)
    }

    /// Whether an event is this key. Shift is part of a character and says nothing more.
    fn is(self, event: &KeyEvent) -> bool {
        let mut modifiers = event.modifiers;
        if matches!(event.code, KeyCode::Char(_) | KeyCode::BackTab) {
            modifiers.remove(KeyModifiers::SHIFT);
        }
        self.0 == event.code && self.1 == modifiers
    }

    /// The key's name as the screen writes it.
    pub fn label(self) -> String {
        let name = match self.0 {
            KeyCode::Char(' ') => "space".into(),
            KeyCode::Char(c) => crate::ui::text::harmless(&c.to_string()).into_owned(),
            KeyCode::Enter => "enter".into(),
            KeyCode::Esc => "esc".into(),
            KeyCode::Tab => "tab".into(),
            KeyCode::BackTab => "shift-tab".into(),
            KeyCode::Up => "↑".into(),
            KeyCode::Down => "↓".into(),
            KeyCode::Left => "←".into(),
            KeyCode::Right => "→".into(),
            KeyCode::PageUp => "pgup".into(),
            KeyCode::PageDown => "pgdn".into(),
            KeyCode::Home => "home".into(),
            KeyCode::End => "end".into(),
            KeyCode::F(n) => format!("f{n}"),
            other => format!("{other:?}").to_lowercase(),
        };
        let mut label = String::new();
        for (modifier, prefix) in [
            (KeyModifiers::CONTROL, "ctrl-"),
            (KeyModifiers::ALT, "alt-"),
        ] {
            if self.1.contains(modifier) {
                label.push_str(prefix);
            }
        }
        label + &name
    }
}

/// One line of the keymap.
#[derive(Debug, Clone, Copy)]
pub struct Binding {
    /// Where it holds.
    pub contexts: &'static [Context],
    /// The keys, the one to show first.
    pub keys: &'static [Key],
    /// What they do.
    pub action: Action,
    /// The word in the footer; empty where there is no need of one.
    pub hint: &'static str,
    /// The line in the help.
    pub help: &'static str,
}

/// All bindings.
#[derive(Debug, Clone, Copy)]
pub struct Keymap(&'static [Binding]);

impl Default for Keymap {
    fn default() -> Self {
        Self(BINDINGS)
    }
}

impl Keymap {
    /// What a key means where the focus is.
    pub fn action(&self, context: Context, event: &KeyEvent) -> Option<Action> {
        self.of(context)
            .find(|b| b.keys.iter().any(|k| k.is(event)))
            .map(|b| b.action)
    }

    /// The bindings that hold in a context, in the order of the table.
    pub fn of(&self, context: Context) -> impl Iterator<Item = &'static Binding> + use<> {
        self.0.iter().filter(move |b| b.contexts.contains(&context))
    }

    /// The first key bound to an action, for sentences that name it.
    pub fn label(&self, context: Context, action: Action) -> String {
        self.of(context)
            .find(|b| b.action == action)
            .and_then(|b| b.keys.first())
            .map_or_else(String::new, |k| k.label())
    }
}

/// The editing step that a key means in a text field, as readline has them.
pub fn typing(event: &KeyEvent) -> Option<InputRequest> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    Some(match (event.code, ctrl, alt) {
        (KeyCode::Char('a'), true, false) | (KeyCode::Home, ..) => InputRequest::GoToStart,
        (KeyCode::Char('e'), true, false) | (KeyCode::End, ..) => InputRequest::GoToEnd,
        (KeyCode::Char('w'), true, false) | (KeyCode::Backspace, _, true) => {
            InputRequest::DeletePrevWord
        }
        (KeyCode::Char('u'), true, false) => InputRequest::DeleteLine,
        (KeyCode::Char('k'), true, false) => InputRequest::DeleteTillEnd,
        (KeyCode::Char('y'), true, false) => InputRequest::Yank,
        (KeyCode::Char('h'), true, false) | (KeyCode::Backspace, ..) => {
            InputRequest::DeletePrevChar
        }
        (KeyCode::Char('d'), true, false) | (KeyCode::Delete, false, _) => {
            InputRequest::DeleteNextChar
        }
        (KeyCode::Delete, true, _) => InputRequest::DeleteNextWord,
        (KeyCode::Left, true, _) | (KeyCode::Char('b'), false, true) => InputRequest::GoToPrevWord,
        (KeyCode::Right, true, _) | (KeyCode::Char('f'), false, true) => InputRequest::GoToNextWord,
        (KeyCode::Left, false, _) => InputRequest::GoToPrevChar,
        (KeyCode::Right, false, _) => InputRequest::GoToNextChar,
        (KeyCode::Char(c), false, false) => InputRequest::InsertChar(c),
        _ => return None,
    })
}

const PLAY: &[Context] = &[Context::Play];
const LISTS: &[Context] = &[Context::Play, Context::Filter, Context::Help];
const LETTERS: &[Context] = &[Context::Play, Context::Help];
const HISTORY: &[Context] = &[Context::History];
/// The contexts of a binding that holds everywhere.
pub const ALWAYS: &[Context] = &[
    Context::Play,
    Context::Filter,
    Context::Form,
    Context::Confirm,
    Context::Help,
    Context::History,
    Context::Leaving,
];

macro_rules! bind {
    ($contexts:expr, [$($key:expr),+], $action:ident, $hint:literal, $help:literal) => {
        Binding {
            contexts: $contexts,
            keys: &[$($key),+],
            action: Action::$action,
            hint: $hint,
            help: $help,
        }
    };
}

use KeyCode::{BackTab, Down, End, Enter, Esc, Home, Left, PageDown, PageUp, Right, Tab, Up};

const BINDINGS: &[Binding] = &[
    bind!(
        PLAY,
        [Key::char(' '), Key::plain(Enter)],
        Press,
        "score",
        "score a point for the picked player"
    ),
    bind!(LISTS, [Key::plain(Up)], Up, "", "up"),
    bind!(LISTS, [Key::plain(Down)], Down, "", "down"),
    bind!(LETTERS, [Key::char('k')], Up, "", "up"),
    bind!(LETTERS, [Key::char('j')], Down, "", "down"),
    bind!(LISTS, [Key::plain(PageUp)], PageUp, "", "a page up"),
    bind!(LISTS, [Key::plain(PageDown)], PageDown, "", "a page down"),
    bind!(LETTERS, [Key::plain(Home)], First, "", "to the first"),
    bind!(LETTERS, [Key::plain(End)], Last, "", "to the last"),
    bind!(PLAY, [Key::char('n')], Add, "new", "add a player"),
    bind!(
        PLAY,
        [Key::char('e')],
        Edit,
        "edit",
        "edit the picked player's name and e-mail"
    ),
    bind!(
        PLAY,
        [Key::char('d')],
        Remove,
        "remove",
        "remove the picked player, after a question"
    ),
    bind!(
        PLAY,
        [Key::char('/')],
        Filter,
        "filter",
        "filter the list as you type"
    ),
    bind!(
        PLAY,
        [Key::char('p')],
        Period,
        "period",
        "rank by all time, this month, this week or today"
    ),
    bind!(
        PLAY,
        [Key::char('h')],
        History,
        "history",
        "show what the picked player scored when"
    ),
    bind!(PLAY, [Key::char('?')], Help, "keys", "show every key"),
    bind!(
        PLAY,
        [Key::char('m')],
        Mouse,
        "",
        "give the mouse to the terminal, or take it back"
    ),
    bind!(
        PLAY,
        [Key::char('q')],
        Quit,
        "quit",
        "leave; every press is saved first"
    ),
    bind!(
        PLAY,
        [Key::plain(Esc)],
        Back,
        "",
        "clear the filter, or leave"
    ),
    bind!(
        &[Context::Filter],
        [Key::plain(Enter)],
        Accept,
        "keep",
        "keep the filter and go back to the button"
    ),
    bind!(
        &[Context::Filter],
        [Key::plain(Esc)],
        Back,
        "clear",
        "clear the filter"
    ),
    bind!(
        &[Context::Form],
        [Key::plain(Enter)],
        Accept,
        "save",
        "save what is typed"
    ),
    bind!(
        &[Context::Form],
        [Key::plain(Tab), Key::plain(Down)],
        NextField,
        "next field",
        "go to the next field"
    ),
    bind!(
        &[Context::Form],
        [Key::plain(BackTab), Key::plain(Up)],
        PreviousField,
        "",
        "go to the field before"
    ),
    bind!(
        &[Context::Form],
        [Key::plain(Esc)],
        Back,
        "cancel",
        "close without saving"
    ),
    bind!(
        &[Context::Confirm],
        [Key::char('y')],
        Accept,
        "remove",
        "yes, remove the player"
    ),
    bind!(
        &[Context::Confirm],
        [Key::char('n'), Key::plain(Esc)],
        Back,
        "keep",
        "no, keep the player"
    ),
    bind!(
        &[Context::Help],
        [Key::plain(Esc), Key::char('q'), Key::char('?')],
        Back,
        "close",
        "close this table"
    ),
    bind!(
        HISTORY,
        [Key::plain(Left)],
        Earlier,
        "earlier",
        "a day, week or month back"
    ),
    bind!(
        HISTORY,
        [Key::plain(Right)],
        Later,
        "later",
        "a day, week or month forth"
    ),
    bind!(HISTORY, [Key::plain(Up)], Up, "", "7 of them back"),
    bind!(HISTORY, [Key::plain(Down)], Down, "", "7 of them forth"),
    bind!(HISTORY, [Key::plain(PageUp)], PageUp, "", "30 of them back"),
    bind!(
        HISTORY,
        [Key::plain(PageDown)],
        PageDown,
        "",
        "30 of them forth"
    ),
    bind!(HISTORY, [Key::plain(Home)], First, "", "to the beginning"),
    bind!(HISTORY, [Key::plain(End)], Last, "", "to today"),
    bind!(
        HISTORY,
        [Key::char('p')],
        Period,
        "days, weeks, months",
        "show days, weeks or months"
    ),
    bind!(
        HISTORY,
        [Key::plain(Esc), Key::char('q'), Key::char('h')],
        Back,
        "close",
        "close the history"
    ),
    bind!(
        &[Context::Leaving],
        [Key::char('q'), Key::plain(Esc)],
        QuitNow,
        "leave now",
        "leave now; what waits is saved at the next start"
    ),
    bind!(ALWAYS, [Key::ctrl('c')], Quit, "", "leave from anywhere"),
    bind!(
        ALWAYS,
        [Key::ctrl('z')],
        Suspend,
        "",
        "suspend, as in a shell; fg brings it back"
    ),
];
