//! Carries out commands on the database and sends replies; retries, watches for changes, and ends
//! in time.
//!
//! The [`Handle`] records commands in state that it shares with three tasks. The *scorer* owns the
//! writing store and runs one transaction at a time. The *watcher* owns the reading store. The
//! *supervisor* ends both in time. All of them answer on one channel. No store future is ever
//! cancelled: what must not wait for the store is in another task.

mod backoff;
pub mod guests;
mod keeper;
mod last_player;
mod ledger;
mod listing;
mod outbox;
mod past;
mod questions;
mod round_trip;
mod scorer;
mod shared;
mod supervisor;
mod timing;
mod watcher;

use std::sync::Arc;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::message::Reply;
use crate::store::{ClientId, Store};
use keeper::Keeper;
use scorer::Scorer;
use shared::Shared;

pub use last_player::{LastPlayer, read as last_player};
pub use outbox::{
    Adopted, FileOutbox, KeptPresses, Outbox, OutboxEntry, outbox_entries, presses_kept,
};
pub use past::ranking;
pub use shared::Handle;
pub use timing::Timing;

/// A running worker.
#[derive(Debug)]
pub struct Worker {
    /// Takes commands. Dropping it is an order to leave.
    pub handle: Handle,
    /// The replies. The last one is [`Reply::Left`] or [`Reply::Broken`].
    pub replies: UnboundedReceiver<Reply>,
    /// Ends when the worker has ended.
    pub task: JoinHandle<()>,
}

/// Starts the worker on the current tokio runtime. Both stores must be of the same database.
pub fn spawn<S: Store, W: Store, O: Outbox>(
    scoring: S,
    watching: W,
    outbox: O,
    client: ClientId,
    timing: Timing,
) -> Worker {
    let (answers, replies) = unbounded_channel();
    let (orders, to_supervisor) = unbounded_channel();
    let (opened, beginning) = oneshot::channel();
    let shared = Arc::new(Shared::new(client, timing, answers));
    let keeper = Arc::new(Keeper::new(Arc::clone(&shared), outbox));
    let scorer = Scorer::new(scoring, Arc::clone(&shared), Arc::clone(&keeper));
    let scorer = tokio::spawn(scorer.run(opened));
    let watcher = watcher::watch(watching, Arc::clone(&shared), beginning);
    let watcher = tokio::spawn(watcher);
    let handle = Handle::new(Arc::clone(&shared), orders);
    let supervisor = supervisor::supervise(shared, keeper, to_supervisor, scorer, watcher);
    Worker {
        handle,
        replies,
        task: tokio::spawn(supervisor),
    }
}
