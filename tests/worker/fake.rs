//! A store and an outbox in memory, whose failures and delays the test controls.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use clickoff::game::contest::{Length, Trace};
use clickoff::game::race::{Entered, Entrance, GRACE, Race, RaceId, Racer, Standing};
use clickoff::game::sprint::{Best, Bests, Board, Kept, Sprinted};
use clickoff::game::{
    Aim, Entry, Player, PlayerId, Points, Quarter, Ranking, Record, Spot, Window,
};
use clickoff::message::Rights;
use clickoff::store::{
    AsOf, Changes, Claim, ClientId, Contests, Counted, Cursor, Day, Epoch, Scan, SearchStep,
    SessionId, Snapshot, Store, StoreError, Total,
};
use clickoff::worker::{Adopted, Outbox, OutboxEntry};
use jiff::Timestamp;
use tokio::sync::Notify;
use tokio::time::Instant;

/// What becomes of a call; calls without one succeed.
#[derive(Debug, Clone)]
pub enum Fate {
    /// It fails and nothing was written.
    Before(StoreError),
    /// It is written, and the answer is lost.
    After(StoreError),
    /// It takes this long.
    Slow(Duration),
    /// It waits until [`Fake::release`].
    Held,
    /// The store panics.
    Panic,
}

/// The database behind all fake stores of a test.
#[derive(Debug, Default)]
pub struct Data {
    pub players: BTreeMap<i64, Player>,
    /// Session, by client and player: its key and how many presses are counted.
    pub sessions: HashMap<(ClientId, PlayerId), (i64, u64)>,
    /// What becomes of the next openings, counts and additions.
    pub open_fates: VecDeque<Fate>,
    pub count_fates: VecDeque<Fate>,
    pub add_fates: VecDeque<Fate>,
    /// What was asked, in its order: `count 1 upto 3`, `add Ada` …
    pub calls: Vec<String>,
    /// Changes for the next polls, and how long a poll takes.
    pub changes: VecDeque<(Duration, Changes)>,
    /// What becomes of the polls before those.
    pub poll_fates: VecDeque<Fate>,
    /// How many polls have begun, and how long the way to a server and back takes them all.
    pub polls: u32,
    /// How often a client's rows were read.
    pub claims: u32,
    pub round_trip: Option<Duration>,
    /// The bests of players, and what becomes of the next sprints to be kept and bests to be told.
    pub sprints: HashMap<(PlayerId, Length), u64>,
    pub sprint_fates: VecDeque<Fate>,
    /// Whether sprints are taken for more than was counted.
    pub doubts_sprints: bool,
    pub bests_fates: VecDeque<Fate>,
    /// Who was registered together.
    pub registered: Vec<Vec<PlayerId>>,
    pub retired: Vec<ClientId>,
    /// Which state of the database it is.
    pub epoch: Option<Epoch>,
    /// The day, the first one whose clients are all there, and who said when to be there still.
    pub today: Day,
    pub kept_since: Day,
    pub tidied: Vec<(ClientId, Duration)>,
    /// How many more times there is something to forget.
    pub to_forget: u32,
    /// How many presses of a session are counted at most, and how many were refused.
    pub limit: Option<u64>,
    pub refused: HashMap<i64, u64>,
    /// Whether the user may not play.
    pub only_watched: bool,
    /// What becomes of the next questions about the past.
    pub past_fates: VecDeque<Fate>,
    /// The database's clock when it was first looked at; since then it goes as the test's does.
    pub clock: Timestamp,
    clock_since: Option<Instant>,
    /// Races with the sessions of their racers, and what becomes of the next entrances and reports.
    pub races: Vec<(Race, Vec<SessionId>)>,
    pub race_fates: VecDeque<Fate>,
    /// How many polls of races there were.
    pub race_polls: u32,
    keys: i64,
    last_session: i64,
    /// How many players are told of at once, what becomes of the next questions about the list, and
    /// how many surveys were taken.
    pub window: u32,
    pub list_fates: VecDeque<Fate>,
    pub surveys: u32,
}

impl Data {
    /// A part of the list.
    fn part(&self, aim: Aim, many: u32) -> Window {
        let many = if many == 0 { 400 } else { many as usize };
        let mut all: Vec<Player> = self.players.values().cloned().collect();
        all.sort_by_key(|p| (std::cmp::Reverse(p.score), p.id));
        let last = all.len().saturating_sub(many);
        let from = match aim {
            Aim::Top => 0,
            Aim::Bottom => last,
            Aim::Around(spot) => {
                let behind = |p: &Player| (p.score, spot.id) > (spot.score, p.id);
                let at = all.iter().filter(|p| behind(p)).count();
                at.saturating_sub(many / 2)
            }
        };
        let end = (from + many).min(all.len());
        let first = all.get(from).map_or(i64::MAX, |p| p.score);
        let higher = all.iter().filter(|p| p.score > first);
        Window {
            above: from as u64,
            higher: higher.count() as u64,
            players: all[from..end].to_vec(),
            below: (all.len() - end) as u64,
        }
    }

    /// Counts a total.
    fn count(&mut self, Total { session, upto }: Total) -> Result<Counted, StoreError> {
        let found = self.sessions.iter().find(|(_, s)| s.0 == session.0);
        let Some((&key, &(_, counted))) = found else {
            return Err(StoreError::Gone);
        };
        let mut taken = upto.saturating_sub(counted);
        let before = self.refused.get(&session.0).copied().unwrap_or_default();
        let mut refused = before;
        if let Some(limit) = self.limit {
            let room = limit.saturating_sub(counted - before);
            refused += taken.saturating_sub(room);
            taken = taken.min(room);
        }
        let Some(player) = self.players.get_mut(&key.1.0) else {
            return Err(StoreError::Gone);
        };
        let Some(score) = player.score.checked_add_unsigned(taken) else {
            return Err(StoreError::ScoreFull);
        };
        player.score = score;
        self.refused.insert(session.0, refused);
        let counted = upto.max(counted);
        self.sessions.insert(key, (session.0, counted));
        Ok(Counted {
            score,
            counted,
            refused,
            max_rate: self.limit.map(|_| 10),
        })
    }

    /// What the database's clock shows.
    pub fn now(&mut self) -> Timestamp {
        let since = *self.clock_since.get_or_insert_with(Instant::now);
        self.clock + since.elapsed()
    }
}

/// A handle on the data that makes stores.
#[derive(Debug, Clone, Default)]
pub struct Fake {
    data: Arc<Mutex<Data>>,
    gate: Arc<Notify>,
    /// Of how many races this store has told.
    observed: usize,
}

impl Fake {
    /// A database with these players, keys from 1, score 0.
    pub fn with(names: &[&str]) -> Self {
        let fake = Self::default();
        for (at, name) in names.iter().enumerate() {
            let id = at as i64 + 1;
            fake.data().players.insert(id, player(id, name, 0));
            fake.data().keys = id;
        }
        fake
    }

    pub fn data(&self) -> MutexGuard<'_, Data> {
        self.data
            .lock()
            .expect("no test panics with the data locked")
    }

    pub fn score(&self, id: i64) -> i64 {
        self.data().players[&id].score
    }

    pub fn counts(&self) -> Vec<String> {
        let data = self.data();
        let counts = data.calls.iter().filter(|c| c.starts_with("count"));
        counts.cloned().collect()
    }

    /// Lets one held call go on.
    pub fn release(&self) {
        self.gate.notify_one();
    }

    /// Waits as a fate says, or fails.
    async fn meet(&self, fate: Option<Fate>) -> Result<Option<StoreError>, StoreError> {
        match fate {
            None => Ok(None),
            Some(Fate::Before(error)) => Err(error),
            Some(Fate::After(error)) => Ok(Some(error)),
            Some(Fate::Slow(time)) => {
                tokio::time::sleep(time).await;
                Ok(None)
            }
            Some(Fate::Held) => {
                self.gate.notified().await;
                Ok(None)
            }
            Some(Fate::Panic) => panic!("the store fails on purpose"),
        }
    }
}

pub fn player(id: i64, name: &str, score: i64) -> Player {
    Player {
        id: PlayerId(id),
        name: name.into(),
        score,
        ..Player::default()
    }
}

pub fn busy() -> StoreError {
    StoreError::Busy { place: "db".into() }
}

pub fn lost() -> StoreError {
    StoreError::Lost {
        place: "db".into(),
        why: "cut".into(),
    }
}

pub fn full() -> StoreError {
    StoreError::Full { place: "db".into() }
}

pub fn damaged() -> StoreError {
    StoreError::Damaged {
        place: "db".into(),
        why: "malformed".into(),
    }
}

impl Contests for Fake {
    async fn begin_sprint(&mut self, session: SessionId) -> Result<(), StoreError> {
        self.data()
            .calls
            .push(format!("begin sprint {}", session.0));
        Ok(())
    }

    async fn keep_sprint(&mut self, _: SessionId, sprinted: &Sprinted) -> Result<bool, StoreError> {
        let Sprinted { player, length, .. } = *sprinted;
        let presses = sprinted.trace.total();
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("sprint {} {presses}", player.0));
            data.sprint_fates.pop_front()
        };
        let after = self.meet(fate).await?;
        let mut data = self.data();
        let believes = !data.doubts_sprints;
        if believes {
            let best = data.sprints.entry((player, length)).or_default();
            *best = presses.max(*best);
        }
        after.map_or(Ok(believes), Err)
    }

    async fn board(&mut self, _: Board) -> Result<Vec<Kept>, StoreError> {
        panic!("the game asks for bests");
    }

    async fn bests(&mut self, player: PlayerId) -> Result<Bests, StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("bests {}", player.0));
            data.bests_fates.pop_front()
        };
        self.meet(fate).await?;
        let data = self.data();
        let own = data.sprints.iter().filter(|((of, _), _)| *of == player);
        let own = own.map(|((_, length), presses)| Best {
            length: *length,
            presses: *presses,
            ghost: None,
        });
        Ok(Bests {
            own: own.collect(),
            ..Bests::default()
        })
    }

    async fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> Result<Option<Entered>, StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("enter {}", session.0));
            data.race_fates.pop_front()
        };
        let after = self.meet(fate).await?;
        let mut data = self.data();
        let now = data.now();
        let found = data.sessions.iter().find(|(_, s)| s.0 == session.0);
        let Some(player) = found.map(|((_, player), _)| *player) else {
            return Ok(None);
        };
        let open = |race: &Race| !race.closed && now < race.start;
        let id = match entrance {
            Entrance::Join(id) => id,
            Entrance::Open(length) => match data.races.iter().find(|(race, _)| open(race)) {
                Some((race, _)) => race.id,
                None => {
                    let id = RaceId(data.races.len() as i64 + 1);
                    let race = Race {
                        id,
                        length,
                        start: now + Duration::from_secs(10),
                        closed: false,
                        racers: Vec::new(),
                    };
                    data.races.push((race, Vec::new()));
                    id
                }
            },
        };
        let mut races = data.races.iter_mut();
        let entered = races
            .find(|(race, _)| race.id == id)
            .and_then(|(race, sessions)| {
                if !sessions.contains(&session) {
                    if !open(race) {
                        return None;
                    }
                    sessions.push(session);
                    race.racers.push(Racer {
                        number: sessions.len() as i64,
                        player,
                        name: String::new(),
                        presses: 0,
                        standing: Standing::Racing,
                        trace: None,
                    });
                }
                let at = sessions.iter().position(|known| *known == session)?;
                Some(Entered {
                    race: id,
                    racer: at as i64 + 1,
                })
            });
        after.map_or(Ok(entered), Err)
    }

    async fn report_race(
        &mut self,
        session: SessionId,
        id: RaceId,
        presses: u64,
        standing: Standing,
        trace: Option<&Trace>,
    ) -> Result<(), StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("report {presses} {standing:?}"));
            data.race_fates.pop_front()
        };
        let after = self.meet(fate).await?;
        let mut data = self.data();
        let now = data.now();
        let mut races = data.races.iter_mut();
        if let Some((race, sessions)) = races.find(|(race, _)| race.id == id && !race.closed) {
            let at = sessions.iter().position(|known| *known == session);
            let racer = at.and_then(|at| race.racers.get_mut(at));
            if let Some(racer) = racer.filter(|r| r.standing == Standing::Racing) {
                racer.presses = racer.presses.max(presses);
                racer.standing = standing;
                racer.trace = trace.cloned();
            }
            let late = race.start + race.length.time() + GRACE <= now;
            let racing = |r: &Racer| r.standing == Standing::Racing;
            race.closed = late || !race.racers.iter().any(racing);
            if race.closed {
                let left = race.racers.iter_mut().filter(|r| racing(r));
                left.for_each(|r| r.standing = Standing::Left);
            }
        }
        after.map_or(Ok(()), Err)
    }

    async fn race(&mut self, id: Option<RaceId>) -> Result<AsOf<Option<Race>>, StoreError> {
        let mut data = self.data();
        data.race_polls += 1;
        let clock = data.now();
        let mut races = data.races.iter().rev().map(|(race, _)| race);
        let race = races.find(|race| id.map_or(!race.closed, |id| race.id == id));
        Ok(AsOf {
            clock,
            value: race.cloned(),
        })
    }

    async fn races(&mut self) -> Result<Vec<Race>, StoreError> {
        let data = self.data();
        let races = data.races.iter().rev().map(|(race, _)| race);
        Ok(races.filter(|race| race.closed).cloned().collect())
    }
}

impl Store for Fake {
    async fn open(&mut self) -> Result<Snapshot, StoreError> {
        let fate = self.data().open_fates.pop_front();
        self.meet(fate).await?;
        let data = self.data();
        Ok(Snapshot {
            database: "fake".into(),
            epoch: data.epoch.clone(),
            today: data.today,
            players: data.part(Aim::Top, data.window).players,
            below: data.part(Aim::Top, data.window).below,
            cursor: Cursor(0),
            rules: Default::default(),
            rights: Rights {
                play: !data.only_watched,
                ..Rights::ALL
            },
        })
    }

    async fn wait_for_change(&mut self, every: Duration) {
        tokio::time::sleep(every).await;
    }

    async fn changes(&mut self, _since: Cursor, _: u32) -> Result<Option<Changes>, StoreError> {
        let (fate, way) = {
            let mut data = self.data();
            data.polls += 1;
            (data.poll_fates.pop_front(), data.round_trip)
        };
        if let Some(way) = way {
            tokio::time::sleep(way).await;
        }
        self.meet(fate).await?;
        let next = self.data().changes.pop_front();
        let races = self.data().races.len();
        if std::mem::replace(&mut self.observed, races) < races {
            return Ok(Some(Changes {
                players: Vec::new(),
                gone: Vec::new(),
                too_many: false,
                raced: true,
                cursor: Cursor(1),
            }));
        }
        match next {
            Some((time, changes)) => {
                tokio::time::sleep(time).await;
                Ok(Some(changes))
            }
            None => Ok(None),
        }
    }

    async fn window(&mut self, aim: Aim, many: u32) -> Result<Window, StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("window {aim:?}"));
            data.list_fates.pop_front()
        };
        self.meet(fate).await?;
        let data = self.data();
        Ok(data.part(aim, many.min(data.window)))
    }

    async fn page(&mut self, _: Option<Spot>, _: u32) -> Result<Vec<Player>, StoreError> {
        panic!("the game asks for windows");
    }

    async fn rank(&mut self, score: i64) -> Result<u64, StoreError> {
        let data = self.data();
        let better = data.players.values().filter(|p| p.score > score);
        Ok(better.count() as u64 + 1)
    }

    async fn player(&mut self, id: PlayerId) -> Result<Option<Player>, StoreError> {
        Ok(self.data().players.get(&id.0).cloned())
    }

    async fn named(&mut self, name: &str) -> Result<Vec<Player>, StoreError> {
        let data = self.data();
        let named = data.players.values().filter(|p| p.name == name);
        Ok(named.cloned().collect())
    }

    async fn search(&mut self, wanted: &str, from: Option<Scan>) -> Result<SearchStep, StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("search {wanted}"));
            data.list_fates.pop_front()
        };
        self.meet(fate).await?;
        let data = self.data();
        let fits = data.players.values();
        let fits = fits.filter(|p| p.name.to_lowercase().contains(wanted));
        let players = fits.cloned().collect();
        Ok(SearchStep {
            players,
            // A second step that finds the same again.
            next: from.is_none().then_some(Scan::default()),
        })
    }

    async fn survey(&mut self) -> Result<(), StoreError> {
        self.data().surveys += 1;
        Ok(())
    }

    fn round_trip(&self) -> Option<Duration> {
        self.data().round_trip
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        Ok(())
    }

    async fn register(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<SessionId, StoreError> {
        let mut data = self.data();
        if !data.players.contains_key(&player.0) {
            return Err(StoreError::Gone);
        }
        if let Some((session, _)) = data.sessions.get(&(client, player)) {
            return Ok(SessionId(*session));
        }
        // No key is given twice, not even where the first was forgotten.
        data.last_session += 1;
        let session = data.last_session;
        data.sessions.insert((client, player), (session, 0));
        Ok(SessionId(session))
    }

    async fn register_all(
        &mut self,
        client: ClientId,
        players: &[PlayerId],
    ) -> Result<Vec<(PlayerId, SessionId)>, StoreError> {
        self.data().registered.push(players.to_vec());
        let mut sessions = Vec::new();
        for player in players {
            match self.register(client, *player).await {
                Ok(session) => sessions.push((*player, session)),
                Err(StoreError::Gone) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(sessions)
    }

    async fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> Result<SessionId, StoreError> {
        let known = self.data().sessions.contains_key(&(client, player));
        if !known && day < self.data().kept_since {
            return Err(StoreError::Forgotten);
        }
        self.register(client, player).await
    }

    async fn epoch(&mut self) -> Result<Option<Epoch>, StoreError> {
        Ok(self.data().epoch.clone())
    }

    async fn claims(&mut self, client: ClientId) -> Result<Vec<Claim>, StoreError> {
        let mut data = self.data();
        data.claims += 1;
        let rows = data.sessions.iter();
        // Alike but for the last 48 bits, as the clients of one key are.
        let own = rows.filter(|((other, _), _)| (other.as_u128() ^ client.as_u128()) >> 48 == 0);
        let claims = own.map(|(&(client, player), &(session, counted))| Claim {
            session: SessionId(session),
            client,
            player,
            counted,
        });
        Ok(claims.collect())
    }

    async fn count_all(&mut self, totals: &[Total]) -> Result<Vec<Counted>, StoreError> {
        let fate = {
            let mut data = self.data();
            let said = totals.iter();
            let said = said.map(|total| format!("{} upto {}", total.session.0, total.upto));
            let said: Vec<String> = said.collect();
            data.calls.push(format!("count {}", said.join(", ")));
            data.count_fates.pop_front()
        };
        let after = self.meet(fate).await?;
        // As where each is counted by itself: those before one that fails are counted.
        let mut data = self.data();
        let counted = totals.iter().map(|total| data.count(*total));
        let counted = counted.collect::<Result<_, _>>()?;
        after.map_or(Ok(counted), Err)
    }

    async fn add(&mut self, entry: &Entry) -> Result<Player, StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("add {}", entry.name));
            data.add_fates.pop_front()
        };
        let after = self.meet(fate).await?;
        let mut data = self.data();
        data.keys += 1;
        let added = Player {
            email: entry.email.clone(),
            ..player(data.keys, &entry.name, 0)
        };
        data.players.insert(added.id.0, added.clone());
        after.map_or(Ok(added), Err)
    }

    async fn edit(&mut self, id: PlayerId, entry: &Entry) -> Result<Player, StoreError> {
        let mut data = self.data();
        data.calls.push(format!("edit {}", id.0));
        let player = data.players.get_mut(&id.0).ok_or(StoreError::Gone)?;
        player.name.clone_from(&entry.name);
        player.email.clone_from(&entry.email);
        Ok(player.clone())
    }

    async fn remove(&mut self, id: PlayerId) -> Result<(), StoreError> {
        let mut data = self.data();
        data.calls.push(format!("remove {}", id.0));
        data.players.remove(&id.0);
        data.sessions.retain(|(_, player), _| *player != id);
        Ok(())
    }

    async fn retire(&mut self, client: ClientId) -> Result<(), StoreError> {
        let mut data = self.data();
        data.retired.push(client);
        data.sessions.retain(|(of, _), _| *of != client);
        Ok(())
    }

    async fn tidy(&mut self, client: ClientId) -> Result<bool, StoreError> {
        let mut data = self.data();
        let since = data.now().duration_since(data.clock);
        data.tidied.push((client, since.unsigned_abs()));
        data.to_forget = data.to_forget.saturating_sub(1);
        Ok(data.to_forget > 0)
    }

    async fn kept_since(&mut self) -> Result<Day, StoreError> {
        Ok(self.data().kept_since)
    }

    async fn ranking(
        &mut self,
        since: Quarter,
        _: u32,
        _: Option<PlayerId>,
    ) -> Result<AsOf<Ranking>, StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("ranking {}", since.0));
            data.past_fates.pop_front()
        };
        self.meet(fate).await?;
        let data = self.data();
        let scored = data.players.values().filter(|p| p.score != 0);
        let players: Vec<Player> = scored.cloned().collect();
        let points = players.iter().map(|p| Points {
            player: p.id,
            points: p.score,
            score: p.score,
        });
        Ok(AsOf {
            clock: data.clock,
            value: Ranking {
                points: points.collect(),
                scorers: players.len() as u64,
                players,
                above: None,
            },
        })
    }

    async fn history(&mut self, player: PlayerId) -> Result<AsOf<Record>, StoreError> {
        let fate = {
            let mut data = self.data();
            data.calls.push(format!("history {}", player.0));
            data.past_fates.pop_front()
        };
        self.meet(fate).await?;
        let data = self.data();
        let found = data.players.get(&player.0).ok_or(StoreError::Gone)?;
        Ok(AsOf {
            clock: data.clock,
            value: Record {
                score: found.score,
                quarters: vec![(Quarter::of(data.clock), found.score)],
                ..Record::default()
            },
        })
    }
}

/// An outbox whose entries outlive the worker, and which can fail.
#[derive(Debug, Clone, Default)]
pub struct FakeOutbox {
    entries: Arc<Mutex<HashMap<ClientId, OutboxEntry>>>,
    broken: bool,
}

impl FakeOutbox {
    pub fn broken() -> Self {
        Self {
            broken: true,
            ..Self::default()
        }
    }

    pub fn entries(&self) -> MutexGuard<'_, HashMap<ClientId, OutboxEntry>> {
        self.entries.lock().expect("no test panics with it locked")
    }

    pub fn waiting(&self) -> u64 {
        self.entries().values().map(OutboxEntry::waiting).sum()
    }
}

impl Outbox for FakeOutbox {
    fn keep(&mut self, entry: &OutboxEntry) -> io::Result<()> {
        if self.broken {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.entries().insert(entry.client, entry.clone());
        Ok(())
    }

    fn discard(&mut self, client: ClientId) -> io::Result<()> {
        self.entries().remove(&client);
        Ok(())
    }

    fn adopt(&mut self, database: &str) -> Adopted {
        let entries = self.entries();
        let ours = entries.values().filter(|l| l.database == database);
        Adopted {
            entries: ours.cloned().collect(),
            unreadable: Vec::new(),
        }
    }
}
