//! A player who is being added can be pressed for before the database has given a key.

use clickoff::game::PlayerId;
use clickoff::message::{Action, Change, Command, Message, Reply};
use clickoff::state::{Context, Mode, Status};
use clickoff::words::Say;

use super::common::{Game, entry, player, presses};

/// Among a dozen, Lin is on the way into the database.
fn adding_lin() -> Game {
    let mut game = Game::of_a_dozen();
    game.act(Action::Add);
    game.type_in("Lin");
    assert_eq!(game.act(Action::Accept), [Command::Add(entry("Lin"))]);
    assert_eq!(game.state.context(), Context::Play);
    game
}

fn refused(game: &mut Game) -> Vec<Command> {
    let why = "The disk is full.".into();
    game.reply(Reply::Failed(Change::Add(entry("Lin")), why))
}

#[test]
fn presses_made_meanwhile_are_held_and_sent_once_the_key_is_known() {
    let mut game = adding_lin();
    assert_eq!(game.press(2), []);
    assert_eq!(game.tell(Message::Paste(" ".into())), []);
    assert_eq!(game.held(), 3);
    assert_eq!(game.state.status(), Status::Saving(3));
    assert!(game.state.button_is_down());
    assert_eq!(game.added(13, "Lin"), presses(13, 3));
    assert_eq!((game.picked(), game.held()), ("Lin", 0));
    assert_eq!(game.state.status(), Status::Saving(3));
    assert_eq!(game.press(1), presses(13, 1));
}

#[test]
fn a_player_who_was_not_added_leaves_nobody_picked_and_the_presses_are_reported() {
    let cases = [
        (0, "Lin was not added: The disk is full."),
        (
            1,
            "Lin was not added: The disk is full. 1 press made meanwhile was for nobody.",
        ),
        (
            2,
            "Lin was not added: The disk is full. 2 presses made meanwhile were for nobody.",
        ),
    ];
    for (times, notice) in cases {
        let mut game = adding_lin();
        game.press(times);
        assert_eq!(refused(&mut game), []);
        assert_eq!(game.notice(), notice);
        assert_eq!(game.state.status(), Status::Saved);
        assert_eq!(
            game.press(1),
            [],
            "the next presses were not meant for anybody else"
        );
    }
}

#[test]
fn who_is_picked_meanwhile_gets_the_presses_from_then_on() {
    let mut game = adding_lin();
    game.press(1);
    game.send(Message::Pick(PlayerId(3)));
    assert_eq!(game.press(2), presses(3, 2));
    assert_eq!(game.added(13, "Lin"), presses(13, 1));
    assert_eq!(game.picked(), "p3", "and stays picked");
}

#[test]
fn one_player_at_a_time_is_added() {
    let mut game = adding_lin();
    game.press(1);
    game.act(Action::Add);
    assert_eq!(game.state.context(), Context::Play);
    assert_eq!(game.notice(), "Wait a moment: Lin is still being added.");
    assert_eq!(game.added(13, "Lin"), presses(13, 1));
    game.act(Action::Add);
    assert_eq!(game.state.context(), Context::Form);
}

#[test]
fn another_change_that_fails_takes_nothing_from_who_is_being_added() {
    let mut game = adding_lin();
    game.press(2);
    let change = Change::Edit(PlayerId(1), entry("Ada"));
    game.reply(Reply::Failed(change, "No.".into()));
    assert_eq!(game.held(), 2);
    assert_eq!(game.added(13, "Lin"), presses(13, 2));
}

#[test]
fn an_added_player_comes_into_sight_out_of_any_filter() {
    let mut game = adding_lin();
    game.act(Action::Filter);
    game.type_in("p1");
    game.added(13, "Lin");
    assert!(!game.state.is_filtered());
    assert_eq!(game.picked(), "Lin");
    assert_eq!(game.state.viewport.top, 3, "the last of thirteen");
}

#[test]
fn a_form_without_a_name_complains_until_something_is_typed() {
    for name in ["", "   ", "\u{3000}"] {
        let mut game = Game::of_a_dozen();
        game.act(Action::Add);
        game.type_in(name);
        game.act(Action::NextField);
        assert_eq!(game.act(Action::Accept), [], "{name:?}");
        let clickoff::state::Mode::Form(form) = &game.state.mode else {
            panic!("the form stays open");
        };
        assert_eq!(form.complaint, Some(Say::NameNeeded));
        game.type_in("Lin");
        assert_eq!(game.act(Action::Accept), [Command::Add(entry("Lin"))]);
    }
}

#[test]
fn two_players_may_have_one_name() {
    let mut game = Game::of(&[player(1, "Lin", 5)]);
    game.act(Action::Add);
    game.type_in("Lin");
    game.act(Action::Accept);
    game.added(2, "Lin");
    assert_eq!(game.rows(), ["Lin", "Lin"]);
    assert_eq!(game.press(1), presses(2, 1));
}

#[test]
fn the_form_for_the_first_player_keeps_the_login_name_when_it_is_opened_again() {
    let mut game = Game::started();
    game.sized(10);
    game.opened(&[]);
    for again in 0..3 {
        let Mode::Form(form) = &game.state.mode else {
            panic!("no form, {again}");
        };
        assert_eq!(form.name.value(), "ada", "{again}");
        game.act(Action::Back);
        game.act(Action::Add);
    }
}
