//! Events of the terminal during a game: answers, resizes, suspends, and its end.

use std::io;
use std::time::{Duration, Instant};

use ratatui::layout::Rect;

use super::parser::Answer;
use super::signals::{self, Signal};
use super::{App, tty};
use crate::message::{Command, Message, Stop};
use crate::state::Context;

/// How long to wait for a signal to end after SIGCONT.
const BACKGROUND: Duration = Duration::from_millis(200);

impl App {
    /// Lets the next frame come before those that can wait.
    pub(super) fn answer(&mut self) {
        self.answers = true;
        self.turn.hurry();
    }

    pub(super) fn on_answer(&mut self, answer: Answer) {
        if let Answer::Background(background) = answer
            && self.line.is_fresh()
        {
            self.look.themes.background = Some(background);
            self.look.theme = self.look.themes.theme(self.state.theme);
            self.state.request_redraw();
            self.answer();
        }
        match self.modes.handle_answer(answer) {
            Ok(Some(true)) => self.handle(Message::KeysReported),
            Ok(Some(false)) => self.handle(Message::KeysNotReported),
            Ok(None) => self.switch_key_reports(),
            Err(error) => self.terminal_gone(&error),
        }
    }

    pub(super) fn on_signal(&mut self, signal: Signal) {
        match signal {
            Signal::Stop(number) => {
                if self.stop_again.take().is_some() {
                    (self.worker)(Command::Resume);
                }
                self.handle(Message::Stop(Stop::Signal(number)));
            }
            Signal::Suspend => self.handle(Message::Suspended),
            // After SIGSTOP, which can't be handled, another program may have used the terminal.
            Signal::Resumed => self.resume(),
            Signal::Resized => self.on_resize(),
        }
    }

    /// Turns on key reports while keys are actions, and turns them off while text is typed: a
    /// report names the key, and not the text that a layout, a compose key or an input method makes
    /// of it.
    pub(super) fn switch_key_reports(&mut self) {
        let types = matches!(self.state.context(), Context::Form | Context::Filter);
        if self.modes.are_on()
            && let Err(error) = self.modes.report_keys(!types)
        {
            self.terminal_gone(&error);
        }
    }

    /// After a suspend: takes the terminal back and redraws everything. If the process was
    /// continued in the background, it stops again, because the kernel would stop it anyway when it
    /// takes the terminal. It first waits a moment for a signal to end, for which it need not take
    /// the terminal.
    pub(super) fn resume(&mut self) {
        if !self.modes.are_on() && !tty::is_in_foreground() {
            self.stop_again = Some(Instant::now() + BACKGROUND);
            return;
        }
        self.stop_again = None;
        (self.worker)(Command::Resume);
        self.title.forget();
        if let Err(error) = self.modes.enter(self.state.mouse) {
            self.terminal_gone(&error);
        }
        // It may be a different terminal now.
        self.handle(Message::KeysNotReported);
        self.on_resize();
    }

    /// Stops again, if it is time, and continues afterwards.
    pub(super) fn stay_stopped(&mut self, now: Instant) {
        if self.stop_again.is_some_and(|at| at <= now) {
            signals::stop_self();
            self.resume();
        }
    }

    /// Reads the terminal's size and redraws everything, even if the size is the same: the terminal
    /// may have been smaller in between, and may have dropped what did not fit.
    pub(super) fn on_resize(&mut self) {
        self.area = Rect::from(self.line.size());
        if self.modes.are_on()
            && let Err(error) = self.screen.clear(self.area)
        {
            self.terminal_gone(&error);
        }
        self.measure();
        self.state.request_redraw();
        self.answer();
    }

    pub(super) fn terminal_gone(&mut self, error: &io::Error) {
        if !self.modes.are_on() {
            return;
        }
        tracing::warn!(%error, "the terminal is gone");
        self.modes.leave();
        self.handle(Message::Stop(Stop::TerminalGone));
    }
}
