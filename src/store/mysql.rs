//! The MariaDB and MySQL dialect: a count is one call of a procedure that holds the transaction.

use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};
use sqlx::{ConnectOptions, Connection, Executor, MySql, MySqlConnection};

use super::StoreError;
use super::dialect::{Dialect, Statements};
use super::server::{REPLY, Server, in_time};

mod schema;

/// A MariaDB or MySQL database.
pub type MySqlServer = Server<MySqlConnectOptions>;

/// What a session needs whatever the server's defaults are; a text after `M!` is MariaDB's alone.
/// Strict, or a sum too large for its column would be cut off. By `@clickoff` the triggers know that
/// no score is written here which was read before.
const SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION autocommit = 1, innodb_lock_wait_timeout = 3, lock_wait_timeout = 10,
        sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES'), @clickoff = TRUE
        /*M!100300 , idle_transaction_timeout = 5, max_statement_time = 8 */";

async fn session(target: &MySqlServer) -> Result<MySqlConnection, StoreError> {
    let options = MySqlConnectOptions::clone(&target.options).disable_statement_logging();
    let connecting = async {
        let mut conn = options.connect().await?;
        conn.execute(SESSION).await?;
        Ok(conn)
    };
    in_time(connecting)
        .await
        .map_err(|error| MySql::explain(target, error))
}

impl Dialect for MySql {
    type Target = MySqlServer;
    type Local = ();

    const SQL: Statements = Statements {
        database: "SELECT value FROM click_meta WHERE name = 'database'",
        cursor: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
        players: "SELECT CAST(id AS SIGNED), CAST(CONVERT(name USING utf8mb4) AS BINARY),
                         CAST(CONVERT(email USING utf8mb4) AS BINARY),
                         CAST(COALESCE(score, 0) AS SIGNED)
                  FROM users",
        // Ten seconds back: no statement of ours lasts longer after its stamp was taken. The
        // statement's own time is before its snapshot, so what it misses is stamped after that
        // less ten seconds. A clock that was set back is followed.
        changes: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)),
                         CAST(NULL AS SIGNED), CAST(NULL AS SIGNED), CAST(NULL AS BINARY),
                         CAST(NULL AS BINARY), CAST(NULL AS SIGNED)
                  UNION ALL
                  SELECT c.stamp, c.user_id, CAST(u.id AS SIGNED),
                         CAST(CONVERT(u.name USING utf8mb4) AS BINARY),
                         CAST(CONVERT(u.email USING utf8mb4) AS BINARY),
                         CAST(COALESCE(u.score, 0) AS SIGNED)
                  FROM click_changes c LEFT JOIN users u ON u.id = c.user_id
                  WHERE c.stamp > LEAST(
                            ?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
                        ) - 10000000",
        register: "INSERT IGNORE INTO click_sessions (client, user_id)
                   SELECT ?, id FROM users WHERE id = ? LOCK IN SHARE MODE",
        session: "SELECT id FROM click_sessions WHERE client = ? AND user_id = ?",
        count: "CALL click_count(?, ?)",
        add: "INSERT INTO users (name, email, score) VALUES (?, ?, 0)",
        added: Some("SELECT CAST(LAST_INSERT_ID() AS SIGNED)"),
        edit: "UPDATE users SET name = ?, email = ? WHERE id = ?",
        edited: Some("SELECT CAST(COALESCE(score, 0) AS SIGNED) FROM users WHERE id = ?"),
        remove: "DELETE FROM users WHERE id = ?",
        retire: "DELETE FROM click_sessions WHERE client = ?",
        ranking: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)),
                         p.id, p.score, p.points
                  FROM (SELECT 1) one LEFT JOIN (
                      SELECT CAST(u.id AS SIGNED) AS id,
                             CAST(COALESCE(u.score, 0) AS SIGNED) AS score,
                             CAST(SUM(h.points) AS SIGNED) AS points
                      FROM click_history h JOIN users u ON u.id = h.user_id
                      WHERE h.quarter >= ? GROUP BY u.id, u.score
                  ) p ON TRUE",
        history: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)),
                         CASE WHEN u.id IS NOT NULL THEN CAST(COALESCE(u.score, 0) AS SIGNED) END,
                         h.quarter, h.points
                  FROM (SELECT CAST(? AS SIGNED) AS id) p
                  LEFT JOIN users u ON u.id = p.id
                  LEFT JOIN click_history h ON h.user_id = u.id",
    };

    const LOOKS_BACK: bool = true;

    const PATIENCE: Option<Duration> = Some(REPLY);

    fn local(_: &MySqlServer) {}

    async fn connect(
        target: &MySqlServer,
        _: &mut (),
        first: bool,
    ) -> Result<MySqlConnection, StoreError> {
        let mut conn = session(target).await?;
        if first && !schema::is_current(target, &mut conn).await? {
            let brought_up = schema::bring_up_to_date(target, &mut conn).await;
            // With the connection go the locks and the settings of the migration.
            let _ = conn.close().await;
            brought_up?;
            conn = session(target).await?;
        }
        Ok(conn)
    }

    fn at_first(error: StoreError) -> StoreError {
        MySqlServer::at_first(error)
    }

    fn explain(target: &MySqlServer, error: sqlx::Error) -> StoreError {
        let sqlx::Error::Database(database) = &error else {
            return target.broken(error);
        };
        let place = target.place();
        let why = database.message().to_owned();
        let number = database
            .try_downcast_ref::<MySqlDatabaseError>()
            .map_or(0, MySqlDatabaseError::number);
        // https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference
        match number {
            1020 | 1205 | 1213 | 1969 | 3024 => StoreError::Busy { place },
            // Interrupted, killed, shutting down, full of connections, or cut off from its cluster.
            1040 | 1047 | 1053 | 1158..=1161 | 1203 | 1317 | 1927 => target.lost(why),
            1264 | 1690 => StoreError::ScoreFull,
            1021 | 1114 => StoreError::Full { place },
            1290 | 1792 | 1836 => StoreError::Standby { place },
            1142 | 1143 | 1227 | 1370 | 1419 => StoreError::Forbidden { place, why },
            1044 | 1045 | 1129 | 1130 | 1251 | 1698 | 1820 | 1862 => target.unusable(format!(
                "{why}. Check the user name and the password in the URL, and what the server \
                 allows them."
            )),
            1046 | 1049 => target.unusable(format!(
                "{why}. Create it with CREATE DATABASE, or name another one in the URL."
            )),
            1048 | 1062 | 1366 | 1406 | 1451 | 1452 | 3819 | 4025 => StoreError::Rejected { why },
            1030 | 1034 | 1194 | 1712 => StoreError::Device { place, why },
            _ => StoreError::Other { place, why },
        }
    }
}
