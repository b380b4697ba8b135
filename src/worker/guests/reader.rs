//! Reads for the guests on one connection, one after the other: who they are, what they ask to see,
//! and the races that they watch.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

use super::super::backoff::Backoff;
use super::super::listing::Listing;
use super::super::past::{answer, poll_race};
use super::super::questions::Question;
use super::super::shared::{Shared, lock};
use super::{GuestId, Guests};
use crate::game::race::RaceId;
use crate::game::{Aim, Entry, Player, Spot, Window};
use crate::message::{BrokenKind, Change, Farewell, Reply, Rights, Seat};
use crate::store::{AnyStore, Remedy, SshKey, Store, StoreError, WINDOW};
use crate::words::Say;

/// What the reader is asked.
pub enum Ask {
    /// Find out who a guest is, and show the list.
    Open(GuestId),
    /// Add the guest's player, with the key.
    Add(GuestId, Entry),
    /// Answer what a guest has asked.
    Questions(GuestId),
    /// Look who watches which race.
    Races,
    /// A code for the player whose key this is.
    Code(SshKey, oneshot::Sender<Result<String, Say>>),
}

/// How often a list is read where a commit comes between, before it is used as it is.
const AGAIN: usize = 3;

/// How long a ranking waits that may not be made yet, before it is looked at again.
const RANKING: Duration = Duration::from_secs(1);

struct Reader {
    guests: Arc<Guests>,
    store: AnyStore,
    backoff: Backoff,
    waiting: VecDeque<Ask>,
    /// When the races that are watched are due.
    races: Option<tokio::time::Instant>,
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

impl Reader {
    /// Does what is asked, or puts it back where it is to be tried again.
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
                // A role that may not read the keys: nobody can be told from another.
                self.turn_away(id, error.into());
            }
            (Err(error), ask) => {
                self.waiting.push_front(ask);
                self.failed(&error).await;
            }
        }
    }

    /// Waits before the next try. The worker's own watcher tells everybody what is wrong.
    async fn failed(&mut self, error: &StoreError) {
        let wait = self.backoff.next();
        tracing::warn!(%error, ?wait, "reading for guests failed; trying again");
        tokio::time::sleep(wait).await;
    }

    fn turn_away(&self, id: GuestId, why: Say) {
        if let Some(guest) = self.guests.all().remove(id) {
            guest.shared.last_reply(Reply::Broken {
                why,
                kind: BrokenKind::Unreachable,
                farewell: Farewell::default(),
            });
        }
    }

    fn shared(&self, id: GuestId) -> Option<Arc<Shared>> {
        let all = self.guests.all();
        all.guests.get(&id).map(|guest| Arc::clone(&guest.shared))
    }

    /// Who a guest is: the seat, the player, and what there is to say.
    async fn seat(
        &mut self,
        id: GuestId,
    ) -> Result<Option<(Seat, Option<Player>, Option<Say>)>, StoreError> {
        let visitor = self.guests.all().guests.get(&id).map(|g| g.visitor.clone());
        let Some(visitor) = visitor else {
            return Ok(None);
        };
        let doors = self.guests.doors;
        let mut code = None;
        if let Some(key) = &visitor.key {
            if let Some(player) = self.store.player_of_key(&key.fingerprint).await? {
                return Ok(Some((Seat::Player(player.id), Some(player), None)));
            }
            code = visitor.code.as_ref().map(|code| (code, key));
        }
        if let Some((code, key)) = code {
            let player = lock(&self.guests.codes).take(code, Instant::now());
            let player = match player {
                Some(player) => self.store.player(player).await?,
                None => None,
            };
            let Some(player) = player else {
                self.turn_away(id, Say::CodeUnknown);
                return Ok(None);
            };
            self.store.give_key(key, player.id).await?;
            let name = player.name.clone();
            let notice = Say::KeyJoined { name };
            return Ok(Some((Seat::Player(player.id), Some(player), Some(notice))));
        }
        let seat = match visitor.key {
            Some(_) if doors.join => Seat::Newcomer,
            _ if doors.watch => Seat::Watcher,
            Some(_) => {
                self.turn_away(id, Say::NotInvited);
                return Ok(None);
            }
            None => {
                self.turn_away(id, Say::KeyNeeded);
                return Ok(None);
            }
        };
        let notice = (seat == Seat::Watcher).then_some(match visitor.key {
            Some(_) => Say::NotInvited,
            None => Say::KeyNeeded,
        });
        Ok(Some((seat, None, notice)))
    }

    async fn open(&mut self, id: GuestId) -> Result<(), StoreError> {
        let Some((seat, own, notice)) = self.seat(id).await? else {
            return Ok(());
        };
        let Some(shared) = self.shared(id) else {
            return Ok(());
        };
        self.guests.all().reading = Some(Arc::clone(&shared));
        let read = self.first_window(&shared, own.as_ref()).await;
        let mut all = self.guests.all();
        all.reading = None;
        let window = read?;
        let is_part = !window.is_everyone();
        if let Some(own) = own {
            let known = window.players.iter().find(|player| player.id == own.id);
            let known = known.cloned().unwrap_or(own);
            all.known.insert(known.id, known);
        }
        all.seat(id, seat);
        let (rights, rules) = (all.rights.unwrap_or(Rights::ALL), all.rules);
        if let Some(guest) = all.guests.get_mut(&id) {
            guest.listing = Some(Listing::new(is_part));
            shared.reply(Reply::Seated(seat));
            shared.reply(Reply::Opened {
                window,
                last: None,
                kept: 0,
                rights: seat.rights(rights),
            });
            if rules != crate::game::Rules::default() {
                shared.reply(Reply::Rules(rules));
            }
            shared.questions().ask_again(Question::OpenRace);
            guest.asks = true;
        }
        if let Some(blind) = all.blind.clone() {
            shared.reply(Reply::Blind(blind));
        }
        if let Some(notice) = notice {
            shared.reply(Reply::Notice(notice));
        }
        drop(all);
        self.waiting.push_back(Ask::Questions(id));
        Ok(())
    }

    /// The first of the list, or the part around one's own player.
    async fn first_window(
        &mut self,
        shared: &Shared,
        own: Option<&Player>,
    ) -> Result<Window, StoreError> {
        let mut aim = Aim::Top;
        let mut again = AGAIN;
        loop {
            shared.committed().clear();
            let window = self.store.window(aim, WINDOW).await?;
            let is_in = |own: &Player| window.players.iter().any(|p| p.id == own.id);
            if let Some(own) = own
                && aim == Aim::Top
                && !window.is_everyone()
                && !is_in(own)
            {
                aim = Aim::Around(Spot::from(own));
                continue;
            }
            let committed = shared.committed();
            again -= 1;
            if again == 0 || !window.players.iter().any(|p| committed.contains(&p.id)) {
                return Ok(window);
            }
        }
    }

    async fn add(&mut self, id: GuestId, entry: &Entry) -> Result<(), StoreError> {
        let key = {
            let all = self.guests.all();
            let guest = all.guests.get(&id);
            guest.and_then(|guest| guest.visitor.key.clone())
        };
        let Some(key) = key else {
            return Ok(());
        };
        // Tried again after an answer that was lost, or in two sessions at once, it is one player.
        let there = self.store.player_of_key(&key.fingerprint).await?;
        let added = match there {
            Some(player) => Ok(player),
            None => self.store.add_with_key(entry, &key).await,
        };
        let mut welcome = None;
        let reply = match added {
            Ok(player) => {
                let mut all = self.guests.all();
                all.known.insert(player.id, player.clone());
                all.seat(id, Seat::Player(player.id));
                all.is_new(player.clone());
                self.guests.tell_news(&mut all);
                let name = player.name.clone();
                welcome = Some(Reply::Notice(Say::KeyWelcome { name }));
                Reply::Done(Change::Add(entry.clone()), player)
            }
            Err(error) if error.remedy() == Remedy::Refuse => {
                Reply::Failed(Change::Add(entry.clone()), error.into())
            }
            Err(error) => return Err(error),
        };
        let mut all = self.guests.all();
        if let Some(guest) = all.guests.get_mut(&id) {
            guest.changes = guest.changes.saturating_sub(1);
            guest.shared.reply(reply);
            if let Some(welcome) = welcome {
                guest.shared.reply(welcome);
            }
        }
        all.part(id);
        Ok(())
    }

    /// Answers what a guest has asked; a search goes on when the others have had their turn.
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
        let done = self.answer(&shared, &mut listing).await;
        let mut all = self.guests.all();
        all.reading = None;
        let more = listing.is_searching();
        if let Some(guest) = all.guests.get_mut(&id) {
            guest.listing = Some(listing);
            // What was asked since, or could not be answered yet, is done in the next turn.
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

    async fn answer(&mut self, shared: &Shared, listing: &mut Listing) -> Result<(), StoreError> {
        loop {
            let next = shared.questions().next(listing.may_rank());
            let Some(question) = next else {
                return match listing.step(&mut self.store, shared).await {
                    Err(error) if error.remedy() == Remedy::Wait => {
                        listing.give_up();
                        shared.reply(Reply::NotFound(error.into()));
                        Ok(())
                    }
                    done => done.map(drop),
                };
            };
            let asked = tokio::time::Instant::now();
            let answered = match listing.answer(&mut self.store, shared, &question).await {
                Ok(true) => Ok(None),
                Ok(false) => answer(&mut self.store, &question, listing.own()).await,
                Err(error) => Err(error),
            };
            if matches!(question, Question::Rank(..)) {
                listing.ranked(asked.elapsed());
            }
            match answered {
                Ok(reply) => reply.into_iter().for_each(|reply| shared.reply(reply)),
                Err(StoreError::Gone) => {}
                Err(error) if error.remedy() == Remedy::Wait => {
                    shared.reply_unanswered(&question, error);
                }
                Err(error) => {
                    shared.questions().ask_again(question);
                    return Err(error);
                }
            }
        }
    }

    /// Tells everybody how the race stands that they watch: each race is read once for all.
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
            let (reply, over) = match poll_race(&mut self.store, Some(id)).await {
                Ok((race, sample)) => {
                    let over = race.as_ref().is_none_or(|race| race.closed);
                    (Reply::RaceSeen(id, race, sample), over)
                }
                Err(error) if error.remedy() == Remedy::Wait => {
                    (Reply::RaceUnseen(error.into()), true)
                }
                Err(error) => {
                    self.races = Some(tokio::time::Instant::now());
                    return Err(error);
                }
            };
            for shared in watchers {
                if over {
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
