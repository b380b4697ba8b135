//! Repeats calls of a store while the database is busy.

use std::time::{Duration, Instant};

use crate::game::{Player, Spot};
use crate::store::{AnyStore, Remedy, Store, StoreError};

/// How long a busy database is tried again.
const PATIENCE: Duration = Duration::from_secs(5);

/// The pause between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// The number of players in a page.
const PAGE: u32 = 1000;

/// Repeats a call while its error is temporary. The call must be safe to repeat.
pub async fn retried<T>(call: impl AsyncFnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    retried_if(|_| true, call).await
}

/// Repeats a call only after errors that `may` allows.
pub async fn retried_if<T>(
    allow: fn(&StoreError) -> bool,
    mut call: impl AsyncFnMut() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    let end = Instant::now() + PATIENCE;
    loop {
        match call().await {
            Err(error)
                if allow(&error) && error.remedy() == Remedy::Retry && Instant::now() < end =>
            {
                tokio::time::sleep(PAUSE).await;
            }
            done => return done,
        }
    }
}

/// Reads the page of players after this one, or the first page; empty at the end.
pub async fn page(
    store: &mut AnyStore,
    after: Option<&Player>,
    many: usize,
) -> Result<Vec<Player>, StoreError> {
    let many = u32::try_from(many).map_or(PAGE, |many| many.min(PAGE));
    retried(async || store.page(after.map(Spot::from), many).await).await
}
