//! A slow link: the program in a pseudo-terminal, far from its server.

use std::future::Future;
use std::thread;
use std::time::{Duration, Instant};

use sqlx::{Connection, MySqlConnection, PgConnection};

use super::clients::{Pace, play};
use super::figures::{Random, ms, percentile};
use super::places::Place;
use super::pty::{Screen, Session};
use super::screen::saved_score;
use super::support::proxy::Proxy;
use super::{Bench, Table};

/// The longest pause before a key, so that keys don't follow the program's own rhythms.
const PAUSE: Duration = Duration::from_millis(30);

/// Presses a second of a player who keeps pressing.
const RATE: u32 = 30;

/// Both servers.
pub fn measure(bench: &Bench) -> Table {
    let places = &bench.places;
    let head = ["", "p50", "p99", "round trips, p50", "aim"];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    lines.extend(on::<PgConnection, _>(bench, || places.postgres(1)));
    lines.extend(on::<MySqlConnection, _>(bench, || places.mariadb(1)));
    Table {
        about: format!(
            "delay: a proxy adds {:?} to each round trip; {} keys into the program in a \
             pseudo-terminal, then {RATE} presses a second for {:?}, which are folded.",
            bench.scale.delay * 2,
            bench.scale.keys,
            bench.scale.time
        ),
        lines,
        left: &[0, 4],
    }
}

fn on<C: Connection, F: Future<Output = Place>>(
    bench: &Bench,
    fresh: impl Fn() -> F,
) -> Vec<Vec<String>> {
    let runtime = &bench.runtime;
    let [place, second] = [runtime.block_on(fresh()), runtime.block_on(fresh())];
    let proxy = Proxy::start(place.address.expect("a server has an address"));
    let [place, second] = [place, second].map(|place| place.through(&proxy));
    proxy.delay(bench.scale.delay);
    let mut trips = runtime.block_on(round_trips::<C>(&place.url, bench.scale.keys));
    let [mut shown, mut committed] = keys(&place.url, bench.scale.keys);
    let score = runtime.block_on(place.score());
    let presses = u64::from(bench.scale.keys) + 1;
    bench
        .sums
        .check(&format!("{}, keys", place.engine), presses, score);
    let (rate, time) = (RATE, bench.scale.time);
    let mut pressed = runtime.block_on(async {
        let worker = second.worker();
        play(bench, &second, vec![worker], Pace { rate, time }).await
    });
    let trip = percentile(&mut trips, 50);
    let line = |what: &str, times: &mut [Duration], aim: &str| {
        let [p50, p99] = [50, 99].map(|percent| percentile(times, percent));
        vec![
            format!("{}, {what}", place.engine),
            ms(p50),
            ms(p99),
            format!("{:.2}", p50.as_secs_f64() / trip.as_secs_f64()),
            aim.to_owned(),
        ]
    };
    let on_and_on = "press to commit, at a steady pace";
    vec![
        line("a bare round trip", &mut trips, ""),
        line("key to the frame that shows it", &mut shown, "16 ms"),
        line(
            "key to committed score on the screen",
            &mut committed,
            "1 round trip",
        ),
        line(on_and_on, &mut pressed.latencies, ""),
    ]
}

/// The driver's own round trip, without work at the server.
async fn round_trips<C: Connection>(url: &str, times: u32) -> Vec<Duration> {
    let mut conn = C::connect(url).await.expect("a connection");
    let mut trips = Vec::new();
    for _ in 0..times {
        let begun = Instant::now();
        conn.ping().await.expect("an answer");
        trips.push(begun.elapsed());
    }
    trips
}

/// Plays the program. Measures for each key the time to the first frame that shows it as waiting,
/// and to the first that shows it as saved.
fn keys(url: &str, times: u32) -> [Vec<Duration>; 2] {
    let session = Session::builder(env!("CARGO_BIN_EXE_clickoff"))
        .env("CLICKOFF_DATABASE", url)
        .args(["--player", "Player 0"])
        .deadline(Duration::from_secs(60))
        .spawn();
    session.wait_text("q quit");
    let is_saved = |score| move |screen: &Screen| saved_score(screen) == Some(score);
    let mut score = 0;
    let mut press = || {
        session.wait(is_saved(score), "the score before the key");
        score += 1;
        let sent = Instant::now();
        session.keys(" ");
        // If this process missed the first frame, use the second.
        let shows =
            |screen: &Screen| screen.contents().contains(" saving 1 ") || is_saved(score)(screen);
        let shown = session.wait(shows, "a frame for the key");
        let committed = session.wait(is_saved(score), "the score");
        [shown - sent, committed - sent]
    };
    press(); // makes this run's row in the database as well
    let mut random = Random::new(1);
    let mut both = <[Vec<Duration>; 2]>::default();
    for _ in 0..times {
        thread::sleep(random.up_to(PAUSE));
        for (all, time) in both.iter_mut().zip(press()) {
            all.push(time);
        }
    }
    session.keys("q");
    let status = session.wait_exit();
    assert!(status.success(), "the game ended with {status}");
    both
}
