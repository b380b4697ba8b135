//! Takes turns at drawing what can wait, in a process that draws for many terminals.
//!
//! Drawing is the largest cost of a game. A frame that answers its player is drawn at once; effects
//! and the scores of others take turns, of which each comes after everything else that could run
//! then. A game that waits handles what comes meanwhile, and draws the newest state. So too many
//! players cost such frames, and never presses. Nothing of this runs while nobody wants to draw.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// The turns, in the order of asking.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores.saturating_sub(1).max(1)))
});

/// For how long games have drawn in turn since the last rest, in microseconds.
static DRAWN: AtomicU64 = AtomicU64::new(0);

/// After how many of them there is a rest as long. A timer can't be much finer.
const REST: u64 = 2_000;

/// The future of a turn.
type Asked = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

/// One game's turn to draw.
#[derive(Default)]
pub enum Turn {
    /// Not asked for.
    #[default]
    None,
    /// Waiting since then.
    Asked(Asked, Instant),
    /// It may draw now, after it has waited this long, and since then.
    Mine(OwnedSemaphorePermit, Duration, Instant),
}

impl Turn {
    /// How long it has waited, if it may draw now.
    pub fn waited(&self) -> Option<Duration> {
        match self {
            Self::Mine(_, waited, _) => Some(*waited),
            _ => None,
        }
    }

    /// Ready once it may draw. The first call asks for a turn, and later calls keep the place in
    /// the queue.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Self::None = self {
            let turn = Arc::clone(&TURNS).acquire_owned();
            *self = Self::Asked(Box::pin(turn), Instant::now());
        }
        if let Self::Asked(asked, since) = self {
            let given = std::task::ready!(asked.as_mut().poll(cx));
            // The semaphore is never closed.
            let (waited, now) = (since.elapsed(), Instant::now());
            *self = given.map_or(Self::None, |turn| Self::Mine(turn, waited, now));
        }
        Poll::Ready(())
    }

    /// Leaves the queue.
    pub fn release(&mut self) {
        *self = Self::None;
    }

    /// Passes the turn on to the next game, if this one has it: behind everything that can run now,
    /// and after a rest that leaves half of the time to others.
    pub async fn end(&mut self) {
        let Self::Mine(turn, _, since) = std::mem::take(self) else {
            return;
        };
        let drawn = u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX);
        let drawn = DRAWN.fetch_add(drawn, Ordering::Relaxed) + drawn;
        if drawn < REST {
            tokio::task::yield_now().await;
            return drop(turn);
        }
        DRAWN.store(0, Ordering::Relaxed);
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_micros(drawn)).await;
            drop(turn);
        });
    }
}
