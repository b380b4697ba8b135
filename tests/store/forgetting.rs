//! Failover to a server that lacks the last transactions, like an asynchronous standby: every press
//! that was shown as saved is saved again, by running clients and from the outbox.

use std::path::Path;
use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::message::{Command, Reply};
use clickoff::store::{ClientId, Store};
use clickoff::worker::{self, FileOutbox, Timing, Worker};

use crate::contract::{Place, entry, history_holds};
use crate::places::{Served, on_servers};

/// Long enough for whatever has to come on a busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A game whose presses wait in this directory while they have to.
fn game(place: &impl Served, outbox: &Path) -> Worker {
    let outbox = FileOutbox::new(outbox.to_owned());
    let client = ClientId::new_v4();
    let timing = Timing::default();
    worker::spawn(place.store(), place.store(), outbox, client, timing)
}

/// The first answer that is wanted.
async fn hear(worker: &mut Worker, wanted: impl Fn(&Reply) -> bool) -> Reply {
    let hear = async {
        loop {
            let reply = worker.replies.recv().await.expect("an answer");
            assert!(!matches!(reply, Reply::Refused { .. }), "{reply:?}");
            if wanted(&reply) {
                return reply;
            }
        }
    };
    tokio::time::timeout(LIMIT, hear).await.expect("in time")
}

async fn press(worker: &mut Worker, player: PlayerId, times: u64, total: u64) -> i64 {
    for _ in 0..times {
        let press = Command::Press(player, 1);
        worker.handle.send(press);
    }
    counted(worker, total).await
}

/// The score once so many presses of the game are saved.
async fn counted(worker: &mut Worker, total: u64) -> i64 {
    let is_all = |r: &Reply| matches!(r, Reply::Counted { counted, .. } if *counted == total);
    match hear(worker, is_all).await {
        Reply::Counted { score, .. } => score,
        other => panic!("{other:?}"),
    }
}

async fn leave(mut worker: Worker) {
    worker.handle.send(Command::Leave);
    hear(&mut worker, |r| matches!(r, Reply::Left(_))).await;
    worker.task.await.expect("an orderly end");
}

/// A game that has taken over the one press in the outbox. A server that a test beside this one is
/// just starting has the lock of it until it is a program of its own.
async fn heir(place: &impl Served, outbox: &Path) -> Worker {
    loop {
        let mut next = game(place, outbox);
        let opened = hear(&mut next, |r| matches!(r, Reply::Opened { .. })).await;
        if matches!(opened, Reply::Opened { kept: 1, .. }) {
            return next;
        }
        leave(next).await;
    }
}

async fn what_a_new_primary_was_not_told_is_saved_again<P: Served>(place: P) {
    let home = tempfile::tempdir().expect("a directory");
    let mut store = place.store();
    store.open().await.expect("it opens");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    let mut before = game(&place, home.path());
    assert_eq!(press(&mut before, ada, 3, 3).await, 3);
    place.copy();
    assert_eq!(press(&mut before, ada, 4, 7).await, 7);
    // This one begins behind the last moment that the standby has.
    let mut after = game(&place, home.path());
    assert_eq!(press(&mut after, ada, 5, 5).await, 12);
    place.fail_over_to_copy();

    // Nobody presses a key.
    for (worker, forgotten) in [(&mut before, 4), (&mut after, 5)] {
        let told = hear(worker, |r| matches!(r, Reply::ServerForgot { .. })).await;
        let Reply::ServerForgot { presses, .. } = told else {
            panic!("{told:?}");
        };
        assert_eq!(presses, forgotten);
    }
    counted(&mut before, 7).await;
    counted(&mut after, 5).await;
    press(&mut before, ada, 1, 8).await;
    press(&mut after, ada, 1, 6).await;
    leave(before).await;
    leave(after).await;
    let player = store.player(ada).await;
    let player = match player {
        Ok(player) => player,
        // Its connection was that to the server before.
        Err(_) => store.player(ada).await.expect("read"),
    };
    assert_eq!(player.expect("Ada").score, 14);
    history_holds(&mut store).await;
}

async fn the_outbox_saves_again_what_a_new_primary_was_not_told<P: Served>(place: P) {
    let home = tempfile::tempdir().expect("a directory");
    let mut store = place.store();
    store.open().await.expect("it opens");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    place.copy();
    let mut killed = game(&place, home.path());
    assert_eq!(press(&mut killed, ada, 6, 6).await, 6);
    // The server is gone before the last press, and the game before the server is back.
    place.kill_and_hold();
    killed.handle.send(Command::Press(ada, 1));
    hear(&mut killed, |r| matches!(r, Reply::Kept(1))).await;
    killed.handle.send(Command::LeaveNow);
    killed.task.await.expect("an end");
    place.fail_over_to_copy();
    let mut next = heir(&place, home.path()).await;
    let told = hear(&mut next, |r| matches!(r, Reply::Delivered { .. })).await;
    assert!(
        matches!(told, Reply::Delivered { score: 7, .. }),
        "{told:?}"
    );
    leave(next).await;
    assert_eq!(worker::outbox_entries(home.path()), []);
}

on_servers!(alone:
    what_a_new_primary_was_not_told_is_saved_again,
    the_outbox_saves_again_what_a_new_primary_was_not_told,
);

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_was_emptied_is_no_failover() {
    let Some(place) = crate::places::Postgres::new() else {
        return;
    };
    let home = tempfile::tempdir().expect("a directory");
    let mut store = place.store();
    store.open().await.expect("it opens");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    let mut game = game(&place, home.path());
    assert_eq!(press(&mut game, ada, 3, 3).await, 3);
    place.sql("TRUNCATE users RESTART IDENTITY").await;
    let bob = store.add(&entry("Bob", "")).await.expect("added").id;
    assert_eq!(bob, ada, "the key is given again");
    place.end_a_connection();
    place.end_a_connection();
    assert_eq!(press(&mut game, bob, 1, 4).await, 1, "Ada's are not Bob's");
    leave(game).await;
}
