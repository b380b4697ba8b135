//! Counts presses: finds the client's row for a player, commits a total, and says what was refused.

use std::ops::ControlFlow;

use super::super::account::{Account, Settled};
use super::{Flow, Scorer};
use crate::game::PlayerId;
use crate::message::Reply;
use crate::store::{Remedy, SessionId, Store, StoreError};
use crate::words::Say;

impl<S: Store> Scorer<S> {
    /// Commits an account's total, whatever of it was committed before.
    pub(super) async fn count(&mut self, account: Account) -> Flow {
        crate::fault::point("count");
        let Account { client, player, .. } = account;
        let session = match self.session(&account).await {
            Ok(Some(session)) => session,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => return self.count_failed(&account, error).await,
        };
        let upto = account.upto - account.elsewhere;
        match self.store.count(session, upto).await {
            Ok(counted) => {
                self.succeeded();
                let mut committed = self.shared.committed();
                committed.insert(player);
                let mut ledger = self.shared.ledger();
                let booked = ledger.account(client, player).map(|a| a.settle(counted));
                let Settled {
                    scored,
                    news,
                    refusals,
                } = booked.unwrap_or_default();
                let own = client == ledger.client;
                drop(ledger);
                self.shared.reply(if own {
                    Reply::Counted {
                        player,
                        counted: scored,
                        score: counted.score,
                    }
                } else {
                    Reply::Delivered {
                        player,
                        presses: news,
                        score: counted.score,
                    }
                });
                drop(committed);
                if refusals > 0 {
                    self.over_rate(own, player, refusals, counted.max_rate);
                }
                self.keeper.settled(client);
                ControlFlow::Continue(())
            }
            Err(StoreError::Gone) => match self.row_is_gone(&account).await {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => self.count_failed(&account, error).await,
            },
            Err(error) => {
                if !error.wrote_nothing() {
                    let mut ledger = self.shared.ledger();
                    let own = ledger.account(client, player);
                    own.into_iter().for_each(|own| own.doubt(account.upto));
                }
                self.count_failed(&account, error).await
            }
        }
    }

    /// Tells of presses that the database has settled without counting them.
    fn over_rate(&self, own: bool, player: PlayerId, presses: u64, limit: Option<u32>) {
        self.shared.reply(if own {
            Reply::OverRate {
                player,
                presses,
                limit,
            }
        } else {
            let why = match limit.map(u64::from) {
                Some(limit) => Say::KeptOverRate { presses, limit },
                None => Say::KeptOverRateBefore { presses },
            };
            Reply::RefusedKept { presses, why }
        });
    }

    /// The client's row for a player; none where it had to be asked for, and is known next time.
    pub(super) async fn session(
        &mut self,
        account: &Account,
    ) -> Result<Option<SessionId>, StoreError> {
        let Account { client, player, .. } = *account;
        let session = match account.session {
            Some(session) if account.seen => return Ok(Some(session)),
            Some(_) => {
                self.check(account).await?;
                return Ok(None);
            }
            None if client == self.shared.ledger().client => {
                self.store.register(client, player).await?
            }
            // Its run may have registered and counted after the entry was written.
            None => self.store.resume(client, player, account.opened).await?,
        };
        self.shared.ledger().registered(client, player, session);
        Ok(None)
    }

    async fn count_failed(&mut self, account: &Account, error: StoreError) -> Flow {
        if error.remedy() != Remedy::Refuse {
            return self.failed(error).await;
        }
        self.succeeded();
        let Account {
            client,
            player,
            upto,
            ..
        } = *account;
        let (presses, own) = {
            let mut ledger = self.shared.ledger();
            let own = client == ledger.client;
            let presses = ledger.account(client, player).map(|account| match error {
                StoreError::Forgotten if !own => account.put_aside(),
                _ => account.refuse(upto),
            });
            let presses = presses.unwrap_or_default();
            (presses, own)
        };
        if !own && error == StoreError::Forgotten {
            let why = Say::KeptForgotten { presses };
            self.shared.reply(Reply::RefusedKept { presses, why });
            self.keeper.settled(client);
            return ControlFlow::Continue(());
        }
        if presses == 0 {
            return ControlFlow::Continue(());
        }
        let why = Box::new(error.into());
        let why = Say::NotCounted { presses, why };
        self.shared.reply(if own {
            Reply::Refused {
                player,
                presses,
                why,
            }
        } else {
            Reply::RefusedKept { presses, why }
        });
        self.keeper.settled(client);
        ControlFlow::Continue(())
    }
}
