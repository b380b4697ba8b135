//! The mouse in the game, and turning it off for the terminal.

use crate::game::{Game, Home};
use crate::pty::MouseProtocolMode;

#[test]
fn a_click_on_the_button_scores_and_a_click_on_a_row_picks() {
    let home = Home::with(&[("Ada", 9), ("Bob", 0)]);
    let game = home.play();
    let (col, row) = game.find("space  +1").expect("the button");
    game.click(col, row);
    game.shows("Ada", 10);
    let (col, row) = game.find("Bob").expect("Bob's row");
    game.click(col, row);
    game.picks("Bob");
    let (col, row) = game.find("+1").expect("the button");
    for _ in 0..5 {
        game.click(col, row);
    }
    game.shows("Bob", 5);
    let (col, row) = game.find("saved").expect("the line of state");
    game.click(col, row);
    game.press(1);
    game.shows("Bob", 6);
    game.quit();
    assert_eq!(home.score("Ada"), 10);
}

#[test]
fn the_wheel_scrolls_and_picks_nobody() {
    let names: Vec<String> = (10..70).map(|n| format!("P{n}")).collect();
    let players: Vec<_> = names.iter().map(|n| (n.as_str(), 0)).collect();
    let home = Home::with(&players);
    let game = home.play();
    game.picks("P10");
    game.wheel(5, 5, true);
    game.wait_gone("P12");
    game.wait_text("P13");
    game.wheel(5, 5, true);
    game.wait_gone("P15");
    game.wheel(5, 5, false);
    game.wheel(5, 5, false);
    game.picks("P10");
    game.press(1);
    game.shows("P10", 1);
    game.quit();
}

#[test]
fn m_gives_the_mouse_to_the_terminal_and_takes_it_back() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    let mode = |game: &Game, wanted| {
        let is = |s: &crate::pty::Screen| s.mouse_protocol_mode() == wanted;
        game.wait(is, &format!("{wanted:?}"));
    };
    mode(&game, MouseProtocolMode::PressRelease);
    game.keys("m");
    game.says("The terminal has the mouse now");
    mode(&game, MouseProtocolMode::None);
    game.keys("m");
    game.says("The game has the mouse again.");
    mode(&game, MouseProtocolMode::PressRelease);
    let (col, row) = game.find("+1").expect("the button");
    game.click(col, row);
    game.shows("Ada", 1);
    game.quit();
}
