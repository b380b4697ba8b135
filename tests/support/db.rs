//! Reads the game's database file, and changes it as other programs do.
#![allow(dead_code)] // each test binary uses its own part of this

use std::path::Path;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use tokio::runtime::Runtime;

/// A connection of another program than the game.
pub struct Db {
    runtime: Runtime,
    conn: Option<SqliteConnection>,
}

impl Db {
    /// Opens a database file, and makes it where there is none.
    #[track_caller]
    pub fn open(path: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .busy_timeout(Duration::from_secs(20));
        let conn = runtime.block_on(options.connect());
        let conn = Some(conn.expect("opening the database"));
        Self { runtime, conn }
    }

    /// Runs statements, whatever they answer.
    #[track_caller]
    pub fn run(&mut self, sql: &str) {
        self.try_run(sql).expect("the SQL");
    }

    /// The one number that a query answers with.
    #[track_caller]
    pub fn number(&mut self, sql: &str) -> i64 {
        let conn = self.conn.as_mut().expect("a connection");
        let sql = sqlx::query_scalar(AssertSqlSafe(sql));
        self.runtime.block_on(sql.fetch_one(conn)).expect("the SQL")
    }

    /// The texts that a query answers with, one a row.
    #[track_caller]
    pub fn texts(&mut self, sql: &str) -> Vec<String> {
        let conn = self.conn.as_mut().expect("a connection");
        let sql = sqlx::query_scalar(AssertSqlSafe(sql));
        self.runtime.block_on(sql.fetch_all(conn)).expect("the SQL")
    }

    /// Runs statements that may fail.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn try_run(&mut self, sql: &str) -> Result<(), sqlx::Error> {
        let conn = self.conn.as_mut().expect("a connection");
        let sql = sqlx::raw_sql(AssertSqlSafe(sql));
        self.runtime.block_on(sql.execute(conn)).map(drop)
    }

    /// The score of the player of a name.
    #[track_caller]
    pub fn score(&mut self, name: &str) -> i64 {
        let conn = self.conn.as_mut().expect("a connection");
        let sql = sqlx::query_scalar("SELECT score FROM users WHERE name = ?").bind(name);
        let score = self.runtime.block_on(sql.fetch_one(conn));
        score.expect("one player of this name")
    }

    /// Takes the lock that keeps all others from writing.
    #[track_caller]
    pub fn lock(&mut self) {
        self.run("BEGIN EXCLUSIVE");
    }

    /// Gives the lock up.
    #[track_caller]
    pub fn unlock(&mut self) {
        self.run("ROLLBACK");
    }
}

impl Drop for Db {
    fn drop(&mut self) {
        // Dropped alone, it would be closed some time later by a thread of its own.
        if let Some(conn) = self.conn.take() {
            let _ = self.runtime.block_on(conn.close());
        }
    }
}

/// Runs statements on a database file.
#[track_caller]
pub fn sql(path: &Path, sql: &str) {
    Db::open(path).run(sql);
}

/// The score of the player of a name.
#[track_caller]
pub fn score(path: &Path, name: &str) -> i64 {
    Db::open(path).score(name)
}

/// The sum of all scores.
#[track_caller]
pub fn sum(path: &Path) -> i64 {
    Db::open(path).number("SELECT COALESCE(SUM(score), 0) FROM users")
}
