//! What becomes of an account's presses if they are refused, the database has forgotten them, or a
//! backup was restored.

use super::Account;
use crate::store::{Counted, Epoch, SessionId};

/// A client's row for a player: its id, and what it has settled.
type SettledRow = (SessionId, Counted);

impl Account {
    /// Drops the waiting presses up to a total; later ones stay. Returns how many.
    pub fn refuse(&mut self, upto: u64) -> u64 {
        let refused = upto.min(self.upto).saturating_sub(self.counted);
        self.upto -= refused;
        self.doubtful = self.doubtful.min(self.upto);
        // The answer came from this connection, so the session is checked.
        self.seen = self.session.is_some();
        refused
    }

    /// Leaves the presses in the outbox. Returns how many.
    pub fn put_aside(&mut self) -> u64 {
        let waiting = self.waiting();
        self.aside = true;
        waiting
    }

    /// Marks the presses that the database has forgotten to be counted again. Returns how many.
    pub fn forget(&mut self, row: Option<SettledRow>) -> u64 {
        let scored = self.counted - self.refused;
        let has = self.go_on_from(row);
        self.counted = has.counted + self.elsewhere;
        self.refused = has.refused + self.refused_elsewhere;
        scored.saturating_sub(self.counted - self.refused)
    }

    /// Continues from a restored backup: settled presses stay settled. Returns how many presses the
    /// backup lacks, and how many are dropped because nobody knows whether they were settled. None
    /// are dropped if the player's score shows that they were not.
    pub fn restore(
        &mut self,
        row: Option<SettledRow>,
        score: i64,
        epoch: Option<Epoch>,
    ) -> (u64, u64) {
        let given_up = match self.score {
            Some(told) if score <= told => 0,
            _ => self.doubtful.saturating_sub(self.counted),
        };
        let has = self.go_on_from(row);
        self.upto -= given_up.min(self.upto);
        self.doubtful = self.counted;
        self.elsewhere = self.counted.saturating_sub(has.counted);
        self.refused_elsewhere = self.refused.saturating_sub(has.refused);
        self.epoch = epoch;
        let undone = self.elsewhere.saturating_sub(self.refused_elsewhere);
        (undone, given_up)
    }

    fn go_on_from(&mut self, row: Option<SettledRow>) -> Counted {
        self.session = row.map(|(session, _)| session);
        self.seen = true;
        self.score = None;
        row.map_or_else(Counted::default, |(_, has)| has)
    }
}
