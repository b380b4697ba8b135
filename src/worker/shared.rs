//! The state that the worker's tasks share, and the handle by which the game sends commands.
//!
//! Several locks are always taken in this order: `committed`, the keeper's, `ledger`, then any
//! other.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::last_player::{self, LastPlayer};
use super::ledger::Ledger;
use super::questions::Questions;
use super::timing::Timing;
use crate::game::PlayerId;
use crate::game::race::RaceId;
use crate::message::{Command, Question, Reply, StartOn, Trouble};
use crate::store::{ClientId, StoreError};

/// The state of a worker.
#[derive(Debug)]
pub struct Shared {
    ledger: Mutex<Ledger>,
    /// Players whose score was committed since the watcher's current read began. What it reads of
    /// them may be older than what the screen shows.
    committed: Mutex<HashSet<PlayerId>>,
    /// `None` once the last reply is sent.
    replies: Mutex<Option<UnboundedSender<Reply>>>,
    /// Questions for the watcher.
    questions: Mutex<Questions>,
    /// The player to start on.
    start_on: Mutex<Option<StartOn>>,
    /// The directory with the files about the last player, and the database's name.
    memory: Mutex<Option<(PathBuf, String)>>,
    /// Notified when there may be work for the scorer.
    pub work: Notify,
    /// Notified when there is a question for the watcher.
    pub asked: Notify,
    /// Notified when a press came that must be kept in the outbox.
    pub unkept: Notify,
    /// Notified to end the wait before a retry early.
    pub retry_now: Notify,
    /// The intervals and time limits.
    pub timing: Timing,
}

/// Locks a mutex, also after a panic elsewhere: the data is consistent at every moment, and the
/// presses in it must survive.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Shared {
    pub fn new(client: ClientId, timing: Timing, replies: UnboundedSender<Reply>) -> Self {
        Self {
            ledger: Mutex::new(Ledger::new(client)),
            committed: Mutex::default(),
            replies: Mutex::new(Some(replies)),
            questions: Mutex::default(),
            start_on: Mutex::default(),
            memory: Mutex::default(),
            work: Notify::new(),
            asked: Notify::new(),
            unkept: Notify::new(),
            retry_now: Notify::new(),
            timing,
        }
    }

    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    pub fn committed(&self) -> MutexGuard<'_, HashSet<PlayerId>> {
        lock(&self.committed)
    }

    pub fn questions(&self) -> MutexGuard<'_, Questions> {
        lock(&self.questions)
    }

    pub fn start_on(&self) -> MutexGuard<'_, Option<StartOn>> {
        lock(&self.start_on)
    }

    /// Reads the last player on this database from this directory, which is also used for
    /// [`Self::remember`].
    pub fn last_player(&self, directory: PathBuf, database: &str) -> Option<LastPlayer> {
        let last = last_player::read(&directory, database);
        *lock(&self.memory) = Some((directory, database.to_owned()));
        last
    }

    /// Remembers the last player. It is written at once and not by a task, because the worker may
    /// have ended already.
    pub fn remember(&self, player: PlayerId, name: String) {
        let PlayerId(player) = player;
        if let Some((directory, database)) = &*lock(&self.memory) {
            let last = LastPlayer { player, name };
            if let Err(error) = last_player::keep(directory, database, &last) {
                tracing::warn!(%error, "who played last can't be remembered");
            }
        }
    }

    /// Asks the watcher, in place of an earlier question of this kind.
    pub fn ask(&self, question: Question) {
        self.questions().ask(question);
        self.asked.notify_one();
    }

    /// Makes the watcher poll this race instead of any other.
    pub fn watch_race(&self, race: Option<RaceId>) {
        self.questions().watched = race;
        self.asked.notify_one();
    }

    /// Sends a reply, unless the last one was sent.
    pub fn reply(&self, reply: Reply) {
        if let Some(replies) = &*lock(&self.replies) {
            // The screen may be gone; the presses are still drained.
            let _ = replies.send(reply);
        }
    }

    /// Sends the last reply. Later replies, of a task that still waits for a store, are dropped.
    pub fn last_reply(&self, reply: Reply) {
        if let Some(replies) = lock(&self.replies).take() {
            let _ = replies.send(reply);
        }
    }

    /// Whether the last reply was sent, or nobody receives.
    pub fn is_over(&self) -> bool {
        let replies = lock(&self.replies);
        replies.as_ref().is_none_or(UnboundedSender::is_closed)
    }
}

/// An order to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// After all is committed, or at the deadline.
    Leave,
    /// At once.
    LeaveNow,
}

/// A handle to a running worker. Dropping it is an order to leave.
#[derive(Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    orders: UnboundedSender<Order>,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>, orders: UnboundedSender<Order>) -> Self {
        Self { shared, orders }
    }

    /// Records a command and wakes the task for it. It does not fail after the worker has ended:
    /// the last reply said so.
    pub fn send(&self, command: Command) {
        let shared = &self.shared;
        match command {
            Command::Press(player, presses) => {
                let mut ledger = shared.ledger();
                ledger.press(player, presses);
                if ledger.troubled {
                    shared.unkept.notify_one();
                }
            }
            Command::Change(change) => shared.ledger().change(change),
            Command::Ask(question) => shared.ask(question),
            Command::Contest(command) => shared.ledger().contest(command),
            Command::Rest => shared.ledger().resting = true,
            Command::Resume => shared.ledger().resting = false,
            Command::StartOn(start_on) => *shared.start_on() = Some(start_on),
            Command::Remember(player, name) => shared.remember(player, name),
            Command::WatchRace(race) => shared.watch_race(race),
            Command::Leave => {
                // Set here and not by the supervisor, so that the scorer starts nothing new that
                // nobody waits for.
                shared.ledger().leaving = true;
                self.order(Order::Leave);
            }
            Command::LeaveNow => self.order(Order::LeaveNow),
        }
        shared.work.notify_one();
    }

    fn order(&self, order: Order) {
        // If the supervisor is gone, the worker has ended.
        let _ = self.orders.send(order);
    }
}

/// A store's error for the screen.
pub fn trouble(error: &StoreError, retry_in: Duration) -> Trouble {
    Trouble {
        what: error.clone().into(),
        retry_in,
        unkept: None,
        offline: error.is_offline(),
    }
}
