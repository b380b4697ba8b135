//! Plays the program itself for a long time: its resources must not grow.

use std::thread;
use std::time::{Duration, Instant};

use super::figures::Random;
use super::places::Place;
use super::pty::Session;
use super::screen::saved_score;
use super::usage::{Held, bytes_below};
use super::{Bench, Table};

/// The pause between two presses.
const PAUSE: Duration = Duration::from_millis(100);

/// How much memory may be added after the first quarter, in KiB; the heap needs time to settle.
const MEMORY: u64 = 1024;

/// The program's resources at one moment, and the size of its log.
struct Moment {
    held: Held,
    log: u64,
}

/// All engines at once.
pub fn measure(bench: &Bench) -> Table {
    let head = ["", "after", "memory", "files", "threads", "log", "score"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    let places = &bench.places;
    let (sqlite, postgres, mariadb) = bench.runtime.block_on(async {
        (
            places.sqlite(100).await,
            places.postgres(100).await,
            places.mariadb(100).await,
        )
    });
    let time = bench.scale.soak;
    let played = thread::scope(|scope| {
        let urls = [&sqlite.url, &postgres.url, &mariadb.url];
        let playing = urls.map(|url| scope.spawn(move || play(url, time)));
        playing.map(|played| played.join().expect("it is played to the end"))
    });
    let [on_file, on_postgres, on_mariadb] = played;
    lines.extend(report(bench, &sqlite, on_file));
    lines.extend(report(bench, &postgres, on_postgres));
    lines.extend(report(bench, &mariadb, on_mariadb));
    Table {
        about: format!(
            "soak: the program in a pseudo-terminal on each engine, a press every {PAUSE:?} and now \
             and then another key, for {time:?}."
        ),
        lines,
        left: &[0],
    }
}

/// Plays, and checks the resources after a quarter of the time and at the end; returns the presses.
fn play(url: &str, time: Duration) -> ([Moment; 2], u64) {
    let home = tempfile::tempdir().expect("a directory");
    let session = Session::builder(env!("CARGO_BIN_EXE_clickoff"))
        .env("CLICKOFF_DATABASE", url)
        .env("HOME", home.path())
        .env("XDG_STATE_HOME", home.path())
        .args(["--player", "Player 0"])
        .deadline(Duration::from_secs(60))
        .spawn();
    // While the list is loading, a press has no player.
    session.wait(|screen| saved_score(screen) == Some(0), "the list");
    let moment = || Moment {
        held: Held::by(session.pid().as_raw_pid()),
        log: bytes_below(home.path()),
    };
    let begun = Instant::now();
    let mut presses = 0_u64;
    let mut quarter = None;
    let mut random = Random::new(1);
    while begun.elapsed() < time {
        session.keys(" ");
        presses += 1;
        match presses % 100 {
            // Periods, the history, help and themes, as people use them.
            20 => session.keys("p"),
            40 => session.keys("hh"),
            60 => session.keys("??"),
            80 => session.keys("t"),
            _ => {}
        }
        // Slower than key repeats.
        thread::sleep(PAUSE / 2 + random.up_to(PAUSE));
        if begun.elapsed() >= time / 4 {
            quarter.get_or_insert_with(moment);
        }
    }
    let last = moment();
    session.keys("q");
    assert!(session.wait_exit().success(), "the game ended badly");
    ([quarter.expect("a quarter of the time"), last], presses)
}

fn report(bench: &Bench, place: &Place, played: ([Moment; 2], u64)) -> [Vec<String>; 2] {
    let ([quarter, last], presses) = played;
    let score = bench.runtime.block_on(place.score());
    let what = place.engine;
    bench.sums.check(&format!("{what}, soak"), presses, score);
    let Held { files, threads, .. } = quarter.held;
    // A thread that reads something exists only for a moment, with its file.
    let flat = last.held.memory <= quarter.held.memory + MEMORY
        && last.held.files <= files + 2
        && last.held.threads <= threads + 2
        && last.log <= quarter.log + (64 << 10);
    bench.sums.demand(flat, || {
        format!(
            "{what}: it holds {:?}, and held {:?}",
            last.held, quarter.held
        )
    });
    let line = |after: Duration, moment: &Moment, score: String| {
        vec![
            what.to_owned(),
            format!("{:.0} s", after.as_secs_f64()),
            format!("{:.1} MB", moment.held.memory as f64 / 1024.0),
            moment.held.files.to_string(),
            moment.held.threads.to_string(),
            format!("{:.1} KiB", moment.log as f64 / 1024.0),
            score,
        ]
    };
    let time = bench.scale.soak;
    [
        line(time / 4, &quarter, String::new()),
        line(time, &last, score.to_string()),
    ]
}
