//! The errors of a store, in sentences that a player can act on, and what the worker does about
//! each.

use std::error::Error;
use std::fmt;

use crate::message::BrokenKind;
use crate::words::{Say, Words};

/// A failed call of a store. `place` is the file or the server's URL without the password, and `why`
/// is what the driver, the database or the system said.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields mean the same in every variant")]
pub enum StoreError {
    /// Another program holds the database locked; nothing was written.
    Busy { place: String },
    /// The connection broke. It is unknown whether the last commit happened.
    Lost { place: String, why: String },
    /// No connection could be made; nothing was written.
    Away { place: String, why: String },
    /// Something blocks all writers of the database; nothing was written.
    Held { place: String, by: String },
    /// The server has an older state of the database than was seen before; nothing was written.
    Behind { place: String, why: String },
    /// The disk is full.
    Full { place: String },
    /// The file, its directory or the file system forbids writing.
    ReadOnly { place: String, why: String },
    /// The server is read-only.
    Standby { place: String },
    /// The role lacks a privilege.
    Forbidden { place: String, why: String },
    /// A part of the schema is missing or can't be used; nothing was written.
    Missing { place: String, why: String },
    /// Reading or writing the disk failed.
    Device { place: String, why: String },
    /// The player is not in the database.
    Gone,
    /// The client was not alive for so long that its row was removed.
    Forgotten,
    /// The score would be too large for its column.
    ScoreFull,
    /// The database refuses the value.
    Rejected { why: String },
    /// The place can't be opened at all.
    Unusable { place: String, why: String },
    /// The file was removed or replaced while the game ran.
    Replaced { place: String },
    /// The file is not a database.
    NotADatabase { place: String },
    /// The file is a damaged database.
    Damaged { place: String, why: String },
    /// The database belongs to another program.
    Foreign { place: String, why: String },
    /// The schema was made by a newer clickoff.
    Newer { place: String, name: String },
    /// The schema was made by a development build.
    Unreleased { place: String },
    /// A trigger changed what was written, so it was rolled back.
    Overruled { why: String },
    /// A backup was restored since the presses were made.
    Restored,
    /// The answer could not be read, so it is unknown what was done.
    Unread { place: String, why: String },
    /// The driver panicked at the answer, so it is unknown what was done.
    Faulty { place: String },
    /// Any other error of the database. The statement was not carried out.
    Other { place: String, why: String },
}

/// What to do about a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Temporary: try again soon.
    Retry,
    /// Somebody has to do something first: keep the presses and try again now and then.
    Wait,
    /// It will never work for these presses: drop them and report it.
    Refuse,
    /// It will never work: end the worker, and keep the presses in the outbox.
    Stop(BrokenKind),
}

impl Error for StoreError {}

impl fmt::Display for StoreError {
    /// The sentence of the English catalogue, for the command line and the log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Words::default().say(&self.clone().into()))
    }
}

impl From<StoreError> for Say {
    /// The error as a sentence in any language.
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy { place } => Self::StoreBusy { place },
            StoreError::Lost { place, why } => Self::StoreLost { place, why },
            StoreError::Away { place, why } => Self::StoreAway { place, why },
            StoreError::Held { place, by } => Self::StoreHeld { place, by },
            StoreError::Behind { place, why } => Self::StoreBehind { place, why },
            StoreError::Full { place } => Self::StoreFull { place },
            StoreError::ReadOnly { place, why } => Self::StoreReadOnly { place, why },
            StoreError::Standby { place } => Self::StoreStandby { place },
            StoreError::Forbidden { place, why } => Self::StoreForbidden { place, why },
            StoreError::Missing { place, why } => Self::StoreMissing { place, why },
            StoreError::Device { place, why } => Self::StoreDevice { place, why },
            StoreError::Gone => Self::StoreGone,
            StoreError::Forgotten => Self::StoreForgotten,
            StoreError::ScoreFull => Self::StoreScoreFull,
            StoreError::Rejected { why } => Self::StoreRejected { why },
            StoreError::Unusable { place, why } => Self::StoreUnusable { place, why },
            StoreError::Replaced { place } => Self::StoreReplaced { place },
            StoreError::NotADatabase { place } => Self::StoreNotADatabase { place },
            StoreError::Damaged { place, why } => Self::StoreDamaged { place, why },
            StoreError::Foreign { place, why } => Self::StoreForeign { place, why },
            StoreError::Newer { place, name } => Self::StoreNewer { place, name },
            StoreError::Unreleased { place } => Self::StoreUnreleased { place },
            StoreError::Overruled { why } => Self::StoreOverruled { why },
            StoreError::Restored => Self::StoreRestored,
            StoreError::Unread { place, why } => Self::StoreUnread { place, why },
            StoreError::Faulty { place } => Self::StoreFaulty { place },
            StoreError::Other { place, why } => Self::StoreOther { place, why },
        }
    }
}

impl StoreError {
    /// What to do about it.
    pub fn remedy(&self) -> Remedy {
        match self {
            Self::Busy { .. } | Self::Held { .. } | Self::Lost { .. } | Self::Away { .. } => {
                Remedy::Retry
            }
            Self::Behind { .. }
            | Self::Full { .. }
            | Self::ReadOnly { .. }
            | Self::Standby { .. }
            | Self::Forbidden { .. }
            | Self::Missing { .. }
            | Self::Device { .. }
            | Self::Unread { .. }
            | Self::Other { .. } => Remedy::Wait,
            Self::Gone
            | Self::Forgotten
            | Self::ScoreFull
            | Self::Rejected { .. }
            | Self::Overruled { .. }
            | Self::Restored => Remedy::Refuse,
            Self::Unusable { .. } | Self::Replaced { .. } => Remedy::Stop(BrokenKind::Unreachable),
            Self::Faulty { .. } => Remedy::Stop(BrokenKind::Internal),
            Self::NotADatabase { .. }
            | Self::Damaged { .. }
            | Self::Foreign { .. }
            | Self::Newer { .. }
            | Self::Unreleased { .. } => Remedy::Stop(BrokenKind::Damaged),
        }
    }

    /// Whether the database can't be reached.
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Away { .. })
    }

    /// Whether the failed call certainly wrote nothing.
    pub fn wrote_nothing(&self) -> bool {
        !matches!(
            self,
            Self::Lost { .. } | Self::Device { .. } | Self::Unread { .. } | Self::Faulty { .. }
        )
    }
}
