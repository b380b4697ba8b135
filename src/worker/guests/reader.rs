//! Reads for the guests on one connection, one after the other: their players, answers to their
//! questions, and the races that they watch.

mod entering;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use super::super::backoff::Backoff;
use super::super::past::poll_race;
use super::super::shared::{Shared, lock};
use super::{GuestId, Guests};
use crate::game::Entry;
use crate::game::race::RaceId;
use crate::store::{AnyStore, Remedy, SshKey, StoreError};
use crate::words::Say;

/// A request to the reader.
pub enum Ask {
    /// Find out who a guest is, and show the list.
    Open(GuestId),
    /// Add the guest's player, with the key.
    Add(GuestId, Entry),
    /// Answer a guest's questions.
    Questions(GuestId),
    /// Poll the races that guests watch.
    Races,
    /// Create a code for the player with this key.
    Code(SshKey, oneshot::Sender<Result<String, Say>>),
}

/// How long to wait before checking again whether a ranking is allowed.
const RANKING: Duration = Duration::from_secs(1);

struct Reader {
    guests: Arc<Guests>,
    store: AnyStore,
    backoff: Backoff,
    waiting: VecDeque<Ask>,
    /// When the watched races are polled next.
    races: Option<tokio::time::Instant>,
    /// When the places of the ranking were counted, for all guests.
    surveyed: Option<tokio::time::Instant>,
}

/// Reads until the worker has ended.
pub async fn read(
    guests: Arc<Guests>,
    store: AnyStore,
    mut asks: UnboundedReceiver<Ask>,
    opened: oneshot::Receiver<()>,
) {
    if opened.await.is_err() {
        return;
    }
    let timing = guests.timing;
    let mut reader = Reader {
        guests,
        store,
        backoff: Backoff::new(timing.first_retry, timing.longest_retry),
        waiting: VecDeque::new(),
        races: None,
        surveyed: None,
    };
    while reader.guests.all().ended.is_none() {
        while let Ok(ask) = asks.try_recv() {
            reader.waiting.push_back(ask);
        }
        if reader
            .races
            .is_some_and(|at| at <= tokio::time::Instant::now())
        {
            reader.races = None;
            if let Err(error) = reader.poll_races().await {
                reader.failed(&error).await;
            }
            continue;
        }
        if let Some(ask) = reader.waiting.pop_front() {
            reader.serve(ask).await;
            continue;
        }
        let due = async {
            match reader.races {
                Some(at) => tokio::time::sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            ask = asks.recv() => match ask {
                Some(ask) => reader.waiting.push_back(ask),
                None => return,
            },
            () = due => {}
        }
    }
}

/// Drops requests that nobody waits for, and duplicates: a database may be unreachable for long.
fn forget(waiting: &mut VecDeque<Ask>, is_here: impl Fn(GuestId) -> bool) {
    let mut races = false;
    waiting.retain(|ask| match ask {
        Ask::Open(id) | Ask::Add(id, _) | Ask::Questions(id) => is_here(*id),
        Ask::Races => !std::mem::replace(&mut races, true),
        Ask::Code(_, give) => !give.is_closed(),
    });
}

impl Reader {
    /// Serves a request, or puts it back to be retried.
    async fn serve(&mut self, ask: Ask) {
        let done = match &ask {
            Ask::Open(id) => self.open(*id).await,
            Ask::Add(id, entry) => self.add(*id, entry).await,
            Ask::Questions(id) => self.questions(*id).await,
            Ask::Races => self.poll_races().await,
            Ask::Code(key, _) => match self.store.player_of_key(&key.fingerprint).await {
                Ok(found) => {
                    let code = found.map(|player| {
                        let mut codes = lock(&self.guests.codes);
                        codes.make(player.id, Instant::now())
                    });
                    if let Ask::Code(_, give) = ask {
                        let _ = give.send(code.ok_or(Say::KeyWithoutPlayer));
                    }
                    return;
                }
                Err(error) => Err(error),
            },
        };
        match (done, ask) {
            (Ok(()), _) => self.backoff.reset(),
            (Err(error), Ask::Code(_, give)) => {
                let _ = give.send(Err(error.into()));
            }
            (Err(error), Ask::Open(id)) if error.remedy() != Remedy::Retry => {
                // For example a role that may not read the keys, so nobody can be identified.
                self.turn_away(id, error.into());
            }
            (Err(error), ask) => {
                self.waiting.push_front(ask);
                self.failed(&error).await;
            }
        }
    }

    /// Waits before the next try. The worker's watcher reports the failure to all guests.
    async fn failed(&mut self, error: &StoreError) {
        let wait = self.backoff.next();
        tracing::warn!(%error, ?wait, "reading for guests failed; trying again");
        tokio::time::sleep(wait).await;
        let all = self.guests.all();
        forget(&mut self.waiting, |id| all.guests.contains_key(&id));
    }

    fn shared(&self, id: GuestId) -> Option<Arc<Shared>> {
        let all = self.guests.all();
        all.guests.get(&id).map(|guest| Arc::clone(&guest.shared))
    }

    /// Answers a guest's questions. A search continues after the other guests had their turn.
    async fn questions(&mut self, id: GuestId) -> Result<(), StoreError> {
        let taken = {
            let mut all = self.guests.all();
            let Some(guest) = all.guests.get_mut(&id) else {
                return Ok(());
            };
            let shared = Arc::clone(&guest.shared);
            let listing = guest.listing.take();
            all.reading = listing.is_some().then(|| Arc::clone(&shared));
            listing.map(|listing| (shared, listing))
        };
        let Some((shared, mut listing)) = taken else {
            return Ok(());
        };
        listing.surveyed = self.surveyed;
        let done = match listing.answer_all(&mut self.store, &shared).await {
            Ok(()) => listing.search_on(&mut self.store, &shared).await.map(drop),
            failed => failed,
        };
        self.surveyed = listing.surveyed;
        let mut all = self.guests.all();
        all.reading = None;
        let more = listing.is_searching();
        if let Some(guest) = all.guests.get_mut(&id) {
            guest.listing = Some(listing);
            // Questions that came since, or could not be answered yet, wait for the next turn.
            let now = more || guest.shared.questions().are_any_but_ranking();
            let later = !now && guest.shared.questions().are_any();
            guest.asks = now || later;
            if now && done.is_ok() {
                self.waiting.push_back(Ask::Questions(id));
            }
            if later {
                let guests = Arc::clone(&self.guests);
                tokio::spawn(async move {
                    tokio::time::sleep(RANKING).await;
                    guests.ask(Ask::Questions(id));
                });
            }
        }
        done
    }

    /// Polls the watched races. Each race is read once for all its watchers.
    async fn poll_races(&mut self) -> Result<(), StoreError> {
        let mut watched: BTreeMap<RaceId, Vec<Arc<Shared>>> = BTreeMap::new();
        for guest in self.guests.all().guests.values() {
            if let Some(race) = guest.shared.questions().watched {
                let of_it = watched.entry(race).or_default();
                of_it.push(Arc::clone(&guest.shared));
            }
        }
        let any = !watched.is_empty();
        for (id, watchers) in watched {
            let (reply, is_over) = match poll_race(&mut self.store, id).await {
                Ok(polled) => polled,
                Err(error) => {
                    self.races = Some(tokio::time::Instant::now());
                    return Err(error);
                }
            };
            for shared in watchers {
                if is_over {
                    shared.questions().race_is_over(id);
                }
                shared.reply(reply.clone());
            }
        }
        let next = tokio::time::Instant::now() + self.guests.timing.race;
        self.races = any.then_some(next);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_while_a_database_is_away_does_not_pile_up() {
        let (give, _given) = oneshot::channel();
        let (given_up, gone) = oneshot::channel();
        drop(gone);
        let key = || SshKey {
            fingerprint: String::new(),
            comment: String::new(),
        };
        let mut waiting = VecDeque::from([
            Ask::Races,
            Ask::Open(GuestId(1)),
            Ask::Open(GuestId(2)),
            Ask::Code(key(), given_up),
            Ask::Races,
            Ask::Questions(GuestId(1)),
            Ask::Code(key(), give),
            Ask::Questions(GuestId(2)),
            Ask::Races,
        ]);
        forget(&mut waiting, |id| id == GuestId(2));
        let left: Vec<&str> = waiting
            .iter()
            .map(|ask| match ask {
                Ask::Open(_) => "open",
                Ask::Add(..) => "add",
                Ask::Questions(_) => "questions",
                Ask::Races => "races",
                Ask::Code(..) => "code",
            })
            .collect();
        assert_eq!(left, ["races", "open", "code", "questions"]);
    }
}
