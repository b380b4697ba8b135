//! Owns the reading store and brings others' changes, at a cost that grows with those alone.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;
use tokio::time::Instant;

use super::backoff::Backoff;
use super::listing::Listing;
use super::past::{Question, Sleep, answer, look};
use super::round_trip::RoundTrip;
use super::scorer::Beginning;
use super::{Event, Shared, trouble};
use crate::message::Reply;
use crate::store::{CHANGES, Changes, Cursor, Remedy, Store, StoreError};

/// Watches until the front is gone or the store can't be used any more.
pub async fn watch<S: Store>(
    store: S,
    shared: Arc<Shared>,
    events: UnboundedSender<Event>,
    opened: oneshot::Receiver<Beginning>,
) {
    let Ok(beginning) = opened.await else {
        return;
    };
    // The first look is early, since from then on the store knows the place that the scorer opened,
    // but leaves the processor to the first frame.
    tokio::time::sleep(shared.timing.first_look).await;
    // A race may have been opened before this program was.
    shared.ask_again(Question::OpenRace);
    let timing = shared.timing;
    let watcher = Watcher {
        store,
        shared,
        events,
        cursor: beginning.cursor,
        list: Listing::new(beginning.is_part),
        backoff: Backoff::new(timing.poll, timing.longest_retry),
        failing_since: None,
        blind: false,
        round_trip: RoundTrip::default(),
        sleep: Sleep::default(),
    };
    watcher.run().await;
}

struct Watcher<S> {
    store: S,
    shared: Arc<Shared>,
    events: UnboundedSender<Event>,
    cursor: Cursor,
    list: Listing,
    backoff: Backoff,
    failing_since: Option<Instant>,
    /// Whether the screen was told that nothing can be seen.
    blind: bool,
    round_trip: RoundTrip,
    sleep: Sleep,
}

impl<S: Store> Watcher<S> {
    async fn run(mut self) {
        while !self.events.is_closed() {
            self.shared.committed().clear();
            let seen = match self.store.changes(self.cursor, CHANGES).await {
                Ok(changes) => {
                    self.saw(changes);
                    self.answer().await
                }
                Err(error) => Err(error),
            };
            let seen = match seen {
                Ok(()) => self.look_at_race().await,
                Err(error) => Err(error),
            };
            let wait = match seen {
                Ok(()) => {
                    self.recovered();
                    if self.list.is_searching() {
                        continue;
                    }
                    self.pause()
                }
                Err(error) if matches!(error.remedy(), Remedy::Stop(_)) => {
                    self.tell(Event::Broken(error));
                    return;
                }
                Err(error) => self.failed(&error),
            };
            let shared = Arc::clone(&self.shared);
            let watches_race = shared.watched_race().is_some();
            let waited = async {
                match watches_race {
                    true => tokio::time::sleep(wait).await,
                    false => self.store.stirred(wait).await,
                }
            };
            tokio::select! {
                () = waited => {}
                () = shared.asked.notified() => {}
            }
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }

    fn say(&self, reply: Reply) {
        self.tell(Event::Say(reply));
    }

    /// Answers what was asked about the past; what can't be answered now is kept for the next look.
    async fn answer(&mut self) -> Result<(), StoreError> {
        if self.sleep.is_over() {
            self.say(Reply::ClockMoved);
        }
        loop {
            let Some(question) = self.shared.question(self.list.may_rank()) else {
                match self
                    .list
                    .step(&mut self.store, &self.shared, &self.events)
                    .await
                {
                    Ok(true) => continue,
                    Ok(false) => return Ok(()),
                    Err(error) if error.remedy() == Remedy::Wait => {
                        self.list.give_up();
                        self.say(Reply::NotFound(error.into()));
                        continue;
                    }
                    Err(error) => return Err(error),
                }
            };
            let asked = Instant::now();
            let list = &mut self.list;
            let answered = match list
                .take(&mut self.store, &self.shared, &self.events, &question)
                .await
            {
                Ok(true) => Ok(None),
                Ok(false) => answer(&mut self.store, &question, list.own()).await,
                Err(error) => Err(error),
            };
            if matches!(question, Question::Rank(..)) {
                self.list.ranked(asked.elapsed());
            }
            match answered {
                Ok(reply) => reply.into_iter().for_each(|reply| self.say(reply)),
                // Somebody removed the player: the next look tells of it.
                Err(StoreError::Gone) => {}
                Err(error) if error.remedy() == Remedy::Wait => {
                    let why = error.into();
                    self.say(match question {
                        Question::Bests(_) => Reply::NoBests(why),
                        Question::Races => Reply::NoRaces(why),
                        // Nobody has asked for it.
                        Question::OpenRace => continue,
                        Question::Show(_) | Question::Surround(_) | Question::Search(_) => {
                            Reply::NotFound(why)
                        }
                        Question::Rank(..) | Question::Recall(_) => Reply::Forgotten(why),
                    });
                }
                Err(error) => {
                    self.shared.ask_again(question);
                    return Err(error);
                }
            }
        }
    }

    /// Tells how the race stands that is watched, until there is nothing more to tell.
    async fn look_at_race(&mut self) -> Result<(), StoreError> {
        let Some(id) = self.shared.watched_race() else {
            return Ok(());
        };
        match look(&mut self.store, Some(id)).await {
            Ok((race, sample)) => {
                if race.as_ref().is_none_or(|race| race.closed) {
                    self.shared.race_is_over(id);
                }
                self.say(Reply::RaceSeen(id, race, sample));
            }
            Err(error) if error.remedy() == Remedy::Wait => {
                self.shared.race_is_over(id);
                self.say(Reply::RaceUnseen(error.into()));
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Passes on what a look brought.
    fn saw(&mut self, changes: Option<Changes>) {
        if let Some(mut changes) = changes {
            // Held until the answer is sent, so that no commit's answer can come between.
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
                self.shared.ask_again(Question::OpenRace);
            }
            if !changes.players.is_empty() || !changes.gone.is_empty() {
                self.say(Reply::Changed {
                    players: changes.players,
                    gone: changes.gone,
                });
            }
        }
    }

    /// Takes note that everything that was asked was answered.
    fn recovered(&mut self) {
        self.backoff.reset();
        if self.failing_since.take().is_some() {
            // The server that answers now may be another one, which has forgotten something.
            self.shared.ledger().disconnected();
            self.shared.work.notify_one();
        }
        if std::mem::take(&mut self.blind) {
            self.say(Reply::Sighted);
        }
        let took = self.store.round_trip();
        if let Some(time) = took.and_then(|took| self.round_trip.measured(took)) {
            self.say(Reply::RoundTrip(time));
        }
    }

    /// The time until the next look, which leaves out what the answer takes: on a slow link, too,
    /// others' changes are to be seen in time.
    fn pause(&self) -> Duration {
        let poll = match self.shared.watched_race() {
            Some(_) => self.shared.timing.race,
            None => self.shared.timing.poll,
        };
        let took = self.store.round_trip().unwrap_or_default();
        poll - took.min(poll / 2)
    }

    /// Says that nothing can be seen if it takes long enough to be noticed; gives the time until
    /// the next look.
    fn failed(&mut self, error: &StoreError) -> Duration {
        let wait = self.backoff.next();
        tracing::warn!(%error, ?wait, "watching failed; trying again");
        self.round_trip.lost();
        let since = self.failing_since.get_or_insert_with(Instant::now);
        self.blind |= since.elapsed() + wait >= self.shared.timing.patience;
        if self.blind {
            self.say(Reply::Blind(trouble(error, wait)));
        }
        wait
    }
}
