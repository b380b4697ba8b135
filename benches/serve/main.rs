//! Measures the game by ssh: one server and many real ssh connections, on databases it starts itself.
//!
//! `cargo bench --features serve --bench serve` measures everything in a few minutes, and `--
//! sessions` or `-- seen` only the named part. `sessions=100` uses this number of sessions instead
//! of 10, 100, 500 and 1,000. With `quick` among the names it takes seconds and its figures mean
//! nothing; a test runs that to keep the benchmark working. It fails if a press is lost or scored
//! twice, or if an idle session receives output, but never because of a time. All clients are one
//! process, on the same cores as the server.

#![allow(clippy::print_stdout, reason = "its table is what a benchmark is for")]

mod guests;
mod seen;
mod sessions;
mod terminal;

#[path = "../support/figures.rs"]
mod figures;
#[path = "../support/machine.rs"]
mod machine;
#[path = "../support/parts.rs"]
mod parts;
#[path = "../together/places.rs"]
mod places;
#[path = "../support/pressing.rs"]
mod pressing;
#[path = "../../tests/support/database.rs"]
pub mod support;
#[path = "../support/usage.rs"]
mod usage;

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use guests::Guest;
use parts::{Parts, Sums, Table, Wanted};
use places::{Place, Places};
use support::servers::Missing;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// The amount of work.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    durable: bool,
    /// The numbers of sessions.
    crowds: &'static [u32],
    /// How many of them play in `seen`.
    playing: u32,
    /// How long they are idle, and how long they then play.
    idle: Duration,
    time: Duration,
}

/// The configuration for real figures.
pub const FULL: Scale = Scale {
    durable: true,
    crowds: &[10, 100, 500, 1000],
    playing: 100,
    idle: Duration::from_secs(10),
    time: Duration::from_secs(20),
};

/// A small configuration that checks all parts.
pub const QUICK: Scale = Scale {
    durable: false,
    crowds: &[3],
    playing: 3,
    idle: Duration::from_secs(1),
    time: Duration::from_secs(1),
};

/// Presses a second of each player.
const RATE: u32 = 5;

/// How many log in at the same time: the server's limit of log-ins from one address.
const AT_ONCE: usize = 28;

/// What every part needs.
pub struct Bench {
    scale: Scale,
    places: Places,
    runtime: tokio::runtime::Runtime,
    sums: Sums,
}

const PARTS: &Parts<Bench> = &[("sessions", sessions::measure), ("seen", seen::measure)];

/// A server of the game, as a process of its own.
struct Server {
    child: Child,
    address: SocketAddr,
    _home: tempfile::TempDir,
}

impl Server {
    fn start(place: &Place) -> Self {
        let home = tempfile::tempdir().expect("a directory");
        let mut child = Command::new(env!("CARGO_BIN_EXE_clickoff"))
            .args(["serve", "--listen", "127.0.0.1:0", "--sessions", "5000"])
            .args(["--idle", "off"])
            .env("HOME", home.path())
            .env("CLICKOFF_DATABASE", &place.url)
            .stderr(Stdio::piped())
            .stdin(Stdio::null())
            .spawn()
            .expect("starting clickoff");
        let mut errors = BufReader::new(child.stderr.take().expect("piped"));
        let mut first = String::new();
        errors.read_line(&mut first).expect("a line");
        let address = first.trim().strip_prefix("clickoff: serving on ");
        let address = address.and_then(|rest| rest.strip_suffix('.')?.parse().ok());
        let address = address.unwrap_or_else(|| panic!("{first}"));
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                eprintln!("{line}");
            }
        });
        Self {
            child,
            address,
            _home: home,
        }
    }

    /// Ends it with the signal that a system would use.
    fn end(mut self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).expect("it runs");
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "{status}");
    }

    /// Logs in the clients with these numbers.
    async fn enter(&self, from: u32, to: u32, received: &Arc<AtomicU64>) -> Vec<Guest> {
        let places = Arc::new(Semaphore::new(AT_ONCE));
        let mut entering = JoinSet::new();
        for number in from..to {
            let (places, received) = (Arc::clone(&places), Arc::clone(received));
            let address = self.address;
            entering.spawn(async move {
                let _place = places.acquire_owned().await.expect("a place");
                (number, Guest::enter(address, number, received).await)
            });
        }
        let mut guests = entering.join_all().await;
        guests.sort_by_key(|(number, _)| *number);
        guests.into_iter().map(|(_, guest)| guest).collect()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After a failure. A server that has ended is no longer in the list.
        let _ = self.child.kill();
    }
}

impl Bench {
    /// Starts the servers of the databases.
    ///
    /// # Errors
    /// A program that isn't installed.
    pub fn start(scale: Scale) -> Result<Self, Missing> {
        usage::allow_many_files();
        Ok(Self {
            scale,
            places: Places::start(scale.durable, 50)?,
            runtime: parts::runtime(),
            sums: Sums::default(),
        })
    }

    /// Runs the chosen parts and prints their results; returns what was wrong, as text.
    pub fn measure(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        println!("\n{}", self.places.facts(self.scale.durable));
        parts::measure(self, PARTS, is_wanted);
        self.sums
            .tell("every sum exact and nothing sent to the idle")
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::read("serve", PARTS) {
        Ok(wanted) => wanted,
        Err(ended) => return ended,
    };
    let mut scale = if wanted.quick { QUICK } else { FULL };
    if let Some(sessions) = wanted.number("sessions") {
        scale.crowds = vec![u32::try_from(sessions).unwrap_or(u32::MAX)].leak();
    }
    let bench = match Bench::start(scale) {
        Ok(bench) => bench,
        Err(missing) => {
            eprintln!("serve: {missing}");
            return ExitCode::FAILURE;
        }
    };
    parts::ended(&bench.measure(|part| wanted.wants(part)))
}
