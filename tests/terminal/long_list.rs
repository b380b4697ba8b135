//! A list that is too long to be loaded as a whole.

use crate::db::Db;
use crate::game::{Game, Home};
use crate::pty::key;

/// Three thousand players; of a hundred each the scores are equal. `Player 3000` is the best.
fn of_three_thousand() -> Home {
    let home = Home::with(&[]);
    let mut db = Db::open(&home.database());
    db.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)
         INSERT INTO users (name, score) SELECT 'Player ' || i, i / 100 FROM n",
    );
    home
}

#[test]
fn its_ends_and_whoever_is_searched_for_are_gone_to_and_played() {
    let home = of_three_thousand();
    let game = home.play();
    game.wait_text("Player 3000");
    game.keys(key::END);
    game.picks("Player 99");
    game.press(3);
    game.shows("Player 99", 3);
    game.keys(key::HOME);
    game.picks("Player 3000");
    game.wait_text(" 3,000 ╮");
    for _ in 0..60 {
        game.keys(key::PAGE_DOWN);
    }
    game.wait_gone("Player 3000");
    game.keys("/r 1234");
    game.wait_text("1 of 3,000");
    game.keys("\r");
    game.picks("Player 1234");
    game.press(2);
    game.shows("Player 1234", 14);
    game.quit();
    assert_eq!(home.score("Player 1234"), 14);
    assert_eq!(home.score("Player 99"), 3);
}

#[test]
fn it_is_opened_at_the_player_who_is_asked_for() {
    let home = of_three_thousand();
    let game = Game::start(home.game().args(["--player", "Player 1500"]));
    game.picks("Player 1500");
    game.press(1);
    game.shows("Player 1500", 16);
    game.wait_text("1,302nd");
    game.quit();
    assert_eq!(home.score("Player 1500"), 16);
}
