//! The line to a terminal: the process's own, or one that is far away; what it has yet to take, and
//! what is known of the terminal at its end.

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockResult};
use std::time::Instant;

use futures_util::future::BoxFuture;
use ratatui::layout::Size;

use super::{title, tty};

/// The process's own terminal; the panic hook must know it without a reference to anything.
pub static OWN: Line = Line::new(None);

/// Which line it is.
#[derive(Clone)]
pub enum Way {
    /// To the process's own terminal.
    Own,
    /// To one that is far away.
    Far(Arc<Line>),
}

impl Way {
    /// The way to a terminal of this size that is far away and gives its title back or not; `send`
    /// is done once the bytes are taken.
    pub fn far_away(
        size: Size,
        restores_title: bool,
        send: impl Fn(Vec<u8>) -> BoxFuture<'static, io::Result<()>> + Send + Sync + 'static,
    ) -> Self {
        Self::Far(Arc::new(Line::new(Some(Far {
            size: Mutex::new(size),
            restores_title,
            send: Box::new(send),
        }))))
    }
}

impl Deref for Way {
    type Target = Line;

    fn deref(&self) -> &Line {
        match self {
            Self::Own => &OWN,
            Self::Far(line) => line,
        }
    }
}

impl fmt::Debug for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "Own",
            Self::Far(_) => "Far",
        })
    }
}

/// What takes bytes, and is done once they are taken.
type Sending = Box<dyn Fn(Vec<u8>) -> BoxFuture<'static, io::Result<()>> + Send + Sync>;

/// What a terminal that is far away has in the place of a file.
pub struct Far {
    size: Mutex<Size>,
    restores_title: bool,
    send: Sending,
}

impl Far {
    /// Sends bytes.
    pub fn send(&self, bytes: Vec<u8>) -> BoxFuture<'static, io::Result<()>> {
        (self.send)(bytes)
    }
}

/// What a terminal has yet to take.
pub struct Queue {
    /// The process's own, once it is open.
    pub(super) terminal: Option<File>,
    /// Whether the open file is the shell's too, which wants it to block.
    pub(super) shared: bool,
    /// Whether the terminal knows synchronized output.
    pub(super) synchronized: bool,
    /// Where in the bytes the frame begins that is being drawn.
    pub(super) frame: Option<usize>,
    pub(super) bytes: Vec<u8>,
    /// Whether bytes are on their way to a terminal that is far away.
    pub(super) flying: bool,
}

impl Queue {
    /// One with nothing in it.
    pub const fn empty() -> Self {
        Self {
            terminal: None,
            shared: false,
            synchronized: false,
            frame: None,
            bytes: Vec::new(),
            flying: false,
        }
    }
}

/// Which answers there are to wait for.
#[derive(Debug)]
pub struct Asked {
    /// How many answers to the question for its attributes are still to come.
    pub(super) owed: u32,
    /// When it was asked first.
    pub(super) first: Option<Instant>,
    /// When it was asked last.
    pub(super) last: Option<Instant>,
    /// Whether it has answered anything: a terminal may be one that nobody plays.
    pub(super) answers: bool,
}

impl Asked {
    /// Nothing was asked.
    pub const fn nothing() -> Self {
        Self {
            owed: 0,
            first: None,
            last: None,
            answers: false,
        }
    }
}

/// The line to one terminal.
pub struct Line {
    queue: Mutex<Queue>,
    asked: Mutex<Asked>,
    /// Whether the terminal is ours.
    on: AtomicBool,
    /// Whether the terminal reports keys one by one, as far as it can.
    reports_keys: AtomicBool,
    /// Whether the title that the terminal had is on its stack.
    titled: AtomicBool,
    far: Option<Far>,
}

impl Line {
    const fn new(far: Option<Far>) -> Self {
        Self {
            queue: Mutex::new(Queue::empty()),
            asked: Mutex::new(Asked::nothing()),
            on: AtomicBool::new(false),
            reports_keys: AtomicBool::new(false),
            titled: AtomicBool::new(false),
            far,
        }
    }

    /// What the terminal has yet to take.
    pub fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The same, unless another thread has it.
    ///
    /// # Errors
    /// As [`Mutex::try_lock`].
    pub fn try_queue(&self) -> TryLockResult<MutexGuard<'_, Queue>> {
        self.queue.try_lock()
    }

    /// What it was asked.
    pub fn asked(&self) -> MutexGuard<'_, Asked> {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What there is instead of a file, if it is far away.
    pub fn far(&self) -> Option<&Far> {
        self.far.as_ref()
    }

    /// Whether the terminal is ours.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::SeqCst)
    }

    /// Notes whether it is; tells whether it was.
    pub fn set_on(&self, on: bool) -> bool {
        self.on.swap(on, Ordering::SeqCst)
    }

    /// Whether keys are to be reported one by one, as far as the terminal can.
    pub fn reports_keys(&self) -> bool {
        self.reports_keys.load(Ordering::SeqCst)
    }

    /// Notes whether they are; tells whether they were.
    pub fn set_reports_keys(&self, on: bool) -> bool {
        self.reports_keys.swap(on, Ordering::SeqCst)
    }

    /// Notes whether the terminal's title is ours; tells whether it was.
    pub fn set_titled(&self, on: bool) -> bool {
        self.titled.swap(on, Ordering::SeqCst)
    }

    /// The terminal's size in cells.
    pub fn size(&self) -> Size {
        match &self.far {
            Some(far) => *far.size.lock().unwrap_or_else(PoisonError::into_inner),
            None => tty::size(),
        }
    }

    /// Notes the size of a terminal that is far away.
    pub fn set_size(&self, size: Size) {
        if let Some(far) = &self.far {
            *far.size.lock().unwrap_or_else(PoisonError::into_inner) = size;
        }
    }

    /// Whether the terminal gives back the title that it had.
    pub fn restores_title(&self) -> bool {
        match &self.far {
            Some(far) => far.restores_title,
            None => title::can_be_restored(|name| std::env::var_os(name)),
        }
    }
}
