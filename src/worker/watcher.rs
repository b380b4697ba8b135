//! Owns the reading store: polls for changes by others, and answers questions.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::listing::Listing;
use super::past::{Sleep, poll_race};
use super::round_trip::RoundTrip;
use super::scorer::Beginning;
use super::shared::{Shared, trouble};
use crate::message::{Question, Reply};
use crate::store::{CHANGES, Changes, Cursor, Remedy, Store, StoreError, WINDOW};

/// Watches until the worker has ended.
///
/// # Errors
/// If the store can't be used any more.
pub async fn watch<S: Store>(
    store: S,
    shared: Arc<Shared>,
    opened: oneshot::Receiver<Beginning>,
) -> Result<(), StoreError> {
    let Ok(beginning) = opened.await else {
        return Ok(());
    };
    // The first poll comes soon, because only then the store knows which file was opened. It leaves
    // the processor to the first frame.
    tokio::time::sleep(shared.timing.first_poll).await;
    // A race may have been opened before this program started.
    shared.questions().ask_again(Question::OpenRace);
    if let Some(aim) = beginning.anew {
        shared.questions().ask_again(Question::Show(aim, WINDOW));
    }
    let timing = shared.timing;
    let watcher = Watcher {
        store,
        shared,
        cursor: beginning.cursor,
        list: Listing::new(beginning.is_part),
        backoff: Backoff::new(timing.poll, timing.longest_retry),
        failing_since: None,
        reported: false,
        round_trip: RoundTrip::default(),
        sleep: Sleep::default(),
    };
    watcher.run().await
}

struct Watcher<S> {
    store: S,
    shared: Arc<Shared>,
    cursor: Cursor,
    list: Listing,
    backoff: Backoff,
    failing_since: Option<Instant>,
    /// Whether [`Reply::WatchTrouble`] was sent.
    reported: bool,
    round_trip: RoundTrip,
    sleep: Sleep,
}

impl<S: Store> Watcher<S> {
    async fn run(mut self) -> Result<(), StoreError> {
        while !self.shared.is_over() {
            let wait = match self.poll().await {
                Ok(()) => {
                    self.recovered();
                    if self.list.is_searching() {
                        continue;
                    }
                    self.pause()
                }
                Err(error) if matches!(error.remedy(), Remedy::Stop(_)) => return Err(error),
                Err(error) => self.failed(&error),
            };
            let shared = Arc::clone(&self.shared);
            let watches_race = shared.questions().watched.is_some();
            let waited = async {
                match watches_race {
                    true => tokio::time::sleep(wait).await,
                    false => self.store.wait_for_change(wait).await,
                }
            };
            tokio::select! {
                () = waited => {}
                () = shared.asked.notified() => {}
            }
        }
        Ok(())
    }

    /// Polls for changes, answers questions, and polls the race that is watched.
    async fn poll(&mut self) -> Result<(), StoreError> {
        self.shared.committed().clear();
        let changes = self.store.changes(self.cursor, CHANGES).await?;
        self.send_changes(changes);
        self.answer().await?;
        self.poll_race().await
    }

    /// Answers the questions. What can't be answered now is kept for the next poll.
    async fn answer(&mut self) -> Result<(), StoreError> {
        if self.sleep.is_over() {
            self.shared.reply(Reply::ClockMoved);
        }
        loop {
            self.list.answer_all(&mut self.store, &self.shared).await?;
            if !self.list.search_on(&mut self.store, &self.shared).await? {
                return Ok(());
            }
        }
    }

    /// Polls the watched race, until it is over.
    async fn poll_race(&mut self) -> Result<(), StoreError> {
        let Some(id) = self.shared.questions().watched else {
            return Ok(());
        };
        let (reply, is_over) = poll_race(&mut self.store, id).await?;
        if is_over {
            self.shared.questions().race_is_over(id);
        }
        self.shared.reply(reply);
        Ok(())
    }

    /// Replies with changes by others, except for players whose score was committed here in the
    /// meantime.
    fn send_changes(&mut self, changes: Option<Changes>) {
        if let Some(mut changes) = changes {
            // Locked until the reply is sent, so that no reply about a commit can come in between.
            let committed = self.shared.committed();
            let read = changes.players.len();
            changes.players.retain(|p| !committed.contains(&p.id));
            if changes.players.len() == read {
                self.cursor = changes.cursor;
            }
            if changes.too_many {
                self.list.ask_anew(&self.shared);
            }
            if changes.raced {
                self.shared.questions().ask_again(Question::OpenRace);
            }
            if !changes.players.is_empty() || !changes.gone.is_empty() {
                self.shared.reply(Reply::Changed {
                    players: changes.players.into(),
                    gone: changes.gone,
                });
            }
        }
    }

    /// Handles a successful poll.
    fn recovered(&mut self) {
        self.backoff.reset();
        if self.failing_since.take().is_some() {
            // The server that answers now may be another one that lacks commits.
            self.shared.ledger().disconnected();
            self.shared.work.notify_one();
        }
        if std::mem::take(&mut self.reported) {
            self.shared.reply(Reply::WatchRecovered);
        }
        let took = self.store.round_trip();
        if let Some(time) = took.and_then(|took| self.round_trip.measured(took)) {
            self.shared.reply(Reply::RoundTrip(time));
        }
    }

    /// The time until the next poll, minus the round trip, so that polls are as frequent on a slow
    /// link; or until a ranking that is asked for may be read.
    fn pause(&self) -> Duration {
        let poll = match self.shared.questions().watched {
            Some(_) => self.shared.timing.race,
            None => self.shared.timing.poll,
        };
        let took = self.store.round_trip().unwrap_or_default();
        let pause = poll - took.min(poll / 2);
        let to_rank = self.shared.questions().to_rank();
        match to_rank.and_then(|period| self.list.may_rank_at(period)) {
            Some(at) => pause.min(at.saturating_duration_since(Instant::now())),
            None => pause,
        }
    }

    /// Replies that watching fails, if that lasts long enough to be noticed. Returns the time until
    /// the next poll.
    fn failed(&mut self, error: &StoreError) -> Duration {
        let wait = self.backoff.next();
        tracing::warn!(%error, ?wait, "watching failed; trying again");
        self.round_trip.lost();
        let since = self.failing_since.get_or_insert_with(Instant::now);
        self.reported |= since.elapsed() + wait >= self.shared.timing.patience;
        if self.reported {
            self.shared.reply(Reply::WatchTrouble(trouble(error, wait)));
        }
        wait
    }
}
