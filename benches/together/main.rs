//! Measures many players on one database, a SQLite file or a server that it starts.
//!
//! `cargo bench --bench together` measures everything in under four minutes, and `cargo bench
//! --bench together -- hot delay` only the named parts: `pace`, `hot`, `delay`, `idle`. With
//! `quick` among the names each takes seconds and its figures mean nothing; a test runs that to
//! keep the benchmark working. It fails if a press is lost or scored twice, but never because of a
//! time.
//!
//! Only `delay` plays the program itself, in a pseudo-terminal. The others run the real worker and
//! the real store, many in this one process, which shares the machine with the servers. The servers
//! have Debian's settings where it matters: a commit is on the disk before it is answered.

#![allow(clippy::print_stdout, reason = "its table is what a benchmark is for")]

mod clients;
mod delay;
mod hot;
mod idle;
mod pace;
mod places;
mod plain;
mod unfolded;

#[path = "../support/figures.rs"]
mod figures;
#[path = "../support/machine.rs"]
mod machine;
#[path = "../support/parts.rs"]
mod parts;
#[path = "../support/pressing.rs"]
mod pressing;
#[allow(unsafe_code, reason = "starting a program in a terminal of its own")]
#[path = "../../tests/support/pty.rs"]
mod pty;
#[path = "../support/screen.rs"]
mod screen;
#[path = "../../tests/support/database.rs"]
pub mod support;

use std::process::ExitCode;
use std::time::Duration;

use parts::{Parts, Sums, Table, Wanted};
use places::Places;
use support::servers::Missing;

/// The amount of work.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Whether the servers sync to the disk. Without that, no figure means anything.
    durable: bool,
    /// The clients of the crowd, and its players.
    crowd: u32,
    /// The clients on one hot row.
    hot: u32,
    /// How long they press.
    time: Duration,
    /// The number of rounds of each comparison.
    rounds: usize,
    /// The delay of a slow link in each direction.
    delay: Duration,
    /// The number of keys pressed across it.
    keys: u32,
    /// How long nobody presses.
    idle: Duration,
}

/// The configuration for real figures.
pub const FULL: Scale = Scale {
    durable: true,
    crowd: 64,
    hot: 32,
    time: Duration::from_secs(4),
    rounds: 3,
    delay: Duration::from_millis(25),
    keys: 100,
    idle: Duration::from_secs(5),
};

/// A small configuration that checks all parts. Its servers don't wait for the disk.
pub const QUICK: Scale = Scale {
    durable: false,
    crowd: 4,
    hot: 4,
    time: Duration::from_millis(300),
    rounds: 1,
    delay: Duration::from_millis(5),
    keys: 3,
    idle: Duration::from_millis(500),
};

/// What every part needs.
pub struct Bench {
    scale: Scale,
    places: Places,
    runtime: tokio::runtime::Runtime,
    sums: Sums,
}

const PARTS: &Parts<Bench> = &[
    ("pace", pace::measure),
    ("hot", hot::measure),
    ("delay", delay::measure),
    ("idle", idle::measure),
];

impl Bench {
    /// Starts the servers.
    ///
    /// # Errors
    /// A program that isn't installed.
    pub fn start(scale: Scale) -> Result<Self, Missing> {
        Ok(Self {
            scale,
            places: Places::start(scale.durable, 300)?,
            runtime: parts::runtime(),
            sums: Sums::default(),
        })
    }

    /// Runs the chosen parts and prints their results; returns what was counted wrong, as text.
    pub fn measure(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        println!("\n{}", self.places.facts(self.scale.durable));
        parts::measure(self, PARTS, is_wanted);
        self.sums.tell("every sum exact")
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::read("together", PARTS) {
        Ok(wanted) => wanted,
        Err(ended) => return ended,
    };
    match Bench::start(if wanted.quick { QUICK } else { FULL }) {
        Ok(bench) => parts::ended(&bench.measure(|part| wanted.wants(part))),
        Err(missing) => {
            eprintln!("together: {missing}");
            ExitCode::FAILURE
        }
    }
}
