//! What the tasks of the worker share, and the handle by which the game books what it asks for.
//!
//! Where several locks are held, they were taken in this order: `committed`, the keeper's, `ledger`,
//! and last any of the others.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::sync::mpsc::UnboundedSender;

use super::last_player::{self, LastPlayer};
use super::ledger::Ledger;
use super::questions::{Question, Questions};
use super::timing::Timing;
use crate::game::PlayerId;
use crate::game::race::RaceId;
use crate::message::{Change, Command, Reply, Sought, Trouble};
use crate::store::{ClientId, StoreError};

/// The state of a worker.
#[derive(Debug)]
pub struct Shared {
    ledger: Mutex<Ledger>,
    /// Players whose score was committed since the watcher last began to read: what it reads of
    /// them may be older than what the screen already has.
    committed: Mutex<HashSet<PlayerId>>,
    /// None once the last reply is sent.
    replies: Mutex<Option<UnboundedSender<Reply>>>,
    /// What the watcher is to answer.
    questions: Mutex<Questions>,
    /// Whom to start on.
    sought: Mutex<Option<Sought>>,
    /// Where it is remembered who was played last, and on which database.
    memory: Mutex<Option<(PathBuf, String)>>,
    /// Told when there may be work for the scorer.
    pub work: Notify,
    /// Told when there is a question for the watcher.
    pub asked: Notify,
    /// Told when a press has come that is to be kept in the outbox.
    pub unkept: Notify,
    /// Told when a wait before a retry is to end early.
    pub retry_now: Notify,
    /// How long to wait for what.
    pub timing: Timing,
}

/// Also after a panic elsewhere: what is locked is whole at every moment, and the presses in it are
/// what must survive.
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
            sought: Mutex::default(),
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

    pub fn sought(&self) -> MutexGuard<'_, Option<Sought>> {
        lock(&self.sought)
    }

    /// Who was played last on this database, which is remembered in this directory from now on.
    pub fn last_player(&self, directory: PathBuf, database: &str) -> Option<LastPlayer> {
        let last = last_player::read(&directory, database);
        *lock(&self.memory) = Some((directory, database.to_owned()));
        last
    }

    /// Remembers who was played last. It is done at once and not by a task, because it may be the
    /// last thing that is asked for, after the worker has ended.
    pub fn remember(&self, player: PlayerId, name: String) {
        let PlayerId(player) = player;
        if let Some((directory, database)) = &*lock(&self.memory) {
            let last = LastPlayer { player, name };
            if let Err(error) = last_player::keep(directory, database, &last) {
                tracing::warn!(%error, "who played last can't be remembered");
            }
        }
    }

    /// Asks the watcher, in the place of what was asked before.
    pub fn ask(&self, question: Question) {
        self.questions().ask(question);
        self.asked.notify_one();
    }

    /// Has the watcher poll this race, and no other.
    pub fn watch_race(&self, race: Option<RaceId>) {
        self.questions().watched = race;
        self.asked.notify_one();
    }

    /// Sends a reply to the screen, unless the last one is sent.
    pub fn reply(&self, reply: Reply) {
        if let Some(replies) = &*lock(&self.replies) {
            // The screen may be gone; the presses are still drained.
            let _ = replies.send(reply);
        }
    }

    /// Replies that what was asked can't be told, and why.
    pub fn reply_unanswered(&self, question: &Question, error: StoreError) {
        let why = error.into();
        self.reply(match question {
            Question::Bests(_) => Reply::NoBests(why),
            Question::Races => Reply::NoRaces(why),
            // Nobody has asked for it.
            Question::OpenRace => return,
            Question::Show(_) | Question::Surround(_) | Question::Search(_) => Reply::NotFound(why),
            Question::Named(name) => Reply::Named(name.clone(), None),
            Question::Rank(..) | Question::Recall(_) => Reply::Forgotten(why),
        });
    }

    /// Sends the last reply. A task that a store still holds up has nothing to add to it.
    pub fn last_reply(&self, reply: Reply) {
        if let Some(replies) = lock(&self.replies).take() {
            let _ = replies.send(reply);
        }
    }

    /// Whether no reply can be sent any more.
    pub fn is_over(&self) -> bool {
        let replies = lock(&self.replies);
        replies.as_ref().is_none_or(UnboundedSender::is_closed)
    }
}

/// An order to leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Once all is committed, or at the deadline.
    Leave,
    /// At once.
    LeaveNow,
}

/// A handle on a running worker; dropped, it is an order to leave.
#[derive(Debug)]
pub struct Handle {
    shared: Arc<Shared>,
    orders: UnboundedSender<Order>,
}

impl Handle {
    pub(super) fn new(shared: Arc<Shared>, orders: UnboundedSender<Order>) -> Self {
        Self { shared, orders }
    }

    /// Books a command and wakes whoever carries it out. A worker that has ended says so by its last
    /// reply, and not here.
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
            Command::Add(entry) => shared.ledger().change(Change::Add(entry)),
            Command::Edit(player, entry) => shared.ledger().change(Change::Edit(player, entry)),
            Command::Remove(player) => shared.ledger().change(Change::Remove(player)),
            Command::BeginSprint(player) => shared.ledger().sprint_begins(player),
            Command::KeepSprint(sprinted) => shared.ledger().sprinted(sprinted),
            Command::Race(player, entrance) => shared.ledger().race(player, entrance),
            Command::ReportRace(progress) => shared.ledger().progress(progress),
            Command::Rest => shared.ledger().resting = true,
            Command::Resume => shared.ledger().resting = false,
            Command::Seek(sought) => *shared.sought() = Some(sought),
            Command::Remember(player, name) => shared.remember(player, name),
            Command::Show(aim) => shared.ask(Question::Show(aim)),
            Command::Surround(player) => shared.ask(Question::Surround(player)),
            Command::Search(wanted) => shared.ask(Question::Search(wanted)),
            Command::Named(name) => shared.ask(Question::Named(name)),
            Command::Rank(period, zone) => shared.ask(Question::Rank(period, zone)),
            Command::Recall(player) => shared.ask(Question::Recall(player)),
            Command::Bests(player) => shared.ask(Question::Bests(player)),
            Command::Races => shared.ask(Question::Races),
            Command::WatchRace(race) => shared.watch_race(race),
            Command::Leave => {
                // At once, or the scorer could still begin what nobody waits for any more.
                shared.ledger().leaving = true;
                self.order(Order::Leave);
            }
            Command::LeaveNow => self.order(Order::LeaveNow),
        }
        shared.work.notify_one();
    }

    fn order(&self, order: Order) {
        // A supervisor that is gone has ended the worker already.
        let _ = self.orders.send(order);
    }
}

/// A store's error, as the screen shows it.
pub fn trouble(error: &StoreError, retry_in: Duration) -> Trouble {
    Trouble {
        what: error.clone().into(),
        retry_in,
        unkept: None,
        offline: error.is_offline(),
    }
}
