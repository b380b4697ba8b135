//! `clickoff copy` between all pairs of databases: everything arrives unchanged.

use crate::home::Home;
use crate::place::{Place, Row, TABLE, crowd, row};

/// Players whose names break columns, terminals and SQL, with numbers from everywhere.
fn hostile() -> Vec<Row> {
    let names = [
        "Ada",
        "王小明和他的朋友们",
        "👩‍👩‍👧‍👦 family 👍🏽",
        "نرگس محمدی",
        "e\u{301}\u{301}tienne",
        "\x1b[31mred\x07\x1b]0;title\x07",
        "a\u{202e}gpj.exe",
        "'; DROP TABLE users; -- \"`\\",
        "tab\there\nline\r",
        " spaces ",
        "=1+1",
        "",
    ];
    let mut rows: Vec<Row> = names
        .iter()
        .zip(1..)
        .map(|(name, n)| row(n * n, name, n))
        .collect();
    rows.extend([
        row(-7, &"王".repeat(100), i64::MAX),
        row(0, &"👍".repeat(100), i64::MAX - 1),
        row(1_000, "below", i64::MIN),
        row(1_001, "below", -5),
        (5_000_000_000, None, None, None),
        (5_000_000_001, None, Some("'@\"".to_owned()), Some(0)),
    ]);
    rows
}

fn whatever_the_names_and_numbers(from: Place, to: Place) {
    let (home, rows) = (Home::new(), hostile());
    from.fill(TABLE, &rows);
    let run = home.copy(&from.url(), &to.url(), &[]);
    run.says(&format!("Copied {} players with ", rows.len()));
    to.holds(&rows);
    from.holds(&rows);
    home.copy(&from.url(), &to.url(), &[])
        .says("already; nothing was copied.");

    // Back over the first, which has become another one.
    from.run("UPDATE users SET score = 0 WHERE id = 4; DELETE FROM users WHERE id = 9");
    let refused = home.copy(&to.url(), &from.url(), &[]);
    refused.fails(
        5,
        &[
            "Add --overwrite",
            &format!("has {} players", rows.len() - 1),
        ],
    );
    let epochs = (from.epoch(), to.epoch());
    let run = home.copy(&to.url(), &from.url(), &["--overwrite"]);
    run.says(", in the place of ");
    from.holds(&rows);
    assert_ne!(from.name(), to.name(), "each keeps its own name");
    assert_ne!(from.epoch(), epochs.0, "its players are others now");
    assert_eq!(to.epoch(), epochs.1, "it was only read");
}

fn thousands_or_nobody(from: Place, to: Place) {
    let home = Home::new();
    from.fill(TABLE, &[]);
    home.copy(&from.url(), &to.url(), &[])
        .says("has the 0 players with 0 points of");
    to.holds(&[]);
    let mut rows = crowd(5_000);
    rows.retain(|row| row.0 % 7 != 0);
    rows.push(row(70_000, "the last", 1));
    from.insert(&rows);
    home.copy(&from.url(), &to.url(), &[])
        .says("Copied 4,287 players");
    to.holds(&rows);
    // Whoever comes next gets a key that nobody has had.
    to.run("INSERT INTO users (name, score) VALUES ('next', 0)");
    let next = to.texts("SELECT CAST(MAX(id) AS CHAR(9)) FROM users");
    assert!(next[0].trim() > "70000", "{next:?}");
    // And with nobody at the source all go.
    from.run("DELETE FROM users");
    home.copy(&from.url(), &to.url(), &[])
        .fails(5, &["has 4,288 players"]);
    let run = home.copy(&from.url(), &to.url(), &["--overwrite"]);
    assert_eq!(run.code, 0, "{}", run.err);
    to.holds(&[]);
}

fn histories_part_by_part(from: Place, to: Place) {
    let (home, nobody) = (Home::new(), Place::sqlite().expect("a file"));
    nobody.fill(TABLE, &[]);
    for place in [&from, &to] {
        home.copy(&nobody.url(), &place.url(), &[]).says("already");
    }
    from.insert(&crowd(1_200));
    from.run(
        "INSERT INTO click_history (user_id, quarter, points, overwritten)
         SELECT user_id, 1900000, 5, 2 FROM click_history;
         INSERT INTO click_history (user_id, quarter, points, overwritten)
         SELECT user_id, 1900001, -5, 0 FROM click_history WHERE quarter > 0",
    );
    to.insert(&[row(1, "Old", 7)]);
    let run = home.copy(&from.url(), &to.url(), &["--overwrite"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(from.history(), to.history());
    assert_eq!(to.history().len(), 3 * 1_188);
    home.copy(&from.url(), &to.url(), &[]).says("already");
    // One who has scored the same at another time is not the same.
    from.run("UPDATE click_history SET quarter = 3 WHERE user_id = 7 AND quarter = 0");
    home.copy(&from.url(), &to.url(), &[])
        .fails(5, &["Add --overwrite"]);
}

fn races_that_are_closed_and_no_others(from: Place, to: Place) {
    let home = Home::new();
    for place in [&from, &to] {
        place.fill(TABLE, &[row(3, "Ada", 7)]);
        assert_eq!(home.run(&["-d", &place.url(), "players"]).code, 0);
    }
    let start = 1_790_000_000_000_000;
    from.add_races(&[
        (
            4,
            5,
            start,
            Some(start + 9),
            &[(3, Some("王\x1b"), 7, 1), (77, None, 0, 2)],
        ),
        (
            6,
            60,
            start + 1,
            Some(start + 2),
            &[(3, Some(""), i64::MAX, 2)],
        ),
        (9, 10, start + 2, None, &[(3, Some("open"), 7, 0)]),
    ]);
    to.add_races(&[
        (5, 5, start, Some(start + 8), &[(3, Some("Old"), 9, 1)]),
        (8, 5, start, None, &[(3, Some("open there"), 9, 0)]),
    ]);
    home.copy(&from.url(), &to.url(), &[])
        .fails(5, &["Add --overwrite"]);
    let run = home.copy(&from.url(), &to.url(), &["--overwrite"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert_eq!(to.races(), from.races());
    assert_eq!(to.races().len(), 5);
    let all = to.texts("SELECT CAST(COUNT(*) AS CHAR(9)) FROM click_races");
    assert_eq!(
        all[0].trim(),
        "2",
        "what was open there is gone with its players"
    );
    home.copy(&from.url(), &to.url(), &[]).says("already");
    home.run(&["-d", &to.url(), "verify"]).says("is sound");
    // One that differs in a name alone is not the same.
    from.run("UPDATE click_racers SET name = 'Eve' WHERE race = 6");
    home.copy(&from.url(), &to.url(), &[])
        .fails(5, &["Add --overwrite"]);
}

macro_rules! pairs {
    ($($name:ident: $from:ident $to:ident),* $(,)?) => {
        $(mod $name {
            use crate::place::Place;

            #[test]
            fn whatever_the_names_and_numbers() {
                if let (Some(from), Some(to)) = (Place::$from(), Place::$to()) {
                    super::whatever_the_names_and_numbers(from, to);
                }
            }

            #[test]
            fn histories_part_by_part() {
                if let (Some(from), Some(to)) = (Place::$from(), Place::$to()) {
                    super::histories_part_by_part(from, to);
                }
            }

            #[test]
            fn races_that_are_closed_and_no_others() {
                if let (Some(from), Some(to)) = (Place::$from(), Place::$to()) {
                    super::races_that_are_closed_and_no_others(from, to);
                }
            }

            #[test]
            fn thousands_or_nobody() {
                if let (Some(from), Some(to)) = (Place::$from(), Place::$to()) {
                    super::thousands_or_nobody(from, to);
                }
            }
        })*
    };
}

pairs! {
    sqlite_to_sqlite: sqlite sqlite,
    sqlite_to_postgres: sqlite postgres,
    sqlite_to_mariadb: sqlite mariadb,
    postgres_to_sqlite: postgres sqlite,
    postgres_to_postgres: postgres postgres,
    postgres_to_mariadb: postgres mariadb,
    mariadb_to_sqlite: mariadb sqlite,
    mariadb_to_postgres: mariadb postgres,
    mariadb_to_mariadb: mariadb mariadb,
}

#[test]
fn keys_at_the_ends_of_their_range_arrive() {
    let ends = [row(i64::MIN, "first", 1), row(i64::MAX, "last", 2)];
    for to in [Place::sqlite(), Place::postgres(), Place::mariadb()] {
        let (Some(from), Some(to)) = (Place::sqlite(), to) else {
            continue;
        };
        from.fill(TABLE, &ends);
        Home::new()
            .copy(&from.url(), &to.url(), &[])
            .says("Copied 2 players with 3 points");
        to.holds(&ends);
    }
}

#[test]
fn a_nul_in_a_name_arrives_where_it_can_be_written() {
    let (Some(file), Some(mariadb), Some(postgres)) =
        (Place::sqlite(), Place::mariadb(), Place::postgres())
    else {
        return;
    };
    let (home, rows) = (Home::new(), [row(1, "a\0b", 1), row(2, "\0", 2)]);
    file.fill(TABLE, &rows);
    home.copy(&file.url(), &mariadb.url(), &[])
        .says("Copied 2 players");
    mariadb.holds(&rows);
    let back = Place::sqlite().expect("a file");
    home.copy(&mariadb.url(), &back.url(), &[])
        .says("Copied 2 players");
    back.holds(&rows);
    let run = home.copy(&back.url(), &postgres.url(), &[]);
    run.fails(
        5,
        &[
            "can't hold the player 1, \"a␀b\", with 1 point",
            "Nothing was copied.",
        ],
    );
    postgres.holds(&[]);
}
