//! Picking a player by key, by mouse and by filter; and scrolling.

use clickoff::game::PlayerId;
use clickoff::message::{Action, Effect, Message, Metrics};
use clickoff::state::{Context, Kind};
use tui_input::InputRequest;

use super::common::Game;

#[test]
fn moving_picks() {
    use Action::{Down, First, Last, PageDown, PageUp, Up};
    // Twelve players, a page of ten rows, the first one picked.
    let cases: [(&[Action], &str); 9] = [
        (&[Down], "p2"),
        (&[Down, Down, Up], "p2"),
        (&[Up], "p1"),
        (&[PageDown], "p11"),
        (&[PageDown, PageDown], "p12"),
        (&[PageDown, Up, PageUp], "p1"),
        (&[Last], "p12"),
        (&[Last, Down], "p12"),
        (&[Last, First], "p1"),
    ];
    for (keys, picked) in cases {
        let mut game = Game::of_a_dozen();
        for key in keys {
            assert_eq!(game.act(*key), [], "moving is the screen's own business");
        }
        assert_eq!(game.picked(), picked, "{keys:?}");
    }
}

#[test]
fn the_list_scrolls_no_further_than_the_picked_row_needs() {
    let mut game = Game::of_a_dozen();
    let mut top_after = |action, times| {
        (0..times).for_each(|_| drop(game.act(action)));
        game.state.viewport.top
    };
    assert_eq!(
        top_after(Action::Down, 9),
        0,
        "the tenth row is still in sight"
    );
    assert_eq!(top_after(Action::Down, 1), 1);
    assert_eq!(top_after(Action::Up, 9), 1);
    assert_eq!(top_after(Action::Up, 1), 0);
    assert_eq!(top_after(Action::Last, 1), 2);
}

#[test]
fn a_smaller_screen_keeps_the_picked_row_in_sight() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Last);
    game.sized(3);
    assert_eq!(game.state.viewport.top, 9);
    game.sized(0);
    assert_eq!(game.state.viewport.rows, 1, "one row is the least");
    assert_eq!(game.state.viewport.top, 11);
    game.sized(100);
    assert_eq!(game.state.viewport.top, 0);
}

#[test]
fn the_mouse_picks_scrolls_and_can_be_left_to_the_terminal() {
    let mut game = Game::of_a_dozen();
    game.send(Message::Pick(PlayerId(4)));
    assert_eq!(game.picked(), "p4");
    game.send(Message::Pick(PlayerId(99)));
    assert_eq!(game.picked(), "p4", "nobody has this key");
    for (rows, top) in [
        (3, 2),
        (3, 2),
        (-1, 1),
        (-3, 0),
        (i32::MAX, 2),
        (i32::MIN, 0),
    ] {
        game.send(Message::Scroll(rows));
        assert_eq!(game.state.viewport.top, top, "scrolled by {rows}");
        assert_eq!(game.picked(), "p4", "the wheel does not pick");
    }
    let toggle = Message::Action(Action::Mouse);
    assert_eq!(game.send(toggle.clone()), [Effect::CaptureMouse(false)]);
    assert_eq!(
        game.notice(),
        "The terminal has the mouse now: you can select text."
    );
    assert_eq!(game.send(toggle), [Effect::CaptureMouse(true)]);
}

#[test]
fn a_filter_narrows_the_list_as_it_is_typed() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Filter);
    assert_eq!(game.state.context(), Context::Filter);
    game.type_in("P1");
    assert_eq!(
        game.rows(),
        ["p1", "p10", "p11", "p12"],
        "small or capital letters"
    );
    game.type_in("2");
    assert_eq!(game.rows(), ["p12"]);
    assert_eq!(game.picked(), "p1", "typing alone picks nobody");
    game.act(Action::Accept);
    assert_eq!(
        game.picked(),
        "p12",
        "but keeping the filter picks whom it shows"
    );
    assert_eq!(game.state.context(), Context::Play);
    assert_eq!(game.rows(), ["p12"]);
}

#[test]
fn a_kept_filter_leaves_the_picked_player_alone_if_it_shows_that_one() {
    let mut game = Game::of_a_dozen();
    game.act(Action::PageDown);
    game.act(Action::Filter);
    game.type_in("p1");
    game.act(Action::Up);
    game.act(Action::Accept);
    assert_eq!(game.picked(), "p10");
}

#[test]
fn what_a_filter_finds_is_shown_from_its_first_row() {
    let mut game = Game::of_a_dozen();
    game.sized(2);
    game.act(Action::Down);
    game.send(Message::Scroll(8));
    game.act(Action::Filter);
    game.type_in("p1");
    assert_eq!((game.rows().len(), game.state.viewport.top), (4, 0));
}

#[test]
fn a_filter_finds_by_e_mail_too() {
    let mut game = Game::of_a_dozen();
    let mut changed = game.state.picked_player().expect("p1").clone();
    changed.email = "grace@navy.example".into();
    game.changed(changed);
    game.act(Action::Filter);
    game.type_in("NAVY");
    assert_eq!(game.rows(), ["p1"]);
}

#[test]
fn a_filter_that_fits_nobody_leaves_the_picked_player_picked() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Filter);
    game.type_in("xyz");
    assert_eq!(game.rows(), [""; 0]);
    for key in [Action::Down, Action::First, Action::PageUp, Action::Accept] {
        game.act(key);
        assert_eq!(game.picked(), "p1", "after {key:?}");
    }
    game.act(Action::Back);
    assert_eq!(game.rows().len(), 12);
}

#[test]
fn escape_clears_the_filter_and_shows_the_picked_player_again() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Last);
    game.act(Action::Filter);
    game.type_in("p1");
    game.send(Message::Type(InputRequest::DeletePrevChar));
    game.act(Action::Back);
    assert_eq!((game.rows().len(), game.picked()), (12, "p12"));
    assert_eq!(game.state.viewport.top, 2);
    assert_eq!(game.state.context(), Context::Play);
}

#[test]
fn the_help_scrolls_from_its_first_to_its_last_line() {
    use Action::{Down, First, Last, PageDown, PageUp, Up};
    // The screen hides 30 lines.
    let cases: [(&[Action], usize); 7] = [
        (&[Down, Down, Up], 1),
        (&[Up], 0),
        (&[PageDown], 10),
        (&[PageDown, PageDown, PageDown, PageDown, Down], 30),
        (&[Last, PageUp], 20),
        (&[Last, First], 0),
        (&[PageUp], 0),
    ];
    for (keys, line) in cases {
        let mut game = Game::of_a_dozen();
        game.act(Action::Help);
        keys.iter().for_each(|key| drop(game.act(*key)));
        assert!(game.state.help == Some(line), "{keys:?}");
        assert_eq!(game.picked(), "p1");
    }
}

#[test]
fn what_the_help_was_opened_over_is_there_again_behind_it() {
    use Action::{About, Accept, Contest, Help, History, Theme};
    for action in [
        History,
        About,
        Theme,
        Contest(Kind::Sprint),
        Contest(Kind::Race),
    ] {
        let mut game = Game::of_a_dozen();
        game.state.themes = vec!["one".into(), "two".into()];
        game.act(action);
        let over = game.state.context();
        assert_ne!(over, Context::Play, "{action:?}");
        game.act(Help);
        assert_eq!(game.state.context(), Context::Help, "{action:?}");
        assert_eq!(game.state.helped(), over);
        // Its keys mean nothing meanwhile.
        for other in [Accept, Action::Press, Action::Replay] {
            assert_eq!(game.act(other), [], "{action:?}");
        }
        game.act(Action::Back);
        assert_eq!(game.state.context(), over, "{action:?}");
    }
}

#[test]
fn in_the_help_the_wheel_scrolls_the_help_and_a_larger_screen_shows_more_of_it() {
    let mut game = Game::of_a_dozen();
    game.act(Action::Help);
    game.send(Message::Scroll(100));
    assert_eq!(game.state.help, Some(30));
    let (list_rows, help_overflow) = (10, 5);
    game.send(Message::Viewport(Metrics {
        list_rows,
        help_overflow,
    }));
    assert_eq!(game.state.help, Some(5));
    game.send(Message::Scroll(-100));
    assert_eq!(game.state.help, Some(0));
    assert_eq!(game.state.viewport.top, 0);
    for close in [Action::Back, Action::Help] {
        game.act(close);
        assert_eq!(game.state.context(), Context::Play);
        game.act(Action::Help);
    }
}
