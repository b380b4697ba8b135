//! A player's keymap: which keys it changes, which it keeps, and its mistakes.

use clickoff::message::Action;
use clickoff::state::Context;
use clickoff::ui::Look;
use clickoff::ui::keymap::{Key, Keymap};
use clickoff::ui::theme::Theme;
use ratatui::crossterm::event::KeyEvent;

use super::{draw, look, scenes};

#[track_caller]
fn read(text: &str) -> Keymap {
    Keymap::read("keymap.toml", text).expect("a keymap without mistakes")
}

/// The mistakes as they are told.
fn mistakes(text: &str) -> Vec<String> {
    let mistakes = Keymap::read("keymap.toml", text).expect_err("mistakes");
    mistakes.iter().map(ToString::to_string).collect()
}

/// What a key does.
#[track_caller]
fn does(keymap: &Keymap, context: Context, key: &str) -> Option<Action> {
    let Key(code, modifiers) = key.parse().expect("a key");
    keymap.action(context, &KeyEvent::new(code, modifiers))
}

#[test]
fn an_action_has_the_keys_that_are_named_and_no_others() {
    let keymap = read("[play]\npress = ['x', 'f5', 'ctrl-p']\nmouse = []\n[confirm]\nback = 'q'");
    for key in ["x", "f5", "ctrl-p"] {
        assert_eq!(
            does(&keymap, Context::Play, key),
            Some(Action::Press),
            "{key}"
        );
        assert_eq!(does(&keymap, Context::Filter, key), None, "{key}");
    }
    for key in ["space", "enter", "m"] {
        assert_eq!(does(&keymap, Context::Play, key), None, "{key}");
    }
    assert_eq!(does(&keymap, Context::Confirm, "q"), Some(Action::Back));
    assert_eq!(does(&keymap, Context::Confirm, "n"), None);
    assert_eq!(does(&keymap, Context::Form, "enter"), Some(Action::Accept));
}

#[test]
fn a_key_that_is_named_is_taken_from_what_it_did_by_default() {
    let keymap = read("[play]\nadd = ['a', 'e']\n[everywhere]\ntheme = 'f2'\n");
    assert_eq!(does(&keymap, Context::Play, "e"), Some(Action::Add));
    assert!(keymap.of(Context::Play).all(|b| b.action != Action::Edit));
    for context in [Context::Play, Context::Form, Context::Leaving] {
        assert_eq!(
            does(&keymap, context, "f2"),
            Some(Action::Theme),
            "{context:?}"
        );
    }
    assert_eq!(does(&keymap, Context::Play, "t"), Some(Action::Theme));
}

#[test]
fn what_holds_everywhere_takes_its_keys_from_every_section() {
    let keymap = read("[everywhere]\nmouse = 'tab'");
    for context in [Context::Play, Context::Form] {
        assert_eq!(
            does(&keymap, context, "tab"),
            Some(Action::Mouse),
            "{context:?}"
        );
    }
    // Unless the player says otherwise.
    let keymap = read("[everywhere]\nmouse = 'tab'\n[form]\nnext_field = 'tab'");
    assert_eq!(does(&keymap, Context::Form, "tab"), Some(Action::NextField));
    assert_eq!(does(&keymap, Context::Play, "tab"), Some(Action::Mouse));
}

#[test]
fn ctrl_c_leaves_whatever_is_bound() {
    let keymap = read(
        "[play]\nquit = []\nback = []\n[everywhere]\nquit = []\n[leaving]\nquit_now = []\n\
         [confirm]\naccept = []\nback = []",
    );
    for context in [
        Context::Play,
        Context::Filter,
        Context::Form,
        Context::Confirm,
        Context::Help,
        Context::Leaving,
    ] {
        assert_eq!(
            does(&keymap, context, "ctrl-c"),
            Some(Action::Quit),
            "{context:?}"
        );
    }
    let keymap = read("[everywhere]\nquit = 'ctrl-q'");
    assert_eq!(does(&keymap, Context::Form, "ctrl-q"), Some(Action::Quit));
    assert_eq!(does(&keymap, Context::Form, "ctrl-c"), Some(Action::Quit));
}

#[test]
fn every_mistake_is_told_with_its_line_and_what_may_be_meant() {
    let text = "[paly]\n\
                press = 'x'\n\
                [play]\n\
                pres = 'x'\n\
                add = ['a', 'ctr-a']\n\
                edit = 7\n\
                remove = 'ctrl-c'\n\
                accept = 'y'\n\
                [form]\n\
                accept = ['enter', 'y']\n\
                [everywhere]\n\
                theme = 'T'\n";
    let told = mistakes(text);
    let wanted = [
        "line 1: unknown section `paly`; did you mean `play`?",
        "line 4: unknown action `pres`; did you mean `press`?",
        "line 5: `ctr-a` is no key",
        "line 6: this must be a text in quotes",
        "line 7: `ctrl-c` always leaves the game",
        "line 8: unknown action `accept`",
        "line 10: `y` is text where text is typed",
        "line 12: `T` is text where text is typed",
    ];
    for (told, wanted) in told.iter().zip(wanted) {
        assert!(
            told.starts_with(&format!("keymap.toml, {wanted}")),
            "{told}"
        );
    }
    assert_eq!(told.len(), wanted.len(), "{told:#?}");
    assert_eq!(mistakes("play = 'x'").len(), 1);
}

#[test]
fn a_conflict_is_told_with_both_lines() {
    let text = "[play]\nadd = 'a'\n\nremove = ['d', 'a']\n[confirm]\naccept = 'a'\n";
    assert_eq!(
        mistakes(text),
        ["keymap.toml, line 4: `a` is bound to `remove` here and to `add` in line 2"]
    );
    let twice = mistakes("[play]\nup = ['x', 'X']\ndown = ['shift-x']\nfirst = 'x'");
    assert_eq!(twice.len(), 2, "{twice:?}");
}

#[test]
fn footer_and_help_say_the_keys_that_are_bound() {
    let look = Look {
        keymap: read("[play]\npress = 'x'\nadd = []\nhelp = ['h', 'f1']\n[help]\nback = 'f10'"),
        ..look(Theme::plain())
    };
    let screen = draw(&mut scenes::playing(), &look, (120, 40));
    let footer = screen.row(39);
    assert!(footer.contains(" x score "), "{footer}");
    assert!(footer.contains(" h keys "), "{footer}");
    assert!(!footer.contains("new"), "{footer}");
    assert!(screen.text().contains("x  +1"), "{}", screen.text());
    let mut help = scenes::help();
    let help = draw(&mut help, &look, (120, 80));
    let text = help.text();
    assert!(text.contains("h, f1 "), "{text}");
    assert!(!text.contains("add a player"), "{text}");
    assert!(help.row(79).contains("f10 close"), "{}", help.row(79));
}
