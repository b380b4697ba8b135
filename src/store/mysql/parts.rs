//! The parts of a MariaDB schema: existing, expected and hidden ones.

use super::super::fit::player_columns;
use sqlx::{Executor, MySqlConnection, Row, query_scalar};

/// Reads every part of clickoff's schema by kind and name in lower case, with its definition, and
/// what the game needs of `users`, which may be the tutorial's table. MySQL writes definitions
/// differently, so there only the existence is read.
pub const PARTS: &str = concat!(
    r"
    SELECT part.kind AS kind, LOWER(CONVERT(part.name USING utf8mb4)) AS name,
           IF(VERSION() LIKE '%MariaDB%', CONVERT(part.what USING utf8mb4), NULL) AS what
    FROM (
        SELECT 'table' AS kind, table_name AS name, engine AS what
        FROM information_schema.tables
        WHERE table_schema = DATABASE()
          AND (table_name LIKE 'click\_%' OR table_name = 'users')
        UNION ALL
        SELECT 'column', CONCAT(table_name, '.', column_name),
               CASE WHEN table_name <> 'users'
                    THEN CONCAT(data_type, IF(is_nullable = 'NO', ' not null', ''),
                                IF(extra LIKE '%auto_increment%', ' auto_increment', ''),
                                COALESCE(CONCAT(' default ', column_default), ''))
                    WHEN data_type REGEXP '^(tiny|small|medium|big)?int$' OR column_name <> 'id'
                         AND data_type IN ('decimal', 'float', 'double') THEN 'number'
                    WHEN data_type REGEXP '(char|text|binary|blob|enum)$' THEN 'text'
                    ELSE data_type END
        FROM information_schema.columns
        WHERE table_schema = DATABASE()
          AND (table_name LIKE 'click\_%' AND table_name NOT IN ('click_migrations', 'click_setup')
               OR table_name = 'users' AND column_name IN ",
    player_columns!(),
    r")
        UNION ALL
        SELECT 'key', 'users.id', 'unique'
        FROM (SELECT index_name FROM information_schema.statistics
              WHERE table_schema = DATABASE() AND table_name = 'users' AND non_unique = 0
              GROUP BY index_name
              HAVING GROUP_CONCAT(column_name) = 'id') own_keys
        UNION ALL
        SELECT 'index', CONCAT(table_name, '.', index_name),
               CONCAT(IF(non_unique = 0, 'unique ', ''),
                      LOWER(GROUP_CONCAT(column_name ORDER BY seq_in_index)))
        FROM information_schema.statistics
        WHERE table_schema = DATABASE()
          AND (table_name LIKE 'click\_%' AND table_name NOT IN ('click_migrations', 'click_setup')
               OR table_name = 'users' AND index_name LIKE 'click\_%')
        GROUP BY table_name, index_name, non_unique
        UNION ALL
        SELECT 'trigger', trigger_name,
               CONCAT(action_timing, ' ', event_manipulation, ' on ', event_object_table, ' ',
                      SHA2(action_statement, 256))
        FROM information_schema.triggers
        WHERE trigger_schema = DATABASE()
          AND (event_object_table = 'users' OR event_object_table LIKE 'click\_%')
        UNION ALL
        SELECT LOWER(routine_type), routine_name,
               CONCAT('as its ', LOWER(security_type), ' ', SHA2(routine_definition, 256))
        FROM information_schema.routines
        WHERE routine_schema = DATABASE() AND routine_name LIKE 'click\_%'
    ) part
    ORDER BY 1, 2"
);

/// Queries about the server's settings, and the advice if one has a result. MySQL has no such
/// setting.
pub const ADVICE: &[(&str, &str)] = &[(
    "SHOW GLOBAL VARIABLES WHERE Variable_name = 'secure_timestamp' AND Value = 'NO'",
    "secure_timestamp is NO: every user can forge the clock that programs see. clickoff does not \
     believe it; for the others, start the server with secure_timestamp = REPLICATION",
)];

/// The parts that the migrations make. A test keeps this file up to date.
pub const SCHEMA: &str = include_str!("../../../assets/schema/mariadb.tsv");

/// The kinds of parts that are hidden from this user, because the server shows them only with a
/// privilege. Privileges come from the user or from active roles.
pub async fn hidden_parts(conn: &mut MySqlConnection) -> Result<Vec<&'static str>, sqlx::Error> {
    let database: String = query_scalar("SELECT CONVERT(DATABASE() USING utf8mb4)")
        .fetch_one(&mut *conn)
        .await?;
    let mut grants = Vec::new();
    for row in conn.fetch_all("SHOW GRANTS").await? {
        grants.push(row.try_get::<String, _>(0)?);
    }
    let kinds = [
        ("table", "SELECT"),
        ("column", "SELECT"),
        ("index", "SELECT"),
        ("trigger", "TRIGGER"),
        ("procedure", "ALTER ROUTINE"),
    ];
    let hidden = kinds.into_iter().filter(|(_, privilege)| {
        let mut grants = grants.iter();
        !grants.any(|grant| gives(grant, privilege, &database))
    });
    Ok(hidden.map(|(kind, _)| kind).collect())
}

/// Whether a grant gives a privilege on a whole database.
fn gives(grant: &str, privilege: &str, database: &str) -> bool {
    let Some((what, whereto)) = grant
        .strip_prefix("GRANT ")
        .and_then(|g| g.split_once(" ON "))
    else {
        return false;
    };
    let mut privileges = what.split(", ");
    let has = privileges.any(|given| given == privilege || given == "ALL PRIVILEGES");
    let place = whereto.split(" TO ").next().unwrap_or_default();
    let plain = place.replace(['`', '\\'], "");
    has && (plain == "*.*" || plain == format!("{database}.*"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_on_everything_or_on_the_database_shows_its_parts() {
        for (grant, shown) in [
            (
                "GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost` WITH GRANT OPTION",
                true,
            ),
            ("GRANT SELECT, TRIGGER ON `my\\_game`.* TO `ada`@`%`", true),
            ("GRANT SELECT ON `my_game`.* TO `ada`@`%`", false),
            ("GRANT ALL PRIVILEGES ON `other`.* TO `ada`@`%`", false),
            ("GRANT `clickoff_watcher` TO `ada`@`%`", false),
            ("GRANT USAGE ON *.* TO `ada`@`%`", false),
        ] {
            assert_eq!(gives(grant, "TRIGGER", "my_game"), shown, "{grant}");
        }
    }
}
