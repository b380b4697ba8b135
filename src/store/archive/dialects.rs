//! What differs from database to database when everything is read or written, side by side.

use sqlx::{Connection, MySql, Postgres, Sqlite};

use super::record::Batch;
use super::statements::{
    ArchiveDialect, ArchiveStatements, CheckStatements, Part, described_parts,
};
use super::{insert, spell};
use crate::store::dialect::Dialect;
use crate::store::{MySqlServer, PostgresServer, SqliteFile, StoreError, mysql, postgres, sqlite};

/// The checks that have one shape everywhere, by the word for a number and a player's name as bytes.
macro_rules! checks {
    ($integer:literal, $name:literal, $version:literal, $damage:expr, $parts:expr) => {
        CheckStatements {
            version: $version,
            advice: &[],
            damage: $damage,
            parts: $parts,
            scores: concat!(
                "SELECT CAST(u.id AS ",
                $integer,
                ") AS id, ",
                $name,
                " AS name, CAST(COALESCE(u.score, 0) AS ",
                $integer,
                ") AS score, CAST(COALESCE(h.points, 0) AS ",
                $integer,
                ") AS history
                 FROM users u
                 LEFT JOIN (SELECT user_id, SUM(points) AS points
                            FROM click_history GROUP BY user_id) h ON h.user_id = u.id
                 WHERE CAST(COALESCE(u.score, 0) AS ",
                $integer,
                ") <> COALESCE(h.points, 0) ORDER BY u.id"
            ),
            strays: "SELECT DISTINCT user_id FROM click_history
                     WHERE user_id NOT IN (SELECT id FROM users) ORDER BY user_id",
            clients: concat!(
                "SELECT s.client, s.user_id, s.last_seq,
                        CAST(CASE WHEN u.id IS NULL THEN 0 ELSE 1 END AS ",
                $integer,
                ") AS is_there
                 FROM click_sessions s LEFT JOIN users u ON u.id = s.user_id
                 WHERE u.id IS NULL OR s.last_seq < 0 ORDER BY s.id"
            ),
            overwritten: concat!(
                "SELECT CAST(u.id AS ",
                $integer,
                ") AS id, ",
                $name,
                " AS name, CAST(h.points AS ",
                $integer,
                ") AS points
                 FROM (SELECT user_id, SUM(overwritten) AS points
                       FROM click_history GROUP BY user_id) h
                 JOIN users u ON u.id = h.user_id
                 WHERE h.points > 0 ORDER BY u.id"
            ),
        }
    };
}

impl ArchiveDialect for Sqlite {
    const ARCHIVE: ArchiveStatements = ArchiveStatements {
        begin_read: "PRAGMA query_only = ON; BEGIN DEFERRED",
        begin_write: "BEGIN IMMEDIATE",
        has_table: "SELECT COUNT(*) FROM sqlite_master
                    WHERE type IN ('table', 'view') AND lower(name) = ?",
        mark: None,
        // An AUTOINCREMENT key follows by itself, and any other is one more than the largest.
        move_keys: None,
        rescore: "UPDATE users SET score = ? WHERE id = ?",
        rename: "UPDATE click_meta SET value = ? WHERE key = 'database'",
        begin_epoch: "UPDATE click_meta SET value = ? WHERE key = 'epoch'",
        speller: spell::SQLITE,
        may_see_keys: "SELECT client FROM click_sessions LIMIT 1",
    };

    const CHECK: CheckStatements = checks!(
        "INTEGER",
        "CAST(u.name AS BLOB)",
        "SELECT 'SQLite ' || sqlite_version()",
        &[("the file", "PRAGMA integrity_check")],
        sqlite::PARTS
    );

    async fn expected_parts() -> Result<Vec<Part>, sqlx::Error> {
        sqlite::expected_parts().await
    }

    async fn connect_to_read(target: &SqliteFile) -> Result<sqlx::SqliteConnection, StoreError> {
        sqlite::connect_to_read(target).await
    }

    async fn insert(
        conn: &mut sqlx::SqliteConnection,
        batch: &Batch,
        merged: bool,
    ) -> Result<(), sqlx::Error> {
        insert::in_hundreds::<Self>(conn, batch, merged, &spell::SQLITE).await
    }
}

impl ArchiveDialect for Postgres {
    const ARCHIVE: ArchiveStatements = ArchiveStatements {
        begin_read: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
                     SET LOCAL statement_timeout = '2min';
                     SET LOCAL idle_in_transaction_session_timeout = '15min';
                     SET LOCAL quote_all_identifiers = off",
        // Readers go on; whoever scores or races waits, or comes again. In the order in which a race
        // is opened.
        begin_write: "BEGIN ISOLATION LEVEL READ COMMITTED;
                      SET LOCAL statement_timeout = '2min';
                      SET LOCAL lock_timeout = '10s';
                      SET LOCAL idle_in_transaction_session_timeout = '15min';
                      LOCK TABLE click_meta, users, click_races IN EXCLUSIVE MODE",
        has_table: "SELECT count(*) FROM pg_class WHERE oid = to_regclass($1)",
        mark: Some("SELECT pg_try_advisory_xact_lock($1)::int::bigint"),
        // Of what a sequence gives out nothing is taken back, so it is only ever moved on. A key
        // that has no sequence makes this a statement about nothing.
        move_keys: Some(
            "SELECT setval(s.name, GREATEST(nextval(s.name), u.largest))
             FROM (SELECT pg_get_serial_sequence('users', 'id') AS name) s,
                  (SELECT MAX(id)::bigint AS largest FROM users) u
             WHERE s.name IS NOT NULL;
             SELECT setval(s.name, GREATEST(nextval(s.name), r.largest))
             FROM (SELECT pg_get_serial_sequence('click_races', 'id') AS name) s,
                  (SELECT MAX(id) AS largest FROM click_races) r",
        ),
        rescore: "UPDATE users SET score = $1 WHERE id = $2",
        rename: "UPDATE click_meta SET value = $1 WHERE key = 'database'",
        begin_epoch: "UPDATE click_meta SET value = $1 WHERE key = 'epoch'",
        speller: spell::POSTGRES,
        may_see_keys: "SELECT client FROM click_sessions LIMIT 1",
    };

    const CHECK: CheckStatements = checks!(
        "BIGINT",
        "convert_to(u.name, 'UTF8')",
        "SELECT 'PostgreSQL ' || current_setting('server_version')",
        &[],
        postgres::PARTS
    );

    async fn expected_parts() -> Result<Vec<Part>, sqlx::Error> {
        Ok(described_parts(postgres::SCHEMA))
    }

    async fn connect_to_read(target: &PostgresServer) -> Result<sqlx::PgConnection, StoreError> {
        let mut conn = Self::connect(target, &mut (), None).await?;
        match postgres::refuse_to_read(target, &mut conn).await {
            Ok(()) => Ok(conn),
            Err(error) => {
                let _ = conn.close().await;
                Err(error)
            }
        }
    }

    async fn insert(
        conn: &mut sqlx::PgConnection,
        batch: &Batch,
        merged: bool,
    ) -> Result<(), sqlx::Error> {
        insert::as_arrays(conn, batch, merged).await
    }
}

const MYSQL_CHECKS: CheckStatements = checks!(
    "SIGNED",
    "CAST(CONVERT(u.name USING utf8mb4) AS BINARY)",
    "SELECT CONVERT(VERSION() USING utf8mb4)",
    &[
        ("the table users", "CHECK TABLE users"),
        ("the table click_meta", "CHECK TABLE click_meta"),
        ("the table click_sessions", "CHECK TABLE click_sessions"),
        ("the table click_changes", "CHECK TABLE click_changes"),
        ("the table click_history", "CHECK TABLE click_history"),
        ("the table click_sprints", "CHECK TABLE click_sprints"),
        ("the table click_races", "CHECK TABLE click_races"),
        ("the table click_racers", "CHECK TABLE click_racers"),
    ],
    mysql::PARTS
);

impl ArchiveDialect for MySql {
    const ARCHIVE: ArchiveStatements = ArchiveStatements {
        begin_read: "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
                     SET SESSION wait_timeout = 900
                         /*M!100300 , idle_transaction_timeout = 900, max_statement_time = 120 */;
                     START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
        // Repeatable read locks the gaps between the rows, too, so that nobody is added. A key of 0
        // is one like any other. The locks are in the order in which a race is opened.
        // Of the players the score is counted, which no index but that of the rows themselves has:
        // what is locked is where another row could come.
        begin_write: "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
                      SET SESSION innodb_lock_wait_timeout = 10, wait_timeout = 900,
                          sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')
                          /*M!100300 , idle_transaction_timeout = 900, max_statement_time = 120 */;
                      START TRANSACTION;
                      SELECT COUNT(*) FROM click_meta FOR UPDATE;
                      SELECT COUNT(score) FROM users FOR UPDATE;
                      SELECT COUNT(*) FROM click_races FOR UPDATE",
        has_table: "SELECT COUNT(*) FROM information_schema.tables
                    WHERE table_schema = DATABASE() AND table_name = ?",
        mark: Some("SELECT GET_LOCK(CONCAT('click', MD5(CONCAT(?, DATABASE()))), 0)"),
        // AUTO_INCREMENT follows by itself.
        move_keys: None,
        rescore: "UPDATE users SET score = ? WHERE id = ?",
        rename: "UPDATE click_meta SET value = ? WHERE name = 'database'",
        begin_epoch: "UPDATE click_meta SET value = ? WHERE name = 'epoch'",
        speller: spell::MYSQL,
        may_see_keys: "SELECT client FROM click_sessions LIMIT 1",
    };

    const CHECK: CheckStatements = CheckStatements {
        advice: mysql::ADVICE,
        ..MYSQL_CHECKS
    };

    async fn expected_parts() -> Result<Vec<Part>, sqlx::Error> {
        Ok(described_parts(mysql::SCHEMA))
    }

    async fn hidden_parts(
        conn: &mut sqlx::MySqlConnection,
    ) -> Result<Vec<&'static str>, sqlx::Error> {
        mysql::hidden_parts(conn).await
    }

    async fn connect_to_read(target: &MySqlServer) -> Result<sqlx::MySqlConnection, StoreError> {
        let mut conn = Self::connect(target, &mut (), None).await?;
        match mysql::refuse_to_read(target, &mut conn).await {
            Ok(()) => Ok(conn),
            Err(error) => {
                let _ = conn.close().await;
                Err(error)
            }
        }
    }

    async fn insert(
        conn: &mut sqlx::MySqlConnection,
        batch: &Batch,
        merged: bool,
    ) -> Result<(), sqlx::Error> {
        insert::in_hundreds::<Self>(conn, batch, merged, &spell::MYSQL).await
    }
}
