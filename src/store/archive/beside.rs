//! The statements for what hangs on players beside their histories: best sprints and keys. What is
//! of nobody is left out.

use super::statements::KindStatements;

/// What tells the calls with a key from the game's own clients: the version of the client's UUID.
/// Only what was counted matters later, and only for players that are there.
macro_rules! is_key {
    () => {
        "substr(client, 15, 1) = '8' AND last_seq > 0 AND user_id IN (SELECT id FROM users)"
    };
}

/// The sprints where values are given one by one, with the length of a text in bytes.
macro_rules! sprints {
    ($integer:literal, $bytes:literal, $divide:literal) => {
        KindStatements {
            totals: concat!(
                "SELECT COUNT(*), CAST(COALESCE(SUM(presses ",
                $divide,
                " 4294967296), 0) AS ",
                $integer,
                "),
                        CAST(COALESCE(SUM(presses % 4294967296), 0) AS ",
                $integer,
                "),
                        CAST(COALESCE(SUM(at % 4294967296 + ",
                $bytes,
                "), 0) AS ",
                $integer,
                ")
                 FROM click_sprints WHERE user_id IN (SELECT id FROM users)"
            ),
            page: "SELECT user_id, seconds, presses, at, CAST(trace AS BINARY) FROM click_sprints
                   WHERE user_id >= ? AND (user_id > ? OR seconds >= ?)
                     AND user_id IN (SELECT id FROM users)
                   ORDER BY user_id, seconds LIMIT ?",
            edge: "SELECT MAX(user_id)
                   FROM (SELECT user_id FROM click_sprints ORDER BY user_id LIMIT ?) first",
            clear: "DELETE FROM click_sprints WHERE user_id <= ?",
            forget: "DELETE FROM click_sprints WHERE user_id BETWEEN ? AND ?",
        }
    };
}

/// The keys, where values are given one by one.
macro_rules! keys {
    ($integer:literal, $divide:literal) => {
        KindStatements {
            totals: concat!(
                "SELECT COUNT(*), CAST(COALESCE(SUM(last_seq ",
                $divide,
                " 4294967296), 0) AS ",
                $integer,
                "),
                        CAST(COALESCE(SUM(last_seq % 4294967296), 0) AS ",
                $integer,
                "),
                        CAST(COALESCE(SUM(length(client)), 0) AS ",
                $integer,
                ")
                 FROM click_sessions WHERE ",
                is_key!()
            ),
            page: concat!(
                "SELECT user_id, client, last_seq FROM click_sessions
                 WHERE client >= ? AND (client > ? OR user_id > ?) AND ",
                is_key!(),
                "
                 ORDER BY client, user_id LIMIT ?"
            ),
            edge: concat!(
                "SELECT MAX(user_id) FROM (SELECT user_id FROM click_sessions
                 WHERE ",
                is_key!(),
                " ORDER BY user_id LIMIT ?) first"
            ),
            clear: concat!(
                "DELETE FROM click_sessions WHERE user_id <= ? AND ",
                is_key!()
            ),
            forget: concat!(
                "DELETE FROM click_sessions WHERE user_id BETWEEN ? AND ? AND ",
                is_key!()
            ),
        }
    };
}

/// SQLite's sprints and keys.
pub const SQLITE: [KindStatements; 2] = [
    KindStatements {
        page: "SELECT user_id, seconds, presses, at, CAST(trace AS BLOB) FROM click_sprints
               WHERE user_id >= ? AND (user_id > ? OR seconds >= ?)
                 AND user_id IN (SELECT id FROM users)
               ORDER BY user_id, seconds LIMIT ?",
        ..sprints!("INTEGER", "length(CAST(trace AS BLOB))", "/")
    },
    keys!("INTEGER", "/"),
];

/// MariaDB's and MySQL's.
pub const MYSQL: [KindStatements; 2] = [
    sprints!("SIGNED", "length(trace)", "DIV"),
    keys!("SIGNED", "DIV"),
];

/// PostgreSQL's.
pub const POSTGRES: [KindStatements; 2] = [
    KindStatements {
        totals: "SELECT count(*), COALESCE(sum(presses / 4294967296), 0)::bigint,
                        COALESCE(sum(presses % 4294967296), 0)::bigint,
                        COALESCE(sum(at % 4294967296
                                   + octet_length(convert_to(trace, 'UTF8'))), 0)::bigint
                 FROM click_sprints WHERE user_id IN (SELECT id FROM users)",
        page: "SELECT user_id, seconds, presses, at, convert_to(trace, 'UTF8') FROM click_sprints
               WHERE user_id >= $1 AND (user_id > $2 OR seconds >= $3)
                 AND user_id IN (SELECT id FROM users)
               ORDER BY user_id, seconds LIMIT $4",
        edge: "SELECT MAX(user_id)
               FROM (SELECT user_id FROM click_sprints ORDER BY user_id LIMIT $1) first",
        clear: "DELETE FROM click_sprints WHERE user_id <= $1",
        forget: "DELETE FROM click_sprints WHERE user_id BETWEEN $1 AND $2",
    },
    KindStatements {
        totals: concat!(
            "SELECT count(*), COALESCE(sum(last_seq / 4294967296), 0)::bigint,
                    COALESCE(sum(last_seq % 4294967296), 0)::bigint,
                    COALESCE(sum(length(client)), 0)::bigint
             FROM click_sessions WHERE ",
            is_key!()
        ),
        page: concat!(
            "SELECT user_id, client, last_seq FROM click_sessions
             WHERE client >= $1 AND (client > $2 OR user_id > $3) AND ",
            is_key!(),
            " ORDER BY client, user_id LIMIT $4"
        ),
        edge: concat!(
            "SELECT MAX(user_id) FROM (SELECT user_id FROM click_sessions WHERE ",
            is_key!(),
            " ORDER BY user_id LIMIT $1) first"
        ),
        clear: concat!(
            "DELETE FROM click_sessions WHERE user_id <= $1 AND ",
            is_key!()
        ),
        forget: concat!(
            "DELETE FROM click_sessions WHERE user_id BETWEEN $1 AND $2 AND ",
            is_key!()
        ),
    },
];
