//! Runs a program in a pseudo-terminal, so that a test or benchmark can press its keys and read its screen.
#![allow(dead_code, unused_imports)] // each test binary uses its own part of this

use std::io::{PipeWriter, Write};
use std::os::fd::OwnedFd;
use std::process::ExitStatus;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{self, Pid, WaitId, WaitIdOptions};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};

pub use rustix::process::Signal;
pub use vt100::{Cell, Color, MouseProtocolEncoding, MouseProtocolMode, Screen};

#[path = "pty/builder.rs"]
mod builder;
#[path = "pty/terminal.rs"]
mod terminal;
#[path = "pty/usage.rs"]
mod usage;

pub use builder::Builder;
use terminal::Terminal;

/// What xterm sends for keys that have no character of their own.
#[rustfmt::skip]
pub mod key {
    pub const UP: &str = "\x1b[A";
    pub const DOWN: &str = "\x1b[B";
    pub const RIGHT: &str = "\x1b[C";
    pub const LEFT: &str = "\x1b[D";
    pub const HOME: &str = "\x1b[H";
    pub const END: &str = "\x1b[F";
    pub const PAGE_UP: &str = "\x1b[5~";
    pub const PAGE_DOWN: &str = "\x1b[6~";
    pub const ESC: &str = "\x1b";
    pub const ENTER: &str = "\r";
    pub const CTRL_C: &str = "\x03";
    pub const CTRL_D: &str = "\x04";
    pub const CTRL_Z: &str = "\x1a";
}

/// What a key does, as the kitty keyboard protocol numbers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyKind {
    Press = 1,
    Repeat = 2,
    Release = 3,
}

/// A program that runs in its own pseudo-terminal; dropping it kills the program's process group.
///
/// A wait panics at the deadline, or once the program has ended without what is waited for, and
/// tells the screen, the exit status and the last 2,000 bytes of output.
pub struct Session {
    terminal: Arc<Terminal>,
    wake: PipeWriter,
    /// Keeps the terminal's settings beyond the program's end. It doesn't hold up a hang-up: closing
    /// the last descriptor of the master hangs up all of the slave's, whosever they are.
    slave: OwnedFd,
    saved: Termios,
    child: Pid,
    pid: Pid,
    deadline: Duration,
    reader: Option<JoinHandle<()>>,
    _home: tempfile::TempDir,
}

impl Session {
    /// Types text, or a key of [`key`].
    #[track_caller]
    pub fn keys(&self, keys: &str) {
        self.bytes(keys.as_bytes());
    }

    /// Sends bytes as if typed.
    ///
    /// # Panics
    /// When the terminal was hung up, or its input stays full until the deadline.
    #[track_caller]
    pub fn bytes(&self, bytes: &[u8]) {
        terminal::send(&self.master(), bytes, self.deadline).expect("typing into the terminal");
    }

    /// Presses, repeats or lets go a key, as a terminal reports it that speaks the kitty keyboard
    /// protocol; where all keys are not asked for, as one that types the character.
    #[track_caller]
    pub fn key(&self, key: char, kind: KeyKind) {
        const ALL_KEYS: u16 = 8;
        let flags = self.key_flags();
        if flags.last().is_some_and(|flags| flags & ALL_KEYS != 0) {
            self.keys(&format!("\x1b[{};1:{}u", u32::from(key), kind as u8));
        } else if kind != KeyKind::Release {
            self.keys(&key.to_string());
        }
    }

    /// The flags of the kitty keyboard protocol that are pushed and not popped.
    pub fn key_flags(&self) -> Vec<u16> {
        self.terminal.lock().parser.callbacks().key_flags.clone()
    }

    /// Waits until keys are reported one by one, or until they are not.
    #[track_caller]
    pub fn wait_key_reports(&self, on: bool) {
        self.terminal.wait(self.deadline, "key reports", |state| {
            (state.parser.callbacks().key_flags == if on { vec![15] } else { vec![] }).then_some(())
        });
    }

    /// Clicks the left button on a cell, counted from 0, once the program asks for SGR mouse reports.
    #[track_caller]
    pub fn click(&self, col: u16, row: u16) {
        self.mouse(0, col, row, "Mm");
    }

    /// Turns the wheel by one notch over a cell, as [`Session::click`] clicks.
    #[track_caller]
    pub fn wheel(&self, col: u16, row: u16, down: bool) {
        self.mouse(64 + u8::from(down), col, row, "M");
    }

    #[track_caller]
    fn mouse(&self, button: u8, col: u16, row: u16, actions: &str) {
        let wanted = |screen: &Screen| {
            screen.mouse_protocol_mode() != MouseProtocolMode::None
                && screen.mouse_protocol_encoding() == MouseProtocolEncoding::Sgr
        };
        self.wait(wanted, "the program to ask for SGR mouse reports");
        let (col, row) = (col + 1, row + 1);
        for action in actions.chars() {
            self.keys(&format!("\x1b[<{button};{col};{row}{action}"));
        }
    }

    /// Waits until `ready` is true of the screen; returns when the last of its output arrived.
    ///
    /// `ready` has to do with the screen it is given: the session is locked meanwhile.
    #[track_caller]
    pub fn wait(&self, mut ready: impl FnMut(&Screen) -> bool, what: &str) -> Instant {
        self.terminal.wait(self.deadline, what, |state| {
            let arrived = state.chunks.last().map(|(arrived, _)| *arrived);
            ready(state.parser.screen()).then(|| arrived.unwrap_or_else(Instant::now))
        })
    }

    /// Waits until a text is on the screen, as [`Session::wait`] does.
    #[track_caller]
    pub fn wait_text(&self, text: &str) -> Instant {
        let shown = |screen: &Screen| screen.contents().contains(text);
        self.wait(shown, &format!("{text:?} to appear"))
    }

    /// Waits until a text is off the screen, as [`Session::wait`] does.
    #[track_caller]
    pub fn wait_gone(&self, text: &str) -> Instant {
        let gone = |screen: &Screen| !screen.contents().contains(text);
        self.wait(gone, &format!("{text:?} to go"))
    }

    /// Waits until the program has ended, and its output has been read unless reading is paused.
    ///
    /// # Panics
    /// At the deadline, and the session's drop then kills the program.
    #[track_caller]
    pub fn wait_exit(&self) -> ExitStatus {
        let ended = |state: &terminal::State| state.status.filter(|_| state.ended);
        self.terminal
            .wait(self.deadline, "the program to end", ended)
    }

    /// Waits until a signal has stopped the program that was started, some time after it was sent.
    ///
    /// # Panics
    /// When the program ends instead, or at the deadline.
    #[track_caller]
    pub fn wait_stopped(&self) {
        let (child, (tell, answer)) = (self.child, mpsc::channel());
        thread::spawn(move || {
            let events = WaitIdOptions::STOPPED | WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            let event = process::waitid(WaitId::Pid(child), events);
            _ = tell.send(matches!(event, Ok(Some(event)) if event.stopped()));
        });
        if answer.recv_timeout(self.deadline) != Ok(true) {
            panic!(
                "waited for the program to stop\n{}",
                self.terminal.lock().report()
            );
        }
    }

    /// The text on the screen, a line for each of its lines.
    pub fn screen_text(&self) -> String {
        self.screen().contents()
    }

    /// One line of the screen, counted from 0, without trailing blanks.
    #[track_caller]
    pub fn line(&self, row: u16) -> String {
        let line = self.screen().rows(0, u16::MAX).nth(row.into());
        line.expect("the screen has no such line")
            .trim_end()
            .to_owned()
    }

    /// One cell of the screen with its colours and attributes; column and row are counted from 0.
    #[track_caller]
    pub fn cell(&self, col: u16, row: u16) -> Cell {
        let screen = self.screen();
        screen
            .cell(row, col)
            .expect("the screen has no such cell")
            .clone()
    }

    /// The column and row, counted from 0, where a text first stands in a line.
    pub fn find(&self, text: &str) -> Option<(u16, u16)> {
        let screen = self.screen();
        let (rows, cols) = screen.size();
        let rest = |col, row| screen.contents_between(row, col, row, cols.get());
        let mut cells = (0..rows.get()).flat_map(|row| (0..cols.get()).map(move |col| (col, row)));
        cells.find(|&(col, row)| rest(col, row).starts_with(text))
    }

    /// The screen as it is now.
    pub fn screen(&self) -> Screen {
        self.terminal.lock().parser.screen().clone()
    }

    /// All output so far.
    pub fn raw(&self) -> Vec<u8> {
        self.terminal.lock().raw.clone()
    }

    /// When each chunk of output arrived, and the number of bytes that had come by its end.
    pub fn chunks(&self) -> Vec<(Instant, usize)> {
        self.terminal.lock().chunks.clone()
    }

    /// The number of bytes of output so far.
    pub fn bytes_written(&self) -> usize {
        self.terminal.lock().raw.len()
    }

    /// Freezes the terminal: what the program writes fills the kernel's buffer, then it has to wait.
    pub fn pause_reading(&self) {
        self.terminal.lock().reading = false;
        self.wake();
    }

    /// Reads at most so many bytes a second from now on, as a slow line does, or all there is.
    pub fn limit_reading(&self, rate: Option<usize>) {
        self.terminal.lock().rate = rate;
        self.wake();
    }

    /// The title of the terminal's window.
    pub fn title(&self) -> String {
        self.terminal.lock().parser.callbacks().title.clone()
    }

    /// Whether the terminal has room for output. The kernel takes some while nobody reads.
    pub fn takes_output(&self) -> bool {
        let mut fds = [PollFd::new(&self.slave, PollFlags::OUT)];
        // In the middle of a write it seems to have none.
        let patience = Timespec::try_from(Duration::from_millis(20)).expect("a short time");
        poll(&mut fds, Some(&patience)).expect("asking the terminal") > 0
    }

    /// Goes on reading output after [`Session::pause_reading`].
    pub fn resume_reading(&self) {
        let mut state = self.terminal.lock();
        state.reading = true;
        state.ended = false; // there is the rest to read
        drop(state);
        self.wake();
    }

    /// Resizes the terminal, in cells; the kernel sends the program SIGWINCH.
    #[track_caller]
    pub fn resize(&self, cols: u16, rows: u16) {
        // Locked, so that nothing drawn in answer is read before the screen has its new size.
        self.terminal.lock().resize(cols, rows);
    }

    /// Takes the terminal away, as closing its window does: the program is sent SIGHUP and SIGCONT,
    /// its writes and a read under way fail with EIO, and later reads find the end of the file.
    pub fn hang_up(&self) {
        self.terminal.lock().master = None;
        self.wake(); // it is closed once the reader has let go of it too
    }

    /// The program's process id.
    pub fn pid(&self) -> Pid {
        self.pid
    }

    /// Makes the terminal's present foreground job the program that `pid`, `signal`, `is_stopped` and
    /// the measurements are about, instead of the shell that was started to run it.
    ///
    /// Ctrl-Z and SIGTSTP have no effect on the program that the session starts, because that leads
    /// its session, and so is in an orphaned process group. A job of `sh -c 'set -m; …'` isn't.
    #[track_caller]
    pub fn follow_foreground(&mut self) {
        self.pid = tcgetpgrp(self.master()).expect("the terminal has no foreground job");
    }

    /// Sends the program a signal.
    ///
    /// # Panics
    /// When the program has ended.
    #[track_caller]
    pub fn signal(&self, signal: Signal) {
        let state = self.terminal.lock(); // or it could be reaped, and its id be another's
        assert!(
            state.status.is_none(),
            "no program to signal\n{}",
            state.report()
        );
        process::kill_process(self.pid, signal).expect("signalling the program");
    }

    /// Kills the program with SIGKILL, as [`Session::signal`] does.
    #[track_caller]
    pub fn kill9(&self) {
        self.signal(Signal::KILL);
    }

    /// Gives the terminal the settings that it had before the program, as a shell does.
    pub fn set_line_editing(&self) {
        tcsetattr(&self.slave, OptionalActions::Now, &self.saved).expect("set");
    }

    /// What is left in the terminal's input, which the shell would read next; it is read with this.
    pub fn unread(&self) -> String {
        let before = tcgetattr(&self.slave).expect("a terminal");
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(&self.slave, OptionalActions::Now, &raw).expect("set");
        let mut bytes = vec![0; 4096];
        let mut fds = [PollFd::new(&self.slave, PollFlags::IN)];
        let found = poll(&mut fds, Some(&Timespec::default())).expect("asked");
        let count = match found {
            0 => 0,
            _ => rustix::io::read(&self.slave, &mut bytes).expect("read"),
        };
        tcsetattr(&self.slave, OptionalActions::Now, &before).expect("set");
        bytes[..count].escape_ascii().to_string()
    }

    /// Asserts that the terminal is as the program found it; wait for its end, or stop, before.
    ///
    /// # Panics
    /// With a list of what the program left, or when the terminal was hung up.
    #[track_caller]
    pub fn terminal_restored(&self) {
        let termios = tcgetattr(&self.slave).expect("a terminal that was hung up has no settings");
        let (was, is) = (format!("{:?}", self.saved), format!("{termios:?}"));
        let state = self.terminal.lock();
        let emulator = state.parser.callbacks();
        let (screen, modes) = (state.parser.screen(), &emulator.modes);
        let (plain, mouse) = (vt100::Parser::default(), screen.mouse_protocol_mode());
        let plain = plain.screen();
        let left = [
            (was != is, "changed termios"),
            (screen.alternate_screen(), "the alternate screen"),
            (screen.hide_cursor(), "a hidden cursor"),
            (
                screen.cursor_style() != plain.cursor_style(),
                "a cursor style",
            ),
            (mouse != MouseProtocolMode::None, "mouse reports"),
            (screen.bracketed_paste(), "bracketed paste"),
            (screen.application_cursor(), "application cursor keys"),
            (screen.application_keypad(), "the application keypad"),
            (
                screen.attributes_formatted() != plain.attributes_formatted(),
                "text attributes",
            ),
            (!modes.is_empty(), "private modes"),
            (!emulator.key_flags.is_empty(), "key reports"),
            (!emulator.title.is_empty(), "a title"),
            (!emulator.titles.is_empty(), "a title put away"),
        ];
        let left: Vec<_> = left
            .iter()
            .filter(|(left, _)| *left)
            .map(|(_, name)| name)
            .collect();
        let details = format!("termios were {was}\ntermios are  {is}\nprivate modes: {modes:?}");
        assert!(
            left.is_empty(),
            "left behind: {left:?}\n{details}\n{}",
            state.report()
        );
    }

    #[track_caller]
    fn master(&self) -> Arc<OwnedFd> {
        let master = self.terminal.lock().master.clone();
        master.expect("the terminal was hung up")
    }

    fn wake(&self) {
        // It fails only when the reader has panicked, which its own message tells.
        _ = (&self.wake).write_all(&[0]);
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut state = self.terminal.lock();
        state.closing = true;
        if let Some(group) = state.group {
            _ = process::kill_process_group(group, Signal::KILL);
        }
        drop(state);
        self.wake();
        _ = self.reader.take().map(JoinHandle::join);
    }
}
