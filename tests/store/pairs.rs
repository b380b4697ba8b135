//! The two stores of a game, one for saving and one for watching, on one host or several.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use clickoff::message::BrokenKind;
use clickoff::store::{
    AnyStore, CHANGES, ClientId, Cursor, Remedy, SessionId, Store, StoreError, Target,
};

use crate::contract::entry;
use crate::places::{MariaDb, Postgres, Served, on_servers};
use crate::servers::direct;
use crate::support::proxy::Proxy;
use crate::support::servers::{self, require};

/// A store that saves, one that watches, and what they begin with.
struct Pair {
    saving: AnyStore,
    watching: AnyStore,
    row: SessionId,
    cursor: Cursor,
}

impl Pair {
    async fn open(url: &str) -> Self {
        let target = Target::parse(url.as_ref()).expect(url);
        let mut saving = AnyStore::new(target.clone());
        let watching = AnyStore::second(target);
        let cursor = saving.open().await.expect("it opens").cursor;
        let player = saving.add(&entry("Ada", "")).await.expect("added").id;
        let row = saving.register(ClientId::new_v4(), player).await;
        Self {
            saving,
            watching,
            row: row.expect("a row"),
            cursor,
        }
    }

    async fn look(&mut self) -> Result<bool, StoreError> {
        let changes = self.watching.changes(self.cursor, CHANGES).await;
        changes.map(|changes| changes.is_some())
    }
}

fn url_of(place: &impl Served, hosts: &[SocketAddr]) -> String {
    let hosts: Vec<String> = hosts.iter().map(SocketAddr::to_string).collect();
    direct(place).replace(&place.address().to_string(), &hosts.join(","))
}

/// What stands before the hosts of a URL.
fn user_of(url: &str) -> &str {
    url.split_once('@').expect("a user").0
}

fn connections(proxy: &Proxy) -> u64 {
    proxy.counters().connections
}

/// Where the scores are saved is where they are watched, also while nothing is wrong with the
/// connection that watches.
async fn who_watches_goes_where_the_scores_are_saved<P: Served>(place: P) {
    let [first, second] = [(); 2].map(|()| Proxy::start(place.address()));
    let url = url_of(&place, &[first.addr(), second.addr()]);
    let mut pair = Pair::open(&url).await;
    pair.saving.count(pair.row, 1).await.expect("counted");
    pair.look().await.expect("a look");
    assert_eq!(connections(&second), 0);

    // Only the connection that saves is lost, and there is no other to be had.
    first.cut_before(&P::counts());
    first.refuse();
    let lost = pair.saving.count(pair.row, 2).await;
    lost.expect_err("it is cut");
    pair.saving.count(pair.row, 2).await.expect("counted");
    assert_eq!(connections(&second), 1);
    pair.look().await.expect("a look");
    assert_eq!(connections(&second), 2, "the look was taken there");
    pair.look().await.expect("a look");
    assert_eq!(connections(&second), 2, "and it stays there");
}

/// A host that was made to take no writes meanwhile is left, though nobody presses.
async fn a_host_that_takes_no_writes_any_more_is_left<P: Served>(place: P) {
    let Some(other) = P::new() else { return };
    other.ask(&format!("CREATE DATABASE {}", place.name()));
    let url = url_of(&place, &[place.address(), other.address()]);
    let mut pair = Pair::open(&url).await;
    pair.look().await.expect("a look");
    place.take_no_writes();
    let begun = Instant::now();
    let left = loop {
        match pair.look().await {
            Ok(_) => assert!(begun.elapsed() < Duration::from_secs(40), "it is not left"),
            Err(error) => break error,
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
    };
    assert!(left.to_string().contains("takes no writes now"), "{left}");
    assert_eq!(left.remedy(), Remedy::Retry);
    let there = url_of(&place, &[other.address()]);
    P::store_at(&there).open().await.expect("it is set up");
    pair.look().await.expect("a look at the other");
}

/// The server gives the user no further connection: watching stops for saving.
async fn saving_gets_the_connection_of_who_watches<P: Served>(place: P) {
    place.store().open().await.expect("it is set up");
    place.make_roles();
    let role = P::role("clickoff_keeper");
    let url = place.add_user("twice", "twice", &format!("{role} {}", P::TWO_CONNECTIONS));
    let mut pair = Pair::open(&url).await;
    pair.look().await.expect("a look");
    assert!(P::connection(&url).await.is_err(), "there is none left");

    // A game that starts now waits for one.
    let full = P::store_at(&url).open().await.expect_err("it is full");
    assert_eq!(full.remedy(), Remedy::Retry, "{full:?}");

    // Somebody else is faster than the store that saves.
    place.ask(P::END_FIRST_OF_TWICE);
    let begun = Instant::now();
    let another = loop {
        match P::connection(&url).await {
            Ok(another) => break another,
            Err(error) => assert!(begun.elapsed() < Duration::from_secs(20), "{error}"),
        }
    };
    pair.saving
        .count(pair.row, 1)
        .await
        .expect_err("it is gone");
    let full = pair
        .saving
        .count(pair.row, 1)
        .await
        .expect_err("it is full");
    assert_eq!(full.remedy(), Remedy::Retry, "{full:?}");
    assert!(full.wrote_nothing());
    assert!(!pair.look().await.expect("nothing to see"));
    let counted = pair.saving.count(pair.row, 1).await.expect("counted");
    assert_eq!(counted.score, 1);
    let blind = pair.look().await.expect_err("there is no connection");
    assert_eq!(blind.remedy(), Remedy::Retry, "{blind:?}");
    pair.saving.count(pair.row, 2).await.expect("counted");

    // As soon as there is one again, it is watched again.
    drop(another);
    let begun = Instant::now();
    while pair.look().await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "nobody watches");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    pair.saving.count(pair.row, 3).await.expect("counted");
}

/// One host knows the user no more, and the game goes on on the other; where none will do, that is
/// told with each host's reason.
async fn a_host_with_another_list_of_users_is_passed_over<P: Served>(place: P) {
    let Some(stranger) = P::alone() else { return };
    let url = url_of(&place, &[stranger.address(), place.address()]);
    // There is no database of this name on the first.
    let mut store = P::store_at(&url);
    store.open().await.expect("it opens on the second");
    let player = store.add(&entry("Ada", "")).await.expect("added").id;
    let row = store
        .register(ClientId::new_v4(), player)
        .await
        .expect("a row");
    assert_eq!(store.count(row, 1).await.expect("counted").score, 1);

    // There is, but no user of this name.
    stranger.ask(&format!("CREATE DATABASE {}", place.name()));
    place.make_roles();
    let ada = place.add_user("ada", "ada", &P::role("clickoff_keeper"));
    let both = url_of(&place, &[stranger.address(), place.address()]);
    let both = format!(
        "{}@{}",
        user_of(&ada),
        both.split_once('@').expect("a user").1
    );
    let mut store = P::store_at(&both);
    store.open().await.expect("it opens on the second");
    assert_eq!(store.count(row, 2).await.expect("counted").score, 2);

    let none = url.replace(place.name(), "nowhere");
    let error = P::store_at(&none).open().await.expect_err("there is none");
    assert_eq!(
        error.remedy(),
        Remedy::Stop(BrokenKind::Unreachable),
        "{error:?}"
    );
    assert_eq!(error.to_string().matches("nowhere").count(), 3, "{error}");
}

/// A host that is silent costs a moment, at each start and at each command.
async fn a_silent_first_host_costs_a_moment<P: Served>(place: P) {
    let [first, second] = [(); 2].map(|()| Proxy::start(place.address()));
    let url = url_of(&place, &[first.addr(), second.addr()]);
    P::store_at(&url).open().await.expect("it opens");
    assert_eq!(connections(&second), 0, "the first is there in time");
    first.freeze();
    let mut best = Duration::MAX;
    for _ in 0..3 {
        let begun = Instant::now();
        P::store_at(&url).open().await.expect("it opens");
        best = best.min(begun.elapsed());
    }
    assert!(best < Duration::from_secs(2), "{best:?}");
    // What came up too late is closed, and not left to the server.
    first.thaw();
    let begun = Instant::now();
    while place.ask(P::CONNECTIONS) != "0" {
        assert!(begun.elapsed() < Duration::from_secs(20), "some are left");
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}

on_servers!(for_faults:
    who_watches_goes_where_the_scores_are_saved,
    saving_gets_the_connection_of_who_watches,
    a_host_with_another_list_of_users_is_passed_over,
    a_silent_first_host_costs_a_moment,
);

mod demoted {
    use super::*;

    on_servers!(alone: a_host_that_takes_no_writes_any_more_is_left);
}

/// A server that another was promoted over is an old copy, whatever it takes.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_another_was_promoted_over_is_left_alone() {
    let start = || require(servers::Postgres::start());
    let (Some(old), Some(promoted)) = (start(), start()) else {
        return;
    };
    // Each promotion begins a timeline; this is the tenth.
    promoted.stop();
    let reset = promoted
        .program("pg_resetwal")
        .expect("it came with the server");
    let reset = promoted.run_program(&reset, &["-f", "-l", "0000000A00000001000000FF", "data"]);
    reset.expect("a later timeline");
    promoted.restart();
    for server in [&old, &promoted] {
        Postgres::store_at(&server.url())
            .open()
            .await
            .expect("it is set up");
    }
    let [first, second] = [old.addr(), promoted.addr()].map(Proxy::start);
    let hosts = format!("{},{}", first.addr(), second.addr());
    let url = old.url().replace(&old.addr().to_string(), &hosts);
    let mut store = Postgres::store_at(&url);
    store.open().await.expect("it opens on the first");
    first.refuse();
    first.cut();
    store.open().await.expect_err("it is cut");
    store.open().await.expect("the promoted one goes on");
    first.accept();
    second.refuse();
    second.cut();
    store.open().await.expect_err("it is cut");
    for _ in 0..3 {
        let error = store.open().await.expect_err("it is old");
        assert_eq!(error.remedy(), Remedy::Retry, "{error:?}");
        assert!(error.to_string().contains("is an older copy"), "{error}");
    }
    second.accept();
    store.open().await.expect("the promoted one is back");
}

/// The server has fewer transactions than this process has seen: that is told, once.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_behind_is_told_of() {
    let options = || servers::Options {
        settings: vec!["log-bin".into(), "server-id=1".into()],
        ..servers::Options::default()
    };
    let start = || require(servers::MariaDb::start_with(options()));
    let (Some(ahead), Some(behind)) = (start(), start()) else {
        return;
    };
    for server in [&ahead, &behind] {
        MariaDb::store_at(&server.url())
            .open()
            .await
            .expect("it is set up");
    }
    for _ in 0..20 {
        ahead.sql("INSERT INTO users (name, score) VALUES ('Bob', 0)");
    }
    let [first, second] = [ahead.addr(), behind.addr()].map(Proxy::start);
    let hosts = format!("{},{}", first.addr(), second.addr());
    let url = ahead.url().replace(&ahead.addr().to_string(), &hosts);
    let mut store = MariaDb::store_at(&url);
    store.open().await.expect("it opens on the first");
    first.refuse();
    first.cut();
    store.open().await.expect_err("it is cut");
    let error = store.open().await.expect_err("the other is behind");
    assert!(matches!(error, StoreError::Behind { .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::Wait);
    assert!(error.wrote_nothing());
    assert!(error.to_string().contains("older state"), "{error}");
    store
        .open()
        .await
        .expect("it was told, and there is no other");
    first.accept();
    second.cut();
    store.open().await.expect_err("it is cut");
    store.open().await.expect("the first has more");
}
