//! The whole life of a database: a year of history, ten million clicks, and runs that crash.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Instant, SystemTime};

use clickoff::game::PlayerId;
use sqlx::{Connection, Executor, Row, SqliteConnection};

use super::places::Place;
use super::usage::{bytes_below, mib};
use super::{Bench, Table, clicks};

/// The largest size of a WAL file while nobody reads an old state.
const WAL: u64 = 8 << 20;

/// All engines.
pub fn measure(bench: &Bench) -> Table {
    let places = &bench.places;
    let head = [
        "",
        "with a year",
        "after half of the clicks",
        "after all",
        "clicks/s",
        "clients' rows, and tidied",
        "changed in place",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    let scale = &bench.scale;
    let history = history(scale.players, scale.year);
    bench.runtime.block_on(async {
        let place = places.postgres(0).await;
        let name = place.url.rsplit('/').next().expect("a name").to_owned();
        let server = &places.postgres;
        // A minute of this has as many clicks as days of play.
        server.sql("ALTER SYSTEM SET autovacuum_naptime = '5s'");
        server.sql("SELECT pg_reload_conf()");
        let size = || {
            let size = server.sql(&format!("SELECT pg_database_size('{name}')"));
            size.parse().expect("a number")
        };
        let ask = async |text: &'static str| server.sql_in(&name, text);
        let mut line = live(bench, &place, &history, size, ask).await;
        line.push(in_place(&server.sql_in(&name, IN_PLACE)));
        server.sql("ALTER SYSTEM RESET autovacuum_naptime");
        server.sql("SELECT pg_reload_conf()");
        lines.push(line);

        let place = places.mariadb(0).await;
        let name = place.url.rsplit('/').next().expect("a name").to_owned();
        let server = &places.mariadb;
        let files = server.dir().join("data").join(&name);
        let ask = async |text: &'static str| server.sql_in(&name, text);
        let mut line = live(bench, &place, &history, || bytes_below(&files), ask).await;
        line.push(String::new());
        lines.push(line);

        let place = places.sqlite(0).await;
        let file = place.url.clone();
        let size = || length(&file);
        let ask = async |text: &'static str| on_file(&file, text).await;
        let mut line = live(bench, &place, &history, size, ask).await;
        line.push(String::new());
        lines.push(line);
        lines.push(wal(bench, &place).await);
    });
    Table {
        about: format!(
            "life: {} players with {} clicks on the days of a year, imported; then {} clicks, {} in \
             each commit, and {} runs of one click, of which every other crashes and is 91 days \
             old by the end. Sizes are of the database, without the servers' logs. Autovacuum is \
             PostgreSQL's own, but looks every 5 s. \"Changed in place\" are its HOT updates.",
            scale.players,
            scale.year,
            scale.now,
            clicks::FOLDED,
            scale.runs,
        ),
        lines,
        left: &[0, 6],
    }
}

/// A file of players who have scored every day for a year.
fn history(players: u32, clicks: u64) -> String {
    let day = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let today = day.expect("a clock that is set").as_secs() / 86_400;
    let each = clicks / 365 / u64::from(players);
    let mut text = String::from("{\"clickoff\":1}\n");
    for id in 1..=players {
        let score = each * 365;
        let record =
            format!("\"id\":{id},\"name\":\"Player {id}\",\"email\":null,\"score\":{score}");
        writeln!(text, "{{\"player\":{{{record}}}}}").expect("memory");
    }
    for day in today - 365..today {
        for id in 1..=players {
            // Each at a different time of day.
            let quarter = day * 96 + u64::from(id * 7 % 96);
            let record = format!("\"player\":{id},\"quarter\":{quarter},\"points\":{each}");
            writeln!(text, "{{\"history\":{{{record},\"overwritten\":0}}}}").expect("memory");
        }
    }
    let days = u64::from(players) * 365;
    writeln!(text, "{{\"end\":[{players},{days},0,0,0,0,0]}}").expect("memory");
    text
}

async fn live(
    bench: &Bench,
    place: &Place,
    history: &str,
    size: impl Fn() -> u64,
    ask: impl AsyncFn(&'static str) -> String,
) -> Vec<String> {
    let scale = &bench.scale;
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), history).expect("writing the file");
    clickoff(place, &["import", file.path().to_str().expect("UTF-8")]);
    let players: Vec<PlayerId> = (1..=i64::from(scale.players)).map(PlayerId).collect();
    let year = size();
    let begun = Instant::now();
    let mut commits = clicks::make(place, &players, scale.now / 2).await;
    let half = size();
    commits += clicks::make(place, &players, scale.now / 2).await;
    let rate = (commits * clicks::FOLDED) as f64 / begun.elapsed().as_secs_f64();
    let runs = clicks::run_and_crash(place, players[0], scale.runs).await;
    let all = size();
    let rows = "SELECT COUNT(*) FROM click_sessions";
    let crashed = ask(rows).await;
    ask("UPDATE click_sessions SET seen = seen - 91; SELECT 1").await;
    clicks::tidy(place).await;
    let left = ask(rows).await;
    clickoff(place, &["verify"]);
    let each = scale.year / 365 / u64::from(scale.players);
    let made = each * 365 * u64::from(scale.players) + commits * clicks::FOLDED + runs;
    bench.sums.check(
        &format!("{}, life", place.engine),
        made,
        place.score().await,
    );
    let what = place.engine;
    bench.sums.demand(left == "0", || {
        format!("{what}: {left} rows of clients are left")
    });
    // The first half creates today's history, and free space for changed rows; the second half uses
    // both.
    bench.sums.demand(all < half + half / 4 + (2 << 20), || {
        format!(
            "{what}: clicks make it grow, from {} to {}",
            mib(half),
            mib(all)
        )
    });
    vec![
        what.to_owned(),
        mib(year),
        mib(half),
        mib(all),
        format!("{rate:.0}"),
        format!("{crashed}, {left}"),
    ]
}

/// Runs the program, which must report success.
fn clickoff(place: &Place, arguments: &[&str]) {
    let home = tempfile::tempdir().expect("a directory");
    let output = Command::new(env!("CARGO_BIN_EXE_clickoff"))
        .args(arguments)
        .env("HOME", home.path())
        .env("CLICKOFF_DATABASE", &place.url)
        .output()
        .expect("starting clickoff");
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {words}");
}

/// How many changes to the tables of a click left the row where it was.
const IN_PLACE: &str =
    "SELECT relname || ' ' || COALESCE(100 * n_tup_hot_upd / NULLIF(n_tup_upd, 0), 0)
    FROM pg_stat_user_tables
    WHERE relname IN ('users', 'click_sessions', 'click_changes', 'click_history') ORDER BY 1";

fn in_place(told: &str) -> String {
    let shares: Vec<String> = told.lines().map(|line| format!("{line} %")).collect();
    shares.join(", ")
}

async fn on_file(file: &str, text: &'static str) -> String {
    let mut conn = SqliteConnection::connect(file).await.expect("a connection");
    let row = conn.fetch_one(sqlx::raw_sql(text)).await.expect(text);
    conn.close().await.expect("closed");
    let number: i64 = row.get(0);
    number.to_string()
}

fn length(path: impl AsRef<Path>) -> u64 {
    std::fs::metadata(path).map_or(0, |data| data.len())
}

/// The size of SQLite's WAL file: now, while a reader holds an old state, and afterwards.
async fn wal(bench: &Bench, place: &Place) -> Vec<String> {
    let file = format!("{}-wal", place.url);
    let players: Vec<PlayerId> = (1..=i64::from(bench.scale.players)).map(PlayerId).collect();
    let before = place.score().await;
    // Keep the file open, because the last one to close it removes the WAL.
    let mut looking = SqliteConnection::connect(&place.url)
        .await
        .expect("a connection");
    let count = "SELECT COUNT(*) FROM users";
    looking.fetch_one(count).await.expect("a number");
    let clicks = bench.scale.now / 8;
    let mut commits = clicks::make(place, &players, clicks).await;
    let plain = length(&file);
    looking.execute("BEGIN").await.expect("a transaction");
    looking.fetch_one(count).await.expect("a number");
    commits += clicks::make(place, &players, clicks).await;
    let held = length(&file);
    looking.execute("COMMIT").await.expect("the end of it");
    commits += clicks::make(place, &players, clicks).await;
    let after = length(&file);
    looking.close().await.expect("closed");
    let made = (commits * clicks::FOLDED) as i64;
    bench
        .sums
        .check("SQLite, WAL", made as u64, place.score().await - before);
    for (when, size) in [
        ("while all read the newest", plain),
        ("after an old state", after),
    ] {
        bench.sums.demand(size <= WAL, || {
            format!("SQLite's WAL has {} {when}", mib(size))
        });
    }
    vec![
        "SQLite's WAL; with a reader of an old state; after that".to_owned(),
        mib(plain),
        mib(held),
        mib(after),
        String::new(),
        String::new(),
        String::new(),
    ]
}
