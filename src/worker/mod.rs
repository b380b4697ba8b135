//! Carries commands to the store and its answers back: folding, retrying, watching, leaving.
//!
//! Three tasks share a ledger of presses. The *front* takes commands at once, whatever the store is
//! doing. The *scorer* owns the writing store and runs one transaction at a time. The *watcher*
//! owns the reading store. No store future is ever cancelled: what must not wait stands beside it.

mod account;
mod backoff;
mod front;
mod ledger;
mod listing;
mod outbox;
mod past;
mod round_trip;
mod scorer;
mod watcher;

use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinHandle;

use crate::game::PlayerId;
use crate::message::{Command, Reply, Trouble};
use crate::store::{ClientId, Store, StoreError};
use ledger::Ledger;

pub use outbox::{Adopted, FileOutbox, KeptPresses, Letter, Outbox, letters, presses_kept};
pub use past::ranking;

/// The worker's clockwork.
#[derive(Debug, Clone, Copy)]
pub struct Timing {
    /// Between two looks for what others changed.
    pub poll: Duration,
    /// Between two looks at a race that is watched.
    pub race: Duration,
    /// From opening the database to the first such look.
    pub first_look: Duration,
    /// The longest wait for a drain at leaving.
    pub drain: Duration,
    /// The first wait before a retry; each further one is twice as long.
    pub first_retry: Duration,
    /// The longest wait before a retry.
    pub longest_retry: Duration,
    /// The wait where somebody has to mend something first.
    pub mend: Duration,
    /// From opening the database to telling it to forget old clients.
    pub first_tidy: Duration,
    /// Between two such times, and so between two times of saying that this run is there.
    pub tidy: Duration,
    /// Until the next time where there is more to forget.
    pub tidy_more: Duration,
    /// A failure that passes faster than this is not worth the player's attention.
    pub patience: Duration,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            poll: Duration::from_millis(400),
            race: Duration::from_millis(200),
            first_look: Duration::from_millis(30),
            drain: Duration::from_secs(5),
            first_retry: Duration::from_millis(20),
            longest_retry: Duration::from_secs(3),
            mend: Duration::from_secs(5),
            first_tidy: Duration::from_secs(10),
            tidy: Duration::from_secs(24 * 60 * 60),
            tidy_more: Duration::from_secs(1),
            patience: Duration::from_millis(300),
        }
    }
}

/// The ends of the channels to a running worker.
#[derive(Debug)]
pub struct Worker {
    /// Takes commands; dropped, it is an order to leave.
    pub commands: UnboundedSender<Command>,
    /// Gives answers; the last is [`Reply::Left`] or [`Reply::Broken`].
    pub replies: UnboundedReceiver<Reply>,
    /// Ends when the worker has ended.
    pub task: JoinHandle<()>,
}

/// Starts the worker on the current tokio runtime. The two stores lead to the same database.
pub fn spawn<S: Store, W: Store, O: Outbox>(
    scoring: S,
    watching: W,
    outbox: O,
    client: ClientId,
    timing: Timing,
) -> Worker {
    let (commands, inbox) = unbounded_channel();
    let (outgoing, replies) = unbounded_channel();
    let shared = Arc::new(Shared::new(client, timing));
    let (events, from_tasks) = unbounded_channel();
    let (opened, cursor) = oneshot::channel();
    let scorer = scorer::Scorer::new(scoring, Arc::clone(&shared), events.clone());
    let scorer = tokio::spawn(scorer.run(opened));
    let watcher = tokio::spawn(watcher::watch(
        watching,
        Arc::clone(&shared),
        events,
        cursor,
    ));
    let front = front::Front::new(shared, outbox, outgoing);
    let task = tokio::spawn(front.run(inbox, from_tasks, scorer, watcher));
    Worker {
        commands,
        replies,
        task,
    }
}

/// What the three tasks share.
#[derive(Debug)]
struct Shared {
    ledger: Mutex<Ledger>,
    /// Players whose score was committed since the watcher last began to read: what it reads of
    /// them may be older than what the screen already has.
    committed: Mutex<HashSet<PlayerId>>,
    /// Told when there may be work for the scorer.
    work: Notify,
    /// What the watcher was asked about the past.
    questions: Mutex<past::Questions>,
    /// Told when there is such a question.
    asked: Notify,
    /// Whom the list is to be opened at, where it is not everyone.
    sought: Mutex<Option<String>>,
    /// Told when a wait before a retry is to end early.
    hurry: Notify,
    timing: Timing,
}

impl Shared {
    fn new(client: ClientId, timing: Timing) -> Self {
        Self {
            ledger: Mutex::new(Ledger::new(client)),
            committed: Mutex::default(),
            work: Notify::new(),
            questions: Mutex::default(),
            asked: Notify::new(),
            sought: Mutex::default(),
            hurry: Notify::new(),
            timing,
        }
    }

    /// The ledger, also after a panic elsewhere: its numbers are whole at every moment, and the
    /// presses in it are what must survive.
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sought(&self) -> Option<String> {
        let sought = self.sought.lock();
        sought.unwrap_or_else(PoisonError::into_inner).take()
    }

    fn seek(&self, name: String) {
        let sought = self.sought.lock();
        *sought.unwrap_or_else(PoisonError::into_inner) = Some(name);
    }

    fn questions(&self) -> MutexGuard<'_, past::Questions> {
        self.questions
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn committed(&self) -> MutexGuard<'_, HashSet<PlayerId>> {
        self.committed
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// What the scorer and the watcher tell the front.
#[derive(Debug)]
enum Event {
    /// The database is open.
    Opened(crate::store::Snapshot, crate::game::Window),
    /// To be passed on as it is.
    Say(Reply),
    /// The store can't take presses now.
    Trouble(crate::message::Trouble),
    /// It can again.
    Calm,
    /// All that this client had in its letter is counted or refused.
    Delivered(ClientId),
    /// The store can't be used any more.
    Broken(crate::store::StoreError),
}

/// A store's error, as the screen is told of it.
fn trouble(error: &StoreError, retry_in: Duration) -> Trouble {
    Trouble {
        what: error.clone().into(),
        retry_in,
        unkept: None,
        offline: error.is_offline(),
    }
}
