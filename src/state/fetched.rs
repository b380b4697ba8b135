//! An answer of the database that may be still to come, or may have failed.

use crate::words::Say;

/// An answer of the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Fetched<T> {
    /// It has not come yet.
    #[default]
    Pending,
    /// It has come.
    Ready(T),
    /// It can't be read, for this reason.
    Failed(Say),
}
