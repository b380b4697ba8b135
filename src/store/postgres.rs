//! PostgreSQL. A count is one statement at READ COMMITTED, with a time limit on every wait.

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Row};

use super::StoreError;
use super::dialect::{CountRoutine, Statements};
use super::listing::{like, sets};
use super::migrations::Migrations;
use super::server::{CONNECT, Position, Protocol, Relay, Server, in_time, is_without_tls, passes};
use super::spelling::Spelling;
use crate::message::Rights;

mod archive;
mod errors;
mod fit;
mod listing;
mod parts;
mod schema;

pub use errors::is_unwritable;
pub use schema::refuse_to_read;

/// A PostgreSQL database.
pub type PostgresServer = Server<PgConnectOptions>;

/// The session's settings, whatever the server's defaults are. Settings that a server does not know
/// are left out. Saved must mean on disk, so `synchronous_commit` is switched on if it is off. The
/// keepalives make the server notice soon that a client is gone, and release its locks.
const SESSION: &str = "
    SELECT set_config(s.name, w.value, false)
    FROM (VALUES ('default_transaction_isolation', 'read committed'),
                 ('lock_timeout', '3s'),
                 ('statement_timeout', '4s'),
                 ('idle_in_transaction_session_timeout', '3s'),
                 ('tcp_keepalives_idle', '5'),
                 ('tcp_keepalives_interval', '2'),
                 ('tcp_keepalives_count', '3'),
                 ('tcp_user_timeout', '5s'),
                 ('synchronous_commit', 'on')) w (name, value)
    JOIN pg_settings s ON s.name = w.name
    WHERE s.name <> 'synchronous_commit' OR s.setting = 'off'";

/// The same for one transaction, if a proxy shares the session.
const POOLED: &str = "
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL lock_timeout = '3s';
    SET LOCAL statement_timeout = '4s';
    SET LOCAL idle_in_transaction_session_timeout = '3s';
    SELECT set_config('synchronous_commit', 'on', true)
    WHERE current_setting('synchronous_commit') = 'off'";

/// Whether the role may play, add, edit and remove.
const RIGHTS: &str = "
    SELECT COALESCE((SELECT bool_and(has_function_privilege(to_regprocedure(f), 'EXECUTE'))
                     FROM unnest(ARRAY['click_register(text,bigint)',
                                       'click_session(text,bigint)',
                                       'click_count(bigint,bigint)',
                                       'click_retire(text)']) f), FALSE) AS may_play,
           COALESCE(has_function_privilege(to_regprocedure('click_add(text,text)'), 'EXECUTE'),
                    FALSE) AS may_add,
           has_column_privilege('users', 'name', 'UPDATE')
               AND has_column_privilege('users', 'email', 'UPDATE') AS may_edit,
           has_table_privilege('users', 'DELETE') AS may_remove";

impl PostgresServer {
    /// The statement that begins a transaction around each call and makes the session's settings.
    /// It is needed behind a transaction-pooling proxy.
    pub fn begins_call(&self) -> Option<&'static str> {
        self.pooled.then_some(POOLED)
    }

    /// Opens a connection.
    pub async fn connect(&self) -> Result<PgConnection, StoreError> {
        self.check_files()?;
        let mut conn = match in_time(CONNECT, session(self)).await {
            Ok(conn) => conn,
            Err(error) if errors::is_full(&error) && !self.gives_way => {
                let full = self.unreached(true, self.explain(error));
                return self.spare.request().ok_or(full);
            }
            Err(error) => {
                let passes = passes(&error) || errors::is_for_now(&error);
                return Err(self.unreached(passes, self.explain(error)));
            }
        };
        if !self.gives_way {
            // An offered connection that came too late is closed, or it would use up a connection
            // for nothing.
            drop(self.spare.cancel_request());
        }
        check_server(self, &mut conn).await?;
        Ok(conn)
    }

    /// Brings the schema up to date, and returns the connection to continue with.
    pub async fn prepare(
        &self,
        mut conn: PgConnection,
        migrations: Migrations,
    ) -> Result<PgConnection, StoreError> {
        let ready = schema::make_ready(self, &mut conn, migrations).await;
        if let Err(error) = ready {
            let _ = conn.close().await;
            return Err(error);
        }
        Ok(conn)
    }
}

/// How PostgreSQL spells the statements that are written once for all engines.
const SPELLING: Spelling = Spelling {
    integer: "BIGINT",
    text: "TEXT",
    divide: "/",
    clock: "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint",
    score: "click_whole(u.score)",
    meta_key: "key",
    bytes: ["convert_to(", ", 'UTF8')"],
    is_numbered: true,
};

/// The statements of PostgreSQL.
pub const SQL: Statements = Statements {
    migrations: schema::MIGRATIONS,
    archive: archive::SQL,
    spelling: SPELLING,
    // A restored dump has new tables, but a standby has the same ones.
    epoch: Some(
        "SELECT value || ' ' || 'click_sessions'::regclass::oid::text
         FROM click_meta WHERE key = 'epoch'",
    ),
    opening: "SELECT value AS database,
                     (SELECT value FROM click_meta WHERE key = 'held_keys') AS held_keys,
                     (SELECT value FROM click_meta WHERE key = 'max_rate') AS max_rate,
                     floor(extract(epoch FROM statement_timestamp()) / 86400)::bigint AS today,
                     (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS cursor
              FROM click_meta WHERE key = 'database'",
    cursor: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint",
    listing: listing::SQL,
    // Polls overlap by ten seconds, because no statement of ours takes longer to commit after its
    // stamp was taken. The poll's own time is taken before its snapshot, so what it misses has a
    // stamp later than that time minus ten seconds. LEAST follows a clock that was set back.
    changes: "SELECT stamp, user_id, id, name AS name_bytes, email AS email_bytes, score
              FROM click_feed($1, $2)",
    looks_back: true,
    register: "CALL click_register($1, $2)",
    resume: "CALL click_resume($1, $2, $3)",
    session: "SELECT click_session($1, $2)",
    // The rows are locked before the total is read, so that an old connection of this client can't
    // write in between.
    count: Some(CountRoutine {
        one: "SELECT counted, score, refused, max_rate FROM click_count($1, $2)",
        all: Some(
            "SELECT c.counted, c.score, c.refused, c.max_rate
             FROM unnest(string_to_array($1, ',')::bigint[], string_to_array($2, ',')::bigint[])
                  WITH ORDINALITY AS t (session, upto, place),
                  click_count(t.session, t.upto) c
             ORDER BY t.place",
        ),
    }),
    claims: "SELECT id, client, player AS user_id, counted AS last_seq FROM click_claims($1)",
    // Deferred triggers of other programs run at once, so that their changes are noticed.
    begin: "BEGIN; SET CONSTRAINTS ALL IMMEDIATE",
    foreign_triggers: r"SELECT 'trigger ' || tgname::text FROM pg_trigger
                WHERE tgrelid = to_regclass('users') AND NOT tgisinternal
                  AND tgname NOT LIKE 'click\_%'
                UNION ALL
                SELECT 'rule ' || rulename::text FROM pg_rewrite
                WHERE ev_class = to_regclass('users') AND rulename <> '_RETURN'
                UNION ALL
                SELECT 'row-level security' FROM pg_class
                WHERE oid = to_regclass('users') AND relrowsecurity
                ORDER BY 1",
    add: "SELECT click_add($1, $2)",
    edit: "UPDATE users SET name = $1, email = $2 WHERE id = $3",
    retire: "CALL click_retire($1)",
    tidy: "SELECT click_tidy($1)",
    kept_since: "SELECT substring(value FROM '^[0-9]{1,9}$')::bigint
                 FROM click_meta WHERE key = 'kept_since'",
    sprint_begin: "SELECT click_sprint_begin($1)",
    sprint: "SELECT click_sprint($1, $2, $3, $4)",
    set_rules: "CALL click_rule($1, $2)",
    race_open: "SELECT race, racer FROM click_race_open($1, $2)",
    race_join: "SELECT race, racer FROM click_race_join($1, $2)",
    race_report: "CALL click_race_report($1, $2, $3, $4, $5)",
    begin_reading: Some(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = '25s'",
    ),
    ranking: concat!(
        "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS clock, p.*
              FROM (SELECT 1) one LEFT JOIN (
                  SELECT ",
        listing::player!(),
        ", r.points, r.place - 1 AS place, r.players
                  FROM (SELECT h.user_id, click_whole(SUM(h.points)) AS points,
                               COUNT(*) OVER () AS players,
                               row_number() OVER (ORDER BY SUM(h.points) DESC, h.user_id)
                                   AS place
                        FROM click_history h WHERE h.quarter >= $1 GROUP BY h.user_id) r
                  JOIN users u ON u.id = r.user_id
                  WHERE r.place <= $2 OR r.user_id = $3
              ) p ON TRUE"
    ),
};

/// The pattern with which the statements search for this text, in lower case.
pub fn pattern(wanted: &str) -> String {
    match wanted.is_ascii() {
        true => like(wanted),
        // In the C locale only ASCII letters have cases.
        false => sets(wanted, "\\"),
    }
}

/// Checks that the server still takes writes and is up to date.
///
/// # Errors
/// If another host must be found.
pub async fn check_server(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<(), StoreError> {
    let (takes_writes, position) = target.answer(state(target, conn)).await?;
    if target.has_others && !takes_writes {
        return Err(target.no_writes("takes no writes now"));
    }
    target.arrived_at(position)
}

/// What blocks all writers, as far as the server tells.
pub async fn holder(conn: &mut PgConnection) -> Option<&'static str> {
    let waits = conn.fetch_optional(WAITS_FOR_STANDBY).await;
    let waits = waits.ok().flatten().is_some();
    waits.then_some(
        "its commits wait for a synchronous standby, which does not answer: start that, or take \
         it out of synchronous_standby_names",
    )
}

/// What the database allows its user.
pub async fn rights(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<Rights, sqlx::Error> {
    let rights = sqlx::query(RIGHTS).persistent(!target.pooled);
    let row = rights.fetch_one(conn).await?;
    Ok(Rights {
        play: row.try_get("may_play")?,
        add: row.try_get("may_add")?,
        edit: row.try_get("may_edit")?,
        remove: row.try_get("may_remove")?,
    })
}

/// Opens a connection and makes the session's settings.
async fn session(target: &PostgresServer) -> Result<PgConnection, sqlx::Error> {
    let mut options = PgConnectOptions::clone(&target.options)
        .disable_statement_logging()
        // No fractions are read, and pooling proxies refuse this setting.
        .extra_float_digits(None);
    if options.get_application_name().is_none() {
        options = options.application_name("clickoff");
    }
    if target.pooled {
        return logged_in(target, options.statement_cache_capacity(0)).await;
    }
    let mut conn = logged_in(target, options).await?;
    conn.execute(SESSION).await?;
    Ok(conn)
}

/// Logs in. If the link leaves this machine and the server has no TLS, it connects in the clear
/// only if the server does not ask for the password itself, or if the URL allows it.
async fn logged_in(
    target: &PostgresServer,
    options: PgConnectOptions,
) -> Result<PgConnection, sqlx::Error> {
    let may_be_clear = matches!(options.get_ssl_mode(), PgSslMode::Prefer | PgSslMode::Allow);
    if !(target.is_remote && may_be_clear) {
        return options.connect().await;
    }
    match options.clone().ssl_mode(PgSslMode::Require).connect().await {
        Err(sqlx::Error::Tls(error)) if is_without_tls(&error.to_string()) => {}
        connected => return connected,
    }
    let relay = Relay::to(Protocol::Postgres, options.get_host(), options.get_port()).await?;
    let options = options.host(&relay.at.ip().to_string());
    let options = options.port(relay.at.port()).ssl_mode(PgSslMode::Disable);
    relay.unless_asked(options.connect().await)
}

/// Reads whether the server takes writes, and the position in its log if it is not a standby. Not
/// every server that speaks PostgreSQL's protocol has these functions.
const STATE: &str = "
    SELECT current_setting('transaction_read_only') = 'off' AS takes_writes,
           CASE WHEN NOT pg_is_in_recovery()
                THEN pg_walfile_name(pg_current_wal_flush_lsn()) END AS wal_file,
           CASE WHEN NOT pg_is_in_recovery()
                THEN (pg_current_wal_flush_lsn() - '0/0')::bigint END AS wal_at";

/// Whether a commit waits for a standby. Most roles see only their own sessions here.
const WAITS_FOR_STANDBY: &str = "
    SELECT 1 FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event = 'SyncRep' LIMIT 1";

async fn state(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<(bool, Option<Position>), StoreError> {
    let explain = |error| target.explain(error);
    match conn.fetch_one(STATE).await {
        Ok(row) => {
            let read = || {
                let file: Option<String> = row.try_get("wal_file")?;
                let at: Option<i64> = row.try_get("wal_at")?;
                let position = file
                    .zip(at)
                    .and_then(|(file, at)| Position::of_wal(&file, at));
                Ok((row.try_get("takes_writes")?, position))
            };
            read().map_err(explain)
        }
        Err(sqlx::Error::Database(_)) => {
            let row = conn.fetch_one("SHOW transaction_read_only").await;
            let read_only: String = row
                .and_then(|row| row.try_get("transaction_read_only"))
                .map_err(explain)?;
            Ok((read_only == "off", None))
        }
        Err(error) => Err(explain(error)),
    }
}
