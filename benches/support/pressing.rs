//! Presses through a running worker at given times, and measures each until it is committed.
#![allow(dead_code)] // each benchmark uses its own part of this

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use clickoff::game::PlayerId;
use clickoff::message::{Command, Reply};
use clickoff::worker::Worker;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use super::figures::Random;

/// What is pressed: the game's worker, or the program that it is compared with.
pub struct Client {
    /// Takes commands.
    pub send: Box<dyn Fn(Command) + Send>,
    /// Gives answers.
    pub replies: UnboundedReceiver<Reply>,
    /// Ends when it has ended.
    pub task: JoinHandle<()>,
}

impl From<Worker> for Client {
    fn from(worker: Worker) -> Self {
        let Worker {
            handle,
            replies,
            task,
        } = worker;
        Self {
            send: Box::new(move |command| handle.send(command)),
            replies,
            task,
        }
    }
}

/// The result of the presses.
#[derive(Debug, Default)]
pub struct Pressed {
    /// The time of each press until the answer that it is committed.
    pub latencies: Vec<Duration>,
    /// The number of commits.
    pub transactions: u64,
}

/// The times of the presses. Each is at a random point of its slot; otherwise clients that press in
/// step would take turns.
pub fn dues(
    start: Instant,
    rate: u32,
    presses: u32,
    seed: u64,
) -> impl Iterator<Item = Instant> + Send {
    let slot = Duration::from_secs(1) / rate;
    let mut random = Random::new(seed);
    (0..presses).map(move |n| start + slot * n + random.up_to(slot))
}

/// Waits until the worker has opened its database, and returns the player of this name.
pub async fn opened(worker: &mut Client, name: &str) -> PlayerId {
    loop {
        match worker.replies.recv().await {
            Some(Reply::Opened { window, .. }) => {
                let player = window.players.into_iter().find(|p| p.name == name);
                return player.expect("the player is there").id;
            }
            // If very many connect at once, a server lets some wait.
            Some(Reply::Trouble(_) | Reply::Recovered) => {}
            other => panic!("the database did not open: {other:?}"),
        }
    }
}

/// Presses once at each due time, or at once if it has passed, for a player for whom this worker
/// has already counted `before` presses. Returns when all are committed.
pub async fn press(
    worker: &mut Client,
    player: PlayerId,
    before: usize,
    dues: impl Iterator<Item = Instant>,
) -> Pressed {
    press_and_tell(worker, player, before, dues, |_| {}).await
}

/// As above, and reports the score of each commit.
pub async fn press_and_tell(
    worker: &mut Client,
    player: PlayerId,
    before: usize,
    mut dues: impl Iterator<Item = Instant>,
    mut told: impl FnMut(i64),
) -> Pressed {
    let mut pressed = Pressed::default();
    let mut waiting = VecDeque::new();
    let mut due = dues.next();
    while due.is_some() || !waiting.is_empty() {
        let alarm = tokio::time::sleep_until(due.unwrap_or_else(Instant::now).into());
        tokio::select! {
            reply = worker.replies.recv() => match reply {
                Some(Reply::Counted { counted, score, .. }) => {
                    told(score);
                    let now = Instant::now();
                    let news = (counted as usize).saturating_sub(before + pressed.latencies.len());
                    let news = waiting.drain(..news);
                    pressed.latencies.extend(news.map(|sent| now - sent));
                    pressed.transactions += 1;
                }
                // A temporary error shows in the times.
                Some(
                    Reply::Changed { .. }
                    | Reply::RoundTrip(_)
                    | Reply::Trouble(_)
                    | Reply::Kept(_)
                    | Reply::Recovered
                    | Reply::WatchTrouble(_)
                    | Reply::WatchRecovered,
                ) => {}
                other => panic!("presses in trouble: {other:?}"),
            },
            () = alarm, if due.is_some() => {
                let now = Instant::now();
                while due.is_some_and(|due| due <= now) {
                    waiting.push_back(now);
                    (worker.send)(Command::Press(player, 1));
                    due = dues.next();
                }
            }
        }
    }
    pressed
}

/// Quits, and waits until the worker has ended.
pub async fn leave(worker: Client) {
    (worker.send)(Command::Leave);
    worker.task.await.expect("the worker ends in order");
}
