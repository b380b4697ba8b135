//! What differs from database to database when everything is read or written, side by side.

use sqlx::{Connection, MySql, Postgres, Sqlite};

use super::check::{self, CheckStatements, Part};
use super::statements::{ArchiveDialect, ArchiveStatements, KindStatements};
use super::{Batch, beside, races, rows, unnest};
use crate::store::dialect::Dialect;
use crate::store::{MySqlServer, PostgresServer, SqliteFile, StoreError, mysql, postgres, sqlite};

/// The parts of histories, where values are given one by one.
const PART_PAGE: &str = "SELECT user_id, quarter, points, overwritten FROM click_history
                         WHERE user_id >= ? AND (user_id > ? OR quarter >= ?)
                         ORDER BY user_id, quarter LIMIT ?";
const PART_EDGE: &str = "SELECT MAX(user_id)
                         FROM (SELECT user_id FROM click_history ORDER BY user_id LIMIT ?) first";
const PART_CLEAR: &str = "DELETE FROM click_history WHERE user_id <= ?";
const PART_FORGET: &str = "DELETE FROM click_history WHERE user_id BETWEEN ? AND ?";

/// For what is only read where there is no table of it.
const NOT_THERE: &str = "SELECT NULL";

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
                "), ",
                $name,
                ", CAST(COALESCE(u.score, 0) AS ",
                $integer,
                "), CAST(COALESCE(h.points, 0) AS ",
                $integer,
                ")
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
                ")
                 FROM click_sessions s LEFT JOIN users u ON u.id = s.user_id
                 WHERE u.id IS NULL OR s.last_seq < 0 ORDER BY s.id"
            ),
            overwritten: concat!(
                "SELECT CAST(u.id AS ",
                $integer,
                "), ",
                $name,
                ", CAST(h.points AS ",
                $integer,
                ")
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
        players: KindStatements {
            totals: "SELECT COUNT(*), COALESCE(SUM(CAST(score AS INTEGER) / 4294967296), 0),
                            COALESCE(SUM(CAST(score AS INTEGER) % 4294967296), 0),
                            COALESCE(SUM(COALESCE(length(CAST(name AS BLOB)), 0)
                                       + COALESCE(length(CAST(email AS BLOB)), 0)), 0)
                     FROM users",
            page: "SELECT id, CAST(name AS BLOB), CAST(email AS BLOB), CAST(score AS INTEGER)
                   FROM users WHERE id >= ? ORDER BY id LIMIT ?",
            edge: "SELECT MAX(id) FROM (SELECT id FROM users ORDER BY id LIMIT ?) first",
            clear: "DELETE FROM users WHERE id <= ?",
            forget: "DELETE FROM users WHERE id BETWEEN ? AND ?",
        },
        history: KindStatements {
            totals: "SELECT COUNT(*), COALESCE(SUM(points / 4294967296), 0),
                            COALESCE(SUM(points % 4294967296), 0), COALESCE(SUM(overwritten), 0)
                     FROM click_history",
            page: PART_PAGE,
            edge: PART_EDGE,
            clear: PART_CLEAR,
            forget: PART_FORGET,
        },
        no_history: KindStatements {
            totals: "SELECT COUNT(*), COALESCE(SUM(CAST(score AS INTEGER) / 4294967296), 0),
                            COALESCE(SUM(CAST(score AS INTEGER) % 4294967296), 0), 0
                     FROM users WHERE CAST(score AS INTEGER) <> 0",
            page: "SELECT id, 0, CAST(score AS INTEGER), 0 FROM users
                   WHERE CAST(score AS INTEGER) <> 0 AND id >= ? AND (id > ? OR 0 >= ?)
                   ORDER BY id LIMIT ?",
            edge: NOT_THERE,
            clear: NOT_THERE,
            forget: NOT_THERE,
        },
        beside: beside::SQLITE,
        races: races::SQLITE,
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
        rows::insert::<Self>(conn, batch, merged.then_some(&rows::SQLITE)).await
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
        players: KindStatements {
            totals: "SELECT count(*), COALESCE(sum(score::bigint / 4294967296), 0)::bigint,
                            COALESCE(sum(score::bigint % 4294967296), 0)::bigint,
                            COALESCE(sum(COALESCE(octet_length(convert_to(name, 'UTF8')), 0)
                                       + COALESCE(octet_length(convert_to(email, 'UTF8')), 0)),
                                     0)::bigint
                     FROM users",
            page: "SELECT id::bigint, convert_to(name, 'UTF8'), convert_to(email, 'UTF8'),
                          score::bigint
                   FROM users WHERE id >= $1 ORDER BY id LIMIT $2",
            edge: "SELECT MAX(id)::bigint FROM (SELECT id FROM users ORDER BY id LIMIT $1) first",
            clear: "DELETE FROM users WHERE id <= $1",
            forget: "DELETE FROM users WHERE id BETWEEN $1 AND $2",
        },
        history: KindStatements {
            totals: "SELECT count(*), COALESCE(sum(points / 4294967296), 0)::bigint,
                            COALESCE(sum(points % 4294967296), 0)::bigint,
                            COALESCE(sum(overwritten), 0)::bigint
                     FROM click_history",
            page: "SELECT user_id, quarter, points, overwritten FROM click_history
                   WHERE user_id >= $1 AND (user_id > $2 OR quarter >= $3)
                   ORDER BY user_id, quarter LIMIT $4",
            edge: "SELECT MAX(user_id)
                   FROM (SELECT user_id FROM click_history ORDER BY user_id LIMIT $1) first",
            clear: "DELETE FROM click_history WHERE user_id <= $1",
            forget: "DELETE FROM click_history WHERE user_id BETWEEN $1 AND $2",
        },
        no_history: KindStatements {
            totals: "SELECT count(*), COALESCE(sum(score::bigint / 4294967296), 0)::bigint,
                            COALESCE(sum(score::bigint % 4294967296), 0)::bigint, 0::bigint
                     FROM users WHERE score <> 0",
            page: "SELECT id::bigint, 0::bigint, score::bigint, 0::bigint FROM users
                   WHERE score <> 0 AND id >= $1 AND (id > $2 OR 0 >= $3)
                   ORDER BY id LIMIT $4",
            edge: NOT_THERE,
            clear: NOT_THERE,
            forget: NOT_THERE,
        },
        beside: beside::POSTGRES,
        races: races::POSTGRES,
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
        Ok(check::described_parts(postgres::SCHEMA))
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
        unnest::insert(conn, batch, merged).await
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
        players: KindStatements {
            totals: "SELECT COUNT(*),
                            CAST(COALESCE(SUM(CAST(score AS SIGNED) DIV 4294967296), 0) AS SIGNED),
                            CAST(COALESCE(SUM(CAST(score AS SIGNED) % 4294967296), 0) AS SIGNED),
                            CAST(COALESCE(SUM(
                                COALESCE(LENGTH(CONVERT(name USING utf8mb4)), 0)
                              + COALESCE(LENGTH(CONVERT(email USING utf8mb4)), 0)), 0) AS SIGNED)
                     FROM users",
            page: "SELECT CAST(id AS SIGNED), CAST(CONVERT(name USING utf8mb4) AS BINARY),
                          CAST(CONVERT(email USING utf8mb4) AS BINARY), CAST(score AS SIGNED)
                   FROM users WHERE id >= ? ORDER BY id LIMIT ?",
            edge: "SELECT CAST(MAX(id) AS SIGNED)
                   FROM (SELECT id FROM users ORDER BY id LIMIT ?) first",
            clear: "DELETE FROM users WHERE id <= ?",
            forget: "DELETE FROM users WHERE id BETWEEN ? AND ?",
        },
        history: KindStatements {
            totals: "SELECT COUNT(*),
                            CAST(COALESCE(SUM(points DIV 4294967296), 0) AS SIGNED),
                            CAST(COALESCE(SUM(points % 4294967296), 0) AS SIGNED),
                            CAST(COALESCE(SUM(overwritten), 0) AS SIGNED)
                     FROM click_history",
            page: PART_PAGE,
            edge: PART_EDGE,
            clear: PART_CLEAR,
            forget: PART_FORGET,
        },
        no_history: KindStatements {
            totals: "SELECT COUNT(*),
                            CAST(COALESCE(SUM(CAST(score AS SIGNED) DIV 4294967296), 0) AS SIGNED),
                            CAST(COALESCE(SUM(CAST(score AS SIGNED) % 4294967296), 0) AS SIGNED),
                            CAST(0 AS SIGNED)
                     FROM users WHERE score <> 0",
            page: "SELECT CAST(id AS SIGNED), CAST(0 AS SIGNED), CAST(score AS SIGNED),
                          CAST(0 AS SIGNED)
                   FROM users WHERE score <> 0 AND id >= ? AND (id > ? OR 0 >= ?)
                   ORDER BY id LIMIT ?",
            edge: NOT_THERE,
            clear: NOT_THERE,
            forget: NOT_THERE,
        },
        beside: beside::MYSQL,
        races: races::MYSQL,
        may_see_keys: "SELECT client FROM click_sessions LIMIT 1",
    };

    const CHECK: CheckStatements = CheckStatements {
        advice: mysql::ADVICE,
        ..MYSQL_CHECKS
    };

    async fn expected_parts() -> Result<Vec<Part>, sqlx::Error> {
        Ok(check::described_parts(mysql::SCHEMA))
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
        rows::insert::<Self>(conn, batch, merged.then_some(&rows::MYSQL)).await
    }
}
