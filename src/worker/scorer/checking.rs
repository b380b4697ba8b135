//! Checks on each new connection that the database still has what was committed.
//!
//! A server that takes over from one that failed may have missed the last moments of it: presses
//! that were committed and shown as saved are not there. The totals make it safe to say them again.
//! A backup that somebody has restored lacks them too, and there they were undone on purpose; what
//! tells the two apart is the [`Epoch`](crate::store::Epoch).

use super::super::ledger::Account;
use super::Scorer;
use crate::message::Reply;
use crate::store::{Store, StoreError};
use crate::words::Say;

impl<S: Store> Scorer<S> {
    /// Finds out why an account's row is gone: with its player, or alone.
    ///
    /// # Errors
    /// As [`Self::check`] says.
    pub(super) async fn row_is_gone(&mut self, account: &Account) -> Result<(), StoreError> {
        match self.store.player(account.player).await? {
            Some(_) => self.check(account).await,
            None => Err(StoreError::Gone),
        }
    }

    /// Reads what the database has of an account, and has what it forgot counted again.
    ///
    /// # Errors
    /// [`StoreError::Gone`] where the player is gone, [`StoreError::Forgotten`] and
    /// [`StoreError::Restored`] where it can't be known what became of an earlier run's presses.
    pub(super) async fn check(&mut self, account: &Account) -> Result<(), StoreError> {
        let Account { client, player, .. } = *account;
        let session = self.store.session(client, player).await?;
        if let Some(session) = session {
            let claims = self.store.claims(client).await?;
            let mut own = claims.iter().filter(|c| c.client == client);
            let has = own.find(|c| c.player == player).map_or(0, |c| c.counted);
            if has + account.elsewhere >= account.counted {
                self.shared.ledger().registered(client, player, session);
                return Ok(());
            }
        }
        let row = match session {
            // A total that is settled already changes nothing.
            Some(session) => Some((session, self.store.count(session, 0).await?)),
            None => None,
        };
        let Some(now) = self.store.player(player).await? else {
            return Err(StoreError::Gone);
        };
        let epoch = self.store.epoch().await?;
        // Where the row alone is gone, and the score has not fallen, its presses are in the score.
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
