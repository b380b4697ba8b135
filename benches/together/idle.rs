//! What watching clients cost the server while nobody presses.

use std::collections::HashMap;
use std::future::Future;
use std::time::Duration;

use super::places::Place;
use super::pressing::{leave, opened};
use super::support::proxy::Proxy;
use super::support::servers::{Engine, Server};
use super::{Bench, Table, machine};

/// Both servers.
pub fn measure(bench: &Bench) -> Table {
    let places = &bench.places;
    let head = [
        "of each client, in a second",
        "round trips",
        "bytes to the server",
        "bytes from it",
        "of one core of the server's",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    bench.runtime.block_on(async {
        let cpu = || server_time(&places.postgres);
        lines.push(on(bench, places.postgres(1), cpu).await);
        let cpu = || server_time(&places.mariadb);
        lines.push(on(bench, places.mariadb(1), cpu).await);
    });
    Table {
        about: format!(
            "idle: {} clients watch for {:?}, each with one connection for scoring and one for \
             watching; the server's processor time is less what it uses without them.",
            bench.scale.crowd, bench.scale.idle
        ),
        lines,
        left: &[0],
    }
}

async fn on(
    bench: &Bench,
    place: impl Future<Output = Place>,
    cpu: impl Fn() -> HashMap<i32, Duration>,
) -> Vec<String> {
    let place = place.await;
    let proxy = Proxy::start(place.address.expect("a server has an address"));
    let place = place.through(&proxy);
    let time = bench.scale.idle;
    let alone = used(time, &cpu).await;
    let mut workers: Vec<_> = (0..bench.scale.crowd).map(|_| place.worker()).collect();
    for worker in &mut workers {
        opened(worker, "Player 0").await;
    }
    // After the first poll, which opens the second connection.
    let connections = u64::from(bench.scale.crowd) * 2;
    let connected = proxy.wait_for(|c| c.connections >= connections, Duration::from_secs(60));
    assert!(connected, "not all clients watch");
    tokio::time::sleep(time / 4).await;
    let before = proxy.counters();
    let together = used(time, &cpu).await;
    let passed = proxy.counters().since(&before);
    for worker in workers {
        leave(worker).await;
    }
    bench
        .sums
        .check(&format!("{}, idle", place.engine), 0, place.score().await);
    let each = f64::from(bench.scale.crowd) * time.as_secs_f64();
    let count = |figure: u64| figure as f64 / each;
    let busy = together.saturating_sub(alone).as_secs_f64() / each;
    vec![
        place.engine.to_owned(),
        format!("{:.2}", count(passed.round_trips)),
        format!("{:.0}", count(passed.bytes_to_server)),
        format!("{:.0}", count(passed.bytes_to_client)),
        format!("{:.3} %", busy * 100.0),
    ]
}

/// The processor time of a server's processes, by process id.
fn server_time<E: Engine>(server: &Server<E>) -> HashMap<i32, Duration> {
    let processes = server.processes().into_iter();
    let times = processes.filter_map(|pid| Some((pid, machine::cpu_time(pid)?)));
    times.collect()
}

/// What is used from now on. Processes that start or end meanwhile are left out.
async fn used(time: Duration, cpu: impl Fn() -> HashMap<i32, Duration>) -> Duration {
    let before = cpu();
    tokio::time::sleep(time).await;
    let spent = |(pid, after): (i32, Duration)| Some(after.saturating_sub(*before.get(&pid)?));
    cpu().into_iter().filter_map(spent).sum()
}
