//! Runs a small version of the server's benchmark, and checks its sums.

#[allow(dead_code, clippy::duplicate_mod)] // its own `main`, and servers of its own
#[path = "../../benches/serve/main.rs"]
mod bench;

#[test]
fn a_small_crowd_is_measured_and_every_sum_is_exact() {
    if let Some(bench) = bench::support::servers::require(bench::Bench::start(bench::QUICK)) {
        assert_eq!(bench.measure(|_| true), [""; 0]);
    }
}
