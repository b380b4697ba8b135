//! Server stores beyond the contract: one round trip for a count, late commits, and messages for
//! servers that can't be used.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clickoff::game::PlayerId;
use clickoff::message::BrokenKind;
use clickoff::store::{AnyStore, CHANGES, ClientId, Counted, Remedy, SessionId, Store, StoreError};
use clickoff::worker::{self, FileOutbox, Timing, Worker};
use tokio::sync::Barrier;

use crate::contract::{entry, history_holds};
use crate::places::{Served, on_servers};
use crate::support::port::Port;
use crate::support::proxy::Proxy;

pub const SECRET: &str = "s3cret";

/// A store that is open, a player and this client's session for it.
pub async fn playing<P: Served>(url: &str) -> (AnyStore, PlayerId, SessionId) {
    let mut store = P::store_at(url);
    store.open().await.expect("it opens");
    let player = store.add(&entry("Ada", "")).await.expect("added").id;
    let session = store.register(ClientId::new_v4(), player).await;
    (store, player, session.expect("a session"))
}

/// A worker on the server at this address, which keeps what it can't deliver in a directory.
pub fn worker_at<P: Served>(url: &str, kept: &Path, client: ClientId) -> Worker {
    worker::spawn(
        P::store_at(url),
        P::store_at(url),
        FileOutbox::new(kept.to_owned()),
        client,
        Timing::default(),
    )
}

pub fn direct(place: &impl Served) -> String {
    place.url_via(place.address())
}

pub async fn score<P: Served>(place: &P, player: PlayerId) -> i64 {
    let snapshot = place.store().open().await.expect("it opens");
    let mut players = snapshot.players.into_iter();
    players.find(|p| p.id == player).expect("the player").score
}

async fn a_count_is_one_round_trip<P: Served>(place: P) {
    let proxy = Proxy::start(place.address());
    let (mut store, _, session) = playing::<P>(&place.url_via(proxy.addr())).await;
    store.count(session, 1).await.expect("counted");
    let before = proxy.counters();
    for upto in 2..=101 {
        store.count(session, upto).await.expect("counted");
    }
    assert_eq!(proxy.counters().since(&before).round_trips, 100);
    let look = store.open().await.expect("open").cursor;
    store.changes(look, CHANGES).await.expect("a look");
    let before = proxy.counters();
    for _ in 0..10 {
        store.changes(look, CHANGES).await.expect("a look");
    }
    assert_eq!(proxy.counters().since(&before).round_trips, 10);
}

/// Each look tells how long it took, but for the first of a connection, which takes longer.
async fn the_round_trip_is_that_of_the_look<P: Served>(place: P) {
    let proxy = Proxy::start(place.address());
    let url = place.url_via(proxy.addr());
    let cursor = P::store_at(&url).open().await.expect("open").cursor;
    let mut store = P::store_at(&url);
    store.changes(cursor, CHANGES).await.expect("a look");
    assert_eq!(store.round_trip(), None);
    let delay = Duration::from_millis(40);
    proxy.delay(delay);
    store.changes(cursor, CHANGES).await.expect("a look");
    assert!(store.round_trip() >= Some(2 * delay), "there and back");
    proxy.cut();
    store
        .changes(cursor, CHANGES)
        .await
        .expect_err("the link is cut");
    assert_eq!(store.round_trip(), None);
    store.changes(cursor, CHANGES).await.expect("a look");
    assert_eq!(store.round_trip(), None);
    store.changes(cursor, CHANGES).await.expect("a look");
    assert!(store.round_trip() >= Some(2 * delay));
}

/// The connection is cut while its count waits for a lock, and the server counts all the same,
/// beside the client's next connection.
async fn a_half_dead_connection_counts_nothing_twice<P: Served>(place: P) {
    let proxy = Proxy::start(place.address());
    let (mut dying, player, session) = playing::<P>(&place.url_via(proxy.addr())).await;
    let mut next = place.store();
    next.open().await.expect("open");
    let holder = place.begin_adding(player.0).await;
    let dying = tokio::spawn(async move { dying.count(session, 5).await });
    waiting(&place, 1).await;
    proxy.cut();
    let error = dying.await.expect("an end").expect_err("the link is gone");
    assert!(matches!(error, StoreError::Lost { .. }), "{error:?}");
    assert!(!error.wrote_nothing());
    let counting = tokio::spawn(async move { next.count(session, 8).await });
    waiting(&place, 2).await;
    P::commit(holder).await;
    let counted = counting.await.expect("an end").expect("counted");
    assert_eq!(counted.counted, 8);
    waiting(&place, 0).await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(score(&place, player).await, 9);
}

/// Waits till so many connections wait for a lock.
async fn waiting<P: Served>(place: &P, connections: u32) {
    let started = Instant::now();
    while place.ask(P::WAITING) != connections.to_string() {
        assert!(started.elapsed() < Duration::from_secs(2), "nobody waits");
        // MariaDB shows an old answer to those who ask ten times a second.
        tokio::time::sleep(Duration::from_millis(150)).await;
    }
}

/// What was stamped first is committed last.
async fn a_late_commit_is_seen<P: Served>(place: P) {
    let (mut store, ada, _) = playing::<P>(&direct(&place)).await;
    let bob = store.add(&entry("Bob", "")).await.expect("added").id;
    let cursor = store.open().await.expect("open").cursor;
    let late = place.begin_adding(ada.0).await;
    let row = store
        .register(ClientId::new_v4(), bob)
        .await
        .expect("a row");
    store.count(row, 1).await.expect("counted");
    let first = store
        .changes(cursor, CHANGES)
        .await
        .expect("a look")
        .expect("Bob's");
    assert_eq!(first.players.len(), 1);
    assert_eq!(first.players[0].id, bob);
    P::commit(late).await;
    let second = store.changes(first.cursor, CHANGES).await.expect("a look");
    let second = second.expect("Ada's");
    assert_eq!(second.players.len(), 1);
    assert_eq!((second.players[0].id, second.players[0].score), (ada, 1));
    assert_eq!(store.changes(second.cursor, CHANGES).await, Ok(None));
    // An offer that was not taken is made again.
    let again = store.changes(first.cursor, CHANGES).await.expect("a look");
    assert!(again.expect("Ada's").players.iter().any(|p| p.id == ada));
}

/// Programs whose transactions stay open keep nobody else from the first point of a quarter hour;
/// and where one of them does not see that point yet, it adds to it all the same.
async fn a_history_is_begun_beside_open_transactions<P: Served>(place: P) {
    let (mut store, ada, row) = playing::<P>(&direct(&place)).await;
    let mut others = Vec::new();
    for name in ["Bob", "Cleo", "Dora"] {
        let player = store.add(&entry(name, "")).await.expect("added").id;
        others.push((player, store.register(ClientId::new_v4(), player).await));
    }
    let mut first = place.begin_adding(ada.0).await;
    for (_, row) in &others {
        let counted = store.count(row.clone().expect("a row"), 1).await;
        assert_eq!(counted.expect("counted").score, 1);
    }
    for (player, _) in &others {
        let added = P::add_blindly(&mut first, player.0, 1).await;
        added.expect("added");
    }
    P::commit(first).await;
    store.count(row, 1).await.expect("counted");
    history_holds(&mut store).await;
    assert_eq!(score(&place, ada).await, 2);
}

/// Each on players of its own, all of whom have their first point of the quarter hour before them:
/// neither the game's connections nor those of others wait for each other, let alone for ever.
async fn writers_of_different_players_never_meet<P: Served>(place: P) {
    const WRITERS: i64 = 32;
    const PLAYERS: i64 = 20;
    let mut store = place.store();
    store.open().await.expect("it opens");
    let rows = (1..=WRITERS * PLAYERS).map(|id| format!("({id}, 'p{id}', 0)"));
    let rows: Vec<String> = rows.collect();
    place.ask(&format!(
        "INSERT INTO users (id, name, score) VALUES {}",
        rows.join(",")
    ));
    let ready = Arc::new(Barrier::new(2 * WRITERS as usize));
    let mut writing = Vec::new();
    for writer in 0..WRITERS {
        let (mut store, url) = (place.store(), direct(&place));
        let (theirs, ours) = (Arc::clone(&ready), Arc::clone(&ready));
        // Neighbours in the table belong to different writers.
        let own = move |nth: i64| nth * WRITERS + writer + 1;
        writing.push(tokio::spawn(async move {
            let client = ClientId::new_v4();
            store.open().await.expect("it opens");
            ours.wait().await;
            for nth in 0..PLAYERS / 2 {
                let row = store.register(client, PlayerId(own(nth))).await;
                let row = row.expect("a row");
                for upto in 1..=3 {
                    store.count(row, upto).await.expect("counted at once");
                }
            }
        }));
        writing.push(tokio::spawn(async move {
            let mut conn = P::connection(&url).await.expect("a connection");
            theirs.wait().await;
            for nth in PLAYERS / 2..PLAYERS {
                for _ in 0..3 {
                    let added = P::add_blindly(&mut conn, own(nth), 1).await;
                    added.expect("added at once");
                }
            }
        }));
    }
    for writer in writing {
        writer.await.expect("no deadlock");
    }
    history_holds(&mut store).await;
    assert_eq!(
        place.ask("SELECT SUM(score) FROM users"),
        (WRITERS * PLAYERS * 3).to_string()
    );
}

async fn a_score_of_32_bits_fills_up_and_stays<P: Served>(place: P) {
    place
        .sql(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100), email VARCHAR(100),
                                 score INTEGER);
             INSERT INTO users VALUES (1, 'Ada', NULL, 2147483646)",
        )
        .await;
    let mut store = place.store();
    store.open().await.expect("open");
    let row = store.register(ClientId::new_v4(), PlayerId(1)).await;
    let row = row.expect("a row");
    let full = store.count(row, 2).await.expect_err("too large");
    assert_eq!(full, StoreError::ScoreFull);
    assert_eq!(full.remedy(), Remedy::Refuse);
    let counted = Counted {
        score: i64::from(i32::MAX),
        counted: 1,
        ..Counted::default()
    };
    assert_eq!(store.count(row, 1).await, Ok(counted));
    assert_eq!(store.count(row, 2).await, Err(StoreError::ScoreFull));
    assert_eq!(score(&place, PlayerId(1)).await, i64::from(i32::MAX));
}

async fn what_passes_is_tried_again_and_what_is_full_is_not<P: Served>(place: P) {
    let (mut store, player, row) = playing::<P>(&direct(&place)).await;
    for code in P::PASSING {
        place.fail_updates(code);
        let error = store.count(row, 1).await.expect_err("it fails");
        assert_eq!(error.remedy(), Remedy::Retry, "{code}: {error}");
    }
    assert_eq!(score(&place, player).await, 0);
}

/// Where an engine answers contention with an error, that can be any statement's answer.
async fn contention_passes_in_whatever_is_asked<P: Served>(place: P) {
    let (mut store, player, _) = playing::<P>(&direct(&place)).await;
    let code = P::PASSING[0];
    place.fail_updates(code);
    let busy = |error: StoreError| {
        assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
        assert!(error.wrote_nothing());
    };
    let ada = entry("Ada L.", "");
    busy(store.edit(player, &ada).await.expect_err("it fails"));
    place.fail_inserts("click_sessions", code);
    let client = ClientId::new_v4();
    let registered = store.register(client, player).await;
    busy(registered.expect_err("it fails"));
    place.fail_inserts("users", code);
    busy(store.add(&ada).await.expect_err("it fails"));

    let Some(fresh) = P::new() else { return };
    fresh.fail_migrations(code);
    busy(fresh.store().open().await.expect_err("it fails"));
    fresh.let_migrations_pass();
    fresh.store().open().await.expect("it opens");
}

async fn a_lock_that_nobody_gives_up_is_waited_for_only_so_long<P: Served>(place: P) {
    let (mut store, player, row) = playing::<P>(&direct(&place)).await;
    let holder = place.begin_adding(player.0).await;
    let started = Instant::now();
    let error = store.count(row, 1).await.expect_err("it is locked");
    assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
    assert!(started.elapsed() < Duration::from_secs(5));
    drop(holder);
}

/// Refused so at the start, in words of its own and without the password.
pub async fn refusal<P: Served>(url: &str) -> String {
    let error = P::store_at(url).open().await.expect_err("it is refused");
    let stops = Remedy::Stop(BrokenKind::Unreachable);
    assert_eq!(error.remedy(), stops, "{error}");
    let words = format!("{error} {error:?}");
    assert!(!words.contains(SECRET), "{words}");
    error.to_string()
}

async fn what_is_wrong_with_the_address_is_said_without_the_password<P: Served>(place: P) {
    let secret = place.url_for("clickoff", SECRET);
    let wrong = refusal::<P>(&secret).await;
    assert!(wrong.contains("password"), "{wrong}");

    let missing = direct(&place).replace(place.name(), "nowhere");
    let missing = refusal::<P>(&missing).await;
    assert!(
        missing.contains("nowhere") && missing.contains("CREATE DATABASE"),
        "{missing}"
    );

    // What is not there yet may come.
    let port = Port::reserve();
    let deaf = secret.replace(&place.address().to_string(), &port.addr().to_string());
    let deaf = P::store_at(&deaf)
        .open()
        .await
        .expect_err("nobody is there");
    assert_eq!(deaf.remedy(), Remedy::Retry, "{deaf}");
    let nobody = format!("nothing listens at {}", port.addr());
    assert!(deaf.to_string().contains(&nobody), "{deaf}");
    assert!(!format!("{deaf} {deaf:?}").contains(SECRET), "{deaf}");

    // A server that has been there will be back.
    let proxy = Proxy::start(place.address());
    let (mut store, _, row) = playing::<P>(&place.url_via(proxy.addr())).await;
    proxy.refuse();
    proxy.cut();
    for _ in 0..2 {
        let lost = store.count(row, 1).await.expect_err("it is gone");
        assert_eq!(lost.remedy(), Remedy::Retry, "{lost}");
    }
    proxy.accept();
    assert!(store.count(row, 1).await.is_ok());
}

async fn another_programs_tables_and_newer_ones_are_refused<P: Served>(place: P) {
    place.store().open().await.expect("open");
    place
        .sql("UPDATE click_migrations SET version = 9999, description = 'from the future'")
        .await;
    let error = place.store().open().await.expect_err("it is newer");
    assert!(matches!(error, StoreError::Newer { .. }), "{error:?}");
    assert!(error.to_string().contains("from the future"), "{error}");
    let Some(foreign) = P::new() else { return };
    foreign
        .sql("CREATE TABLE users (id INTEGER PRIMARY KEY, login VARCHAR(9))")
        .await;
    let error = foreign.store().open().await.expect_err("it is foreign");
    assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
    assert!(error.to_string().contains("no column name"), "{error}");
    let tables = foreign.ask(&format!(
        "SELECT COUNT(*) FROM information_schema.tables
         WHERE table_schema IN ('public', '{}') AND table_name LIKE 'click%'",
        foreign.name()
    ));
    assert_eq!(tables, "0", "nothing was made");
}

on_servers!(new:
    a_count_is_one_round_trip,
    the_round_trip_is_that_of_the_look,
    a_half_dead_connection_counts_nothing_twice,
    a_late_commit_is_seen,
    a_history_is_begun_beside_open_transactions,
    writers_of_different_players_never_meet,
    a_score_of_32_bits_fills_up_and_stays,
    what_passes_is_tried_again_and_what_is_full_is_not,
    contention_passes_in_whatever_is_asked,
    a_lock_that_nobody_gives_up_is_waited_for_only_so_long,
    what_is_wrong_with_the_address_is_said_without_the_password,
    another_programs_tables_and_newer_ones_are_refused,
);

#[tokio::test]
async fn a_dump_without_its_procedure_is_mended() {
    let Some(place) = crate::places::MariaDb::new() else {
        return;
    };
    let (_, _, row) = playing::<crate::places::MariaDb>(&direct(&place)).await;
    use crate::contract::Place;
    use crate::places::OnServer;
    for procedure in ["count", "register", "retire", "session"] {
        place.ask(&format!("DROP PROCEDURE click_{procedure}"));
    }
    let mut store = place.store();
    store.open().await.expect("open");
    assert!(store.count(row, 1).await.is_ok());
}
