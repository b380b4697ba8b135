//! A server that can't be reached: what is shown about it, waiting presses and other players.

use std::time::Duration;

use clickoff::message::{Message, Reply, Trouble};
use clickoff::state::Status;

use super::common::{Game, offline};

#[test]
fn what_waits_is_called_kept_only_once_all_of_it_is() {
    let mut game = Game::of_a_dozen();
    assert!(!game.state.all_kept(), "nothing waits");
    game.press(3);
    game.reply(Reply::Trouble(offline(3)));
    assert!(game.state.is_offline());
    assert!(!game.state.all_kept());
    game.reply(Reply::Kept(2));
    assert!(!game.state.all_kept());
    game.reply(Reply::Kept(3));
    assert!(game.state.all_kept());
    game.press(1);
    assert!(!game.state.all_kept());
    game.reply(Reply::Kept(4));
    assert!(game.state.all_kept());
    game.reply(Reply::Recovered);
    assert!(!game.state.is_offline());
    assert!(
        !game.state.all_kept(),
        "what was kept then is not what waits now"
    );
}

#[test]
fn presses_for_a_player_without_a_key_are_not_kept() {
    let mut game = Game::of(&[]);
    game.type_in("Lin");
    game.act(clickoff::message::Action::Accept);
    game.press(1);
    game.reply(Reply::Kept(1));
    assert!(!game.state.all_kept());
}

#[test]
fn a_look_that_fails_is_told_while_all_is_saved_and_counted_down() {
    let mut game = Game::of_a_dozen();
    game.blinded();
    assert!(game.state.is_offline());
    for left in [2, 1, 0] {
        let Status::WatchTrouble(0, blind) = game.state.status() else {
            panic!("{:?}", game.state.status());
        };
        assert_eq!(blind.seconds_left, left);
        game.after(Duration::from_secs(1));
    }
    assert_eq!(game.state.wake_at(game.now), None, "it is being tried");
    game.reply(Reply::WatchRecovered);
    assert_eq!(game.state.status(), Status::Saved);
}

#[test]
fn a_press_that_is_counted_meanwhile_shows_that_the_server_is_there() {
    let mut game = Game::of_a_dozen();
    game.blinded();
    game.press(1);
    assert!(matches!(game.state.status(), Status::WatchTrouble(1, _)));
    game.counted(1, 1, 121);
    assert!(!game.state.is_offline());
    assert!(matches!(game.state.status(), Status::WatchTrouble(0, _)));
    game.blinded();
    assert!(!game.state.is_offline(), "it is still the look that fails");
    game.reply(Reply::WatchRecovered);
    game.blinded();
    assert!(game.state.is_offline());
}

#[test]
fn what_keeps_presses_from_being_saved_goes_before_what_can_not_be_seen() {
    let mut game = Game::of_a_dozen();
    game.blinded();
    game.press(2);
    game.reply(Reply::Trouble(offline(3)));
    assert!(matches!(game.state.status(), Status::Waiting(2, _)));
    game.reply(Reply::Recovered);
    assert!(matches!(game.state.status(), Status::WatchTrouble(2, _)));
}

#[test]
fn a_locked_file_is_not_offline() {
    let mut game = Game::of_a_dozen();
    game.reply(Reply::Trouble(Trouble {
        offline: false,
        ..offline(3)
    }));
    assert!(!game.state.is_offline());
}

#[test]
fn the_round_trip_is_drawn_when_it_is_told() {
    let mut game = Game::of_a_dozen();
    let time = Duration::from_millis(3);
    assert!(game.redraws(Message::Reply(Reply::RoundTrip(time))));
    assert_eq!(game.state.round_trip, Some(time));
    assert_eq!(game.state.wake_at(game.now), None);
}
