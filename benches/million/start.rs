//! The time from the start of the program to its first complete frame, and its memory.

use std::time::{Duration, Instant};

use super::figures::{ms, percentile};
use super::pty::Session;
use super::{Bench, Table};

/// What is started.
const PROGRAM: &str = env!("CARGO_BIN_EXE_clickoff");

/// How long the program is idle before its memory is measured.
const SETTLED: Duration = Duration::from_millis(800);

/// Each engine, with few players and with many.
pub fn measure(bench: &Bench) -> Table {
    let head = [
        "",
        "the first start of all",
        "start with 100",
        "start with many",
        "ratio (aim: 2)",
        "memory with 100",
        "more with many (aim: 5 MB)",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for engine in bench.engines() {
        let (mut few, mut many) = (Vec::new(), Vec::new());
        let (mut kept_few, mut kept_many) = (Vec::new(), Vec::new());
        for _ in 0..bench.scale.rounds {
            for (url, times, kept) in [
                (&engine.few, &mut few, &mut kept_few),
                (&engine.many, &mut many, &mut kept_many),
            ] {
                let (took, memory) = started(url);
                times.push(took);
                kept.push(Duration::from_micros(memory));
            }
        }
        let [few, many] = [few, many].map(|mut times| percentile(&mut times, 50));
        let [kept_few, kept_many] = [kept_few, kept_many].map(|mut kept| percentile(&mut kept, 50));
        let mb = |kept: Duration| kept.as_micros() as f64 / 1024.0;
        lines.push(vec![
            engine.name.to_owned(),
            format!("{:.1} s", engine.made.as_secs_f64()),
            ms(few),
            ms(many),
            format!("{:.2}", many.as_secs_f64() / few.as_secs_f64()),
            format!("{:.1} MB", mb(kept_few)),
            format!("{:+.1} MB", mb(kept_many) - mb(kept_few)),
        ]);
    }
    Table {
        about: format!(
            "start: the program with 100 players and with {}, till a frame has the best player and \
             the line of state; the first start makes the tables beside that of the players.",
            bench.scale.many
        ),
        lines,
        left: &[0],
    }
}

/// Starts the program, and returns the time of its first complete frame, and its memory in KiB.
fn started(url: &str) -> (Duration, u64) {
    let begun = Instant::now();
    let session = Session::builder(PROGRAM)
        .args(["--database", url])
        .size(80, 24)
        .spawn();
    let complete = session.wait(
        |screen| {
            let text = screen.contents();
            // A new player's screen, without a picked player.
            text.contains("Player ") && text.contains("Nobody is picked.")
        },
        "a complete frame",
    );
    std::thread::sleep(SETTLED);
    let memory = session.rss_kb();
    session.keys("q");
    session.wait_exit();
    (complete - begun, memory)
}
