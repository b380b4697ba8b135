//! `clickoff rules`: what it shows, sets and refuses, and that games follow the rules.

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

/// The rules belong to the database, not to what is in it.
#[test]
fn a_backup_has_the_rules_and_a_copy_leaves_those_of_its_target() {
    let home = made();
    let run = |arguments: &[&str]| {
        let run = home.run(arguments);
        assert_eq!(run.code, 0, "{}", run.err);
        run.out
    };
    run(&[
        "-d",
        "game.db",
        "rules",
        "--held-keys",
        "once",
        "--max-rate",
        "7",
    ]);
    run(&["-d", "game.db", "backup", "backup.db"]);
    assert!(run(&["-d", "backup.db", "rules"]).contains("7 points a second"));
    run(&["-d", "other.db", "players", "add", "Bob"]);
    run(&["-d", "other.db", "rules", "--max-rate", "9"]);
    run(&["-d", "game.db", "copy", "--to", "other.db", "--overwrite"]);
    let rules = run(&["-d", "other.db", "rules"]);
    assert!(
        rules.contains("left to each player") && rules.contains("9 points a second"),
        "{rules}"
    );
    run(&["-d", "other.db", "restore", "backup.db", "--overwrite"]);
    assert!(run(&["-d", "other.db", "rules"]).contains("9 points a second"));
}
