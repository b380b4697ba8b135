//! Adds clicks through the store in large commits, and simulates runs of the program that end or
//! crash.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clickoff::game::PlayerId;
use clickoff::store::{AnyStore, ClientId, Remedy, SessionId, Store};
use tokio::task::JoinSet;

use super::places::Place;

/// The clicks in one commit.
pub const FOLDED: u64 = 135;

/// The number of connections.
const WRITERS: usize = 8;

/// Adds clicks for the players in turn, in permanent sessions; returns the number of commits.
pub async fn make(place: &Place, players: &[PlayerId], clicks: u64) -> u64 {
    let left = Arc::new(AtomicU64::new(clicks / FOLDED));
    let mut writing = JoinSet::new();
    for writer in 0..WRITERS.min(players.len()) {
        let mut store = place.store();
        let left = Arc::clone(&left);
        let own: Vec<PlayerId> = players
            .iter()
            .copied()
            .skip(writer)
            .step_by(WRITERS)
            .collect();
        writing.spawn(async move {
            store.open().await.expect("it opens");
            let client = ClientId::new_v4();
            let mut sessions = Vec::new();
            for player in own {
                sessions.push((store.register(client, player).await.expect("a row"), 0));
            }
            let taken = |left: u64| left.checked_sub(1);
            let mut at = 0;
            while left
                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken)
                .is_ok()
            {
                let (session, upto) = &mut sessions[at];
                *upto += FOLDED;
                count(&mut store, *session, *upto).await;
                at = (at + 1) % sessions.len();
            }
            store.retire(client).await.expect("leaving in order");
        });
    }
    writing.join_all().await;
    clicks / FOLDED
}

async fn count(store: &mut AnyStore, session: SessionId, upto: u64) {
    loop {
        store.turn().await.expect("a turn");
        match store.count(session, upto).await {
            Ok(_) => return,
            Err(error) if error.remedy() == Remedy::Retry => {}
            Err(error) => panic!("a click is not counted: {error}"),
        }
    }
}

/// Simulates runs that press once each, of which every other one crashes; returns the number of
/// clicks.
pub async fn run_and_crash(place: &Place, player: PlayerId, runs: u32) -> u64 {
    let mut store = place.store();
    store.open().await.expect("it opens");
    for run in 0..runs {
        let client = ClientId::new_v4();
        let session = store.register(client, player).await.expect("a row");
        count(&mut store, session, 1).await;
        if run % 2 == 0 {
            store.retire(client).await.expect("leaving in order");
        }
    }
    u64::from(runs)
}

/// Removes all sessions that may be removed.
pub async fn tidy(place: &Place) {
    let mut store = place.store();
    store.open().await.expect("it opens");
    while store.tidy(ClientId::new_v4()).await.expect("tidied") {}
}
