//! Keeps the benchmark of playing together working: a small version of it, with its exact sums.

#[allow(dead_code)] // its own `main`
#[path = "../benches/together/main.rs"]
mod together;

use together::support::servers::require;

#[test]
fn every_part_is_played_and_every_sum_is_exact() {
    if let Some(bench) = require(together::Bench::start(together::QUICK)) {
        assert_eq!(bench.measure(|_| true), [""; 0]);
    }
}
