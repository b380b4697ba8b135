//! Owns the writing store and runs one transaction at a time, for as long as there is work.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::keeper::Keeper;
use super::ledger::Job;
use super::shared::{Shared, trouble};
use crate::game::{Aim, Window};
use crate::store::{Cursor, Remedy, Snapshot, Store, StoreError, WINDOW};

mod checking;
mod counting;
mod jobs;

/// How the work goes on, or ends: with the error for which the store can't be used any more, or
/// because it was to end.
type Flow = ControlFlow<Result<(), StoreError>>;

/// What the watcher begins with.
#[derive(Debug, Clone, Copy)]
pub struct Beginning {
    /// From where it looks for changes.
    pub cursor: Cursor,
    /// Whether the list is not everyone.
    pub is_part: bool,
}

/// The task's state.
pub struct Scorer<S> {
    store: S,
    shared: Arc<Shared>,
    keeper: Arc<Keeper>,
    backoff: Backoff,
    failing_since: Option<Instant>,
    troubled: bool,
    /// Whether the user may tidy, and when it is next time.
    tidies: bool,
    tidy_at: Instant,
}

impl<S: Store> Scorer<S> {
    pub fn new(store: S, shared: Arc<Shared>, keeper: Arc<Keeper>) -> Self {
        let timing = shared.timing;
        Self {
            store,
            shared,
            keeper,
            backoff: Backoff::new(timing.first_retry, timing.longest_retry),
            failing_since: None,
            troubled: false,
            tidies: false,
            tidy_at: Instant::now() + timing.first_tidy,
        }
    }

    /// Opens the database, then works until there is nothing left to do and nothing more to come.
    ///
    /// # Errors
    /// Where the store can't be used any more.
    pub async fn run(mut self, opened: oneshot::Sender<Beginning>) -> Result<(), StoreError> {
        let mut snapshot = match self.open().await {
            ControlFlow::Continue(snapshot) => snapshot,
            ControlFlow::Break(end) => return end,
        };
        let mut window = Window {
            players: std::mem::take(&mut snapshot.players),
            below: snapshot.below,
            ..Window::default()
        };
        if let Some(around) = self.sought(&window).await {
            window = around;
        }
        self.tidies = snapshot.rights.play;
        self.shared.ledger().opened(&snapshot);
        let beginning = Beginning {
            cursor: snapshot.cursor,
            is_part: !window.is_everyone(),
        };
        self.keeper.opened(snapshot, window);
        let _ = opened.send(beginning);
        let mut said_resting = false;
        loop {
            let shared = Arc::clone(&self.shared);
            // Asked for before the ledger is looked at, or a press between the two would be missed.
            let work = shared.work.notified();
            let (resting, has_work, leaving) = {
                let ledger = shared.ledger();
                (ledger.resting, ledger.has_work(), ledger.leaving)
            };
            if resting && !leaving {
                if !std::mem::replace(&mut said_resting, true) {
                    self.keeper.rest();
                }
                work.await;
                continue;
            }
            said_resting = false;
            if has_work {
                if let ControlFlow::Break(end) = self.step().await {
                    return end;
                }
            } else if leaving {
                break;
            } else if tokio::time::timeout_at(self.tidy_at, work).await.is_err() {
                self.tidy().await;
            }
        }
        self.retire().await;
        Ok(())
    }

    /// The part of the list around the one who is sought, where the first part does not have the
    /// name. Should it fail, the list is opened at the top.
    async fn sought(&mut self, first: &Window) -> Option<Window> {
        let name = self.shared.sought().take()?;
        if first.is_everyone() || first.players.iter().any(|p| p.name == name) {
            return None;
        }
        let around = async {
            let mut named = self.store.named(&name).await?;
            named.sort_unstable_by_key(|p| (std::cmp::Reverse(p.score), p.id));
            let Some(best) = named.first() else {
                return Ok(None);
            };
            let around = self.store.window(Aim::Around(best.into()), WINDOW);
            around.await.map(Some)
        };
        let around: Result<Option<Window>, StoreError> = around.await;
        around.unwrap_or_else(|error| {
            tracing::warn!(%error, "a player can't be looked for by name");
            None
        })
    }

    /// Tells the database that this run is still there, and has it forget those that are not, a few
    /// at a time and only while there is nothing else to do. Should it fail, the next time will do.
    async fn tidy(&mut self) {
        let timing = self.shared.timing;
        let mut wait = timing.tidy;
        let client = self.shared.ledger().client;
        if self.tidies {
            match self.store.tidy(client).await {
                Ok(true) => wait = timing.tidy_more,
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, "what old clients have left can't be tidied");
                    self.shared.ledger().disconnected();
                }
            }
        }
        self.tidy_at = Instant::now() + wait;
    }

    async fn open(&mut self) -> ControlFlow<Result<(), StoreError>, Snapshot> {
        loop {
            self.failing_since.get_or_insert_with(Instant::now);
            match self.store.open().await {
                Ok(snapshot) => {
                    self.succeeded();
                    return ControlFlow::Continue(snapshot);
                }
                Err(error)
                    if error.remedy() == Remedy::Retry
                        || matches!(error, StoreError::Behind { .. }) =>
                {
                    if self.shared.ledger().leaving {
                        return ControlFlow::Break(Ok(()));
                    }
                    let wait = match error {
                        // Long enough to be read: it goes on there the next time.
                        StoreError::Behind { .. } => self.shared.timing.mend,
                        _ => self.backoff.next(),
                    };
                    self.pause(&error, wait).await?;
                }
                Err(error) => return ControlFlow::Break(Err(error)),
            }
        }
    }

    /// One job, with the presses folded as late as possible: after the turn has come.
    async fn step(&mut self) -> Flow {
        self.failing_since.get_or_insert_with(Instant::now);
        if let Err(error) = self.store.turn().await {
            return self.failed(error).await;
        }
        let job = self.shared.ledger().next();
        match job {
            Some(Job::Check(account) | Job::Count(account)) => self.count(account).await,
            Some(Job::Change(change)) => self.change(change).await,
            Some(Job::Begin(account)) => self.begin_sprint(account).await,
            Some(Job::Sprint(account, sprinted)) => self.keep_sprint(account, sprinted).await,
            Some(Job::Enter(account, entrance)) => self.enter_race(account, entrance).await,
            Some(Job::Report(account, progress)) => self.report_race(account, progress).await,
            None => ControlFlow::Continue(()),
        }
    }

    fn succeeded(&mut self) {
        self.backoff.reset();
        self.failing_since = None;
        if std::mem::take(&mut self.troubled) {
            self.keeper.calm();
        }
    }

    async fn failed(&mut self, error: StoreError) -> Flow {
        self.shared.ledger().disconnected();
        let wait = match error.remedy() {
            Remedy::Retry => self.backoff.next(),
            Remedy::Wait | Remedy::Refuse => self.shared.timing.mend,
            Remedy::Stop(_) => return ControlFlow::Break(Err(error)),
        };
        self.pause(&error, wait).await
    }

    /// Waits before the next try, and says so if it takes long enough to be noticed. Who leaves
    /// waits no longer then: it was tried once more, and what waits is in the outbox.
    async fn pause(&mut self, error: &StoreError, wait: Duration) -> Flow {
        tracing::warn!(%error, ?wait, "the store failed; trying again");
        let since = self.failing_since.map_or(Duration::ZERO, |at| at.elapsed());
        if self.troubled || since + wait >= self.shared.timing.patience {
            self.troubled = true;
            self.keeper.trouble(trouble(error, wait));
            if self.shared.ledger().leaving {
                return ControlFlow::Break(Ok(()));
            }
        }
        let _ = tokio::time::timeout(wait, self.shared.hurry.notified()).await;
        ControlFlow::Continue(())
    }

    /// Forgets this client, so that the table does not grow with every run. Should it fail, a row
    /// stays behind that harms nobody.
    async fn retire(&mut self) {
        let client = {
            let ledger = self.shared.ledger();
            ledger.is_retirable().then_some(ledger.client)
        };
        if let Some(client) = client
            && let Err(error) = self.store.retire(client).await
        {
            tracing::warn!(%error, "a client's rows stay behind");
        }
    }
}
