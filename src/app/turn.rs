//! Takes turns at drawing, in a process that draws for many terminals.
//!
//! Drawing is the largest cost of a game. The number of games that draw at the same time is
//! limited, so that a core is left for what must not wait: keys, commits and replies. A game that
//! waits handles everything that comes meanwhile, and then draws the newest state. So too many
//! players cost frames, and never presses. Nothing of this runs while nobody wants to draw.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// The turns, in the order of asking.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores.saturating_sub(1).max(1)))
});

/// The future of a turn.
type Asked = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

/// One game's turn to draw.
#[derive(Default)]
pub enum Turn {
    /// Not asked for.
    #[default]
    None,
    /// Waiting.
    Asked(Asked),
    /// It may draw now.
    Mine(#[expect(dead_code, reason = "dropped, it is the next one's")] OwnedSemaphorePermit),
}

impl Turn {
    /// Whether it is waiting.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Asked(_))
    }

    /// Whether it may draw now.
    pub fn is_mine(&self) -> bool {
        matches!(self, Self::Mine(_))
    }

    /// Ready once it may draw. The first call asks for a turn, and later calls keep the place in
    /// the queue.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Self::None = self {
            *self = Self::Asked(Box::pin(Arc::clone(&TURNS).acquire_owned()));
        }
        if let Self::Asked(asked) = self {
            let given = std::task::ready!(asked.as_mut().poll(cx));
            // The semaphore is never closed.
            *self = given.map_or(Self::None, Self::Mine);
        }
        Poll::Ready(())
    }

    /// Passes the turn on to the next game.
    pub fn release(&mut self) {
        if self.is_mine() {
            *self = Self::None;
        }
    }
}
