//! How the presses stand: which of them no commit holds yet, and what keeps them from being saved.

use std::time::{Duration, Instant};

use super::State;
use crate::game::Tally;
use crate::message::Trouble;

/// A trouble and the moment of the next try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Troubled {
    /// What the worker said.
    pub trouble: Trouble,
    /// When it will try again.
    pub next_try: Instant,
    /// Whole seconds until then, as of the last message.
    pub seconds_left: u64,
}

impl Troubled {
    /// A trouble that begins now.
    pub(super) fn new(trouble: Trouble, now: Instant) -> Self {
        let mut troubled = Self {
            next_try: now + trouble.retry_in,
            trouble,
            seconds_left: 0,
        };
        troubled.count_down(now);
        troubled
    }

    /// Counts down to the next try; true where the number of seconds changed.
    pub(super) fn count_down(&mut self, now: Instant) -> bool {
        let left = self.next_try.saturating_duration_since(now);
        let seconds = left.as_secs() + u64::from(left.subsec_nanos() > 0);
        std::mem::replace(&mut self.seconds_left, seconds) != seconds
    }

    /// When the number of seconds next changes, if it does.
    pub(super) fn next_second(&self, now: Instant) -> Option<Instant> {
        let left = self.next_try.saturating_duration_since(now);
        (left > Duration::ZERO).then(|| {
            now + match left.subsec_nanos() {
                0 => Duration::from_secs(1),
                nanos => Duration::from_nanos(nanos.into()),
            }
        })
    }
}

/// What the one line of state tells; the words are the screen's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status<'a> {
    /// The first answer of the database is still to come.
    Loading,
    /// The database can't be opened now; it is tried again.
    LoadingTrouble(&'a Troubled),
    /// Every press is committed.
    Saved,
    /// So many presses are not committed yet.
    Saving(u64),
    /// So many presses wait for the store to work again.
    Waiting(u64, &'a Troubled),
    /// What others do can't be read, while so many presses are not committed yet.
    Blind(u64, &'a Troubled),
    /// The game is ending once so many presses are committed.
    Leaving(u64),
}

impl State {
    /// Presses that no commit holds yet, of this run and of earlier ones, of all players.
    pub fn waiting(&self) -> u64 {
        self.told() + self.kept + self.held()
    }

    /// Presses of this run that the worker knows of and no commit holds yet.
    fn told(&self) -> u64 {
        self.tallies.values().map(Tally::waiting).sum()
    }

    /// Presses for a player who has no key yet.
    fn held(&self) -> u64 {
        self.adding.as_ref().map_or(0, |a| a.presses)
    }

    /// Whether presses wait, and all of them would outlive the program.
    pub fn all_kept(&self) -> bool {
        self.waiting() > 0 && self.held() == 0 && self.told() <= self.kept_here
    }

    /// Whether the server can't be reached, as far as is known.
    pub fn is_offline(&self) -> bool {
        let troubles = [&self.trouble, &self.blind].into_iter().flatten();
        troubles.into_iter().any(|t| t.trouble.offline)
    }

    /// What the line of state is to say.
    pub fn status(&self) -> Status<'_> {
        let waiting = self.waiting();
        match &self.trouble {
            Some(troubled) if !self.loaded => Status::LoadingTrouble(troubled),
            Some(troubled) => Status::Waiting(waiting, troubled),
            None if self.leaving => Status::Leaving(waiting),
            None if !self.loaded => Status::Loading,
            None => match &self.blind {
                Some(troubled) => Status::Blind(waiting, troubled),
                None if waiting > 0 => Status::Saving(waiting),
                None => Status::Saved,
            },
        }
    }
}
