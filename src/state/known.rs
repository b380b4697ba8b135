//! What the database is asked for: on its way, here, or not to be had.

use crate::words::Say;

/// An answer of the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Known<T> {
    /// It is still to come.
    #[default]
    NotYet,
    /// It is here.
    Read(T),
    /// It can't be had, and why.
    Not(Say),
}
