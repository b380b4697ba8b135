//! Databases on private servers, one server of a kind for all tests of this program.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicU32, Ordering};

use clickoff::store::{MySqlServer, MySqlStore, PostgresServer, PostgresStore, Target};

use crate::contract::Place;
use crate::support::servers::{self, Missing, require};

/// The server for tests that don't hurt it.
static POSTGRES: LazyLock<Result<servers::Postgres, Missing>> =
    LazyLock::new(servers::Postgres::start);

/// Likewise.
static MARIADB: LazyLock<Result<servers::MariaDb, Missing>> =
    LazyLock::new(servers::MariaDb::start);

/// A name that no other database of this program has.
pub fn fresh_name() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("t{}", NEXT.fetch_add(1, Ordering::Relaxed))
}

pub fn postgres_target(url: &str) -> PostgresServer {
    match Target::parse(url.as_ref()) {
        Ok(Target::Postgres(server)) => server,
        other => panic!("{other:?}"),
    }
}

/// A PostgreSQL database of its own.
pub struct Postgres {
    pub server: &'static servers::Postgres,
    pub name: String,
    pub url: String,
}

impl Postgres {
    #[track_caller]
    pub fn new() -> Option<Self> {
        let server = require(POSTGRES.as_ref().map_err(Clone::clone))?;
        let name = fresh_name();
        let url = server.create_database(&name);
        Some(Self { server, name, url })
    }
}

impl Place for Postgres {
    type Store = PostgresStore;

    fn store(&self) -> PostgresStore {
        PostgresStore::new(postgres_target(&self.url))
    }

    async fn sql(&self, text: &'static str) {
        self.server.sql_in(&self.name, text);
    }
}

pub fn mysql_target(url: &str) -> MySqlServer {
    match Target::parse(url.as_ref()) {
        Ok(Target::MySql(server)) => server,
        other => panic!("{other:?}"),
    }
}

/// A MariaDB database of its own.
pub struct MariaDb {
    pub server: &'static servers::MariaDb,
    pub name: String,
    pub url: String,
}

impl MariaDb {
    #[track_caller]
    pub fn new() -> Option<Self> {
        let server = require(MARIADB.as_ref().map_err(Clone::clone))?;
        let name = fresh_name();
        let url = server.create_database(&name);
        Some(Self { server, name, url })
    }
}

impl Place for MariaDb {
    type Store = MySqlStore;

    fn store(&self) -> MySqlStore {
        MySqlStore::new(mysql_target(&self.url))
    }

    async fn sql(&self, text: &'static str) {
        self.server.sql_in(&self.name, text);
    }
}
