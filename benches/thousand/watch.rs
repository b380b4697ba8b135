//! A thousand watching clients, some of which press: the cost of each, and when others see the
//! presses.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clickoff::worker::Timing;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::figures::{ms, percentile};
use super::observers::{Board, look_on};
use super::places::Place;
use super::pressing::{self, Client, opened};
use super::support::servers::{Engine, Server};
use super::usage::{Times, server_time, used};
use super::{Bench, Table, machine};

/// Presses a second of each client that presses.
const RATE: u32 = 10;

/// How many of the watching clients record when they see a commit.
const ASKED: usize = 8;

/// How many connect at the same time.
const AT_ONCE: usize = 16;

/// The counters of a server.
struct Counters<C, S> {
    /// Its processor time.
    cpu: C,
    /// The statements received from clients.
    statements: S,
    /// The delay until the sum includes them.
    late: Duration,
}

/// Whether clients that don't press poll for changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Onlookers {
    Look,
    Sleep,
}

/// Both servers, and a file.
pub fn measure(bench: &Bench) -> Table {
    let crowds = bench.scale.crowds.iter().copied();
    table(bench, crowds.collect(), bench.scale.beside, Onlookers::Look)
}

/// Both servers with the most clients, of which those that don't press don't poll either: what
/// remains is the cost of the presses.
pub fn asleep(bench: &Bench) -> Table {
    let most = bench.scale.crowds.iter().max().copied();
    table(bench, most.into_iter().collect(), &[], Onlookers::Sleep)
}

fn table(bench: &Bench, crowds: Vec<u32>, beside: &[u32], manner: Onlookers) -> Table {
    let places = &bench.places;
    let crowds: Vec<_> = crowds.into_iter().map(|crowd| (crowd, manner)).collect();
    let head = [
        "",
        "statements/s each, idle",
        "of a core of the server's each, idle",
        "of a core of its own each, idle",
        "statements/s each, some press",
        "press to commit, p50",
        "p99",
        "seen by others, p50",
        "p99",
        "server busy",
        "clients busy",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    bench.runtime.block_on(async {
        let players = bench.scale.pressing;
        let server = Counters {
            cpu: || server_time(&places.postgres),
            statements: || on_postgres(&places.postgres),
            // An idle connection reports its last statements only then.
            late: bench.scale.time.min(Duration::from_secs(1)) * 11,
        };
        for crowd in &crowds {
            lines.push(on(bench, places.postgres(players), *crowd, &server).await);
        }
        let server = Counters {
            cpu: || server_time(&places.mariadb),
            statements: || on_mariadb(&places.mariadb),
            late: bench.scale.time.min(Duration::from_secs(1)),
        };
        for crowd in &crowds {
            lines.push(on(bench, places.mariadb(players), *crowd, &server).await);
        }
        let server = Counters {
            cpu: Times::new,
            statements: || 0,
            late: Duration::ZERO,
        };
        for &clients in beside {
            lines.push(on(bench, places.sqlite(players), (clients, manner), &server).await);
        }
    });
    Table {
        about: format!(
            "{}: so many clients in this process watch for {time:?}; then up to {} of them press \
             {RATE} times a second for {time:?}, each for a player of its own, and at least a tenth \
             does not. Who sleeps is connected and does not look. A file has no server: its work is \
             the clients' own.",
            match manner {
                Onlookers::Look => "watch",
                Onlookers::Sleep => "asleep",
            },
            bench.scale.pressing,
            time = bench.scale.time
        ),
        lines,
        left: &[0],
    }
}

async fn on(
    bench: &Bench,
    place: impl Future<Output = Place>,
    (clients, manner): (u32, Onlookers),
    server: &Counters<impl Fn() -> Times, impl Fn() -> u64>,
) -> Vec<String> {
    let place = place.await;
    let time = bench.scale.time;
    let alone = span(server, time / 2).await;
    let pressing = (clients - clients.div_ceil(10)).min(bench.scale.pressing);
    let workers = connect(&place, pressing, Timing::default()).await;
    let mut timing = Timing::default();
    if manner == Onlookers::Sleep {
        timing.poll = Duration::from_secs(3600);
    }
    let onlookers = connect(&place, clients - pressing, timing).await;
    let board = Board::default();
    let (leave, leaving) = tokio::sync::watch::channel(false);
    let mut watching = JoinSet::new();
    for (at, worker) in onlookers.into_iter().enumerate() {
        let board = (at < ASKED).then(|| board.clone());
        watching.spawn(look_on(worker, board, leaving.clone()));
    }
    // After the first polls, which open the second connections, and after what is left of creating
    // the list.
    tokio::time::sleep(server.late + time.min(Duration::from_secs(1))).await;
    let idle = span(server, time).await;

    // With this many connections, reading the counters takes time.
    let before = Span::begin(server);
    let begun = Instant::now();
    let mut playing = JoinSet::new();
    for (seed, (mut worker, player)) in (1..).zip(workers.into_iter().zip(&place.players)) {
        let (player, board) = (*player, board.clone());
        playing.spawn(async move {
            let presses = (time.as_secs_f64() * f64::from(RATE)) as u32;
            let dues = pressing::dues(begun, RATE, presses, seed);
            let told = |score| board.committed(player, score);
            let pressed = pressing::press_and_tell(&mut worker, player, 0, dues, told).await;
            (worker, pressed)
        });
    }
    let mut latencies = Vec::new();
    let mut done = Vec::new();
    while let Some(played) = playing.join_next().await {
        let (worker, pressed) = played.expect("a client that presses");
        latencies.extend(pressed.latencies);
        done.push(worker);
    }
    let busy = before.end(server);
    // The last commits have not been seen yet.
    tokio::time::sleep(bench.scale.time.min(Duration::from_secs(2))).await;
    leave.send(true).expect("somebody listens");
    let mut ages = Vec::new();
    while let Some(watched) = watching.join_next().await {
        let (worker, seen) = watched.expect("a client that watches");
        ages.extend(seen);
        done.push(worker);
    }
    disconnect(done).await;
    let asleep = match manner {
        Onlookers::Look => String::new(),
        Onlookers::Sleep => format!(", {} asleep", clients - pressing),
    };
    let what = format!("{}, {clients} clients{asleep}", place.engine);
    bench
        .sums
        .check(&what, latencies.len() as u64, place.score().await);
    bench
        .sums
        .demand(manner == Onlookers::Sleep || !ages.is_empty(), || {
            format!("{what}: nothing was seen")
        });
    figures(&what, clients, [alone, idle, busy], latencies, ages)
}

fn figures(
    what: &str,
    clients: u32,
    [alone, idle, busy]: [Span; 3],
    mut latencies: Vec<Duration>,
    mut ages: Vec<Duration>,
) -> Vec<String> {
    let each = |figure: f64| figure / f64::from(clients);
    let percent = |share: f64| format!("{:.3} %", share.max(0.0) * 100.0);
    let of = |times: &mut Vec<Duration>, percent| match times.is_empty() {
        true => "-".to_owned(),
        false => ms(percentile(times, percent)),
    };
    vec![
        what.to_owned(),
        format!("{:.2}", each(idle.statements - alone.statements)),
        percent(each(idle.server - alone.server)),
        percent(each(idle.own - alone.own)),
        format!("{:.2}", each(busy.statements)),
        of(&mut latencies, 50),
        of(&mut latencies, 99),
        of(&mut ages, 50),
        of(&mut ages, 99),
        format!("{:.0} %", busy.server * 100.0),
        format!("{:.0} %", busy.own * 100.0),
    ]
}

/// Starts a few clients at a time, and waits until each has opened its database.
async fn connect(place: &Place, clients: u32, timing: Timing) -> Vec<Client> {
    let room = Arc::new(Semaphore::new(AT_ONCE));
    let mut opening = JoinSet::new();
    for _ in 0..clients {
        let permit = Arc::clone(&room).acquire_owned().await.expect("it is open");
        let mut worker = place.worker_with(timing);
        opening.spawn(async move {
            opened(&mut worker, "Player 0").await;
            drop(permit);
            worker
        });
    }
    let opened = opening.join_all().await;
    assert_eq!(opened.len(), clients as usize);
    opened
}

async fn disconnect(workers: Vec<Client>) {
    let leaving: JoinSet<()> = workers.into_iter().map(pressing::leave).collect();
    leaving.join_all().await;
}

/// The usage in one second.
#[derive(Debug, Clone, Copy)]
struct Span {
    statements: f64,
    /// The processor time of the server, and of this process.
    server: f64,
    own: f64,
}

struct Begun {
    at: Instant,
    counted: (Instant, u64),
    server: Times,
    own: Duration,
}

impl Span {
    fn begin(server: &Counters<impl Fn() -> Times, impl Fn() -> u64>) -> Begun {
        let counted = (Instant::now(), (server.statements)());
        Begun {
            counted,
            server: (server.cpu)(),
            own: own_time(),
            at: Instant::now(),
        }
    }
}

impl Begun {
    fn end(self, server: &Counters<impl Fn() -> Times, impl Fn() -> u64>) -> Span {
        let time = self.at.elapsed().as_secs_f64();
        let own = own_time().saturating_sub(self.own).as_secs_f64();
        let spent = used(&self.server, (server.cpu)()).as_secs_f64();
        let (since, before) = self.counted;
        let since = since.elapsed().as_secs_f64();
        let statements = (server.statements)() - before;
        Span {
            statements: statements as f64 / since,
            server: spent / time,
            own: own / time,
        }
    }
}

async fn span(server: &Counters<impl Fn() -> Times, impl Fn() -> u64>, time: Duration) -> Span {
    let begun = Span::begin(server);
    tokio::time::sleep(time).await;
    begun.end(server)
}

fn own_time() -> Duration {
    machine::cpu_time("self").unwrap_or_default()
}

/// Each of clickoff's statements is a transaction there. The sum includes a connection's statements
/// only a second later.
fn on_postgres<E: Engine>(server: &Server<E>) -> u64 {
    let text = "SELECT sum(xact_commit + xact_rollback) FROM pg_stat_database";
    server.sql(text).parse().expect("a number")
}

fn on_mariadb<E: Engine>(server: &Server<E>) -> u64 {
    let told = server.sql("SHOW GLOBAL STATUS LIKE 'Questions'");
    let number = told.split_whitespace().next_back();
    number.and_then(|n| n.parse().ok()).expect("a number")
}
