//! Ends the worker on an order, at a deadline, or when a task fails.

use std::future::pending;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::{JoinError, JoinHandle};
use tokio::time::{Instant, sleep_until};

use super::keeper::Keeper;
use super::shared::{Order, Shared};
use crate::message::{BrokenKind, Farewell, Reply};
use crate::store::{Remedy, StoreError};
use crate::words::Say;

/// A task. It ends with an error if the store can't be used any more.
pub type Task = JoinHandle<Result<(), StoreError>>;

/// Waits until the worker must end, and ends it. Until then it keeps new presses in the outbox
/// while the store fails.
pub async fn supervise(
    shared: Arc<Shared>,
    keeper: Arc<Keeper>,
    mut orders: UnboundedReceiver<Order>,
    mut scorer: Task,
    mut watcher: Task,
) {
    let mut watching = true;
    let mut listening = true;
    let mut deadline = None;
    let end = loop {
        let out_of_time = async {
            match deadline {
                Some(at) => sleep_until(at).await,
                None => pending().await,
            }
        };
        tokio::select! {
            // A failure comes before an order that came at the same time.
            biased;
            ended = &mut scorer => break ended,
            ended = &mut watcher, if watching => match ended {
                Ok(Ok(())) => watching = false,
                failed => break failed,
            },
            order = orders.recv(), if listening => {
                // A dropped handle means that the game is gone: save what there is and end.
                listening = order.is_some();
                deadline.get_or_insert_with(|| Instant::now() + shared.timing.drain);
                if order == Some(Order::LeaveNow) || drain(&shared, &keeper) {
                    break Ok(Ok(()));
                }
            }
            () = shared.unkept.notified() => keeper.keep_more(),
            () = out_of_time => break Ok(Ok(())),
        }
    };
    watcher.abort();
    keeper.end(|farewell| last_reply(end, farewell));
}

/// Tells the scorer to end once its work is done. Returns true if there is nothing that it could
/// save.
fn drain(shared: &Shared, keeper: &Keeper) -> bool {
    let has_work = {
        let mut ledger = shared.ledger();
        ledger.leaving = true;
        ledger.has_work()
    };
    shared.retry_now.notify_one();
    shared.work.notify_one();
    !has_work && !keeper.is_open()
}

fn last_reply(end: Result<Result<(), StoreError>, JoinError>, farewell: Farewell) -> Reply {
    let (kind, why) = match end {
        Ok(Ok(())) => return Reply::Left(farewell),
        Ok(Err(error)) => match error.remedy() {
            Remedy::Stop(kind) => (kind, error.into()),
            _ => (BrokenKind::Unreachable, error.into()),
        },
        Err(panic) => {
            let panic = panic.to_string();
            (BrokenKind::Internal, Say::PartFailed { panic })
        }
    };
    Reply::Broken {
        why,
        kind,
        farewell,
    }
}
