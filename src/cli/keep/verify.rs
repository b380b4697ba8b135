//! `clickoff verify`: checks a database for errors, and names the players concerned.

use super::transfer::{amount, closing};
use crate::cli::Exit;
use crate::cli::common::{self, Failure, answer, answered, many, note};
use crate::cli::database::must_exist;
use crate::settings::{Flags, Settings};
use crate::store::archive::{self, Archive, RecordKind};

/// Check the database for errors
///
/// It checks that the file is intact; that tables, columns, indexes, triggers and routines are as
/// clickoff makes them; that each score is the sum of its history; that each client's record has a
/// player; that sprints add up; and that races are complete. Nothing is changed. If you lack the
/// rights for a check, it says so and goes on with the rest. On MariaDB, only the owner of the
/// tables sees triggers and routines.
///
/// Points that another program has overwritten are listed with their player, and make the exit code
/// 1: they are lost, and the history keeps a record of them. Triggers of others on the tables are
/// only listed, since they may be intended.
#[derive(Debug, clap::Args)]
pub struct Arguments {}

/// Checks the database.
///
/// # Errors
/// [`Exit::Unsound`] if an error was found, after all checks; else the database's error.
pub fn run(Arguments {}: Arguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::of_process(flags)?;
    must_exist(&settings.database, "")?;
    let place = archive::place(&settings.database);
    let (players, findings) = answered(async |_| {
        closing(Archive::read(&settings.database).await?, async |archive| {
            let players = archive.totals(RecordKind::Players).await?;
            Ok::<_, Failure>((players, archive.check().await?))
        })
        .await
    })?;
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
        (0, 0) => common::done(&format!("{place} is sound: {}.", amount(&players))),
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
