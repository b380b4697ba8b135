//! What copies, exports and restores have in common.

use std::path::Path;

use crate::cli::common::{Failure, StopSignal, many, note};
use crate::store::Target;
use crate::store::archive::{Archive, ArchiveError, RecordKind, Totals};
use crate::words::text;
use crate::worker;

/// The totals of each kind, in the order of [`RecordKind::ALL`].
pub type KindTotals = [Totals; RecordKind::ALL.len()];

/// Opens a database to read it; `None` if nobody has ever played on it.
pub async fn read_if_there(target: &Target) -> Result<Option<Archive>, ArchiveError> {
    if matches!(target, Target::Sqlite(path) if !path.exists()) {
        return Ok(None);
    }
    match Archive::read(target).await {
        Err(ArchiveError::NoPlayers { .. }) => Ok(None),
        opened => Ok(Some(opened?)),
    }
}

/// Works with an open database, and closes it.
pub async fn closing<T, E>(
    mut archive: Archive,
    work: impl AsyncFnOnce(&mut Archive) -> Result<T, E>,
) -> Result<T, E> {
    let done = work(&mut archive).await;
    archive.close().await;
    done
}

/// The totals of each kind.
pub async fn totals(archive: &mut Archive) -> Result<KindTotals, ArchiveError> {
    let mut totals = KindTotals::default();
    for (kind, totals) in RecordKind::ALL.into_iter().zip(&mut totals) {
        *totals = archive.totals(kind).await?;
    }
    Ok(totals)
}

/// How many records there are of all kinds.
pub fn records(totals: &KindTotals) -> u64 {
    totals.iter().map(|of_a_kind| of_a_kind.records).sum()
}

/// Copies all records into a database without players, and tells how many at a time. Returns the
/// totals.
pub async fn transfer(
    source: &mut Archive,
    target: &mut Archive,
    stop: &StopSignal,
    progress: impl Fn(u64),
) -> Result<KindTotals, Failure> {
    let mut all = KindTotals::default();
    for (kind, copied) in RecordKind::ALL.into_iter().zip(&mut all) {
        // Triggers have made history records for the players written before. They are replaced.
        while target.clear(kind).await? {
            stop.check()?;
        }
        source
            .each_page(kind, async |page| {
                target.insert(page).await?;
                *copied += Totals::of(page);
                progress(page.len() as u64);
                stop.check()
            })
            .await?;
    }
    target.finish().await?;
    Ok(all)
}

/// `2 players with 12 points`.
pub fn amount(totals: &Totals) -> String {
    let players = many(totals.records, "player");
    format!("{players} with {}", many(totals.points, "point"))
}

/// `, in the place of 2 players with 12 points`; empty if there was nobody.
pub fn in_the_place(there: &Totals) -> String {
    match there.records {
        0 => String::new(),
        _ => format!(", in the place of {}", amount(there)),
    }
}

/// Warns if keys are left out.
pub fn note_hidden_keys(archive: &Archive) {
    let kinds = [
        (RecordKind::Keys, "keys of `clickoff click`"),
        (RecordKind::SshKeys, "ssh keys"),
    ];
    for (_, keys) in kinds.iter().filter(|(kind, _)| archive.hides(*kind)) {
        note(&format!(
            "The {keys} are left out: this user may not read them. Ask the database's owner."
        ));
    }
}

/// Warns about presses that wait on this machine for a database, and says what becomes of them.
pub async fn note_waiting(
    outbox: &Path,
    archive: &mut Archive,
    [state, then]: [&str; 2],
) -> Result<(), Failure> {
    if let Some(name) = archive.name().await? {
        let waiting = worker::presses_kept(outbox, &name);
        if waiting > 0 {
            let (place, presses) = (archive.place(), text::presses(waiting));
            note(&format!(
                "Waiting on this machine for {place}{state}: {presses}, {then}."
            ));
        }
    }
    Ok(())
}
