//! What is to be done about each error of a store.

use std::error::Error;
use std::fmt;

use crate::message::BrokenKind;
use crate::words::{Say, StoreError, Words};

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
    fn from(error: StoreError) -> Self {
        Self::Store(error)
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
