//! The terminal's modes: taken at the start, given back however the program ends.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::thread;
use std::time::Duration;

use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags,
    PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use ratatui::crossterm::style::Print;
use ratatui::crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::crossterm::{Command, execute, queue};
use ratatui::layout::{Position, Rect};
use ratatui::{Terminal, TerminalOptions, Viewport};
use termina::escape::csi::{Csi, Keyboard};

use super::output::{self, Draft, Drain, Output};
use crate::fault;

/// How long a terminal that is given back may take over what it has yet to take.
const PATIENCE: Duration = Duration::from_secs(1);

/// Whether the terminal is ours; the panic hook must know without a reference to anything.
static ON: AtomicBool = AtomicBool::new(false);

/// Whether the terminal reports keys one by one.
static REPORTS_KEYS: AtomicBool = AtomicBool::new(false);

/// With these, a space comes as a report too. Event types alone leave it a plain character, of
/// which no release can be told.
const KEY_REPORTS: KeyboardEnhancementFlags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES
    .union(KeyboardEnhancementFlags::REPORT_EVENT_TYPES)
    .union(KeyboardEnhancementFlags::REPORT_ALTERNATE_KEYS)
    .union(KeyboardEnhancementFlags::REPORT_ALL_KEYS_AS_ESCAPE_CODES);
/// Whether the title that the terminal had is on its stack.
static TITLED: AtomicBool = AtomicBool::new(false);

/// XTWINOPS: puts the window's title on the terminal's stack, and takes it from there.
const SAVE_TITLE: &str = "\x1b[22;2t";
const RESTORE_TITLE: &str = "\x1b[23;2t";

/// DECRQM: asks whether the terminal knows synchronized output. [`super::events`] gets the answer,
/// if there is one; nothing waits for it.
const ASK_SYNCHRONIZED: &str = "\x1b[?2026$p";

/// What is to be told of panics once the terminal is given back.
static PANICS: Mutex<String> = Mutex::new(String::new());

/// The modes of a terminal, so that a test can play without one.
pub trait Modes {
    /// Takes the terminal: raw, alternate screen, pastes marked, the mouse if asked for. Asks it
    /// whether it can report keys; nothing waits for the answer.
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

    /// Has each key reported with its repeats and its release, by the kitty keyboard protocol; what
    /// is so already stays so. Only for a terminal that knows it.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn report_keys(&mut self, on: bool) -> io::Result<()>;

    /// Whether the terminal is ours to draw on.
    fn are_on(&self) -> bool;

    /// Begins a frame, of which the terminal gets nothing before its end.
    fn begin_frame(&mut self);

    /// Ends a frame, which goes out as a whole.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn end_frame(&mut self) -> io::Result<()>;

    /// Whether the title of the terminal's window is ours.
    fn have_title(&self) -> bool;

    /// Shows a title, which must be harmless.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn show_title(&mut self, title: &str) -> io::Result<()>;

    /// Remembers that there is no terminal any more to be given back.
    fn give_up(&mut self);

    /// Whether the terminal has yet to take something that was written to it: no frame is drawn
    /// then, so that a slow terminal gets fewer of them, each as new as can be.
    fn is_behind(&self) -> bool;

    /// Goes on writing; ready once the terminal has taken everything.
    ///
    /// # Errors
    /// Where the terminal is gone.
    fn poll_catch_up(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>>;
}

/// The terminal that standard output leads to.
#[derive(Debug, Default)]
pub struct RealModes {
    drain: Drain,
    title: bool,
}

impl RealModes {
    /// The modes of a terminal that is not taken yet, with or without its title.
    pub fn new(title: bool) -> Self {
        Self {
            title,
            ..Self::default()
        }
    }
}

impl Modes for RealModes {
    fn enter(&mut self, mouse: bool) -> io::Result<()> {
        ON.store(true, Ordering::SeqCst);
        output::take()?;
        enable_raw_mode()?;
        // All of this goes out with the first frame, in one write: a terminal shows nothing between.
        output::begin_frame();
        let mut output = Output::default();
        queue!(output, EnterAlternateScreen, Hide, EnableBracketedPaste)?;
        if REPORTS_KEYS.swap(false, Ordering::SeqCst) {
            // Stopped by SIGSTOP, it was not given back. Each screen has reports of its own.
            queue!(output, PopKeyboardEnhancementFlags)?;
        }
        // The terminal reads these before the first frame, and so answers before anybody can press
        // a key to leave: no answer is left for the shell. One that does not know a question may
        // print its end, as macOS's Terminal does.
        let ask_key_reports = Csi::Keyboard(Keyboard::QueryFlags);
        queue!(output, Print(ASK_SYNCHRONIZED), Print(ask_key_reports))?;
        queue!(output, Clear(ClearType::All))?;
        if self.title && !TITLED.swap(true, Ordering::SeqCst) {
            queue!(output, Print(SAVE_TITLE))?;
        }
        switch_mouse(&mut output, mouse)
    }

    fn leave(&mut self) {
        restore();
    }

    fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        switch_mouse(&mut Output::default(), on)
    }

    fn begin_frame(&mut self) {
        output::begin_frame();
    }

    fn end_frame(&mut self) -> io::Result<()> {
        output::end_frame()
    }

    fn have_title(&self) -> bool {
        self.title
    }

    fn show_title(&mut self, title: &str) -> io::Result<()> {
        let mut output = Output::default();
        execute!(output, Print(format_args!("\x1b]2;{title}\x07")))
    }

    fn report_keys(&mut self, on: bool) -> io::Result<()> {
        if REPORTS_KEYS.swap(on, Ordering::SeqCst) == on {
            return Ok(());
        }
        let mut output = Output::default();
        if on {
            execute!(output, PushKeyboardEnhancementFlags(KEY_REPORTS))
        } else {
            execute!(output, PopKeyboardEnhancementFlags)
        }
    }

    fn are_on(&self) -> bool {
        ON.load(Ordering::SeqCst)
    }

    fn give_up(&mut self) {
        restore();
    }

    fn is_behind(&self) -> bool {
        output::is_behind()
    }

    fn poll_catch_up(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.drain.poll(cx)
    }
}

fn switch_mouse(output: &mut Output, on: bool) -> io::Result<()> {
    if on {
        execute!(output, MouseReports::<true>)
    } else {
        execute!(output, MouseReports::<false>)
    }
}

/// Gives the terminal back if it is ours; from the panic hook too, and twice is once.
pub fn restore() {
    if !ON.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut output = Output::default();
    if TITLED.swap(false, Ordering::SeqCst) {
        let _ = queue!(output, Print(RESTORE_TITLE));
    }
    if REPORTS_KEYS.swap(false, Ordering::SeqCst) {
        let _ = queue!(output, PopKeyboardEnhancementFlags);
    }
    // Nothing can be done, and nobody told, where the terminal is gone.
    let _ = execute!(
        output,
        MouseReports::<false>,
        DisableBracketedPaste,
        LeaveAlternateScreen,
        Show
    );
    output::give_back(PATIENCE);
    let _ = disable_raw_mode();
    let _ = io::stderr().write_all(std::mem::take(&mut *panics()).as_bytes());
}

/// Makes a panic of this thread, which is the one that draws, give the terminal back before it is
/// reported. Another thread's ends the event loop and is reported then: given back by a thread that
/// doesn't draw, the terminal could get a frame all the same.
///
/// `report` writes a report of the panic, and tells where it is.
pub fn restore_on_panic(
    report: impl Fn(&PanicHookInfo<'_>) -> Option<String> + Send + Sync + 'static,
) {
    let drawing = thread::current().id();
    let show = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if fault::is_foreseen() {
            tracing::error!(%panic, "a panic that is caught");
            return;
        }
        if thread::current().id() == drawing {
            restore();
        }
        tracing::error!(%panic, "a panic");
        let report = report(panic).unwrap_or_default();
        if ON.load(Ordering::SeqCst) {
            *panics() += &format!("{panic}\n{report}");
        } else {
            show(panic);
            let _ = io::stderr().write_all(report.as_bytes());
        }
    }));
}

fn panics() -> MutexGuard<'static, String> {
    PANICS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What is drawn on, and what was drawn and is not yet flushed.
#[derive(Debug)]
pub struct Screen {
    /// A ratatui terminal on standard output.
    pub terminal: Terminal<CrosstermBackend<Output>>,
    /// What it has drawn.
    pub draft: Draft,
    /// Its size.
    pub area: Rect,
}

/// A screen of the size that the terminal has now. It asks nothing else of it, and writes nothing.
///
/// # Errors
/// Where the terminal does not tell its size, or there is no further file descriptor.
pub fn open() -> io::Result<Screen> {
    output::open()?;
    let output = Output::default();
    let draft = output.draft();
    let backend = CrosstermBackend::new(output);
    // A fixed viewport: the event loop resizes it when the size changes, and no frame has to ask.
    let area = Rect::from((Position::ORIGIN, backend.size()?));
    let viewport = Viewport::Fixed(area);
    let terminal = Terminal::with_options(backend, TerminalOptions { viewport })?;
    Ok(Screen {
        terminal,
        draft,
        area,
    })
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
