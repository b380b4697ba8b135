//! Writes to the terminal without blocking. What it does not receive at once is queued.
//!
//! A terminal may stop receiving at any time and for any time, by Ctrl-S, a stopped reader or a
//! broken network, and the thread that draws also saves. The queue of the process's own terminal is
//! static, because the panic hook needs to know what is still in it.
//!
//! A terminal is only known to be slow once the kernel's buffer is full. The fill of a
//! pseudo-terminal's buffer can't be queried: on Linux `TIOCOUTQ` is always 0, even with 16 kB
//! written and none read. So with a reader of 2 kB a second the screen lags by those bytes.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::OpenOptionsExt;
use std::sync::Arc;
use std::sync::TryLockError;
use std::task::{Context, Poll, ready};
use std::thread;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::OFlags;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::line::{Line, OWN, Queue};
use super::{readiness, tty};

/// How often to try a queue that another thread has locked.
const AGAIN: Duration = Duration::from_millis(10);

/// Mode 2026: the terminal shows everything between these two at once.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// Opens standard output's terminal without changing it.
///
/// # Errors
/// If there are too many open files.
pub fn open() -> io::Result<()> {
    let mut queue = OWN.queue();
    if queue.terminal.is_none() {
        let own = open_anew();
        queue.shared = own.is_err();
        queue.terminal = Some(match own {
            Ok(own) => own,
            Err(error) => {
                // For example after `su`, when the device still belongs to the other user.
                tracing::info!(%error, "the terminal can't be opened anew; the shell's is used");
                File::from(io::stdout().as_fd().try_clone_to_owned()?)
            }
        });
    }
    Ok(())
}

/// Opens the terminal and makes writes to it non-blocking.
///
/// # Errors
/// If it can neither be reopened nor be made non-blocking.
pub fn open_nonblocking() -> io::Result<()> {
    open()?;
    OWN.queue().block(false)
}

/// Opens the terminal with a file description of our own, because being non-blocking is a property
/// of the description.
fn open_anew() -> io::Result<File> {
    let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
    OpenOptions::new()
        .write(true)
        .custom_flags(flags.bits().cast_signed())
        .open(tty::path()?)
}

/// Writes the queue and these last bytes for at most `patience`, and drops the rest. Makes the
/// terminal blocking again if the shell shares it. Returns whether all was written.
///
/// The thread that plays may hang while it writes. Then this gives up after the same time.
pub fn give_back(last: &[u8], patience: Duration) -> bool {
    let end = Instant::now() + patience;
    let left = || end.saturating_duration_since(Instant::now());
    let mut queue = loop {
        match OWN.try_queue() {
            Ok(queue) => break queue,
            Err(TryLockError::Poisoned(queue)) => break queue.into_inner(),
            Err(TryLockError::WouldBlock) if left().is_zero() => return false,
            Err(TryLockError::WouldBlock) => thread::sleep(AGAIN),
        }
    };
    queue.frame = None;
    queue.bytes.extend_from_slice(last);
    let written = loop {
        match queue.push() {
            Ok(()) => break true,
            Err(error) if error.kind() != ErrorKind::WouldBlock => break false,
            Err(_) if left().is_zero() => break false,
            Err(_) => queue.wait(left()),
        }
    };
    queue.bytes.clear();
    // Nobody is left to be told that a terminal is gone.
    let _ = queue.block(true);
    written
}

impl Line {
    /// Begins a frame: until its end, flushes only add to the queue. If it is called again, the
    /// frame begins with what comes from now on, and what was queued goes out before it in the same
    /// write.
    pub fn begin_frame(&self) {
        self.queue().begin_frame();
    }

    /// Ends a frame, and writes what the terminal can receive. An empty frame writes nothing.
    ///
    /// # Errors
    /// If the terminal is gone.
    pub fn end_frame(&self) -> io::Result<()> {
        let mut queue = self.queue();
        let begun = queue.frame.take();
        if queue.synchronized
            && let Some(begun) = begun.filter(|begun| *begun < queue.bytes.len())
        {
            queue.bytes.splice(begun..begun, BEGIN.iter().copied());
            queue.bytes.extend_from_slice(END);
        }
        queue.push_now()
    }

    /// Adds bytes to the queue of a remote terminal.
    pub fn queue_bytes(&self, bytes: &[u8]) {
        self.queue().bytes.extend_from_slice(bytes);
    }

    /// Whether the terminal has not received everything yet, apart from the frame that is being
    /// drawn.
    pub fn is_behind(&self) -> bool {
        let queue = self.queue();
        queue.flying || queue.owed() > 0
    }
}

impl Queue {
    fn begin_frame(&mut self) {
        self.frame = Some(self.bytes.len());
    }

    /// The number of queued bytes before the frame that is being drawn.
    fn owed(&self) -> usize {
        self.frame.unwrap_or(self.bytes.len())
    }

    /// Writes what the terminal can receive now, without the frame that is being drawn.
    ///
    /// # Errors
    /// [`ErrorKind::WouldBlock`] if something is left, or the terminal's error.
    fn push(&mut self) -> io::Result<()> {
        let owed = self.owed();
        // A remote terminal is served by `Drain`.
        let Some(terminal) = &mut self.terminal else {
            return Ok(());
        };
        let mut written = 0;
        let pushed = loop {
            match self.bytes.get(written..owed) {
                None | Some([]) => break Ok(()),
                Some(rest) => match terminal.write(rest) {
                    Ok(0) => break Err(ErrorKind::WriteZero.into()),
                    Ok(count) => written += count,
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    Err(error) => break Err(error),
                },
            }
        };
        self.bytes.drain(..written);
        self.frame = self.frame.map(|begun| begun - written);
        pushed
    }

    /// Writes what the terminal can receive now. The rest stays in the queue.
    ///
    /// # Errors
    /// The terminal's error.
    fn push_now(&mut self) -> io::Result<()> {
        match self.push() {
            Err(error) if error.kind() != ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }

    /// Waits until the terminal can receive something or fails, for at most `patience`.
    fn wait(&self, patience: Duration) {
        if let (Some(terminal), Ok(patience)) = (&self.terminal, patience.try_into()) {
            let _ = poll(
                &mut [PollFd::new(terminal, PollFlags::OUT)],
                Some(&patience),
            );
        }
    }

    /// Makes writes blocking or not, if the shell's file description is used.
    fn block(&self, blocks: bool) -> io::Result<()> {
        match &self.terminal {
            Some(terminal) if self.shared => Ok(rustix::io::ioctl_fionbio(terminal, !blocks)?),
            _ => Ok(()),
        }
    }
}

/// A writer to a terminal. A flush adds to the queue, and writes what the terminal can receive.
#[derive(Debug)]
pub struct Output {
    line: Arc<Line>,
    written: Vec<u8>,
}

impl Output {
    /// An empty writer.
    pub fn to(line: &Arc<Line>) -> Self {
        Self {
            line: line.clone(),
            written: Vec::new(),
        }
    }
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.written.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        let mut queue = self.line.queue();
        let length = BEGIN.len() + self.written.len() + END.len();
        queue.bytes.reserve(length);
        queue.bytes.append(&mut self.written);
        if queue.frame.is_some() {
            return Ok(());
        }
        queue.push_now()
    }
}

/// Waits, without a thread, until the terminal has received the queue.
#[derive(Default)]
pub struct Drain {
    /// Set only while there is something to wait for, because a terminal reports every time that it
    /// can receive more.
    waiting: Option<AsyncFd<OwnedFd>>,
    /// What is being sent to a remote terminal.
    sending: Option<BoxFuture<'static, io::Result<()>>>,
}

impl Drain {
    /// Ready once the terminal has received everything.
    ///
    /// # Errors
    /// If the terminal is gone or can't be polled.
    pub fn poll(&mut self, line: &Line, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Some(remote) = line.remote() {
            loop {
                if let Some(sending) = &mut self.sending {
                    let sent = ready!(sending.as_mut().poll(cx));
                    self.sending = None;
                    line.queue().flying = false;
                    sent?;
                }
                let mut queue = line.queue();
                if queue.bytes.is_empty() {
                    return Poll::Ready(Ok(()));
                }
                queue.flying = true;
                queue.frame = None;
                self.sending = Some(remote.send(std::mem::take(&mut queue.bytes)));
            }
        }
        let waiting = match &mut self.waiting {
            Some(waiting) => waiting,
            none => {
                let Some(terminal) = line
                    .queue()
                    .terminal
                    .as_ref()
                    .map(|t| t.as_fd().try_clone_to_owned())
                else {
                    return Poll::Ready(Ok(()));
                };
                none.insert(readiness::of(terminal?, Interest::WRITABLE)?)
            }
        };
        loop {
            let mut guard = ready!(waiting.poll_write_ready(cx))?;
            if let Ok(pushed) = guard.try_io(|_| line.queue().push()) {
                self.waiting = None;
                return Poll::Ready(pushed);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn queued(terminal: File, bytes: &[u8]) -> Queue {
        Queue {
            terminal: Some(terminal),
            bytes: bytes.to_vec(),
            ..Queue::default()
        }
    }

    #[test]
    fn a_terminal_that_has_taken_all_but_the_next_frame_is_not_behind() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let mut queue = queued(File::from(OwnedFd::from(writer)), b"left over");
        queue.begin_frame();
        queue.bytes.extend_from_slice(b", and a frame");
        assert_eq!(queue.owed(), 9);
        queue.push().expect("written");
        assert_eq!(queue.owed(), 0, "what is being drawn is owed to nobody yet");
        queue.frame = None;
        queue.push().expect("written");
        drop(queue);
        let mut taken = String::new();
        reader.read_to_string(&mut taken).expect("text");
        assert_eq!(taken, "left over, and a frame");
    }

    #[test]
    fn what_a_full_terminal_has_taken_of_the_rest_is_not_owed_again() {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        rustix::io::ioctl_fionbio(&writer, true).expect("not blocking");
        let left = vec![b'x'; 100_000];
        let mut queue = queued(File::from(OwnedFd::from(writer)), &left);
        queue.begin_frame();
        queue.bytes.extend_from_slice(b"a frame");
        let full = queue.push().expect_err("it is full");
        assert_eq!(full.kind(), ErrorKind::WouldBlock);
        let taken = left.len() - queue.owed();
        assert!((1..left.len()).contains(&taken), "{taken}");
        let mut buffer = vec![0; taken];
        reader.read_exact(&mut buffer).expect("all of it");
        queue.push().expect("the rest");
        assert_eq!((queue.owed(), &queue.bytes[..]), (0, &b"a frame"[..]));
    }
}
