//! Many processes that press for one player, and the latency of clickoff's worker as one of them.
//!
//! With eight writers, the score on a screen also rises by others' presses, so a screen does not
//! show when its own press was committed. The worker does: [`clickoff::message::Reply::Counted`]
//! says how many of its own presses a commit contains. So these processes run only the worker, with
//! the real store and the fair lock. The floor uses SQLite's own waiting instead.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clickoff::store::{AnyStore, ClientId, Target};
use clickoff::worker::{self, FileOutbox, Timing};

use crate::pressing;

/// How many processes press at the same time.
pub const MEMBERS: u32 = 8;
/// How often each of them presses in a second.
pub const RATE: u32 = 30;
/// For how many seconds.
pub const SECONDS: u32 = 10;
/// The number of presses of each process.
pub const PRESSES: u32 = MEMBERS * RATE * SECONDS;

/// The times of this process's presses.
pub fn dues(start: Instant) -> impl Iterator<Item = Instant> {
    pressing::dues(start, RATE, PRESSES / MEMBERS, std::process::id().into())
}

/// Reports that this process is ready, and returns the start time.
pub fn ready() -> Instant {
    println!("ready");
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    assert_eq!(read.expect("a word from the benchmark"), 1, "no start");
    Instant::now()
}

/// Reports the time of each press to the benchmark.
pub fn report(latencies: &[Duration]) {
    for latency in latencies {
        println!("{}", latency.as_nanos());
    }
}

/// Runs many processes of this program's own `mode` on a file, and returns the time of each press.
pub fn run(mode: &str, file: &Path) -> Vec<Duration> {
    let program = std::env::current_exe().expect("the benchmark's own path");
    let start = || {
        let mut command = Command::new(&program);
        command.arg(mode).arg(file);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        command.spawn().expect("starting a member of the crowd")
    };
    let mut members: Vec<Child> = (0..MEMBERS).map(|_| start()).collect();
    let mut outputs = Vec::new();
    for member in &mut members {
        let mut lines = BufReader::new(member.stdout.take().expect("it is piped")).lines();
        let first = lines.next().expect("a member ended").expect("a line");
        assert_eq!(first, "ready");
        outputs.push(lines);
    }
    for member in &mut members {
        let mut input = member.stdin.take().expect("it is piped");
        input.write_all(b"\n").expect("telling a member to start");
    }
    let lines = outputs.into_iter().flatten();
    let latency = |line: std::io::Result<String>| {
        let nanoseconds = line.expect("a line").parse().expect("a number");
        Duration::from_nanos(nanoseconds)
    };
    let latencies: Vec<_> = lines.map(latency).collect();
    for mut member in members {
        let status = member.wait().expect("the end of a member");
        assert!(status.success(), "a member of the crowd failed: {status}");
    }
    assert_eq!(latencies.len(), PRESSES as usize, "presses that were timed");
    latencies
}

/// Presses through clickoff's worker, on one thread as in `main`.
pub fn member(file: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let outbox = file.with_extension(format!("outbox-{}", std::process::id()));
    let file = || Target::Sqlite(file.to_owned());
    let latencies = runtime.block_on(async {
        let worker = worker::spawn(
            AnyStore::new(file()),
            AnyStore::second(file()),
            FileOutbox::new(outbox),
            ClientId::new_v4(),
            Timing::default(),
        );
        let mut worker = worker.into();
        let player = pressing::opened(&mut worker, "Ada").await;
        let pressed = pressing::press(&mut worker, player, 0, dues(ready())).await;
        pressing::leave(worker).await;
        pressed.latencies
    });
    report(&latencies);
}
