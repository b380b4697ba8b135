//! The terminal's modes: set at the start, and restored however the program ends.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crossterm::clipboard::CopyToClipboard;
use ratatui::crossterm::cursor::{Hide, Show};
use ratatui::crossterm::event::{
    DisableBracketedPaste, EnableBracketedPaste, KeyboardEnhancementFlags,
    PopKeyboardEnhancementFlags, PushKeyboardEnhancementFlags,
};
use ratatui::crossterm::style::Print;
use ratatui::crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use ratatui::crossterm::{execute, queue};
use ratatui::layout::Rect;

use super::line::{Line, OWN};
use super::output::{self, Output};
use super::parser::Answer;
use super::{questions, tty};
use crate::fault;

/// How long a terminal may take to receive the last output before it is given back.
const PATIENCE: Duration = Duration::from_secs(1);

/// With all of these, a space is reported too. With event types alone it stays a plain character,
/// and its release is not reported.
const KEY_REPORTS: KeyboardEnhancementFlags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES
    .union(KeyboardEnhancementFlags::REPORT_EVENT_TYPES)
    .union(KeyboardEnhancementFlags::REPORT_ALTERNATE_KEYS)
    .union(KeyboardEnhancementFlags::REPORT_ALL_KEYS_AS_ESCAPE_CODES);

/// The flags needed to tell a held space from a pressed one.
const TELL_HELD_KEYS: KeyboardEnhancementFlags = KeyboardEnhancementFlags::REPORT_EVENT_TYPES
    .union(KeyboardEnhancementFlags::REPORT_ALL_KEYS_AS_ESCAPE_CODES);

/// XTWINOPS: saves the window's title on the terminal's stack, and restores it.
const SAVE_TITLE: &str = "\x1b[22;2t";
const RESTORE_TITLE: &str = "\x1b[23;2t";

/// Turns on reports of button presses and the wheel, in SGR coordinates, and turns them off.
/// crossterm's own command also requests every movement, which would wake an idle program whenever
/// the mouse crosses its window.
const MOUSE_ON: &str = "\x1b[?1000h\x1b[?1006h";
const MOUSE_OFF: &str = "\x1b[?1006l\x1b[?1000l";

/// Messages of panics, to be printed once the terminal is restored.
static PANICS: Mutex<String> = Mutex::new(String::new());

/// The modes of one terminal.
#[derive(Debug)]
pub struct Modes {
    line: Arc<Line>,
    title: bool,
    /// Whether to ask for its background colour.
    background: bool,
    protocol: KeyProtocol,
    /// How many answers about the protocol's flags are still to come. All but the last are
    /// outdated.
    owed: u32,
}

/// What is known of the terminal's support for the kitty keyboard protocol.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum KeyProtocol {
    /// It has not answered yet.
    #[default]
    Unknown,
    /// It supports the protocol. Which flags it supports is seen once they are set.
    Known,
    /// It supports too few flags.
    Lacking,
}

impl Modes {
    /// The modes of a terminal that is not changed yet. `title` is for setting its title, and
    /// `background` for asking for its background colour.
    pub fn new(line: Arc<Line>, title: bool, background: bool) -> Self {
        Self {
            line,
            title,
            background,
            protocol: KeyProtocol::default(),
            owed: 0,
        }
    }

    /// Takes the terminal: raw mode, alternate screen, bracketed paste, and the mouse if wanted.
    /// Asks what it supports, without waiting for the answers.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn enter(&mut self, mouse: bool) -> io::Result<()> {
        let line = &*self.line;
        line.set_on(true);
        if line.remote().is_none() {
            output::open_nonblocking()?;
            tty::set_raw()?;
        }
        // All of this goes out in one write with the first frame, so that the terminal shows
        // nothing in between.
        line.begin_frame();
        let mut output = Output::to(&self.line);
        queue!(output, EnterAlternateScreen, Hide, EnableBracketedPaste)?;
        if line.set_reports_keys(false) {
            // After SIGSTOP it was not restored. The alternate screen has its own key reports.
            queue!(output, PopKeyboardEnhancementFlags)?;
        }
        self.protocol = KeyProtocol::Unknown;
        self.owed += 1;
        line.ask();
        queue!(
            output,
            Print(questions::SYNCHRONIZED),
            Print(questions::KEY_FLAGS),
            Print(if self.background {
                questions::BACKGROUND
            } else {
                ""
            }),
            Print(questions::ATTRIBUTES),
            Clear(ClearType::All)
        )?;
        if self.title && !line.set_titled(true) {
            queue!(output, Print(SAVE_TITLE))?;
        }
        switch_mouse(&mut output, mouse)
    }

    /// Restores the terminal.
    pub fn leave(&mut self) {
        restore_line(&self.line);
        // All answers were read.
        self.owed = 0;
    }

    /// Switches mouse reports.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        switch_mouse(&mut Output::to(&self.line), on)
    }

    /// Whether the game sets the window's title.
    pub fn have_title(&self) -> bool {
        self.title
    }

    /// Sets the title, which must not contain control characters.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn show_title(&mut self, title: &str) -> io::Result<()> {
        let mut output = Output::to(&self.line);
        execute!(output, Print(format_args!("\x1b]2;{title}\x07")))
    }

    /// Copies a text to the terminal's clipboard (OSC 52). It is encoded, so nothing in it acts as
    /// a control code.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut output = Output::to(&self.line);
        execute!(output, CopyToClipboard::to_clipboard_from(text))
    }

    /// Turns reports of repeats and releases on or off, by the kitty keyboard protocol, if the
    /// terminal supports it.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn report_keys(&mut self, on: bool) -> io::Result<()> {
        let on = on && self.protocol == KeyProtocol::Known;
        if self.line.set_reports_keys(on) == on {
            return Ok(());
        }
        let mut output = Output::to(&self.line);
        if !on {
            return execute!(output, PopKeyboardEnhancementFlags);
        }
        // The answer separates the keys before the change from those after it.
        self.owed += 1;
        queue!(output, PushKeyboardEnhancementFlags(KEY_REPORTS))?;
        execute!(output, Print(questions::KEY_FLAGS))
    }

    /// Handles an answer of the terminal. Returns whether it tells held keys from pressed ones, if
    /// that is known now.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn handle_answer(&mut self, answer: Answer) -> io::Result<Option<bool>> {
        self.line.answered(answer);
        let flags = match answer {
            Answer::KeyFlags(flags) => flags,
            Answer::Synchronizes(true) => {
                self.line.queue().synchronized = true;
                return Ok(None);
            }
            Answer::Synchronizes(false) | Answer::Background(_) | Answer::Attributes => {
                return Ok(None);
            }
        };
        self.owed = self.owed.saturating_sub(1);
        if self.owed > 0 {
            return Ok(None);
        }
        let tells = tells_held_keys(flags);
        if !self.line.reports_keys() {
            if self.protocol == KeyProtocol::Unknown {
                self.protocol = KeyProtocol::Known;
            }
            // Another program may have left the reports on.
            return Ok(tells.then_some(true));
        }
        if !tells {
            tracing::info!(
                flags,
                "the terminal does not tell held keys from pressed ones"
            );
            self.protocol = KeyProtocol::Lacking;
            self.report_keys(false)?;
        }
        Ok(Some(tells))
    }

    /// Whether the game has the terminal.
    pub fn are_on(&self) -> bool {
        self.line.is_on()
    }
}

/// Whether these flags of the kitty keyboard protocol tell a held space from a pressed one.
pub fn tells_held_keys(flags: u32) -> bool {
    let needed = u32::from(TELL_HELD_KEYS.bits());
    flags & needed == needed
}

fn switch_mouse(output: &mut Output, on: bool) -> io::Result<()> {
    execute!(output, Print(if on { MOUSE_ON } else { MOUSE_OFF }))
}

/// The bytes that restore a terminal, and how long to wait for its last answer. None if it is
/// restored already.
fn farewell(line: &Line) -> Option<(Vec<u8>, Option<Duration>)> {
    if !line.set_on(false) {
        return None;
    }
    let mut output = Vec::new();
    if line.set_titled(false) {
        let _ = queue!(output, Print(RESTORE_TITLE));
    }
    if line.set_reports_keys(false) {
        let _ = queue!(output, PopKeyboardEnhancementFlags);
    }
    let _ = queue!(output, Print(MOUSE_OFF), DisableBracketedPaste);
    let patience = line.patience();
    if patience.is_some() {
        line.ask();
        let _ = queue!(output, Print(questions::ATTRIBUTES));
    }
    let _ = queue!(output, LeaveAlternateScreen, Show);
    Some((output, patience))
}

/// Restores a terminal. For a remote one, the bytes are only queued.
pub fn restore_line(line: &Arc<Line>) {
    if line.remote().is_none() {
        return restore();
    }
    if let Some((output, _)) = farewell(line) {
        let mut last = Output::to(line);
        let _ = last.write_all(&output).and_then(|()| last.flush());
        let _ = line.end_frame();
    }
}

/// Restores the process's own terminal if the game has it. Also called from the panic hook, and
/// from a second thread if the one that plays hangs. A second call does nothing.
pub fn restore() {
    let Some((output, patience)) = farewell(&OWN) else {
        return;
    };
    // If the terminal is gone, nothing can be done.
    if let (true, Some(patience)) = (output::give_back(&output, PATIENCE), patience) {
        questions::read_answers(patience);
    }
    tty::unset_raw();
    let _ = io::stderr().write_all(std::mem::take(&mut *panics()).as_bytes());
}

/// Makes a panic of this thread, which draws, restore the terminal before it is reported. A panic
/// of another thread ends the event loop and is reported then: if that thread restored the
/// terminal, a frame could still be drawn afterwards.
///
/// `report` writes a report of the panic, and returns where it is.
pub fn restore_on_panic(
    report: impl Fn(&PanicHookInfo<'_>) -> Option<String> + Send + Sync + 'static,
) {
    let drawing = thread::current().id();
    let show = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if fault::is_guarded() {
            tracing::error!(%panic, "a panic that is caught");
            return;
        }
        if thread::current().id() == drawing {
            restore();
        }
        tracing::error!(%panic, "a panic");
        let report = report(panic).unwrap_or_default();
        if OWN.is_on() {
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

/// Opens a terminal, and returns its area. Nothing is asked or written.
///
/// # Errors
/// If there are too many open files.
pub fn open(line: &Arc<Line>) -> io::Result<Rect> {
    if line.remote().is_none() {
        output::open()?;
    }
    Ok(Rect::from(line.size()))
}
