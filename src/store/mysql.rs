//! The MariaDB and MySQL dialect: a count is one call of a procedure that holds the transaction.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlDatabaseError};
use sqlx::{ConnectOptions, Connection, Executor, MySql, MySqlConnection, Row};

use super::calls::{Locked, Manner, locked_count};
use super::dialect::{Dialect, Opening, Statements, bests, board, race};
use super::listing::like;
use super::migrations::Migrations;
use super::server::{REPLY, Server, in_time, passes};
use super::{Hosts, SessionId, StoreError};
use crate::message::Rights;

mod cluster;
mod listing;
mod parts;
mod players;
mod rights;
mod schema;

pub use parts::{ADVICE, PARTS, SCHEMA, hidden_parts};
pub use schema::refuse_to_read;

/// A MariaDB or MySQL database.
pub type MySqlServer = Server<MySqlConnectOptions>;

/// What a session needs whatever the server's defaults are; a text after `M!` is MariaDB's alone.
/// Strict, or a sum too large for its column would be cut off; nothing else of a mode, since the
/// words of Oracle are others, and a procedure keeps the mode that it was made in. By `@clickoff` the
/// triggers know that no score is written here which was read before.
const SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION autocommit = 1, innodb_lock_wait_timeout = 3, lock_wait_timeout = 10,
        sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', sql_safe_updates = 0,
        sql_big_selects = 1, sql_select_limit = DEFAULT, @clickoff = TRUE
        /*M!100300 , idle_transaction_timeout = 3, max_statement_time = 4 */";

/// A node of a Galera cluster may be behind the others. Before it reads it must have what they had
/// committed by then: a client that comes from another node finds its row, and no press is taken
/// for that of a player who is not there yet.
const CAUSAL: &str = "SET SESSION wsrep_sync_wait = 1";

/// What tells whether the server is a node, whether it takes part in its cluster, and whether it
/// takes writes; a server answers of it what it knows.
const STANDING: [&str; 2] = [
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'read_only')",
    "SHOW GLOBAL STATUS WHERE Variable_name = 'wsrep_ready'",
];

async fn session(target: &MySqlServer) -> Result<MySqlConnection, StoreError> {
    let options = MySqlConnectOptions::clone(&target.options).disable_statement_logging();
    let connecting = async {
        let mut conn = options.connect().await?;
        conn.execute(SESSION).await?;
        let mut standing = HashMap::new();
        for question in STANDING {
            for row in conn.fetch_all(question).await? {
                let (name, value): (String, String) = (row.try_get(0)?, row.try_get(1)?);
                standing.insert(name, value != "OFF");
            }
        }
        let is = |name: &str| standing.get(name).copied();
        let no_writes = match (is("wsrep_on"), is("wsrep_ready"), is("read_only")) {
            (Some(true), Some(false), _) => Some("takes no part in its cluster now"),
            (_, _, Some(true)) if target.has_others => Some("takes no writes now"),
            (Some(true), ..) => {
                conn.execute(CAUSAL).await?;
                None
            }
            _ => None,
        };
        Ok((conn, no_writes))
    };
    let connected = in_time(target.limit, connecting).await;
    match connected {
        Ok((conn, None)) => Ok(conn),
        Ok((_, Some(why))) => Err(target.no_writes(why)),
        Err(error) => {
            let passes = passes(&error) || is_for_now(&error);
            Err(target.unreached(passes, MySql::explain(target, error)))
        }
    }
}

/// Whether a server that refuses a connection may take one later: it starts, stops, has too many,
/// or is cut off from its cluster.
fn is_for_now(error: &sqlx::Error) -> bool {
    matches!(number(error), 1040 | 1047 | 1053 | 1203 | 1927)
}

/// The server's number of an error; 0 where it is not the server's.
fn number(error: &sqlx::Error) -> u16 {
    let error = error.as_database_error();
    error
        .and_then(|e| e.try_downcast_ref::<MySqlDatabaseError>())
        .map_or(0, MySqlDatabaseError::number)
}

/// What `click_count` says where the rows hold something else than it wrote.
const OVERRULED: u16 = 30_001;

/// Whether the user lacked a privilege: on the database, a table, a column, a procedure or in all.
fn is_refusal(error: &sqlx::Error) -> bool {
    matches!(number(error), 1044 | 1142 | 1143 | 1227 | 1370 | 1419)
}

impl Dialect for MySql {
    type Target = MySqlServer;
    type Local = ();

    const MIGRATIONS: Migrations = schema::MIGRATIONS;

    const SQL: Statements = Statements {
        database: "SELECT value FROM click_meta WHERE name = 'database'",
        epoch: Some("SELECT value FROM click_meta WHERE name = 'epoch'"),
        opening: Opening::Alone(
            "SELECT value, (SELECT value FROM click_meta WHERE name = 'held_keys'),
                    (SELECT value FROM click_meta WHERE name = 'max_rate'),
                    TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE()),
                    TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
             FROM click_meta WHERE name = 'database'",
        ),
        cursor: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
        listing: listing::SQL,
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
                        ) - 10000000
                  LIMIT ?",
        register: "CALL click_register(?, ?)",
        resume: "CALL click_resume(?, ?, ?)",
        session: "CALL click_session(?, ?)",
        claims: "CALL click_claims(?)",
        begin: "START TRANSACTION",
        meddlers: r"SELECT CONCAT('trigger ', trigger_name) FROM information_schema.triggers
                    WHERE event_object_schema = DATABASE() AND event_object_table = 'users'
                      AND trigger_name NOT LIKE 'click\_%'
                    ORDER BY 1",
        add: "CALL click_add(?, ?)",
        edit: "CALL click_edit(?, ?, ?)",
        remove: "DELETE FROM users WHERE id = ?",
        retire: "CALL click_retire(?)",
        tidy: "CALL click_tidy(?)",
        kept_since: "SELECT CAST(value AS SIGNED) FROM click_meta WHERE name = 'kept_since'",
        sprint_begin: "CALL click_sprint_begin(?)",
        sprint: "CALL click_sprint(?, ?, ?, ?)",
        bests: bests!("?"),
        set_rules: "CALL click_rule(?, ?)",
        board: board!(first "?" over "?"),
        own_board: board!(of "?"),
        race_open: "CALL click_race_open(?, ?)",
        race_join: "CALL click_race_join(?, ?)",
        race_report: "CALL click_race_report(?, ?, ?, ?)",
        race: race!(
            "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
            "CAST(CONVERT(c.name USING utf8mb4) AS BINARY)",
            "CAST(? AS SIGNED)"
        ),
        races: race!(last "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))", "CAST(CONVERT(c.name USING utf8mb4) AS BINARY)", "?"),
        begin_reading: None,
        ranking: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)),
                         p.id, p.name, p.email, p.score, p.points, p.place, p.players
                  FROM (SELECT 1) one LEFT JOIN (
                      SELECT CAST(u.id AS SIGNED) AS id,
                             CAST(CONVERT(u.name USING utf8mb4) AS BINARY) AS name,
                             CAST(CONVERT(u.email USING utf8mb4) AS BINARY) AS email,
                             CAST(COALESCE(u.score, 0) AS SIGNED) AS score, r.points,
                             r.place - 1 AS place, r.players
                      FROM (SELECT s.user_id, s.points, COUNT(*) OVER () AS players,
                                   ROW_NUMBER() OVER (ORDER BY s.points DESC, s.user_id) AS place
                            FROM (SELECT h.user_id, CAST(SUM(h.points) AS SIGNED) AS points
                                  FROM click_history h WHERE h.quarter >= ?
                                  GROUP BY h.user_id) s) r
                      JOIN users u ON u.id = r.user_id
                      WHERE r.place <= ? OR r.user_id = ?
                  ) p ON TRUE",
        history: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)),
                         CASE WHEN u.id IS NOT NULL THEN CAST(COALESCE(u.score, 0) AS SIGNED) END,
                         h.quarter, h.points
                  FROM (SELECT CAST(? AS SIGNED) AS id) p
                  LEFT JOIN users u ON u.id = p.id
                  LEFT JOIN click_history h ON h.user_id = u.id",
    };

    const LOOKS_BACK: bool = true;

    fn pattern(wanted: &str) -> String {
        like(wanted)
    }

    const PATIENCE: Option<Duration> = Some(REPLY);

    fn local(_: &MySqlServer) {}

    async fn connect(
        target: &MySqlServer,
        _: &mut (),
        migrations: Option<Migrations>,
    ) -> Result<MySqlConnection, StoreError> {
        let mut conn = session(target).await?;
        let Some(migrations) = migrations else {
            return Ok(conn);
        };
        let behind = schema::behind(target, &mut conn, migrations);
        if let Some(behind) = target.answer(behind).await? {
            let brought_up = schema::bring_up_to_date(target, &mut conn, migrations, &behind).await;
            // With the connection go the locks and the settings of the migration.
            let _ = conn.close().await;
            brought_up.map_err(|error| target.unreached(true, error))?;
            conn = session(target).await?;
        } else {
            schema::mend_procedures(target, &mut conn, migrations).await?;
        }
        Ok(conn)
    }

    fn place(hosts: &Hosts<MySqlServer>) -> String {
        hosts.place()
    }

    async fn rights(conn: &mut MySqlConnection, _: Manner) -> Result<Rights, sqlx::Error> {
        rights::ask(conn).await
    }

    fn at_first(error: StoreError) -> StoreError {
        MySqlServer::at_first(error)
    }

    async fn count(
        conn: &mut MySqlConnection,
        manner: Manner,
        session: SessionId,
        upto: u64,
    ) -> Result<Locked, sqlx::Error> {
        let count = "CALL click_count(?, ?)";
        locked_count::<Self>(conn, manner, count, session, upto).await
    }

    fn explain(target: &MySqlServer, error: sqlx::Error) -> StoreError {
        let number = number(&error);
        match error {
            sqlx::Error::Database(database) => {
                meaning(target, number, database.message().to_owned())
            }
            error => target.broken(error),
        }
    }
}

/// What a number of the server means.
/// <https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference>
fn meaning(target: &MySqlServer, number: u16, why: String) -> StoreError {
    let place = target.place();
    match number {
        1020 | 1205 | 1213 | 1969 | 3024 => StoreError::Busy { place },
        // Made at this moment by another client, which a lock on one node of a cluster does not
        // keep out.
        1050 | 1304 | 1359 => StoreError::Busy { place },
        // Interrupted, killed, shutting down, full of connections, or cut off from its cluster.
        1040 | 1047 | 1053 | 1158..=1161 | 1203 | 1317 | 1927 => target.lost(why),
        // A commit that failed in the cluster.
        1180 => target.lost(why),
        1264 | 1690 => StoreError::ScoreFull,
        1021 | 1114 => StoreError::Full { place },
        1290 | 1792 | 1836 => StoreError::Standby { place },
        1142 | 1143 | 1227 | 1370 | 1419 => StoreError::Forbidden { place, why },
        1044 | 1045 | 1129 | 1130 | 1251 | 1698 | 1820 | 1862 => target.unusable(format!(
            "{why}. Check the user name and the password in the URL, and what the server allows \
             them."
        )),
        1046 | 1049 => target.unusable(format!(
            "{why}. Create it with CREATE DATABASE, or name another one in the URL."
        )),
        OVERRULED => StoreError::Overruled { why },
        1048 | 1062 | 1366 | 1406 | 1451 | 1452 | 3819 | 4025 => StoreError::Rejected { why },
        1030 | 1034 | 1194 | 1712 => StoreError::Device { place, why },
        _ => StoreError::Other { place, why },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::BrokenKind;
    use crate::store::{Remedy, Target};

    #[test]
    fn what_passes_is_tried_again_and_what_is_wrong_is_told() {
        let Ok(Target::MySql(hosts)) = Target::parse("mariadb://ada@db/game".as_ref()) else {
            panic!("a URL");
        };
        let stop = Remedy::Stop(BrokenKind::Unreachable);
        for (number, remedy) in [
            (1020, Remedy::Retry),
            (1205, Remedy::Retry),
            (1213, Remedy::Retry),
            (1969, Remedy::Retry),
            (3024, Remedy::Retry),
            (1040, Remedy::Retry),
            (1047, Remedy::Retry),
            (1053, Remedy::Retry),
            (1180, Remedy::Retry),
            (1304, Remedy::Retry),
            (1317, Remedy::Retry),
            (1927, Remedy::Retry),
            (1290, Remedy::Wait),
            (1142, Remedy::Wait),
            (1021, Remedy::Wait),
            (1105, Remedy::Wait),
            (1264, Remedy::Refuse),
            (1062, Remedy::Refuse),
            (1045, stop),
            (1049, stop),
        ] {
            let error = meaning(&hosts.all[0], number, "so it says".into());
            assert_eq!(error.remedy(), remedy, "{number}: {error}");
            let unknown = [1047, 1180, 1317, 1927].contains(&number);
            assert!(!unknown || !error.wrote_nothing(), "{number}: {error}");
        }
    }
}
