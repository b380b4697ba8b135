//! A player who is being added can score before the database has returned an id.

use clickoff::game::{Entry, PlayerId};
use clickoff::message::{Action, Change, Command, Message, Reply};
use clickoff::state::{Context, Field, Mode, Status};
use clickoff::words::Say;

use super::common::{Game, entry, player, presses};

/// Among a dozen, Lin is on the way into the database.
fn adding_lin() -> Game {
    let mut game = Game::of_a_dozen();
    game.act(Action::Add);
    game.type_in("Lin");
    assert_eq!(
        game.act(Action::Accept),
        [Command::Change(Change::Add(entry("Lin")))]
    );
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
            "Lin was not added: The disk is full. 1 press in the meantime was for nobody.",
        ),
        (
            2,
            "Lin was not added: The disk is full. 2 presses in the meantime were for nobody.",
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
        assert_eq!(
            game.act(Action::Accept),
            [Command::Change(Change::Add(entry("Lin")))]
        );
    }
}

/// The name `lin` typed into the form to add, where Lin is the player 1.
fn namesake() -> Game {
    let mut game = Game::of(&[player(1, "Lin", 5), player(2, "Bob", 9)]);
    game.act(Action::Add);
    game.type_in(" lin ");
    assert_eq!(game.act(Action::Accept), [], "it is told first");
    assert_eq!(game.state.context(), Context::Namesake);
    assert!(matches!(game.state.mode, Mode::Namesake(_, PlayerId(1))));
    assert_eq!(game.press(2), [], "for whom, is not known yet");
    game
}

#[test]
fn a_name_that_is_there_is_told_and_one_can_add_another_or_pick_that_one_or_go_back() {
    let mut adds = namesake();
    assert_eq!(
        adds.act(Action::Add),
        [Command::Change(Change::Add(entry("lin")))]
    );
    adds.added(3, "lin");
    assert_eq!(adds.rows(), ["Bob", "Lin", "lin"]);
    assert_eq!(adds.press(1), presses(3, 1));

    let mut picks = namesake();
    assert_eq!(picks.act(Action::Accept), []);
    assert_eq!(
        (picks.state.context(), picks.picked()),
        (Context::Play, "Lin")
    );
    assert_eq!(picks.press(1), presses(1, 1));

    let mut goes_back = namesake();
    goes_back.act(Action::Back);
    let Mode::Form(form) = &goes_back.state.mode else {
        panic!("no form");
    };
    assert_eq!(form.name.value(), " lin ");
    goes_back.type_in("a");
    assert_eq!(
        goes_back.act(Action::Accept),
        [Command::Change(Change::Add(entry("lin a")))]
    );

    let mut loses = namesake();
    loses.gone(1);
    assert_eq!(loses.state.context(), Context::Form, "nobody bears it now");
    assert_eq!(
        loses.act(Action::Accept),
        [Command::Change(Change::Add(entry("lin")))]
    );
}

#[test]
fn who_is_picked_by_name_comes_into_sight_out_of_any_filter() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Filter);
    game.type_in("p3");
    game.act(Action::Accept);
    game.act(Action::Add);
    game.type_in("P12");
    game.act(Action::Accept);
    game.act(Action::Accept);
    assert_eq!(game.picked(), "p12");
    assert!(!game.state.is_filtered());
    assert_eq!(game.state.viewport.top, 2, "the last of twelve");
}

#[test]
fn of_a_new_player_the_name_is_asked_for_alone_and_the_e_mail_can_be_opened() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Add);
    let form = |game: &Game| match &game.state.mode {
        Mode::Form(form) => (form.focus, form.has_email),
        other => panic!("{other:?}"),
    };
    assert_eq!(form(&game), (Field::Name, false));
    game.act(Action::PreviousField);
    assert_eq!(form(&game), (Field::Name, false), "there is none before it");
    game.type_in("Lin");
    game.act(Action::NextField);
    assert_eq!(form(&game), (Field::Email, true));
    game.act(Action::NextField);
    assert_eq!(form(&game), (Field::Name, true));
    game.act(Action::NextField);
    game.type_in("lin@example.org");
    let [name, email] = ["Lin", "lin@example.org"].map(String::from);
    assert_eq!(
        game.act(Action::Accept),
        [Command::Change(Change::Add(Entry { name, email }))]
    );
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
