//! A Galera cluster: clients on all its nodes, one of which dies and comes back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use clickoff::game::contest::Length;
use clickoff::game::race::Entrance;
use clickoff::store::{AnyStore, ClientId, Contests, Remedy, Store, StoreError};
use futures_util::future::join_all;

use crate::contract::entry;
use crate::faults::play;
use crate::places::{MariaDb, Served};
use crate::support::servers::{Galera, MariaDb as Node, require};

/// Long enough for a client to find its next node on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

const NODES: usize = 3;

async fn cluster() -> Option<Arc<Galera>> {
    let starting = tokio::task::spawn_blocking(|| Galera::start(NODES));
    require(starting.await.expect("the nodes start")).map(Arc::new)
}

/// The cluster's URL with the nodes in this order.
fn url(cluster: &Galera, order: impl Iterator<Item = usize>) -> String {
    let first = cluster.node(0);
    let nodes: Vec<String> = order
        .map(|at| cluster.node(at).addr().to_string())
        .collect();
    first
        .url()
        .replace(&first.addr().to_string(), &nodes.join(","))
}

/// How many presses of each client the cluster has counted.
fn counted(node: &Node) -> Vec<u64> {
    let counted = node.sql("SELECT last_seq FROM click_sessions ORDER BY client");
    let counted = counted.lines().map(|line| line.parse().expect("a number"));
    counted.collect()
}

/// Waits till every client has got more presses counted.
fn all_go_on(node: &Node) {
    let started = Instant::now();
    let mut before = Vec::new();
    loop {
        let now = counted(node);
        if before.len() < NODES {
            // Not all have begun.
            before.clone_from(&now);
        } else if now.iter().zip(&before).all(|(now, before)| now > before) {
            return;
        }
        assert!(started.elapsed() < LIMIT, "{before:?}, and then {now:?}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Each client begins at a node of its own, and the first one's dies.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_killed_and_started_again() {
    let Some(cluster) = cluster().await else {
        return;
    };
    let faulty = Arc::clone(&cluster);
    let faults = move || {
        all_go_on(faulty.node(1));
        faulty.node(0).kill9();
        faulty.wait_for_size(1, NODES - 1);
        all_go_on(faulty.node(1));
        faulty.node(0).restart();
        faulty.wait_for_size(1, NODES);
        all_go_on(faulty.node(0));
    };
    let store = |client| -> AnyStore {
        let order = (0..NODES).map(|step| (client + step) % NODES);
        MariaDb::store_at(&url(&cluster, order))
    };
    let (pressed, score) = play(NODES, store, faults).await;
    assert_eq!(score, pressed as i64);
    for at in 0..NODES {
        let scores = cluster.node(at).sql("SELECT score FROM users");
        assert_eq!(scores, score.to_string(), "on node {at}");
    }
}

/// Opens a store as the game does, and tells the database's name.
async fn opened(mut store: AnyStore) -> String {
    let started = Instant::now();
    loop {
        match store.open().await {
            Ok(snapshot) => return snapshot.database,
            Err(error) => {
                assert_eq!(error.remedy(), Remedy::Retry, "{error}");
                assert!(started.elapsed() < LIMIT, "{error}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
}

/// Many clients that open a fresh cluster on all nodes at once set it up once.
#[tokio::test(flavor = "multi_thread")]
async fn a_fresh_cluster_may_be_opened_on_all_nodes_at_once() {
    let Some(cluster) = cluster().await else {
        return;
    };
    let opening: Vec<_> = (0..2 * NODES)
        .map(|client| {
            let url = url(&cluster, std::iter::once(client % NODES));
            tokio::spawn(opened(MariaDb::store_at(&url)))
        })
        .collect();
    let mut names = Vec::new();
    for name in opening {
        names.push(name.await.expect("it opens"));
    }
    names.dedup();
    assert_eq!(names.len(), 1, "one name on all nodes: {names:?}");
}

/// A node that is locked for a backup holds everybody up only for some seconds.
#[tokio::test(flavor = "multi_thread")]
async fn a_node_that_is_locked_is_left_for_the_next() {
    let Some(cluster) = cluster().await else {
        return;
    };
    let mut store = MariaDb::store_at(&url(&cluster, 0..NODES));
    store.open().await.expect("it opens");
    let player = store.add(&entry("Ada", "")).await.expect("added").id;
    let row = store.register(ClientId::new_v4(), player).await;
    let row = row.expect("a row");
    store.count(row, 1).await.expect("counted");
    let mut backup = MariaDb::connection(&cluster.node(0).url())
        .await
        .expect("a connection");
    let lock = MariaDb::run(&mut backup, "FLUSH TABLES WITH READ LOCK").await;
    lock.expect("locked");
    let started = Instant::now();
    let counted = loop {
        match store.count(row, 2).await {
            Ok(counted) => break counted,
            Err(error) => {
                assert_eq!(error.remedy(), Remedy::Retry, "{error}");
                assert!(started.elapsed() < LIMIT, "{error}");
            }
        }
    };
    assert_eq!(counted.score, 2);
    assert_eq!(cluster.node(1).sql("SELECT score FROM users"), "2");
    let unlock = MariaDb::run(&mut backup, "UNLOCK TABLES").await;
    unlock.expect("unlocked");
}

/// Tries a call again as long as it is told that it may work later.
async fn insist<T>(mut call: impl AsyncFnMut() -> Result<T, StoreError>) -> T {
    let started = Instant::now();
    loop {
        match call().await {
            Ok(done) => return done,
            Err(error) => {
                assert_eq!(error.remedy(), Remedy::Retry, "{error}");
                assert!(started.elapsed() < LIMIT, "{error}");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Players that are added on all nodes at once have keys of their own, and those who open a race at
/// once on different nodes race together.
#[tokio::test(flavor = "multi_thread")]
async fn nodes_give_each_player_a_key_and_all_of_them_one_race() {
    const EACH: usize = 8;
    let Some(cluster) = cluster().await else {
        return;
    };
    opened(MariaDb::store_at(&url(&cluster, std::iter::once(0)))).await;
    let adding = (0..NODES).map(|node| {
        let url = url(&cluster, std::iter::once(node));
        async move {
            let mut store = MariaDb::store_at(&url);
            let mut keys = Vec::new();
            for nth in 0..EACH {
                let entry = entry(&format!("{node} {nth}"), "");
                keys.push(insist(async || store.add(&entry).await).await.id);
            }
            let client = ClientId::new_v4();
            let row = insist(async || store.register(client, keys[0]).await).await;
            let open = Entrance::Open(Length::Five);
            let entered = insist(async || store.enter_race(row, open).await).await;
            (keys, entered.expect("a place").race)
        }
    });
    let (mut keys, mut races) = (Vec::new(), Vec::new());
    for (added, race) in join_all(adding).await {
        keys.extend(added);
        races.push(race);
    }
    keys.sort_unstable();
    keys.dedup();
    assert_eq!(keys.len(), NODES * EACH);
    races.dedup();
    assert_eq!(races.len(), 1, "{races:?}");
    for at in 0..NODES {
        let node = cluster.node(at);
        let players = node.sql("SELECT COUNT(*) FROM users; SELECT COUNT(*) FROM click_racers");
        assert_eq!(
            players,
            format!("{}\n{NODES}", NODES * EACH),
            "on node {at}"
        );
    }
}
