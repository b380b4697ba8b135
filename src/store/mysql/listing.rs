//! The statements about the ranking for MariaDB and MySQL.

use crate::store::listing::{ListingStatements, Search, Survey, best_entries};

/// A player's columns.
macro_rules! player {
    () => {
        "CAST(u.id AS SIGNED) AS id, CAST(CONVERT(u.name USING utf8mb4) AS BINARY) AS name_bytes,
         CAST(CONVERT(u.email USING utf8mb4) AS BINARY) AS email_bytes,
         CAST(COALESCE(u.score, 0) AS SIGNED) AS score"
    };
}
pub(super) use player;

/// The same columns, all NULL.
macro_rules! nobody {
    () => {
        "CAST(NULL AS SIGNED) AS id, CAST(NULL AS BINARY) AS name_bytes,
         CAST(NULL AS BINARY) AS email_bytes, CAST(NULL AS SIGNED) AS score"
    };
}
pub(super) use nobody;

macro_rules! page {
    ([$($p:literal),*], $id:literal, $key:literal, $way:literal) => {
        page!(@ $($p)* $id $key $way)
    };
    (@ $p1:literal $p2:literal $p3:literal $p4:literal $p5:literal $id:literal $key:literal $way:literal) => {
        concat!(
            "(SELECT ", player!(), " FROM click_changes c FORCE INDEX (click_changes_ranking)
             STRAIGHT_JOIN users u ON u.id = c.user_id WHERE c.rank_key = ", $p1, " AND c.user_id ", $id, $p2,
            " ORDER BY c.user_id", $way, " LIMIT ", $p3, ") UNION ALL (SELECT ", player!(),
            " FROM click_changes c FORCE INDEX (click_changes_ranking)
             STRAIGHT_JOIN users u ON u.id = c.user_id WHERE c.rank_key ", $key, $p4,
            " ORDER BY c.rank_key", $way, ", c.user_id", $way, " LIMIT ", $p5, ")"
        )
    };
}

/// The condition of a search: compares in lower case and binary, whatever the column's collation.
macro_rules! fits {
    () => {
        "LOWER(CONVERT(u.name USING utf8mb4)) COLLATE utf8mb4_bin LIKE ? ESCAPE '!'
         OR LOWER(CONVERT(u.email USING utf8mb4)) COLLATE utf8mb4_bin LIKE ? ESCAPE '!'"
    };
}

macro_rules! best {
    ($fits:expr) => {
        concat!(
            "SELECT u.id, u.name_bytes, u.email_bytes, u.score FROM (SELECT ",
            player!(),
            ", u.name, u.email, c.rank_key FROM (SELECT rank_key, user_id FROM click_changes FORCE INDEX (click_changes_ranking)
             WHERE rank_key IS NOT NULL ORDER BY rank_key, user_id LIMIT ", best_entries!(), ") c
             STRAIGHT_JOIN users u ON u.id = c.user_id) u WHERE ",
            $fits,
            " ORDER BY u.rank_key, u.id LIMIT ?"
        )
    };
}

macro_rules! search {
    ($fits:expr) => {
        concat!(
            "SELECT ",
            player!(),
            " FROM users u WHERE u.id > ? AND u.id <= ? AND (",
            $fits,
            ") ORDER BY COALESCE(u.score, 0) DESC, u.id LIMIT ?"
        )
    };
}

pub const SQL: ListingStatements = ListingStatements {
    from: page!(["?", "?", "?", "?", "?"], ">= ", "> ", ""),
    before: page!(["?", "?", "?", "?", "?"], "< ", "< ", " DESC"),
    among: "SELECT COUNT(*) FROM click_changes FORCE INDEX (click_changes_ranking)
            WHERE rank_key = ? AND user_id >= ? AND user_id < ?",
    between: "SELECT COUNT(*) FROM click_changes FORCE INDEX (click_changes_ranking)
              WHERE rank_key > ? AND rank_key < ?",
    survey: Survey::Own {
        begin: None,
        take: "CALL click_take_survey()",
    },
    player: concat!("SELECT ", player!(), " FROM users u WHERE u.id = ?"),
    named: concat!(
        "SELECT ",
        player!(),
        " FROM users u WHERE u.name = ? LIMIT ?"
    ),
    best: Search {
        ascii: best!(fits!()),
        any: best!(fits!()),
    },
    stride: "SELECT CAST(id AS SIGNED) FROM users WHERE id > ? ORDER BY id LIMIT 1 OFFSET ?",
    search: Search {
        ascii: search!(fits!()),
        any: search!(fits!()),
    },
};
