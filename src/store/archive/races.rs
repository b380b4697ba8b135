//! The statements for races that are closed, and for who raced in them: one shape on every database.
//! Open ones belong to the moment and are left out, as is what no race can be.

use super::statements::KindStatements;

/// The key that a racer's player has who is nobody of the database; no player has it.
pub const NOBODY: i64 = i64::MIN;

/// The last microsecond of a start that can be shown.
pub const LAST_START: i64 = 253_402_207_199_999_999;

/// The lengths and times that a race can have.
macro_rules! is_possible {
    () => {
        "seconds IN (5, 10, 30, 60) AND starts_at BETWEEN 0 AND 253402207199999999"
    };
}

/// What tells a race that goes along.
macro_rules! is_past {
    () => {
        concat!("closed_at IS NOT NULL AND ", is_possible!())
    };
}

/// Races and racers by the words for a number and for a division, a name as bytes, and the
/// placeholders.
macro_rules! races {
    ($integer:literal, $divide:literal, $name:literal,
     $first:literal $second:literal $third:literal $fourth:literal) => {
        [
            KindStatements {
                totals: concat!(
                    "SELECT COUNT(*), CAST(0 AS ",
                    $integer,
                    "), CAST(COALESCE(SUM(seconds), 0) AS ",
                    $integer,
                    "), CAST(COALESCE(SUM(starts_at % 4294967296), 0) AS ",
                    $integer,
                    ") FROM click_races WHERE ",
                    is_past!()
                ),
                page: concat!(
                    "SELECT id, seconds, starts_at, closed_at FROM click_races WHERE id >= ",
                    $first,
                    " AND ",
                    is_past!(),
                    " ORDER BY id LIMIT ",
                    $second
                ),
                edge: concat!(
                    "SELECT MAX(id) FROM (SELECT id FROM click_races ORDER BY id LIMIT ",
                    $first,
                    ") first"
                ),
                clear: concat!("DELETE FROM click_races WHERE id <= ", $first),
                forget: concat!(
                    "DELETE FROM click_races WHERE id BETWEEN ",
                    $first,
                    " AND ",
                    $second,
                    " AND closed_at IS NOT NULL"
                ),
            },
            KindStatements {
                totals: concat!(
                    "SELECT COUNT(*), CAST(COALESCE(SUM(presses ",
                    $divide,
                    " 4294967296), 0) AS ",
                    $integer,
                    "), CAST(COALESCE(SUM(presses % 4294967296), 0) AS ",
                    $integer,
                    "), CAST(COALESCE(SUM(racer % 4294967296
                                        + CASE standing WHEN 1 THEN 0 ELSE 1 END), 0) AS ",
                    $integer,
                    ") FROM click_racers WHERE race IN (SELECT id FROM click_races WHERE ",
                    is_past!(),
                    ")"
                ),
                page: concat!(
                    "SELECT race, racer,
                            CASE WHEN user_id IN (SELECT id FROM users) THEN user_id END, ",
                    $name,
                    ", presses, standing FROM click_racers WHERE race >= ",
                    $first,
                    " AND (race > ",
                    $second,
                    " OR racer >= ",
                    $third,
                    ") AND race IN (SELECT id FROM click_races WHERE ",
                    is_past!(),
                    ") ORDER BY race, racer LIMIT ",
                    $fourth
                ),
                edge: concat!(
                    "SELECT MAX(race) FROM (SELECT race FROM click_racers ORDER BY race LIMIT ",
                    $first,
                    ") first"
                ),
                clear: concat!("DELETE FROM click_racers WHERE race <= ", $first),
                forget: concat!(
                    "DELETE FROM click_racers WHERE race BETWEEN ",
                    $first,
                    " AND ",
                    $second,
                    " AND race IN (SELECT id FROM click_races WHERE closed_at IS NOT NULL)"
                ),
            },
        ]
    };
}

/// SQLite's.
pub const SQLITE: [KindStatements; 2] =
    races!("INTEGER", "/", "CAST(name AS BLOB)", "?" "?" "?" "?");

/// MariaDB's and MySQL's.
pub const MYSQL: [KindStatements; 2] =
    races!("SIGNED", "DIV", "CAST(name AS BINARY)", "?" "?" "?" "?");

/// PostgreSQL's.
pub const POSTGRES: [KindStatements; 2] =
    races!("BIGINT", "/", "convert_to(name, 'UTF8')", "$1" "$2" "$3" "$4");

/// -> the first key of a race that is open, and the last of all.
pub const KEYS: &str =
    "SELECT MIN(CASE WHEN closed_at IS NULL THEN id END), MAX(id) FROM click_races";

/// What can be wrong with a race, what has to be read to see it, and -> the race of which it is so.
pub const CHECKS: [(&str, &str, &str); 5] = [
    (
        "has racers, but is not there",
        "races",
        "SELECT DISTINCT race FROM click_racers
         WHERE race NOT IN (SELECT id FROM click_races) ORDER BY race",
    ),
    (
        "has a length or a time that no race has",
        "races",
        concat!(
            "SELECT id FROM click_races WHERE NOT (",
            is_possible!(),
            ") ORDER BY id"
        ),
    ),
    (
        "is closed, but some still race in it",
        "races",
        "SELECT DISTINCT c.race FROM click_racers c JOIN click_races r ON r.id = c.race
         WHERE r.closed_at IS NOT NULL AND c.standing = 0 ORDER BY c.race",
    ),
    (
        "is closed, but keeps sessions of its racers",
        "racers' sessions",
        "SELECT DISTINCT c.race FROM click_racers c JOIN click_races r ON r.id = c.race
         WHERE r.closed_at IS NOT NULL AND c.session IS NOT NULL ORDER BY c.race",
    ),
    (
        "is closed, but so are 20 later ones, which are all that is kept",
        "races",
        "SELECT r.id FROM click_races r
         WHERE r.closed_at IS NOT NULL
           AND (SELECT COUNT(*) FROM click_races n
                WHERE n.closed_at IS NOT NULL AND n.id > r.id) >= 20
         ORDER BY r.id",
    ),
];
