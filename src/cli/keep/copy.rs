//! `clickoff copy`: copies everything from one database into another, all or nothing.

use std::cell::Cell;
use std::ffi::OsString;

use uuid::Uuid;

use super::transaction::commit;
use super::transfer::{
    amount, in_the_place, note_hidden_keys, note_waiting, read_if_there, transfer,
};
use crate::cli::Exit;
use crate::cli::common::{self, Failure, GRACE, StopSignal, interruptible};
use crate::cli::confirm::Overwriting;
use crate::cli::progress::Bar;
use crate::settings::{Flags, Settings, SettingsError, Source};
use crate::store::Target;
use crate::store::archive::{self, Archive, RecordKind, Totals};

/// Copy everything into another database
///
/// This copies all players with their scores, histories, best sprints and keys, and the last races.
/// The source is read as it is at one moment, and is not changed. The target is written in one
/// transaction, which is checked before it is committed: it gets everything or nothing. If a copy
/// was cut off, run it again: it finds out whether the first one was committed. Nobody can score on
/// the target meanwhile.
///
/// Let everybody quit first. Presses made on the source after that moment stay on the source, and
/// so do presses that still wait for the source on somebody's machine. A game that runs on the
/// target while it is overwritten can't score there any more, and must be restarted.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub struct Arguments {
    /// The database to read [default: the one that clickoff plays on]
    #[arg(long, value_name = "PATH|URL")]
    from: Option<OsString>,

    /// The database to write: the path of a SQLite file, made if it does not exist, or a server's
    /// URL
    #[arg(long, value_name = "PATH|URL", env = TO, hide_env_values = true)]
    to: OsString,

    #[command(flatten)]
    overwriting: Overwriting,

    /// Say what would be done, and change nothing
    ///
    /// Errors that only the target can report are not found.
    #[arg(short = 'n', long)]
    dry_run: bool,
}

/// The environment variable that names the target.
const TO: &str = "CLICKOFF_TO";

const EXAMPLES: &str = "\
Examples:
  clickoff copy --to postgres://ada@db.example.org/clickoff
                                        move your own scores to a server
  clickoff copy --from mariadb://ada@db.example.org/clickoff --to scores.db
                                        take a server's scores home
  CLICKOFF_DATABASE=postgres://… CLICKOFF_TO=mariadb://… clickoff copy
                                        from server to server, with the passwords out of sight";

/// How a copy succeeded.
enum Outcome {
    /// It was written, and replaced what was there.
    Copied(Totals, Totals),
    /// It would be written, but this is a dry run.
    Possible(Totals, Totals),
    /// The target already had all of it.
    Already(Totals),
}

const NOTHING: &str = "Nothing was copied.";
const UNKNOWN: &str = "It is not known whether everything was copied or nothing: run the same \
                       command again, which finds out.";

/// Copies the database.
///
/// # Errors
/// A [`Failure`] that says whether something was written.
pub fn run(arguments: Arguments, mut flags: Flags) -> Result<(), Failure> {
    if arguments.from.is_some() && flags.database.is_some() {
        let words = "--from and --database both name the database to read: leave one of them out.";
        return Err(Failure::new(Exit::Usage, words));
    }
    let named = arguments.from.is_some();
    flags.database = flags.database.or(arguments.from);
    let settings = Settings::find(flags, |name| std::env::var_os(name));
    let settings = settings.map_err(|error| match error {
        SettingsError::Database(error, Source::Flag(_)) if named => {
            Failure::new(Exit::Usage, format!("{error} (given by --from)"))
        }
        error => error.into(),
    })?;
    let to = Target::parse(&arguments.to)
        .map_err(|error| Failure::new(Exit::Usage, format!("{error} (given by --to or {TO})")))?;
    let job = CopyJob {
        outbox: settings.state_dir.join("outbox"),
        from: settings.database,
        to,
        overwrite: arguments.overwriting.overwrite,
        dry_run: arguments.dry_run,
        committing: Cell::new(false),
    };
    if !job.dry_run {
        let place = archive::place(&job.to);
        arguments.overwriting.confirm(&place, NOTHING)?;
    }
    let (done, stop) = interruptible(GRACE, async |stop| job.run(&stop).await)?;
    let committing = job.committing.get();
    let (from, to) = (archive::place(&job.from), archive::place(&job.to));
    match done {
        Some(Ok(Outcome::Copied(totals, there))) => common::done(&format!(
            "Copied {} from {from} to {to}{}.",
            amount(&totals),
            in_the_place(&there)
        )),
        Some(Ok(Outcome::Possible(totals, there))) => common::answer(&format!(
            "Would copy {} from {from} to {to}{}.",
            amount(&totals),
            in_the_place(&there)
        )),
        Some(Ok(Outcome::Already(totals))) => common::done(&format!(
            "{to} has the {} of {from} already; nothing was copied.",
            amount(&totals)
        )),
        failed => {
            let mut failure = match failed {
                Some(Err(failure)) => failure,
                _ => Failure::new(stop.exit(), "interrupted while a database did not answer."),
            };
            let then = if committing { UNKNOWN } else { NOTHING };
            failure.words = format!("{} {then}", failure.words);
            Err(failure)
        }
    }
}

/// One copy to make.
struct CopyJob {
    from: Target,
    to: Target,
    overwrite: bool,
    dry_run: bool,
    /// The directory of presses that wait on this machine.
    outbox: std::path::PathBuf,
    /// Whether something may have been written.
    committing: Cell<bool>,
}

impl CopyJob {
    async fn run(&self, stop: &StopSignal) -> Result<Outcome, Failure> {
        if archive::is_same(&self.from, &self.to) {
            return Err(same());
        }
        let mut source = Archive::read(&self.from).await?;
        let done = async {
            stop.check()?;
            let mut target = if !self.dry_run {
                Archive::write(&self.to).await?
            } else if let Some(target) = read_if_there(&self.to).await? {
                target
            } else {
                let players = source.totals(RecordKind::Players).await?;
                return Ok(Outcome::Possible(players, Totals::default()));
            };
            let done = self.fill(&mut source, &mut target, stop).await;
            target.close().await;
            done
        };
        let done = done.await;
        source.close().await;
        done
    }

    async fn fill(
        &self,
        source: &mut Archive,
        target: &mut Archive,
        stop: &StopSignal,
    ) -> Result<Outcome, Failure> {
        let mark = Uuid::new_v4().as_u64_pair().0.cast_signed();
        if source.mark(mark).await? && !target.mark(mark).await? {
            return Err(same());
        }
        let (wanted, there) = (totals(source).await?, totals(target).await?);
        let (players, in_the_way) = (wanted[0], there[0]);
        if there == wanted && are_equal(source, target, stop).await? {
            return Ok(Outcome::Already(players));
        }
        let (from, to) = (source.place(), target.place());
        let occupied = records(&there) > 0;
        if occupied && !self.overwrite {
            let words = format!(
                "{to} has {} already, and {from} has {}. Add --overwrite to remove all that {to} \
                 has and copy then.",
                amount(&in_the_way),
                amount(&players)
            );
            return Err(Failure::new(Exit::Refused, words));
        }
        if occupied {
            let words = ["", "for the players that go"];
            note_waiting(&self.outbox, target, words).await?;
        }
        let words = "which a copy does not have; play there once more, and copy again";
        note_waiting(&self.outbox, source, ["", words]).await?;
        note_hidden_keys(source);
        if self.dry_run {
            return Ok(Outcome::Possible(players, in_the_way));
        }
        if occupied {
            target.begin_epoch().await?;
        }
        let mut progress = Bar::new(records(&there) + records(&wanted));
        let mut left = there;
        for (kind, left) in RecordKind::ALL.into_iter().zip(&mut left).rev() {
            while target.clear(kind).await? {
                let step = left.records.min(archive::PAGE as u64);
                left.records -= step;
                progress.advance(step);
                stop.check()?;
            }
        }
        let copied = transfer(source, target, stop, |records| progress.advance(records)).await?;
        // Compare three sums: what was read, what the source reports, and what the target reports
        // now.
        for found in [copied, totals(target).await?] {
            let mut both = found.iter().zip(&wanted);
            if let Some((copied, wanted)) = both.find(|(found, wanted)| found != wanted) {
                let words = format!(
                    "the copy in {to} came out as {}, but {from} has {}: something in {to} changes \
                     what is written there, a trigger or a rule.",
                    amount(copied),
                    amount(wanted)
                );
                return Err(Failure::new(Exit::Unreachable, words));
            }
        }
        stop.check()?;
        commit(target, &self.committing).await?;
        Ok(Outcome::Copied(players, in_the_way))
    }
}

fn same() -> Failure {
    let words = "source and target are the same database.";
    Failure::new(Exit::Refused, words)
}

/// The totals of each kind.
async fn totals(archive: &mut Archive) -> Result<Vec<Totals>, Failure> {
    let mut totals = Vec::new();
    for kind in RecordKind::ALL {
        totals.push(archive.totals(kind).await?);
    }
    Ok(totals)
}

fn records(totals: &[Totals]) -> u64 {
    totals.iter().map(|of_a_kind| of_a_kind.records).sum()
}

/// Whether two databases hold the same records. Reads both.
async fn are_equal(
    source: &mut Archive,
    target: &mut Archive,
    stop: &StopSignal,
) -> Result<bool, Failure> {
    for kind in RecordKind::ALL {
        let mut last = None;
        loop {
            let mut ours = source.page(kind, last.as_ref()).await?;
            if target.page(kind, last.as_ref()).await? != ours {
                return Ok(false);
            }
            stop.check()?;
            last = ours.pop();
            if last.is_none() {
                break;
            }
        }
    }
    Ok(true)
}
