//! The statements about the ranking for PostgreSQL.

use crate::store::listing::{ListingStatements, Search, Survey, best_entries};

/// A player's columns.
macro_rules! player {
    () => {
        "u.id::bigint AS id, convert_to(u.name, 'UTF8') AS name_bytes,
         convert_to(u.email, 'UTF8') AS email_bytes, click_whole(u.score) AS score"
    };
}
pub(super) use player;

/// Each player is in one of two partial indexes with the same key. PostgreSQL uses one if the query
/// has its condition.
macro_rules! settled {
    () => {
        "c.rank_key IS NOT NULL AND NOT c.recent"
    };
}
macro_rules! recent {
    () => {
        "c.rank_key IS NOT NULL AND c.recent"
    };
}

macro_rules! page {
    ([$($p:literal),*], $id:literal, $key:literal, $way:literal) => {
        concat!(
            page!(@ $($p)* $id $key $way settled), " UNION ALL ",
            page!(@ $($p)* $id $key $way recent)
        )
    };
    (@ $p1:literal $p2:literal $p3:literal $p4:literal $p5:literal $id:literal $key:literal $way:literal $which:ident) => {
        concat!(
            "(SELECT ", player!(), " FROM click_changes c JOIN users u ON u.id = c.user_id WHERE ",
            $which!(), " AND c.rank_key = ", $p1, " AND c.user_id ", $id, $p2,
            " ORDER BY c.user_id", $way, " LIMIT ", $p3, ") UNION ALL (SELECT ", player!(),
            " FROM click_changes c JOIN users u ON u.id = c.user_id WHERE ",
            $which!(), " AND c.rank_key ", $key, $p4,
            " ORDER BY c.rank_key", $way, ", c.user_id", $way, " LIMIT ", $p5, ")"
        )
    };
}

macro_rules! best {
    ($fits:literal) => {
        concat!(
            "SELECT u.id, u.name_bytes, u.email_bytes, u.score FROM (SELECT ",
            player!(),
            ", u.name, u.email, c.rank_key FROM (",
            "(SELECT c.rank_key, c.user_id FROM click_changes c WHERE ",
            settled!(),
            " ORDER BY c.rank_key, c.user_id LIMIT ",
            best_entries!(),
            ") UNION ALL ",
            "(SELECT c.rank_key, c.user_id FROM click_changes c WHERE ",
            recent!(),
            " ORDER BY c.rank_key, c.user_id LIMIT ",
            best_entries!(),
            ") ORDER BY rank_key, user_id LIMIT ",
            best_entries!(),
            ") c JOIN users u ON u.id = c.user_id) u WHERE ",
            $fits,
            " ORDER BY u.rank_key, u.id LIMIT $3"
        )
    };
}

macro_rules! count {
    ($among:literal) => {
        concat!(
            "SELECT (SELECT COUNT(*) FROM click_changes c WHERE ",
            settled!(),
            $among,
            ") + (SELECT COUNT(*) FROM click_changes c WHERE ",
            recent!(),
            $among,
            ")"
        )
    };
}

macro_rules! search {
    ($fits:literal) => {
        concat!(
            "SELECT ",
            player!(),
            " FROM users u WHERE u.id > $1 AND u.id <= $2 AND (",
            $fits,
            ") ORDER BY click_whole(u.score) DESC, u.id LIMIT $5"
        )
    };
}

pub const SQL: ListingStatements = ListingStatements {
    from: page!(["$1", "$2", "$3", "$4", "$5"], ">= ", "> ", ""),
    before: page!(["$1", "$2", "$3", "$4", "$5"], "< ", "< ", " DESC"),
    among: count!(" AND c.rank_key = $1 AND c.user_id >= $2 AND c.user_id < $3"),
    between: count!(" AND c.rank_key > $1 AND c.rank_key < $2"),
    survey: Survey::Own {
        begin: Some("BEGIN; SET LOCAL statement_timeout = '25s'"),
        take: "SELECT click_take_survey()",
    },
    player: concat!("SELECT ", player!(), " FROM users u WHERE u.id = $1"),
    named: concat!(
        "SELECT ",
        player!(),
        " FROM users u WHERE left(u.name, 64) = left($1, 64) AND u.name = $1 LIMIT $2"
    ),
    best: Search {
        ascii: best!("u.name ILIKE $1 ESCAPE '!' OR u.email ILIKE $2 ESCAPE '!'"),
        any: best!("u.name ~ $1 OR u.email ~ $2"),
    },
    stride: "SELECT id::bigint FROM users WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2",
    search: Search {
        ascii: search!("u.name ILIKE $3 ESCAPE '!' OR u.email ILIKE $4 ESCAPE '!'"),
        any: search!("u.name ~ $3 OR u.email ~ $4"),
    },
};
