//! The statements about the ranking for SQLite, where it is an index of `users`.

use crate::store::listing::{ListingStatements, Search, Survey, SurveySteps, best_entries};

/// The key of the index. Each statement must write it exactly as the index does.
macro_rules! key {
    () => {
        "~CAST(COALESCE(score, 0) AS INTEGER)"
    };
}

/// A player's columns.
macro_rules! player {
    () => {
        "u.id, CAST(u.name AS BLOB) AS name_bytes, CAST(u.email AS BLOB) AS email_bytes,
         CAST(COALESCE(u.score, 0) AS INTEGER) AS score"
    };
}
pub(super) use player;

/// Reads both parts in the order of the index, without sorting.
macro_rules! page {
    ($id:literal, $key:literal, $way:literal) => {
        concat!(
            "SELECT * FROM (SELECT ",
            player!(),
            " FROM users u WHERE ",
            key!(),
            " = ? AND id ",
            $id,
            " ? ORDER BY id",
            $way,
            " LIMIT ?) UNION ALL SELECT * FROM (SELECT ",
            player!(),
            " FROM users u WHERE ",
            key!(),
            $key,
            "? ORDER BY ",
            key!(),
            $way,
            ", id",
            $way,
            " LIMIT ?)"
        )
    };
}

macro_rules! best {
    ($operator:literal) => {
        concat!(
            "SELECT ",
            player!(),
            " FROM (SELECT * FROM users ORDER BY ",
            key!(),
            ", id LIMIT ",
            best_entries!(),
            ") u WHERE name ",
            $operator,
            " OR email ",
            $operator,
            " LIMIT ?"
        )
    };
}

/// Not ordered by the index, or SQLite would scan the index.
macro_rules! search {
    ($operator:literal) => {
        concat!(
            "SELECT ",
            player!(),
            " FROM users u WHERE id > ? AND id <= ? AND (name ",
            $operator,
            " OR email ",
            $operator,
            ") ORDER BY CAST(COALESCE(score, 0) AS INTEGER) DESC, id LIMIT ?"
        )
    };
}

pub const SQL: ListingStatements = ListingStatements {
    from: page!(">=", ">", ""),
    before: page!("<", "<", " DESC"),
    among: concat!("SELECT COUNT(*) FROM users WHERE ", key!(), " = ? AND id >= ? AND id < ?"),
    between: concat!("SELECT COUNT(*) FROM users WHERE ", key!(), " > ? AND ", key!(), " < ?"),
    survey: Survey::Steps(SurveySteps {
        due: "SELECT 1 FROM click_survey, (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now)
              WHERE at > now OR now - at > MAX(20000000, took * 100)",
        ties: concat!(
            "SELECT ", key!(), " AS rank_key, id AS user_id FROM users WHERE ", key!(), " = ? AND id > ?
             ORDER BY id LIMIT 1 OFFSET ?"
        ),
        rest: concat!(
            "SELECT ", key!(), " AS rank_key, id AS user_id FROM users WHERE ", key!(), " > ? ORDER BY ", key!(),
            ", id LIMIT 1 OFFSET ?"
        ),
        keep: "BEGIN IMMEDIATE;
               DELETE FROM click_ladder;
               INSERT INTO click_ladder (rank_key, user_id, place)
               SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1);
               UPDATE click_survey
               SET at = CAST(unixepoch('subsec') * 1000000 AS INTEGER), players = ?2, took = ?3;
               COMMIT",
    }),
    player: concat!("SELECT ", player!(), " FROM users u WHERE id = ?"),
    named: concat!("SELECT ", player!(), " FROM users u WHERE name = ? LIMIT ?"),
    best: Search {
        ascii: best!("LIKE ? ESCAPE '!'"),
        any: best!("GLOB ?"),
    },
    stride: "SELECT id FROM users WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?",
    search: Search {
        ascii: search!("LIKE ? ESCAPE '!'"),
        any: search!("GLOB ?"),
    },
};
