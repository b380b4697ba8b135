//! The terminal's modes: taken at the start, given back however the program ends.

use std::io::{self, Write};
use std::panic::PanicHookInfo;
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
use ratatui::crossterm::{Command, execute, queue};
use ratatui::layout::{Position, Rect};
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::line::{Line, OWN, Way};
use super::output::{self, Output};
use super::parser::Answer;
use super::screen::Screen;
use super::{questions, tty};
use crate::fault;

/// How long a terminal that is given back may take over what it has yet to take.
const PATIENCE: Duration = Duration::from_secs(1);

/// With these, a space comes as a report too. Event types alone leave it a plain character, of
/// which no release can be told.
const KEY_REPORTS: KeyboardEnhancementFlags = KeyboardEnhancementFlags::DISAMBIGUATE_ESCAPE_CODES
    .union(KeyboardEnhancementFlags::REPORT_EVENT_TYPES)
    .union(KeyboardEnhancementFlags::REPORT_ALTERNATE_KEYS)
    .union(KeyboardEnhancementFlags::REPORT_ALL_KEYS_AS_ESCAPE_CODES);

/// Those without which a held space is not told from a pressed one.
const TELL_HELD_KEYS: KeyboardEnhancementFlags = KeyboardEnhancementFlags::REPORT_EVENT_TYPES
    .union(KeyboardEnhancementFlags::REPORT_ALL_KEYS_AS_ESCAPE_CODES);

/// XTWINOPS: puts the window's title on the terminal's stack, and takes it from there.
const SAVE_TITLE: &str = "\x1b[22;2t";
const RESTORE_TITLE: &str = "\x1b[23;2t";

/// What is to be told of panics once the terminal is given back.
static PANICS: Mutex<String> = Mutex::new(String::new());

/// The modes of one terminal.
#[derive(Debug)]
pub struct Modes {
    way: Way,
    title: bool,
    /// Whether its background is asked for.
    background: bool,
    protocol: KeyProtocol,
    /// How many answers about the flags of the protocol are still to come. All but the last are
    /// about flags that were changed since.
    owed: u32,
}

/// What is known of the terminal and the kitty keyboard protocol.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum KeyProtocol {
    /// Nothing, as long as it has not answered.
    #[default]
    Unknown,
    /// It has answered; which of the flags it takes is seen once they are set.
    Known,
    /// It takes too few of them.
    Lacking,
}

impl Modes {
    /// The modes of a terminal that is not taken yet, with or without its title, and with or without
    /// the question for its background.
    pub fn new(way: Way, title: bool, background: bool) -> Self {
        Self {
            way,
            title,
            background,
            protocol: KeyProtocol::default(),
            owed: 0,
        }
    }

    /// Takes the terminal: raw, alternate screen, pastes marked, the mouse if asked for. Asks it
    /// what it can; nothing waits for the answers.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn enter(&mut self, mouse: bool) -> io::Result<()> {
        let line = &*self.way;
        line.set_on(true);
        if line.far().is_none() {
            output::take()?;
            tty::set_raw()?;
        }
        // All of this goes out with the first frame, in one write: a terminal shows nothing between.
        line.begin_frame();
        let mut output = Output::to(&self.way);
        queue!(output, EnterAlternateScreen, Hide, EnableBracketedPaste)?;
        if line.set_reports_keys(false) {
            // Stopped by SIGSTOP, it was not given back. Each screen has reports of its own.
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

    /// Gives the terminal back as it was.
    pub fn leave(&mut self) {
        restore_line(&self.way);
        // All answers were read.
        self.owed = 0;
    }

    /// Switches mouse reports.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn capture_mouse(&mut self, on: bool) -> io::Result<()> {
        switch_mouse(&mut Output::to(&self.way), on)
    }

    /// Whether the title of the terminal's window is ours.
    pub fn have_title(&self) -> bool {
        self.title
    }

    /// Shows a title, which must be harmless.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn show_title(&mut self, title: &str) -> io::Result<()> {
        let mut output = Output::to(&self.way);
        execute!(output, Print(format_args!("\x1b]2;{title}\x07")))
    }

    /// Gives a text to the terminal's clipboard (OSC 52), encoded so that nothing in it is a code.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut output = Output::to(&self.way);
        execute!(output, CopyToClipboard::to_clipboard_from(text))
    }

    /// Has each key reported with its repeats and its release, by the kitty keyboard protocol, where
    /// the terminal knows it; what is so already stays so.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn report_keys(&mut self, on: bool) -> io::Result<()> {
        let on = on && self.protocol == KeyProtocol::Known;
        if self.way.set_reports_keys(on) == on {
            return Ok(());
        }
        let mut output = Output::to(&self.way);
        if !on {
            return execute!(output, PopKeyboardEnhancementFlags);
        }
        // Between the keys from before and those from now on stands the answer.
        self.owed += 1;
        queue!(output, PushKeyboardEnhancementFlags(KEY_REPORTS))?;
        execute!(output, Print(questions::KEY_FLAGS))
    }

    /// Takes an answer of the terminal; tells whether it tells held keys from pressed ones, where
    /// that is known now.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn handle_answer(&mut self, answer: Answer) -> io::Result<Option<bool>> {
        self.way.answered(answer);
        let flags = match answer {
            Answer::KeyFlags(flags) => flags,
            Answer::Synchronizes(true) => {
                self.way.synchronize();
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
        if !self.way.reports_keys() {
            if self.protocol == KeyProtocol::Unknown {
                self.protocol = KeyProtocol::Known;
            }
            // Where another program has left them on, they are known already.
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

    /// Whether the terminal is ours to draw on.
    pub fn are_on(&self) -> bool {
        self.way.is_on()
    }
}

/// Whether a terminal with these flags of the kitty keyboard protocol tells a held space from a
/// pressed one.
pub fn tells_held_keys(flags: u32) -> bool {
    let needed = u32::from(TELL_HELD_KEYS.bits());
    flags & needed == needed
}

fn switch_mouse(output: &mut Output, on: bool) -> io::Result<()> {
    if on {
        execute!(output, MouseReports::<true>)
    } else {
        execute!(output, MouseReports::<false>)
    }
}

/// What a line has to be sent so that its terminal is as it was, and how long its last answer is
/// worth waiting for; none where it is so already.
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
    let _ = queue!(output, MouseReports::<false>, DisableBracketedPaste);
    let patience = line.patience();
    if patience.is_some() {
        line.ask();
        let _ = queue!(output, Print(questions::ATTRIBUTES));
    }
    let _ = queue!(output, LeaveAlternateScreen, Show);
    Some((output, patience))
}

/// Gives back the terminal of a line. One that is far away only has the bytes queued for it.
pub fn restore_line(way: &Way) {
    if way.far().is_none() {
        return restore();
    }
    if let Some((output, _)) = farewell(way) {
        let mut last = Output::to(way);
        let _ = last.write_all(&output).and_then(|()| last.flush());
        let _ = way.end_frame();
    }
}

/// Gives the process's own terminal back if it is ours; from the panic hook too, and from a thread
/// beside the one that plays, which may hang. Twice is once.
pub fn restore() {
    let Some((output, patience)) = farewell(&OWN) else {
        return;
    };
    // Nothing can be done, and nobody told, where the terminal is gone.
    if let (true, Some(patience)) = (output::give_back(&output, PATIENCE), patience) {
        questions::read_answers(patience);
    }
    tty::unset_raw();
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

/// A ratatui terminal at the end of a line, of the size that it has now. It asks nothing else of it,
/// and writes nothing.
///
/// # Errors
/// Where there is no further file descriptor.
pub fn open(way: &Way) -> io::Result<Terminal<Screen>> {
    if way.far().is_none() {
        output::open()?;
    }
    // A fixed viewport: the event loop resizes it when the size changes, and no frame has to ask.
    let area = Rect::from((Position::ORIGIN, way.size()));
    let viewport = Viewport::Fixed(area);
    Terminal::with_options(Screen::of(way), TerminalOptions { viewport })
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
