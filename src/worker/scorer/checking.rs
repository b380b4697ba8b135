//! Checks on each new connection that the database still has all commits.
//!
//! A server that takes over after a failover may lack the last commits, so presses that were shown
//! as saved are missing. Because of the totals it is safe to send them again. A restored backup
//! lacks presses, too, but there they were undone on purpose. The [`Epoch`](crate::store::Epoch)
//! tells the two cases apart.

use super::super::ledger::Account;
use super::Scorer;
use crate::message::Reply;
use crate::store::{Store, StoreError};
use crate::words::Say;

impl<S: Store> Scorer<S> {
    /// Finds out whether an account's row was removed with its player or alone.
    ///
    /// # Errors
    /// As [`Self::check`].
    pub(super) async fn row_is_gone(&mut self, account: &Account) -> Result<(), StoreError> {
        match self.store.player(account.player).await? {
            Some(_) => self.check(account).await,
            None => Err(StoreError::Gone),
        }
    }

    /// Compares a client with the database. Accounts of which the database has all are done; of
    /// this one, what the database forgot is marked to be counted again.
    ///
    /// # Errors
    /// [`StoreError::Gone`] if the player is gone; [`StoreError::Forgotten`] or
    /// [`StoreError::Restored`] if nobody can know whether an earlier run's presses were counted.
    pub(super) async fn check(&mut self, account: &Account) -> Result<(), StoreError> {
        let Account { client, player, .. } = *account;
        let mut claims = self.store.claims(client).await?;
        claims.retain(|claim| claim.client == client);
        if self.shared.ledger().confirm(client, player, &claims) {
            return Ok(());
        }
        let row = match claims.iter().find(|claim| claim.player == player) {
            // A total that is already settled changes nothing.
            Some(claim) => Some((claim.session, self.store.count(claim.session, 0).await?)),
            None => None,
        };
        let Some(now) = self.store.player(player).await? else {
            return Err(StoreError::Gone);
        };
        let epoch = self.store.epoch().await?;
        // If only the row is gone and the score has not fallen, the presses are still in the score.
        let is_forgotten = epoch.is_some()
            && epoch == account.epoch
            && (row.is_some() || account.score.is_none_or(|told| now.score < told));
        let own = client == self.shared.ledger().client;
        if is_forgotten {
            let mut ledger = self.shared.ledger();
            let presses = ledger.account(client, player).map(|a| a.forget(row));
            drop(ledger);
            let presses = presses.unwrap_or_default();
            tracing::warn!(
                presses,
                ?player,
                "the server has forgotten committed presses"
            );
            if own {
                self.shared.reply(Reply::ServerForgot { player, presses });
            }
            return Ok(());
        }
        if !own {
            let since = self.store.kept_since().await?;
            return Err(match account.opened < since {
                true => StoreError::Forgotten,
                false => StoreError::Restored,
            });
        }
        let (undone, given_up) = {
            let mut ledger = self.shared.ledger();
            ledger.epoch.clone_from(&epoch);
            let own = ledger.account(client, player);
            own.map(|own| own.restore(row, now.score, epoch))
        }
        .unwrap_or_default();
        tracing::warn!(undone, given_up, ?player, "the database was restored");
        if undone > 0 && now.score < account.score.unwrap_or(i64::MAX) {
            self.shared
                .reply(Reply::Notice(Say::Restored { presses: undone }));
        }
        if given_up > 0 {
            let why = Box::new(StoreError::Restored.into());
            self.shared.reply(Reply::Refused {
                player,
                presses: given_up,
                why: Say::NotCounted {
                    presses: given_up,
                    why,
                },
            });
            self.keeper.settled(client);
        }
        Ok(())
    }
}
