//! Races of several games without screens on one database: failures never change a result.

use std::time::{Duration, Instant};

use clickoff::game::contest::Stage;
use clickoff::game::contest::{Kind, Length};
use clickoff::game::race::{Race, Standing};
use clickoff::game::{PlayerId, Tally};
use clickoff::message::{Action, Effect, Message, Reply};
use clickoff::state::{Rival, State, update};
use clickoff::store::{ClientId, Contests, Store};
use clickoff::worker::{self, FileOutbox, Timing, Worker};

use crate::Sqlite;
use crate::contract::{Place, entry};
use crate::places::{Served, on_servers};
use crate::support::proxy::Proxy;

/// Far longer than a race and everything that is waited for after it.
const LIMIT: Duration = Duration::from_secs(60);

/// A game: the state and the worker, with the clock of this machine.
struct Racer {
    state: State,
    worker: Worker,
    player: PlayerId,
    _kept: tempfile::TempDir,
}

impl Racer {
    /// Starts a game for a player and waits until it can be played.
    async fn start<S: Store>(store: impl Fn() -> S, player: PlayerId, name: &str) -> Self {
        let kept = tempfile::tempdir().expect("a directory");
        let outbox = FileOutbox::new(kept.path().to_owned());
        let client = ClientId::new_v4();
        let worker = worker::spawn(store(), store(), outbox, client, Timing::default());
        let mut racer = Self {
            state: State::new(String::new(), Some(name.to_owned()), String::new(), false),
            worker,
            player,
            _kept: kept,
        };
        racer.until("loaded", |state| state.loaded).await;
        assert_eq!(racer.state.picked, Some(player));
        racer
    }

    fn take(&mut self, message: Message) {
        for effect in update(&mut self.state, message, Instant::now()) {
            if let Effect::Send(command) = effect {
                self.worker.handle.send(command);
            }
        }
    }

    /// Plays on till something holds; what the worker says and each tick come as in the program.
    async fn until(&mut self, what: &str, holds: impl Fn(&State) -> bool) {
        self.press_until(what, Duration::MAX, holds).await;
    }

    /// The same with a press so often.
    async fn press_until(&mut self, what: &str, every: Duration, holds: impl Fn(&State) -> bool) {
        let begun = Instant::now();
        let mut press = begun.checked_add(every);
        while !holds(&self.state) {
            let now = Instant::now();
            assert!(now - begun < LIMIT, "{what}: {:?}", self.state.mode);
            let wake = self.state.wake_at(now).unwrap_or(now + LIMIT);
            let at = press.map_or(wake, |press| press.min(wake));
            let heard = tokio::time::timeout_at(at.into(), self.worker.replies.recv()).await;
            if let Ok(Some(reply)) = heard {
                assert!(!matches!(reply, Reply::Broken { .. }), "{reply:?}");
                self.take(Message::Reply(reply));
            } else if press.is_some_and(|press| press <= Instant::now()) {
                self.take(Message::Action(Action::Press));
                press = press.and_then(|press| press.checked_add(every));
            } else {
                self.take(Message::Tick);
            }
        }
    }

    /// Opens a race over five seconds.
    async fn open(&mut self) {
        for action in [Action::Contest(Kind::Race), Action::Up, Action::Accept] {
            self.take(Message::Action(action));
        }
        self.until("a place", |state| stage(state).is_some()).await;
    }

    /// Presses until less than three seconds of the race are left.
    async fn press_to_the_middle(&mut self) {
        let middle = |state: &State| match stage(state) {
            Some(Stage::Running(left)) => left < Duration::from_secs(3),
            _ => false,
        };
        let often = Duration::from_millis(50);
        self.press_until("the middle", often, middle).await;
    }

    /// Joins the race that is offered.
    async fn join(&mut self) {
        self.until("an offer", |state| state.offer.is_some()).await;
        self.take(Message::Action(Action::Join));
        self.until("a place", |state| stage(state).is_some()).await;
    }

    /// Presses from now on, through the race, to its result.
    async fn race(mut self, every: Duration) -> (Self, Race) {
        let closed = |state: &State| stage(state) == Some(Stage::Over);
        self.press_until("the result", every, closed).await;
        let contest = self.state.contest().expect("a contest");
        let Rival::Racers(racers) = &contest.rival else {
            panic!("no race");
        };
        let race = racers.race.clone().expect("a result");
        (self, race)
    }

    /// Leaves the game, and gives how many presses it has made and saved.
    async fn leave(mut self) -> Tally {
        self.take(Message::Action(Action::Quit));
        self.until("the end", |state| state.ended.is_some()).await;
        self.state.tally(self.player)
    }
}

/// What the race does that a game sees.
fn stage(state: &State) -> Option<Stage> {
    let contest = state.contest()?;
    let seen = contest.is_on() || contest.is_over();
    seen.then(|| contest.stage())
}

/// A database with as many players as there are names, and their keys.
async fn players<S: Store>(store: &mut S, names: &[&str]) -> Vec<PlayerId> {
    store.open().await.expect("it opens");
    let mut players = Vec::new();
    for name in names {
        players.push(store.add(&entry(name, "")).await.expect("added").id);
    }
    players
}

async fn score<S: Store>(store: &mut S, player: PlayerId) -> i64 {
    let players = store.open().await.expect("it opens").players;
    players
        .iter()
        .find(|p| p.id == player)
        .expect("the player")
        .score
}

/// Three games race; whoever looks afterwards reads what each of them has shown.
async fn three_games_race_to_the_same_result<P: Place>(place: P) {
    let mut store = place.store();
    let names = ["Ada", "Bob", "Cleo"];
    let keys = players(&mut store, &names).await;
    let mut games = Vec::new();
    for (name, key) in names.iter().zip(&keys) {
        games.push(Racer::start(|| place.store(), *key, name).await);
    }
    let [mut ada, mut bob, mut cleo] = <[Racer; 3]>::try_from(games).ok().expect("three");
    tokio::join!(ada.open(), bob.join(), cleo.join());
    let (ada, bob, cleo) = tokio::join!(
        ada.race(Duration::from_millis(40)),
        bob.race(Duration::from_millis(70)),
        cleo.race(Duration::MAX),
    );
    assert_eq!(ada.1, bob.1);
    assert_eq!(ada.1, cleo.1);
    assert_eq!(store.races().await, Ok(vec![ada.1.clone()]));
    let race = ada.1.clone();
    assert_eq!(race.length, Length::Five);
    assert!(
        race.racers.iter().all(|r| r.standing == Standing::Done),
        "{race:?}"
    );
    let presses: Vec<u64> = race.racers.iter().map(|racer| racer.presses).collect();
    let of = |player: PlayerId| {
        let racer = race.racers.iter().find(|r| r.player == player);
        racer.expect("a racer").presses
    };
    assert!(of(keys[0]) > of(keys[1]) && of(keys[1]) > 0, "{presses:?}");
    assert_eq!(of(keys[2]), 0);
    for ((game, _), key) in [ada, bob, cleo].into_iter().zip(keys) {
        let tally = game.leave().await;
        assert_eq!(tally.pressed, tally.counted);
        let score = score(&mut store, key).await;
        assert_eq!(score as u64, tally.counted, "no click is lost or made up");
        assert!(of(key) <= tally.counted);
    }
}

/// One game is killed in the middle; the other is not held up, and reads it as left.
async fn a_crash_holds_nobody_up<P: Place>(place: P) {
    let mut store = place.store();
    let keys = players(&mut store, &["Ada", "Bob"]).await;
    let mut ada = Racer::start(|| place.store(), keys[0], "Ada").await;
    let mut bob = Racer::start(|| place.store(), keys[1], "Bob").await;
    tokio::join!(ada.open(), bob.join());
    let crash = async {
        bob.press_to_the_middle().await;
        // From now on nobody hears of it, and it hears of nobody.
        bob.worker.task.abort();
        drop(bob);
    };
    let (_, (ada, race)) = tokio::join!(crash, ada.race(Duration::from_millis(60)));
    let standings: Vec<_> = race.racers.iter().map(|r| r.standing).collect();
    let left = race
        .racers
        .iter()
        .find(|r| r.player == keys[1])
        .expect("Bob");
    assert_eq!(left.standing, Standing::Left, "{standings:?}");
    let told = left.presses;
    let score = score(&mut store, keys[1]).await;
    assert!(told <= score as u64, "{told} of {score} committed");
    assert_eq!(store.races().await, Ok(vec![race]));
    ada.leave().await;
}

/// The link of one is cut in the middle and comes back after the end.
async fn a_lost_link_loses_no_click_and_holds_nobody_up<P: Served>(place: P) {
    let mut store = place.store();
    let keys = players(&mut store, &["Ada", "Bob"]).await;
    let proxy = Proxy::start(place.address());
    let url = place.url_via(proxy.addr());
    let mut ada = Racer::start(|| place.store(), keys[0], "Ada").await;
    let mut bob = Racer::start(|| P::store_at(&url), keys[1], "Bob").await;
    tokio::join!(ada.open(), bob.join());
    let cut = async {
        bob.press_to_the_middle().await;
        proxy.refuse();
        proxy.cut();
        let over = Instant::now() + Duration::from_secs(8);
        let is_over = |_: &State| Instant::now() >= over;
        bob.press_until("the end of the race", Duration::from_millis(50), is_over)
            .await;
        proxy.accept();
        bob.race(Duration::MAX).await
    };
    let ((bob, seen), (ada, race)) = tokio::join!(cut, ada.race(Duration::from_millis(60)));
    assert_eq!(seen, race, "the same on both");
    let standing = |player| {
        let racer = race.racers.iter().find(|r| r.player == player);
        racer.expect("a racer").standing
    };
    assert_eq!(
        (standing(keys[0]), standing(keys[1])),
        (Standing::Done, Standing::Left)
    );
    for (game, key) in [(ada, keys[0]), (bob, keys[1])] {
        let tally = game.leave().await;
        assert_eq!(tally.pressed, tally.counted);
        assert_eq!(score(&mut store, key).await as u64, tally.counted);
    }
}

on_servers!(new:
    three_games_race_to_the_same_result,
    a_crash_holds_nobody_up,
    a_lost_link_loses_no_click_and_holds_nobody_up,
);

mod sqlite {
    use super::Sqlite;

    #[tokio::test(flavor = "multi_thread")]
    async fn three_games_race_to_the_same_result() {
        super::three_games_race_to_the_same_result(Sqlite::new()).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_crash_holds_nobody_up() {
        super::a_crash_holds_nobody_up(Sqlite::new()).await;
    }
}
