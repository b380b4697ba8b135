//! A MariaDB database on a private server.

use std::net::SocketAddr;
use std::sync::LazyLock;

use clickoff::store::{MySqlServer, MySqlStore, Target};
use sqlx::{Connection, MySqlConnection};

use super::{Served, fresh_name};
use crate::contract::Place;
use crate::support::servers::{self, Missing, require};

static MARIADB: LazyLock<Result<servers::MariaDb, Missing>> =
    LazyLock::new(servers::MariaDb::start);

/// A MariaDB database of its own.
pub struct MariaDb {
    server: &'static servers::MariaDb,
    name: String,
    url: String,
}

impl MariaDb {
    fn on(server: &'static servers::MariaDb) -> Self {
        let name = fresh_name();
        let url = server.create_database(&name);
        Self { server, name, url }
    }
}

impl Place for MariaDb {
    type Store = MySqlStore;

    fn store(&self) -> MySqlStore {
        Self::store_at(&self.url)
    }

    async fn sql(&self, text: &'static str) {
        self.ask(text);
    }

    async fn number(&self, text: &'static str) -> i64 {
        self.ask(text).parse().expect(text)
    }

    const WITHOUT_HISTORY: &'static str = "
        DROP TRIGGER click_history_added; DROP TRIGGER click_history_scored;
        DROP TRIGGER click_history_removed; DROP TABLE click_history;
        DELETE FROM click_migrations WHERE version = 3";
}

impl Served for MariaDb {
    type Connection = MySqlConnection;

    // A COM_STMT_EXECUTE packet with two parameters, both of type LONGLONG.
    const COUNT: &'static [u8] = &[1, 8, 0, 8, 0];

    const WAITING: &'static str = "SELECT COUNT(*) FROM information_schema.innodb_trx
         WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id IN
             (SELECT id FROM information_schema.processlist WHERE db = DATABASE())";

    fn new() -> Option<Self> {
        let server = require(MARIADB.as_ref().map_err(Clone::clone))?;
        Some(Self::on(server))
    }

    fn for_faults() -> Option<Self> {
        Self::new()
    }

    fn alone() -> Option<Self> {
        let server = require(servers::MariaDb::start())?;
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

    fn store_at(url: &str) -> MySqlStore {
        MySqlStore::new(mysql_server(url))
    }

    fn ask(&self, text: &str) -> String {
        self.server.sql_in(&self.name, text)
    }

    fn end_a_connection(&self) {
        let id = self.ask(
            "SELECT id FROM information_schema.processlist
             WHERE db = DATABASE() AND id <> CONNECTION_ID() ORDER BY RAND() LIMIT 1",
        );
        if !id.is_empty() {
            // It may be gone by now.
            let _ = self.server.try_sql(&self.name, &format!("KILL {id}"));
        }
    }

    async fn connection(url: &str) -> Result<MySqlConnection, sqlx::Error> {
        MySqlConnection::connect(url).await
    }

    async fn add_blindly(
        conn: &mut MySqlConnection,
        player: i64,
        presses: i64,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE users SET score = score + ? WHERE id = ?")
            .bind(presses)
            .bind(player)
            .execute(conn)
            .await
            .map(drop)
    }

    async fn begin_adding(&self, player: i64) -> MySqlConnection {
        let mut conn = Self::connection(&self.url).await.expect("a connection");
        let begun = sqlx::raw_sql("BEGIN").execute(&mut conn).await;
        begun.expect("begun");
        let added = Self::add_blindly(&mut conn, player, 1).await;
        added.expect("added");
        conn
    }

    async fn commit(mut conn: MySqlConnection) {
        let committed = sqlx::raw_sql("COMMIT").execute(&mut conn).await;
        committed.expect("committed");
    }

    fn fail_updates(&self, code: &str) {
        self.ask(&format!(
            "CREATE OR REPLACE TRIGGER fail BEFORE UPDATE ON users FOR EACH ROW
             SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = {code}"
        ));
    }

    const PASSING: &'static [&'static str] = &["1020", "1205", "1213", "1047", "1969"];

    fn add_player_role(&self, role: &str, password: &str) {
        let name = &self.name;
        self.ask(&format!(
            "CREATE USER {role} IDENTIFIED BY '{password}';
             GRANT SELECT ON {name}.* TO {role};
             GRANT INSERT, UPDATE (name, email) ON {name}.users TO {role};
             GRANT INSERT, DELETE ON {name}.click_sessions TO {role};
             GRANT EXECUTE ON PROCEDURE {name}.click_count TO {role};"
        ));
    }

    fn add_other_role(&self, role: &str, password: &str) {
        let name = &self.name;
        self.ask(&format!(
            "CREATE USER {role} IDENTIFIED BY '{password}';
             GRANT SELECT, INSERT, UPDATE, DELETE ON {name}.users TO {role};"
        ));
    }
}

fn mysql_server(url: &str) -> MySqlServer {
    match Target::parse(url.as_ref()) {
        Ok(Target::MySql(server)) => server,
        other => panic!("{other:?}"),
    }
}
