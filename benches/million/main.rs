//! Measures clickoff with a million players beside the same with a hundred, on each engine.
//!
//! `cargo bench --bench million` measures all of it, and `cargo bench --bench million -- start click`
//! what is named: `start`, `list`, `click`. With `quick` among the names there are a few thousand
//! players and the figures mean nothing; a test plays that, so that it keeps working. It fails when
//! an answer is wrong, never for a time: what is compared are the ratios within one run.
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
#[allow(unsafe_code, reason = "starting a program in a terminal of its own")]
#[path = "../../tests/support/pty.rs"]
mod pty;
#[path = "../../tests/support/database.rs"]
pub mod support;

use std::process::ExitCode;
use std::time::Instant;

use players::{Engine, Places};
use support::servers::Missing;

/// How much there is.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Whether the servers sync to the disk, without which no figure means anything.
    durable: bool,
    /// How many players there are many of.
    many: u32,
    /// How often each of two that are compared has its turn.
    rounds: usize,
    /// How many presses are counted each time.
    presses: u64,
}

/// What the figures are taken from.
pub const FULL: Scale = Scale {
    durable: true,
    many: 1_000_000,
    rounds: 15,
    presses: 200,
};

/// Enough to see that all parts work, with servers that don't wait for the disk.
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
}

/// One part's figures.
struct Table {
    /// What was measured and what it should reach.
    about: String,
    /// The first is the head.
    lines: Vec<Vec<String>>,
}

type Part = fn(&Bench, &[Engine]) -> Table;

const PARTS: [(&str, Part); 3] = [
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
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        Ok(Self {
            scale,
            places: Places::start(scale.durable)?,
            runtime,
        })
    }

    /// Measures what is wanted and prints it.
    pub fn measure(&self, is_wanted: impl Fn(&str) -> bool) {
        println!("\n{}", machine::facts(self.places.directory()));
        let engines = self.places.engines(self);
        for (name, part) in PARTS {
            if is_wanted(name) {
                let begun = Instant::now();
                let Table { about, lines } = part(self, &engines);
                eprintln!("measured {name} in {:.1?}", begun.elapsed());
                println!("\n{about}\n\n{}", figures::markdown(&lines, &[0]));
            }
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        // Started by `cargo test --all-targets`.
        println!("million: nothing is measured; `cargo bench --bench million` does");
        return ExitCode::SUCCESS;
    }
    let (quick, named): (Vec<_>, Vec<_>) = args
        .iter()
        .filter(|arg| !arg.starts_with('-'))
        .partition(|arg| *arg == "quick");
    let unknown = |name: &&&String| PARTS.iter().all(|(part, _)| *part != name.as_str());
    if let Some(name) = named.iter().find(unknown) {
        eprintln!("million: there is no part {name}; name some of start, list, click, quick");
        return ExitCode::FAILURE;
    }
    let bench = match Bench::start(if quick.is_empty() { FULL } else { QUICK }) {
        Ok(bench) => bench,
        Err(missing) => {
            eprintln!("million: {missing}");
            return ExitCode::FAILURE;
        }
    };
    bench.measure(|part| named.is_empty() || named.iter().any(|name| *name == part));
    ExitCode::SUCCESS
}
