//! `clickoff verify` and `clickoff guard`: what they detect and prevent.

use std::fs;
use std::path::Path;
use std::sync::Barrier;

use clickoff::store::Target;
use clickoff::store::archive::Archive;

use crate::db::Db;
use crate::home::{Home, Run};
use crate::place::{Place, TABLE, TUTORIAL, on, row};
use crate::words::{same_as_before, transcript};

/// The fingerprint of an ssh key.
const SSH_KEY: &str = "SHA256:aCUiLr7Pjs9wFFJMDByLgc3NrtdU344OgUM45wZPcIQ";

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
    place.add_ssh_keys(&[(SSH_KEY, 77, "", 0)]);
    let stray = format!("there is an ssh key {SSH_KEY} of a player who is not there.");
    found(&home, &place, &["but the history makes 3.", &stray]);
    place.run(
        "DELETE FROM click_keys;
         UPDATE click_history SET points = 3 + 1 WHERE user_id = 2;
         INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
         VALUES (1, 5, 3, 0, '1,,2'), (1, 10, 3, 0, '1,,x'), (1, 60, 4, 0, '1,,2')",
    );
    found(
        &home,
        &place,
        &[
            "the sprint over 10 s of the player 1 has a trace that the game can't read.",
            "the sprint over 60 s of the player 1 has other presses than its trace.",
        ],
    );
    place.run(
        "DELETE FROM click_sprints;
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
    // Races that can't be so. The first is one too many, and the last is as it should be.
    let start = 1_790_000_000_000_000;
    for n in 1..=21 {
        place.add_races(&[(n, 5, start + n, Some(start), &[(1, Some("Ada"), 1, 1)])]);
    }
    place.add_races(&[(30_000, 10, start, None, &[(1, Some("Ada"), 1, 0)])]);
    let own_keys = match place {
        Place::Postgres(..) => "OVERRIDING SYSTEM VALUE",
        _ => "",
    };
    place.run(&format!(
        "INSERT INTO click_races (id, seconds, starts_at, closed_at) {own_keys}
         WITH RECURSIVE n(v) AS (SELECT 1 UNION ALL SELECT v + 1 FROM n WHERE v < 100)
         SELECT a.v * 100 + b.v, 5, 0, 5 FROM n a, n b WHERE a.v * 100 + b.v <= 10080"
    ));
    place.run(
        "UPDATE click_racers SET session = 5 WHERE race = 2;
         UPDATE click_racers SET standing = 0 WHERE race = 3;
         UPDATE click_races SET seconds = 7 WHERE id = 4;
         UPDATE click_racers SET race = 99 WHERE race = 5",
    );
    found(
        &home,
        &place,
        &[
            "the race 1 is closed, but so are 10,000 later ones, which are all that is kept.",
            "the race 2 is closed, but keeps sessions of its racers.",
            "the race 3 is closed, but some still race in it.",
            "the race 4 has a length or a time that no race has.",
            "the race 99 has racers, but is not there.",
        ],
    );
    place.run("DELETE FROM click_races WHERE id < 20; DELETE FROM click_racers WHERE race < 20");
    place.run("DELETE FROM click_racers WHERE race = 99");
    run(&home, &place, &["verify"]).says("is sound");
    let (drop, missing) = match place {
        Place::Postgres(..) => (
            "DROP TRIGGER click_history_scored ON users",
            "missing: the trigger click_history_scored.",
        ),
        Place::Sqlite(_) => (
            "DROP TRIGGER click_history_scored",
            "missing: the trigger click_history_scored.",
        ),
        Place::MariaDb(..) => (
            "DROP TRIGGER click_user_changed",
            "missing: the trigger click_user_changed.",
        ),
    };
    place.run(drop);
    found(&home, &place, &[missing]);
}

fn a_table_that_nobody_played_on_is_told_from_a_broken_one(place: Place) {
    let home = Home::new();
    place.fill(TABLE, &[row(1, "Ada", 7)]);
    found(&home, &place, &["own tables are not all there yet"]);
    assert_eq!(run(&home, &place, &["players", "list"]).code, 0);
    run(&home, &place, &["verify"]).says("is sound");
}

fn a_trigger_of_somebody_else_is_named(place: Place) {
    let home = Home::new();
    filled(&home, &place);
    place.run(match &place {
        Place::Sqlite(_) => "CREATE TRIGGER cap AFTER UPDATE ON users BEGIN SELECT 1; END",
        Place::Postgres(..) => {
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
             CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION f()"
        }
        Place::MariaDb(..) => {
            "CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW SET @x = NEW.score"
        }
    });
    let said = run(&home, &place, &["verify"]);
    assert_eq!(said.code, 0, "it may be right there");
    let words = "The trigger cap is not clickoff's, and may change what is scored.";
    assert!(said.err.contains(words), "{}", said.err);
}

fn points_written_over_are_named(place: Place) {
    let home = Home::new();
    filled(&home, &place);
    // Read at 4 by two others, who both write back one more; and by one who read long before.
    place.run(
        "UPDATE users SET score = 5 WHERE id = 2; UPDATE users SET score = 5 WHERE id = 2;
         UPDATE users SET score = 3 WHERE id = 1",
    );
    lost(
        &run(&home, &place, &["verify"]),
        &[
            "up to 5 points of the player 1, \"Ada\".",
            "up to 1 point of the player 2, \"B␛b\".",
        ],
    );
}

/// Nothing is damaged, but these lost points to another program.
#[track_caller]
fn lost(said: &Run, losers: &[&str]) {
    let lines: Vec<String> = losers
        .iter()
        .map(|loser| format!("overwritten by another program: {loser}\n"))
        .collect();
    assert_eq!((said.code, said.out.as_str()), (1, lines.concat().as_str()));
    let players = format!("{} player", losers.len());
    assert!(said.err.contains("is whole, but "), "{}", said.err);
    assert!(said.err.contains(&players), "{}", said.err);
}

/// Damage of each kind, and what names it. The parts are made again between by a fresh database.
fn every_part_that_is_damaged_is_named(place: Place) {
    let damages: &[(&str, &str)] = match place {
        Place::Sqlite(_) => &[
            (
                "DROP TABLE click_sprints",
                "missing: the table click_sprints",
            ),
            ("DROP TABLE click_races", "missing: the table click_races"),
            (
                "ALTER TABLE click_history ADD COLUMN more INTEGER",
                "changed by somebody: the table click_history",
            ),
            (
                "DROP INDEX click_history_quarter",
                "missing: the index click_history_quarter",
            ),
            (
                "DROP INDEX click_sprints_presses;
                 CREATE INDEX click_sprints_presses ON click_sprints (presses)",
                "changed by somebody: the index click_sprints_presses",
            ),
            (
                "DROP TRIGGER click_sprints_removed",
                "missing: the trigger click_sprints_removed",
            ),
            (
                "DROP TRIGGER click_history_removed;
                 CREATE TRIGGER click_history_removed AFTER DELETE ON users BEGIN SELECT 1; END",
                "changed by somebody: the trigger click_history_removed",
            ),
            (
                "ALTER TABLE users RENAME TO old;
                 CREATE TABLE users (id BIGINT, name TEXT, email TEXT, score BIGINT);
                 INSERT INTO users SELECT * FROM old",
                "missing: the key users.id",
            ),
        ],
        Place::Postgres(..) => &[
            (
                "DROP TABLE click_sprints",
                "missing: the table click_sprints",
            ),
            ("DROP TABLE click_racers", "missing: the table click_racers"),
            (
                "ALTER TABLE click_history ALTER points TYPE INTEGER",
                "changed by somebody: the column click_history.points",
            ),
            (
                "ALTER TABLE click_sessions ALTER id DROP DEFAULT",
                "changed by somebody: the column click_sessions.id",
            ),
            (
                "DROP INDEX click_history_quarter",
                "missing: the index click_history_quarter",
            ),
            (
                "DROP INDEX click_sprints_presses;
                 CREATE INDEX click_sprints_presses ON click_sprints (presses)",
                "changed by somebody: the index click_sprints_presses",
            ),
            (
                "ALTER TABLE users DROP CONSTRAINT users_pkey",
                "missing: the key users.id",
            ),
            (
                "ALTER TABLE users DISABLE TRIGGER click_history_scored",
                "changed by somebody: the trigger click_history_scored",
            ),
            (
                "CREATE OR REPLACE FUNCTION click_count(p_sessions BIGINT[], p_uptos BIGINT[])
                 RETURNS TABLE (counted BIGINT, score BIGINT, refused BIGINT, max_rate BIGINT)
                 LANGUAGE sql SECURITY DEFINER
                 AS 'SELECT 1::bigint, 1::bigint, 0::bigint, NULL::bigint'",
                "changed by somebody: the function click_count(p_sessions bigint[], p_uptos bigint[])",
            ),
            (
                "DROP TYPE click_counting",
                "missing: the type click_counting",
            ),
            (
                "ALTER TYPE click_counting ALTER ATTRIBUTE taken TYPE INTEGER",
                "changed by somebody: the column click_counting.taken",
            ),
            (
                "ALTER FUNCTION click_stamp(BIGINT) SECURITY INVOKER",
                "changed by somebody: the function click_stamp(player bigint)",
            ),
            (
                "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'powerless')
                            THEN CREATE ROLE powerless; END IF; END $$;
                 GRANT CREATE ON SCHEMA public TO powerless;
                 ALTER PROCEDURE click_retire(TEXT) OWNER TO powerless",
                "changed by somebody: the procedure click_retire(",
            ),
            (
                "DROP FUNCTION click_sprint(BIGINT, BIGINT, BIGINT, TEXT)",
                "missing: the function click_sprint(",
            ),
        ],
        Place::MariaDb(..) => &[
            (
                "DROP TABLE click_sprints",
                "missing: the table click_sprints",
            ),
            ("DROP TABLE click_races", "missing: the table click_races"),
            (
                "ALTER TABLE click_meta ENGINE = Aria",
                "changed by somebody: the table click_meta",
            ),
            (
                "ALTER TABLE click_history MODIFY points INT NOT NULL",
                "changed by somebody: the column click_history.points",
            ),
            (
                "ALTER TABLE users MODIFY score DATETIME",
                "changed by somebody: the column users.score",
            ),
            (
                "DROP INDEX click_history_quarter ON click_history",
                "missing: the index click_history.click_history_quarter",
            ),
            (
                "ALTER TABLE click_sprints DROP KEY click_sprints_presses,
                 ADD KEY click_sprints_presses (presses)",
                "changed by somebody: the index click_sprints.click_sprints_presses",
            ),
            (
                "ALTER TABLE users MODIFY id BIGINT NOT NULL, DROP PRIMARY KEY",
                "missing: the key users.id",
            ),
            (
                "DROP TRIGGER click_user_added",
                "missing: the trigger click_user_added",
            ),
            (
                "DROP TRIGGER click_user_removed;
                 CREATE TRIGGER click_user_removed AFTER DELETE ON users FOR EACH ROW SET @a = 1",
                "changed by somebody: the trigger click_user_removed",
            ),
            (
                "DROP PROCEDURE click_count",
                "missing: the procedure click_count",
            ),
            (
                "DROP PROCEDURE click_retire;
                 CREATE PROCEDURE click_retire(IN p_client VARCHAR(36)) SELECT 1",
                "changed by somebody: the procedure click_retire",
            ),
        ],
    };
    for (damage, words) in damages {
        let (home, fresh) = (Home::new(), place.another());
        filled(&home, &fresh);
        fresh.run("DELETE FROM users");
        fresh.run(damage);
        let said = run(&home, &fresh, &["verify"]);
        assert!(
            said.out.contains(words),
            "{damage}: {}{}",
            said.out,
            said.err
        );
        assert_eq!(said.code, 1, "{damage}");
    }
}

fn who_may_only_read_hears_what_was_not_looked_at(place: Place) {
    let home = Home::new();
    filled(&home, &place);
    let [url, player, keeper] = ["watcher", "player", "keeper"].map(|role| place.member(role));
    // Whom the server shows a part without its text sees no change in it.
    for url in [&player, &keeper] {
        let said = home.run(&["-d", url, "verify"]);
        assert_eq!(said.code, 0, "{}{}", said.out, said.err);
        assert!(said.out.contains("is sound: 2 players"), "{}", said.out);
    }
    let said = home.run(&["-d", &url, "verify"]);
    assert_eq!(said.code, 0, "{}{}", said.out, said.err);
    assert!(said.out.contains("is sound: 2 players"), "{}", said.out);
    let unseen: &[&str] = match place {
        Place::MariaDb(..) => &[
            "clients' records",
            "racers' sessions",
            "triggers",
            "procedures",
            "click_sessions",
            "click_keys",
        ],
        _ => &["clients' records", "racers' sessions", "ssh keys"],
    };
    for unseen in unseen {
        let line = said.err.lines().find(|line| line.contains(unseen));
        assert!(line.is_some(), "{unseen}: {}", said.err);
    }
    // And what may be seen is looked at.
    place.run("UPDATE click_history SET points = 3 WHERE user_id = 2");
    let said = home.run(&["-d", &url, "verify"]);
    assert!(said.out.contains("but the history makes 3"), "{}", said.out);
    assert_eq!(said.code, 1);
    // An export by the same user says that the keys are not in it; a keeper has those of ssh.
    place.add_ssh_keys(&[(SSH_KEY, 2, "", 0)]);
    for (url, file, has_ssh) in [(&url, "watchers", false), (&keeper, "keepers", true)] {
        let said = home.run(&["-d", url, "export", file]);
        assert_eq!(said.code, 0, "{}", said.err);
        let hidden = |keys: &str| said.err.contains(&format!("The {keys} are left out"));
        assert!(hidden("keys of `clickoff click`"), "{}", said.err);
        assert_eq!(hidden("ssh keys"), !has_ssh, "{}", said.err);
        let text = std::fs::read_to_string(home.join(file)).expect("a text");
        assert_eq!(text.contains(SSH_KEY), has_ssh, "{text}");
    }
}

/// What differs from the parts that this program expects is found by verify; so those have to be
/// what it makes itself.
fn the_schema_that_is_expected_is_the_one_that_is_made(place: Place) {
    let home = Home::new();
    filled(&home, &place);
    let target = Target::parse(place.url().as_ref()).expect("a database");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let made = runtime.block_on(async {
        let mut archive = Archive::read(&target).await.expect("it opens");
        let schema = archive.schema().await.expect("its schema");
        archive.close().await;
        schema.join("\n") + "\n"
    });
    let name = match place {
        Place::Postgres(..) => "postgres",
        _ => "mariadb",
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let file = root.join(format!("assets/schema/{name}.tsv"));
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        fs::write(&file, &made).expect("written");
    }
    // Beside a table of the tutorial, too.
    let tutorials = place.another();
    tutorials.fill(TUTORIAL, &[]);
    assert_eq!(run(&home, &tutorials, &["players", "list"]).code, 0);
    run(&home, &tutorials, &["verify"]).says("is sound");
    let expected = fs::read_to_string(&file).expect("a description");
    assert_eq!(
        made, expected,
        "after a migration: UPDATE_SCHEMA=1 cargo test --test commands the_schema"
    );
}

mod servers {
    use super::*;
    on!(servers:
        the_schema_that_is_expected_is_the_one_that_is_made,
        who_may_only_read_hears_what_was_not_looked_at,
    );
}

on!(all:
    every_part_that_is_damaged_is_named,
    what_is_wrong_with_whom_is_found,
    a_table_that_nobody_played_on_is_told_from_a_broken_one,
    points_written_over_are_named,
    a_trigger_of_somebody_else_is_named,
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
            "-d scores.db guard",
            "-d scores.db guard remove",
            "-d scores.db guard status",
            "-d scores.db guard",
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
    lost(
        &run(&home, &place, &["verify"]),
        &["up to 2 points of the player 1, \"Ada\"."],
    );
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
    lost(
        &run(&home, &place, &["verify"]),
        &["up to 2 points of the player 1, \"Eve\"."],
    );
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

/// What another program's table may be and the game plays on is no fault of a fresh game.
#[test]
fn a_fresh_game_on_any_table_that_fits_is_sound_on_mariadb() {
    for columns in [
        "`ID` INT AUTO_INCREMENT PRIMARY KEY, `Name` TEXT, `Email` VARCHAR(20), `Score` DOUBLE",
        "id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name ENUM('Ada', 'Bob'), email BLOB,
         score FLOAT NOT NULL DEFAULT 0",
        "id SMALLINT AUTO_INCREMENT UNIQUE NOT NULL, NAME VARBINARY(99), EMAIL CHAR(20),
         SCORE DECIMAL(20, 2)",
    ] {
        let (home, Some(place)) = (Home::new(), Place::mariadb()) else {
            return;
        };
        place.run(&format!("CREATE TABLE users ({columns})"));
        assert_eq!(run(&home, &place, &["players", "add", "Ada"]).code, 0);
        assert_eq!(
            run(&home, &place, &["click", "Ada", "--times", "3"]).code,
            0
        );
        run(&home, &place, &["verify"]).says("is sound: 1 player with 3 points");
        place.run("ALTER TABLE users MODIFY score VARCHAR(20)");
        found(
            &home,
            &place,
            &["changed by somebody: the column users.score"],
        );
    }
}
