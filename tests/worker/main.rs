//! The worker against a store and a clock that the test controls.

mod contract;
#[path = "../store/contract/counting.rs"]
mod counting;
mod fake;
mod forgetting;
mod leaving;
mod listing;
mod past;
mod presses;
mod properties;
mod races;
mod sprints;
mod watching;

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::message::{Command, Farewell, Reply};
use clickoff::store::ClientId;
use clickoff::worker::{self, Timing, Worker};
use fake::{Fake, FakeOutbox};

const ADA: PlayerId = PlayerId(1);
const BOB: PlayerId = PlayerId(2);

/// A running worker and what it has said so far.
struct Game {
    worker: Worker,
    said: Vec<Reply>,
    client: ClientId,
}

impl Game {
    /// Starts a worker and waits until the database is open.
    async fn start(store: &Fake, outbox: &FakeOutbox) -> Self {
        let mut game = Self::begin(store, outbox);
        game.observe(|r| matches!(r, Reply::Opened { .. })).await;
        game
    }

    /// Starts a worker.
    fn begin(store: &Fake, outbox: &FakeOutbox) -> Self {
        let client = ClientId::new_v4();
        let worker = worker::spawn(
            store.clone(),
            store.clone(),
            outbox.clone(),
            client,
            Timing::default(),
        );
        Self {
            worker,
            said: Vec::new(),
            client,
        }
    }

    fn send(&self, command: Command) {
        self.worker.handle.send(command);
    }

    fn press(&self, player: PlayerId, times: usize) {
        for _ in 0..times {
            self.send(Command::Press(player, 1));
        }
    }

    /// Waits for an answer, keeping those before it.
    async fn observe(&mut self, wanted: impl Fn(&Reply) -> bool) -> Reply {
        let listening = async {
            while let Some(reply) = self.worker.replies.recv().await {
                self.said.push(reply.clone());
                if wanted(&reply) {
                    return reply;
                }
            }
            panic!("the worker ended; it said {:#?}", self.said);
        };
        tokio::time::timeout(Duration::from_secs(3600), listening)
            .await
            .expect("an answer within an hour of the paused clock")
    }

    /// Waits until this number of presses of this run is counted for a player.
    async fn counted(&mut self, player: PlayerId, presses: u64) -> i64 {
        let reply = self
            .observe(|r| matches!(r, Reply::Counted { player: p, counted, .. } if *p == player && *counted == presses))
            .await;
        match reply {
            Reply::Counted { score, .. } => score,
            other => panic!("{other:?}"),
        }
    }

    async fn leave(mut self) -> (Farewell, Vec<Reply>) {
        self.send(Command::Leave);
        match self.observe(|r| matches!(r, Reply::Left(_))).await {
            Reply::Left(farewell) => (farewell, self.said),
            other => panic!("{other:?}"),
        }
    }
}

/// Lets the other tasks run until they all wait.
async fn settle() {
    tokio::time::sleep(Duration::from_micros(1)).await;
}
