//! Presses, and their answers.

use std::time::Duration;

use clickoff::game::{OWN, PlayerId, Tally};
use clickoff::message::{Action, Command, Message, Reply};
use clickoff::state::{BUTTON_DOWN, NOTICE_READ, Status};

use super::common::{Game, player, presses};

const ADA: PlayerId = PlayerId(1);

fn ada_alone() -> Game {
    Game::of(&[player(1, "ada", 5)])
}

fn tally(game: &Game) -> Tally {
    game.state.tallies.get(&ADA).copied().unwrap_or_default()
}

#[test]
fn every_press_is_a_command_and_is_saved_once_it_is_counted() {
    let mut game = ada_alone();
    assert_eq!(game.press(3), presses(1, 3));
    assert_eq!(game.state.status(), Status::Saving(3));
    assert_eq!(
        game.state.picked_player().map(|p| p.score),
        Some(5),
        "only committed points show"
    );
    game.counted(1, 2, 7);
    assert_eq!(game.state.status(), Status::Saving(1));
    assert_eq!(game.press(1), presses(1, 1));
    game.counted(1, 4, 9);
    assert_eq!(game.state.status(), Status::Saved);
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(9));
    assert_eq!(
        tally(&game),
        Tally {
            pressed: 4,
            counted: 4,
            refused: 0
        }
    );
}

#[test]
fn the_points_of_others_for_the_same_player_are_shown_too() {
    let mut game = ada_alone();
    game.press(1);
    game.counted(1, 1, 106);
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(106));
    assert_eq!(game.state.status(), Status::Saved);
}

#[test]
fn a_refused_press_waits_no_longer_and_is_reported() {
    let mut game = ada_alone();
    game.press(3);
    game.counted(1, 1, 6);
    let why = "2 presses were not counted: The score is full.";
    game.reply(Reply::Refused {
        player: ADA,
        presses: 2,
        why: why.into(),
    });
    assert_eq!(game.state.status(), Status::Saved);
    assert_eq!(game.notice(), why);
    assert_eq!(
        tally(&game),
        Tally {
            pressed: 3,
            counted: 1,
            refused: 2
        }
    );
}

#[test]
fn what_the_server_forgot_is_not_shown_as_saved_until_it_is_again() {
    let mut game = ada_alone();
    game.press(5);
    game.counted(1, 5, 10);
    assert_eq!(game.state.status(), Status::Saved);
    let changed = [player(1, "ada", 7)].to_vec();
    game.reply(Reply::Changed {
        players: changed.into(),
        gone: Vec::new(),
    });
    game.reply(Reply::ServerForgot {
        player: ADA,
        presses: 3,
    });
    assert_eq!(game.state.status(), Status::Saving(3));
    assert_eq!(
        game.notice(),
        "The server has forgotten 3 presses that it had saved; they are being saved again."
    );
    game.counted(1, 5, 10);
    assert_eq!(game.state.status(), Status::Saved);
    assert_eq!(game.state.picked_player().map(|p| p.score), Some(10));
}

#[test]
fn in_trouble_presses_wait_and_the_seconds_to_the_next_try_are_counted_down() {
    let mut game = ada_alone();
    game.press(2);
    game.troubled("The disk is full.", 3);
    for seconds in [3, 2, 1, 0] {
        let Status::Waiting(2, troubled) = game.state.status() else {
            panic!("{:?}", game.state.status());
        };
        assert_eq!(troubled.seconds_left, seconds);
        game.after(Duration::from_secs(1));
    }
    assert_eq!(game.press(1), presses(1, 1), "pressing goes on");
    assert!(matches!(game.state.status(), Status::Waiting(3, _)));
    game.reply(Reply::Recovered);
    assert_eq!(game.state.status(), Status::Saving(3));
}

#[test]
fn the_button_goes_down_and_comes_up_when_its_time_is_over() {
    let mut game = ada_alone().still();
    assert_eq!(game.state.wake_at(game.now), None, "idle, it sleeps");
    game.press(1);
    assert!(game.state.button_is_down());
    assert_eq!(game.state.wake_at(game.now), Some(game.now + BUTTON_DOWN));
    game.after(BUTTON_DOWN / 2);
    assert!(
        game.state.button_is_down(),
        "a tick that comes early changes nothing"
    );
    game.after(BUTTON_DOWN / 2);
    assert!(!game.state.button_is_down());
    let marked = game.now - BUTTON_DOWN + OWN;
    assert_eq!(game.state.wake_at(game.now), Some(marked));
    game.after(OWN - BUTTON_DOWN);
    assert_eq!(game.state.wake_at(game.now), None);
}

#[test]
fn it_wakes_at_each_second_of_the_countdown_and_at_nothing_else() {
    let mut game = ada_alone();
    game.reply(Reply::Trouble(clickoff::message::Trouble {
        what: "It is locked.".into(),
        retry_in: Duration::from_millis(1500),
        unkept: None,
        offline: false,
    }));
    let start = game.now;
    for at in [500, 1500].map(Duration::from_millis) {
        assert_eq!(game.state.wake_at(game.now), Some(start + at));
        game.now = start;
        game.after(at);
    }
    assert_eq!(game.state.wake_at(game.now), None, "it is being tried");
}

#[test]
fn with_nobody_picked_a_press_says_so_and_sends_nothing() {
    let mut game = ada_alone();
    game.gone(1);
    game.act(Action::Up);
    assert_eq!(game.press(1), []);
    assert_eq!(
        game.notice(),
        "Nobody is picked, so nothing is scored: pick a player, or add one."
    );
    assert!(!game.state.button_is_down());
}

#[test]
fn pasted_spaces_are_presses_and_nothing_else_that_is_pasted_is_a_key() {
    let cases = [("   ", 3), ("d y\nq", 1), ("\t\r\n\u{a0}", 0), ("", 0)];
    for (text, times) in cases {
        let mut game = ada_alone();
        assert_eq!(
            game.tell(Message::Paste(text.into())),
            presses(1, times),
            "{text:?}"
        );
        assert_eq!(tally(&game).pressed, times as u64);
        assert!(!game.state.leaving);
    }
    let mut game = ada_alone();
    assert_eq!(game.tell(Message::Paste(" ".repeat(4_000))).len(), 4_000);
}

#[test]
fn what_is_pasted_above_the_game_does_nothing_to_it() {
    for open in [Action::Remove, Action::Help] {
        let mut game = ada_alone();
        game.act(open);
        let context = game.state.context();
        assert_eq!(game.tell(Message::Paste("y  ".into())), [], "{open:?}");
        assert_eq!(game.state.context(), context);
    }
}

#[test]
fn presses_count_in_the_filter_where_only_the_mouse_can_make_them() {
    let mut game = ada_alone();
    game.act(Action::Filter);
    assert_eq!(game.press(2), presses(1, 2));
}

#[test]
fn a_key_without_a_meaning_says_where_the_keys_are() {
    let mut game = ada_alone();
    game.send(Message::Unbound("x".into()));
    assert_eq!(game.notice(), "x does nothing here: ? shows the keys.");
    game.act(Action::Remove);
    game.send(Message::Unbound("x".into()));
    assert_eq!(game.notice(), "", "a question is not talked over");
}

#[test]
fn what_is_said_about_a_key_goes_with_the_next_key_that_does_something() {
    let unbound = |game: &mut Game| {
        game.send(Message::Unbound("x".into()));
    };
    let wrong = |what: &str, game: &mut Game| match what {
        "no meaning" => unbound(game),
        "no meaning and no help" => {
            game.state.help_key.clear();
            unbound(game);
        }
        _ => {
            game.act(Action::Back);
        }
    };
    for what in ["no meaning", "no meaning and no help", "nothing to close"] {
        for key in [Action::Press, Action::Down, Action::Period] {
            let mut game = ada_alone();
            wrong(what, &mut game);
            assert_ne!(game.notice(), "", "{what}");
            game.act(key);
            assert_eq!(game.notice(), "", "{what}, then {key:?}");
        }
    }
}

#[test]
fn a_notice_goes_with_the_next_key_but_a_press_leaves_it_time_to_be_read() {
    let notice = Reply::Notice("Read me.".into());
    let mut game = ada_alone();
    game.reply(notice.clone());
    game.act(Action::Down);
    assert_eq!(game.notice(), "");
    game.reply(notice);
    game.press(1);
    assert_eq!(game.notice(), "Read me.");
    game.now += NOTICE_READ;
    game.press(1);
    assert_eq!(game.notice(), "");
}

#[test]
fn while_the_transaction_in_flight_ends_before_a_suspend_presses_are_taken() {
    let mut game = ada_alone();
    assert_eq!(game.tell(Message::Suspended), [Command::Rest]);
    assert_eq!(game.press(1), presses(1, 1));
}
