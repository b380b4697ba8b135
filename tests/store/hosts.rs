//! Several hosts of one database: which one is used, and what happens when it fails.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use clickoff::message::{Command, Reply};
use clickoff::store::{ClientId, Remedy, Store, StoreError};
use clickoff::words::Say;

use crate::places::{Served, on_servers};
use crate::servers::{playing, worker_at};
use crate::support::port::Port;
use crate::support::proxy::Proxy;

/// Long enough for whatever has to come on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// The database's URL by several addresses.
fn url_of(place: &impl Served, hosts: &[SocketAddr]) -> String {
    let hosts: Vec<String> = hosts.iter().map(SocketAddr::to_string).collect();
    let direct = place.url_via(place.address());
    direct.replace(&place.address().to_string(), &hosts.join(","))
}

fn connections(proxy: &Proxy) -> u64 {
    proxy.counters().connections
}

async fn the_next_host_is_taken_when_one_is_gone<P: Served>(place: P) {
    let [first, second] = [(); 2].map(|()| Proxy::start(place.address()));
    first.refuse();
    let url = url_of(&place, &[first.addr(), second.addr()]);
    let (mut store, _, row) = playing::<P>(&url).await;
    assert!(connections(&second) > 0);

    // It stays where it is while that works.
    first.accept();
    let before = connections(&first);
    for upto in 1..=10 {
        store.count(row, upto).await.expect("counted");
    }
    assert_eq!(connections(&first), before);

    // When it fails, the first that works is taken.
    second.cut();
    let lost = store.count(row, 11).await.expect_err("it is cut");
    assert!(matches!(lost, StoreError::Lost { .. }), "{lost:?}");
    let address = second.addr().to_string();
    assert!(lost.to_string().contains(&address), "{lost}");
    let counted = store.count(row, 11).await.expect("counted");
    assert_eq!((counted.score, counted.counted), (11, 11));
    assert_eq!(connections(&first), before + 1);

    // With none left, each is named with what is wrong with it, and it is tried again.
    first.refuse();
    second.refuse();
    first.cut();
    store.count(row, 12).await.expect_err("it is cut");
    let away = store.count(row, 12).await.expect_err("none is left");
    assert_eq!(away.remedy(), Remedy::Retry);
    assert!(away.wrote_nothing());
    for proxy in [&first, &second] {
        let why = format!("nothing listens at {}", proxy.addr());
        assert!(away.to_string().contains(&why), "{away}");
    }
    second.accept();
    assert!(store.count(row, 12).await.is_ok());
}

async fn a_host_that_hangs_is_left_and_tried_last<P: Served>(place: P) {
    let [first, second] = [(); 2].map(|()| Proxy::start(place.address()));
    let url = url_of(&place, &[first.addr(), second.addr()]);
    let (mut store, _, row) = playing::<P>(&url).await;
    let before = connections(&first);
    first.freeze();
    let started = Instant::now();
    let lost = store.count(row, 1).await.expect_err("no answer");
    assert!(lost.to_string().contains("in time"), "{lost}");
    assert!(started.elapsed() >= Duration::from_secs(4));
    let counted = store.count(row, 1).await.expect("counted");
    assert_eq!(counted.score, 1);
    assert_eq!(connections(&first), before, "it was not asked again");
    // What was held back arrives at last, and counts nothing twice.
    first.thaw();
    let counted = store.count(row, 2).await.expect("counted");
    assert_eq!(counted.score, 2);
}

async fn a_host_that_never_answers_leaves_time_for_the_next<P: Served>(place: P) {
    let [first, second] = [(); 2].map(|()| Proxy::start(place.address()));
    first.freeze();
    let url = url_of(&place, &[first.addr(), second.addr()]);
    let mut store = P::store_at(&url);
    store.open().await.expect("it opens on the second");
    assert!(connections(&second) > 0);
}

/// Two servers, of which one takes no writes.
async fn a_host_that_takes_no_writes_is_passed_over<P: Served>(place: P) {
    let Some(standby) = P::alone() else { return };
    let direct = place.url_via(place.address());
    let name = P::store_at(&direct).open().await.expect("open").database;
    // The same name on both, as a copy would have it.
    standby.ask(&format!("CREATE DATABASE {}", place.name()));
    standby.take_no_writes();
    let url = url_of(&place, &[standby.address(), place.address()]);
    let opened = P::store_at(&url).open().await.expect("open");
    assert_eq!(opened.database, name);

    let port = Port::reserve();
    let hosts = [standby.address(), port.addr()];
    let url = url_of(&place, &hosts);
    let away = P::store_at(&url).open().await.expect_err("no host is left");
    assert_eq!(away.remedy(), Remedy::Retry);
    let words = away.to_string();
    assert!(words.contains("takes no writes now"), "{words}");
    assert!(words.contains("nothing listens"), "{words}");
}

/// The game comes up without its server, and plays as soon as that is there.
async fn a_game_waits_for_a_server_that_is_not_there_yet<P: Served>(place: P) {
    let proxy = Proxy::start(place.address());
    proxy.refuse();
    let url = place.url_via(proxy.addr());
    let kept = tempfile::tempdir().expect("a directory");
    let mut worker = worker_at::<P>(&url, kept.path(), ClientId::new_v4());
    let mut next = async || {
        let reply = tokio::time::timeout(LIMIT, worker.replies.recv()).await;
        reply.expect("an answer in time").expect("a worker")
    };
    let Reply::Trouble(trouble) = next().await else {
        panic!("no trouble")
    };
    assert!(
        matches!(&trouble.what, Say::Store(StoreError::Away { why, .. }) if why.contains("nothing listens")),
        "{trouble:?}"
    );
    proxy.accept();
    loop {
        match next().await {
            Reply::Trouble(_) | Reply::Recovered => {}
            Reply::Opened { .. } => break,
            reply => panic!("{reply:?}"),
        }
    }
    worker.handle.send(Command::Leave);
}

/// The link freezes for longer than an answer is waited for: that is told, the presses are kept on
/// this machine, and after the thaw each of them counts once.
async fn a_link_frozen_for_long_keeps_every_press<P: Served>(place: P) {
    let proxy = Proxy::start(place.address());
    let url = place.url_via(proxy.addr());
    let (_, player, _) = playing::<P>(&url).await;
    let kept = tempfile::tempdir().expect("a directory");
    let client = ClientId::new_v4();
    let mut worker = worker_at::<P>(&url, kept.path(), client);
    let letter = kept.path().join(format!("{client}.json"));
    let press = |times: u64| {
        for _ in 0..times {
            worker.handle.send(Command::Press(player, 1));
        }
    };
    let mut hear = async |wanted: &dyn Fn(&Reply) -> bool| {
        let hearing = async {
            loop {
                let reply = worker.replies.recv().await.expect("a worker");
                if wanted(&reply) {
                    return;
                }
            }
        };
        tokio::time::timeout(LIMIT, hearing)
            .await
            .expect("an answer in time");
    };
    let counted = |presses: u64| move |reply: &Reply| matches!(reply, Reply::Counted { counted, .. } if *counted == presses);
    hear(&|reply| matches!(reply, Reply::Opened { .. })).await;
    press(10);
    hear(&counted(10)).await;
    let before = connections(&proxy);
    proxy.freeze();
    press(5);
    hear(&|reply| matches!(reply, Reply::Trouble(t) if t.unkept.is_none())).await;
    assert!(letter.exists(), "kept while the link is frozen");
    press(5);
    proxy.thaw();
    hear(&counted(20)).await;
    assert!(
        connections(&proxy) > before,
        "the old connection is dropped"
    );
    worker.handle.send(Command::Leave);
    hear(&|reply| matches!(reply, Reply::Left(farewell) if farewell.kept == 0)).await;
    assert!(!letter.exists());
    let score = format!("SELECT score FROM users WHERE id = {}", player.0);
    assert_eq!(place.ask(&score), "20");
}

on_servers!(for_faults:
    the_next_host_is_taken_when_one_is_gone,
    a_host_that_hangs_is_left_and_tried_last,
    a_host_that_never_answers_leaves_time_for_the_next,
    a_host_that_takes_no_writes_is_passed_over,
    a_game_waits_for_a_server_that_is_not_there_yet,
    a_link_frozen_for_long_keeps_every_press,
);
