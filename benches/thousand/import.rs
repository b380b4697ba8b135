//! Importing a million players, compared with each engine's own bulk loader.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use super::places::Place;
use super::pty::Session;
use super::support::servers::{PASSWORD, ROLE};
use super::{Bench, Table};

/// All engines, each loader into tables as the game has them.
pub fn measure(bench: &Bench) -> Table {
    let head = [
        "",
        "clickoff import",
        "the engine's loader",
        "ratio (aim: 3)",
        "its bar moved",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    let places = &bench.places;
    let directory = tempfile::tempdir().expect("a directory");
    let many = bench.scale.imported;
    let [records, plain] = files(directory.path(), many);
    let plain = plain.display();
    let fresh = |on: &str| -> Loader {
        match on {
            "PostgreSQL" => Box::new(|url| {
                let psql = places
                    .postgres
                    .program("psql")
                    .expect("it comes with PostgreSQL");
                let mut load = Command::new(psql);
                let copy = format!("\\copy users (id, name, email, score) FROM '{plain}' CSV");
                load.args(["-X", "-q", "-d", url, "-c", &copy]);
                load
            }),
            "MariaDB" => Box::new(|url| {
                let mut load = Command::new("mariadb");
                let address = places.mariadb.addr();
                let name = url.rsplit('/').next().expect("a name");
                let text = format!(
                    "LOAD DATA LOCAL INFILE '{plain}' INTO TABLE users FIELDS TERMINATED BY ',' \
                     (id, name, email, score)"
                );
                load.arg("--no-defaults")
                    .args(["--local-infile=1", "--protocol=tcp"])
                    .arg(format!("--host={}", address.ip()))
                    .arg(format!("--port={}", address.port()))
                    .arg(format!("--user={ROLE}"))
                    .arg(format!("--password={PASSWORD}"))
                    .args([name, "-e", &text]);
                load
            }),
            _ => Box::new(|file| {
                let mut load = Command::new("sqlite3");
                let text = format!(".import {plain} users");
                load.args([file, "-cmd", ".mode csv", &text]);
                load
            }),
        }
    };
    let runtime = &bench.runtime;
    let two = runtime.block_on(async { [places.sqlite(0).await, places.sqlite(0).await] });
    lines.push(on(bench, two, &records, fresh("SQLite")));
    let two = runtime.block_on(async { [places.postgres(0).await, places.postgres(0).await] });
    lines.push(on(bench, two, &records, fresh("PostgreSQL")));
    let two = runtime.block_on(async { [places.mariadb(0).await, places.mariadb(0).await] });
    lines.push(on(bench, two, &records, fresh("MariaDB")));
    Table {
        about: format!(
            "import: {many} players with scores, by clickoff from its own file and by `.import`, \
             COPY and LOAD DATA from CSV, into tables with the game's triggers and indexes."
        ),
        lines,
        left: &[0, 4],
    }
}

/// The loader for a database.
type Loader<'a> = Box<dyn Fn(&str) -> Command + 'a>;

/// The players as a file of clickoff, in the order of an export, and as plain CSV.
fn files(directory: &Path, many: u32) -> [std::path::PathBuf; 2] {
    let mut records = String::from("{\"clickoff\":1}\n");
    let (mut histories, mut plain) = (String::new(), String::new());
    for id in 1..=many {
        let (name, email, score) = (
            format!("Player {id}"),
            format!("p{id}@example.org"),
            score(id),
        );
        let record =
            format!("\"id\":{id},\"name\":\"{name}\",\"email\":\"{email}\",\"score\":{score}");
        let history = format!("\"player\":{id},\"quarter\":0,\"points\":{score},\"overwritten\":0");
        writeln!(records, "{{\"player\":{{{record}}}}}").expect("memory");
        writeln!(histories, "{{\"history\":{{{history}}}}}").expect("memory");
        writeln!(plain, "{id},{name},{email},{score}").expect("memory");
    }
    records.push_str(&histories);
    writeln!(records, "{{\"end\":[{many},{many},0,0,0,0,0]}}").expect("memory");
    [("players.jsonl", records), ("players.csv", plain)].map(|(name, text)| {
        let path = directory.join(name);
        std::fs::write(&path, text).expect("writing a file");
        path
    })
}

fn score(id: u32) -> i64 {
    i64::from(id % 1000 + 1)
}

fn on(bench: &Bench, [ours, theirs]: [Place; 2], records: &Path, loader: Loader) -> Vec<String> {
    let many = bench.scale.imported;
    let (imported, moved) = import(&ours.url, records);
    let begun = Instant::now();
    let loaded = match loader(&theirs.url).output() {
        Ok(output) => {
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {words}", theirs.engine);
            Some(begun.elapsed())
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => panic!("{}: {error}", theirs.engine),
    };
    let scores = bench.runtime.block_on(async {
        let theirs = match loaded {
            Some(_) => theirs.score().await,
            None => ours.score().await,
        };
        (ours.score().await, theirs)
    });
    let what = format!("{}, import", ours.engine);
    let all: i64 = (1..=many).map(score).sum();
    bench.sums.demand(scores == (all, all), || {
        format!("{what}: scores of {scores:?}, not {all}")
    });
    bench
        .sums
        .demand(moved > 1 || imported < Duration::from_secs(3), || {
            format!("{what}: its bar did not move in {imported:.1?}")
        });
    let seconds = |time: Duration| format!("{:.1} s", time.as_secs_f64());
    let [theirs, ratio] = match loaded {
        Some(time) => {
            let ratio = imported.as_secs_f64() / time.as_secs_f64();
            [seconds(time), format!("{ratio:.2}")]
        }
        None => ["not installed".to_owned(), String::new()],
    };
    vec![
        format!("{}, {many} players", ours.engine),
        seconds(imported),
        theirs,
        ratio,
        format!("{moved} times"),
    ]
}

/// Imports while another client watches; returns the time, and the number of different states of
/// the progress bar.
fn import(url: &str, file: &Path) -> (Duration, usize) {
    let home = tempfile::tempdir().expect("a directory");
    let begun = Instant::now();
    let session = Session::builder(env!("CARGO_BIN_EXE_clickoff"))
        .env("CLICKOFF_DATABASE", url)
        .env("HOME", home.path())
        .args(["import", file.to_str().expect("UTF-8")])
        .deadline(Duration::from_secs(600))
        .spawn();
    let status = session.wait_exit();
    let took = begun.elapsed();
    let written = String::from_utf8_lossy(&session.raw()).into_owned();
    assert!(status.success(), "clickoff import: {written}");
    let shares = written.match_indices(" %, ").map(|(at, _)| {
        let before = written[..at].rsplit(|c: char| !c.is_ascii_digit()).next();
        before.unwrap_or_default().to_owned()
    });
    (took, shares.collect::<std::collections::HashSet<_>>().len())
}
