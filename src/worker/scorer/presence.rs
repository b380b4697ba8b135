//! Makes this run known to the database and has it forgotten: opens, tidies, and retires.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use tokio::time::Instant;

use super::Scorer;
use crate::game::{Aim, Window};
use crate::store::{Remedy, Snapshot, Store, StoreError, WINDOW};

impl<S: Store> Scorer<S> {
    /// Opens the database, however long that takes.
    pub(super) async fn open(&mut self) -> ControlFlow<Result<(), StoreError>, Snapshot> {
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

    /// The part of the list around the one who is sought, where the first part does not have the
    /// name. Should it fail, the list is opened at the top.
    pub(super) async fn sought(&mut self, first: &Window) -> Option<Window> {
        let name = self.shared.sought().take()?;
        if first.is_everyone() || first.players.iter().any(|p| p.name == name) {
            return None;
        }
        let around = async {
            let mut named = self.store.named(&name).await?;
            named.sort_unstable_by_key(|p| (Reverse(p.score), p.id));
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
    pub(super) async fn tidy(&mut self) {
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

    /// Forgets this client, so that the table does not grow with every run. Should it fail, a row
    /// stays behind that harms nobody.
    pub(super) async fn retire(&mut self) {
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
