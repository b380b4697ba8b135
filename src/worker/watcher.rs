//! Owns the reading store and brings others' changes, at a cost that grows with those alone.

use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::oneshot;

use super::{Event, Shared};
use crate::message::Reply;
use crate::store::{Cursor, Remedy, Store};

/// Watches until the front is gone or the store can't be used any more.
pub async fn watch<S: Store>(
    mut store: S,
    shared: Arc<Shared>,
    events: UnboundedSender<Event>,
    opened: oneshot::Receiver<Cursor>,
) {
    let Ok(mut cursor) = opened.await else {
        return;
    };
    // The first look is early, since from then on the store knows the place that the scorer opened,
    // but leaves the processor to the first frame.
    tokio::time::sleep(shared.timing.first_look).await;
    let mut first = true;
    loop {
        if !std::mem::take(&mut first) {
            store.stirred(shared.timing.poll).await;
        }
        if events.is_closed() {
            return;
        }
        shared.committed().clear();
        let mut changes = match store.changes(cursor).await {
            Ok(Some(changes)) => changes,
            Ok(None) => continue,
            Err(error) if matches!(error.remedy(), Remedy::Stop(_)) => {
                let _ = events.send(Event::Broken(error));
                return;
            }
            Err(error) => {
                tracing::warn!(%error, "watching failed; trying again");
                continue;
            }
        };
        // Held until the answer is sent, so that no commit's answer can come between.
        let committed = shared.committed();
        let read = changes.players.len();
        changes.players.retain(|p| !committed.contains(&p.id));
        if changes.players.len() == read {
            cursor = changes.cursor;
        }
        if !changes.players.is_empty() || !changes.gone.is_empty() {
            let _ = events.send(Event::Say(Reply::Changed {
                players: changes.players,
                gone: changes.gone,
            }));
        }
    }
}
