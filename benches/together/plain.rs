//! The tutorial's transaction on one row, without clickoff: run by `pgbench` on PostgreSQL, and on
//! MariaDB by a loop with the same driver as clickoff.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use sqlx::{Connection, Executor, MySqlConnection};

use super::Bench;
use super::clients::Outcome;
use super::support::servers::{PASSWORD, ROLE};

const TABLE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100),
                                         email VARCHAR(100), score BIGINT);
                     INSERT INTO users VALUES (1, 'Ada', NULL, 0)";

/// As in the tutorial's program: read under the lock, add one, and write back.
const SCRIPT: &str = "BEGIN;
SELECT score FROM users WHERE id = 1 FOR UPDATE \\gset
UPDATE users SET score = :score + 1 WHERE id = 1;
COMMIT;
";

/// Runs `pgbench` with prepared statements over TCP.
pub fn pgbench(bench: &Bench, clients: u32, time: Duration) -> Outcome {
    let server = &bench.places.postgres;
    let url = bench.places.on_postgres();
    let name = url.rsplit('/').next().expect("the URL ends in it");
    server.sql_in(name, TABLE);
    let directory = tempfile::tempdir().expect("a directory");
    let script = directory.path().join("script.sql");
    fs::write(&script, SCRIPT).expect("writing the script");
    let program = server.program("pgbench").expect("it comes with PostgreSQL");
    let address = server.addr();
    let output = Command::new(program)
        .args(["--no-vacuum", "--protocol=prepared", "--jobs=2", "--log"])
        .arg(format!("--client={clients}"))
        .arg(format!("--time={}", time.as_secs().max(1)))
        .arg(format!("--file={}", script.display()))
        .arg(format!("--host={}", address.ip()))
        .arg(format!("--port={}", address.port()))
        .arg(format!("--username={ROLE}"))
        .arg(name)
        .env("PGPASSWORD", PASSWORD)
        .current_dir(directory.path())
        .output()
        .expect("starting pgbench");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "pgbench: {errors}");
    let outcome = logged(directory.path(), time);
    let score = server.sql_in(name, "SELECT score FROM users");
    let score = score.parse().expect("a number");
    bench.sums.check("pgbench", outcome.transactions, score);
    outcome
}

/// The transactions in the logs of pgbench's threads. In each line, the third field is the latency;
/// the fifth and the sixth are the seconds and microseconds at the end.
fn logged(directory: &Path, time: Duration) -> Outcome {
    let mut outcome = Outcome::default();
    let (mut first, mut last) = (Duration::MAX, Duration::ZERO);
    let files = fs::read_dir(directory).expect("the directory of the logs");
    for file in files.flatten() {
        if !file
            .file_name()
            .as_encoded_bytes()
            .starts_with(b"pgbench_log.")
        {
            continue;
        }
        let text = fs::read_to_string(file.path()).expect("reading a log");
        for line in text.lines() {
            let number = |field| -> u64 {
                let text = line.split(' ').nth(field);
                text.and_then(|t| t.parse().ok()).expect("a number")
            };
            let latency = Duration::from_micros(number(2));
            let end = Duration::from_secs(number(4)) + Duration::from_micros(number(5));
            first = first.min(end - latency);
            last = last.max(end);
            outcome.latencies.push(latency);
        }
    }
    outcome.transactions = outcome.latencies.len() as u64;
    outcome.elapsed = last.saturating_sub(first);
    assert!(outcome.elapsed >= time / 2, "pgbench gave up early");
    outcome
}

/// Runs the same transactions on MariaDB from as many connections.
pub async fn on_mariadb(bench: &Bench, clients: u32, time: Duration) -> Outcome {
    let url = bench.places.on_mariadb();
    let mut conn = connection(&url).await;
    conn.execute(sqlx::raw_sql(TABLE)).await.expect("a table");
    let mut connections = Vec::new();
    for _ in 0..clients {
        connections.push(connection(&url).await);
    }
    let start = Instant::now();
    let running = connections.into_iter().map(|mut conn| {
        tokio::spawn(async move {
            let mut latencies = Vec::new();
            while start.elapsed() < time {
                let begun = Instant::now();
                add_one(&mut conn).await.expect("the transaction");
                latencies.push(begun.elapsed());
            }
            latencies
        })
    });
    let mut outcome = Outcome::default();
    for client in running.collect::<Vec<_>>() {
        outcome.latencies.extend(client.await.expect("a client"));
    }
    outcome.elapsed = start.elapsed();
    outcome.transactions = outcome.latencies.len() as u64;
    let score = sqlx::query_scalar("SELECT score FROM users");
    let score = score.fetch_one(&mut conn).await.expect("the score");
    bench
        .sums
        .check("plain transactions", outcome.transactions, score);
    outcome
}

async fn connection(url: &str) -> MySqlConnection {
    MySqlConnection::connect(url).await.expect("a connection")
}

async fn add_one(conn: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    conn.execute(sqlx::raw_sql("BEGIN")).await?;
    let score: i64 = sqlx::query_scalar("SELECT score FROM users WHERE id = 1 FOR UPDATE")
        .fetch_one(&mut *conn)
        .await?;
    sqlx::query("UPDATE users SET score = ? WHERE id = 1")
        .bind(score + 1)
        .execute(&mut *conn)
        .await?;
    conn.execute(sqlx::raw_sql("COMMIT")).await?;
    Ok(())
}
