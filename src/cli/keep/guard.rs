//! `clickoff guard`: protects the scores in a SQLite file from stale writes of another program.

use clap::Subcommand;

use crate::cli::Exit;
use crate::cli::common::{Failure, answered, done};
use crate::cli::database::must_exist;
use crate::settings::{Flags, Settings};
use crate::store::Target;
use crate::store::archive::{self, GuardAction, GuardState};

/// Protect the scores from a program that writes back old ones
///
/// The tutorial's own program reads a score, adds one and writes it back. On a SQLite file, points
/// scored in between are lost. The guard is a trigger in the file. It turns each such write into
/// one more point. It assumes that nobody lowers a score except to 0 or below. Without a subcommand
/// it says whether the guard is installed, as `status` does.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: Option<What>,
}

/// What to do with the guard.
#[derive(Debug, Clone, Copy, Subcommand)]
enum What {
    /// Install the guard
    Install,
    /// Remove it
    Remove,
    /// Say whether it is installed; exit code 3 if it is not
    Status,
}

/// Runs `clickoff guard`.
///
/// # Errors
/// [`Exit::Refused`] on a server, whose locked reads already protect the scores; else the store's
/// error.
pub fn run(arguments: Arguments, flags: Flags) -> Result<(), Failure> {
    let settings = Settings::of_process(flags)?;
    let place = archive::place(&settings.database);
    let Target::Sqlite(path) = settings.database.clone() else {
        let words = format!(
            "{place} needs no guard: a server keeps a program that locks what it reads from \
             undoing points."
        );
        return Err(Failure::new(Exit::Refused, words));
    };
    must_exist(&settings.database, "")?;
    let action = match arguments.what {
        Some(What::Install) => GuardAction::Install,
        Some(What::Remove) => GuardAction::Remove,
        Some(What::Status) | None => GuardAction::Check,
    };
    match answered(async |_| archive::guard(&path, action).await)? {
        GuardState::Installed => done(&format!("{place} is guarded.")),
        GuardState::Missing if action == GuardAction::Remove => {
            done(&format!("{place} is not guarded."))
        }
        GuardState::Missing => {
            let words = format!("{place} is not guarded. See `clickoff guard --help`.");
            Err(Failure::new(Exit::NotFound, words))
        }
        GuardState::Other => {
            let words = format!(
                "{place} has the guard of another clickoff. `clickoff guard install` puts this \
                 one's in its place."
            );
            Err(Failure::new(Exit::NotFound, words))
        }
    }
}
