//! Held keys, and presses over the database's limit.

use std::time::Duration;

use clickoff::game::{HeldKeys, PlayerId, Rules};
use clickoff::message::{Action, Message, Reply};
use clickoff::state::{BUTTON_DOWN, NOTICE_READ, Status};

use super::common::{Game, player, presses};

fn ada_alone() -> Game {
    Game::of(&[player(1, "ada", 0)])
}

fn told() -> Game {
    let mut game = ada_alone();
    game.send(Message::KeysReported);
    game
}

fn wanting(mut game: Game, own: Option<HeldKeys>, rule: Option<HeldKeys>) -> Game {
    game.state.held_keys = own;
    game.reply(Reply::Rules(Rules {
        held_keys: rule,
        max_rate: None,
    }));
    game
}

#[test]
fn a_reported_repeat_is_no_press_unless_it_was_asked_for() {
    use HeldKeys::{Count, Once};
    let cases = [
        (None, None, 0),
        (Some(Count), None, 1),
        (Some(Count), Some(Once), 0),
        (Some(Once), Some(Count), 1),
        (Some(Once), None, 0),
    ];
    for (own, rule, scored) in cases {
        let mut game = wanting(told(), own, rule);
        assert_eq!(game.press(1), presses(1, 1));
        assert_eq!(
            game.tell(Message::Held),
            presses(1, scored),
            "{own:?} {rule:?}"
        );
        let says = ["A held key scores once", "each repeat counts"][scored];
        assert!(game.notice().contains(says), "{}", game.notice());
    }
}

#[test]
fn a_repeat_is_none_whatever_else_the_terminal_is_known_to_report() {
    let mut game = ada_alone();
    assert_eq!(game.press(1), presses(1, 1));
    assert_eq!(game.tell(Message::Held), presses(1, 0));
}

#[test]
fn a_terminal_that_reports_keys_no_more_is_guessed_about_again() {
    let mut game = wanting(told(), Some(HeldKeys::Once), None);
    assert_eq!(game.hold(30), 31, "none of these is a repeat, it says");
    game.send(Message::KeysNotReported);
    assert_eq!(game.hold(30), 16);
}

#[test]
fn where_it_can_only_be_guessed_a_held_key_is_marked_and_counts_unless_once_was_asked_for() {
    let mut game = ada_alone();
    assert_eq!(game.hold(30), 31);
    assert!(game.notice().contains("looks like a held key"));
    for (own, rule) in [(Some(HeldKeys::Once), None), (None, Some(HeldKeys::Once))] {
        let mut game = wanting(ada_alone(), own, rule);
        assert_eq!(game.hold(30), 16, "the first fifteen repeats pass");
        assert!(game.notice().contains("A held key scores once"));
        game.now += Duration::from_millis(70);
        assert_eq!(game.press(1), presses(1, 1), "a finger is back");
    }
    let mut game = wanting(ada_alone(), Some(HeldKeys::Once), Some(HeldKeys::Count));
    assert_eq!(game.hold(30), 31, "the database goes first");
}

#[test]
fn a_fast_finger_is_never_told_of_held_keys() {
    let mut game = wanting(ada_alone(), Some(HeldKeys::Once), None);
    for n in 0..200_u64 {
        game.now += Duration::from_millis(58 + n * 37 % 19);
        assert_eq!(game.press(1), presses(1, 1));
        assert_eq!(game.notice(), "");
    }
}

#[test]
fn the_button_stays_down_until_its_key_is_released_or_another_comes() {
    for ends in [Message::Released, Message::Action(Action::Down)] {
        let mut game = told();
        game.press(1);
        game.after(10 * BUTTON_DOWN);
        assert!(game.state.button_is_down());
        assert!(game.redraws(ends), "the button comes up");
        assert!(!game.state.button_is_down());
    }
    let mut game = told();
    game.press(1);
    game.send(Message::Released);
    assert!(game.state.button_is_down(), "a short press is seen");
    game.after(BUTTON_DOWN);
    assert!(!game.state.button_is_down());
    assert!(!game.redraws(Message::Released));
}

#[test]
fn the_repeats_of_a_key_that_scores_once_cost_one_frame() {
    let mut game = told();
    game.press(1);
    assert!(game.redraws(Message::Held));
    for _ in 0..50 {
        assert!(!game.redraws(Message::Held));
    }
    game.send(Message::Released);
    game.press(1);
    assert!(game.redraws(Message::Held), "it is told of each hold");
}

#[test]
fn a_repeat_is_nothing_above_the_game_or_while_leaving() {
    for open in [Action::Remove, Action::Help, Action::Quit] {
        let mut game = wanting(told(), Some(HeldKeys::Count), None);
        game.act(open);
        assert_eq!(game.tell(Message::Held), [], "{open:?}");
    }
}

fn over(presses: u64) -> Reply {
    Reply::OverRate {
        player: PlayerId(1),
        presses,
        limit: Some(10),
    }
}

#[test]
fn presses_over_the_limit_are_settled_and_told_in_one_sentence() {
    let mut game = ada_alone();
    game.press(20);
    game.counted(1, 5, 5);
    game.reply(over(1));
    assert_eq!(
        game.notice(),
        "1 point was over this database's limit of 10 a second."
    );
    assert_eq!(game.state.status(), Status::Saving(14));
    game.counted(1, 8, 8);
    game.reply(over(11));
    assert_eq!(
        game.notice(),
        "12 points were over this database's limit of 10 a second."
    );
    assert_eq!(game.state.status(), Status::Saved);
    game.now += NOTICE_READ;
    game.press(1);
    game.reply(over(1));
    assert_eq!(
        game.notice(),
        "1 point was over this database's limit of 10 a second."
    );
    game.reply(Reply::Notice("Another thing.".into()));
    assert!(
        game.notice().starts_with("1 point was over"),
        "neither is pushed away unread"
    );
    assert!(game.notice().ends_with("Another thing."));
}
