//! Measures clickoff with very many clients and over a very long time, on servers it starts itself.
//!
//! `cargo bench --bench thousand` measures all of it in about ten minutes, and `cargo bench --bench
//! thousand -- life soak=600` what is named: `watch`, `life`, `import`, `soak`; after an equals sign
//! stand the seconds that `soak` takes, or the clients that `watch` has. `asleep`, which compares
//! `watch` with a crowd that doesn't look, is measured only where it is named. With `quick` among the
//! names each takes seconds and its figures mean nothing; a test plays that, so that it keeps working.
//! It fails when a press is lost or scored twice, or something grows that must not; never for a time.
//!
//! `cargo bench --bench million --bench thousand` makes the whole table of many players and clients.

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

/// How much is played.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Whether the servers sync to the disk, without which no figure means anything.
    durable: bool,
    /// How many clients watch on a server, in turn, and on a file.
    crowds: &'static [u32],
    beside: &'static [u32],
    /// How many of them press at the most, each for a player of its own.
    pressing: u32,
    /// How long they watch, and how long some then press.
    time: Duration,
    /// Players of a long life, the clicks of a year's days and those made now, and its runs.
    players: u32,
    year: u64,
    now: u64,
    runs: u32,
    /// Players that are imported.
    imported: u32,
    /// How long the program itself is played.
    soak: Duration,
}

/// What the figures are taken from.
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

/// Enough to see that all parts work, with servers that don't wait for the disk.
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
    // More than a window of the list has.
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

/// Is not measured where no part is named.
const BY_NAME: &str = "asleep";

impl Bench {
    /// Starts the servers.
    ///
    /// # Errors
    /// A program that isn't installed.
    pub fn start(scale: Scale) -> Result<Self, Missing> {
        usage::allow_many_files();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let most = scale.crowds.iter().max().copied().unwrap_or_default();
        Ok(Self {
            scale,
            // Two of each client, and some for those who look on.
            places: Places::start(scale.durable, most * 2 + 50)?,
            runtime,
            sums: Sums::default(),
        })
    }

    /// Measures what is wanted and prints it; gives what was wrong, in words.
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
