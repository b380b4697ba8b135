//! MariaDB and MySQL. A count is one call of a procedure that contains the transaction.

use std::collections::HashMap;

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::{ConnectOptions, Executor, MySqlConnection, Row};

use super::StoreError;
use super::dialect::{ROUTINES, Statements};
use super::listing::{RankingSql, Survey, like};
use super::server::{Position, Relay, Server, ServerState, is_without_tls, relay};
use super::spelling::Spelling;

mod archive;
mod cluster;
mod errors;
mod fit;
mod parts;
mod rights;
mod schema;

pub use errors::{explain, is_for_now, is_full};
use errors::{is_refusal, number};
pub use parts::hidden_parts;
pub use rights::ask as rights;
pub use schema::{make_ready, refuse_to_read};

/// The session's settings, whatever the server's defaults are. The text after `M!` is for MariaDB
/// only. The SQL mode is strict, or a sum too large for its column would be cut off. It has no
/// other flags, because Oracle mode changes the syntax, and a procedure keeps the mode it was
/// created in. `@clickoff` tells the triggers that this session never writes back a score that it
/// read before.
const SESSION: &str = "
    SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED;
    SET SESSION autocommit = 1, innodb_lock_wait_timeout = 3, lock_wait_timeout = 10,
        sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', sql_safe_updates = 0,
        sql_big_selects = 1, sql_select_limit = 18446744073709551615, @clickoff = TRUE
        /*M!100300 , idle_transaction_timeout = 3, max_statement_time = 4 */";

/// A node of a Galera cluster may lag behind the others. With this it applies all earlier commits
/// before it reads. So a client that comes from another node finds its row and its player.
const CAUSAL: &str = "SET SESSION wsrep_sync_wait = 1";

/// Reads whether the server is a node of a cluster and ready, whether it takes writes, and its
/// position in the log. A server answers only what it knows.
const STATE: [&str; 2] = [
    "SHOW GLOBAL VARIABLES WHERE Variable_name IN ('wsrep_on', 'read_only', 'gtid_current_pos')",
    "SHOW GLOBAL STATUS WHERE Variable_name = 'wsrep_ready'",
];

/// Reads the state of a server.
pub async fn state(target: &Server, conn: &mut MySqlConnection) -> Result<ServerState, StoreError> {
    let answers = answers(conn).await.map_err(|error| target.explain(error))?;
    let is = |name: &str| answers.get(name).map(|value| value != "OFF");
    let is_node = is("wsrep_on") == Some(true);
    let no_writes = match (is_node, is("wsrep_ready"), is("read_only")) {
        (true, Some(false), _) => Some("takes no part in its cluster now"),
        (_, _, Some(true)) if target.has_others => Some("takes no writes now"),
        _ => None,
    };
    // In a cluster each node numbers its transactions differently, so positions can't be compared.
    let position = answers.get("gtid_current_pos").filter(|_| !is_node);
    let position = position.and_then(|position| Position::of_gtid(position));
    Ok(ServerState {
        no_writes,
        position,
    })
}

async fn answers(conn: &mut MySqlConnection) -> Result<HashMap<String, String>, sqlx::Error> {
    let mut answers = HashMap::new();
    for question in STATE {
        for row in conn.fetch_all(question).await? {
            answers.insert(row.try_get("Variable_name")?, row.try_get("Value")?);
        }
    }
    Ok(answers)
}

/// Opens a connection and makes the session's settings.
pub async fn session(
    target: &Server,
    options: &MySqlConnectOptions,
) -> Result<MySqlConnection, sqlx::Error> {
    let options = options.clone().disable_statement_logging();
    let mut conn = logged_in(target, options).await?;
    conn.execute(SESSION).await?;
    if cluster::is_node(&mut conn).await? {
        conn.execute(CAUSAL).await?;
    }
    Ok(conn)
}

/// Logs in. If the link leaves this machine and the server has no TLS, it connects in the clear
/// only if the server does not ask for the password itself, or if the URL allows it.
async fn logged_in(
    target: &Server,
    options: MySqlConnectOptions,
) -> Result<MySqlConnection, sqlx::Error> {
    let may_be_clear = matches!(options.get_ssl_mode(), MySqlSslMode::Preferred);
    if !(target.is_remote && may_be_clear) {
        return options.connect().await;
    }
    let secured = options.clone().ssl_mode(MySqlSslMode::Required);
    match secured.connect().await {
        Err(sqlx::Error::Tls(error)) if is_without_tls(&error.to_string()) => {}
        connected => return connected,
    }
    let relay = Relay::to(options.get_host(), options.get_port(), relay::mysql).await?;
    let options = options.host(&relay.at.ip().to_string());
    let options = options
        .port(relay.at.port())
        .ssl_mode(MySqlSslMode::Disabled);
    relay.unless_asked(options.connect().await)
}

/// A write that changes nothing, so that it waits only if all writes are blocked.
const WRITE_NOTHING: &str = "CALL click_retire('')";

/// How MariaDB and MySQL spell the statements that are written once for all engines.
const SPELLING: Spelling = Spelling {
    integer: "SIGNED",
    text: "CHAR",
    divide: "DIV",
    join: "STRAIGHT_JOIN",
    call: "CALL",
    numbers: "?",
    clock: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
    cursor: "{clock}",
    score: "CAST(COALESCE(u.score, 0) AS SIGNED)",
    meta_key: "name",
    bytes: ["CAST(CONVERT(", " USING utf8mb4) AS BINARY)"],
    is_numbered: false,
};

/// The statements of MariaDB and MySQL.
pub const SQL: Statements = Statements {
    migrations: schema::MIGRATIONS,
    spelling: SPELLING,
    archive: archive::SQL,
    listing: LISTING,
    calls: ROUTINES,
    epoch: Some("SELECT value FROM click_meta WHERE name = 'epoch'"),
    // Polls overlap by ten seconds, because no statement of ours takes longer to commit after its
    // stamp was taken. The poll's own time is taken before its snapshot, so what it misses has a
    // stamp later than that time minus ten seconds. LEAST follows a clock that was set back.
    changes: "SELECT {clock} AS stamp, CAST(NULL AS SIGNED) AS user_id, CAST(NULL AS SIGNED) AS id,
                     CAST(NULL AS BINARY) AS name_bytes, CAST(NULL AS BINARY) AS email_bytes,
                     CAST(NULL AS SIGNED) AS score
              UNION ALL SELECT c.stamp, c.user_id, {player}
              FROM click_changes c LEFT JOIN users u ON u.id = c.user_id
              WHERE c.stamp > LEAST(?, {clock}) - 10000000
              LIMIT ?",
    looks_back: true,
    // The procedure begins and ends its transaction.
    takes_many: false,
    claims: "CALL click_claims(?)",
    begin: "START TRANSACTION",
    begin_pooled: None,
    begin_reading: None,
    foreign_triggers: r"SELECT CONCAT('trigger ', trigger_name) FROM information_schema.triggers
                WHERE event_object_schema = DATABASE() AND event_object_table = 'users'
                  AND trigger_name NOT LIKE 'click\_%'
                ORDER BY 1",
    edit: "CALL click_edit(?, ?, ?)",
    scorers: "SELECT h.user_id, CAST(SUM(h.points) AS SIGNED) AS points
              FROM click_history h WHERE h.quarter >= ? GROUP BY h.user_id",
    is_unwritable: errors::is_unwritable,
};

/// The condition of a search: compares in lower case and binary, whatever the column's collation.
const FITS: &str = "LOWER(CONVERT(u.name USING utf8mb4)) COLLATE utf8mb4_bin LIKE ? ESCAPE '!'
     OR LOWER(CONVERT(u.email USING utf8mb4)) COLLATE utf8mb4_bin LIKE ? ESCAPE '!'";

/// How MariaDB and MySQL read the ranking.
const LISTING: RankingSql = RankingSql {
    entries: "click_changes c FORCE INDEX (click_changes_ranking)",
    players: "click_changes c FORCE INDEX (click_changes_ranking)
              STRAIGHT_JOIN users u ON u.id = c.user_id",
    key: "c.rank_key",
    id: "c.user_id",
    parts: &["c.rank_key IS NOT NULL"],
    pattern: like,
    fits: [FITS, FITS],
    named: "u.name = ?",
    survey: Survey::Own { begin: None },
};

/// What blocks all writers, as far as the server tells.
pub async fn holder(conn: &mut MySqlConnection) -> Option<&'static str> {
    // Roll back first, so that nothing of the failed call gets committed.
    let at_once = conn
        .execute("ROLLBACK; SET SESSION lock_wait_timeout = 0")
        .await;
    at_once.ok()?;
    let held = conn.execute(WRITE_NOTHING).await.err();
    let held = held.is_some_and(|error| number(&error) == errors::LOCK_WAIT);
    held.then_some(
        "FLUSH TABLES WITH READ LOCK, a backup or a change of its tables holds all writes up: \
         it goes on when that is over",
    )
}
