//! What `clickoff doctor` tells about the database.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::line;
use crate::cli::common::{Failure, answered, many};
use crate::cli::database::work;
use crate::cli::keep::transfer::closing;
use crate::game::Quarter;
use crate::settings::Settings;
use crate::store::archive::{Archive, RecordKind};
use crate::store::{AnyStore, Snapshot, Store, StoreError, Target};

/// If the clocks differ by more than this, the game and the database may disagree about the day.
const OFF: Duration = Duration::from_secs(2);

/// A question that takes longer than this makes the game feel slow.
const SLOW: Duration = Duration::from_millis(100);

/// How often a round trip is measured.
const ROUNDS: usize = 5;

/// Prints the state of the database, and returns its identity.
pub fn examine(settings: &Settings) -> Result<String, Failure> {
    let (version, advice, players, ssh_keys) = answered(async |_| {
        closing(Archive::read(&settings.database).await?, async |archive| {
            let (version, advice) = (archive.version().await?, archive.advice().await?);
            let players = archive.totals(RecordKind::Players).await?.records;
            let ssh_keys = match archive.hides(RecordKind::SshKeys) {
                true => "not shown to this user".to_owned(),
                false => archive
                    .totals(RecordKind::SshKeys)
                    .await?
                    .records
                    .to_string(),
            };
            Ok::<_, Failure>((version, advice, players, ssh_keys))
        })
        .await
    })?;
    let has_file = matches!(settings.database, Target::Sqlite(_));
    let examined = work(&settings.database, async |store| {
        examination(store, has_file).await
    });
    let (opened, lock, (round_trip, ahead)) = examined??;
    line("version", &version, false)?;
    for words in advice {
        line("settings", words, true)?;
    }
    line("players", &players.to_string(), false)?;
    line("ssh keys", &ssh_keys, false)?;
    let rights = opened.rights;
    let all = [
        (rights.play, "play"),
        (rights.add, "add"),
        (rights.edit, "edit"),
        (rights.remove, "remove"),
    ];
    let may = all.iter().filter(|(may, _)| *may);
    let may: Vec<&str> = may.map(|(_, word)| *word).collect();
    let may = match may.as_slice() {
        [] => "only watch: ask the database's owner for the right to play".to_owned(),
        may => may.join(", "),
    };
    line("rights", &may, !rights.play)?;
    let held_keys = match opened.rules.held_keys {
        Some(held) => format!("a held key scores {held}"),
        None => "held keys as each player likes".to_owned(),
    };
    let max_rate = match opened.rules.max_rate {
        Some(rate) => format!("{} a second", many(rate, "point")),
        None => "no limit of points a second".to_owned(),
    };
    line("rules", &format!("{held_keys}, {max_rate}"), false)?;
    match lock {
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
    let slow = round_trip > SLOW;
    let mut round_trip = shown(round_trip);
    if slow {
        round_trip += ": far for a game; races are fairer on a server nearby";
    }
    line("round trip", &round_trip, slow)?;
    let off = ahead.unsigned_abs() > OFF.as_millis();
    let mut clock = format!("the database's is {ahead:+} ms from this one");
    if off {
        clock += ": set this machine's by NTP, since days begin by the database's";
    }
    line("clock", &clock, off)?;
    Ok(opened.database)
}

/// Opens the database. Returns how long a file's lock was waited for, and the fastest round trip of
/// several, with how far the database's clock was ahead then, in ms.
async fn examination(
    mut store: AnyStore,
    has_file: bool,
) -> Result<(Snapshot, Option<Duration>, (Duration, i128)), StoreError> {
    let opened = store.open().await?;
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
    Ok((opened, lock, best.unwrap_or_default()))
}

fn shown(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1000.0)
}
