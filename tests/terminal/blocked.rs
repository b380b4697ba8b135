//! A terminal that takes no output: a stopped reader, a frozen connection, Ctrl-S.

use crate::game::{Game, Home, until};
use crate::pty::{Signal, key};

/// Plays until the terminal takes nothing more, and all presses so far are saved; gives the score.
fn fill(home: &Home, game: &Game) -> i64 {
    let before = home.score("Ada");
    game.pause_reading();
    let mut presses = 0;
    until("the terminal to be full", || {
        // Each of these is answered by a whole screen.
        let (cols, rows) = [(200, 60), (80, 24)][presses as usize % 2];
        game.resize(cols, rows);
        game.press(1);
        presses += 1;
        !game.takes_output()
    });
    game.resize(80, 24);
    saves(home, before + presses);
    before + presses
}

/// Waits until the file has so many points for Ada.
fn saves(home: &Home, points: i64) {
    until("all presses to be saved", || home.score("Ada") == points);
}

#[test]
fn presses_are_saved_while_the_terminal_takes_no_output_and_then_the_screen_is_right() {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let game = home.play();
    for round in 1..=2 {
        let mut points = fill(&home, &game);
        for _ in 0..300 {
            game.press(1);
        }
        points += 300;
        saves(&home, points);
        assert!(!game.takes_output(), "the terminal was not full all along");
        game.resume_reading();
        game.shows("Ada", points);
        game.looks_fresh(&home, "Ada", points);
        game.press(1);
        game.shows("Ada", points + 1);
        println!("round {round}: {points} points");
    }
    game.quit();
}

#[test]
fn a_terminal_that_takes_no_output_keeps_nothing_from_ending_the_game() {
    let home = Home::with(&[("Ada", 0)]);
    type End = (i32, fn(&Game));
    let ends: [End; 5] = [
        (0, |game| game.keys("q")),
        (0, |game| game.keys(key::CTRL_C)),
        (143, |game| game.signal(Signal::TERM)),
        (129, |game| game.signal(Signal::HUP)),
        (129, |game| game.hang_up()),
    ];
    for (code, end) in ends {
        let game = home.play();
        let points = fill(&home, &game);
        end(&game);
        assert_eq!(game.wait_exit().code(), Some(code));
        assert_eq!(home.score("Ada"), points);
    }
}

#[test]
fn a_hang_up_that_nobody_signals_ends_a_game_whose_terminal_takes_no_output() {
    let home = Home::with(&[("Ada", 0)]);
    let game = Game::start(home.game().ignore_sighup());
    let points = fill(&home, &game);
    game.hang_up();
    assert_eq!(game.wait_exit().code(), Some(129));
    assert_eq!(home.score("Ada"), points);
}

#[test]
fn a_paste_that_comes_in_pieces_holds_up_nothing() {
    let home = Home::with(&[("Ada", 0), ("Bob", 5)]);
    let game = Game::start(home.game().args(["--player", "Ada"]));
    game.keys("\x1b[200~  ");
    let other = Game::start(home.game().args(["--player", "Bob"]));
    other.press(1);
    game.shows("Bob", 6);
    game.keys(" \x1b[201~");
    game.shows("Ada", 3);
    other.quit();
    game.quit();
}
