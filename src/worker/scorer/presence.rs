//! Opens the database, finds the player to start on, and removes rows of old clients and of this
//! one.

use std::cmp::Reverse;
use std::ops::ControlFlow;

use tokio::time::Instant;

use super::Scorer;
use crate::game::{Aim, Player, PlayerId, Window};
use crate::message::StartOn;
use crate::store::{Remedy, Snapshot, Store, StoreError, WINDOW};
use crate::worker::LastPlayer;

impl<S: Store> Scorer<S> {
    /// Opens the database, with retries.
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
                        // Long enough to read the sentence. The next try continues on that server.
                        StoreError::Behind { .. } => self.shared.timing.mend,
                        _ => self.backoff.next(),
                    };
                    self.pause(&error, wait).await?;
                }
                Err(error) => return ControlFlow::Break(Err(error)),
            }
        }
    }

    /// Finds the player to start on. Returns the part of the list around that player, if the first
    /// part lacks it, and the player who was played last, if that one is chosen. On failure the
    /// list opens at the top.
    pub(super) async fn start_on(
        &mut self,
        first: &Window,
        database: &str,
    ) -> (Option<Window>, Option<PlayerId>) {
        let Some(start_on) = self.shared.start_on().take() else {
            return (None, None);
        };
        let memory = start_on.memory.as_ref();
        let last = memory.and_then(|memory| self.shared.last_player(memory.clone(), database));
        let found = self.find(first, &start_on, last).await;
        found.unwrap_or_else(|error| {
            tracing::warn!(%error, "whom to start on can't be looked for");
            (None, None)
        })
    }

    async fn find(
        &mut self,
        first: &Window,
        start_on: &StartOn,
        last: Option<LastPlayer>,
    ) -> Result<(Option<Window>, Option<PlayerId>), StoreError> {
        if let Some(asked) = &start_on.asked {
            let found = self.best_named(first, asked).await?;
            return Ok((self.around(first, found).await?, None));
        }
        if let Some(last) = last
            && let Some(found) = self.remembered(first, &last).await?
        {
            let id = found.id;
            return Ok((self.around(first, Some(found)).await?, Some(id)));
        }
        let is_login = |p: &Player| p.name.to_lowercase() == start_on.login.to_lowercase();
        if start_on.login.is_empty() || first.players.iter().any(is_login) {
            return Ok((None, None));
        }
        // The look-up is exact, so the usual spellings of a login name are tried.
        for name in spellings(&start_on.login) {
            if let Some(found) = self.best_named(first, &name).await? {
                return Ok((self.around(first, Some(found)).await?, None));
            }
        }
        Ok((None, None))
    }

    /// The last player: the one with that id and name, else the only one with that name, as after
    /// an import.
    async fn remembered(
        &mut self,
        first: &Window,
        last: &LastPlayer,
    ) -> Result<Option<Player>, StoreError> {
        let here = first.players.iter().find(|p| p.id.0 == last.player);
        let by_id = match here {
            Some(player) => Some(player.clone()),
            None if first.is_everyone() => None,
            None => self.store.player(PlayerId(last.player)).await?,
        };
        if let Some(player) = by_id.filter(|p| p.name == last.name) {
            return Ok(Some(player));
        }
        let mut named = self.named(first, &last.name).await?;
        Ok(named.pop().filter(|_| named.is_empty()))
    }

    /// The best player with a name.
    async fn best_named(
        &mut self,
        first: &Window,
        name: &str,
    ) -> Result<Option<Player>, StoreError> {
        let named = self.named(first, name).await?;
        Ok(named.into_iter().min_by_key(|p| (Reverse(p.score), p.id)))
    }

    /// All players with a name.
    async fn named(&mut self, first: &Window, name: &str) -> Result<Vec<Player>, StoreError> {
        if first.is_everyone() {
            let named = first.players.iter().filter(|p| p.name == name);
            return Ok(named.cloned().collect());
        }
        self.store.named(name).await
    }

    /// The part of the list around a player, if the first part lacks that player.
    async fn around(
        &mut self,
        first: &Window,
        player: Option<Player>,
    ) -> Result<Option<Window>, StoreError> {
        let Some(player) = player.filter(|p| first.players.iter().all(|f| f.id != p.id)) else {
            return Ok(None);
        };
        let aim = Aim::Around((&player).into());
        self.store.window(aim, WINDOW).await.map(Some)
    }

    /// Tells the database that this run is alive, and removes some clients that are not. Runs only
    /// when idle. A failure waits for the next time.
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

    /// Removes this client's rows, so that the table does not grow with every run. After a failure
    /// they stay for a while and do no harm.
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

/// A login name as it is, and with a capital first letter.
fn spellings(login: &str) -> Vec<String> {
    let mut capital: String = login.chars().take(1).flat_map(char::to_uppercase).collect();
    capital.extend(login.chars().skip(1));
    let mut all = vec![login.to_owned()];
    all.extend((capital != login).then_some(capital));
    all
}
