//! Ordinary play: several players, many presses, pastes, the filter, and idling.

use std::thread;
use std::time::{Duration, Instant};

use crate::game::{Home, list, until};
use crate::pty::{Screen, key};

fn paste(text: &str) -> String {
    format!("\x1b[200~{text}\x1b[201~")
}

#[test]
fn four_thousand_spaces_in_one_write_are_four_thousand_points() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    game.press(4000);
    game.shows("Ada", 4000);
    game.quit();
    assert_eq!(home.score("Ada"), 4000);
}

#[test]
fn four_thousand_pasted_spaces_are_four_thousand_points_and_other_text_is_nothing() {
    let home = Home::with(&[("Ada", 0)]);
    let game = home.play();
    game.keys(&paste(&" ".repeat(4000)));
    game.shows("Ada", 4000);
    game.keys(&paste("dyq\r\n"));
    game.press(1);
    game.shows("Ada", 4001);
    game.quit();
    assert_eq!(home.score("Ada"), 4001);
}

#[test]
fn a_second_player_is_added_edited_and_removed() {
    let home = Home::with(&[("Ada", 3)]);
    let game = home.play();
    game.add("Bob");
    game.picks("Bob");
    game.press(2);
    game.shows("Bob", 2);
    game.shows("Ada", 3);

    game.keys("e");
    game.wait_text("Edit player");
    game.keys("by\tbob@example.org\r");
    game.shows("Bobby", 2);

    game.keys("d");
    game.wait_text("Remove Bobby with 2 points?");
    game.keys("n");
    game.wait_gone("Remove Bobby");
    game.press(1);
    game.shows("Bobby", 3);
    game.keys("d");
    game.wait_text("Remove Bobby with 3 points?");
    game.keys("y");
    game.says("Bobby is removed.");
    game.picks("Ada");
    game.quit();
    let mut db = crate::db::Db::open(&home.database());
    assert_eq!(db.number("SELECT COUNT(*) FROM users"), 1);
}

#[test]
fn moving_picks_and_the_filter_narrows_as_one_types() {
    let home = Home::with(&[("Ada", 3), ("Bob", 2), ("Cleo", 1)]);
    let game = home.play();
    game.picks("Ada");
    game.keys(key::DOWN);
    game.picks("Bob");
    game.keys("j");
    game.picks("Cleo");
    game.keys(key::HOME);
    game.picks("Ada");
    game.keys("/ob");
    game.wait_gone("Cleo");
    game.keys("\r");
    game.picks("Bob");
    game.press(1);
    game.shows("Bob", 3);
    game.keys(key::ESC);
    game.wait_text("Cleo");
    game.quit();
    assert_eq!(home.score("Bob"), 3);
}

#[test]
fn a_score_that_passes_another_moves_up_and_stays_picked() {
    let home = Home::with(&[("Ada", 3), ("Bob", 2)]);
    let game = home.play();
    game.keys("j");
    game.press(2);
    game.shows("Bob", 4);
    let list = game.list();
    let order = list.iter().map(|p| (p.rank, p.name.as_str(), p.picked));
    let order: Vec<_> = order.collect();
    assert_eq!(order, [(1, "Bob", true), (2, "Ada", false)]);
    game.quit();
}

#[test]
fn an_idle_game_writes_nothing() {
    let home = Home::with(&[("Ada", 9)]);
    let game = home.play();
    game.press(1);
    game.shows("Ada", 10);
    game.wait_text("10!");
    game.wait_text("space  +1");
    let marked = |screen: &Screen| list(screen).iter().any(|p| p.playing);
    game.wait(|s| !marked(s), "the mark of who plays to go by itself");
    game.wait_gone("10!");
    let mut last = (game.bytes_written(), Instant::now());
    until("the game to settle", || {
        if game.bytes_written() != last.0 {
            last = (game.bytes_written(), Instant::now());
        }
        last.1.elapsed() > Duration::from_millis(500)
    });
    let (bytes, switches) = (game.bytes_written(), game.voluntary_switches());
    // Time itself is the subject here.
    thread::sleep(Duration::from_secs(3));
    assert_eq!(game.bytes_written(), bytes, "bytes written while idle");
    let wakes = game.voluntary_switches() - switches;
    println!("{} voluntary switches a second while idle", wakes / 3);
    game.quit();
}
