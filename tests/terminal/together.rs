//! Several games on one file: points add up, and each game sees the others' changes.

use crate::db::{self, Db};
use crate::game::{Game, Home, until, waiting};

#[test]
fn two_games_on_one_player_add_up_exactly_and_see_each_other() {
    let home = Home::with(&[("Ada", 0)]);
    let games = [home.play(), home.play()];
    for _ in 0..10 {
        for game in &games {
            game.press(25);
        }
    }
    for game in &games {
        game.shows("Ada", 500);
    }
    for game in &games {
        game.quit();
    }
    assert_eq!(home.score("Ada"), 500);
}

#[test]
fn eight_games_on_two_players_add_up_exactly_and_see_each_other() {
    let home = Home::with(&[("Ada", 0), ("Bob", 1)]);
    let games: Vec<Game> = ["Ada", "Bob"]
        .into_iter()
        .cycle()
        .take(8)
        .map(|name| Game::start(home.game().args(["--player", name])))
        .collect();
    for _ in 0..10 {
        for game in &games {
            game.press(10);
        }
    }
    for game in &games {
        game.shows("Ada", 400);
        game.shows("Bob", 401);
    }
    for game in &games {
        game.quit();
    }
    assert_eq!(db::sum(&home.database()), 801);
}

#[test]
fn eight_games_that_start_at_once_on_a_new_file_all_play() {
    let home = Home::new();
    let path = home.join("new.db");
    let names: Vec<String> = (0..8).map(|at| format!("P{at}")).collect();
    let start = |name: &String| {
        let game = home.game().arg("--database").arg(&path);
        Game::begin(game.args(["--player", name]))
    };
    let games: Vec<Game> = names.iter().map(start).collect();
    for game in &games {
        game.wait_text("New player");
        game.keys("\r  ");
    }
    for game in &games {
        for name in &names {
            game.shows(name, 2);
        }
    }
    for game in &games {
        game.quit();
    }
    assert_eq!(db::sum(&path), 16);
}

#[test]
fn a_new_player_a_new_name_and_a_removal_reach_the_others_without_a_key() {
    let home = Home::with(&[("Ada", 1)]);
    let (here, there) = (home.play(), home.play());
    here.add("Bob");
    there.shows("Bob", 0);
    there.picks("Ada");
    here.keys("e");
    here.wait_text("Edit player");
    here.keys("by\r");
    there.shows("Bobby", 0);
    here.press(1);
    here.keys("dy");
    here.says("Bobby is removed.");
    there.wait_gone("Bobby");
    there.picks("Ada");
    here.quit();
    there.quit();
}

#[test]
fn a_picked_player_removed_by_another_program_leaves_nobody_picked() {
    let home = Home::with(&[("Ada", 5), ("Bob", 3)]);
    let game = home.play();
    game.press(1);
    game.shows("Ada", 6);
    let mut db = Db::open(&home.database());
    db.run("DELETE FROM users WHERE name = 'Ada'");
    game.says("Ada was removed by somebody else. Pick another player to go on.");
    assert!(game.list().iter().all(|p| !p.picked), "{:?}", game.list());
    game.press(5);
    game.says("Nobody is picked, so nothing is scored: pick a player, or add one.");
    game.keys("j");
    game.picks("Bob");
    game.press(2);
    game.shows("Bob", 5);
    game.quit();
    assert_eq!(db.number("SELECT SUM(score) FROM users"), 5);
}

#[test]
fn presses_on_their_way_to_a_removed_player_go_to_nobody() {
    let home = Home::with(&[("Ada", 0), ("Bob", 0)]);
    let game = home.play();
    game.press(1);
    game.shows("Ada", 1);
    let mut db = Db::open(&home.database());
    db.lock();
    game.press(5);
    game.takes("Ada", 6);
    // In the transaction that holds the lock, so that no press comes between.
    db.run("DELETE FROM users WHERE name = 'Ada'; COMMIT");
    game.wait_gone("Ada  ");
    game.wait(|s| waiting(s) == Some(0), "the presses to be given up");
    game.keys("j");
    game.picks("Bob");
    game.press(1);
    game.shows("Bob", 1);
    game.quit();
    assert_eq!(db.number("SELECT SUM(score) FROM users"), 1);
    assert_eq!(home.letters(), "");
}

#[test]
fn who_plays_elsewhere_is_marked_with_a_rate_and_who_passes_whom_is_seen() {
    let home = Home::with(&[("Ada", 10), ("Bob", 9)]);
    let here = Game::start(home.game().args(["--player", "Bob"]));
    let there = Game::start(home.game().args(["--player", "Ada"]));
    here.press(2);
    // What was written stays to be found, however late it is looked for.
    for sign in ["●", "0.2/s", "▲1", "▼1"] {
        let written = |raw: Vec<u8>| String::from_utf8_lossy(&raw).contains(sign);
        until(&format!("{sign} on the other screen"), || {
            written(there.raw())
        });
    }
    there.wait_gone("▲1");
    there.wait_gone("●");
    there.shows("Bob", 11);
    here.quit();
    there.quit();
}
