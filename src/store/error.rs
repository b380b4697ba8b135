//! What can go wrong with a store, in sentences a player can act on, and what the worker does then.

use crate::message::BrokenKind;
use crate::words::Say;

/// A failed call of a store. `place` is the file or server, never with a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another program holds the database locked; nothing was written.
    #[error("{place} is locked by another program.")]
    Busy {
        /// The database.
        place: String,
    },
    /// The connection broke; whether the last commit happened is not known.
    #[error("The connection to {place} is lost ({why}).")]
    Lost {
        /// The database.
        place: String,
        /// What the driver said.
        why: String,
    },
    /// There is no connection, and none could be made: nothing was written.
    #[error("{place} can't be reached ({why}).")]
    Away {
        /// The database.
        place: String,
        /// What is wrong with which host.
        why: String,
    },
    /// The database is there, and something that is known holds all its writers up; nothing was
    /// written.
    #[error("{place} takes no writes at the moment: {by}.")]
    Held {
        /// The database.
        place: String,
        /// What is waited for.
        by: String,
    },
    /// The server has an older state of the database than it had before; nothing was written there.
    #[error(
        "{place} is on a server with an older state of it ({why}): what was saved since then may be \
         missing there."
    )]
    Behind {
        /// The database.
        place: String,
        /// What is older than what.
        why: String,
    },
    /// There is no room left.
    #[error("The disk with {place} is full: make room and it goes on.")]
    Full {
        /// The database.
        place: String,
    },
    /// The file, its directory or the file system forbids writing.
    #[error("{place} can't be written: {why}. Allow writing to it and to its directory.")]
    ReadOnly {
        /// The database.
        place: String,
        /// What the system said.
        why: String,
    },
    /// The server takes no writes.
    #[error(
        "{place} takes no writes now: it is a copy of another server, or was made read-only. \
         Connect to the server that is written to."
    )]
    Standby {
        /// The database.
        place: String,
    },
    /// The role lacks a privilege.
    #[error("{place} does not allow it to this user ({why}): ask the database's owner.")]
    Forbidden {
        /// The database.
        place: String,
        /// What the server said.
        why: String,
    },
    /// A part of the schema is not there, or can't be used; nothing was written.
    #[error(
        "{place} lacks a part of what clickoff made there ({why}): ask the database's owner to look \
         with `clickoff verify`."
    )]
    Missing {
        /// The database.
        place: String,
        /// What the server said.
        why: String,
    },
    /// Reading or writing failed below the database.
    #[error("{place} can't be read or written ({why}): look at the disk.")]
    Device {
        /// The database.
        place: String,
        /// What the system said.
        why: String,
    },
    /// The player is not in the database.
    #[error("The player is no longer there.")]
    Gone,
    /// The client was not heard of for so long that its row was forgotten.
    #[error(
        "The database was not told of this client for 90 days and has forgotten it: whether these \
         presses were counted is not known."
    )]
    Forgotten,
    /// The score's column holds no larger number.
    #[error("The score is as high as its column in the database can hold.")]
    ScoreFull,
    /// The database refuses the value.
    #[error("The database refuses it: {why}.")]
    Rejected {
        /// What the database said.
        why: String,
    },
    /// The place can't be opened at all.
    #[error("{place} can't be opened: {why}")]
    Unusable {
        /// The database.
        place: String,
        /// Why, and what to do.
        why: String,
    },
    /// The file was taken away or replaced while the game ran.
    #[error(
        "{place} was removed or replaced while the game was running. Put it back, or start again \
         to play on the one that is there now."
    )]
    Replaced {
        /// The database.
        place: String,
    },
    /// The file is not a database.
    #[error("{place} is not a SQLite database. Name another file with --database.")]
    NotADatabase {
        /// The file.
        place: String,
    },
    /// The file is a damaged database.
    #[error(
        "{place} is damaged ({why}). It was left as it is: restore a backup, or save what can be \
         saved with `sqlite3 FILE .recover`."
    )]
    Damaged {
        /// The file.
        place: String,
        /// What the database said.
        why: String,
    },
    /// The database belongs to something else.
    #[error("{place} is the database of another program ({why}). Name another one.")]
    Foreign {
        /// The database.
        place: String,
        /// What is missing.
        why: String,
    },
    /// The schema was written by a newer clickoff.
    #[error(
        "{place} was made by a newer clickoff (its schema has \"{name}\"). Use that version, or \
         another database."
    )]
    Newer {
        /// The database.
        place: String,
        /// The newest migration's name.
        name: String,
    },
    /// The schema was written by a development build.
    #[error(
        "{place} was made by a development build of clickoff, whose tables are different. Save its \
         players with `clickoff export` of that build, and read them into a new database with \
         `clickoff import`."
    )]
    Unreleased {
        /// The database.
        place: String,
    },
    /// The database took the write and changed it, so it was undone.
    #[error("The database changed what was written, so nothing of it was kept: {why}.")]
    Overruled {
        /// What was written, what the row held, and by what.
        why: String,
    },
    /// A backup has taken the place of the state that the presses were made for.
    #[error(
        "The database was restored from a backup while these presses were on their way: whether \
         they are in it is not known."
    )]
    Restored,
    /// The answer was there and could not be read, so what was done is not known.
    #[error("{place} answered with what clickoff can't read ({why}).")]
    Unread {
        /// The database.
        place: String,
        /// What the driver said.
        why: String,
    },
    /// The driver failed at the answer, so what was done is not known.
    #[error(
        "{place} answered with what no database server says, and the driver failed at it: look at who \
         runs the server."
    )]
    Faulty {
        /// The database.
        place: String,
    },
    /// Any other error that the database answered with; a statement that is answered so is not done.
    #[error("{place} answered with an error ({why}): ask whoever looks after the database.")]
    Other {
        /// The database.
        place: String,
        /// What the database said.
        why: String,
    },
}

/// What to do about a failed call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// It passes by itself: try again soon.
    Retry,
    /// Somebody has to do something first: keep the presses and try again now and then.
    Wait,
    /// It will never work for these presses: give them up and say so.
    Refuse,
    /// It will never work at all: end, and keep the presses for another time.
    Stop(BrokenKind),
}

impl From<StoreError> for Say {
    /// The same for the screen, in the player's language.
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

    /// Whether the database is out of reach, for all that is known.
    pub fn is_offline(&self) -> bool {
        matches!(self, Self::Lost { .. } | Self::Away { .. })
    }

    /// Whether it is certain that the failed call wrote nothing.
    pub fn wrote_nothing(&self) -> bool {
        !matches!(
            self,
            Self::Lost { .. } | Self::Device { .. } | Self::Unread { .. } | Self::Faulty { .. }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    /// One of each kind.
    fn errors() -> Vec<StoreError> {
        let place = || "scores.db".to_owned();
        let why = || "because".to_owned();
        let (p, w) = (place, why);
        vec![
            StoreError::Busy { place: p() },
            StoreError::Lost {
                place: p(),
                why: w(),
            },
            StoreError::Away {
                place: p(),
                why: w(),
            },
            StoreError::Held {
                place: p(),
                by: w(),
            },
            StoreError::Behind {
                place: p(),
                why: w(),
            },
            StoreError::Full { place: p() },
            StoreError::ReadOnly {
                place: p(),
                why: w(),
            },
            StoreError::Standby { place: p() },
            StoreError::Forbidden {
                place: p(),
                why: w(),
            },
            StoreError::Missing {
                place: p(),
                why: w(),
            },
            StoreError::Device {
                place: p(),
                why: w(),
            },
            StoreError::Gone,
            StoreError::Forgotten,
            StoreError::ScoreFull,
            StoreError::Rejected { why: w() },
            StoreError::Unusable {
                place: p(),
                why: w(),
            },
            StoreError::Replaced { place: p() },
            StoreError::NotADatabase { place: p() },
            StoreError::Damaged {
                place: p(),
                why: w(),
            },
            StoreError::Foreign {
                place: p(),
                why: w(),
            },
            StoreError::Newer {
                place: p(),
                name: "7 races".to_owned(),
            },
            StoreError::Unreleased { place: p() },
            StoreError::Overruled { why: w() },
            StoreError::Restored,
            StoreError::Unread {
                place: p(),
                why: w(),
            },
            StoreError::Faulty { place: p() },
            StoreError::Other {
                place: p(),
                why: w(),
            },
        ]
    }

    #[test]
    fn the_screen_says_in_english_what_the_command_line_says() {
        let english = Words::default();
        for error in errors() {
            let told = error.to_string();
            assert_eq!(english.say(&error.into()), told);
        }
    }
}
