//! A frame is drawn only when there is something new to see.

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::message::{Action, Message, Metrics, Reply};
use clickoff::state::BUTTON_DOWN;

use super::common::{Game, player, trouble};

fn changed(players: Vec<clickoff::game::Player>, gone: Vec<PlayerId>) -> Message {
    let players = players.into();
    Message::Reply(Reply::Changed { players, gone })
}

fn sized(list_rows: usize, help_overflow: usize) -> Message {
    Message::Viewport(Metrics {
        list_rows,
        help_overflow,
    })
}

#[test]
fn the_first_frame_is_always_drawn_and_asking_sets_it_back() {
    let mut game = Game::started();
    assert!(game.state.take_redraw());
    assert!(!game.state.take_redraw());
    game.state.request_redraw();
    assert!(game.state.take_redraw());
}

#[test]
fn what_changes_nothing_draws_nothing() {
    let known = player(1, "p1", 120);
    let cases = [
        ("a tick with nothing to do", Message::Tick),
        ("news that are none", changed(vec![known.clone()], vec![])),
        ("no news at all", changed(vec![], vec![])),
        (
            "the end of somebody unknown",
            changed(vec![], vec![PlayerId(99)]),
        ),
        ("scrolling above the first row", Message::Scroll(-3)),
        ("scrolling nowhere", Message::Scroll(0)),
        ("the same size", sized(10, 30)),
        ("more room for a help that is closed", sized(10, 0)),
        (
            "a click on somebody who is gone",
            Message::Pick(PlayerId(99)),
        ),
        ("a suspend", Message::Suspended),
    ];
    for (story, message) in cases {
        assert!(!Game::of_a_dozen().redraws(message), "{story}");
    }
}

#[test]
fn what_changes_something_draws_it() {
    let cases = [
        ("a press", Message::Action(Action::Press)),
        ("a score", changed(vec![player(1, "p1", 121)], vec![])),
        ("a name", changed(vec![player(1, "P1", 120)], vec![])),
        ("a removal", changed(vec![], vec![PlayerId(12)])),
        ("scrolling", Message::Scroll(1)),
        ("a smaller list", sized(5, 30)),
        ("a click on a row", Message::Pick(PlayerId(3))),
        (
            "a sentence",
            Message::Reply(Reply::Notice("Read me.".into())),
        ),
        (
            "a trouble",
            Message::Reply(Reply::Trouble(trouble("Locked.", 3))),
        ),
        ("a key without a meaning", Message::Unbound("x".into())),
    ];
    for (story, message) in cases {
        assert!(Game::of_a_dozen().redraws(message), "{story}");
    }
}

#[test]
fn the_button_is_drawn_down_once_and_up_once() {
    let mut game = Game::of_a_dozen();
    game.press(1);
    game.now += BUTTON_DOWN / 2;
    assert!(!game.redraws(Message::Tick));
    game.now += BUTTON_DOWN / 2;
    assert!(game.redraws(Message::Tick));
    assert!(!game.redraws(Message::Tick));
}

#[test]
fn a_countdown_is_drawn_once_a_second() {
    let mut game = Game::of_a_dozen();
    game.troubled("It is locked.", 2);
    game.now += Duration::from_millis(500);
    assert!(!game.redraws(Message::Tick));
    game.now += Duration::from_millis(500);
    assert!(game.redraws(Message::Tick));
    game.now += Duration::from_secs(1);
    assert!(game.redraws(Message::Tick));
    game.now += Duration::from_secs(1);
    assert!(!game.redraws(Message::Tick));
}

#[test]
fn a_help_that_is_scrolled_to_its_end_is_drawn_no_more() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Help);
    assert!(game.redraws(Message::Scroll(30)));
    assert!(!game.redraws(Message::Scroll(3)));
}
