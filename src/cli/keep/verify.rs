//! `clickoff verify`: whether a database is sound, and what is wrong with whom.

use crate::cli::Exit;
use crate::cli::copy::amount;
use crate::cli::database::must_exist;
use crate::cli::frame::{self, Failure, GRACE, answer, interruptible, many, note};
use crate::settings::{Flags, Settings};
use crate::store::archive::{Archive, Findings, RecordKind, Totals};

/// Check the database for errors
///
/// Whether the file is whole, whether tables, columns, indexes, triggers and routines are as
/// clickoff makes them, whether each score is the sum of its history, whether each client's record
/// is of somebody, whether sprints add up, and whether races are complete. Nothing is changed. A user who may not see something hears what it is,
/// and the rest is checked; on MariaDB, only the tables' owner sees triggers and routines.
///
/// Points that another program wrote over are named with their player, and make the exit code 1,
/// too: they are gone, and stay named in the history. Triggers of others on the tables are named
/// alone, since they may be right there.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Verifies.
///
/// # Errors
/// [`Exit::Unsound`], after all that was found; else what the database says.
pub fn run(Arguments {}: Arguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::find(flags, |name| std::env::var_os(name))?;
    must_exist(&settings.database, "")?;
    let (done, stop) = interruptible(GRACE, async |_| {
        let mut archive = Archive::read(&settings.database).await?;
        let place = archive.place();
        let found = found(&mut archive).await;
        archive.close().await;
        Ok::<_, Failure>((place, found?))
    })?;
    let (place, (findings, players)) = done.ok_or_else(|| stop.unanswered())??;
    for fault in &findings.faults {
        answer(&format!("{fault}."))?;
    }
    for (player, points) in &findings.overwritten {
        let points = many(points, "point");
        answer(&format!(
            "overwritten by another program: up to {points} of {player}."
        ))?;
    }
    for stranger in &findings.strangers {
        note(&format!(
            "The trigger {stranger} is not clickoff's, and may change what is scored."
        ));
    }
    for unseen in &findings.unseen {
        note(&format!(
            "Not looked at, since this user may not: {unseen}."
        ));
    }
    let unsound = |words: String| Err(Failure::new(Exit::Unsound, words));
    match (findings.faults.len(), findings.overwritten.len()) {
        (0, 0) => frame::done(&format!("{place} is sound: {}.", amount(&players))),
        (0, losers) => {
            let losers = many(losers, "player");
            unsound(format!(
                "{place} is whole, but {losers} lost points to another program. On SQLite, \
                 `clickoff guard` stops that."
            ))
        }
        (faults, _) => unsound(format!("{place} has {}.", many(faults, "fault"))),
    }
}

async fn found(archive: &mut Archive) -> Result<(Findings, Totals), Failure> {
    let players = archive.totals(RecordKind::Players).await?;
    Ok((archive.check().await?, players))
}
