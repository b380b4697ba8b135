//! A MariaDB database on a private server.

use std::sync::LazyLock;

use clickoff::message::Rights;
use clickoff::store::{AnyStore, Target};
use sqlx::MySqlConnection;
use sqlx::mysql::MySqlDatabaseError;

use super::{BUT_REMOVE, MariaDb, OnServer, Served, WATCH};
use crate::contract::Place;
use crate::support::servers::{self, Missing, require};

static MARIADB: LazyLock<Result<servers::MariaDb, Missing>> =
    LazyLock::new(servers::MariaDb::start);

impl Place for MariaDb {
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

impl MariaDb {
    /// A database on a server of its own, with further settings as in its configuration file.
    pub fn with(settings: &[&str]) -> Option<Self> {
        let options = servers::Options {
            settings: settings.iter().map(|&setting| setting.to_owned()).collect(),
            ..servers::Options::default()
        };
        let server = require(servers::MariaDb::start_with(options))?;
        Some(Self::fresh(Box::leak(Box::new(server))))
    }
}

impl Served for MariaDb {
    type Connection = MySqlConnection;

    // A COM_STMT_EXECUTE packet with two parameters, both of type VAR_STRING.
    const TWO_TEXTS: &'static [u8] = &[1, 253, 0, 253, 0];

    const WAITING: &'static str = "SELECT COUNT(*) FROM information_schema.innodb_trx
         WHERE trx_state = 'LOCK WAIT' AND trx_mysql_thread_id IN
             (SELECT id FROM information_schema.processlist WHERE db = DATABASE())";

    const CLAIMS: &'static str = "CALL click_claims";

    fn new() -> Option<Self> {
        let server = require(MARIADB.as_ref().map_err(Clone::clone))?;
        Some(Self::fresh(server))
    }

    fn for_faults() -> Option<Self> {
        Self::new()
    }

    fn alone() -> Option<Self> {
        let server = require(servers::MariaDb::start())?;
        Some(Self::fresh(Box::leak(Box::new(server))))
    }

    fn store_at(url: &str) -> AnyStore {
        AnyStore::new(Target::parse(url.as_ref()).expect("a URL"))
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

    async fn run(conn: &mut MySqlConnection, text: &'static str) -> Result<(), sqlx::Error> {
        sqlx::raw_sql(text).execute(conn).await.map(drop)
    }

    async fn add_blindly(
        conn: &mut MySqlConnection,
        player: i64,
        presses: i64,
    ) -> Result<(), sqlx::Error> {
        // With a text of 18 digits, so that it looks like a count: see `counts`.
        sqlx::query("UPDATE users SET score = score + CAST(? AS SIGNED) WHERE id = ?")
            .bind(format!("{presses:018}"))
            .bind(player.to_string())
            .execute(conn)
            .await
            .map(drop)
    }

    fn fail_updates(&self, code: &str) {
        self.ask(&format!(
            "CREATE OR REPLACE TRIGGER fail BEFORE UPDATE ON users FOR EACH ROW
             SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = {code}"
        ));
    }

    const CAP: &'static str = "DELIMITER //
        CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW
        IF NEW.score > 7 THEN
            SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no more than 7';
        END IF //";

    const HIDE_COUNTING: &'static str = "DROP PROCEDURE click_count";

    fn fail_inserts(&self, table: &str, code: &str) {
        self.ask(&format!(
            "CREATE TRIGGER fail_{table} BEFORE INSERT ON {table} FOR EACH ROW
             SIGNAL SQLSTATE '45000' SET MYSQL_ERRNO = {code}"
        ));
    }

    fn fail_migrations(&self, code: &str) {
        self.ask(
            "CREATE TABLE click_migrations (
                 version BIGINT NOT NULL PRIMARY KEY, description TEXT NOT NULL,
                 installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
                 success BOOLEAN NOT NULL, checksum BLOB NOT NULL,
                 execution_time BIGINT NOT NULL)",
        );
        self.fail_inserts("click_migrations", code);
    }

    fn let_migrations_pass(&self) {
        self.ask("DROP TRIGGER fail_click_migrations");
    }

    fn take_no_writes(&self) {
        self.ask("SET GLOBAL read_only = 1");
    }

    const REFUSING: &'static str = "1644";

    const PASSING: &'static [&'static str] = &["1020", "1205", "1213", "1047", "1969"];

    const ROLES: &'static str = include_str!("../../../assets/roles/mariadb.sql");

    const NEW_USER: &'static str = "CREATE USER {user} IDENTIFIED BY '{password}';";

    fn role(name: &str) -> String {
        format!("GRANT {name} TO {{user}}; SET DEFAULT ROLE {name} FOR {{user}};")
    }

    const TAKE_AWAY: &'static str = "REVOKE EXECUTE ON PROCEDURE click_count FROM clickoff_player";

    const TWO_CONNECTIONS: &'static str = "ALTER USER {user} WITH MAX_USER_CONNECTIONS 2;";

    const END_FIRST_OF_TWICE: &'static str = "DELIMITER //
        BEGIN NOT ATOMIC
            SET @first = (SELECT MIN(id) FROM information_schema.processlist
                          WHERE db = DATABASE() AND user LIKE 'twice%');
            EXECUTE IMMEDIATE CONCAT('KILL ', @first);
        END //";

    const CONNECTIONS: &'static str = "SELECT COUNT(*) FROM information_schema.processlist
        WHERE db = DATABASE() AND id <> CONNECTION_ID()";

    const WAYS: &'static [(&'static str, Rights)] = &[
        (
            "GRANT clickoff_player TO {user}; SET DEFAULT ROLE clickoff_player FOR {user};",
            BUT_REMOVE,
        ),
        (
            "CREATE ROLE {user}_in; GRANT clickoff_keeper TO {user}_in; GRANT {user}_in TO {user};
             SET DEFAULT ROLE {user}_in FOR {user};",
            Rights::ALL,
        ),
        ("GRANT EXECUTE ON PROCEDURE click_count TO {user};", WATCH),
        ("GRANT EXECUTE ON {database}.* TO {user};", BUT_REMOVE),
        ("GRANT ALL ON {database}.* TO {user};", Rights::ALL),
        (
            "GRANT INSERT, UPDATE, DELETE ON *.* TO {user};",
            Rights {
                remove: true,
                ..WATCH
            },
        ),
        (
            "GRANT EXECUTE ON PROCEDURE click_edit TO {user};",
            Rights {
                edit: true,
                ..WATCH
            },
        ),
        ("GRANT ALL ON *.* TO {user};", Rights::ALL),
    ];

    async fn count_below_zero(conn: &mut MySqlConnection, session: i64) -> Result<(), sqlx::Error> {
        let count = sqlx::query("CALL click_count(?, -5)").bind(session);
        count.execute(conn).await.map(drop)
    }

    fn is_refusal(error: &sqlx::Error) -> bool {
        let error = error.as_database_error();
        let error = error.and_then(|e| e.try_downcast_ref::<MySqlDatabaseError>());
        error.is_some_and(|e| matches!(e.number(), 1044 | 1142 | 1143 | 1227 | 1370))
    }
}
