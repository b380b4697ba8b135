//! A human pace: each client presses thirty times a second, with and without folding.

use std::future::Future;

use super::clients::{Outcome, Pace, play};
use super::figures::ms;
use super::places::Place;
use super::pressing::Client;
use super::{Bench, Table, unfolded};

const RATE: u32 = 30;

/// All engines, alone and in a crowd.
pub fn measure(bench: &Bench) -> Table {
    let head = [
        "",
        "p50",
        "p99",
        "presses/s",
        "commits/s",
        "unfolded p50",
        "p99",
        "presses/s",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    let places = &bench.places;
    bench.runtime.block_on(async {
        lines.extend(on(bench, |players| places.sqlite(players)).await);
        lines.extend(on(bench, |players| places.postgres(players)).await);
        lines.extend(on(bench, |players| places.mariadb(players)).await);
    });
    Table {
        about: format!(
            "pace: each client presses {RATE} times a second for {:?}; the time is from a press to \
             its commit. Unfolded, each press is a transaction that waits for the one before.",
            bench.scale.time
        ),
        lines,
        left: &[0],
    }
}

async fn on<F: Future<Output = Place>>(
    bench: &Bench,
    fresh: impl Fn(u32) -> F,
) -> Vec<Vec<String>> {
    let crowd = bench.scale.crowd;
    let mut lines = Vec::new();
    for (clients, players) in [(1, 1), (crowd, 1), (crowd, crowd)] {
        let places = [fresh(players).await, fresh(players).await];
        let [folded, bare] = &places;
        let worker = || folded.worker();
        let mut folded = run(bench, folded, clients, worker).await;
        let worker = || unfolded::spawn(bare.store());
        let mut bare = run(bench, bare, clients, worker).await;
        let engine = places[0].engine;
        let plural = |n: u32, what: &str| match n {
            1 => format!("1 {what}"),
            n => format!("{n} {what}s"),
        };
        let [clients, players] = [plural(clients, "client"), plural(players, "player")];
        lines.push(vec![
            format!("{engine}, {clients}, {players}"),
            ms(folded.percentile(50)),
            ms(folded.percentile(99)),
            format!("{:.0}", folded.presses()),
            format!("{:.0}", folded.commits()),
            ms(bare.percentile(50)),
            ms(bare.percentile(99)),
            format!("{:.0}", bare.presses()),
        ]);
    }
    lines
}

async fn run(bench: &Bench, place: &Place, clients: u32, worker: impl Fn() -> Client) -> Outcome {
    let workers = (0..clients).map(|_| worker()).collect();
    let (rate, time) = (RATE, bench.scale.time);
    play(bench, place, workers, Pace { rate, time }).await
}
