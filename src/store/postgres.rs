//! The PostgreSQL dialect: one statement a count, at READ COMMITTED, with limits on every wait.

use std::time::Duration;

use sqlx::error::DatabaseError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Postgres, Row};

use super::calls::{Locked, Manner, locked_count};
use super::dialect::{Dialect, Opening, Statements, bests, board, race};
use super::listing::{like, sets};
use super::migrations::Migrations;
use super::server::{REPLY, Server, in_time, passes};
use super::{Hosts, SessionId, StoreError};
use crate::message::Rights;

mod listing;
mod parts;
mod schema;

pub use parts::{PARTS, SCHEMA};
pub use schema::refuse_to_read;

/// A PostgreSQL database.
pub type PostgresServer = Server<PgConnectOptions>;

/// What a session needs whatever the server's defaults are; a setting that a server does not know
/// is left out. Saved means on disk, so `synchronous_commit` is switched on where it is off. A
/// client that is gone is noticed by the server soon, and so gives its locks back.
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

/// The same for one transaction, where the session is not ours.
const POOLED: &str = "
    BEGIN ISOLATION LEVEL READ COMMITTED;
    SET LOCAL lock_timeout = '3s';
    SET LOCAL statement_timeout = '4s';
    SET LOCAL idle_in_transaction_session_timeout = '3s';
    SELECT set_config('synchronous_commit', 'on', true)
    WHERE current_setting('synchronous_commit') = 'off'";

/// Whether the role may play, add, edit and remove. Only a key that comes from a sequence by a
/// default, as the tutorial's does, needs a right of its own.
const RIGHTS: &str = "
    SELECT COALESCE((SELECT bool_and(has_function_privilege(to_regprocedure(f), 'EXECUTE'))
                     FROM unnest(ARRAY['click_register(text,bigint)',
                                       'click_session(text,bigint)',
                                       'click_count(bigint,bigint)',
                                       'click_retire(text)']) f), FALSE),
           has_column_privilege('users', 'name', 'INSERT')
               AND has_column_privilege('users', 'email', 'INSERT')
               AND has_column_privilege('users', 'score', 'INSERT')
               AND COALESCE((SELECT a.attidentity <> '' FROM pg_attribute a
                             WHERE a.attrelid = 'users'::regclass AND a.attname = 'id')
                   OR has_sequence_privilege(pg_get_serial_sequence('users', 'id'),
                                             'USAGE, UPDATE'), TRUE),
           has_column_privilege('users', 'name', 'UPDATE')
               AND has_column_privilege('users', 'email', 'UPDATE'),
           has_table_privilege('users', 'DELETE')";

impl Dialect for Postgres {
    type Target = PostgresServer;
    type Local = ();

    const MIGRATIONS: Migrations = schema::MIGRATIONS;

    const SQL: Statements = Statements {
        database: "SELECT value FROM click_meta WHERE key = 'database'",
        // A dump that is restored without clickoff makes other tables, a standby has the same.
        epoch: Some(
            "SELECT value || ' ' || 'click_sessions'::regclass::oid::text
             FROM click_meta WHERE key = 'epoch'",
        ),
        opening: Opening::Alone(
            "SELECT value, (SELECT value FROM click_meta WHERE key = 'held_keys'),
                    (SELECT value FROM click_meta WHERE key = 'max_rate'),
                    floor(extract(epoch FROM statement_timestamp()) / 86400)::bigint,
                    (extract(epoch FROM statement_timestamp()) * 1000000)::bigint
             FROM click_meta WHERE key = 'database'",
        ),
        cursor: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint",
        listing: listing::SQL,
        // Ten seconds back: no statement of ours lasts longer after its stamp was taken. The
        // statement's own time is before its snapshot, so what it misses is stamped after that
        // less ten seconds. A clock that was set back is followed.
        changes: "SELECT stamp, user_id, id, name, email, score FROM click_feed($1, $2)",
        register: "CALL click_register($1, $2)",
        resume: "CALL click_resume($1, $2, $3)",
        session: "SELECT click_session($1, $2)",
        claims: "SELECT client, player, counted FROM click_claims($1)",
        // The transaction is the function's: one round trip, and nothing that a lost link could
        // leave open.
        begin: "BEGIN",
        meddlers: r"SELECT 'trigger ' || tgname::text FROM pg_trigger
                    WHERE tgrelid = to_regclass('users') AND NOT tgisinternal
                      AND tgname NOT LIKE 'click\_%'
                    UNION ALL
                    SELECT 'rule ' || rulename::text FROM pg_rewrite
                    WHERE ev_class = to_regclass('users') AND rulename <> '_RETURN'
                    UNION ALL
                    SELECT 'row-level security' FROM pg_class
                    WHERE oid = to_regclass('users') AND relrowsecurity
                    ORDER BY 1",
        add: "INSERT INTO users (name, email, score) VALUES ($1, $2, 0) RETURNING id::bigint",
        edit: "UPDATE users SET name = $1, email = $2 WHERE id = $3",
        remove: "DELETE FROM users WHERE id = $1",
        retire: "CALL click_retire($1)",
        tidy: "SELECT click_tidy($1)",
        kept_since: "SELECT substring(value FROM '^[0-9]{1,9}$')::bigint
                     FROM click_meta WHERE key = 'kept_since'",
        sprint_begin: "SELECT click_sprint_begin($1)",
        sprint: "SELECT click_sprint($1, $2, $3, $4)",
        bests: bests!("$1"),
        set_rules: "CALL click_rule($1, $2)",
        board: board!(first "$2" over "$1"),
        own_board: board!(of "$1"),
        race_open: "SELECT race, racer FROM click_race_open($1, $2)",
        race_join: "SELECT race, racer FROM click_race_join($1, $2)",
        race_report: "CALL click_race_report($1, $2, $3, $4)",
        race: race!(
            "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint",
            "convert_to(c.name, 'UTF8')",
            "$1::bigint"
        ),
        races: race!(last "(extract(epoch FROM statement_timestamp()) * 1000000)::bigint", "convert_to(c.name, 'UTF8')", "$1"),
        begin_reading: Some(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SET LOCAL statement_timeout = '25s'",
        ),
        ranking: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
                         p.id, p.name, p.email, p.score, p.points, p.place, p.players
                  FROM (SELECT 1) one LEFT JOIN (
                      SELECT u.id::bigint AS id, convert_to(u.name, 'UTF8') AS name,
                             convert_to(u.email, 'UTF8') AS email,
                             COALESCE(u.score, 0)::bigint AS score, r.points,
                             r.place - 1 AS place, r.players
                      FROM (SELECT h.user_id, SUM(h.points)::bigint AS points,
                                   COUNT(*) OVER () AS players,
                                   row_number() OVER (ORDER BY SUM(h.points) DESC, h.user_id)
                                       AS place
                            FROM click_history h WHERE h.quarter >= $1 GROUP BY h.user_id) r
                      JOIN users u ON u.id = r.user_id
                      WHERE r.place <= $2 OR r.user_id = $3
                  ) p ON TRUE",
        history: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
                         CASE WHEN u.id IS NOT NULL THEN COALESCE(u.score, 0)::bigint END,
                         h.quarter, h.points
                  FROM (SELECT $1::bigint AS id) p
                  LEFT JOIN users u ON u.id = p.id
                  LEFT JOIN click_history h ON h.user_id = u.id",
    };

    const LOOKS_BACK: bool = true;

    fn pattern(wanted: &str) -> String {
        match wanted.is_ascii() {
            true => like(wanted),
            // What is no ASCII has no cases where the database's locale is C.
            false => sets(wanted, "\\"),
        }
    }

    const PATIENCE: Option<Duration> = Some(REPLY);

    fn local(_: &PostgresServer) {}

    fn begins_call(target: &PostgresServer) -> Option<&'static str> {
        target.pooled.then_some(POOLED)
    }

    fn place(hosts: &Hosts<PostgresServer>) -> String {
        hosts.place()
    }

    async fn connect(
        target: &PostgresServer,
        _: &mut (),
        migrations: Option<Migrations>,
    ) -> Result<PgConnection, StoreError> {
        let mut conn = in_time(target.limit, session(target))
            .await
            .map_err(|error| {
                let passes = passes(&error) || is_for_now(&error);
                target.unreached(passes, Self::explain(target, error))
            })?;
        if target.has_others && !target.answer(takes_writes(target, &mut conn)).await? {
            return Err(target.no_writes("takes no writes now"));
        }
        if let Some(migrations) = migrations {
            let ready = schema::make_ready(target, &mut conn, migrations).await;
            if let Err(error) = ready {
                let _ = conn.close().await;
                return Err(error);
            }
        }
        Ok(conn)
    }

    async fn rights(conn: &mut PgConnection, manner: Manner) -> Result<Rights, sqlx::Error> {
        let row = manner.query::<Self>(RIGHTS).fetch_one(conn).await?;
        Ok(Rights {
            play: row.try_get(0)?,
            add: row.try_get(1)?,
            edit: row.try_get(2)?,
            remove: row.try_get(3)?,
        })
    }

    fn at_first(error: StoreError) -> StoreError {
        PostgresServer::at_first(error)
    }

    async fn count(
        conn: &mut PgConnection,
        manner: Manner,
        session: SessionId,
        upto: u64,
    ) -> Result<Locked, sqlx::Error> {
        let count = "SELECT counted, score, refused, max_rate FROM click_count($1, $2)";
        locked_count::<Self>(conn, manner, count, session, upto).await
    }

    fn explain(target: &PostgresServer, error: sqlx::Error) -> StoreError {
        let sqlx::Error::Database(database) = &error else {
            return target.broken(error);
        };
        let code = database.code().unwrap_or_default();
        meaning(target, &code, database.message().to_owned())
    }
}

/// What a code of the server means.
/// <https://www.postgresql.org/docs/current/errcodes-appendix.html>
fn meaning(target: &PostgresServer, code: &str, why: String) -> StoreError {
    let place = target.place();
    match code {
        // CockroachDB and YugabyteDB answer contention with the first of these.
        "40001" | "40P01" | "55P03" | "57014" => StoreError::Busy { place },
        "22003" => StoreError::ScoreFull,
        "25006" => StoreError::Standby { place },
        "26000" | "42P05" => target.unusable(format!(
            "{why}. A proxy pools its connections by transaction: add ?pool_mode=transaction to \
             the URL."
        )),
        "3D000" => target.unusable(format!(
            "{why}. Create it with CREATE DATABASE, or name another one in the URL."
        )),
        "42501" => StoreError::Forbidden { place, why },
        "53100" => StoreError::Full { place },
        "58030" | "XX001" | "XX002" => StoreError::Device { place, why },
        code if code.starts_with("28") => target.unusable(format!(
            "{why}. Check the user name and the password in the URL, and what the server allows \
             them."
        )),
        code if code.starts_with("22") || code.starts_with("23") => StoreError::Rejected { why },
        // Of 40003 (CockroachDB's too) nobody knows whether it was committed.
        "40003" | "53300" => target.lost(why),
        code if code.starts_with("08") || code.starts_with("57P") => target.lost(why),
        _ => StoreError::Other { place, why },
    }
}

/// A connection, with what its session needs.
async fn session(target: &PostgresServer) -> Result<PgConnection, sqlx::Error> {
    let mut options = PgConnectOptions::clone(&target.options)
        .disable_statement_logging()
        // No number with a fraction is read, and a pooling proxy refuses the setting.
        .extra_float_digits(None);
    if options.get_application_name().is_none() {
        options = options.application_name("clickoff");
    }
    if target.pooled {
        return options.statement_cache_capacity(0).connect().await;
    }
    let mut conn = options.connect().await?;
    conn.execute(SESSION).await?;
    Ok(conn)
}

/// Whether a server that refuses a connection may take one later: it starts, stops, or has too
/// many.
fn is_for_now(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(DatabaseError::code);
    code.is_some_and(|code| code == "53300" || code.starts_with("57P") || code.starts_with("08"))
}

/// Whether the server is one that can be written to, and no copy of it.
async fn takes_writes(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<bool, StoreError> {
    let explain = |error| Postgres::explain(target, error);
    let row = conn.fetch_one("SHOW transaction_read_only").await;
    let read_only: String = row.and_then(|row| row.try_get(0)).map_err(explain)?;
    Ok(read_only == "off")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::BrokenKind;
    use crate::store::{Remedy, Target};

    #[test]
    fn what_passes_is_tried_again_and_what_is_wrong_is_told() {
        let Ok(Target::Postgres(hosts)) = Target::parse("postgres://ada@db/game".as_ref()) else {
            panic!("a URL");
        };
        let stop = Remedy::Stop(BrokenKind::Unreachable);
        for (code, remedy) in [
            ("40001", Remedy::Retry),
            ("40P01", Remedy::Retry),
            ("40003", Remedy::Retry),
            ("55P03", Remedy::Retry),
            ("57014", Remedy::Retry),
            ("57P01", Remedy::Retry),
            ("57P03", Remedy::Retry),
            ("53300", Remedy::Retry),
            ("08006", Remedy::Retry),
            ("08P01", Remedy::Retry),
            ("25006", Remedy::Wait),
            ("42501", Remedy::Wait),
            ("53100", Remedy::Wait),
            ("XX000", Remedy::Wait),
            ("22003", Remedy::Refuse),
            ("23505", Remedy::Refuse),
            ("28P01", stop),
            ("28000", stop),
            ("3D000", stop),
            ("26000", stop),
            ("42P05", stop),
        ] {
            let error = meaning(&hosts.all[0], code, "so it says".into());
            assert_eq!(error.remedy(), remedy, "{code}: {error}");
            let unknown = code == "40003" || code.starts_with("08");
            assert!(!unknown || !error.wrote_nothing(), "{code}: {error}");
        }
    }
}
