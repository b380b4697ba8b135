//! The terminal's modes: taken at the start, given back however the program ends.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{Command, execute};
use ratatui::layout::{Position, Rect};
use ratatui::{Terminal, TerminalOptions, Viewport};

/// Room for a frame, so that it reaches the terminal in one write.
const FRAME_BYTES: usize = 64 * 1024;

/// Whether the terminal is ours; the panic hook must know without a reference to anything.
static ON: AtomicBool = AtomicBool::new(false);

/// What is to be told of panics once the terminal is given back.
static PANICS: Mutex<String> = Mutex::new(String::new());

/// The modes of a terminal, so that a test can play without one.
pub trait Modes {
    /// Takes the terminal: raw, alternate screen, pastes marked, the mouse if asked for.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn enter(&mut self, mouse: bool) -> io::Result<()>;

    /// Gives the terminal back as it was.
    fn leave(&mut self);

    /// Switches mouse reports.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn capture_mouse(&mut self, on: bool) -> io::Result<()>;

    /// Whether the terminal is ours to draw on.
    fn are_on(&self) -> bool;

    /// Remembers that there is no terminal any more to be given back.
    fn give_up(&mut self);
}

/// The terminal that standard output leads to.
#[derive(Debug)]
pub struct RealModes;

impl Modes for RealModes {
    fn enter(&mut self, mouse: bool) -> io::Result<()> {
        ON.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        execute!(
            io::stdout(),
            EnterAlternateScreen,
            Hide,
            EnableBracketedPaste
        )?;
        self.capture_mouse(mouse)
    }

    fn leave(&mut self) {
        restore();
    }

    fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        if on {
            execute!(io::stdout(), MouseReports::<true>)
        } else {
            execute!(io::stdout(), MouseReports::<false>)
        }
    }

    fn are_on(&self) -> bool {
        ON.load(Ordering::SeqCst)
    }

    fn give_up(&mut self) {
        restore();
    }
}

/// Gives the terminal back if it is ours; from the panic hook too, and twice is once.
pub fn restore() {
    if !ON.swap(false, Ordering::SeqCst) {
        return;
    }
    // Nothing can be done, and nobody told, where the terminal is gone.
    let _ = execute!(
        io::stdout(),
        MouseReports::<false>,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    let _ = disable_raw_mode();
    let _ = io::stdout().flush();
    let _ = io::stderr().write_all(std::mem::take(&mut *panics()).as_bytes());
}

/// Makes a panic of this thread, which is the one that draws, give the terminal back before it is
/// reported. Another thread's ends the event loop and is reported then: given back by a thread that
/// doesn't draw, the terminal could get a frame all the same.
pub fn restore_on_panic() {
    let drawing = thread::current().id();
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if thread::current().id() == drawing {
            restore();
        }
        tracing::error!(%panic, "a panic");
        if ON.load(Ordering::SeqCst) {
            *panics() += &format!("{panic}\n");
        } else {
            report(panic);
        }
    }));
}

fn panics() -> MutexGuard<'static, String> {
    PANICS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A ratatui terminal on standard output.
///
/// # Errors
/// Where there is no terminal or no further file descriptor.
pub fn open() -> io::Result<Terminal<CrosstermBackend<BufWriter<File>>>> {
    // Standard output's own buffer would cut a frame into lines.
    let out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
    let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, out));
    // A fixed viewport: the event loop resizes it when the size changes, and no frame has to ask.
    let size = backend.size()?;
    let viewport = Viewport::Fixed(Rect::from((Position::ORIGIN, size)));
    Terminal::with_options(backend, TerminalOptions { viewport })
}

/// Button presses and the wheel, in SGR coordinates. crossterm's own command also asks for every
/// movement, which would wake an idle program whenever the mouse crosses its window.
#[derive(Debug, Clone, Copy)]
struct MouseReports<const ON: bool>;

impl<const ON: bool> Command for MouseReports<ON> {
    fn write_ansi(&self, f: &mut impl std::fmt::Write) -> std::fmt::Result {
        f.write_str(if ON {
            "\x1b[?1000h\x1b[?1006h"
        } else {
            "\x1b[?1006l\x1b[?1000l"
        })
    }
}
