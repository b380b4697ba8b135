//! What a PostgreSQL server is asked before clickoff's tables are added beside another program's
//! table of players.

use super::super::fit::{FitStatements, our_tables, player_columns};

/// An expression: whether `users.id` is unique. In a partitioned table a key must also contain the
/// partition columns.
macro_rules! is_key {
    () => {
        "EXISTS (
            SELECT FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'id'
            LEFT JOIN pg_partitioned_table p ON p.partrelid = i.indrelid
            WHERE i.indrelid = to_regclass('users') AND i.indisunique AND i.indisvalid
              AND i.indpred IS NULL
              AND (SELECT bool_or(k.n = a.attnum)
                          AND bool_and(k.n = a.attnum
                                       OR COALESCE(k.n = ANY (p.partattrs::int2[]), false))
                   FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (n, at)
                   WHERE k.at <= i.indnkeyatts))"
    };
}
pub(super) use is_key;

pub const SQL: FitStatements = FitStatements {
    tables: "SELECT 'its users is no table' FROM pg_class
             WHERE oid = to_regclass('users') AND relkind NOT IN ('r', 'p')",
    // In the schema for clickoff's tables, or earlier in the search path.
    taken: concat!(
        "SELECT c.relname::text FROM pg_class c
         WHERE c.relname IN ",
        our_tables!(),
        " AND (pg_table_is_visible(c.oid)
               OR c.relnamespace = (SELECT relnamespace FROM pg_class
                                    WHERE oid = to_regclass('users')))
          AND NOT EXISTS (SELECT FROM pg_class m
                          WHERE m.relname = 'click_migrations' AND m.relnamespace = c.relnamespace)
         LIMIT 1"
    ),
    // Resolves domains to their base types.
    columns: concat!(
        "WITH RECURSIVE column_type (name, declared, type, generated, nullable) AS (
             SELECT attname::text, format_type(atttypid, atttypmod), atttypid, attgenerated <> '',
                    NOT attnotnull
             FROM pg_attribute
             WHERE attrelid = to_regclass('users') AND attnum > 0 AND NOT attisdropped
               AND attname IN ",
        player_columns!(),
        "
             UNION ALL
             SELECT c.name, c.declared, t.typbasetype, c.generated, c.nullable AND NOT t.typnotnull
             FROM column_type c JOIN pg_type t ON t.oid = c.type WHERE t.typtype = 'd'
         ), column_kind AS (
             SELECT c.*, t.typcategory = 'S' AS is_text,
                    format_type(c.type, NULL) IN ('smallint', 'integer', 'bigint') AS is_whole,
                    format_type(c.type, NULL) IN ('numeric', 'real', 'double precision') AS is_loose
             FROM column_type c JOIN pg_type t ON t.oid = c.type WHERE t.typtype <> 'd'
         )
         SELECT name, declared, generated AS is_generated, nullable AS is_nullable,
                CASE name WHEN 'id' THEN is_whole WHEN 'score' THEN is_whole OR is_loose
                          ELSE is_text END AS fits,
                is_loose AND name = 'score' AS is_loose, ",
        is_key!(),
        " AS is_key FROM column_kind"
    ),
    rows: "SELECT 'the player ' || id || ' of its table users has the score ' || score
                  || ', which is no whole number of 64 bits'
           FROM users
           WHERE NOT (score > -9223372036854775807 AND score < 9223372036854775807
                      AND score = floor(score))
           LIMIT 1",
    play: Some(
        "SELECT CASE
             WHEN relpersistence <> 'p' THEN
                 'its table users is emptied by a crash of the server; '
                 || 'ALTER TABLE users SET LOGGED keeps it'
             WHEN relkind = 'r' AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid) THEN
                 'other tables inherit from its table users; a partitioned table would fit'
         END
         FROM pg_class c WHERE c.oid = to_regclass('users')",
    ),
    number: "BIGINT",
};
