//! The card to share, as text.

use clickoff::ui::card;
use clickoff::ui::theme::Theme;
use clickoff::words::Language;

use super::{look_in, scenes};
use scenes::{past, races, sprints};

fn card_of(scene: scenes::Scene, language: Language) -> Option<String> {
    let lines = card::of(&scene().state, &look_in(Theme::plain(), language));
    lines.map(|lines| lines.join("\n"))
}

#[test]
fn a_card_is_of_the_result_or_of_the_picked_player() {
    for (name, scene) in [
        ("card_of_a_player", past::about as scenes::Scene),
        ("card_of_a_beginner", past::about_a_beginner),
        ("card_of_a_sprint", sprints::sprint_result),
        ("card_of_a_race", races::race_result),
    ] {
        let cards = Language::ALL.map(|language| card_of(scene, language).expect("a card"));
        insta::with_settings!({
            snapshot_path => "../../snapshots",
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            insta::assert_snapshot!(name, cards.join("\n\n"));
        });
    }
    assert_eq!(card_of(past::about_to_come, Language::English), None);
}

#[test]
fn a_card_holds_nothing_that_a_chat_or_a_terminal_obeys() {
    for row in 0..scenes::hostile_players().len() {
        let mut game = scenes::hostile_names();
        let id = scenes::hostile_players()[row].id;
        game.send(clickoff::message::Message::Pick(id));
        game.after(clickoff::state::PICKED);
        game.recalled(id.0, 3, &[(0, 3)]);
        let card = card::of(&game.state, &look_in(Theme::plain(), Language::English));
        let card = card.expect("a card");
        assert_eq!(card.len(), 3, "a name is on one line: {card:?}");
        let obeyed = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}');
        assert!(!card.concat().contains(obeyed), "{card:?}");
    }
}
