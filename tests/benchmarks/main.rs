//! Runs a small version of each benchmark on servers, and checks its sums and answers.

#![allow(
    clippy::duplicate_mod,
    reason = "each benchmark is a program of its own"
)]

#[allow(dead_code)] // its own `main`
#[path = "../../benches/million/main.rs"]
mod million;
#[allow(dead_code)] // its own `main`
#[path = "../../benches/thousand/main.rs"]
mod thousand;
#[allow(dead_code)] // its own `main`
#[path = "../../benches/together/main.rs"]
mod together;

#[test]
fn playing_together_is_measured_in_every_part_and_every_sum_is_exact() {
    if let Some(bench) =
        together::support::servers::require(together::Bench::start(together::QUICK))
    {
        assert_eq!(bench.measure(|_| true), [""; 0]);
    }
}

#[test]
fn a_million_players_are_measured_in_every_part_and_every_answer_is_right() {
    if let Some(bench) = million::support::servers::require(million::Bench::start(million::QUICK)) {
        bench.measure(|_| true);
    }
}

#[test]
fn a_small_crowd_and_a_short_life_are_measured_and_every_sum_is_exact() {
    if let Some(bench) =
        thousand::support::servers::require(thousand::Bench::start(thousand::QUICK))
    {
        assert_eq!(bench.measure(|_| true), [""; 0]);
    }
}
