//! How soon another player sees the presses of the best player, while many play.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clickoff::store::{ClientId, Store};
use tokio::task::JoinSet;

use super::figures::{ms, percentile};
use super::guests::give_keys;
use super::places::Place;
use super::pressing::dues;
use super::{Bench, RATE, Server, Table};

/// The best player's score, which keeps the player at the top of the list.
const BEST: i64 = 1_000_000;

/// Both engines.
pub fn measure(bench: &Bench) -> Table {
    let head = [
        "",
        "seen by another, p50, p99",
        "sent to each player, kB/s",
        "sent to one who watches, kB/s",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    let playing = bench.scale.playing;
    bench.runtime.block_on(async {
        for engine in ["SQLite", "PostgreSQL"] {
            let place = match engine {
                "SQLite" => bench.places.sqlite(playing + 1).await,
                _ => bench.places.postgres(playing + 1).await,
            };
            lines.push(on(bench, &place).await);
        }
    });
    Table {
        about: format!(
            "seen: {playing} press {RATE} times a second, and one more looks at the row of the best \
             of them. Wanted: within half a second."
        ),
        lines,
        left: &[0],
    }
}

async fn on(bench: &Bench, place: &Place) -> Vec<String> {
    let playing = bench.scale.playing;
    let mut store = place.store();
    give_keys(&mut store, &place.players).await;
    // The watcher is second in the list, below the best player.
    let scores = [(0, BEST), (playing as usize, BEST / 2)];
    for (number, score) in scores {
        let session = store.register(ClientId::new_v4(), place.players[number]);
        let session = session.await.expect("a session");
        let counted = store.count(session, score.unsigned_abs()).await;
        counted.expect("counted");
    }
    let server = Server::start(place);
    let (sent, watched) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let guests = server.enter(0, playing, &sent).await;
    let mut looking = server.enter(playing, playing + 1, &watched).await;
    let mut looking = looking.pop().expect("one");
    let start = Instant::now() + Duration::from_secs(3);
    let presses = bench.scale.time.as_secs() as u32 * RATE;
    let of_the_best: Vec<Instant> = dues(start, RATE, presses, 1).collect();
    let end = start + bench.scale.time + Duration::from_secs(2);
    let mut all = JoinSet::new();
    for (seed, mut guest) in (1..).zip(guests) {
        all.spawn(async move {
            guest.listen(start).await;
            guest.play(dues(start, RATE, presses, seed)).await;
            guest.listen(end).await;
        });
    }
    looking.listen(start).await;
    let before = [&sent, &watched].map(|bytes| bytes.load(Ordering::Relaxed));
    let seen = looking.watch("Player 0 ", end).await;
    let after = [&sent, &watched].map(|bytes| bytes.load(Ordering::Relaxed));
    all.join_all().await;
    server.end();
    // A press was seen with the first score that includes it.
    let mut times = Vec::new();
    for (made, due) in (1..).zip(&of_the_best) {
        let shown = seen.iter().find(|(score, _)| *score >= BEST + made);
        times.extend(shown.map(|(_, at)| at.saturating_duration_since(*due)));
    }
    let what = format!("{}, {playing} play", place.engine);
    let missed = of_the_best.len() - times.len();
    bench.sums.demand(missed == 0, || {
        format!("{what}: {missed} presses were never seen")
    });
    let made = u64::from(playing) * u64::from(presses);
    let score = place.score().await - BEST - BEST / 2;
    bench.sums.check(&what, made, score);
    if times.is_empty() {
        times.push(Duration::ZERO);
    }
    let seconds = bench.scale.time.as_secs_f64() + 2.0;
    let rate = |at: usize| (after[at] - before[at]) as f64 / 1000.0 / seconds;
    vec![
        what,
        format!(
            "{}, {}",
            ms(percentile(&mut times, 50)),
            ms(percentile(&mut times, 99))
        ),
        format!("{:.1}", rate(0) / f64::from(playing)),
        format!("{:.1}", rate(1)),
    ]
}
