//! Why records can't be read or written.

use crate::store::StoreError;
use crate::words::text;

/// Why records can't be read or written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ArchiveError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no table of players.
    #[error("{place} has no table users, so there is nothing to read in it.")]
    NoPlayers {
        /// The database.
        place: String,
    },
    /// A text is not valid UTF-8.
    #[error(
        "the text of {record}, in {place} is not valid UTF-8, which no server takes. Write it anew \
         in the game: press e on the player."
    )]
    NotText {
        /// The database.
        place: String,
        /// The record, in words.
        record: String,
    },
    /// The target database refuses a record.
    #[error(
        "{place} can't hold {record}, with {} points: {why}",
        text::grouped(points)
    )]
    Unfit {
        /// Its index among the records that were written together.
        at: usize,
        /// The database.
        place: String,
        /// The record, in words.
        record: String,
        /// Its points.
        points: i64,
        /// What the database said.
        why: String,
    },
}
