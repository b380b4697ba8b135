//! Measures clickoff in a pseudo-terminal, as its player uses it, beside a minimal program, the
//! floor.
//!
//! `cargo bench --bench play` measures everything in under three minutes, and `cargo bench --bench
//! play -- latency idle` only the named parts: `latency`, `start`, `flood`, `idle`, `together`,
//! `size`. It fails if a press is lost or scored twice, but never because of a time.
//!
//! The floor is this program itself, run as a bare terminal program that does one durable SQLite
//! transaction for each key; several of its writers wait as SQLite makes them wait. Both programs
//! take turns in one run, because only ratios can be compared across machines. This binary is about
//! as large as clickoff's, which makes the floor's start 0.2 ms slower than that of a small
//! program.
//!
//! Cargo builds clickoff with the dependency features that the tests need. `CLICKOFF_BENCH_BINARY`
//! names another binary to measure, such as `target/release/clickoff`.

#![allow(clippy::print_stdout, reason = "its table is what a benchmark is for")]

mod crowd;
mod floor;
mod game;
mod measures;
mod sqlite;
mod table;

#[allow(unsafe_code, reason = "starting a program in a terminal of its own")]
#[path = "../../tests/support/pty.rs"]
mod pty;

#[path = "../support/figures.rs"]
mod figures;
#[path = "../support/machine.rs"]
mod machine;
#[path = "../support/pressing.rs"]
mod pressing;
#[path = "../support/screen.rs"]
mod screen;

use std::path::Path;
use std::process::ExitCode;

use game::Place;
use measures::Count;
use table::Row;

type Measure = fn(&Place, &mut Count) -> Vec<Row>;

const MEASURES: [(&str, Measure); 6] = [
    ("latency", measures::latency),
    ("start", measures::start),
    ("flood", measures::flood),
    ("idle", measures::idle),
    ("together", measures::together),
    ("size", measures::size),
];

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    if !args.iter().any(|arg| arg == "--bench") {
        // Started by itself, or by `cargo test --all-targets`.
        match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            ["floor", file] => floor::play(Path::new(file)),
            ["floor-writer", file] => floor::crowd_member(Path::new(file)),
            ["writer", file] => crowd::member(Path::new(file)),
            _ => println!("play: nothing is measured; `cargo bench --bench play` does"),
        }
        return ExitCode::SUCCESS;
    }
    let named: Vec<&String> = args.iter().filter(|arg| !arg.starts_with('-')).collect();
    let is_wanted = |name: &str| named.is_empty() || named.iter().any(|n| name.contains(*n));
    let place = Place::new();
    let facts = machine::facts(place.directory());
    let mut count = Count::default();
    let mut rows = Vec::new();
    for (name, measure) in MEASURES {
        if is_wanted(name) {
            eprintln!("measuring {name}");
            rows.extend(measure(&place, &mut count));
        }
    }
    rows.push(count.row());
    println!("\n{facts}\n\n{}", table::table(&rows));
    for words in &count.wrong {
        println!("\nWRONG: {words}");
    }
    ExitCode::from(u8::from(!count.wrong.is_empty()))
}
