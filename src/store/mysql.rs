//! MariaDB and MySQL. A count is one call of a procedure that contains the transaction.

use std::collections::HashMap;

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::{ConnectOptions, Connection, Executor, MySqlConnection, Row};

use super::StoreError;
use super::dialect::{CountRoutine, Statements};
use super::migrations::Migrations;
use super::server::{CONNECT, Position, Protocol, Relay, Server, in_time, is_without_tls, passes};
use super::spelling::Spelling;

mod archive;
mod cluster;
mod errors;
mod listing;
mod parts;
mod players;
mod rights;
mod schema;

pub use errors::is_unwritable;
use errors::{is_refusal, number};
pub use parts::hidden_parts;
pub use rights::ask as rights;
pub use schema::refuse_to_read;

/// A MariaDB or MySQL database.
pub type MySqlServer = Server<MySqlConnectOptions>;

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

/// The state of a server.
struct ServerState {
    is_node: bool,
    /// Why it takes no writes.
    no_writes: Option<&'static str>,
    position: Option<Position>,
}

async fn state(
    target: &MySqlServer,
    conn: &mut MySqlConnection,
) -> Result<ServerState, sqlx::Error> {
    let mut answers: HashMap<String, String> = HashMap::new();
    for question in STATE {
        for row in conn.fetch_all(question).await? {
            answers.insert(row.try_get("Variable_name")?, row.try_get("Value")?);
        }
    }
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
        is_node,
        no_writes,
        position,
    })
}

impl ServerState {
    /// # Errors
    /// If this server can't be used.
    fn approved(self, target: &MySqlServer) -> Result<(), StoreError> {
        match self.no_writes {
            Some(why) => Err(target.no_writes(why)),
            None => target.arrived_at(self.position),
        }
    }
}

impl MySqlServer {
    /// Opens a connection.
    pub async fn connect(&self) -> Result<MySqlConnection, StoreError> {
        self.check_files()?;
        let connecting = async {
            let options = MySqlConnectOptions::clone(&self.options).disable_statement_logging();
            let mut conn = logged_in(self, options).await?;
            conn.execute(SESSION).await?;
            let state = state(self, &mut conn).await?;
            if state.is_node {
                conn.execute(CAUSAL).await?;
            }
            Ok((conn, state))
        };
        match in_time(CONNECT, connecting).await {
            Ok((conn, state)) => {
                if !self.gives_way {
                    // An offered connection that came too late is closed, or it would use up a
                    // connection for nothing.
                    drop(self.spare.cancel_request());
                }
                state.approved(self).map(|()| conn)
            }
            Err(error) if errors::is_full(&error) && !self.gives_way => {
                let full = self.unreached(true, self.explain(error));
                self.spare.request().ok_or(full)
            }
            Err(error) => {
                let passes = passes(&error) || errors::is_for_now(&error);
                Err(self.unreached(passes, self.explain(error)))
            }
        }
    }

    /// Brings the schema up to date, and returns the connection to continue with.
    pub async fn prepare(
        &self,
        mut conn: MySqlConnection,
        migrations: Migrations,
    ) -> Result<MySqlConnection, StoreError> {
        let behind = schema::behind(self, &mut conn, migrations);
        if let Some(behind) = self.answer(behind).await? {
            let brought_up = schema::bring_up_to_date(self, &mut conn, migrations, &behind).await;
            // This also ends the locks and the settings of the migration.
            let _ = conn.close().await;
            brought_up.map_err(|error| self.unreached(true, error))?;
            conn = self.connect().await?;
        } else {
            schema::mend_procedures(self, &mut conn, migrations).await?;
        }
        Ok(conn)
    }
}

/// Logs in. If the link leaves this machine and the server has no TLS, it connects in the clear
/// only if the server does not ask for the password itself, or if the URL allows it.
async fn logged_in(
    target: &MySqlServer,
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
    let relay = Relay::to(Protocol::MySql, options.get_host(), options.get_port()).await?;
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
    clock: "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
    score: "CAST(COALESCE(u.score, 0) AS SIGNED)",
    meta_key: "name",
    bytes: ["CAST(CONVERT(", " USING utf8mb4) AS BINARY)"],
    is_numbered: false,
};

/// The statements of MariaDB and MySQL.
pub const SQL: Statements = Statements {
    migrations: schema::MIGRATIONS,
    archive: archive::SQL,
    spelling: SPELLING,
    epoch: Some("SELECT value FROM click_meta WHERE name = 'epoch'"),
    opening: "SELECT value AS `database`,
                     (SELECT value FROM click_meta WHERE name = 'held_keys') AS held_keys,
                     (SELECT value FROM click_meta WHERE name = 'max_rate') AS max_rate,
                     TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE()) AS today,
                     TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS `cursor`
              FROM click_meta WHERE name = 'database'",
    cursor: "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))",
    listing: listing::SQL,
    // Polls overlap by ten seconds, because no statement of ours takes longer to commit after its
    // stamp was taken. The poll's own time is taken before its snapshot, so what it misses has a
    // stamp later than that time minus ten seconds. LEAST follows a clock that was set back.
    changes: concat!(
        "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS stamp,
                CAST(NULL AS SIGNED) AS user_id, ",
        listing::nobody!(),
        " UNION ALL SELECT c.stamp, c.user_id, ",
        listing::player!(),
        " FROM click_changes c LEFT JOIN users u ON u.id = c.user_id
         WHERE c.stamp > LEAST(
                   ?, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
               ) - 10000000
         LIMIT ?"
    ),
    looks_back: true,
    register: "CALL click_register(?, ?)",
    resume: "CALL click_resume(?, ?, ?)",
    session: "CALL click_session(?, ?)",
    // The rows are locked before the total is read, so that an old connection of this client can't
    // write in between.
    count: Some(CountRoutine {
        one: "CALL click_count(?, ?)",
        // The procedure begins and ends its transaction.
        all: None,
    }),
    claims: "CALL click_claims(?)",
    begin: "START TRANSACTION",
    foreign_triggers: r"SELECT CONCAT('trigger ', trigger_name) FROM information_schema.triggers
                WHERE event_object_schema = DATABASE() AND event_object_table = 'users'
                  AND trigger_name NOT LIKE 'click\_%'
                ORDER BY 1",
    add: "CALL click_add(?, ?)",
    edit: "CALL click_edit(?, ?, ?)",
    retire: "CALL click_retire(?)",
    tidy: "CALL click_tidy(?)",
    kept_since: "SELECT CAST(value AS SIGNED) FROM click_meta WHERE name = 'kept_since'",
    sprint_begin: "CALL click_sprint_begin(?)",
    sprint: "CALL click_sprint(?, ?, ?, ?)",
    set_rules: "CALL click_rule(?, ?)",
    race_open: "CALL click_race_open(?, ?)",
    race_join: "CALL click_race_join(?, ?)",
    race_report: "CALL click_race_report(?, ?, ?, ?, ?)",
    begin_reading: None,
    ranking: concat!(
        "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS clock, p.*
              FROM (SELECT 1) one LEFT JOIN (
                  SELECT ",
        listing::player!(),
        ", r.points, r.place - 1 AS place, r.players
                  FROM (SELECT s.user_id, s.points, COUNT(*) OVER () AS players,
                               ROW_NUMBER() OVER (ORDER BY s.points DESC, s.user_id) AS place
                        FROM (SELECT h.user_id, CAST(SUM(h.points) AS SIGNED) AS points
                              FROM click_history h WHERE h.quarter >= ?
                              GROUP BY h.user_id) s) r
                  JOIN users u ON u.id = r.user_id
                  WHERE r.place <= ? OR r.user_id = ?
              ) p ON TRUE"
    ),
};

/// Checks that the server still takes writes and is up to date.
///
/// # Errors
/// If another host must be found.
pub async fn check_server(
    target: &MySqlServer,
    conn: &mut MySqlConnection,
) -> Result<(), StoreError> {
    let state = async {
        let state = state(target, conn).await;
        state.map_err(|error| target.explain(error))
    };
    target.answer(state).await?.approved(target)
}

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
