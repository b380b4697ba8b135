//! The connection to a terminal, local or remote: the output that is queued, and what is known of
//! the terminal.

use std::fmt;
use std::fs::File;
use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError, TryLockResult};
use std::time::Instant;

use futures_util::future::BoxFuture;
use ratatui::layout::Size;

use super::{title, tty};

/// The line to the process's own terminal. It is static, because the panic hook needs it.
pub static OWN: LazyLock<Arc<Line>> = LazyLock::new(Arc::default);

/// A function that sends bytes. Its future ends once they are received.
type Sending = Box<dyn Fn(Vec<u8>) -> BoxFuture<'static, io::Result<()>> + Send + Sync>;

/// A remote terminal.
pub struct Remote {
    size: Mutex<Size>,
    restores_title: bool,
    send: Sending,
}

impl Remote {
    /// Sends bytes.
    pub fn send(&self, bytes: Vec<u8>) -> BoxFuture<'static, io::Result<()>> {
        (self.send)(bytes)
    }
}

/// Output that a terminal has not received yet.
#[derive(Default)]
pub struct Queue {
    /// The process's own terminal, once it is open.
    pub(super) terminal: Option<File>,
    /// Whether the open file is shared with the shell, which wants it to be blocking.
    pub(super) shared: bool,
    /// Whether the terminal supports synchronized output.
    pub(super) synchronized: bool,
    /// Where the frame that is being drawn begins in `bytes`.
    pub(super) frame: Option<usize>,
    pub(super) bytes: Vec<u8>,
    /// Whether bytes are being sent to a remote terminal.
    pub(super) flying: bool,
}

/// The questions to a terminal that wait for an answer.
#[derive(Debug, Default)]
pub struct Asked {
    /// How many answers about the terminal's attributes are still to come.
    pub(super) owed: u32,
    /// When the terminal was first asked.
    pub(super) first: Option<Instant>,
    /// When the terminal was last asked.
    pub(super) last: Option<Instant>,
    /// Whether it has ever answered. Some terminals never do.
    pub(super) answers: bool,
}

/// The line to a terminal.
#[derive(Default)]
pub struct Line {
    queue: Mutex<Queue>,
    asked: Mutex<Asked>,
    /// Whether the game has the terminal.
    on: AtomicBool,
    /// Whether key reports are turned on.
    reports_keys: AtomicBool,
    /// Whether the terminal's old title is on its stack.
    titled: AtomicBool,
    remote: Option<Remote>,
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}

impl Line {
    /// The line to a remote terminal of this size. `restores_title` tells whether it can restore its
    /// title. The future of `send` ends once the bytes are received.
    pub fn to_remote(
        size: Size,
        restores_title: bool,
        send: impl Fn(Vec<u8>) -> BoxFuture<'static, io::Result<()>> + Send + Sync + 'static,
    ) -> Arc<Self> {
        let remote = Remote {
            size: Mutex::new(size),
            restores_title,
            send: Box::new(send),
        };
        Arc::new(Self {
            remote: Some(remote),
            ..Self::default()
        })
    }

    /// The queued output.
    pub fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The queued output, unless another thread has locked it.
    ///
    /// # Errors
    /// As [`Mutex::try_lock`].
    pub fn try_queue(&self) -> TryLockResult<MutexGuard<'_, Queue>> {
        self.queue.try_lock()
    }

    /// The questions that were asked.
    pub fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The remote terminal, if it is one.
    pub fn remote(&self) -> Option<&Remote> {
        self.remote.as_ref()
    }

    /// Whether the game has the terminal.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::SeqCst)
    }

    /// Sets whether the game has the terminal, and returns whether it had.
    pub fn set_on(&self, on: bool) -> bool {
        self.on.swap(on, Ordering::SeqCst)
    }

    /// Whether key reports are turned on.
    pub fn reports_keys(&self) -> bool {
        self.reports_keys.load(Ordering::SeqCst)
    }

    /// Sets whether key reports are turned on, and returns whether they were.
    pub fn set_reports_keys(&self, on: bool) -> bool {
        self.reports_keys.swap(on, Ordering::SeqCst)
    }

    /// Sets whether the old title is on the stack, and returns whether it was.
    pub fn set_titled(&self, on: bool) -> bool {
        self.titled.swap(on, Ordering::SeqCst)
    }

    /// The terminal's size in cells.
    pub fn size(&self) -> Size {
        match &self.remote {
            Some(remote) => *remote.size.lock().unwrap_or_else(PoisonError::into_inner),
            None => tty::size(),
        }
    }

    /// Sets the size of a remote terminal.
    pub fn set_size(&self, size: Size) {
        if let Some(remote) = &self.remote {
            *remote.size.lock().unwrap_or_else(PoisonError::into_inner) = size;
        }
    }

    /// Whether the terminal can restore its old title.
    pub fn restores_title(&self) -> bool {
        match &self.remote {
            Some(remote) => remote.restores_title,
            None => title::can_be_restored(|name| std::env::var_os(name)),
        }
    }
}
