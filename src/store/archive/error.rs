//! Why records can't be read or written.

use crate::store::StoreError;
use crate::words::text;

/// Why records can't be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nothing to read.
    #[error("{place} has no table users, so there is nothing to read in it.")]
    NoPlayers {
        /// The database.
        place: String,
    },
    /// A text is not what it should be.
    #[error(
        "the text of {record}, in {place} is not valid UTF-8, which no server takes. Write it anew \
         in the game: press e on the player."
    )]
    NotText {
        /// The database.
        place: String,
        /// The record, described.
        record: String,
    },
    /// The database that is written to can't hold a record.
    #[error(
        "{place} can't hold {record}, with {} points: {why}",
        text::grouped(points)
    )]
    Unfit {
        /// Which of its batch it is, from 0.
        at: usize,
        /// The database.
        place: String,
        /// The record, described.
        record: String,
        /// Its points.
        points: i64,
        /// What the database said.
        why: String,
    },
}
