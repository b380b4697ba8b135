//! One client's presses for one player: how many were made, and how many the database has settled.

use super::outbox::{KeptPresses, OutboxEntry};
use crate::game::PlayerId;
use crate::store::{ClientId, Counted, Day, Epoch, SessionId};

/// One client's presses for one player.
#[derive(Debug, Clone)]
pub struct Account {
    /// Whose presses.
    pub client: ClientId,
    /// For whom.
    pub player: PlayerId,
    /// The client's row in the database, once it is there.
    pub session: Option<SessionId>,
    /// Whether the row was seen on this connection. Where the connection was lost, the server behind
    /// the next one may have forgotten some of it, or a backup may have been restored in between.
    pub seen: bool,
    /// All presses: the total that only grows.
    pub upto: u64,
    /// Of these, the ones that a commit has settled.
    pub counted: u64,
    /// Of these, the ones that were over the database's limit.
    pub refused: u64,
    /// Of all, the ones that a commit may have settled whose answer was lost.
    doubtful: u64,
    /// Of the settled ones, those that are not in the client's row: the row is of a backup that was
    /// restored; and how many of them were over the limit.
    pub elsewhere: u64,
    refused_elsewhere: u64,
    /// The player's score when the last commit was told.
    pub score: Option<i64>,
    /// The state of the database that the row is of.
    pub epoch: Option<Epoch>,
    /// The database's day when the client opened it.
    pub opened: Day,
    /// Whether the presses stay in their entry for good: what became of them can't be known.
    pub aside: bool,
}

impl Account {
    /// One without a press.
    pub fn new(client: ClientId, player: PlayerId, opened: Day) -> Self {
        Self {
            client,
            player,
            session: None,
            seen: false,
            upto: 0,
            counted: 0,
            refused: 0,
            doubtful: 0,
            elsewhere: 0,
            refused_elsewhere: 0,
            score: None,
            epoch: None,
            opened,
            aside: false,
        }
    }

    /// What an earlier run left behind. Its last commit may have come through.
    pub fn adopted(entry: &OutboxEntry, kept: &KeptPresses) -> Self {
        Self {
            session: kept.session.map(SessionId),
            upto: kept.upto,
            counted: kept.counted.min(kept.upto),
            refused: kept.refused,
            doubtful: kept.upto,
            score: kept.score,
            epoch: entry.epoch.clone(),
            ..Self::new(entry.client, PlayerId(kept.player), entry.opened)
        }
    }

    /// Presses that no commit holds.
    pub fn waiting(&self) -> u64 {
        match self.aside {
            true => 0,
            false => self.upto.saturating_sub(self.counted),
        }
    }

    /// Whether the database has to be asked on a new connection what it has of it.
    pub fn is_unchecked(&self) -> bool {
        self.session.is_some() && !self.seen && !self.aside && self.upto > 0
    }

    /// As an entry has it.
    pub fn kept(&self) -> KeptPresses {
        KeptPresses {
            player: self.player.0,
            session: self.session.map(|s| s.0),
            upto: self.upto - self.elsewhere,
            counted: self.counted - self.elsewhere,
            refused: self.refused - self.refused_elsewhere,
            score: self.score,
        }
    }

    /// Notes that presses may have been settled, since the answer was lost.
    pub fn doubt(&mut self, upto: u64) {
        self.doubtful = self.doubtful.max(upto);
    }

    /// Books a commit.
    pub fn settle(&mut self, commit: Counted) -> Settled {
        let counted = commit.counted + self.elsewhere;
        let refused = commit.refused + self.refused_elsewhere;
        let news = counted.saturating_sub(self.counted);
        let refusals = refused.saturating_sub(self.refused).min(news);
        self.score = Some(commit.score);
        self.counted = counted;
        self.refused = refused;
        // The database may know of more presses than an entry written before a crash does.
        self.upto = self.upto.max(counted);
        Settled {
            scored: counted.saturating_sub(refused),
            news: news - refusals,
            refusals,
        }
    }

    /// Gives up the presses up to a total; what came later stays. Gives how many.
    pub fn refuse(&mut self, upto: u64) -> u64 {
        let refused = upto.min(self.upto).saturating_sub(self.counted);
        self.upto -= refused;
        self.doubtful = self.doubtful.min(self.upto);
        // What the database has of it was looked at.
        self.seen = self.session.is_some();
        refused
    }

    /// Leaves the presses in their entry. Gives how many.
    pub fn put_aside(&mut self) -> u64 {
        let waiting = self.waiting();
        self.aside = true;
        waiting
    }

    /// Has the presses that the database has forgotten counted again. Gives how many.
    pub fn forget(&mut self, row: Option<Row>) -> u64 {
        let scored = self.counted - self.refused;
        let has = self.go_on_from(row);
        self.counted = has.counted + self.elsewhere;
        self.refused = has.refused + self.refused_elsewhere;
        scored.saturating_sub(self.counted - self.refused)
    }

    /// Goes on from what a restored backup has: what was settled before stays so. Gives how many
    /// presses the backup does not have, and how many are given up since nobody knows whether they
    /// were settled; none where the player's score tells that they were not.
    pub fn restore(&mut self, row: Option<Row>, score: i64, epoch: Option<Epoch>) -> (u64, u64) {
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

    fn go_on_from(&mut self, row: Option<Row>) -> Counted {
        self.session = row.map(|(session, _)| session);
        self.seen = true;
        self.score = None;
        row.map_or_else(Counted::default, |(_, has)| has)
    }
}

/// A client's row for a player, as it stands: what it has settled, and the player's score.
pub type Row = (SessionId, Counted);

/// What a commit was of an account.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settled {
    /// All presses that have scored.
    pub scored: u64,
    /// Of these, the ones that had not before.
    pub news: u64,
    /// How many were refused since they were too fast.
    pub refusals: u64,
}
