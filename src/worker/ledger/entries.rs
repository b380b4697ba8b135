//! Converts between the ledger's accounts and outbox entries.

use super::{Account, Ledger};
use crate::game::PlayerId;
use crate::store::{ClientId, SessionId};
use crate::worker::outbox::{KeptPresses, OutboxEntry};

impl Ledger {
    /// Adds the presses of an earlier run. Its last commit may have succeeded.
    pub fn adopt(&mut self, entry: &OutboxEntry) {
        for kept in &entry.presses {
            let account = Account {
                session: kept.session.map(SessionId),
                upto: kept.upto,
                counted: kept.counted.min(kept.upto),
                refused: kept.refused,
                doubtful: kept.upto,
                score: kept.score,
                epoch: entry.epoch.clone(),
                ..Account::new(entry.client, PlayerId(kept.player), entry.opened)
            };
            let key = (account.client, account.player);
            self.accounts.insert(key, account);
        }
    }

    /// The part of an earlier client's entry that can't be delivered, if any.
    pub fn entry_put_aside(&self, client: ClientId, database: &str) -> Option<OutboxEntry> {
        let accounts = self.accounts.values();
        let aside = accounts.filter(|a| a.client == client && a.aside);
        let opened = aside.clone().map(|a| a.opened).next()?;
        Some(OutboxEntry {
            client,
            database: database.to_owned(),
            opened,
            epoch: aside.clone().find_map(|a| a.epoch.clone()),
            presses: aside.map(kept).collect(),
        })
    }

    /// This run's waiting presses, to be kept in the outbox.
    pub fn own_entry(&self, database: &str) -> OutboxEntry {
        let own = self.accounts.values();
        let own = own.filter(|a| a.client == self.client && a.waiting() > 0);
        OutboxEntry {
            client: self.client,
            database: database.to_owned(),
            opened: self.opened,
            epoch: own.clone().find_map(|a| a.epoch.clone()),
            presses: own.map(kept).collect(),
        }
    }
}

/// An account in the form of an entry.
fn kept(account: &Account) -> KeptPresses {
    KeptPresses {
        player: account.player.0,
        session: account.session.map(|s| s.0),
        upto: account.upto - account.elsewhere,
        counted: account.counted - account.elsewhere,
        refused: account.refused - account.refused_elsewhere,
        score: account.score,
    }
}
