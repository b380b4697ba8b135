//! A PostgreSQL database on a private server.

use std::net::SocketAddr;
use std::sync::LazyLock;

use clickoff::store::{PostgresServer, PostgresStore, Target};
use sqlx::{Connection, PgConnection};

use super::{Served, fresh_name};
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

/// A PostgreSQL database of its own.
pub struct Postgres {
    server: &'static servers::Postgres,
    name: String,
    url: String,
}

impl Postgres {
    fn on(server: &'static servers::Postgres) -> Self {
        let name = fresh_name();
        let url = server.create_database(&name);
        Self { server, name, url }
    }
}

impl Place for Postgres {
    type Store = PostgresStore;

    fn store(&self) -> PostgresStore {
        Self::store_at(&self.url)
    }

    async fn sql(&self, text: &'static str) {
        self.ask(text);
    }

    async fn number(&self, text: &'static str) -> i64 {
        self.ask(text).parse().expect(text)
    }

    const WITHOUT_HISTORY: &'static str = "
        DROP FUNCTION click_history_scored CASCADE; DROP FUNCTION click_history_added CASCADE;
        DROP FUNCTION click_history_removed CASCADE; DROP FUNCTION click_history_emptied CASCADE;
        DROP TABLE click_history; DELETE FROM click_migrations WHERE version = 3";
}

impl Served for Postgres {
    type Connection = PgConnection;

    // A Bind message with all formats binary and two parameters, the first of eight bytes.
    const COUNT: &'static [u8] = &[0, 1, 0, 1, 0, 2, 0, 0, 0, 8];

    const WAITING: &'static str = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'";

    fn new() -> Option<Self> {
        let server = require(POSTGRES.as_ref().map_err(Clone::clone))?;
        Some(Self::on(server))
    }

    fn for_faults() -> Option<Self> {
        let server = require(TRUSTING.as_ref().map_err(Clone::clone))?;
        Some(Self::on(server))
    }

    fn alone() -> Option<Self> {
        let server = require(trusting())?;
        Some(Self::on(Box::leak(Box::new(server))))
    }

    fn name(&self) -> &str {
        &self.name
    }

    fn address(&self) -> SocketAddr {
        self.server.addr()
    }

    fn kill_and_restart(&self) {
        self.server.kill9();
        self.server.restart();
    }

    fn url_via(&self, address: SocketAddr) -> String {
        self.url
            .replace(&self.address().to_string(), &address.to_string())
    }

    fn store_at(url: &str) -> PostgresStore {
        PostgresStore::new(postgres_server(url))
    }

    fn ask(&self, text: &str) -> String {
        self.server.sql_in(&self.name, text)
    }

    fn end_a_connection(&self) {
        self.ask(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE datname = current_database() AND application_name = 'clickoff'
             ORDER BY random() LIMIT 1",
        );
    }

    async fn connection(url: &str) -> Result<PgConnection, sqlx::Error> {
        PgConnection::connect(url).await
    }

    async fn add_blindly(
        conn: &mut PgConnection,
        player: i64,
        presses: i64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE users SET score = score + $1 WHERE id = $2")
            .bind(presses)
            .bind(player)
            .execute(conn)
            .await
            .map(drop)
    }

    async fn begin_adding(&self, player: i64) -> PgConnection {
        let mut conn = Self::connection(&self.url).await.expect("a connection");
        let begun = sqlx::raw_sql("BEGIN").execute(&mut conn).await;
        begun.expect("begun");
        let added = Self::add_blindly(&mut conn, player, 1).await;
        added.expect("added");
        conn
    }

    async fn commit(mut conn: PgConnection) {
        let committed = sqlx::raw_sql("COMMIT").execute(&mut conn).await;
        committed.expect("committed");
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

    const PASSING: &'static [&'static str] = &["40001", "40P01", "55P03", "57014", "57P03"];

    fn add_player_role(&self, role: &str, password: &str) {
        self.ask(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{password}';
             GRANT SELECT ON users, click_meta, click_sessions, click_changes, click_migrations
             TO {role};
             GRANT INSERT, UPDATE ON users TO {role};
             GRANT INSERT, UPDATE, DELETE ON click_sessions TO {role};"
        ));
    }

    fn add_other_role(&self, role: &str, password: &str) {
        self.ask(&format!(
            "CREATE ROLE {role} LOGIN PASSWORD '{password}';
             GRANT SELECT, INSERT, UPDATE, DELETE ON users TO {role};"
        ));
    }
}

fn postgres_server(url: &str) -> PostgresServer {
    match Target::parse(url.as_ref()) {
        Ok(Target::Postgres(server)) => server,
        other => panic!("{other:?}"),
    }
}
