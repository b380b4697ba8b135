//! The list of today, and a player's history, with a real database.

use crate::db::Db;
use crate::game::{Game, Home};

/// What the history holds of a player before today began, in any zone.
const DAYS_AGO: &str = "INSERT INTO click_history (user_id, quarter, points)
    SELECT id, strftime('%s', 'now') / 900 - 96 * 3, 40 FROM users WHERE name = 'Ada';
    UPDATE click_history SET points = points - 40 WHERE user_id = 1 AND quarter = 0;";

#[test]
fn the_list_is_ranked_by_today_and_the_history_shows_the_days() {
    let home = Home::with(&[("Ada", 100), ("Bob", 5)]);
    let game = home.play();
    game.picks("Ada");
    game.wait_text("today 0");
    game.quit();
    Db::open(&home.database()).run(DAYS_AGO);
    assert_eq!(home.score("Ada"), 100);

    let game = home.play();
    game.keys("j");
    game.picks("Bob");
    game.press(3);
    game.shows("Bob", 8);
    game.says("today 3");
    game.keys("ppp");
    game.wait_text("Today");
    game.shows("Bob", 3);
    game.shows("Ada", 0);
    assert_eq!(game.list()[0].name, "Bob");
    game.press(1);
    game.shows("Bob", 4);
    game.keys("h");
    game.wait_text("History of Bob");
    game.wait_text("today 4 · all time 9 · best 4 on");
    game.wait_text(": 4 points so far");
    game.keys("\x1b");
    game.wait_gone("History of Bob");
    game.keys("k");
    game.picks("Bob");
    game.keys("jh");
    game.wait_text("History of Ada");
    game.wait_text("today 0 · all time 100 · best 40 on");
    game.keys("\x1b[1~\x1b[H");
    game.wait_text(": 40 points");
    game.keys("q");
    game.wait_gone("History of Ada");
    game.keys("p");
    game.shows("Ada", 100);
    assert_eq!(game.list()[0].name, "Ada");
    game.quit();
    assert_eq!(home.score("Bob"), 9);
}

#[test]
fn days_begin_at_the_midnight_of_the_players_zone() {
    for (zone, hours) in [("<-12>12", -12), ("<+0545>-5:45", 5), ("<+14>-14", 14)] {
        let home = Home::with(&[("Ada", 0)]);
        let play = || Game::start(home.game().env("TZ", zone));
        let game = play();
        game.press(2);
        game.shows("Ada", 2);
        game.says("today 2");
        game.quit();
        let minutes = hours * 60 + if hours == 5 { 45 } else { 0 };
        // The quarter hour with which today began there, and then the one before.
        let mut db = Db::open(&home.database());
        db.run(&format!(
            "UPDATE click_history SET quarter =
             (strftime('%s', date('now', '{minutes} minutes')) - 60 * ({minutes})) / 900"
        ));
        let game = play();
        game.says("today 2");
        game.quit();
        db.run("UPDATE click_history SET quarter = quarter - 1");
        let game = play();
        game.says("today 0");
        game.quit();
    }
}
