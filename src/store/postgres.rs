//! PostgreSQL. A count is one statement at READ COMMITTED, with a time limit on every wait.

use sqlx::postgres::{PgConnectOptions, PgSslMode};
use sqlx::{ConnectOptions, Executor, PgConnection, Row};

use super::StoreError;
use super::dialect::{ROUTINES, Statements};
use super::listing::{RankingSql, Survey, like, sets};
use super::server::{Position, Relay, Server, ServerState, is_without_tls, relay};
use super::spelling::Spelling;
use crate::message::Rights;

mod archive;
mod errors;
mod fit;
mod parts;
mod schema;

pub use errors::{explain, is_for_now, is_full};
pub use schema::{make_ready, refuse_to_read};

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

/// Begins a transaction around each call with the same settings, if a proxy shares the session.
const POOLED: &str = "
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET LOCAL lock_timeout = '3s';
    SET LOCAL statement_timeout = '4s';
    SET LOCAL idle_in_transaction_session_timeout = '3s';
    SELECT set_config('synchronous_commit', 'on', true)
    WHERE current_setting('synchronous_commit') = 'off'";

/// Whether the role may play, add, edit and remove.
const RIGHTS: &str = "
    SELECT COALESCE((SELECT bool_and(has_function_privilege(to_regprocedure(f), 'EXECUTE'))
                     FROM unnest(ARRAY['click_register(text,bigint[])',
                                       'click_session(text,bigint[])',
                                       'click_count(bigint[],bigint[])',
                                       'click_retire(text)']) f), FALSE) AS may_play,
           COALESCE(has_function_privilege(to_regprocedure('click_add(text,text)'), 'EXECUTE'),
                    FALSE) AS may_add,
           has_column_privilege('users', 'name', 'UPDATE')
               AND has_column_privilege('users', 'email', 'UPDATE') AS may_edit,
           has_table_privilege('users', 'DELETE') AS may_remove";

/// How PostgreSQL spells the statements that are written once for all engines.
const SPELLING: Spelling = Spelling {
    integer: "BIGINT",
    text: "TEXT",
    divide: "/",
    join: "JOIN",
    call: "SELECT * FROM",
    numbers: "string_to_array(?, ',')::bigint[]",
    clock: "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint",
    cursor: "{clock}",
    score: "click_whole(u.score)",
    meta_key: "key",
    bytes: ["convert_to(", ", 'UTF8')"],
    is_numbered: true,
};

/// The statements of PostgreSQL.
pub const SQL: Statements = Statements {
    migrations: schema::MIGRATIONS,
    spelling: SPELLING,
    archive: archive::SQL,
    listing: LISTING,
    calls: ROUTINES,
    // A restored dump has new tables, but a standby has the same ones.
    epoch: Some(
        "SELECT value || ' ' || 'click_sessions'::regclass::oid::text
         FROM click_meta WHERE key = 'epoch'",
    ),
    // Polls overlap by ten seconds, because no statement of ours takes longer to commit after its
    // stamp was taken. The poll's own time is taken before its snapshot, so what it misses has a
    // stamp later than that time minus ten seconds. LEAST follows a clock that was set back.
    changes: "SELECT stamp, user_id, id, name AS name_bytes, email AS email_bytes, score
              FROM click_feed(?, ?)",
    looks_back: true,
    takes_many: true,
    claims: "SELECT id, client, player AS user_id, counted AS last_seq FROM click_claims(?)",
    // Deferred triggers of other programs run at once, so that their changes are noticed.
    begin: "BEGIN; SET CONSTRAINTS ALL IMMEDIATE",
    begin_pooled: Some(POOLED),
    begin_reading: Some(
        "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = '25s'",
    ),
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
    edit: "UPDATE users SET name = ?, email = ? WHERE id = ?",
    scorers: "SELECT h.user_id, click_whole(SUM(h.points)) AS points
              FROM click_history h WHERE h.quarter >= ? GROUP BY h.user_id",
    is_unwritable: errors::is_unwritable,
};

/// How PostgreSQL reads the ranking. Each player is in one of two partial indexes with the same key.
/// PostgreSQL uses one if the query has its condition.
const LISTING: RankingSql = RankingSql {
    entries: "click_changes c",
    players: "click_changes c JOIN users u ON u.id = c.user_id",
    key: "c.rank_key",
    id: "c.user_id",
    parts: &[
        "c.rank_key IS NOT NULL AND NOT c.recent",
        "c.rank_key IS NOT NULL AND c.recent",
    ],
    pattern: |wanted| match wanted.is_ascii() {
        true => like(wanted),
        // In the C locale only ASCII letters have cases.
        false => sets(wanted, "\\"),
    },
    fits: [
        "u.name ILIKE ? ESCAPE '!' OR u.email ILIKE ? ESCAPE '!'",
        "u.name ~ ? OR u.email ~ ?",
    ],
    // The index has the beginning of the name.
    named: "left(u.name, 64) = left($1, 64) AND u.name = ?",
    survey: Survey::Own {
        begin: Some("BEGIN; SET LOCAL statement_timeout = '25s'"),
    },
};

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
pub async fn rights(target: &Server, conn: &mut PgConnection) -> Result<Rights, sqlx::Error> {
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
pub async fn session(
    target: &Server,
    options: &PgConnectOptions,
) -> Result<PgConnection, sqlx::Error> {
    let mut options = options
        .clone()
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
    target: &Server,
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
    let relay = Relay::to(options.get_host(), options.get_port(), relay::postgres).await?;
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

/// Reads the state of a server.
pub async fn state(target: &Server, conn: &mut PgConnection) -> Result<ServerState, StoreError> {
    let explain = |error| target.explain(error);
    let (takes_writes, position) = match conn.fetch_one(STATE).await {
        Ok(row) => {
            let read = || {
                let file: Option<String> = row.try_get("wal_file")?;
                let at: Option<i64> = row.try_get("wal_at")?;
                let position = file
                    .zip(at)
                    .and_then(|(file, at)| Position::of_wal(&file, at));
                Ok((row.try_get("takes_writes")?, position))
            };
            read().map_err(explain)?
        }
        Err(sqlx::Error::Database(_)) => {
            let row = conn.fetch_one("SHOW transaction_read_only").await;
            let read_only: String = row
                .and_then(|row| row.try_get("transaction_read_only"))
                .map_err(explain)?;
            (read_only == "off", None)
        }
        Err(error) => return Err(explain(error)),
    };
    Ok(ServerState {
        no_writes: (target.has_others && !takes_writes).then_some("takes no writes now"),
        position,
    })
}
