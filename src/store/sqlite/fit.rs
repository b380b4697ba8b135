//! What a SQLite file is asked before clickoff's tables are added beside another program's table of
//! players.

use super::super::fit::{FitStatements, our_tables, player_columns};

/// An expression: whether `users.id` is unique.
macro_rules! is_key {
    () => {
        "((SELECT group_concat(lower(name)) FROM pragma_table_info('users') WHERE pk > 0) = 'id'
          OR EXISTS (SELECT 1 FROM pragma_index_list('users') i
                     WHERE i.\"unique\" = 1 AND i.partial = 0
                       AND (SELECT group_concat(lower(name)) FROM pragma_index_info(i.name)) = 'id'))"
    };
}
pub(super) use is_key;

pub const SQL: FitStatements = FitStatements {
    tables: r"
        WITH tables AS (
            SELECT lower(name) AS name, type = 'view' OR sql LIKE 'CREATE VIRTUAL%' AS is_odd
            FROM sqlite_master
            WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\_%' ESCAPE '\')
        SELECT 'its texts are in ' || encoding || ', and clickoff reads UTF-8; '
               || '`sqlite3 OLD .dump | sqlite3 NEW` makes one of it'
        FROM pragma_encoding WHERE encoding <> 'UTF-8'
        UNION ALL
        SELECT 'it has tables, but no table users'
        WHERE EXISTS (SELECT 1 FROM tables) AND 'users' NOT IN (SELECT name FROM tables)
        UNION ALL
        SELECT 'its ' || name || ' is no plain table' FROM tables
        WHERE is_odd AND (name = 'users' OR name LIKE 'click\_%' ESCAPE '\')",
    // Another process may be creating all of them just now.
    taken: concat!(
        "SELECT name FROM sqlite_master WHERE lower(name) IN ",
        our_tables!(),
        " AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'click_migrations') LIMIT 1"
    ),
    // https://www.sqlite.org/datatype3.html#determination_of_column_affinity
    // An INTEGER PRIMARY KEY has no index of its own, and is never NULL.
    columns: concat!(
        "SELECT lower(name) AS name, type AS declared,
                CASE lower(name)
                    WHEN 'id' THEN type LIKE '%INT%'
                    WHEN 'score' THEN type LIKE '%INT%' OR NOT (
                        type LIKE '%CHAR%' OR type LIKE '%CLOB%' OR type LIKE '%TEXT%')
                    ELSE 1 END AS fits,
                hidden > 0 AS is_generated,
                \"notnull\" = 0
                AND (pk = 0 OR EXISTS (SELECT 1 FROM pragma_index_list('users') WHERE origin = 'pk'))
                AS is_nullable, ",
        is_key!(),
        " AS is_key, 1 AS is_loose
         FROM pragma_table_xinfo('users')
         WHERE lower(name) IN ",
        player_columns!()
    ),
    rows: "SELECT 'an id of its table users is ' || quote(id) || ', which is no whole number'
           FROM users WHERE typeof(id) <> 'integer'
           UNION ALL
           SELECT 'the player ' || id || ' of its table users has the score ' || quote(score)
                  || ', which is no whole number'
           FROM users
           WHERE typeof(score) NOT IN ('null', 'integer')
             AND NOT (typeof(score) = 'real' AND score = CAST(score AS INTEGER))
           LIMIT 1",
    play: None,
    number: "INTEGER",
};
