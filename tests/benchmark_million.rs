//! Keeps the benchmark of a million players working: a small version of it, whose answers are right.

#[allow(dead_code)] // its own `main`
#[path = "../benches/million/main.rs"]
mod million;

use million::support::servers::require;

#[test]
fn every_part_is_measured_and_every_answer_is_right() {
    if let Some(bench) = require(million::Bench::start(million::QUICK)) {
        bench.measure(|_| true);
    }
}
