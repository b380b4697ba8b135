//! Measures clickoff played together, on a SQLite file and on servers that it starts itself.
//!
//! `cargo bench --bench together` measures all of it in under four minutes, and
//! `cargo bench --bench together -- hot delay` what is named: `pace`, `hot`, `delay`, `idle`. With
//! `quick` among the names each takes seconds and its figures mean nothing; a test plays that, so
//! that it keeps working. It fails when a press is lost or scored twice, never for a time.
//!
//! Only `delay` plays the program itself, in a pseudo-terminal. The others run the real worker and
//! the real store, many in this one process, which shares the machine with the servers. Those are
//! as they come from Debian where it matters: a commit is on the disk before it is answered.

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
#[path = "../support/pressing.rs"]
mod pressing;
#[allow(unsafe_code, reason = "starting a program in a terminal of its own")]
#[path = "../../tests/support/pty.rs"]
mod pty;
#[path = "../support/screen.rs"]
mod screen;
#[path = "../../tests/support/database.rs"]
pub mod support;

use std::cell::RefCell;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use places::Places;
use support::servers::Missing;

/// How much is played.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    /// Whether the servers sync to the disk, without which no figure means anything.
    durable: bool,
    /// The clients of the crowd, and its players.
    crowd: u32,
    /// The clients on one hot row.
    hot: u32,
    /// How long they press.
    time: Duration,
    /// How often each of two that are compared has its turn.
    rounds: usize,
    /// What a slow link adds on the way there, and once more on the way back.
    delay: Duration,
    /// Keys pressed across it.
    keys: u32,
    /// How long nobody presses.
    idle: Duration,
}

/// What the figures are taken from.
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

/// Enough to see that all parts work, with servers that don't wait for the disk.
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
    presses: RefCell<u64>,
    wrong: RefCell<Vec<String>>,
}

/// One part's figures.
struct Table {
    /// What was measured and what it should reach.
    about: String,
    /// The first is the head.
    lines: Vec<Vec<String>>,
    /// The columns that hold words.
    left: &'static [usize],
}

type Part = fn(&Bench) -> Table;

const PARTS: [(&str, Part); 4] = [
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
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        Ok(Self {
            scale,
            places: Places::start(scale.durable, 300)?,
            runtime,
            presses: RefCell::default(),
            wrong: RefCell::default(),
        })
    }

    /// Measures what is wanted and prints it; gives what was counted wrong, in words.
    pub fn measure(&self, is_wanted: impl Fn(&str) -> bool) -> Vec<String> {
        println!("\n{}", self.places.facts(self.scale.durable));
        for (name, part) in PARTS {
            if is_wanted(name) {
                let begun = Instant::now();
                let Table { about, lines, left } = part(self);
                eprintln!("measured {name} in {:.1?}", begun.elapsed());
                println!("\n{about}\n\n{}", figures::markdown(&lines, left));
            }
        }
        let wrong = self.wrong.take();
        let presses = self.presses.take();
        println!(
            "\n{presses} presses and transactions in all, {}.",
            match wrong.len() {
                0 => "every sum exact".to_owned(),
                n => format!("{n} SUMS WRONG"),
            }
        );
        wrong
    }

    /// Compares what was done with the score that is there.
    fn check(&self, what: &str, presses: u64, score: i64) {
        *self.presses.borrow_mut() += presses;
        if i64::try_from(presses) != Ok(score) {
            let words = format!("{what}: {presses} presses, a score of {score}");
            self.wrong.borrow_mut().push(words);
        }
    }
}

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        // Started by `cargo test --all-targets`.
        println!("together: nothing is measured; `cargo bench --bench together` does");
        return ExitCode::SUCCESS;
    }
    let (quick, named): (Vec<_>, Vec<_>) = args
        .iter()
        .filter(|arg| !arg.starts_with('-'))
        .partition(|arg| *arg == "quick");
    let unknown = |name: &&&String| PARTS.iter().all(|(part, _)| *part != name.as_str());
    if let Some(name) = named.iter().find(unknown) {
        eprintln!("together: there is no part {name}; name some of pace, hot, delay, idle, quick");
        return ExitCode::FAILURE;
    }
    let scale = if quick.is_empty() { FULL } else { QUICK };
    let bench = match Bench::start(scale) {
        Ok(bench) => bench,
        Err(missing) => {
            eprintln!("together: {missing}");
            return ExitCode::FAILURE;
        }
    };
    let wrong = bench.measure(|part| named.is_empty() || named.iter().any(|name| *name == part));
    for words in &wrong {
        println!("\nWRONG: {words}");
    }
    ExitCode::from(u8::from(!wrong.is_empty()))
}
