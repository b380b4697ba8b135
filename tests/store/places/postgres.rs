//! A PostgreSQL database on a private server.

use std::sync::LazyLock;
use std::time::{Duration, Instant};

use clickoff::message::Rights;
use clickoff::store::{AnyStore, Target};
use sqlx::PgConnection;

use super::{BUT_REMOVE, OnServer, Postgres, Served, WATCH};
use crate::contract::Place;
use crate::support::servers::{self, Missing, require};

static POSTGRES: LazyLock<Result<servers::Postgres, Missing>> =
    LazyLock::new(servers::Postgres::start);

/// The driver gives way to other tasks eight hundred times while it hashes a password, and each
/// time can cost a time slice on a busy machine: eight clients that log in again and again would
/// not get in at all. Where links break all the time, no password is asked for.
static TRUSTING: LazyLock<Result<servers::Postgres, Missing>> = LazyLock::new(trusting);

fn trusting() -> Result<servers::Postgres, Missing> {
    let server = servers::Postgres::start()?;
    let rules = "local all all trust\nhost all all 127.0.0.1/32 trust\n";
    let file = server.dir().join("data/pg_hba.conf");
    std::fs::write(file, rules).expect("the server's rules can be written");
    server.sql("SELECT pg_reload_conf()");
    Ok(server)
}

/// How many connections the proxy has to each database: fewer than the tests have clients.
pub const POOL: u32 = 3;

/// A proxy that pools connections by transaction.
static BOUNCER: LazyLock<Result<servers::PgBouncer, Missing>> = LazyLock::new(|| {
    let server = TRUSTING.as_ref().map_err(Clone::clone)?;
    servers::PgBouncer::start(server, POOL)
});

impl Postgres {
    /// A database behind a proxy that pools connections by transaction.
    pub fn pooled() -> Option<Self> {
        let bouncer = require(BOUNCER.as_ref().map_err(Clone::clone))?;
        let place = Self::for_faults()?;
        let url = place.url_via(bouncer.addr());
        Some(Self {
            url: format!("{url}?pool_mode=transaction"),
            address: bouncer.addr(),
            ..place
        })
    }
}

impl Place for Postgres {
    fn store(&self) -> AnyStore {
        Self::store_at(self.url())
    }

    async fn sql(&self, text: &'static str) {
        self.ask(text);
    }

    async fn number(&self, text: &'static str) -> i64 {
        self.ask(text).parse().expect(text)
    }
}

impl Served for Postgres {
    type Connection = PgConnection;

    // A Bind message with all formats binary and two parameters, the first of less than 256 bytes.
    const TWO_TEXTS: &'static [u8] = &[0, 1, 0, 1, 0, 2, 0, 0, 0];

    const WAITING: &'static str = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";

    const CLAIMS: &'static str = "SELECT * FROM click_claims";

    fn new() -> Option<Self> {
        let server = require(POSTGRES.as_ref().map_err(Clone::clone))?;
        Some(Self::fresh(server))
    }

    fn for_faults() -> Option<Self> {
        let server = require(TRUSTING.as_ref().map_err(Clone::clone))?;
        Some(Self::fresh(server))
    }

    fn alone() -> Option<Self> {
        let server = require(trusting())?;
        Some(Self::fresh(Box::leak(Box::new(server))))
    }

    fn store_at(url: &str) -> AnyStore {
        AnyStore::new(Target::parse(url.as_ref()).expect("a URL"))
    }

    fn end_a_connection(&self) {
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'clickoff'
             ORDER BY random() LIMIT 1",
        );
    }

    async fn run(conn: &mut PgConnection, text: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(text).execute(conn).await.map(drop)
    }

    async fn add_blindly(
        conn: &mut PgConnection,
        player: i64,
        presses: i64,
    ) -> Result<(), sqlx::Error> {
        // With a text of 18 digits, so that it looks like a count: see `counts`.
        sqlx::query("UPDATE users SET score = score + $1::text::bigint WHERE id = $2")
            .bind(format!("{presses:018}"))
            .bind(player)
            .execute(conn)
            .await
            .map(drop)
    }

    fn fail_updates(&self, code: &str) {
        self.ask(&format!(
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{code}'; END $$;
             DROP TRIGGER IF EXISTS fail ON users;
             CREATE TRIGGER fail BEFORE UPDATE ON users
             FOR EACH ROW EXECUTE FUNCTION fail();"
        ));
    }

    const CAP: &'static str = "
        CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.score > 7 THEN RAISE EXCEPTION 'no more than 7'; END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION cap();";

    const UNCAP: &'static str = "DROP TRIGGER cap ON users";

    const HIDE_COUNTING: &'static str = "DROP FUNCTION click_count(BIGINT[], BIGINT[])";

    fn fail_inserts(&self, table: &str, code: &str) {
        self.ask(&format!(
            "CREATE FUNCTION fail_{table}() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{code}'; END $$;
             CREATE TRIGGER fail_{table} BEFORE INSERT ON {table}
             FOR EACH ROW EXECUTE FUNCTION fail_{table}();"
        ));
    }

    fn fail_migrations(&self, code: &str) {
        self.ask(&format!(
            "CREATE FUNCTION fail_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'on purpose' USING ERRCODE = '{code}'; END $$;
             CREATE EVENT TRIGGER fail_ddl ON ddl_command_start WHEN TAG IN ('CREATE TRIGGER')
             EXECUTE FUNCTION fail_ddl();"
        ));
    }

    fn let_migrations_pass(&self) {
        self.ask("DROP EVENT TRIGGER fail_ddl");
    }

    fn take_no_writes(&self) {
        self.ask(
            "ALTER SYSTEM SET default_transaction_read_only = on;
             SELECT pg_reload_conf();",
        );
        let end = Instant::now() + Duration::from_secs(20);
        while self.ask("SHOW default_transaction_read_only") != "on" {
            assert!(Instant::now() < end, "the setting is not read");
        }
    }

    const REFUSING: &'static str = "P0001";

    const PASSING: &'static [&'static str] = &["40001", "40P01", "55P03", "57014", "57P03"];

    const ROLES: &'static str = include_str!("../../../assets/roles/postgres.sql");

    const NEW_USER: &'static str = "CREATE ROLE {user} LOGIN PASSWORD '{password}';";

    fn role(name: &str) -> String {
        format!("GRANT {name} TO {{user}};")
    }

    const TAKE_AWAY: &'static str =
        "REVOKE EXECUTE ON FUNCTION click_count(BIGINT[], BIGINT[]) FROM clickoff_player";

    const TWO_CONNECTIONS: &'static str = "ALTER ROLE {user} CONNECTION LIMIT 2;";

    const END_FIRST_OF_TWICE: &'static str = "
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND usename LIKE 'twice%'
        ORDER BY backend_start LIMIT 1";

    const CONNECTIONS: &'static str = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid()";

    const WAYS: &'static [(&'static str, Rights)] = &[
        ("GRANT clickoff_player TO {user};", BUT_REMOVE),
        (
            "CREATE ROLE {user}_in IN ROLE clickoff_keeper; GRANT {user}_in TO {user};",
            Rights::ALL,
        ),
        (
            "GRANT EXECUTE ON FUNCTION click_count(BIGINT[], BIGINT[]) TO {user};",
            WATCH,
        ),
        (
            "GRANT ALL ON users TO {user};",
            Rights {
                edit: true,
                remove: true,
                ..WATCH
            },
        ),
        (
            "GRANT UPDATE (name, email) ON users TO {user};",
            Rights {
                edit: true,
                ..WATCH
            },
        ),
        (
            "GRANT EXECUTE ON FUNCTION click_add(TEXT, TEXT) TO {user};",
            Rights { add: true, ..WATCH },
        ),
        ("ALTER ROLE {user} SUPERUSER;", Rights::ALL),
    ];

    async fn count_below_zero(conn: &mut PgConnection, session: i64) -> Result<(), sqlx::Error> {
        let count =
            sqlx::query("SELECT * FROM click_count(ARRAY[$1::bigint], ARRAY[-5])").bind(session);
        count.execute(conn).await.map(drop)
    }

    fn is_refusal(error: &sqlx::Error) -> bool {
        let error = error.as_database_error();
        error.is_some_and(|e| e.code().as_deref() == Some("42501"))
    }
}
