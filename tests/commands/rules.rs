//! `clickoff rules`: what it shows, sets and refuses, and that a game obeys.

use crate::db::Db;
use crate::home::Home;
use crate::place::TABLE;
use crate::words::{same_as_before, transcript};

fn made() -> Home {
    let home = Home::new();
    Db::open(&home.join("game.db")).run(TABLE);
    home
}

#[test]
fn rules() {
    let text = transcript(
        &made(),
        &[
            "-d game.db rules",
            "-d game.db rules --held-keys once",
            "-d game.db rules --max-rate 10",
            "-d game.db rules --held-keys count --max-rate 1",
            "-d game.db rules",
            "-d game.db rules --held-keys unset --max-rate off",
            "-d game.db rules --held-keys twice",
            "-d game.db rules --max-rate 0",
            "-d game.db rules --max-rate 1000001",
            "-d nowhere.db rules --max-rate 5",
        ],
    );
    same_as_before("rules", &text);
}
