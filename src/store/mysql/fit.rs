//! What a MariaDB or MySQL server is asked before clickoff's tables are added beside another
//! program's table of players. If our triggers could not handle that, the program's later writes
//! would fail.

use super::super::fit::{FitStatements, our_tables, player_columns};

pub const SQL: FitStatements = FitStatements {
    tables: "SELECT CASE
                 WHEN engine IS NULL THEN 'its users is no table'
                 WHEN engine <> 'InnoDB' THEN CONCAT(
                     'its table users is kept by ', CONVERT(engine USING utf8mb4),
                     ', which knows no transactions; InnoDB does') END
             FROM information_schema.tables
             WHERE table_schema = DATABASE() AND table_name = 'users'",
    taken: concat!(
        "SELECT CONVERT(table_name USING utf8mb4) FROM information_schema.tables
         WHERE table_schema = DATABASE() AND LOWER(table_name) IN ",
        our_tables!(),
        " AND NOT EXISTS (SELECT 1 FROM information_schema.tables
                          WHERE table_schema = DATABASE() AND table_name = 'click_migrations')
         LIMIT 1"
    ),
    columns: concat!(
        "
        SELECT name, declared, is_generated, is_nullable, is_key,
               CASE name
                   WHEN 'id' THEN is_whole
                   WHEN 'score' THEN is_whole OR is_broken
                   ELSE kind REGEXP '(char|text|binary|blob|enum)$' END AS fits,
               CASE name
                   WHEN 'id' THEN is_unsigned
                   WHEN 'score' THEN is_unsigned OR is_broken
                   ELSE FALSE END AS is_loose
        FROM (
            SELECT LOWER(CONVERT(column_name USING utf8mb4)) AS name,
                   LOWER(CONVERT(data_type USING utf8mb4)) AS kind,
                   LOWER(CONVERT(LEFT(column_type, 200) USING utf8mb4)) AS declared,
                   data_type REGEXP '^(tiny|small|medium|big)?int$' AS is_whole,
                   data_type IN ('decimal', 'float', 'double') AS is_broken,
                   column_type LIKE '%unsigned%' AS is_unsigned,
                   extra REGEXP '(VIRTUAL|STORED|PERSISTENT)' AS is_generated,
                   is_nullable = 'YES' AS is_nullable,
                   EXISTS (SELECT 1 FROM information_schema.statistics s
                           WHERE s.table_schema = c.table_schema AND s.table_name = c.table_name
                           GROUP BY s.index_name
                           HAVING MAX(s.non_unique) = 0 AND COUNT(*) = 1
                              AND MAX(s.column_name) = c.column_name
                              AND MAX(s.sub_part) IS NULL) AS is_key
            FROM information_schema.columns c
            WHERE table_schema = DATABASE() AND table_name = 'users'
        ) described
        WHERE name IN ",
        player_columns!()
    ),
    rows: "SELECT CASE
               WHEN EXISTS (SELECT 1 FROM users WHERE id > 9223372036854775807) THEN
                   'a key in its column users.id is larger than 9223372036854775807, which is the '
                   'most'
               WHEN EXISTS (SELECT 1 FROM users WHERE score <> FLOOR(score)
                               OR score < -9223372036854775808 OR score >= 9223372036854775808) THEN
                   'a score in its column users.score is no whole number that a BIGINT holds' END",
    play: None,
    number: "BIGINT",
};
