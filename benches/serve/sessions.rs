//! Many sessions log in, wait, and then all play: the cost of each session, and its latency.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use clickoff::store::{AnyStore, ClientId, Store};
use tokio::task::JoinSet;

use super::figures::{ms, percentile};
use super::guests::{Guest, Played, give_keys};
use super::places::Place;
use super::pressing::dues;
use super::usage::Held;
use super::{Bench, RATE, Server, Table, machine};

/// Until the work caused by the log-ins has finished.
const REST: Duration = Duration::from_secs(5);

/// Both engines, with each number of sessions.
pub fn measure(bench: &Bench) -> Table {
    let head = [
        "sessions",
        "logged in within",
        "idle: bytes, of a core",
        "memory of each",
        "presses/s",
        "press to committed frame, p50, p99",
        "frames/s of each",
        "sent to each, kB/s",
        "cores of server, clients",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    bench.runtime.block_on(async {
        for crowd in bench.scale.crowds {
            for engine in ["SQLite", "PostgreSQL"] {
                let place = match engine {
                    "SQLite" => bench.places.sqlite(*crowd).await,
                    _ => bench.places.postgres(*crowd).await,
                };
                lines.push(on(bench, &place, *crowd).await);
            }
        }
    });
    let Scope { idle, time } = Scope::of(bench);
    Table {
        about: format!(
            "sessions: each an ssh connection with a key and a player of its own, on a terminal of \
             80x24. They log in, do nothing for {idle}, and press {RATE} times a second for {time}. \
             Memory is what each session takes beyond the first. Wanted: p99 under 50 ms at 500 \
             and under 250 ms at 1,000, 400 kB a session, log-ins within 3 s, idle 0 bytes and \
             0.5 % of a core."
        ),
        lines,
        left: &[0],
    }
}

/// The time of each phase, as text.
struct Scope {
    idle: String,
    time: String,
}

impl Scope {
    fn of(bench: &Bench) -> Self {
        Self {
            idle: format!("{:?}", bench.scale.idle),
            time: format!("{:?}", bench.scale.time),
        }
    }
}

/// Sets the players' scores so far apart that nobody passes another, and returns their sum. So each
/// session keeps its own player in sight, which shows what is committed.
async fn set_apart(store: &mut AnyStore, place: &Place) -> i64 {
    let client = ClientId::new_v4();
    let mut sum = 0;
    for (player, score) in place.players.iter().rev().zip((0..).step_by(1_000)) {
        let session = store.register(client, *player).await.expect("a session");
        store.count(session, score).await.expect("counted");
        sum += score.cast_signed();
    }
    sum
}

async fn on(bench: &Bench, place: &Place, crowd: u32) -> Vec<String> {
    let what = format!("{}, {crowd}", place.engine);
    eprintln!("{what}");
    let mut store = place.store();
    give_keys(&mut store, &place.players).await;
    let apart = set_apart(&mut store, place).await;
    let server = Server::start(place);
    let received = Arc::new(AtomicU64::new(0));
    let pid = server.child.id();
    let cpu = || machine::cpu_time(pid).unwrap_or_default();
    let own_cpu = || machine::cpu_time("self").unwrap_or_default();
    let mut guests = server.enter(0, 1, &received).await;
    guests = rest(guests, REST).await;
    let first = Held::by(pid).memory;
    let begun = Instant::now();
    guests.extend(server.enter(1, crowd, &received).await);
    let logged_in = begun.elapsed();
    guests = rest(guests, REST).await;

    let (bytes, busy) = (received.load(Ordering::Relaxed), cpu());
    guests = rest(guests, bench.scale.idle).await;
    let idle_bytes = received.load(Ordering::Relaxed) - bytes;
    let idle = cpu().saturating_sub(busy).as_secs_f64() / bench.scale.idle.as_secs_f64();
    bench.sums.demand(idle_bytes == 0, || {
        format!("{what}: {idle_bytes} bytes were sent to the idle")
    });

    let presses = bench.scale.time.as_secs() as u32 * RATE;
    let (bytes, busy, begun) = (received.load(Ordering::Relaxed), cpu(), Instant::now());
    let own_busy = own_cpu();
    let (guests, mut played) = play(guests, presses).await;
    let took = begun.elapsed().as_secs_f64();
    let sent = (received.load(Ordering::Relaxed) - bytes) as f64;
    // In the tests, threads of others end meanwhile, and their time is no longer in the sum.
    let [cores, own_cores] = [(cpu(), busy), (own_cpu(), own_busy)]
        .map(|(now, before)| now.saturating_sub(before).as_secs_f64() / took);
    let memory = Held::by(pid).memory.saturating_sub(first);
    server.end();
    drop(guests);
    let made = u64::from(crowd) * u64::from(presses);
    bench.sums.check(&what, made, place.score().await - apart);
    let each = f64::from(crowd);
    vec![
        what,
        ms(logged_in),
        format!("{idle_bytes}, {:.2} %", idle * 100.0),
        format!("{} kB", memory / u64::from(crowd.max(2) - 1)),
        format!("{:.0}", made as f64 / took),
        format!(
            "{}, {}",
            ms(percentile(&mut played.latencies, 50)),
            ms(percentile(&mut played.latencies, 99))
        ),
        format!("{:.1}", f64::from(played.frames) / took / each),
        format!("{:.1}", sent / 1000.0 / took / each),
        format!("{cores:.2}, {own_cores:.2}"),
    ]
}

/// Lets all clients receive output for some time.
async fn rest(guests: Vec<Guest>, time: Duration) -> Vec<Guest> {
    let until = Instant::now() + time;
    let mut listening = JoinSet::new();
    for mut guest in guests {
        listening.spawn(async move {
            guest.listen(until).await;
            guest
        });
    }
    listening.join_all().await
}

/// Lets all clients press this many times.
async fn play(guests: Vec<Guest>, presses: u32) -> (Vec<Guest>, Played) {
    let start = Instant::now() + Duration::from_millis(100);
    let mut playing = JoinSet::new();
    for (seed, mut guest) in (1..).zip(guests) {
        playing.spawn(async move {
            let played = guest.play(dues(start, RATE, presses, seed)).await;
            (guest, played)
        });
    }
    let (mut guests, mut all) = (Vec::new(), Played::default());
    for (guest, played) in playing.join_all().await {
        guests.push(guest);
        all.latencies.extend(played.latencies);
        all.frames += played.frames;
    }
    (guests, all)
}
