//! Many clients that press at the same time, and their results.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clickoff::game::PlayerId;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use super::Bench;
use super::figures::percentile;
use super::places::Place;
use super::pressing::{self, Client, Pressed};

/// The pace and the duration for each client.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// Presses a second.
    pub rate: u32,
    /// The time from the first to the last.
    pub time: Duration,
}

/// The results of many clients.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The times from press to commit.
    pub latencies: Vec<Duration>,
    /// Commits.
    pub transactions: u64,
    /// From the first press to the last commit.
    pub elapsed: Duration,
}

impl Outcome {
    /// The percentile: the time that this many percent of the presses do not exceed.
    pub fn percentile(&mut self, percent: usize) -> Duration {
        percentile(&mut self.latencies, percent)
    }

    /// How many presses were committed in a second.
    pub fn presses(&self) -> f64 {
        self.latencies.len() as f64 / self.elapsed.as_secs_f64()
    }

    /// How many transactions were committed in a second.
    pub fn commits(&self) -> f64 {
        self.transactions as f64 / self.elapsed.as_secs_f64()
    }
}

/// Lets all workers press from the same moment, the first for the first player and so on in turn.
/// Then all quit, and the sum of the scores is checked.
pub async fn play(bench: &Bench, place: &Place, workers: Vec<Client>, pace: Pace) -> Outcome {
    let clients = workers.len();
    let ready = Arc::new(Barrier::new(clients));
    let players = place.players.iter().copied().cycle();
    // Awaited together in one set: otherwise a failure would not be noticed, since the others wait
    // for that client.
    let mut playing = JoinSet::new();
    for (seed, (worker, player)) in (1..).zip(workers.into_iter().zip(players)) {
        playing.spawn(one(worker, player, pace, seed, Arc::clone(&ready)));
    }
    let mut outcome = Outcome::default();
    while let Some(client) = playing.join_next().await {
        let (pressed, elapsed) = client.expect("a client's end");
        outcome.latencies.extend(pressed.latencies);
        outcome.transactions += pressed.transactions;
        outcome.elapsed = outcome.elapsed.max(elapsed);
    }
    // The first press of each client creates its row, and is not timed.
    let presses = outcome.latencies.len() + clients;
    let what = format!("{}, {clients} clients", place.engine);
    bench.sums.check(&what, presses as u64, place.score().await);
    outcome
}

async fn one(
    mut worker: Client,
    player: PlayerId,
    pace: Pace,
    seed: u64,
    ready: Arc<Barrier>,
) -> (Pressed, Duration) {
    pressing::opened(&mut worker, "Player 0").await;
    let first = std::iter::once(Instant::now());
    pressing::press(&mut worker, player, 0, first).await;
    ready.wait().await;
    let start = Instant::now();
    let presses = (pace.time.as_secs_f64() * f64::from(pace.rate)) as u32;
    let dues = pressing::dues(start, pace.rate, presses, seed);
    let pressed = pressing::press(&mut worker, player, 1, dues).await;
    let elapsed = start.elapsed();
    ready.wait().await;
    pressing::leave(worker).await;
    (pressed, elapsed)
}
