//! Databases with few and with many players, created by SQL as another program would do it.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clickoff::store::{AnyStore, Store, Target};

use super::Bench;
use super::support::servers::{MariaDb, Missing, Options, Postgres};

/// The small number of players. `click` uses ten instead.
pub const FEW: u32 = 100;
pub const TEN: u32 = 10;

/// The servers, and a directory for the files.
pub struct Places {
    postgres: Postgres,
    mariadb: MariaDb,
    directory: tempfile::TempDir,
}

/// The databases of one engine.
pub struct Engine {
    pub kind: Kind,
    pub name: &'static str,
    pub ten: String,
    pub few: String,
    pub many: String,
    /// The time of the first start with many players, which creates all of clickoff's tables.
    pub made: Duration,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
    MariaDb,
}

impl Places {
    /// Starts the servers.
    ///
    /// # Errors
    /// A program that isn't installed.
    pub fn start(durable: bool) -> Result<Self, Missing> {
        let options = |settings: &[&str]| Options {
            fsync: durable,
            settings: settings.iter().map(|&s| s.to_owned()).collect(),
        };
        let target = Path::new(env!("CARGO_TARGET_TMPDIR"));
        std::fs::create_dir_all(target).expect("making cargo's directory");
        Ok(Self {
            postgres: Postgres::start_with(options(&["max_wal_size=2GB"]))?,
            // The tests' servers have less memory and a smaller log than the defaults.
            mariadb: MariaDb::start_with(options(&[
                "innodb-buffer-pool-size=256M",
                "innodb-log-file-size=256M",
            ]))?,
            directory: tempfile::tempdir_in(target).expect("making a directory"),
        })
    }

    /// The directory of the files.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Creates the databases of each engine.
    pub fn engines(&self, bench: &Bench) -> Vec<Engine> {
        let kinds = [Kind::Sqlite, Kind::Postgres, Kind::MariaDb];
        let engines = kinds.map(|kind| {
            let made = |name, players| self.make(kind, name, players);
            let engine = Engine {
                kind,
                name: ["SQLite", "PostgreSQL", "MariaDB"][kind as usize],
                ten: made("ten", TEN),
                few: made("few", FEW),
                many: made("many", bench.scale.many),
                made: Duration::ZERO,
            };
            let begun = Instant::now();
            open(bench, &engine.many);
            let made = begun.elapsed();
            open(bench, &engine.ten);
            open(bench, &engine.few);
            // By now the server's own vacuum would have processed them.
            match kind {
                Kind::Sqlite => {}
                Kind::Postgres => drop(self.sql(kind, "many", "VACUUM ANALYZE")),
                Kind::MariaDb => drop(self.sql(kind, "many", "ANALYZE TABLE users, click_changes")),
            }
            Engine { made, ..engine }
        });
        engines.into()
    }

    /// Creates a database as the tutorial's program would have done: some scores are equal, some
    /// are missing.
    fn make(&self, kind: Kind, name: &str, players: u32) -> String {
        let table = |id: &str| {
            format!(
                "CREATE TABLE users (id {id}, name VARCHAR(100), email VARCHAR(100),
                                     score BIGINT DEFAULT 0);"
            )
        };
        let columns = |name: &str, email: &str| {
            format!(
                "{name}, CASE WHEN i % 2 = 0 THEN {email} END,
                 CASE WHEN i % 10 = 0 THEN NULL WHEN i % 3 = 0 THEN 0
                      ELSE (i * 7919) % 100003 END"
            )
        };
        match kind {
            Kind::Sqlite => {
                let path = self.path(name);
                let columns = columns(
                    "'Player ' || (i * 7919 % 1000003)",
                    "'p' || i || '@example.org'",
                );
                let text = format!(
                    "{} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL
                         SELECT i + 1 FROM n WHERE i < {players})
                     INSERT INTO users (name, email, score) SELECT {columns} FROM n;",
                    table("INTEGER PRIMARY KEY AUTOINCREMENT")
                );
                sqlite(&path, &text);
                path.display().to_string()
            }
            Kind::Postgres => {
                let url = self.postgres.create_database(name);
                let columns = columns(
                    "'Player ' || (i * 7919 % 1000003)",
                    "'p' || i || '@example.org'",
                );
                let text = format!(
                    "{} INSERT INTO users (name, email, score)
                     SELECT {columns} FROM generate_series(1, {players}::bigint) i;",
                    table("BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY")
                );
                self.postgres.sql_in(name, &text);
                url
            }
            Kind::MariaDb => {
                let url = self.mariadb.create_database(name);
                let columns = columns(
                    "CONCAT('Player ', i * 7919 % 1000003)",
                    "CONCAT('p', i, '@example.org')",
                );
                let text = format!(
                    "{} INSERT INTO users (name, email, score)
                     SELECT {columns} FROM (SELECT seq AS i FROM seq_1_to_{players}) n;",
                    table("BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY")
                );
                self.mariadb.sql_in(name, &text);
                url
            }
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(format!("{name}.db"))
    }

    /// The output of another program.
    pub fn sql(&self, kind: Kind, name: &str, text: &str) -> String {
        match kind {
            Kind::Sqlite => sqlite(&self.path(name), text),
            Kind::Postgres => self.postgres.sql_in(name, text),
            Kind::MariaDb => self.mariadb.sql_in(name, text),
        }
    }
}

fn sqlite(path: &Path, text: &str) -> String {
    use sqlx::{ConnectOptions, Connection, Row};
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let work = async {
        let mut conn = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .connect()
            .await
            .expect("a connection");
        let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(text.to_owned()));
        let rows = rows.fetch_all(&mut conn).await.expect("SQL that runs");
        conn.close().await.expect("closed");
        let value = rows.first().map(|row| row.try_get::<i64, _>(0));
        value
            .and_then(Result::ok)
            .map_or_else(String::new, |n| n.to_string())
    };
    runtime.expect("a runtime").block_on(work)
}

/// The store of a database.
pub fn store(url: &str) -> AnyStore {
    AnyStore::new(Target::parse(url.as_ref()).expect("a database"))
}

/// Opens a database as the game does.
fn open(bench: &Bench, url: &str) {
    let mut store = store(url);
    bench.runtime.block_on(async {
        store.open().await.expect("the database opens");
        store.survey().await.expect("a survey");
    });
}
