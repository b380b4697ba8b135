//! The jobs other than counting: changes of players, sprints, races.

use std::ops::ControlFlow;

use super::super::ledger::Account;
use super::{Flow, Scorer};
use crate::game::race::Entrance;
use crate::game::sprint::Sprinted;
use crate::game::{Player, PlayerId};
use crate::message::{Change, Progress, Reply};
use crate::store::{Remedy, Store, StoreError};
use crate::words::Say;

impl<S: Store> Scorer<S> {
    /// Makes a change of the list, or replies why not.
    pub(super) async fn change(&mut self, change: Change) -> Flow {
        let done = match &change {
            Change::Add(entry) => self.store.add(entry).await,
            Change::Edit(player, entry) => self.store.edit(*player, entry).await,
            Change::Remove(player) => self.store.remove(*player).await.map(|()| removed(*player)),
        };
        let error = match done {
            Ok(player) => {
                self.succeeded();
                self.shared.ledger().change_settled();
                self.shared.reply(Reply::Done(change, player));
                return ControlFlow::Continue(());
            }
            Err(error) => error,
        };
        // Edits and removals are idempotent. An addition may only be retried if the first try
        // surely wrote nothing.
        let again = error.remedy() == Remedy::Retry
            && (error.wrote_nothing() || !matches!(change, Change::Add(_)));
        if again || matches!(error.remedy(), Remedy::Stop(_)) {
            return self.failed(error).await;
        }
        self.succeeded();
        self.shared.ledger().change_settled();
        let wrote_nothing = error.wrote_nothing();
        let mut why = Say::from(error);
        if !wrote_nothing {
            why = why.and(Say::LookWhetherDone);
        }
        self.shared.reply(Reply::Failed(change, why));
        ControlFlow::Continue(())
    }

    /// Records that a sprint begins. If that fails, the database will refuse the sprint, and the
    /// reply says so then.
    pub(super) async fn begin_sprint(&mut self, account: Account) -> Flow {
        let begun = match self.session(&account).await {
            Ok(Some(session)) => self.store.begin_sprint(session).await,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => Err(error),
        };
        if let Err(error) = begun {
            match self.given_up(error).await {
                Ok(error) => tracing::warn!(%error, "the beginning of a sprint is not noted"),
                Err(flow) => return flow,
            }
        }
        self.succeeded();
        self.shared.ledger().begin_settled(account.player);
        ControlFlow::Continue(())
    }

    pub(super) async fn keep_sprint(&mut self, account: Account, sprinted: Sprinted) -> Flow {
        let kept = match self.session(&account).await {
            Ok(Some(session)) => self.store.keep_sprint(session, &sprinted).await,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => Err(error),
        };
        let reply = match kept {
            Ok(true) => Reply::SprintKept(sprinted),
            Ok(false) => Reply::SprintUnkept(sprinted, Say::SprintNotBelieved),
            Err(error) => match self.given_up(error).await {
                Ok(error) => Reply::SprintUnkept(sprinted, error.into()),
                Err(flow) => return flow,
            },
        };
        self.succeeded();
        self.shared.ledger().sprint_settled();
        self.shared.reply(reply);
        ControlFlow::Continue(())
    }

    /// Enters a race, if that is possible now.
    pub(super) async fn enter_race(&mut self, account: Account, entrance: Entrance) -> Flow {
        let entered = match self.session(&account).await {
            Ok(Some(session)) => self.store.enter_race(session, entrance).await,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => Err(error),
        };
        let reply = match entered {
            Ok(Some(entered)) => {
                self.shared.watch_race(Some(entered.race));
                Reply::RaceEntered(account.player, entered)
            }
            Ok(None) => Reply::RaceMissed(Say::RaceMissed),
            Err(error) => match self.given_up(error).await {
                Ok(error) => Reply::RaceMissed(error.into()),
                Err(flow) => return flow,
            },
        };
        self.succeeded();
        let mut ledger = self.shared.ledger();
        ledger.entrance_settled(account.player, entrance);
        drop(ledger);
        self.shared.reply(reply);
        ControlFlow::Continue(())
    }

    /// Reports how far a racer is.
    pub(super) async fn report_race(&mut self, account: Account, progress: Progress) -> Flow {
        let told = match self.session(&account).await {
            Ok(Some(session)) => {
                let Progress {
                    race,
                    presses,
                    standing,
                    trace,
                    ..
                } = &progress;
                let told =
                    self.store
                        .report_race(session, *race, *presses, *standing, trace.as_ref());
                told.await
            }
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => Err(error),
        };
        if let Err(error) = told {
            match self.given_up(error).await {
                Ok(error) => tracing::warn!(%error, "a race does not know how far its racer is"),
                Err(flow) => return flow,
            }
        }
        self.succeeded();
        self.shared.ledger().report_settled(&progress);
        ControlFlow::Continue(())
    }

    /// Handles the error of a job that no press depends on. Returns the error if the job is to be
    /// given up.
    ///
    /// # Errors
    /// How to continue, if the job is to be retried or the worker must end.
    async fn given_up(&mut self, error: StoreError) -> Result<StoreError, Flow> {
        match error.remedy() {
            Remedy::Retry | Remedy::Stop(_) => Err(self.failed(error).await),
            Remedy::Wait | Remedy::Refuse => {
                self.shared.ledger().disconnected();
                Ok(error)
            }
        }
    }
}

/// A removed player for the reply. The receiver knows the name.
fn removed(id: PlayerId) -> Player {
    Player {
        id,
        ..Player::default()
    }
}
