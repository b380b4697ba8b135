//! Keeps the benchmark of a thousand clients and a long life working: a small version of it.

#[allow(dead_code)] // its own `main`
#[path = "../benches/thousand/main.rs"]
mod thousand;

use thousand::support::servers::require;

#[test]
fn a_small_crowd_and_a_short_life_are_measured_and_every_sum_is_exact() {
    if let Some(bench) = require(thousand::Bench::start(thousand::QUICK)) {
        assert_eq!(bench.measure(|_| true), [""; 0]);
    }
}
