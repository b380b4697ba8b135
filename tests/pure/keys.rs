//! Keys, as files name them and screens show them.

use clickoff::ui::keymap::Key;
use ratatui::crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

#[track_caller]
fn reads(written: &str, code: KeyCode, modifiers: KeyModifiers) {
    assert_eq!(written.parse(), Ok(Key(code, modifiers)), "{written}");
}

#[test]
fn keys_are_read_by_the_names_people_know() {
    let (none, ctrl) = (KeyModifiers::NONE, KeyModifiers::CONTROL);
    let (alt, shift) = (KeyModifiers::ALT, KeyModifiers::SHIFT);
    reads("a", KeyCode::Char('a'), none);
    reads("G", KeyCode::Char('G'), none);
    reads("shift-g", KeyCode::Char('G'), none);
    reads("é", KeyCode::Char('é'), none);
    reads("王", KeyCode::Char('王'), none);
    reads("-", KeyCode::Char('-'), none);
    reads("+", KeyCode::Char('+'), none);
    reads(" ", KeyCode::Char(' '), none);
    reads("Space", KeyCode::Char(' '), none);
    reads("ctrl-c", KeyCode::Char('c'), ctrl);
    reads("Ctrl+C", KeyCode::Char('c'), ctrl);
    reads("ctrl--", KeyCode::Char('-'), ctrl);
    reads("alt-x", KeyCode::Char('x'), alt);
    reads("ctrl-alt-delete", KeyCode::Delete, ctrl | alt);
    reads("shift-tab", KeyCode::BackTab, none);
    reads("shift-up", KeyCode::Up, shift);
    reads("pgup", KeyCode::PageUp, none);
    reads("PageDown", KeyCode::PageDown, none);
    reads("f5", KeyCode::F(5), none);
    reads("f12", KeyCode::F(12), none);
}

#[test]
fn what_no_terminal_sends_is_refused_with_what_it_sends_instead() {
    for (written, instead) in [
        ("ctrl-i", "`tab`"),
        ("ctrl-M", "`enter`"),
        ("ctrl-[", "`esc`"),
        ("shift-space", "`space`"),
        ("shift-1", "the character"),
        ("hyper-x", "is no key"),
        ("f13", "is no key"),
        ("f0", "is no key"),
        ("\x1b", "is no key"),
        ("", "is no key"),
        ("ctrl-", "is no key"),
    ] {
        let words = written.parse::<Key>().expect_err(written);
        assert!(words.contains(instead), "{written}: {words}");
    }
}

#[test]
fn a_label_reads_as_its_key() {
    for written in [
        "a",
        "G",
        "space",
        "enter",
        "esc",
        "tab",
        "shift-tab",
        "backspace",
        "delete",
        "insert",
        "home",
        "end",
        "pgup",
        "pgdn",
        "f1",
        "ctrl-c",
        "alt-enter",
        "shift-home",
        "ctrl-alt-x",
    ] {
        let key: Key = written.parse().expect("a key");
        assert_eq!(key.label(), written);
    }
    let key: Key = "shift-up".parse().expect("a key");
    assert_eq!(key.label(), "shift-↑");
}

#[test]
fn an_event_is_the_key_that_was_written_whether_or_not_shift_is_reported() {
    let key: Key = "G".parse().expect("a key");
    assert!(key.is(&KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT)));
    assert!(key.is(&KeyEvent::new(KeyCode::Char('G'), KeyModifiers::NONE)));
    assert!(!key.is(&KeyEvent::new(KeyCode::Char('g'), KeyModifiers::NONE)));
    let key: Key = "shift-tab".parse().expect("a key");
    assert!(key.is(&KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT)));
}
