//! The jobs other than counting: changes of players, sprints, races.

use std::ops::ControlFlow;

use super::super::ledger::Account;
use super::{Flow, Scorer};
use crate::game::{Player, PlayerId};
use crate::message::{Change, ContestCommand, Reply};
use crate::store::{Remedy, SessionId, Store, StoreError};
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

    /// Stores something of a sprint or a race. If that must be given up, the game goes on without
    /// it.
    pub(super) async fn contest_job(&mut self, account: Account, job: ContestCommand) -> Flow {
        let done = match self.session(&account).await {
            Ok(Some(session)) => self.store_contest(session, &job).await,
            Ok(None) => return ControlFlow::Continue(()),
            Err(error) => Err(error),
        };
        let reply = match done {
            Ok(reply) => reply,
            Err(error) => match error.remedy() {
                Remedy::Retry | Remedy::Stop(_) => return self.failed(error).await,
                Remedy::Wait | Remedy::Refuse => {
                    self.shared.ledger().disconnected();
                    given_up(&job, error)
                }
            },
        };
        self.succeeded();
        self.shared.ledger().contest_settled(&job);
        if let Some(reply) = reply {
            self.shared.reply(reply);
        }
        ControlFlow::Continue(())
    }

    async fn store_contest(
        &mut self,
        session: SessionId,
        job: &ContestCommand,
    ) -> Result<Option<Reply>, StoreError> {
        let store = &mut self.store;
        Ok(match job {
            ContestCommand::BeginSprint(_) => {
                store.begin_sprint(session).await?;
                None
            }
            ContestCommand::KeepSprint(sprinted) => {
                let is_kept = store.keep_sprint(session, sprinted).await?;
                Some(match is_kept {
                    true => Reply::SprintKept(sprinted.clone()),
                    false => Reply::SprintUnkept(sprinted.clone(), Say::SprintNotBelieved),
                })
            }
            ContestCommand::EnterRace(player, entrance) => {
                let entered = store.enter_race(session, *entrance).await?;
                Some(match entered {
                    Some(entered) => {
                        self.shared.watch_race(Some(entered.race));
                        Reply::RaceEntered(*player, entered)
                    }
                    None => Reply::RaceMissed(Say::RaceMissed),
                })
            }
            ContestCommand::ReportRace(told) => {
                let trace = told.trace.as_ref();
                store
                    .report_race(session, told.race, told.presses, told.standing, trace)
                    .await?;
                None
            }
        })
    }
}

/// The reply for a job that was given up. If the beginning of a sprint is missing, the database will
/// refuse the sprint, and the reply says so then.
fn given_up(job: &ContestCommand, error: StoreError) -> Option<Reply> {
    match job {
        ContestCommand::BeginSprint(_) => {
            tracing::warn!(%error, "the beginning of a sprint is not noted");
            None
        }
        ContestCommand::ReportRace(_) => {
            tracing::warn!(%error, "a race does not know how far its racer is");
            None
        }
        ContestCommand::KeepSprint(sprinted) => {
            Some(Reply::SprintUnkept(sprinted.clone(), error.into()))
        }
        ContestCommand::EnterRace(..) => Some(Reply::RaceMissed(error.into())),
    }
}

/// A removed player for the reply. The receiver knows the name.
fn removed(id: PlayerId) -> Player {
    Player {
        id,
        ..Player::default()
    }
}
