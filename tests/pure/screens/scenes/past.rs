//! Scenes with a period, the numbers, a history or the page about a player.

use std::time::Duration;

use clickoff::game::contest::{Length, Trace};
use clickoff::game::record::{OwnRace, OwnSprint};
use clickoff::game::{Period, PlayerId, Quarter, Record};
use clickoff::message::{Action, Message, Reply};
use jiff::Timestamp;

use super::playing;
use crate::common::{Game, player};

/// The list by what was scored this week, with a player who lost points and most with none.
pub fn this_week() -> Game {
    let mut game = playing();
    while game.state.times.wanted() != Period::Week {
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
    while game.state.times.wanted() != Period::Day {
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

/// A year of Ada's: she plays on most days, in waves, with sprints and races.
fn with_a_year(mut game: Game) -> Game {
    let noon: Timestamp = crate::common::NOON.parse().expect("a time");
    let quarter = |ago: i64| Quarter(Quarter::of(noon).0 - 96 * ago);
    let points = |ago: i64| match (ago * 7919 + ago / 5 * 31) % 11 {
        0 | 3 | 6 | 7 => 0,
        n => n * (8 + (ago / 9 % 5) * (ago / 9 % 5) * 4) + ago % 11,
    };
    let mut quarters: Vec<_> = (0..340)
        .rev()
        .map(|ago| (quarter(ago), points(ago)))
        .collect();
    quarters.retain(|(_, points)| *points > 0);
    quarters.extend([(Quarter(quarter(0).0 + 1), 40)]);
    let days_ago = |ago: i64| noon - jiff::SignedDuration::from_hours(24 * ago);
    let sprint = |length: Length, trace: &str, ago: i64| {
        let trace = Trace::parse(trace, length).expect("a trace");
        OwnSprint {
            length,
            presses: trace.total(),
            at: days_ago(ago),
            trace: Some(trace),
            beat: 7,
        }
    };
    let steady = |seconds: usize| {
        let second =
            |n: usize| ["1,1,1,,1,1,,1,1,1", "1,1,1,1,1,1,,1,1,1", "1,,1,1,,1,1,,1,"][n % 3];
        let seconds: Vec<_> = (0..seconds).map(|n| second(n * n + n / 2)).collect();
        seconds.join(",")
    };
    let race = |presses: u64, rival: Option<u64>, ago: i64| OwnRace {
        start: days_ago(ago),
        presses,
        rival,
    };
    let score = quarters.iter().map(|(_, points)| points).sum();
    game.changed(crate::common::player(2, "Ada Lovelace", score));
    game.reply(Reply::Recalled(
        PlayerId(2),
        game.clock(crate::common::NOON),
        Record {
            score,
            quarters,
            sprints: vec![
                sprint(Length::Five, &steady(5), 60),
                sprint(Length::Ten, &steady(10), 3),
                sprint(Length::Thirty, &steady(30), 120),
            ],
            races: vec![
                race(87, Some(86), 2),
                race(80, Some(91), 9),
                race(44, None, 30),
                race(90, Some(70), 40),
            ],
        },
    ));
    game
}

pub fn about() -> Game {
    let mut game = playing();
    game.act(Action::About);
    with_a_year(game)
}

pub fn about_a_beginner() -> Game {
    let mut game = playing();
    game.act(Action::About);
    game.recalled(2, 850, &[(0, 57)]);
    game
}

pub fn about_to_come() -> Game {
    let mut game = playing();
    game.act(Action::About);
    game
}

pub fn about_while_offline() -> Game {
    let mut game = about_to_come();
    game.reply(Reply::WatchTrouble(crate::common::offline(3)));
    game
}

pub fn card_copied() -> Game {
    let mut game = about();
    game.send(Message::Action(Action::Card));
    game
}
