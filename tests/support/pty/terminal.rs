//! The terminal's side of a pseudo-terminal: reads what the program writes, and answers as xterm would.

use std::collections::BTreeSet;
use std::io::{self, PipeReader, Read};
use std::num::NonZeroU16;
use std::os::fd::OwnedFd;
use std::process::{Child, ExitStatus};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open, test_kill_process_group};
use rustix::termios::{Winsize, tcsetwinsize};
use vt100::Screen;

/// How often a second a slow line brings something.
const SLICES: usize = 40;

/// The state of a terminal, shared by the test and the thread that reads for it.
pub struct Terminal {
    state: Mutex<State>,
    changed: Condvar,
}

/// What is known of the program and its output, in the order of the output.
pub struct State {
    pub parser: vt100::Parser<Emulator>,
    pub raw: Vec<u8>,
    /// When each chunk of `raw` arrived, and where it ends.
    pub chunks: Vec<(Instant, usize)>,
    /// None once hung up.
    pub master: Option<Arc<OwnedFd>>,
    pub reading: bool,
    /// How many bytes are read a second, where the line is slow.
    pub rate: Option<usize>,
    pub closing: bool,
    pub status: Option<ExitStatus>,
    /// The program has ended, and its output has been read unless reading is paused.
    pub ended: bool,
    /// None once it is empty, for the kernel may then give its number to another.
    pub group: Option<Pid>,
}

impl Terminal {
    pub fn new(master: OwnedFd, cols: u16, rows: u16) -> Self {
        // The real size follows; a parser can't be made without one.
        let size = vt100::Parser::<()>::DEFAULT_ROWS;
        let parser = vt100::Parser::new_with_callbacks(size, size, 0, Emulator::default());
        let mut state = State {
            parser,
            raw: Vec::new(),
            chunks: Vec::new(),
            master: Some(Arc::new(master)),
            reading: true,
            rate: None,
            closing: false,
            status: None,
            ended: false,
            group: None,
        };
        state.resize(cols, rows);
        let (state, changed) = (Mutex::new(state), Condvar::new());
        Self { state, changed }
    }

    /// Locks the state. That a test panicked with it locked doesn't matter: it has yet to clean up.
    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `found` finds something in the state.
    ///
    /// # Panics
    /// At the deadline, and when the program has ended so that nothing more will come.
    #[track_caller]
    pub fn wait<T>(
        &self,
        deadline: Duration,
        what: &str,
        mut found: impl FnMut(&State) -> Option<T>,
    ) -> T {
        let end = Instant::now() + deadline;
        let mut state = self.lock();
        loop {
            if let Some(found) = found(&state) {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            if state.ended || left.is_zero() {
                panic!("waited for {what}\n{}", state.report());
            }
            let woken = self.changed.wait_timeout(state, left);
            state = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Reads for as long as the session lives, and reaps the program.
    ///
    /// A byte from `woken` tells it to look at `master`, `reading` and `closing` again.
    pub fn run(&self, mut child: Child, mut woken: PipeReader) {
        let pid = Pid::from_child(&child);
        let exit = pidfd_open(pid, PidfdFlags::empty()).expect("opening the program's pidfd");
        let mut buffer = vec![0; 64 * 1024];
        let late = send_late();
        loop {
            let state = self.lock();
            if state.closing {
                drop(state);
                child.wait().expect("reaping the program");
                return;
            }
            let (exited, ended) = (state.status.is_some(), state.ended);
            let master = state.master.clone().filter(|_| state.reading);
            let slice = state.rate.map_or(buffer.len(), |rate| rate / SLICES);
            let slow = state.rate.is_some() && !exited;
            drop(state);
            if slow {
                thread::sleep(Duration::from_secs(1) / SLICES as u32);
            }

            let mut fds = vec![PollFd::new(&woken, PollFlags::IN)];
            fds.extend(master.iter().map(|fd| PollFd::new(fd, PollFlags::IN)));
            if !exited {
                fds.push(PollFd::new(&exit, PollFlags::IN));
            }
            let at_once = (exited && !ended).then(Timespec::default);
            if poll(&mut fds, at_once.as_ref()).is_err() {
                continue; // interrupted by a signal
            }
            let ready = |fd: &PollFd| !fd.revents().is_empty();
            let (is_woken, exits) = (ready(&fds[0]), !exited && fds.last().is_some_and(ready));
            if is_woken {
                _ = woken.read(&mut buffer);
            }

            let mut state = self.lock();
            let count = state.read(&mut buffer[..slice]);
            let replies = std::mem::take(&mut state.parser.callbacks_mut().replies);
            if exits {
                state.status = Some(child.wait().expect("reaping the program"));
                state.group = Some(pid).filter(|pid| test_kill_process_group(*pid).is_ok());
            }
            // A read that begins after the exit and finds nothing has had everything before it.
            state.ended |= exited && count == 0;
            let delay = state.parser.callbacks().delay;
            match (master.filter(|_| !replies.is_empty()), delay) {
                // Before any key that is pressed because of what is on the screen now. Replies that
                // nobody reads are lost, rather than holding up the output.
                (Some(master), None) => _ = send(&master, &replies, Duration::from_secs(1)),
                (Some(master), Some(delay)) => _ = late.send((master, replies, delay)),
                (None, _) => {}
            }
            drop(state);
            self.changed.notify_all();
        }
    }
}

impl State {
    /// Reads what there is, without waiting for more; returns how many bytes.
    fn read(&mut self, buffer: &mut [u8]) -> usize {
        let master = self.master.as_ref().filter(|_| self.reading);
        let count = master.map_or(Ok(0), |fd| rustix::io::read(fd, &mut *buffer));
        let count = count.unwrap_or(0); // EAGAIN, for there is nothing
        if count > 0 {
            self.raw.extend_from_slice(&buffer[..count]);
            self.chunks.push((Instant::now(), self.raw.len()));
            self.parser.process(&buffer[..count]);
        }
        count
    }

    /// Sets the size in cells for the program, whom the kernel tells by SIGWINCH, and for the screen.
    #[track_caller]
    pub fn resize(&mut self, cols: u16, rows: u16) {
        let master = self.master.as_ref().expect("the terminal was hung up");
        let size = Winsize {
            ws_row: rows,
            ws_col: cols,
            ws_xpixel: 0,
            ws_ypixel: 0,
        };
        tcsetwinsize(master, size).expect("setting the terminal's size");
        // One that tells no size has one all the same.
        let rows = NonZeroU16::new(rows).unwrap_or(vt100::Parser::<()>::DEFAULT_ROWS);
        let cols = NonZeroU16::new(cols).unwrap_or(vt100::Parser::<()>::DEFAULT_COLS);
        self.parser.set_size(rows, cols);
    }

    /// All that helps to see why a test failed.
    pub fn report(&self) -> String {
        let status = self.status.map(|status| status.to_string());
        let status = status.as_deref().unwrap_or("still running");
        let tail = self.raw[self.raw.len().saturating_sub(2000)..].escape_ascii();
        let screen = self.parser.screen().contents();
        format!("program: {status}\n--- screen ---\n{screen}\n--- last output ---\n{tail}\n---")
    }
}

/// What vt100 leaves to others: the answers to queries, the title, and the modes it doesn't know.
#[derive(Default)]
pub struct Emulator {
    replies: Vec<u8>,
    /// Whether it knows synchronized output, and says so.
    pub synchronizes: bool,
    /// The window's title.
    pub title: String,
    /// Titles that were put away.
    pub titles: Vec<String>,
    /// Of focus reports, urxvt mouse reports and synchronized output, those that are on.
    pub modes: BTreeSet<u16>,
    /// The flags of the kitty keyboard protocol that it knows; none where it does not speak it.
    pub kitty: Option<u16>,
    /// Whether it answers nothing at all.
    pub is_silent: bool,
    /// How long its answers are on their way.
    pub delay: Option<Duration>,
    /// The protocol's flags that were pushed and not popped.
    pub key_flags: Vec<u16>,
}

impl vt100::Callbacks for Emulator {
    fn set_window_title(&mut self, _: &mut Screen, title: &[u8]) {
        self.title = String::from_utf8_lossy(title).into_owned();
    }

    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        prefix: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        let answered = self.replies.len();
        let modes = params.concat().into_iter();
        let modes = modes.filter(|mode| [1004, 1015, 2026].contains(mode));
        match (prefix, params, last) {
            (None, [[6]], 'n') => {
                let ((row, col), (_, cols)) = (screen.cursor_position(), screen.size());
                let col = (col + 1).min(cols.get()); // still in the last column when about to wrap
                self.replies
                    .extend(format!("\x1b[{};{col}R", row + 1).bytes());
            }
            (None, [] | [[0]], 'c') => self.replies.extend(b"\x1b[?64;1;2;6;9;15;18;21;22c"),
            (Some(b'?'), _, 'u') if self.kitty.is_some() => {
                let flags = self.key_flags.last().unwrap_or(&0);
                self.replies.extend(format!("\x1b[?{flags}u").bytes());
            }
            (Some(b'>'), [[flags]], 'u') => {
                self.key_flags.extend(self.kitty.map(|known| flags & known));
            }
            (Some(b'<'), _, 'u') => _ = self.key_flags.pop(),
            (Some(b'?'), [[2026]], 'p') if self.synchronizes => {
                self.replies.extend(b"\x1b[?2026;2$y");
            }
            (None, [[22], [2]], 't') => self.titles.push(self.title.clone()),
            (None, [[23], [2]], 't') => self.title = self.titles.pop().unwrap_or_default(),
            (Some(b'?'), _, 'h') => self.modes.extend(modes),
            (Some(b'?'), _, 'l') => modes.for_each(|mode| _ = self.modes.remove(&mode)),
            _ => {}
        }
        if self.is_silent {
            self.replies.truncate(answered);
        }
    }
}

/// Sends what it is given once the time that goes with it is over, one after the other.
fn send_late() -> mpsc::Sender<(Arc<OwnedFd>, Vec<u8>, Duration)> {
    let (give, given) = mpsc::channel::<(Arc<OwnedFd>, Vec<u8>, Duration)>();
    thread::spawn(move || {
        for (master, bytes, delay) in given {
            thread::sleep(delay);
            _ = send(&master, &bytes, Duration::from_secs(1));
        }
    });
    give
}

/// Writes to the program's input, waiting for room when it is full for at most `patience`.
pub fn send(master: &OwnedFd, mut bytes: &[u8], patience: Duration) -> io::Result<()> {
    let patience = Timespec::try_from(patience).map_err(io::Error::other)?;
    while !bytes.is_empty() {
        match rustix::io::write(master, bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(Errno::AGAIN) => {
                let mut fds = [PollFd::new(master, PollFlags::OUT)];
                if poll(&mut fds, Some(&patience))? == 0 {
                    return Err(io::ErrorKind::TimedOut.into());
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}
