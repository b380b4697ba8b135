//! Whose turn it is to draw, where one process draws for many terminals.
//!
//! Drawing is most of what a game costs. So many games draw at a time that a core is left for what
//! must not wait: keys, commits and answers. Who waits for its turn takes in all that comes meanwhile,
//! and then draws what is newest; so what too many players cost is frames, and never presses. Nothing
//! of it runs where nobody wants to draw.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// The turns there are at a time. Who asked first has the next one.
static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(Semaphore::new(cores.saturating_sub(1).max(1)))
});

/// What is awaited for a turn.
type Asked = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

/// One game's turn to draw.
#[derive(Default)]
pub enum Turn {
    /// It has asked for none.
    #[default]
    None,
    /// It waits for one.
    Asked(Asked),
    /// It has it.
    Mine(#[expect(dead_code, reason = "dropped, it is the next one's")] OwnedSemaphorePermit),
}

impl Turn {
    /// Whether it waits for one.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Asked(_))
    }

    /// Whether it has it.
    pub fn is_mine(&self) -> bool {
        matches!(self, Self::Mine(_))
    }

    /// Ready once it has it; asks for it at the first call, and keeps its place at the others.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if let Self::None = self {
            *self = Self::Asked(Box::pin(Arc::clone(&TURNS).acquire_owned()));
        }
        if let Self::Asked(asked) = self {
            let given = std::task::ready!(asked.as_mut().poll(cx));
            // Nobody closes it.
            *self = given.map_or(Self::None, Self::Mine);
        }
        Poll::Ready(())
    }

    /// Gives it to the next one.
    pub fn pass(&mut self) {
        if self.is_mine() {
            *self = Self::None;
        }
    }
}
