//! Errors of a server: a refusal is reported once and not repeated, a problem that can be fixed is
//! waited for, and a lock that blocks everybody is named.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use clickoff::message::{BrokenKind, Command, Reply};
use clickoff::store::{ClientId, Remedy, Store, StoreError};
use clickoff::words::Words;

use crate::contract::{Place, entry};
use crate::places::{MariaDb, OnServer, Postgres, Served, on_servers};
use crate::servers::{direct, playing, worker_at};

/// Long enough for whatever has to come on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// Another program's trigger caps the score: what is over it is refused once, by name, and what
/// comes later is counted.
async fn a_press_that_a_trigger_refuses_is_told_once_and_given_up<P: Served>(place: P) {
    let url = direct(&place);
    let (_, player, _) = playing::<P>(&url).await;
    place.ask(P::CAP);
    let kept = tempfile::tempdir().expect("a directory");
    let mut worker = worker_at::<P>(&url, kept.path(), ClientId::new_v4());
    let press = |times| {
        for _ in 0..times {
            worker.handle.send(Command::Press(player, 1));
        }
    };
    press(7);
    let mut refused = Vec::new();
    let mut hear = async |until: &dyn Fn(&Reply) -> bool| loop {
        let reply = tokio::time::timeout(LIMIT, worker.replies.recv()).await;
        let reply = reply.expect("in time").expect("a worker");
        assert!(!matches!(reply, Reply::Trouble(_)), "{reply:?}");
        if let Reply::Refused { presses, why, .. } = &reply {
            refused.push((*presses, Words::default().say(why).into_owned()));
        }
        if until(&reply) {
            return;
        }
    };
    let counted = |presses| move |reply: &Reply| matches!(reply, Reply::Counted { counted, .. } if *counted == presses);
    hear(&counted(7)).await;
    press(1);
    hear(&|reply| matches!(reply, Reply::Refused { .. })).await;
    press(1);
    hear(&|reply| matches!(reply, Reply::Refused { .. })).await;
    place.ask(P::UNCAP);
    press(2);
    hear(&counted(9)).await;
    for (presses, why) in &refused {
        assert_eq!(*presses, 1);
        assert!(why.contains("no more than 7"), "{why}");
        assert!(why.contains("The table users has trigger cap"), "{why}");
        assert!(!why.contains("not known"), "{why}");
    }
    assert_eq!(refused.len(), 2, "{refused:?}");
    let score = format!("SELECT score FROM users WHERE id = {}", player.0);
    assert_eq!(place.ask(&score), "9");
}

/// What refuses one player's presses refuses no other's, though they are counted together.
async fn what_a_trigger_refuses_one_player_is_counted_for_others<P: Served>(place: P) {
    let url = direct(&place);
    let mut store = P::store_at(&url);
    store.open().await.expect("it opens");
    let mut ids = Vec::new();
    for name in ["Ada", "Bob", "Cleo"] {
        ids.push(store.add(&entry(name, "")).await.expect("added").id);
    }
    place.ask(P::CAP);
    let kept = tempfile::tempdir().expect("a directory");
    let mut worker = worker_at::<P>(&url, kept.path(), ClientId::new_v4());
    let mut waiting = HashMap::new();
    for round in 1..=3 {
        for (player, presses) in ids.iter().zip([2, 9, 1]) {
            worker.handle.send(Command::Press(*player, presses));
            *waiting.entry(*player).or_insert(0) += presses;
        }
        while waiting.values().any(|presses| *presses > 0) {
            let reply = tokio::time::timeout(LIMIT, worker.replies.recv()).await;
            match reply.expect("in time").expect("a worker") {
                Reply::Counted {
                    player, counted, ..
                } => {
                    let of = ids.iter().zip([2, 9, 1]).find(|(id, _)| **id == player);
                    assert_ne!(player, ids[1]);
                    let (_, presses) = of.expect("one of them");
                    waiting.insert(player, presses * round - counted);
                }
                Reply::Refused {
                    player, presses, ..
                } => {
                    assert_eq!((player, presses), (ids[1], 9));
                    waiting.insert(player, 0);
                }
                reply => assert!(!matches!(reply, Reply::Trouble(_)), "{reply:?}"),
            }
        }
    }
    let scores = "SELECT score FROM users ORDER BY id";
    let scores: Vec<String> = place.ask(scores).lines().map(str::to_owned).collect();
    assert_eq!(scores, ["6", "0", "3"]);
}

/// A row that somebody holds holds up the presses of its player, and of nobody else.
async fn a_row_that_is_held_holds_up_no_other_player<P: Served>(place: P) {
    let url = direct(&place);
    let (mut store, ada, _) = playing::<P>(&url).await;
    let bob = store.add(&entry("Bob", "")).await.expect("added").id;
    let kept = tempfile::tempdir().expect("a directory");
    let mut worker = worker_at::<P>(&url, kept.path(), ClientId::new_v4());
    let handle = worker.handle;
    let mut hear = async |player, presses| loop {
        let reply = tokio::time::timeout(LIMIT, worker.replies.recv()).await;
        match reply.expect("in time").expect("a worker") {
            Reply::Counted {
                player: who,
                counted,
                ..
            } if (who, counted) == (player, presses) => return,
            _ => {}
        }
    };
    handle.send(Command::Press(ada, 1));
    hear(ada, 1).await;
    handle.send(Command::Press(bob, 1));
    hear(bob, 1).await;
    let holder = place.begin_adding(ada.0).await;
    for presses in 2..=4 {
        handle.send(Command::Press(ada, 1));
        handle.send(Command::Press(bob, 1));
        hear(bob, presses).await;
    }
    drop(holder);
    hear(ada, 4).await;
}

/// Where the server tells whose rule it was, so does the refusal.
async fn a_refusal_names_whose_rule_it_was<P: Served>(place: P) {
    let (mut store, _, row) = playing::<P>(&direct(&place)).await;
    place.ask("ALTER TABLE users ADD CONSTRAINT no_more_than_3 CHECK (score <= 3)");
    let error = store.count(row, 4).await.expect_err("it is refused");
    assert_eq!(error.remedy(), Remedy::Refuse, "{error:?}");
    assert!(error.wrote_nothing());
    assert!(error.to_string().contains("no_more_than_3"), "{error}");
    assert_eq!(store.count(row, 3).await.expect("counted").score, 3);
}

/// What was taken away can come back: the presses are kept for then.
async fn what_is_missing_is_waited_for<P: Served>(place: P) {
    let (mut store, player, row) = playing::<P>(&direct(&place)).await;
    place.ask(P::HIDE_COUNTING);
    let error = store.count(row, 1).await.expect_err("it is not there");
    assert!(matches!(error, StoreError::Missing { .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::Wait);
    assert!(error.wrote_nothing());
    assert!(error.to_string().contains("clickoff verify"), "{error}");
    let score = format!("SELECT score FROM users WHERE id = {}", player.0);
    assert_eq!(place.ask(&score), "0");
}

/// Where its tables can't be put beside what is there, that ends it with a sentence of ours.
async fn a_database_that_cannot_be_set_up_is_told_of<P: Served>(place: P) {
    place.fail_migrations(P::REFUSING);
    let error = place.store().open().await.expect_err("it is refused");
    let stops = Remedy::Stop(BrokenKind::Unreachable);
    assert_eq!(error.remedy(), stops, "{error:?}");
    let words = error.to_string();
    assert!(
        words.contains("can't be mended beside what is there"),
        "{words}"
    );
    place.let_migrations_pass();
    place.store().open().await.expect("it opens");
}

on_servers!(new:
    a_database_that_cannot_be_set_up_is_told_of,
    a_press_that_a_trigger_refuses_is_told_once_and_given_up,
    what_a_trigger_refuses_one_player_is_counted_for_others,
    a_row_that_is_held_holds_up_no_other_player,
    a_refusal_names_whose_rule_it_was,
    what_is_missing_is_waited_for,
);

/// Told by the function, since the server knows no more of a trigger.
#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_names_the_function_of_a_trigger() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, _, row) = playing::<Postgres>(&direct(&place)).await;
    place.ask(Postgres::CAP);
    let error = store.count(row, 8).await.expect_err("it is refused");
    let words = error.to_string();
    assert!(words.contains("no more than 7 (function cap())"), "{words}");
}

/// A row that the policies of a table refuse is no want of a right that anybody could give.
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_that_refuses_a_row_is_a_rule() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, _, row) = playing::<Postgres>(&direct(&place)).await;
    let owner = format!("owner_{}", place.name());
    place.ask(&format!(
        "CREATE ROLE {owner}; GRANT ALL ON ALL TABLES IN SCHEMA public TO {owner};
         GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {owner};
         ALTER TABLE users OWNER TO {owner}; ALTER FUNCTION click_count OWNER TO {owner};
         ALTER TABLE users ENABLE ROW LEVEL SECURITY; ALTER TABLE users FORCE ROW LEVEL SECURITY;
         CREATE POLICY look ON users FOR SELECT USING (TRUE);
         CREATE POLICY cap ON users FOR UPDATE USING (TRUE) WITH CHECK (score < 7);"
    ));
    let error = store.count(row, 7).await.expect_err("it is refused");
    assert_eq!(error.remedy(), Remedy::Refuse, "{error:?}");
    assert!(error.to_string().contains("row-level security"), "{error}");
}

/// Commits that wait for a standby that is not there hold the row, and that is said.
#[tokio::test(flavor = "multi_thread")]
async fn a_synchronous_standby_that_is_missing_is_named() {
    let Some(place) = Postgres::alone() else {
        return;
    };
    let (mut store, _, row) = playing::<Postgres>(&direct(&place)).await;
    place.ask("ALTER SYSTEM SET synchronous_standby_names = 'nobody'; SELECT pg_reload_conf();");
    tokio::time::sleep(Duration::from_millis(500)).await;
    let hung = store.count(row, 1).await.expect_err("nobody answers");
    assert!(matches!(hung, StoreError::Lost { .. }), "{hung:?}");
    let held = store.count(row, 1).await.expect_err("the row is locked");
    assert!(matches!(held, StoreError::Held { .. }), "{held:?}");
    assert_eq!(held.remedy(), Remedy::Retry);
    assert!(held.to_string().contains("synchronous standby"), "{held}");
    // The one that hangs is committed as soon as it may be, and the total is the same.
    place.ask("ALTER SYSTEM RESET synchronous_standby_names; SELECT pg_reload_conf();");
    let begun = Instant::now();
    loop {
        match store.count(row, 1).await {
            Ok(counted) => break assert_eq!(counted.score, 1),
            Err(error) => assert!(begun.elapsed() < LIMIT, "{error}"),
        }
    }
}

/// So does a server that is locked for a backup; a row that somebody locks is something else.
#[tokio::test(flavor = "multi_thread")]
async fn a_lock_over_the_whole_server_is_named() {
    let Some(place) = MariaDb::alone() else {
        return;
    };
    let (mut store, player, row) = playing::<MariaDb>(&direct(&place)).await;
    let mut backup = MariaDb::connection(place.url())
        .await
        .expect("a connection");
    let lock = MariaDb::run(&mut backup, "FLUSH TABLES WITH READ LOCK").await;
    lock.expect("locked");
    let held = store.count(row, 1).await.expect_err("it is locked");
    assert!(matches!(held, StoreError::Held { .. }), "{held:?}");
    assert!(held.to_string().contains("READ LOCK"), "{held}");
    // Who only looks is let in meanwhile.
    let begun = Instant::now();
    place.store().open().await.expect("it opens");
    assert!(begun.elapsed() < Duration::from_secs(9), "it waits once");
    let unlock = MariaDb::run(&mut backup, "UNLOCK TABLES").await;
    unlock.expect("unlocked");
    assert_eq!(store.count(row, 1).await.expect("counted").score, 1);
    let holder = place.begin_adding(player.0).await;
    let busy = store.count(row, 2).await.expect_err("the row is locked");
    assert!(matches!(busy, StoreError::Busy { .. }), "{busy:?}");
    drop(holder);
}
