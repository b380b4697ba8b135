//! Measures when each commit is seen by clients that did not make it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::pressing::Client;
use clickoff::game::PlayerId;
use clickoff::message::Reply;
use tokio::sync::watch::Receiver;

/// A player's scores, and the time of each.
type Commits = Vec<(i64, Instant)>;

/// When each player had which score, as reported by the clients that pressed.
#[derive(Debug, Clone, Default)]
pub struct Board(Arc<Mutex<HashMap<PlayerId, Commits>>>);

impl Board {
    /// Records a commit.
    pub fn committed(&self, player: PlayerId, score: i64) {
        let mut board = self.0.lock().expect("nobody panics with it");
        let commits = board.entry(player).or_default();
        commits.push((score, Instant::now()));
    }

    /// How long each commit up to this score took to be seen, beginning with number `seen`.
    fn see(&self, player: PlayerId, score: i64, seen: &mut usize) -> Vec<Duration> {
        let board = self.0.lock().expect("nobody panics with it");
        let commits = board.get(&player).map_or(&[][..], Vec::as_slice);
        let news = commits[*seen..].iter().take_while(|(at, _)| *at <= score);
        let news: Vec<Duration> = news.map(|(_, at)| at.elapsed()).collect();
        *seen += news.len();
        news
    }
}

/// Reads the answers of a client that does not press, until it is told to quit; returns the age of
/// each commit when it was seen, if a board is given.
pub async fn look_on(
    mut worker: Client,
    board: Option<Board>,
    mut leave: Receiver<bool>,
) -> (Client, Vec<Duration>) {
    let mut ages = Vec::new();
    let mut seen: HashMap<PlayerId, usize> = HashMap::new();
    loop {
        let reply = tokio::select! {
            reply = worker.replies.recv() => reply,
            left = leave.wait_for(|leave| *leave) => {
                left.expect("whoever says it is still there");
                return (worker, ages);
            }
        };
        match reply {
            Some(Reply::Changed { players, .. }) => {
                for player in players.iter() {
                    if let Some(board) = &board {
                        let seen = seen.entry(player.id).or_default();
                        ages.extend(board.see(player.id, player.score, seen));
                    }
                }
            }
            Some(Reply::Broken { why, .. }) => panic!("a client that watches ended: {why:?}"),
            Some(_) => {}
            None => panic!("a client that watches ended"),
        }
    }
}
