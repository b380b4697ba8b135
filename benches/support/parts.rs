//! The parts of a benchmark: chooses and runs them, and prints tables and errors.
#![allow(dead_code)] // each benchmark uses its own part of this

use std::cell::RefCell;
use std::process::ExitCode;
use std::time::Instant;

use super::figures;

/// The result of one part.
pub struct Table {
    /// A description, with the target.
    pub about: String,
    /// The rows; the first is the head.
    pub lines: Vec<Vec<String>>,
    /// The columns that hold words.
    pub left: &'static [usize],
}

/// The parts of a benchmark with their names.
pub type Parts<B> = [(&'static str, fn(&B) -> Table)];

/// Runs the chosen parts and prints their results.
pub fn measure<B>(bench: &B, parts: &Parts<B>, is_wanted: impl Fn(&str) -> bool) {
    for (name, part) in parts {
        if is_wanted(name) {
            let begun = Instant::now();
            let Table { about, lines, left } = part(bench);
            eprintln!("measured {name} in {:.1?}", begun.elapsed());
            println!("\n{about}\n\n{}", figures::markdown(&lines, left));
        }
    }
}

/// The runtime of the clients that a benchmark plays.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

/// The command line: `cargo bench --bench NAME -- PART PART=NUMBER quick`.
pub struct Wanted {
    /// Whether the figures may be meaningless.
    pub quick: bool,
    named: Vec<String>,
}

impl Wanted {
    /// Parses the command line of a benchmark with these parts.
    ///
    /// # Errors
    /// The exit code if nothing is to be measured: because `cargo test --all-targets` runs it, or
    /// because there is no such part.
    pub fn read<B>(bench: &str, parts: &Parts<B>) -> Result<Self, ExitCode> {
        let args: Vec<String> = std::env::args().skip(1).collect();
        if !args.iter().any(|arg| arg == "--bench") {
            println!("{bench}: nothing is measured; `cargo bench --bench {bench}` does");
            return Err(ExitCode::SUCCESS);
        }
        let given = args.into_iter().filter(|arg| !arg.starts_with('-'));
        let (quick, named): (Vec<_>, Vec<_>) = given.partition(|arg| arg == "quick");
        let unknown = |name: &&String| parts.iter().all(|(known, _)| *known != part_of(name));
        if let Some(name) = named.iter().find(unknown) {
            let known: Vec<&str> = parts.iter().map(|(known, _)| *known).collect();
            let known = known.join(", ");
            eprintln!("{bench}: there is no part {name}; name some of {known}, quick");
            return Err(ExitCode::FAILURE);
        }
        let quick = !quick.is_empty();
        Ok(Self { quick, named })
    }

    /// Whether a part was named.
    pub fn names(&self, part: &str) -> bool {
        self.named.iter().any(|name| part_of(name) == part)
    }

    /// Whether a part is to run: because it was named, or because none was.
    pub fn wants(&self, part: &str) -> bool {
        self.named.is_empty() || self.names(part)
    }

    /// The number after a part's name.
    pub fn number(&self, part: &str) -> Option<u64> {
        let mut after = self.named.iter().filter_map(|name| name.strip_prefix(part));
        after.find_map(|rest| rest.strip_prefix('=')?.parse().ok())
    }
}

fn part_of(name: &str) -> &str {
    name.split('=').next().unwrap_or_default()
}

/// The number of presses in total, and the errors.
#[derive(Default)]
pub struct Sums {
    presses: RefCell<u64>,
    wrong: RefCell<Vec<String>>,
}

impl Sums {
    /// Compares the presses made with the score in the database.
    pub fn check(&self, what: &str, presses: u64, score: i64) {
        *self.presses.borrow_mut() += presses;
        let right = i64::try_from(presses) == Ok(score);
        self.demand(right, || {
            format!("{what}: {presses} presses, a score of {score}")
        });
    }

    /// Records an error.
    pub fn demand(&self, holds: bool, words: impl FnOnce() -> String) {
        if !holds {
            self.wrong.borrow_mut().push(words());
        }
    }

    /// Prints the result, with `words` if all went well; returns the errors.
    pub fn tell(&self, well: &str) -> Vec<String> {
        let wrong = self.wrong.take();
        println!(
            "\n{} presses and transactions in all, {}.",
            self.presses.take(),
            match wrong.len() {
                0 => well.to_owned(),
                n => format!("{n} THINGS WRONG"),
            }
        );
        wrong
    }
}

/// The exit code for these errors.
pub fn ended(wrong: &[String]) -> ExitCode {
    for words in wrong {
        println!("\nWRONG: {words}");
    }
    ExitCode::from(u8::from(!wrong.is_empty()))
}
