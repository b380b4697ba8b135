//! Measures clickoff with very many clients and over a very long time, on servers that it starts.
//!
//! `cargo bench --bench thousand` measures everything in about ten minutes, and `cargo bench
//! --bench thousand -- life soak=600` only the named parts: `watch`, `life`, `import`, `soak`. The
//! number after the equals sign is the seconds of `soak`, or the clients of `watch`. `asleep`
//! compares `watch` with clients that don't poll, and runs only if it is named. With `quick` among
//! the names each takes seconds and its figures mean nothing; a test runs that to keep the
//! benchmark working. It fails if a press is lost or scored twice, or if something grows that must
//! not, but never because of a time.
//!
//! `cargo bench --bench million --bench thousand` produces the whole table of many players and
//! clients.

#![allow(clippy::print_stdout, reason = "its table is what a benchmark is for")]

mod clicks;
mod import;
mod life;
mod observers;
mod soak;
mod watch;

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
#[allow(unsafe_code, reason = "starting a program in a terminal of its own")]
#[path = "../../tests/support/pty.rs"]
mod pty;
#[path = "../support/screen.rs"]
mod screen;
#[path = "../../tests/support/database.rs"]
pub mod support;
#[path = "../support/usage.rs"]
mod usage;

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
    /// The numbers of watching clients on a server, and the number on a file.
    crowds: &'static [u32],
    beside: &'static [u32],
    /// The most clients that press, each for its own player.
    pressing: u32,
    /// How long they watch, and how long some then press.
    time: Duration,
    /// The players of a long life, the clicks of a year and of today, and its runs.
    players: u32,
    year: u64,
    now: u64,
    runs: u32,
    /// Players that are imported.
    imported: u32,
    /// How long the program itself is played.
    soak: Duration,
}

/// The configuration for real figures.
pub const FULL: Scale = Scale {
    durable: true,
    crowds: &[10, 100, 1000],
    beside: &[10, 100],
    pressing: 100,
    time: Duration::from_secs(6),
    players: 1000,
    year: 7_300_000,
    now: 2_700_000,
    runs: 2000,
    imported: 1_000_000,
    soak: Duration::from_secs(30),
};

/// A small configuration that checks all parts. Its servers don't wait for the disk.
pub const QUICK: Scale = Scale {
    durable: false,
    crowds: &[3],
    beside: &[3],
    pressing: 2,
    time: Duration::from_millis(500),
    players: 5,
    year: 36_500,
    now: 4000,
    runs: 20,
    // More than the list loads at once.
    imported: 500,
    soak: Duration::from_secs(2),
};

/// What every part needs.
pub struct Bench {
    scale: Scale,
    places: Places,
    runtime: tokio::runtime::Runtime,
    sums: Sums,
}

const PARTS: &Parts<Bench> = &[
    ("watch", watch::measure),
    (BY_NAME, watch::asleep),
    ("life", life::measure),
    ("import", import::measure),
    ("soak", soak::measure),
];

/// Runs only if it is named.
const BY_NAME: &str = "asleep";

impl Bench {
    /// Starts the servers.
    ///
    /// # Errors
    /// A program that isn't installed.
    pub fn start(scale: Scale) -> Result<Self, Missing> {
        usage::allow_many_files();
        let most = scale.crowds.iter().max().copied().unwrap_or_default();
        Ok(Self {
            scale,
            // Two for each client, and some for the observers.
            places: Places::start(scale.durable, most * 2 + 50)?,
            runtime: parts::runtime(),
            sums: Sums::default(),
        })
    }

    /// Runs the chosen parts and prints their results; returns what was wrong, as text.
    pub fn measure(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        println!("\n{}", self.places.facts(self.scale.durable));
        parts::measure(self, PARTS, is_wanted);
        self.sums.tell("every sum exact and nothing grown")
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::read("thousand", PARTS) {
        Ok(wanted) => wanted,
        Err(ended) => return ended,
    };
    let mut scale = if wanted.quick { QUICK } else { FULL };
    if let Some(seconds) = wanted.number("soak") {
        scale.soak = Duration::from_secs(seconds);
    }
    if let Some(clients) = wanted.number("watch") {
        scale.crowds = vec![u32::try_from(clients).unwrap_or(u32::MAX)].leak();
    }
    let bench = match Bench::start(scale) {
        Ok(bench) => bench,
        Err(missing) => {
            eprintln!("thousand: {missing}");
            return ExitCode::FAILURE;
        }
    };
    let is_wanted = |part: &str| match part {
        BY_NAME => wanted.names(part),
        _ => wanted.wants(part),
    };
    parts::ended(&bench.measure(is_wanted))
}
