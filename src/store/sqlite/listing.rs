//! How SQLite reads the ranking, which is an index of `users`.

use crate::store::listing::{RankingSql, Survey, SurveySteps, like, sets};

/// The key of the index. Each statement must write it exactly as the index does.
macro_rules! key {
    () => {
        "~CAST(COALESCE(u.score, 0) AS INTEGER)"
    };
}

pub const SQL: RankingSql = RankingSql {
    entries: "users u",
    players: "users u",
    key: key!(),
    id: "u.id",
    parts: &["1 = 1"],
    pattern: |wanted| match wanted.is_ascii() {
        true => like(wanted),
        false => format!("*{}*", sets(wanted, "")),
    },
    fits: [
        "u.name LIKE ? ESCAPE '!' OR u.email LIKE ? ESCAPE '!'",
        "u.name GLOB ? OR u.email GLOB ?",
    ],
    named: "u.name = ?",
    survey: Survey::Steps(SurveySteps {
        due: "SELECT 1 FROM click_survey, (SELECT CAST(unixepoch('subsec') * 1000000 AS INTEGER) AS now)
              WHERE at > now OR now - at > MAX(20000000, took * 100)",
        ties: concat!(
            "SELECT ", key!(), " AS rank_key, u.id AS user_id FROM users u
             WHERE ", key!(), " = ? AND u.id > ? ORDER BY u.id LIMIT 1 OFFSET ?"
        ),
        rest: concat!(
            "SELECT ", key!(), " AS rank_key, u.id AS user_id FROM users u
             WHERE ", key!(), " > ? ORDER BY ", key!(), ", u.id LIMIT 1 OFFSET ?"
        ),
        keep: "BEGIN IMMEDIATE;
               DELETE FROM click_ladder;
               INSERT INTO click_ladder (rank_key, user_id, place)
               SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?1);
               UPDATE click_survey
               SET at = CAST(unixepoch('subsec') * 1000000 AS INTEGER), players = ?2, took = ?3;
               COMMIT",
    }),
};
