//! Calls of a store that are made again while the database is busy.

use std::time::{Duration, Instant};

use crate::game::{Player, Spot};
use crate::store::{AnyStore, Remedy, Store, StoreError};

/// How long a database that is busy is asked again.
const PATIENCE: Duration = Duration::from_secs(5);

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(100);

/// How many players are read at once where all of them are wanted.
const PAGE: u32 = 1000;

/// Makes a call that may be made twice, again and again while its error is one that passes.
///
/// # Errors
/// What the store said last.
pub async fn retried<T>(call: impl AsyncFnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    retried_if(|_| true, call).await
}

/// The same for a call that may be made again only after some errors.
///
/// # Errors
/// As [`retried`].
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

/// Reads the players behind one, or the first: none behind the last.
///
/// # Errors
/// What the store says.
pub async fn page(
    store: &mut AnyStore,
    after: Option<&Player>,
    many: usize,
) -> Result<Vec<Player>, StoreError> {
    let many = u32::try_from(many).map_or(PAGE, |many| many.min(PAGE));
    retried(async || store.page(after.map(Spot::from), many).await).await
}
