//! The PostgreSQL dialect: one statement a count, at READ COMMITTED, with limits on every wait.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Postgres};

use super::StoreError;
use super::dialect::{Dialect, Statements};
use super::server::{REPLY, Server, in_time};

mod schema;

/// A PostgreSQL database.
pub type PostgresServer = Server<PgConnectOptions>;

/// What a session needs whatever the server's defaults are; a setting that a server does not know
/// is left out. Saved means on disk, so `synchronous_commit` is switched on where it is off. A
/// client that is gone is noticed by the server soon, and so gives its locks back.
const SESSION: &str = "
    SELECT set_config(s.name, w.value, false)
    FROM (VALUES ('default_transaction_isolation', 'read committed'),
                 ('lock_timeout', '3s'),
                 ('statement_timeout', '8s'),
                 ('idle_in_transaction_session_timeout', '5s'),
                 ('tcp_keepalives_idle', '5'),
                 ('tcp_keepalives_interval', '2'),
                 ('tcp_keepalives_count', '3'),
                 ('tcp_user_timeout', '10s'),
                 ('synchronous_commit', 'on')) w (name, value)
    JOIN pg_settings s ON s.name = w.name
    WHERE s.name <> 'synchronous_commit' OR s.setting = 'off'";

impl Dialect for Postgres {
    type Target = PostgresServer;
    type Local = ();

    const SQL: Statements = Statements {
        database: "SELECT value FROM click_meta WHERE key = 'database'",
        cursor: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint",
        players: "SELECT id::bigint, convert_to(name, 'UTF8'), convert_to(email, 'UTF8'),
                         COALESCE(score, 0)::bigint
                  FROM users",
        // Ten seconds back: no statement of ours lasts longer after its stamp was taken. The
        // statement's own time is before its snapshot, so what it misses is stamped after that
        // less ten seconds. A clock that was set back is followed.
        changes: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
                         NULL::bigint, NULL::bigint, NULL::bytea, NULL::bytea, NULL::bigint
                  UNION ALL
                  SELECT c.stamp, c.user_id, u.id::bigint, convert_to(u.name, 'UTF8'),
                         convert_to(u.email, 'UTF8'), COALESCE(u.score, 0)::bigint
                  FROM click_changes c LEFT JOIN users u ON u.id = c.user_id
                  WHERE c.stamp > LEAST($1,
                            (extract(epoch FROM statement_timestamp()) * 1000000)::bigint
                        ) - 10000000",
        register: "INSERT INTO click_sessions (client, user_id)
                   SELECT $1, id FROM users WHERE id = $2 FOR KEY SHARE
                   ON CONFLICT (client, user_id) DO NOTHING",
        session: "SELECT id FROM click_sessions WHERE client = $1 AND user_id = $2",
        // One statement, so one round trip and no transaction that a lost link could leave open.
        // Where `locked` waited for a lock it gives the rows as they are then, not as they were
        // in the statement's snapshot; the updates take their numbers from it alone, and find the
        // rows' newest versions, which are locked by then. `kept` follows from `scored`, so that
        // neither is written without the other.
        count: "WITH locked AS MATERIALIZED (
                    SELECT u.id AS player, COALESCE(u.score, 0)::bigint AS score,
                           s.id AS session, s.last_seq
                    FROM click_sessions s JOIN users u ON u.id = s.user_id
                    WHERE s.id = $1
                    FOR UPDATE OF u, s
                ), scored AS (
                    UPDATE users u SET score = l.score + ($2 - l.last_seq)
                    FROM locked l WHERE u.id = l.player AND l.last_seq < $2
                    RETURNING l.session, u.score::bigint AS score
                ), kept AS (
                    UPDATE click_sessions s SET last_seq = $2
                    FROM scored WHERE s.id = scored.session
                    RETURNING s.last_seq, scored.score
                )
                SELECT COALESCE(k.last_seq, l.last_seq), COALESCE(k.score, l.score)
                FROM locked l LEFT JOIN kept k ON TRUE",
        add: "INSERT INTO users (name, email, score) VALUES ($1, $2, 0) RETURNING id::bigint",
        added: None,
        edit: "UPDATE users SET name = $1, email = $2 WHERE id = $3
               RETURNING COALESCE(score, 0)::bigint",
        edited: None,
        remove: "DELETE FROM users WHERE id = $1",
        retire: "DELETE FROM click_sessions WHERE client = $1",
        ranking: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
                         p.id, p.score, p.points
                  FROM (SELECT 1) one LEFT JOIN (
                      SELECT u.id::bigint AS id, COALESCE(u.score, 0)::bigint AS score,
                             SUM(h.points)::bigint AS points
                      FROM click_history h JOIN users u ON u.id = h.user_id
                      WHERE h.quarter >= $1 GROUP BY u.id
                  ) p ON TRUE",
        history: "SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint,
                         CASE WHEN u.id IS NOT NULL THEN COALESCE(u.score, 0)::bigint END,
                         h.quarter, h.points
                  FROM (SELECT $1::bigint AS id) p
                  LEFT JOIN users u ON u.id = p.id
                  LEFT JOIN click_history h ON h.user_id = u.id",
    };

    const LOOKS_BACK: bool = true;

    const PATIENCE: Option<Duration> = Some(REPLY);

    fn local(_: &PostgresServer) {}

    async fn connect(
        target: &PostgresServer,
        _: &mut (),
        first: bool,
    ) -> Result<PgConnection, StoreError> {
        let mut options = PgConnectOptions::clone(&target.options).disable_statement_logging();
        if options.get_application_name().is_none() {
            options = options.application_name("clickoff");
        }
        let connecting = async {
            let mut conn = options.connect().await?;
            conn.execute(SESSION).await?;
            Ok(conn)
        };
        let mut conn = in_time(connecting)
            .await
            .map_err(|error| Self::explain(target, error))?;
        if first && !schema::is_current(target, &mut conn).await? {
            let brought_up = schema::bring_up_to_date(target, &mut conn).await;
            if let Err(error) = brought_up {
                let _ = conn.close().await;
                return Err(error);
            }
        }
        Ok(conn)
    }

    fn at_first(error: StoreError) -> StoreError {
        PostgresServer::at_first(error)
    }

    fn explain(target: &PostgresServer, error: sqlx::Error) -> StoreError {
        let sqlx::Error::Database(database) = &error else {
            return target.broken(error);
        };
        let place = target.place();
        let why = database.message().to_owned();
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        match database.code().as_deref().unwrap_or_default() {
            "40001" | "40P01" | "55P03" | "57014" | "57P03" => StoreError::Busy { place },
            "22003" => StoreError::ScoreFull,
            "25006" => StoreError::Standby { place },
            "3D000" => target.unusable(format!(
                "{why}. Create it with CREATE DATABASE, or name another one in the URL."
            )),
            "42501" => StoreError::Forbidden { place, why },
            "53100" => StoreError::Full { place },
            "58030" | "XX001" | "XX002" => StoreError::Device { place, why },
            code if code.starts_with("28") => target.unusable(format!(
                "{why}. Check the user name and the password in the URL, and what the server \
                 allows them."
            )),
            code if code.starts_with("22") || code.starts_with("23") => {
                StoreError::Rejected { why }
            }
            "40003" | "53300" => target.lost(why),
            code if code.starts_with("08") || code.starts_with("57P") => target.lost(why),
            _ => StoreError::Other { place, why },
        }
    }
}
