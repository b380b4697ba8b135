//! Presses through a running worker at given moments, and times each till it is committed.
#![allow(dead_code)] // each benchmark uses its own part of this

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use clickoff::game::PlayerId;
use clickoff::message::{Command, Reply};
use clickoff::worker::Worker;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use super::figures::Random;

/// What is pressed: the game's worker, or what another benchmark has in its place.
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

/// What became of the presses.
#[derive(Debug, Default)]
pub struct Pressed {
    /// Of each press, the time till the answer that a commit holds it.
    pub latencies: Vec<Duration>,
    /// The commits that held them.
    pub transactions: u64,
}

/// When to press: each time somewhere in its slot, or those who press together would take turns by
/// themselves.
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

/// Waits till the worker has opened its database; gives the player of a name.
pub async fn opened(worker: &mut Client, name: &str) -> PlayerId {
    loop {
        match worker.replies.recv().await {
            Some(Reply::Opened { window, .. }) => {
                let player = window.players.into_iter().find(|p| p.name == name);
                return player.expect("the player is there").id;
            }
            // A server to which very many come at once lets some wait.
            Some(Reply::Trouble(_) | Reply::Recovered) => {}
            other => panic!("the database did not open: {other:?}"),
        }
    }
}

/// Presses once at each due moment, or at once where it is past, for a player whom this worker has
/// counted `before` presses for; returns when all are committed.
pub async fn press(
    worker: &mut Client,
    player: PlayerId,
    before: usize,
    dues: impl Iterator<Item = Instant>,
) -> Pressed {
    press_and_tell(worker, player, before, dues, |_| {}).await
}

/// The same, and tells the score of each commit.
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
                // Trouble that passes shows in the times.
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

/// Leaves, and waits till the worker has ended in order.
pub async fn leave(worker: Client) {
    (worker.send)(Command::Leave);
    worker.task.await.expect("the worker ends in order");
}
