//! Many processes that press for one player: their pace, and clickoff's worker as one of them.
//!
//! With eight writers the score on a screen rises by the others' presses too, so no screen tells
//! when one's own press was committed. The worker does: [`Reply::Counted`] says how many of its own
//! presses a commit holds. So the time is taken below the screen, in processes that run the worker
//! with the real store and the fair lock, and beside them the floor with SQLite's own waiting.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use clickoff::message::{Command as Order, Reply};
use clickoff::store::{ClientId, SqliteFile, SqliteStore};
use clickoff::worker::{self, FileOutbox, Timing};

use crate::table::Random;

/// How many processes press at the same time.
pub const MEMBERS: u32 = 8;
/// How often each of them presses in a second.
pub const RATE: u32 = 30;
/// For how many seconds.
pub const SECONDS: u32 = 10;
/// What they press in all.
pub const PRESSES: u32 = MEMBERS * RATE * SECONDS;

/// When to press: each time somewhere in its slot, or the members would take turns by themselves.
pub fn dues(start: Instant) -> impl Iterator<Item = Instant> {
    let slot = Duration::from_secs(1) / RATE;
    let mut random = Random::new(std::process::id().into());
    (0..RATE * SECONDS).map(move |n| start + slot * n + random.up_to(slot))
}

/// Says that this member is ready, and gives the moment of the start.
pub fn ready() -> Instant {
    println!("ready");
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line);
    assert_eq!(read.expect("a word from the benchmark"), 1, "no start");
    Instant::now()
}

/// Tells the benchmark how long each press took.
pub fn report(latencies: &[Duration]) {
    for latency in latencies {
        println!("{}", latency.as_nanos());
    }
}

/// Runs a crowd of this program's own `mode` on a file; gives how long each press took.
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

/// Presses at the crowd's pace through clickoff's worker, on one thread as in `main`.
pub fn member(file: &Path) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let store = SqliteFile {
        path: file.to_owned(),
    };
    let outbox = file.with_extension(format!("outbox-{}", std::process::id()));
    let latencies = runtime.block_on(async {
        let mut worker = worker::spawn(
            SqliteStore::new(store.clone()),
            SqliteStore::new(store),
            FileOutbox::new(outbox),
            ClientId::new_v4(),
            Timing::default(),
        );
        let player = match worker.replies.recv().await {
            Some(Reply::Opened { players, .. }) => {
                let ada = players.into_iter().find(|p| p.name == "Ada");
                ada.expect("the player is there").id
            }
            other => panic!("the database did not open: {other:?}"),
        };
        let mut dues = dues(ready());
        let mut due = dues.next();
        let (mut waiting, mut committed) = (VecDeque::new(), Vec::new());
        while due.is_some() || !waiting.is_empty() {
            let alarm = tokio::time::sleep_until(due.unwrap_or_else(Instant::now).into());
            tokio::select! {
                reply = worker.replies.recv() => match reply {
                    Some(Reply::Counted { counted, .. }) => {
                        let now = Instant::now();
                        let news = (counted as usize).saturating_sub(committed.len());
                        let news = waiting.drain(..news);
                        committed.extend(news.map(|sent| now - sent));
                    }
                    Some(Reply::Changed { .. }) => {}
                    other => panic!("presses in trouble: {other:?}"),
                },
                () = alarm, if due.is_some() => {
                    waiting.push_back(Instant::now());
                    let sent = worker.commands.send(Order::Press(player));
                    sent.expect("the worker runs");
                    due = dues.next();
                }
            }
        }
        worker.commands.send(Order::Leave).expect("the worker runs");
        worker.task.await.expect("the worker ends in order");
        committed
    });
    report(&latencies);
}
