//! The status of the presses: how many are not committed yet, and what keeps them from being saved.

use std::time::Instant;

use super::State;
use crate::game::Tally;
use crate::game::contest::{next_second, whole_seconds};
use crate::message::Trouble;

/// A trouble and the time of the next try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Troubled {
    /// The trouble, as the worker reported it.
    pub trouble: Trouble,
    /// The time of the next try.
    pub next_try: Instant,
    /// Whole seconds until then, as of the last message.
    pub seconds_left: u64,
}

impl Troubled {
    /// A trouble that begins now.
    pub(super) fn new(trouble: Trouble, now: Instant) -> Self {
        Self {
            next_try: now + trouble.retry_in,
            seconds_left: whole_seconds(trouble.retry_in),
            trouble,
        }
    }

    /// Updates the countdown. True if the number of seconds changed.
    pub(super) fn count_down(&mut self, now: Instant) -> bool {
        let seconds = whole_seconds(self.next_try.saturating_duration_since(now));
        std::mem::replace(&mut self.seconds_left, seconds) != seconds
    }

    /// When the number of seconds next changes, if at all.
    pub(super) fn next_second(&self, now: Instant) -> Option<Instant> {
        (now < self.next_try).then(|| next_second(now, self.next_try))
    }
}

/// What the status line says. The screen has the words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status<'a> {
    /// The database has not answered yet.
    Loading,
    /// The database can't be opened now, and will be tried again.
    LoadingTrouble(&'a Troubled),
    /// Every press is committed.
    Saved,
    /// This many presses are not committed yet.
    Saving(u64),
    /// This many presses wait until the store works again.
    Waiting(u64, &'a Troubled),
    /// Changes by others can't be read. This many presses are not committed yet.
    WatchTrouble(u64, &'a Troubled),
    /// The game ends once this many presses are committed.
    Leaving(u64),
}

impl State {
    /// All presses that are not committed yet, of this run and of earlier ones.
    pub fn waiting(&self) -> u64 {
        self.sent() + self.kept + self.unsent()
    }

    /// Presses of this run that the worker has and that are not committed yet.
    fn sent(&self) -> u64 {
        self.tallies.values().map(Tally::waiting).sum()
    }

    /// Presses for the player who is being added.
    fn unsent(&self) -> u64 {
        self.adding.as_ref().map_or(0, |a| a.presses)
    }

    /// Whether presses are waiting and all of them are in the outbox.
    pub fn all_kept(&self) -> bool {
        self.waiting() > 0 && self.unsent() == 0 && self.sent() <= self.kept_here
    }

    /// Whether the server can't be reached, as far as is known.
    pub fn is_offline(&self) -> bool {
        let troubles = [&self.trouble, &self.watch_trouble].into_iter().flatten();
        troubles.into_iter().any(|t| t.trouble.offline)
    }

    /// The current status.
    pub fn status(&self) -> Status<'_> {
        let waiting = self.waiting();
        match &self.trouble {
            Some(troubled) if !self.loaded => Status::LoadingTrouble(troubled),
            Some(troubled) => Status::Waiting(waiting, troubled),
            None if self.leaving => Status::Leaving(waiting),
            None if !self.loaded => Status::Loading,
            None => match &self.watch_trouble {
                Some(troubled) => Status::WatchTrouble(waiting, troubled),
                None if waiting > 0 => Status::Saving(waiting),
                None => Status::Saved,
            },
        }
    }
}
