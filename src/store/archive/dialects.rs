//! What differs from engine to engine when everything is read or written, side by side.

use super::spell;
use super::statements::{ArchiveStatements, CheckStatements, Part, described_parts};
use crate::store::connection::Connection;
use crate::store::host::Host;
use crate::store::{StoreError, mysql, postgres, sqlite};

impl Host {
    /// The statements of its engine.
    pub(super) fn archive(&self) -> &'static ArchiveStatements {
        match self {
            Self::Sqlite(_) => &SQLITE,
            Self::Postgres(_) => &POSTGRES,
            Self::MySql(_) => &MYSQL,
        }
    }

    /// Those that check it.
    pub(super) fn checking(&self) -> &'static CheckStatements {
        match self {
            Self::Sqlite(_) => &SQLITE_CHECK,
            Self::Postgres(_) => &POSTGRES_CHECK,
            Self::MySql(_) => &MYSQL_CHECK,
        }
    }

    /// The parts of the schema that its migrations make.
    pub(super) async fn expected_parts(&self) -> Result<Vec<Part>, sqlx::Error> {
        match self {
            Self::Sqlite(_) => sqlite::expected_parts().await,
            Self::Postgres(_) => Ok(described_parts(postgres::SCHEMA)),
            Self::MySql(_) => Ok(described_parts(mysql::SCHEMA)),
        }
    }

    /// Connects to read, and changes nothing.
    ///
    /// # Errors
    /// [`StoreError::Newer`] and [`StoreError::Foreign`] for what can't be understood.
    pub(super) async fn connect_to_read(&self) -> Result<Connection, StoreError> {
        if let Self::Sqlite(file) = self {
            return sqlite::connect_to_read(file).await.map(Connection::Sqlite);
        }
        let mut conn = self.connect(&mut None, None).await?;
        let refused = match &mut conn {
            Connection::Sqlite(_) => Ok(()),
            Connection::Postgres(server, conn) => postgres::refuse_to_read(server, conn).await,
            Connection::MySql(server, conn) => mysql::refuse_to_read(server, conn).await,
        };
        if let Err(error) = refused {
            let _ = conn.close().await;
            return Err(error);
        }
        Ok(conn)
    }
}

impl Connection {
    /// The kinds of parts of which this user may not see some that are there.
    pub(super) async fn hidden_parts(&mut self) -> Result<Vec<&'static str>, sqlx::Error> {
        match self {
            Self::Sqlite(_) | Self::Postgres(..) => Ok(Vec::new()),
            Self::MySql(_, conn) => mysql::hidden_parts(conn).await,
        }
    }
}

const SQLITE: ArchiveStatements = ArchiveStatements {
    begin_read: "PRAGMA query_only = ON; BEGIN DEFERRED",
    begin_write: "BEGIN IMMEDIATE",
    has_table: "SELECT COUNT(*) FROM sqlite_master
                WHERE type IN ('table', 'view') AND lower(name) = ?",
    mark: None,
    // An AUTOINCREMENT key follows by itself, and any other is one more than the largest.
    move_keys: None,
    meta_key: "key",
    speller: spell::SQLITE,
};

const SQLITE_CHECK: CheckStatements = CheckStatements {
    version: "SELECT 'SQLite ' || sqlite_version()",
    advice: &[],
    damage: &[("the file", "PRAGMA integrity_check")],
    parts: sqlite::PARTS,
};

const POSTGRES: ArchiveStatements = ArchiveStatements {
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
    meta_key: "key",
    speller: spell::POSTGRES,
};

const POSTGRES_CHECK: CheckStatements = CheckStatements {
    version: "SELECT 'PostgreSQL ' || current_setting('server_version')",
    advice: &[],
    damage: &[],
    parts: postgres::PARTS,
};

const MYSQL: ArchiveStatements = ArchiveStatements {
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
    meta_key: "name",
    speller: spell::MYSQL,
};

const MYSQL_CHECK: CheckStatements = CheckStatements {
    version: "SELECT CONVERT(VERSION() USING utf8mb4)",
    advice: mysql::ADVICE,
    damage: &[
        ("the table users", "CHECK TABLE users"),
        ("the table click_meta", "CHECK TABLE click_meta"),
        ("the table click_sessions", "CHECK TABLE click_sessions"),
        ("the table click_changes", "CHECK TABLE click_changes"),
        ("the table click_history", "CHECK TABLE click_history"),
        ("the table click_sprints", "CHECK TABLE click_sprints"),
        ("the table click_races", "CHECK TABLE click_races"),
        ("the table click_racers", "CHECK TABLE click_racers"),
    ],
    parts: mysql::PARTS,
};
