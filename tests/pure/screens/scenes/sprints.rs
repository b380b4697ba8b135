//! Scenes of a sprint.

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::game::contest::{Kind, Length, Trace};
use clickoff::game::sprint::{Best, Bests, BoardPlace, COUNTDOWN};
use clickoff::message::{Action, Reply};

use super::playing;
use crate::common::{Game, offline};

const ADA: PlayerId = PlayerId(2);

/// So many presses over ten seconds, evenly.
pub fn even(presses: u64) -> Trace {
    let mut trace = Trace::default();
    for n in 0..presses {
        trace.add(Duration::from_millis(10_000 * n / presses), 1);
    }
    trace
}

/// A ghost of eight presses a second, and a board with hostile names on it.
fn bests() -> Bests {
    let ghost = even(80);
    let mut bests = Bests::default();
    let board = [(4, 97), (2, 80), (9, 80), (3, 41), (11, 7), (404, 5)];
    bests.boards[Length::Ten as usize] = board
        .map(|(id, presses)| BoardPlace {
            player: PlayerId(id),
            presses,
            trace: Some(even(presses)),
        })
        .to_vec();
    bests.own = vec![Best {
        length: Length::Ten,
        presses: 80,
        ghost: Some(ghost),
    }];
    bests
}

pub fn sprint_choice() -> Game {
    let mut game = playing();
    assert_eq!(game.state.picked, Some(ADA));
    game.act(Action::Contest(Kind::Sprint));
    game.reply(Reply::Bests(ADA, bests()));
    game
}

pub fn sprint_countdown() -> Game {
    let mut game = sprint_choice();
    game.act(Action::Accept);
    game.after(Duration::from_millis(1_200));
    game
}

/// Nine presses a second, for a while.
fn run(mut game: Game, presses: u64) -> Game {
    game.after(COUNTDOWN - Duration::from_millis(1_200));
    for _ in 0..presses {
        game.press(1);
        game.after(Duration::from_micros(111_000));
    }
    game
}

pub fn sprint_running() -> Game {
    run(sprint_countdown(), 56)
}

pub fn sprint_without_a_ghost() -> Game {
    let mut game = playing();
    game.act(Action::Contest(Kind::Sprint));
    game.act(Action::Accept);
    game.after(Duration::from_millis(1_200));
    run(game, 30)
}

pub fn sprint_saving() -> Game {
    let mut game = run(sprint_countdown(), 88);
    game.after(Duration::from_secs(1));
    game
}

pub fn sprint_result() -> Game {
    let mut game = sprint_saving();
    game.counted(2, 88, 938);
    game
}

pub fn sprint_void() -> Game {
    let mut game = sprint_running();
    game.reply(Reply::Trouble(offline(2)));
    game
}

/// In the last five seconds, at the beginning of one, where the clock flashes.
pub fn sprint_ending() -> Game {
    let mut game = sprint_running();
    game.after(Duration::from_millis(884));
    game
}

pub fn sprint_just_begun() -> Game {
    run(sprint_countdown(), 4)
}

/// The board, of which a pause has come.
pub fn sprint_replay() -> Game {
    let mut game = sprint_choice();
    game.act(Action::Replay);
    game.after(Duration::from_millis(6_400));
    game.act(Action::Accept);
    game
}
