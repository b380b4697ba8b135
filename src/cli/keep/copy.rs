//! `clickoff copy`: copies everything from one database into another, all or nothing.

use std::ffi::OsString;
use std::path::PathBuf;

use uuid::Uuid;

use super::transaction::{Committing, all_or_nothing, commit};
use super::transfer::{
    amount, closing, in_the_place, note_hidden_keys, note_waiting, read_if_there, records, totals,
    transfer,
};
use crate::cli::Exit;
use crate::cli::common::{Failure, StopSignal, report};
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
    let settings = Settings::of_process(flags).map_err(|error| match error {
        SettingsError::Database(error, Source::Flag(_)) if named => {
            Failure::new(Exit::Usage, format!("{error} (given by --from)"))
        }
        error => error.into(),
    })?;
    let to = Target::parse(&arguments.to)
        .map_err(|error| Failure::new(Exit::Usage, format!("{error} (given by --to or {TO})")))?;
    let dry_run = arguments.dry_run;
    if !dry_run {
        let place = archive::place(&to);
        arguments.overwriting.confirm(&place, NOTHING)?;
    }
    let from = &settings.database;
    let job = CopyJob {
        outbox: settings.state_dir.join("outbox"),
        overwrite: arguments.overwriting.overwrite,
        dry_run,
        from: archive::place(from),
        to: archive::place(&to),
    };
    let words = all_or_nothing(NOTHING, UNKNOWN, async |stop, committing| {
        if archive::is_same(from, &to) {
            return Err(same());
        }
        closing(Archive::read(from).await?, async |source| {
            stop.check()?;
            let target = if !dry_run {
                Archive::write(&to).await?
            } else if let Some(target) = read_if_there(&to).await? {
                target
            } else {
                let players = source.totals(RecordKind::Players).await?;
                return Ok(job.copied(&players, &Totals::default()));
            };
            closing(target, async |target| {
                job.fill(source, target, stop, committing).await
            })
            .await
        })
        .await
    })?;
    report(dry_run, &words)
}

/// One copy to make.
struct CopyJob {
    /// The two databases, as they are shown.
    from: String,
    to: String,
    overwrite: bool,
    dry_run: bool,
    /// The directory of presses that wait on this machine.
    outbox: PathBuf,
}

impl CopyJob {
    /// Fills the target, and says what was done.
    async fn fill(
        &self,
        source: &mut Archive,
        target: &mut Archive,
        stop: &StopSignal,
        committing: &Committing,
    ) -> Result<String, Failure> {
        let (from, to) = (&self.from, &self.to);
        let mark = Uuid::new_v4().as_u64_pair().0.cast_signed();
        if source.mark(mark).await? && !target.mark(mark).await? {
            return Err(same());
        }
        let (wanted, there) = (totals(source).await?, totals(target).await?);
        let (players, in_the_way) = (wanted[0], there[0]);
        if there == wanted && are_equal(source, target, stop).await? {
            let players = amount(&players);
            return Ok(format!(
                "{to} has the {players} of {from} already; nothing was copied."
            ));
        }
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
            return Ok(self.copied(&players, &in_the_way));
        }
        if occupied {
            target.begin_epoch().await?;
        }
        let progress = Bar::new(records(&there) + records(&wanted));
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
        commit(target, committing).await?;
        Ok(self.copied(&players, &in_the_way))
    }

    fn copied(&self, players: &Totals, there: &Totals) -> String {
        let Self { from, to, .. } = self;
        let done = if self.dry_run { "Would copy" } else { "Copied" };
        let (players, there) = (amount(players), in_the_place(there));
        format!("{done} {players} from {from} to {to}{there}.")
    }
}

fn same() -> Failure {
    let words = "source and target are the same database.";
    Failure::new(Exit::Refused, words)
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
