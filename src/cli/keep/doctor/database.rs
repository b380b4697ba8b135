//! What `clickoff doctor` tells about the database.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::line;
use crate::cli::common::{Failure, answered, many};
use crate::cli::database::Database;
use crate::cli::keep::transfer::closing;
use crate::game::{Aim, Quarter, Rules};
use crate::message::Rights;
use crate::settings::Settings;
use crate::store::archive::{Archive, RecordKind, SSH_KEYS};
use crate::store::{AnyStore, Store, StoreError, Target};

/// If the clocks differ by more than this, the game and the database may disagree about the day.
const OFF: Duration = Duration::from_secs(2);

/// A question that takes longer than this makes the game feel slow.
const SLOW: Duration = Duration::from_millis(100);

/// How often a round trip is measured.
const ROUNDS: usize = 5;

/// What the check of the database found.
struct Examined {
    name: String,
    players: usize,
    rights: Rights,
    rules: Rules,
    /// How long the file's lock was waited for.
    lock: Option<Duration>,
    /// The fastest round trip of several.
    round_trip: Duration,
    /// How far the database's clock is ahead, in ns, and how much of it may be latency.
    ahead: i128,
}

/// Prints the state of the database, and returns its identity.
pub fn examine(settings: Settings) -> Result<String, Failure> {
    let database = settings.database.clone();
    let (version, advice, ssh_keys) = answered(async |_| {
        closing(Archive::read(&database).await?, async |archive| {
            let ssh_keys = match archive.hides().any(|hidden| hidden == SSH_KEYS) {
                true => None,
                false => Some(archive.totals(RecordKind::SshKeys).await?),
            };
            Ok::<_, Failure>((archive.version().await?, archive.advice().await?, ssh_keys))
        })
        .await
    })?;
    let has_file = matches!(settings.database, Target::Sqlite(_));
    let found = Database::of(settings).work(async |store| examination(store, has_file).await)??;
    line("version", &version, false)?;
    for words in advice {
        line("settings", words, true)?;
    }
    line("players", &found.players.to_string(), false)?;
    let ssh_keys = match ssh_keys {
        Some(keys) => keys.records.to_string(),
        None => "not shown to this user".to_owned(),
    };
    line("ssh keys", &ssh_keys, false)?;
    let Rights {
        play,
        add,
        edit,
        remove,
    } = found.rights;
    let all = [
        (play, "play"),
        (add, "add"),
        (edit, "edit"),
        (remove, "remove"),
    ];
    let may: Vec<&str> = all
        .iter()
        .filter(|(may, _)| *may)
        .map(|(_, word)| *word)
        .collect();
    let may = match may.as_slice() {
        [] => "only watch: ask the database's owner for the right to play".to_owned(),
        may => may.join(", "),
    };
    line("rights", &may, !play)?;
    let held_keys = match found.rules.held_keys {
        Some(held) => format!("a held key scores {held}"),
        None => "held keys as each player likes".to_owned(),
    };
    let max_rate = match found.rules.max_rate {
        Some(rate) => format!("{} a second", many(rate, "point")),
        None => "no limit of points a second".to_owned(),
    };
    line("rules", &format!("{held_keys}, {max_rate}"), false)?;
    match found.lock {
        Some(lock) if lock > SLOW => {
            let words = format!(
                "{}: another program holds the file for long, and presses wait for it",
                shown(lock)
            );
            line("lock", &words, true)?;
        }
        Some(lock) => line("lock", &shown(lock), false)?,
        None => line("lock", "by rows, in the server", false)?,
    }
    let slow = found.round_trip > SLOW;
    let mut round_trip = shown(found.round_trip);
    if slow {
        round_trip += ": far for a game; races are fairer on a server nearby";
    }
    line("round trip", &round_trip, slow)?;
    let off = found.ahead.unsigned_abs() > OFF.as_millis();
    let mut clock = format!("the database's is {:+} ms from this one", found.ahead);
    if off {
        clock += ": set this machine's by NTP, since days begin by the database's";
    }
    line("clock", &clock, off)?;
    Ok(found.name)
}

async fn examination(mut store: AnyStore, has_file: bool) -> Result<Examined, StoreError> {
    let opened = store.open().await?;
    let mut players = opened.players.len();
    if opened.below > 0 {
        // Prefer the ladder of scores; otherwise players are counted one by one.
        let _ = store.survey().await;
        let last = store.window(Aim::Bottom, 1).await?;
        players = last.above as usize + last.players.len();
    }
    // A period without points: only the database's clock is of interest.
    let nobody = Quarter::of(Timestamp::MAX);
    let mut best: Option<(Duration, i128)> = None;
    for _ in 0..ROUNDS {
        let (before, since) = (Timestamp::now(), Instant::now());
        let clock = store.ranking(nobody, 0, None).await?.clock;
        let took = since.elapsed();
        let middle = i128::from(before.as_millisecond()) + (took / 2).as_millis() as i128;
        let ahead = i128::from(clock.as_millisecond()) - middle;
        if best.is_none_or(|(least, _)| took < least) {
            best = Some((took, ahead));
        }
    }
    let since = Instant::now();
    store.turn().await?;
    let lock = has_file.then(|| since.elapsed());
    let (round_trip, ahead) = best.unwrap_or_default();
    Ok(Examined {
        name: opened.database,
        players,
        rights: opened.rights,
        rules: opened.rules,
        lock,
        round_trip,
        ahead,
    })
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
