//! `clickoff verify` and `clickoff guard`: what they find, and what they keep from happening.

use std::sync::Barrier;

use crate::db::Db;
use crate::home::{Home, Run};
use crate::place::{Place, TABLE, on, row};
use crate::words::{same_as_before, transcript};

/// A database of the game with two players.
fn filled(home: &Home, place: &Place) {
    place.fill(TABLE, &[row(1, "Ada", 7), row(2, "B\x1bb", 4)]);
    assert_eq!(run(home, place, &["players", "list"]).code, 0);
}

fn run(home: &Home, place: &Place, arguments: &[&str]) -> Run {
    home.run(&[&["-d", &place.url()], arguments].concat())
}

/// Something is found, which these words say.
#[track_caller]
fn found(home: &Home, place: &Place, words: &[&str]) {
    let said = run(home, place, &["verify"]);
    for words in words {
        assert!(said.out.contains(words), "no {words:?} in {}", said.out);
    }
    assert!(!said.out.contains('\x1b'), "{}", said.out);
    let faults = said.out.lines().count();
    assert!(
        said.err.contains(&format!(" has {faults} fault")),
        "{} {}",
        said.err,
        said.out
    );
    assert_eq!(said.code, 1);
}

fn what_is_wrong_with_whom_is_found(place: Place) {
    let home = Home::new();
    filled(&home, &place);
    run(&home, &place, &["verify"]).says("is sound: 2 players with 11 points.");
    // Points of which the history knows nothing.
    place.run("UPDATE click_history SET points = 3 WHERE user_id = 2");
    found(
        &home,
        &place,
        &["the player 2, \"B␛b\" has the score 4, but the history makes 3."],
    );
    place.run(
        "UPDATE click_history SET points = 4 WHERE user_id = 2;
         INSERT INTO click_history (user_id, quarter, points) VALUES (77, 0, 1);
         INSERT INTO click_sessions (id, client, user_id, last_seq)
         VALUES (5, '6ba7b810-9dad-41d1-80b4-00c04fd430c8', 78, 9),
                (6, '6ba7b811-9dad-41d1-80b4-00c04fd430c8', 1, -1)",
    );
    found(
        &home,
        &place,
        &[
            "a history of a player 77 who is not there",
            "6ba7b810-9dad-41d1-80b4-00c04fd430c8 has a record of 9 presses for the player 78, who",
            "a record of -1 presses for the player 1.",
        ],
    );
    place.run("DELETE FROM click_history WHERE user_id = 77; DELETE FROM click_sessions");
    run(&home, &place, &["verify"]).says("is sound");
    place.run(match place {
        Place::Postgres(..) => "DROP TRIGGER click_history_scored ON users",
        _ => "DROP TRIGGER click_history_scored",
    });
    found(
        &home,
        &place,
        &["missing: the trigger click_history_scored."],
    );
}

fn a_table_that_nobody_played_on_is_told_from_a_broken_one(place: Place) {
    let home = Home::new();
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    found(&home, &place, &["own tables are not all there yet"]);
    assert_eq!(run(&home, &place, &["players", "list"]).code, 0);
    run(&home, &place, &["verify"]).says("is sound");
}

fn points_written_over_are_named(place: Place) {
    let home = Home::new();
    filled(&home, &place);
    // Read at 4 by two others, who both write back one more; and by one who read long before.
    place.run(
        "UPDATE users SET score = 5 WHERE id = 2; UPDATE users SET score = 5 WHERE id = 2;
         UPDATE users SET score = 3 WHERE id = 1",
    );
    let said = run(&home, &place, &["verify"]);
    said.says("overwritten by another program: up to 5 points of the player 1, \"Ada\".");
    said.says("overwritten by another program: up to 1 point of the player 2, \"B␛b\".");
    said.says("is sound");
}

on!(all:
    what_is_wrong_with_whom_is_found,
    a_table_that_nobody_played_on_is_told_from_a_broken_one,
    points_written_over_are_named,
);

#[test]
fn a_changed_trigger_and_a_damaged_page_are_found() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    filled(&home, &place);
    place.run(
        "DROP TRIGGER click_history_added;
         CREATE TRIGGER click_history_added AFTER INSERT ON users BEGIN SELECT 1; END",
    );
    found(
        &home,
        &place,
        &["changed by somebody: the trigger click_history_added"],
    );
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    filled(&home, &place);
    place.run("CREATE INDEX names ON users (name)");
    // An index that lacks a row, as after a page was lost.
    place.run(
        "PRAGMA writable_schema = ON;
         UPDATE sqlite_master SET sql = 'CREATE INDEX names ON users (email)' WHERE name = 'names'",
    );
    found(&home, &place, &["damaged: "]);
}

#[test]
fn what_verify_and_guard_say() {
    let home = Home::new();
    let mut db = Db::open(&home.join("scores.db"));
    db.run(TABLE);
    db.run("INSERT INTO users VALUES (1, 'Ada', NULL, 7)");
    drop(db);
    let before = transcript(
        &home,
        &[
            "-d scores.db verify",
            "-d typo.db verify",
            "-d scores.db players list",
        ],
    );
    let guarded = transcript(
        &home,
        &[
            "-d scores.db guard status",
            "-d scores.db guard install",
            "-d scores.db guard install",
            "-d scores.db guard status",
            "-d scores.db verify",
            "-d scores.db guard remove",
            "-d scores.db guard status",
            "-d typo.db guard install",
            "-d postgres://ada:s3cret@host/db guard install",
            "guard --help",
            "verify --help",
        ],
    );
    same_as_before("sound", &(before + &guarded));
}

/// What the tutorial's program does for a click, on a connection of its own.
struct Clicker(Db);

impl Clicker {
    fn at(place: &Place) -> Self {
        Self(Db::open(&place.file()))
    }

    fn reads(&mut self) -> i64 {
        self.0
            .number("SELECT users.score FROM users WHERE users.id = 1")
    }

    fn writes(&mut self, score: i64) {
        self.0.run(&format!(
            "BEGIN; UPDATE users SET score={score} WHERE users.id = 1; COMMIT"
        ));
    }
}

/// The score after two have read the same and both have written, and then one from long before.
fn after_two_at_once(place: &Place) -> i64 {
    let (mut one, mut other) = (Clicker::at(place), Clicker::at(place));
    let read = [one.reads(), other.reads()];
    one.writes(read[0] + 1);
    other.writes(read[1] + 1);
    one.writes(read[0] + 1);
    other.reads()
}

#[test]
fn the_guard_makes_a_point_of_each_late_write_and_only_while_it_is_there() {
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    filled(&home, &place);
    assert_eq!(after_two_at_once(&place), 8, "two of three are lost");
    run(&home, &place, &["guard", "install"]).says("is guarded");
    assert_eq!(after_two_at_once(&place), 11, "none is lost");
    let said = run(&home, &place, &["verify"]);
    said.says("overwritten by another program: up to 2 points of the player 1");
    said.says("is sound");
    // What is no late click passes: a reset, a correction with another name, a jump ahead.
    for (written, score) in [
        ("score = 0", 0),
        ("score = 40", 40),
        ("score = 40, name = 'Eve'", 40),
        ("score = NULL", 0),
        ("score = 12", 12),
    ] {
        place.run(&format!("UPDATE users SET {written} WHERE id = 1"));
        let now = Clicker::at(&place)
            .0
            .number("SELECT COALESCE(score, 0) FROM users WHERE id = 1");
        assert_eq!(now, score, "{written}");
    }
    run(&home, &place, &["verify"]).says("is sound");
    // What brings a file in may lower a score all the same.
    assert_eq!(run(&home, &place, &["export", "12"]).code, 0);
    place.run("UPDATE users SET score = 99 WHERE id = 1");
    run(&home, &place, &["import", "12", "--merge", "replace"]).says("changed 2 known ones");
    assert_eq!(Clicker::at(&place).reads(), 12);
    run(&home, &place, &["guard", "remove"]).says("is not guarded");
    assert_eq!(after_two_at_once(&place), 13);
}

#[test]
fn guarded_nobody_loses_a_click_however_many_write_at_once() {
    const CLICKERS: usize = 6;
    const CLICKS: usize = 40;
    let (home, place) = (Home::new(), Place::sqlite().expect("a file"));
    filled(&home, &place);
    run(&home, &place, &["guard", "install"]).says("is guarded");
    let start = Barrier::new(CLICKERS);
    std::thread::scope(|scope| {
        for _ in 0..CLICKERS {
            scope.spawn(|| {
                let mut clicker = Clicker::at(&place);
                start.wait();
                for _ in 0..CLICKS {
                    let read = clicker.reads();
                    clicker.writes(read + 1);
                }
            });
        }
    });
    assert_eq!(Clicker::at(&place).reads(), 7 + (CLICKERS * CLICKS) as i64);
    run(&home, &place, &["verify"]).says("is sound");
}
