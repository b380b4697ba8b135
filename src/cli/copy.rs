//! `clickoff copy`: copies everything from one database into another, all or nothing.

use std::cell::Cell;
use std::ffi::OsString;
use std::path::Path;

use uuid::Uuid;

use super::Exit;
use super::confirm::confirm_overwrite;
use super::frame::{self, Failure, GRACE, StopSignal, interruptible, many, note};
use super::progress::Bar;
use crate::settings::{Flags, Settings, SettingsError, Source};
use crate::store::Target;
use crate::store::archive::{self, Archive, ArchiveError, Batch, RecordKind, Totals};
use crate::words::text;
use crate::worker;

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

    /// Remove all players that the target has, and their scores, in the same transaction
    #[arg(long)]
    overwrite: bool,

    /// Don't ask before overwriting
    #[arg(short, long, requires = "overwrite")]
    yes: bool,

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

/// Why nothing was copied.
#[derive(Debug, thiserror::Error)]
enum CopyError {
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    #[error("source and target are the same database.")]
    Same,
    #[error(
        "{to} has {} already, and {from} has {}. Add --overwrite to remove all that {to} has and \
         copy then.", amount(.there), amount(.wanted)
    )]
    Occupied {
        from: String,
        to: String,
        there: Totals,
        wanted: Totals,
    },
    #[error(
        "the copy in {to} came out as {}, but {from} has {}: something in {to} changes what is \
         written there, a trigger or a rule.", amount(.copied), amount(.wanted)
    )]
    Disagree {
        from: String,
        to: String,
        copied: Totals,
        wanted: Totals,
    },
    #[error("interrupted.")]
    Interrupted(i32),
}

impl CopyError {
    fn exit(&self) -> Exit {
        match self {
            Self::Archive(ArchiveError::Store(error)) => error.into(),
            Self::Archive(ArchiveError::NoPlayers { .. }) => Exit::Damaged,
            Self::Archive(_) | Self::Same | Self::Occupied { .. } => Exit::Refused,
            Self::Disagree { .. } => Exit::Unreachable,
            Self::Interrupted(number) => Exit::Signal(*number),
        }
    }

    /// Whether the target may have been written in spite of the error.
    fn is_open(&self, committing: bool) -> bool {
        committing
            && matches!(self, Self::Archive(ArchiveError::Store(error)) if !error.wrote_nothing())
    }
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
        overwrite: arguments.overwrite,
        dry_run: arguments.dry_run,
        committing: Cell::new(false),
    };
    if job.overwrite && !job.dry_run {
        confirm_overwrite(&archive::place(&job.to), arguments.yes, NOTHING)?;
    }
    let (done, stop) = interruptible(GRACE, async |stop| job.run(&stop).await)?;
    let committing = job.committing.get();
    let (from, to) = (archive::place(&job.from), archive::place(&job.to));
    match done {
        Some(Ok(Outcome::Copied(totals, there))) => frame::done(&format!(
            "Copied {} from {from} to {to}{}.",
            amount(&totals),
            in_the_place(&there)
        )),
        Some(Ok(Outcome::Possible(totals, there))) => frame::answer(&format!(
            "Would copy {} from {from} to {to}{}.",
            amount(&totals),
            in_the_place(&there)
        )),
        Some(Ok(Outcome::Already(totals))) => frame::done(&format!(
            "{to} has the {} of {from} already; nothing was copied.",
            amount(&totals)
        )),
        Some(Err(error)) => {
            let then = if error.is_open(committing) {
                UNKNOWN
            } else {
                NOTHING
            };
            Err(Failure::new(error.exit(), format!("{error} {then}")))
        }
        None => {
            let then = if committing { UNKNOWN } else { NOTHING };
            let words = format!("interrupted while a database did not answer. {then}");
            Err(Failure::new(stop.exit(), words))
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
    /// Whether the commit was sent.
    committing: Cell<bool>,
}

impl CopyJob {
    async fn run(&self, stop: &StopSignal) -> Result<Outcome, CopyError> {
        if archive::is_same(&self.from, &self.to) {
            return Err(CopyError::Same);
        }
        let mut source = Archive::read(&self.from).await?;
        let done = async {
            check(stop)?;
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
    ) -> Result<Outcome, CopyError> {
        let mark = Uuid::new_v4().as_u64_pair().0.cast_signed();
        if source.mark(mark).await? && !target.mark(mark).await? {
            return Err(CopyError::Same);
        }
        let (wanted, there) = (totals(source).await?, totals(target).await?);
        let (players, in_the_way) = (wanted[0], there[0]);
        if there == wanted && are_equal(source, target, stop).await? {
            return Ok(Outcome::Already(players));
        }
        let (from, to) = (source.place(), target.place());
        let occupied = records(&there) > 0;
        if occupied && !self.overwrite {
            return Err(CopyError::Occupied {
                from,
                to,
                there: in_the_way,
                wanted: players,
            });
        }
        if occupied {
            warn_of_kept_presses(&self.outbox, target, "for the players that go").await?;
        }
        warn_of_kept_presses(
            &self.outbox,
            source,
            "which a copy does not have; play there once more, and copy again",
        )
        .await?;

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
                let step = left.records.min(archive::BATCH as u64);
                left.records -= step;
                progress.advance(step);
                check(stop)?;
            }
        }
        let mut copied = vec![Totals::default(); wanted.len()];
        for (kind, copied) in RecordKind::ALL.into_iter().zip(&mut copied) {
            // Triggers have made history records for the players written before. They are replaced.
            while target.clear(kind).await? {
                check(stop)?;
            }
            let mut batch = source.page(kind, None).await?;
            while !batch.is_empty() {
                target.insert(&batch).await?;
                *copied += batch.totals();
                progress.advance(batch.len() as u64);
                check(stop)?;
                batch = source.page(kind, Some(&batch)).await?;
            }
        }
        target.move_keys().await?;
        // Compare three sums: what was read, what the source reports, and what the target reports
        // now.
        for found in [copied, totals(target).await?] {
            let mut both = found.into_iter().zip(&wanted);
            if let Some((copied, wanted)) = both.find(|(found, wanted)| found != *wanted) {
                return Err(CopyError::Disagree {
                    from,
                    to,
                    copied,
                    wanted: *wanted,
                });
            }
        }
        check(stop)?;
        self.committing.set(true);
        target.commit().await?;
        Ok(Outcome::Copied(players, in_the_way))
    }
}

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

/// The totals of each kind.
async fn totals(archive: &mut Archive) -> Result<Vec<Totals>, CopyError> {
    let mut totals = Vec::new();
    for kind in RecordKind::ALL {
        totals.push(archive.totals(kind).await?);
    }
    Ok(totals)
}

/// Warns if keys are left out of the copy.
pub fn note_hidden_keys(archive: &Archive) {
    for keys in archive.hides() {
        note(&format!(
            "The {keys} are left out: this user may not read them. Ask the database's owner."
        ));
    }
}

fn records(totals: &[Totals]) -> u64 {
    totals.iter().map(|of_a_kind| of_a_kind.records).sum()
}

/// Whether two databases hold the same records. Reads both.
async fn are_equal(
    source: &mut Archive,
    target: &mut Archive,
    stop: &StopSignal,
) -> Result<bool, CopyError> {
    for kind in RecordKind::ALL {
        let mut after: Option<Batch> = None;
        loop {
            let ours = source.page(kind, after.as_ref()).await?;
            if target.page(kind, after.as_ref()).await? != ours {
                return Ok(false);
            }
            if ours.is_empty() {
                break;
            }
            after = Some(ours);
            check(stop)?;
        }
    }
    Ok(true)
}

/// Returns an error if a signal has come.
fn check(stop: &StopSignal) -> Result<(), CopyError> {
    stop.signal()
        .map_or(Ok(()), |number| Err(CopyError::Interrupted(number)))
}

/// Warns about presses that wait on this machine for the source, since a copy does not include
/// them.
async fn warn_of_kept_presses(
    outbox: &Path,
    archive: &mut Archive,
    then: &str,
) -> Result<(), CopyError> {
    if let Some(name) = archive.name().await? {
        let waiting = worker::presses_kept(outbox, &name);
        if waiting > 0 {
            let place = archive.place();
            let presses = text::presses(waiting);
            note(&format!(
                "Waiting on this machine for {place}: {presses}, {then}."
            ));
        }
    }
    Ok(())
}
