//! All contents of a database, as records: read as of one moment, or written in one transaction.
//!
//! This is for export, copy, backup and restore, not for playing: it keeps one transaction open
//! over many calls, and while it writes, all other writers wait.

mod check;
mod error;
mod kinds;
mod paging;
mod record;
mod session;
mod spell;
pub(super) mod statements;
mod totals;
mod writing;

use std::os::unix::fs::MetadataExt;
use std::path::Path;

use super::Target;

pub use super::host::place;
pub use super::sqlite::{GuardAction, GuardState, guard, save};
pub use check::Findings;
pub use error::ArchiveError;
pub use kinds::LAST_START;
pub use paging::PAGE;
pub use record::{
    AnyRecord, Fields, HistoryRecord, PlayerRecord, RaceRecord, RacerRecord, RecordKind,
};
pub use session::Archive;
pub use totals::Totals;

/// Whether two names certainly mean the same database. Different names may also mean the same one,
/// which [`Archive::mark`] finds out.
pub fn is_same(a: &Target, b: &Target) -> bool {
    let identity = |path: &Path| std::fs::metadata(path).ok().map(|d| (d.dev(), d.ino()));
    match (a, b) {
        (Target::Sqlite(a), Target::Sqlite(b)) if a != b => {
            identity(a).is_some_and(|a| Some(a) == identity(b))
        }
        (a, b) => a == b,
    }
}
