//! Help and hints match the keymap, and the keymap is unambiguous.

use std::time::Duration;

use clickoff::message::{Action, Reply};
use clickoff::state::Context;
use clickoff::ui::keymap::{Key, Keymap, SECTIONS, Section, typing};
use clickoff::ui::theme::Theme;
use clickoff::words::{Language, Say};
use ratatui::crossterm::event::{KeyCode, KeyEvent};

use super::{draw, look, look_in, scenes};
use crate::common::player;

fn event(key: Key) -> KeyEvent {
    KeyEvent::new(key.0, key.1)
}

/// Every context with each of its keys and what the key does.
fn bound() -> Vec<(Context, Key, Action, &'static Say)> {
    let keymap = Keymap::default();
    let contexts = SECTIONS.iter().filter_map(|(section, ..)| match section {
        Section::In(context) => Some(*context),
        Section::Everywhere => None,
    });
    let of = |context: Context| {
        keymap.of(context).flat_map(move |binding| {
            let keys = binding.keys.iter();
            keys.map(move |key| (context, *key, binding.action, binding.help))
        })
    };
    contexts.flat_map(of).collect()
}

#[test]
fn every_binding_appears_in_the_help() {
    let look = look(Theme::plain());
    let help = draw(&mut scenes::help(), &look, (60, 180)).text();
    for (context, key, _, does) in bound() {
        let words = look.words.say(does);
        let found = help.split(['│', '\n']).any(|line| {
            let (keys, does) = line.trim().split_once("  ").unwrap_or_default();
            keys.split(", ").any(|k| k == key.label()) && does.trim() == words
        });
        assert!(found, "{} in {context:?}: {words:?}\n{help}", key.label());
    }
}

#[test]
fn every_hint_of_the_footer_names_a_key_that_works_there() {
    let keymap = Keymap::default();
    let looks = Language::ALL.map(|language| look_in(Theme::plain(), language));
    let all = scenes::ALL.iter();
    for ((name, scene), look) in all.flat_map(|scene| looks.iter().map(move |l| (scene, l))) {
        let mut game = scene();
        game.state.notice = None;
        let screen = draw(&mut game, look, (120, 40));
        let context = game.state.context();
        let footer = screen.row(39);
        let hints: Vec<&str> = footer.trim().split("  ").collect();
        assert!(!footer.trim().is_empty(), "{name} has no hint");
        for hint in hints {
            let (label, word) = hint.split_once(' ').expect("a key and a word");
            let mut keys = bound().into_iter();
            let key = keys.find(|(c, key, ..)| *c == context && key.label() == label);
            let (_, key, ..) = key.unwrap_or_else(|| panic!("{name}: {label} is no key"));
            let action = keymap.action(context, &event(key));
            let promised = keymap
                .of(context)
                .find(|b| b.hint.is_some_and(|hint| look.words.say(hint) == word));
            let promised = match promised.map(|b| b.action) {
                // The next field is named where there is none yet.
                None if word == look.words.say(&Say::HintEmail) => Some(Action::NextField),
                promised => promised,
            };
            assert_eq!(action, promised, "{name}: {hint}");
            assert!(action.is_some(), "{name}: {hint}");
        }
    }
}

#[test]
fn the_ways_out_and_to_the_help_are_hinted_at_on_every_screen_with_room_for_them() {
    for columns in 29..=120 {
        let screen = draw(&mut scenes::playing(), &look(Theme::plain()), (columns, 9));
        let footer = screen.row(8);
        for hint in ["space score", "? keys", "q quit"] {
            assert!(footer.contains(hint), "{columns}: {footer}");
        }
    }
}

#[test]
fn no_two_bindings_of_a_context_share_a_key() {
    let keymap = Keymap::default();
    let mut seen: Vec<(Context, String)> = Vec::new();
    for (context, key, action, _) in bound() {
        let entry = (context, key.label());
        assert!(!seen.contains(&entry), "{entry:?}");
        seen.push(entry);
        assert_eq!(keymap.action(context, &event(key)), Some(action));
    }
}

#[test]
fn where_text_is_typed_no_letter_is_a_command_and_every_letter_is_text() {
    for (context, key, ..) in bound() {
        if matches!(context, Context::Form | Context::Filter) {
            let plain = matches!(key.0, KeyCode::Char(_)) && key.1.is_empty();
            assert!(!plain, "{} in {context:?}", key.label());
        }
    }
    for letter in "aZ é王?/q ".chars() {
        let pressed = KeyEvent::from(KeyCode::Char(letter));
        assert!(typing(&pressed).is_some(), "{letter:?}");
    }
}

#[test]
fn what_the_database_forbids_is_nowhere_offered() {
    for scene in [scenes::watching, scenes::help_for_a_watcher] {
        for size in [(120, 40), (80, 24), (30, 6)] {
            let screen = draw(&mut scene(), &look(Theme::plain()), size).text();
            for word in [
                "score a",
                "space score",
                "+1",
                "add",
                " new",
                "edit",
                "remove",
            ] {
                assert!(!screen.contains(word), "{word} in\n{screen}");
            }
        }
    }
    let nobody = draw(
        &mut scenes::watching_nobody(),
        &look(Theme::plain()),
        (80, 24),
    );
    assert!(nobody.text().contains("Nobody plays yet."));
}

#[test]
fn where_nobody_is_picked_nothing_is_saved_and_the_screen_says_which_key_helps() {
    let cases = [
        (scenes::nobody_plays as scenes::Scene, "Press n"),
        (scenes::nobody_picked, "↑"),
        (scenes::watching_nobody, "Nobody plays yet."),
    ];
    for (scene, helps) in cases {
        for size in [(120, 40), (80, 24), (60, 20), (40, 40), (40, 6)] {
            let screen = draw(&mut scene(), &look(Theme::plain()), size).text();
            assert!(!screen.contains("saved"), "{size:?}:\n{screen}");
            assert!(screen.contains(helps), "{size:?}:\n{screen}");
        }
    }
}

#[test]
fn under_a_period_the_digits_say_that_they_are_of_all_time() {
    for size in [(120, 40), (80, 24), (60, 20)] {
        let screen = draw(&mut scenes::past::this_week(), &look(Theme::plain()), size).text();
        assert!(
            screen.contains(" Ada Lovelace · all time "),
            "{size:?}:\n{screen}"
        );
        let screen = draw(&mut scenes::playing(), &look(Theme::plain()), size).text();
        assert!(!screen.contains("all time"), "{size:?}:\n{screen}");
    }
}

#[test]
fn a_pace_is_reckoned_with_once_it_has_lasted_and_a_rival_named_who_is_soon_here() {
    let look = look(Theme::plain());
    let mut game = scenes::playing();
    for second in 1..=14 {
        game.now += Duration::from_secs(1);
        game.press(2);
        game.counted(2, 2 * second, 850 + 2 * second as i64);
        // Faster, but hours away.
        game.reply(Reply::Changed {
            players: vec![player(5, "Edsger Dijkstra", 300 + 3 * second as i64)].into(),
            gone: Vec::new(),
        });
        let screen = draw(&mut game, &look, (120, 40)).text();
        let lasted = second > 10;
        assert_eq!(
            screen.contains("at your pace"),
            lasted,
            "{second}:\n{screen}"
        );
        assert!(!screen.contains("is catching up"), "{second}:\n{screen}");
        assert!(screen.contains("· best 2.0/s"), "{second}:\n{screen}");
    }
    let rivals = draw(&mut scenes::rivals(), &look, (120, 40)).text();
    assert!(
        rivals.contains("Edsger Dijkstra is catching up"),
        "{rivals}"
    );
}

#[test]
fn where_nobody_is_picked_the_first_hint_adds_somebody() {
    for scene in [scenes::newcomer, scenes::nobody_plays] {
        let mut game = scene();
        while game.state.context() != Context::Play {
            game.act(Action::Back);
        }
        for (columns, rows) in [(200, 60), (80, 24), (40, 12)] {
            let screen = draw(&mut game, &look(Theme::plain()), (columns, rows));
            let footer = screen.row(rows - 1);
            assert!(footer.starts_with(" n new"), "{footer}");
        }
    }
}
