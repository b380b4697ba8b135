//! What a press costs with ten players and with many: its time, and the bytes written.

use std::time::{Duration, Instant};

use clickoff::game::{Player, PlayerId};
use clickoff::store::{AnyStore, ClientId, SessionId, Store, StoreError};

use super::figures::{ms, percentile};
use super::players::{Kind, Places, store};
use super::{Bench, Table};

/// The players that are pressed for, in turn.
const PRESSED: usize = 10;

/// Each engine, with ten players and with many.
pub fn measure(bench: &Bench) -> Table {
    let head = [
        "",
        "with 10",
        "with many",
        "ratio (aim: 1.2)",
        "bytes with 10",
        "bytes with many",
        "ratio (aim: 1.2)",
    ];
    let mut lines = vec![head.map(str::to_owned).to_vec()];
    for engine in bench.engines() {
        for spread in [false, true] {
            let (mut ten, mut many) = (Vec::new(), Vec::new());
            let (mut bytes_ten, mut bytes_many) = (0, 0);
            if matches!(engine.kind, Kind::Postgres) {
                bench.places.sql(engine.kind, "ten", "CHECKPOINT");
            }
            for _ in 0..bench.scale.rounds {
                for (name, url, times, bytes) in [
                    ("ten", &engine.ten, &mut ten, &mut bytes_ten),
                    ("many", &engine.many, &mut many, &mut bytes_many),
                ] {
                    let places = &bench.places;
                    let presses = bench.scale.presses;
                    let done = bench.runtime.block_on(async {
                        let mut store = store(url);
                        let pressed = players(&mut store, spread).await?;
                        let mut rows = Vec::new();
                        for player in &pressed {
                            rows.push(store.register(ClientId::new_v4(), *player).await?);
                        }
                        let taken =
                            || tokio::task::block_in_place(|| written(places, engine.kind, name));
                        let before = taken();
                        // Each player's first press creates rows that later presses update.
                        press(&mut store, &rows, 0, rows.len() as u64).await?;
                        let took = press(&mut store, &rows, 1, presses).await?;
                        let counted = presses + rows.len() as u64;
                        Ok::<_, StoreError>((took, (taken() - before) / counted))
                    });
                    let (took, wrote) = done.expect("presses are counted");
                    times.extend(took);
                    *bytes += wrote;
                }
            }
            let rounds = bench.scale.rounds as u64;
            let [ten, many] = [ten, many].map(|mut times| percentile(&mut times, 50));
            let ratio = |a: f64, b: f64| format!("{:.2}", b / a);
            let who = if spread { "in turn for ten" } else { "for one" };
            lines.push(vec![
                format!("{}, {who}", engine.name),
                ms(ten),
                ms(many),
                ratio(ten.as_secs_f64(), many.as_secs_f64()),
                (bytes_ten / rounds).to_string(),
                (bytes_many / rounds).to_string(),
                ratio(bytes_ten as f64, bytes_many as f64),
            ]);
        }
    }
    Table {
        about: format!(
            "click: {} presses, each a transaction of its own, for one player or in turn for \
             {PRESSED} from all over the list, with {PRESSED} players and with {}. Bytes are those \
             of PostgreSQL's WAL, of InnoDB's redo log, and all that SQLite writes. They are counted from a \
             checkpoint on, after which PostgreSQL logs each page whole when it changes first: all {} \
             share that, as they do where one presses ten times a second. A press is one statement everywhere.",
            bench.scale.presses,
            bench.scale.many,
            bench.scale.presses * bench.scale.rounds as u64
        ),
        lines,
        left: &[0],
    }
}

/// One player from the middle, or some from all over the list.
async fn players(store: &mut AnyStore, spread: bool) -> Result<Vec<PlayerId>, StoreError> {
    store.open().await?;
    let last = store.window(clickoff::game::Aim::Bottom, 2).await?;
    let players = last.above + last.players.len() as u64;
    let step = if spread {
        (players / PRESSED as u64).max(1)
    } else {
        players
    };
    let keys = (0..PRESSED as u64).map(|n| PlayerId((1 + n * step) as i64));
    let mut there = Vec::new();
    for id in keys {
        let player: Option<Player> = store.player(id).await?;
        there.extend(player.map(|player| player.id));
    }
    Ok(there)
}

/// Presses in turn for players who all have had this many presses before, and measures the time.
async fn press(
    store: &mut AnyStore,
    rows: &[SessionId],
    had: u64,
    presses: u64,
) -> Result<Vec<Duration>, StoreError> {
    let mut times = Vec::new();
    for n in 0..presses {
        let row = rows[n as usize % rows.len()];
        let upto = had + 1 + n / rows.len() as u64;
        let begun = Instant::now();
        store.turn().await?;
        let counted = store.count(row, upto).await?;
        times.push(begun.elapsed());
        assert_eq!(counted.counted, upto);
    }
    Ok(times)
}

/// The bytes written so far. SQLite writes in this process, so this includes what goes from the WAL
/// to the file.
fn written(places: &Places, kind: Kind, name: &str) -> u64 {
    let number = |text: String| text.trim().parse().expect("a number of bytes");
    match kind {
        Kind::Sqlite => {
            let io = std::fs::read_to_string("/proc/self/io").unwrap_or_default();
            let line = io.lines().find_map(|line| line.strip_prefix("wchar: "));
            number(line.expect("the kernel counts what is written").to_owned())
        }
        Kind::Postgres => {
            number(places.sql(kind, name, "SELECT (pg_current_wal_lsn() - '0/0')::bigint"))
        }
        Kind::MariaDb => number(places.sql(
            kind,
            name,
            "SELECT variable_value FROM information_schema.global_status
             WHERE variable_name = 'INNODB_OS_LOG_WRITTEN'",
        )),
    }
}
