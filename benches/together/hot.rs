//! One contended row: clickoff's presses compared with the tutorial's transactions, with equally
//! many clients.

use std::future::Future;
use std::time::Duration;

use super::clients::{Outcome, Pace, play};
use super::figures::{ms, percentile};
use super::places::Place;
use super::{Bench, Table, plain};

/// The presses a second that each client tries to make.
const RATE: u32 = 1000;

/// Both servers, in rounds, so that the disk activity of one contender does not always affect the
/// other.
pub fn measure(bench: &Bench) -> Table {
    let (clients, time) = (bench.scale.hot, bench.scale.time);
    let places = &bench.places;
    let mut rounds = <[Vec<Outcome>; 4]>::default();
    bench.runtime.block_on(async {
        for _ in 0..bench.scale.rounds {
            rounds[0].push(on(bench, places.postgres(1)).await);
            rounds[1].push(plain::pgbench(bench, clients, time));
            rounds[2].push(on(bench, places.mariadb(1)).await);
            rounds[3].push(plain::on_mariadb(bench, clients, time).await);
        }
    });
    let [clickoff, pgbench, on_mariadb, plain] = rounds.map(Figures::of);
    let head = ["", "presses/s", "commits/s", "p50", "p99"];
    let lines = [
        head.map(str::to_owned).to_vec(),
        clickoff.line("PostgreSQL, clickoff"),
        pgbench.line("PostgreSQL, pgbench"),
        clickoff.over(&pgbench, "ratio (aim: presses at least 10, p99 at most 1)"),
        on_mariadb.line("MariaDB, clickoff"),
        plain.line("MariaDB, the same transactions by clickoff's driver"),
        on_mariadb.over(&plain, "ratio"),
    ];
    Table {
        about: format!(
            "hot: {clients} clients on one row, each offered {RATE} presses a second, beside as \
             many that run BEGIN; SELECT ... FOR UPDATE; UPDATE; COMMIT as fast as they can; \
             medians of {} rounds of {time:?}.",
            bench.scale.rounds
        ),
        lines: lines.into(),
        left: &[0],
    }
}

async fn on(bench: &Bench, place: impl Future<Output = Place>) -> Outcome {
    let place = place.await;
    let workers = (0..bench.scale.hot).map(|_| place.worker()).collect();
    let (rate, time) = (RATE, bench.scale.time);
    play(bench, &place, workers, Pace { rate, time }).await
}

/// The medians of a contender's rounds.
struct Figures {
    presses: f64,
    commits: f64,
    p50: Duration,
    p99: Duration,
}

impl Figures {
    fn of(mut rounds: Vec<Outcome>) -> Self {
        let mut time = |percent| {
            let times = rounds.iter_mut().map(|round| round.percentile(percent));
            percentile(&mut times.collect::<Vec<_>>(), 50)
        };
        let (p50, p99) = (time(50), time(99));
        let middle = |figure: fn(&Outcome) -> f64| {
            let mut figures: Vec<f64> = rounds.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        Self {
            presses: middle(Outcome::presses),
            commits: middle(Outcome::commits),
            p50,
            p99,
        }
    }

    fn line(&self, what: &str) -> Vec<String> {
        vec![
            what.to_owned(),
            format!("{:.0}", self.presses),
            format!("{:.0}", self.commits),
            ms(self.p50),
            ms(self.p99),
        ]
    }

    fn over(&self, other: &Self, what: &str) -> Vec<String> {
        let times = |own: Duration, other: Duration| own.as_secs_f64() / other.as_secs_f64();
        let ratios = [
            self.presses / other.presses,
            self.commits / other.commits,
            times(self.p50, other.p50),
            times(self.p99, other.p99),
        ];
        let ratios = ratios.map(|ratio| format!("{ratio:.2}"));
        std::iter::once(what.to_owned()).chain(ratios).collect()
    }
}
