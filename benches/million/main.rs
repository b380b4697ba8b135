//! Measures clickoff with a million players, and with a hundred for comparison, on each engine.
//!
//! `cargo bench --bench million` measures everything, and `cargo bench --bench million -- start
//! click` only the named parts: `start`, `list`, `click`. With `quick` among the names there are
//! only a few thousand players and the figures mean nothing; a test runs that to keep the benchmark
//! working. It fails if an answer is wrong, but never because of a time: only ratios within one run
//! are compared.
//!
//! `start` plays the program itself, in a pseudo-terminal; the others ask the real store.

#![allow(clippy::print_stdout, reason = "its table is what a benchmark is for")]

mod click;
mod list;
mod players;
mod start;

#[path = "../support/figures.rs"]
mod figures;
#[path = "../support/machine.rs"]
mod machine;
#[path = "../support/parts.rs"]
mod parts;
#[allow(unsafe_code, reason = "starting a program in a terminal of its own")]
#[path = "../../tests/support/pty.rs"]
mod pty;
#[path = "../../tests/support/database.rs"]
pub mod support;

use std::cell::OnceCell;
use std::process::ExitCode;

use parts::{Parts, Table, Wanted};
use players::{Engine, Places};
use support::servers::Missing;

/// The amount of work.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Whether the servers sync to the disk. Without that, no figure means anything.
    durable: bool,
    /// The large number of players.
    many: u32,
    /// The number of rounds of each comparison.
    rounds: usize,
    /// The presses of each measurement.
    presses: u64,
}

/// The configuration for real figures.
pub const FULL: Scale = Scale {
    durable: true,
    many: 1_000_000,
    rounds: 15,
    presses: 200,
};

/// A small configuration that checks all parts. Its servers don't wait for the disk.
pub const QUICK: Scale = Scale {
    durable: false,
    many: 2_000,
    rounds: 1,
    presses: 10,
};

/// What every part needs.
pub struct Bench {
    scale: Scale,
    places: Places,
    runtime: tokio::runtime::Runtime,
    engines: OnceCell<Vec<Engine>>,
}

const PARTS: &Parts<Bench> = &[
    ("start", start::measure),
    ("list", list::measure),
    ("click", click::measure),
];

impl Bench {
    /// Starts the servers.
    ///
    /// # Errors
    /// A program that isn't installed.
    pub fn start(scale: Scale) -> Result<Self, Missing> {
        Ok(Self {
            scale,
            places: Places::start(scale.durable)?,
            runtime: parts::runtime(),
            engines: OnceCell::new(),
        })
    }

    /// The databases of each engine, created at first use.
    fn engines(&self) -> &[Engine] {
        self.engines.get_or_init(|| self.places.engines(self))
    }

    /// Measures what is wanted and prints it.
    pub fn measure(&self, is_wanted: impl Fn(&str) -> bool) {
        println!("\n{}", machine::facts(self.places.directory()));
        self.engines();
        parts::measure(self, PARTS, is_wanted);
    }
}

fn main() -> ExitCode {
    let wanted = match Wanted::read("million", PARTS) {
        Ok(wanted) => wanted,
        Err(ended) => return ended,
    };
    match Bench::start(if wanted.quick { QUICK } else { FULL }) {
        Ok(bench) => {
            bench.measure(|part| wanted.wants(part));
            ExitCode::SUCCESS
        }
        Err(missing) => {
            eprintln!("million: {missing}");
            ExitCode::FAILURE
        }
    }
}
