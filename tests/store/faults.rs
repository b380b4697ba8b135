//! Every press counts exactly once, whatever fails between the game and its server.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clickoff::game::contest::Trace;
use clickoff::game::race::{Entered, Entrance, Race, RaceId, Standing};
use clickoff::game::sprint::{Bests, Board, Kept, Sprinted};
use clickoff::game::{Aim, Entry, Player, PlayerId, Quarter, Ranking, Record, Spot, Window};
use clickoff::message::{Command, Reply};
use clickoff::store::{
    AnyStore, AsOf, Changes, Claim, ClientId, Contests, Counted, Cursor, Day, Epoch, Scan,
    SearchStep, SessionId, Snapshot, Store, StoreError, Total,
};
use clickoff::worker::{self, FileOutbox, Timing, Worker};
use tokio::sync::Barrier;

use crate::contract::{entry, history_holds, limit};
use crate::places::{Served, on_servers};
use crate::support::proxy::Proxy;

/// What the presses of one game have to add up to, at the least.
const PRESSES: u64 = 2_000;

/// Long enough for every client to get through in the end.
const LIMIT: Duration = Duration::from_secs(240);

/// Plays with so many clients on one player while something breaks, till it no longer does and
/// all is settled; returns the presses that were counted, and the score. Each client's stores are
/// made by its number.
pub async fn play<S: Store>(
    clients: usize,
    store: impl Fn(usize) -> S,
    faults: impl FnOnce() + Send + 'static,
) -> (u64, i64) {
    let mut watching = store(0);
    watching.open().await.expect("it opens");
    let player = watching.add(&entry("Ada", "")).await.expect("added").id;
    let over = Arc::new(AtomicBool::new(false));
    let ready = Arc::new(Barrier::new(clients + 1));
    let playing: Vec<_> = (0..clients)
        .map(|client| {
            let (scoring, watching) = (store(client), store(client));
            let (over, ready) = (Arc::clone(&over), Arc::clone(&ready));
            let least = PRESSES / clients as u64;
            tokio::spawn(async move {
                let kept = tempfile::tempdir().expect("a directory");
                let outbox = FileOutbox::new(kept.path().to_owned());
                let timing = Timing {
                    longest_retry: Duration::from_millis(200),
                    ..Timing::default()
                };
                let worker = worker::spawn(scoring, watching, outbox, ClientId::new_v4(), timing);
                tokio::time::timeout(LIMIT, press(worker, player, least, &over, &ready))
                    .await
                    .expect("all is counted in time")
            })
        })
        .collect();
    ready.wait().await;
    let breaking = tokio::task::spawn_blocking(faults);
    breaking.await.expect("the faults are over");
    over.store(true, Ordering::SeqCst);
    let mut pressed = 0;
    for client in playing {
        pressed += client.await.expect("a client");
    }
    let mut after = store(0);
    history_holds(&mut after).await;
    let players = after.open().await.expect("it opens").players;
    let ada = players.iter().find(|p| p.id == player).expect("Ada");
    (pressed, ada.score)
}

/// Presses till the faults are over and it was often enough, waits for the count, and leaves.
async fn press(
    mut worker: Worker,
    player: PlayerId,
    least: u64,
    over: &AtomicBool,
    ready: &Barrier,
) -> u64 {
    let opened = worker.replies.recv().await;
    assert!(matches!(opened, Some(Reply::Opened { .. })), "{opened:?}");
    ready.wait().await;
    let (mut pressed, mut counted, mut refused) = (0, 0, 0);
    while counted + refused < pressed || pressed < least || !over.load(Ordering::SeqCst) {
        if pressed < least || !over.load(Ordering::SeqCst) {
            worker.handle.send(Command::Press(player, 1));
            pressed += 1;
        }
        let reply = tokio::time::timeout(Duration::from_millis(1), worker.replies.recv());
        match reply.await {
            Ok(Some(Reply::Counted { counted: now, .. })) => counted = now,
            Ok(Some(Reply::OverRate { presses, .. })) => refused += presses,
            Ok(Some(reply @ (Reply::Refused { .. } | Reply::Broken { .. } | Reply::Left(_)))) => {
                panic!("{reply:?}")
            }
            Ok(None) => panic!("the worker has ended"),
            Ok(Some(_)) | Err(_) => {}
        }
    }
    worker.handle.send(Command::Leave);
    while let Some(reply) = worker.replies.recv().await {
        if let Reply::Left(farewell) = reply {
            assert_eq!((farewell.kept, farewell.lost), (0, None));
        }
    }
    assert_eq!(counted + refused, pressed);
    counted
}

/// Exact for one client and for eight on one player.
pub async fn exact<P: Served>(place: P, faults: impl Fn(&P, &Proxy) + Copy + Send + 'static) {
    let place = Arc::new(place);
    let proxy = Arc::new(Proxy::start(place.address()));
    let url = place.url_via(proxy.addr());
    for clients in [1, 8] {
        let (place, breaking) = (Arc::clone(&place), Arc::clone(&proxy));
        let (pressed, score) = play(
            clients,
            |_| P::store_at(&url),
            move || {
                faults(&place, &breaking);
                breaking.pass();
            },
        )
        .await;
        assert_eq!(score, pressed as i64, "{clients} clients");
        assert!(pressed >= PRESSES);
    }
}

/// The same over a limit: each press is counted once or refused once, and the client knows which.
async fn exact_over_a_limit<P: Served>(place: P) {
    let proxy = Arc::new(Proxy::start(place.address()));
    let url = place.url_via(proxy.addr());
    let mut keeper = place.store();
    keeper.open().await.expect("it opens");
    limit(&mut keeper, Some(10)).await;
    for faults in [cut::<P>, drop_replies] {
        let breaking = Arc::clone(&proxy);
        let (counted, score) = play(
            4,
            |_| P::store_at(&url),
            move || {
                faults(&breaking);
                breaking.pass();
            },
        )
        .await;
        assert_eq!(score, counted as i64);
        assert!((600..PRESSES).contains(&counted), "{counted} of {PRESSES}");
    }
}

/// Cuts the link just before a count reaches the server, or just after its answer left it.
pub fn cut<P: Served>(proxy: &Proxy) {
    for turn in 0..20 {
        let cuts = proxy.counters().cuts;
        if turn % 2 == 0 {
            proxy.cut_before(&P::counts());
        } else {
            proxy.cut_after(&P::counts());
        }
        let comes = proxy.wait_for(|c| c.cuts > cuts, Duration::from_secs(20));
        assert!(comes, "a count comes by");
    }
}

/// A seed for this run; one that failed can be set to fail again.
fn seed() -> u64 {
    let given = std::env::var("CLICKOFF_SEED").ok();
    let given = given.and_then(|seed| seed.parse().ok());
    given.unwrap_or_else(|| u64::from(std::process::id()))
}

pub fn drop_replies(proxy: &Proxy) {
    let before = proxy.counters();
    // The proxy prints the seed.
    proxy.drop_replies(0.01, seed());
    proxy.wait_for(|c| c.since(&before).cuts >= 10, Duration::from_secs(3));
}

async fn a_link_cut_just_before_or_after_a_count(place: impl Served) {
    fn faults<P: Served>(_: &P, proxy: &Proxy) {
        cut::<P>(proxy);
    }
    exact(place, faults).await;
}

async fn one_reply_of_a_hundred_lost(place: impl Served) {
    exact(place, |_, proxy| drop_replies(proxy)).await;
}

async fn a_link_frozen_for_seconds(place: impl Served) {
    exact(place, |_, proxy| {
        proxy.freeze();
        std::thread::sleep(Duration::from_secs(2));
        proxy.thaw();
        std::thread::sleep(Duration::from_millis(200));
    })
    .await;
}

async fn connections_ended_by_the_server_at_random(place: impl Served) {
    exact(place, |place, _| {
        for _ in 0..25 {
            place.end_a_connection();
        }
    })
    .await;
}

async fn a_server_killed_and_started_again(place: impl Served) {
    exact(place, |place, _| {
        for _ in 0..2 {
            std::thread::sleep(Duration::from_millis(300));
            place.kill_and_restart();
        }
    })
    .await;
}

on_servers!(for_faults:
    a_link_cut_just_before_or_after_a_count,
    one_reply_of_a_hundred_lost,
    a_link_frozen_for_seconds,
    connections_ended_by_the_server_at_random,
    what_adds_and_retries_counts_too_much,
    exact_over_a_limit,
);

mod killed {
    use super::*;

    on_servers!(alone: a_server_killed_and_started_again);
}

/// Counts as most programs do: adds what is new, and does so again after an error.
struct AddAndRetry<P: Served> {
    store: AnyStore,
    url: String,
    conn: Option<P::Connection>,
    players: HashMap<SessionId, (PlayerId, u64)>,
}

impl<P: Served> AddAndRetry<P> {
    fn at(url: &str) -> Self {
        Self {
            store: P::store_at(url),
            url: url.to_owned(),
            conn: None,
            players: HashMap::new(),
        }
    }

    async fn count_one(&mut self, Total { session, upto }: Total) -> Result<Counted, StoreError> {
        let (player, counted) = self.players[&session];
        let added = async {
            let mut conn = match self.conn.take() {
                Some(conn) => conn,
                None => P::connection(&self.url).await?,
            };
            P::add_blindly(&mut conn, player.0, (upto - counted) as i64).await?;
            Ok::<_, sqlx::Error>(conn)
        };
        match added.await {
            Ok(conn) => {
                self.conn = Some(conn);
                self.players.insert(session, (player, upto));
                Ok(Counted {
                    score: 0,
                    counted: upto,
                    ..Counted::default()
                })
            }
            Err(error) => Err(StoreError::Lost {
                place: "the test's own".into(),
                why: error.to_string(),
            }),
        }
    }
}

impl<P: Served> Contests for AddAndRetry<P> {
    async fn begin_sprint(&mut self, session: SessionId) -> Result<(), StoreError> {
        self.store.begin_sprint(session).await
    }

    async fn keep_sprint(
        &mut self,
        session: SessionId,
        sprinted: &Sprinted,
    ) -> Result<bool, StoreError> {
        self.store.keep_sprint(session, sprinted).await
    }

    async fn board(&mut self, board: Board) -> Result<Vec<Kept>, StoreError> {
        self.store.board(board).await
    }

    async fn bests(&mut self, player: PlayerId) -> Result<Bests, StoreError> {
        self.store.bests(player).await
    }

    async fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> Result<Option<Entered>, StoreError> {
        self.store.enter_race(session, entrance).await
    }

    async fn report_race(
        &mut self,
        session: SessionId,
        race: RaceId,
        presses: u64,
        standing: Standing,
        trace: Option<&Trace>,
    ) -> Result<(), StoreError> {
        let told = self
            .store
            .report_race(session, race, presses, standing, trace);
        told.await
    }

    async fn race(&mut self, race: Option<RaceId>) -> Result<AsOf<Option<Race>>, StoreError> {
        self.store.race(race).await
    }

    async fn races(&mut self) -> Result<Vec<Race>, StoreError> {
        self.store.races().await
    }
}

impl<P: Served> Store for AddAndRetry<P> {
    async fn open(&mut self) -> Result<Snapshot, StoreError> {
        self.store.open().await
    }

    async fn wait_for_change(&mut self, every: Duration) {
        self.store.wait_for_change(every).await;
    }

    async fn changes(&mut self, since: Cursor, most: u32) -> Result<Option<Changes>, StoreError> {
        self.store.changes(since, most).await
    }

    async fn window(&mut self, aim: Aim, many: u32) -> Result<Window, StoreError> {
        self.store.window(aim, many).await
    }

    async fn page(&mut self, after: Option<Spot>, many: u32) -> Result<Vec<Player>, StoreError> {
        self.store.page(after, many).await
    }

    async fn rank(&mut self, score: i64) -> Result<u64, StoreError> {
        self.store.rank(score).await
    }

    async fn player(&mut self, player: PlayerId) -> Result<Option<Player>, StoreError> {
        self.store.player(player).await
    }

    async fn named(&mut self, name: &str) -> Result<Vec<Player>, StoreError> {
        self.store.named(name).await
    }

    async fn search(&mut self, wanted: &str, from: Option<Scan>) -> Result<SearchStep, StoreError> {
        self.store.search(wanted, from).await
    }

    async fn survey(&mut self) -> Result<(), StoreError> {
        self.store.survey().await
    }

    async fn turn(&mut self) -> Result<(), StoreError> {
        self.store.turn().await
    }

    async fn register(
        &mut self,
        client: ClientId,
        player: PlayerId,
    ) -> Result<SessionId, StoreError> {
        let session = self.store.register(client, player).await?;
        self.players.insert(session, (player, 0));
        Ok(session)
    }

    async fn resume(
        &mut self,
        client: ClientId,
        player: PlayerId,
        day: Day,
    ) -> Result<SessionId, StoreError> {
        self.store.resume(client, player, day).await
    }

    async fn tidy(&mut self, client: ClientId) -> Result<bool, StoreError> {
        self.store.tidy(client).await
    }

    async fn kept_since(&mut self) -> Result<Day, StoreError> {
        self.store.kept_since().await
    }

    async fn epoch(&mut self) -> Result<Option<Epoch>, StoreError> {
        self.store.epoch().await
    }

    async fn claims(&mut self, client: ClientId) -> Result<Vec<Claim>, StoreError> {
        // It keeps its totals to itself.
        let mut claims = self.store.claims(client).await?;
        for claim in &mut claims {
            let mut known = self.players.values();
            let known = known.find(|(player, _)| *player == claim.player);
            claim.counted = known.map_or(0, |(_, counted)| *counted);
        }
        Ok(claims)
    }

    async fn count_all(&mut self, totals: &[Total]) -> Result<Vec<Counted>, StoreError> {
        let mut counted = Vec::new();
        for total in totals {
            counted.push(self.count_one(*total).await?);
        }
        Ok(counted)
    }

    async fn add(&mut self, entry: &Entry) -> Result<Player, StoreError> {
        self.store.add(entry).await
    }

    async fn edit(&mut self, player: PlayerId, entry: &Entry) -> Result<Player, StoreError> {
        self.store.edit(player, entry).await
    }

    async fn remove(&mut self, player: PlayerId) -> Result<(), StoreError> {
        self.store.remove(player).await
    }

    async fn retire(&mut self, client: ClientId) -> Result<(), StoreError> {
        self.store.retire(client).await
    }

    async fn ranking(
        &mut self,
        since: Quarter,
        many: u32,
        own: Option<PlayerId>,
    ) -> Result<AsOf<Ranking>, StoreError> {
        self.store.ranking(since, many, own).await
    }

    async fn history(&mut self, player: PlayerId) -> Result<AsOf<Record>, StoreError> {
        self.store.history(player).await
    }
}

/// The faults are such as do harm.
async fn what_adds_and_retries_counts_too_much<P: Served>(place: P) {
    let proxy = Arc::new(Proxy::start(place.address()));
    let url = place.url_via(proxy.addr());
    for faults in [cut::<P>, drop_replies] {
        let breaking = Arc::clone(&proxy);
        let (pressed, score) = play(
            8,
            |_| AddAndRetry::<P>::at(&url),
            move || {
                faults(&breaking);
                breaking.pass();
            },
        )
        .await;
        assert!(score > pressed as i64, "{score} for {pressed} presses");
    }
}
