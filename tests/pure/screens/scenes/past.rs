//! The moments with a period, the numbers or a history.

use std::time::Duration;

use clickoff::game::Period;
use clickoff::message::Action;

use super::playing;
use crate::common::{Game, player};

/// The list by what was scored this week, with a player who lost points and most with none.
pub fn this_week() -> Game {
    let mut game = playing();
    while game.state.times.period != Period::Week {
        game.act(Action::Period);
    }
    let scored = [(2, 57, 850), (4, 300, 512), (9, 12, 42), (11, -3, 1)];
    game.ranked(Period::Week, &scored);
    game
}

pub fn ranking_to_come() -> Game {
    let mut game = playing();
    game.act(Action::Period);
    game
}

pub fn today_in_no_known_zone() -> Game {
    let mut game = playing();
    game.state.times.zone = jiff::tz::TimeZone::unknown();
    while game.state.times.period != Period::Day {
        game.act(Action::Period);
    }
    game.ranked(Period::Day, &[(3, 1, 850)]);
    game
}

/// Ada's past: a week of ups and downs, and a burst long ago.
fn with_a_past(mut game: Game) -> Game {
    let days = [
        (0, 57),
        (1, 31),
        (2, 112),
        (3, 8),
        (5, 64),
        (6, 1),
        (40, 212),
        (47, 30),
    ];
    game.recalled(2, 850, &days);
    game
}

/// Ada plays for a minute, and Alan comes from behind.
pub fn numbers() -> Game {
    let mut game = with_a_past(playing().still());
    for second in 0..60 {
        for _ in 0..[0, 2, 5, 8, 3][second / 12] {
            game.press(1);
            game.after(Duration::from_millis(120));
        }
        game.after(Duration::from_millis(200));
    }
    let pressed = game.state.tallies.values().map(|t| t.pressed).sum();
    game.counted(2, pressed, 850 + pressed as i64);
    // Ada still counts as playing.
    game.after(Duration::from_millis(400));
    game.changed(player(3, "Alan Turing", 852));
    game
}

pub fn numbers_of_the_first() -> Game {
    let mut game = playing();
    game.act(Action::First);
    game.after(Duration::from_secs(1));
    game.recalled(1, 1027, &[]);
    game
}

pub fn history() -> Game {
    let mut game = with_a_past(playing());
    game.act(Action::History);
    game.act(Action::Earlier);
    game.act(Action::Earlier);
    game
}

pub fn history_by_week() -> Game {
    let mut game = history();
    game.act(Action::Last);
    game.act(Action::Period);
    game
}

pub fn history_to_come() -> Game {
    let mut game = playing();
    game.act(Action::History);
    game
}
