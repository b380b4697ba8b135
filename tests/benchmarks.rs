//! Keeps the benchmarks of many clients working: a small version of each, with its exact sums.

#[allow(dead_code)] // its own `main`
#[path = "../benches/thousand/main.rs"]
mod thousand;
#[allow(dead_code)] // its own `main`
#[path = "../benches/together/main.rs"]
mod together;

#[test]
fn every_part_is_played_and_every_sum_is_exact() {
    use together::support::servers::require;
    if let Some(bench) = require(together::Bench::start(together::QUICK)) {
        assert_eq!(bench.measure(|_| true), [""; 0]);
    }
}

#[test]
fn a_small_crowd_and_a_short_life_are_measured_and_every_sum_is_exact() {
    use thousand::support::servers::require;
    if let Some(bench) = require(thousand::Bench::start(thousand::QUICK)) {
        assert_eq!(bench.measure(|_| true), [""; 0]);
    }
}
