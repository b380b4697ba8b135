//! Takes turns at drawing, in a process that draws for many terminals.
//!
//! Drawing is the largest cost of a game. Each turn comes after everything else that could run
//! then, so that keys, commits and replies never wait for frames. There is one queue for frames that
//! answer their player, and a slower one for effects and the scores of others. A game that waits
//! handles what comes meanwhile, and draws the newest state. So too many players cost frames, and
//! never presses. Nothing of this runs while nobody wants to draw.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// The turns for frames that answer, in the order of asking, and those for all others.
static TURNS: LazyLock<[Arc<Semaphore>; 2]> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    [cores, cores.saturating_sub(1).max(1)].map(|turns| Arc::new(Semaphore::new(turns)))
});

/// For how long games have drawn in turn since the last rest, in microseconds.
static DRAWN: AtomicU64 = AtomicU64::new(0);

/// After how many of them there is a rest as long. A timer can't be much finer.
const REST: u64 = 2_000;

/// How long a turn may be in coming. After that the machine has too much to do.
pub const LONG: Duration = Duration::from_millis(100);

/// The future of a turn.
type Asked = Pin<Box<dyn Future<Output = Result<OwnedSemaphorePermit, AcquireError>> + Send>>;

/// One game's turn to draw.
#[derive(Default)]
pub enum Turn {
    /// Not asked for.
    #[default]
    None,
    /// Waiting since then, for a frame that answers or for another.
    Asked(Asked, Instant, bool),
    /// It may draw now, after it has waited this long.
    Mine(OwnedSemaphorePermit, Duration, bool),
}

impl Turn {
    /// Whether it is waiting.
    pub fn is_asked(&self) -> bool {
        matches!(self, Self::Asked(..))
    }

    /// How long it has waited, if it may draw now.
    pub fn waited(&self) -> Option<Duration> {
        match self {
            Self::Mine(_, waited, _) => Some(*waited),
            _ => None,
        }
    }

    /// Ready once it may draw a frame that answers, or another. The first call asks for a turn, and
    /// later calls keep the place in the queue.
    pub fn poll(&mut self, answers: bool, cx: &mut Context<'_>) -> Poll<()> {
        if let Self::None = self {
            let turn = Arc::clone(&TURNS[usize::from(!answers)]).acquire_owned();
            *self = Self::Asked(Box::pin(turn), Instant::now(), answers);
        }
        if let Self::Asked(asked, since, answers) = self {
            let given = std::task::ready!(asked.as_mut().poll(cx));
            // The semaphore is never closed.
            let (waited, answers) = (since.elapsed(), *answers);
            *self = given.map_or(Self::None, |turn| Self::Mine(turn, waited, answers));
        }
        Poll::Ready(())
    }

    /// Leaves the queue of frames that can wait.
    pub fn hurry(&mut self) {
        if let Self::Asked(.., false) | Self::Mine(.., false) = self {
            *self = Self::None;
        }
    }

    /// Passes the turn on to the next game, if this one has it, behind everything that can run now.
    /// After frames that can wait there is a rest that leaves half of the time to others, or more if
    /// turns are long in coming. `drawn` is how long this frame took.
    pub async fn end(&mut self, drawn: Duration) {
        let Self::Mine(turn, waited, answers) = std::mem::take(self) else {
            return;
        };
        let drawn = u64::try_from(drawn.as_micros()).unwrap_or(u64::MAX);
        if answers || DRAWN.fetch_add(drawn, Ordering::Relaxed) < REST {
            tokio::task::yield_now().await;
            return drop(turn);
        }
        let rests = if waited >= LONG { 3 } else { 1 };
        let rest = Duration::from_micros(DRAWN.swap(0, Ordering::Relaxed)) * rests;
        tokio::spawn(async move {
            tokio::time::sleep(rest).await;
            drop(turn);
        });
    }
}
