//! The event loop: takes input and replies, draws frames and sends commands. It knows no SQL.

mod changes;
mod clipboard;
pub mod crash;
pub mod events;
pub mod line;
pub mod lines;
pub mod log;
pub mod memory;
mod output;
pub mod parser;
pub mod plain;
pub mod play;
mod questions;
pub mod readiness;
mod screen;
pub mod signals;
pub mod terminal;
mod theme_saver;
pub mod title;
pub mod tty;
mod turn;

use std::future::poll_fn;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{FutureExt, Stream, StreamExt};
use ratatui::layout::Rect;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::message::{Action, BrokenKind, Command, Effect, Farewell, Message, Reply};
use crate::state::{Context, Ended, State, update};
use crate::ui::{self, Look};
use crate::words::Say;
use line::Line;
use output::{Drain, Output};
use parser::Input;
use screen::Screen;
use signals::Signal;
use terminal::Modes;
use theme_saver::{Keep, ThemeSaver};
use title::Title;
use turn::Turn;

/// How long pending input and replies are handled before a frame is drawn anyway.
const BATCH: Duration = Duration::from_millis(15);

/// How many messages are handled before the clock is read again.
const BATCH_STEP: usize = 64;

/// How long the frame for a press waits for the reply. A local commit is faster, and then one frame
/// shows both. If it is slower, nobody notices the delay.
const ANSWER: Duration = Duration::from_millis(2);

/// How long the terminal may take to receive a frame before effects are turned off.
const BEHIND: Duration = Duration::from_millis(100);

/// How long a title waits for a frame to a remote terminal.
const TITLE_RIDES: Duration = Duration::from_millis(300);

/// How long a remote terminal may take to receive the last frame.
const LAST_FRAME: Duration = Duration::from_secs(2);

/// Sends the game's commands to the worker, directly or through a server.
pub type Commands = Box<dyn Fn(Command) + Send>;

/// The game on one terminal.
pub struct App {
    line: Arc<Line>,
    screen: Screen,
    modes: Modes,
    state: State,
    look: Look,
    theme_saver: ThemeSaver,
    worker: Commands,
    replies: UnboundedReceiver<Reply>,
    /// The screen's size.
    area: Rect,
    /// Until when the next frame waits for a reply.
    hold: Option<Instant>,
    /// Whether the next frame answers the player, and comes before those that can wait.
    answers: bool,
    /// The turn to draw, in a process that draws for many.
    turn: Turn,
    title: Title,
    drain: Drain,
    /// Since when the terminal has been too slow.
    behind_since: Option<Instant>,
    /// When to stop again after being continued in the background.
    stop_again: Option<Instant>,
}

impl App {
    /// A game on a terminal. The terminal is not changed yet.
    ///
    /// # Errors
    /// If there are too many open files.
    pub fn open(
        line: Arc<Line>,
        mut state: State,
        look: Look,
        has_title: bool,
        keep: Option<Keep>,
        worker: Commands,
        replies: UnboundedReceiver<Reply>,
    ) -> io::Result<Self> {
        state.clipboard = clipboard::of(|name| std::env::var_os(name));
        state.help_key = look.keymap.label(Context::Play, Action::Help);
        state.themes = look.themes.names();
        let theme_saver = ThemeSaver::new(keep);
        state.keeps_theme = theme_saver.is_possible();
        let area = terminal::open(&line)?;
        Ok(Self {
            screen: Screen::new(&line, area),
            modes: Modes::new(
                line.clone(),
                has_title && line.restores_title(),
                look.themes.have_auto(),
            ),
            line,
            state,
            look,
            theme_saver,
            worker,
            replies,
            area,
            hold: None,
            answers: true,
            turn: Turn::default(),
            title: Title::default(),
            drain: Drain::default(),
            behind_since: None,
            stop_again: None,
        })
    }

    /// Plays until the worker has ended. `first` is its first reply, if it came before the screen
    /// was taken.
    ///
    /// If the terminal fails, the game ends as by a signal: everything is saved first.
    pub async fn run(
        mut self,
        first: Option<Reply>,
        events: impl Stream<Item = io::Result<Input>>,
        signals: impl Stream<Item = Signal>,
    ) -> Ended {
        let mut reading = true;
        let mut events = std::pin::pin!(events);
        let mut signals = std::pin::pin!(signals);
        self.measure();
        self.state.request_redraw();
        if let Some(reply) = first {
            self.handle(Message::Reply(reply));
        }
        while self.state.ended.is_none() {
            self.stay_stopped(Instant::now());
            let now = Instant::now();
            if self.hold.is_some_and(|until| until <= now) {
                self.hold = None;
            }
            let waited = self.turn.waited();
            if waited.is_some() || self.hold.is_none() && !self.wants_turn() {
                if waited.is_some_and(|waited| waited >= turn::LONG) {
                    // The machine can't keep up: effects would only take it from the others.
                    self.handle(Message::Behind);
                }
                let begun = Instant::now();
                if let Err(error) = self.draw() {
                    self.terminal_gone(&error);
                }
                self.turn.end(begun.elapsed()).await;
            }
            let waits = self.turn.is_asked() || self.hold.is_none() && self.wants_turn();
            let behind = self.line.is_behind();
            let title = self.title.due().map(|at| match self.line.remote() {
                // A frame that comes soon carries it, which saves a packet.
                Some(_) => at + TITLE_RIDES,
                None => at,
            });
            let title = title.filter(|_| self.modes.are_on() && !behind);
            let wake_at = [self.state.wake_at(now), self.hold, title, self.stop_again];
            let alarm = sleep_until(wake_at.into_iter().flatten().min());
            tokio::select! {
                // In the background the keys are for the shell.
                event = events.next(), if reading && self.modes.are_on() => reading = self.on_event(event),
                reply = self.replies.recv() => match reply {
                    Some(reply) => self.handle(Message::Reply(reply)),
                    None => self.state.ended = Some(broken(Say::WorkerGone)),
                },
                kept = self.theme_saver.done() => self.handle(Message::Reply(Reply::Notice(kept))),
                Some(signal) = signals.next() => self.on_signal(signal),
                caught_up = poll_fn(|cx| self.drain.poll(&self.line, cx)), if behind => {
                    if let Err(error) = caught_up {
                        self.terminal_gone(&error);
                    }
                }
                () = poll_fn(|cx| self.turn.poll(self.answers, cx)), if waits => {}
                () = alarm => self.handle(Message::Tick),
            }
            // Everything that is pending goes into one frame, so a burst of presses costs one
            // frame.
            let begun = Instant::now();
            'batch: while self.state.ended.is_none() && begun.elapsed() < BATCH {
                for _ in 0..BATCH_STEP {
                    let reads = reading && self.modes.are_on();
                    let event = reads.then(|| events.next().now_or_never()).flatten();
                    let reply = self.replies.try_recv().ok();
                    if event.is_none() && reply.is_none() {
                        break 'batch;
                    }
                    if let Some(event) = event {
                        reading = self.on_event(event);
                    }
                    if let Some(reply) = reply {
                        self.handle(Message::Reply(reply));
                    }
                }
            }
            // The worker runs on this thread too. It runs before the frame is drawn, so that a
            // press is on its way to the disk first.
            tokio::task::yield_now().await;
        }
        if self.line.remote().is_some() && self.modes.are_on() {
            // Half a frame could end within an escape sequence.
            let taken = poll_fn(|cx| self.drain.poll(&self.line, cx));
            let _ = tokio::time::timeout(LAST_FRAME, taken).await;
        }
        self.theme_saver.finish().await;
        self.state
            .ended
            .take()
            .unwrap_or_else(|| broken(Say::WorkerGone))
    }

    /// Whether to ask for a turn to draw, in a process that draws for many.
    fn wants_turn(&self) -> bool {
        self.line.remote().is_some()
            && self.state.wants_redraw()
            && self.modes.are_on()
            && !self.line.is_behind()
    }

    fn draw(&mut self) -> io::Result<()> {
        if !self.modes.are_on() {
            return Ok(());
        }
        if self.line.is_behind() {
            // A slow terminal should receive presses and scores, and no effects.
            let since = *self.behind_since.get_or_insert_with(Instant::now);
            if since.elapsed() >= BEHIND {
                self.handle(Message::Behind);
            }
            return Ok(());
        }
        self.behind_since = None;
        self.answers = false;
        if !self.state.take_redraw() {
            return self.title.due().map_or(Ok(()), |_| self.show_title());
        }
        let (state, look) = (&self.state, &self.look);
        if !state.tallies.is_empty() {
            crate::fault::point("draw");
        }
        self.line.begin_frame();
        self.screen.draw(|frame| ui::draw(state, look, frame))?;
        // After the frame, which the player looks at, but in the same write.
        self.show_title()?;
        if self.state.bell.take() {
            let mut output = Output::to(&self.line);
            output.write_all(b"\x07")?;
            output.flush()?;
        }
        self.line.end_frame()
    }

    /// Updates the title of the window.
    fn show_title(&mut self) -> io::Result<()> {
        if !self.modes.have_title() {
            return Ok(());
        }
        let title = ui::title(&self.state, &self.look);
        let title = self.title.next(title, Instant::now());
        title.map_or(Ok(()), |title| self.modes.show_title(title))
    }

    /// Handles an event. False if it is the last one.
    fn on_event(&mut self, event: Option<io::Result<Input>>) -> bool {
        let (state, look) = (&self.state, &self.look);
        let message = match event {
            Some(Ok(Input::Key { key, latin })) => look.keymap.message(&key, latin.as_ref(), state),
            Some(Ok(Input::Mouse(mouse))) => ui::mouse(&mouse, state, look, self.area),
            Some(Ok(Input::Paste(text))) => Some(Message::Paste(text)),
            Some(Ok(Input::Answer(answer))) => {
                self.on_answer(answer);
                return true;
            }
            failed => {
                let error = failed.and_then(io::Result::err);
                self.terminal_gone(&error.unwrap_or(io::ErrorKind::UnexpectedEof.into()));
                return false;
            }
        };
        crate::fault::point("read");
        if let Some(message) = message {
            self.handle(message);
        }
        true
    }

    fn handle(&mut self, message: Message) {
        if matches!(message, Message::Reply(_)) {
            self.hold = None;
        }
        let to_measure = matches!(
            message,
            Message::Reply(Reply::Opened { .. }) | Message::Action(Action::Help)
        );
        let others = matches!(message, Message::Reply(Reply::Changed { .. }));
        let mut waits = others || matches!(message, Message::Tick | Message::Behind);
        for effect in update(&mut self.state, message, Instant::now()) {
            match effect {
                Effect::Send(command) => {
                    if matches!(command, Command::Press(..)) {
                        self.hold.get_or_insert_with(|| Instant::now() + ANSWER);
                        // If there is no time for two frames, that of the commit is enough.
                        waits = true;
                    }
                    (self.worker)(command);
                }
                Effect::CaptureMouse(on) => {
                    if let Err(error) = self.modes.capture_mouse(on) {
                        self.terminal_gone(&error);
                    }
                }
                Effect::SetTheme(theme) => {
                    self.look.theme = self.look.themes.theme(theme);
                }
                Effect::KeepTheme(theme) => {
                    let name = self.state.themes.get(theme).cloned();
                    self.theme_saver.begin(name.unwrap_or_default());
                }
                Effect::CopyCard => self.copy_card(),
                Effect::Redraw => {
                    self.title.forget();
                    self.on_resize();
                }
                Effect::RaiseSuspend if self.line.remote().is_some() => {
                    let notice = Reply::Notice(Say::StopsNothingFar);
                    self.handle(Message::Reply(notice));
                }
                Effect::RaiseSuspend => signals::raise_suspend(),
                Effect::Suspend => {
                    self.modes.leave();
                    signals::stop_self();
                    self.resume();
                }
            }
        }
        if !waits && self.state.wants_redraw() {
            self.answer();
        }
        if to_measure {
            // The length of the table of keys depends on the database user's rights and on the
            // mode.
            self.measure();
        }
        self.switch_key_reports();
    }

    /// Copies the card to the terminal's clipboard.
    fn copy_card(&mut self) {
        let card = ui::card::of(&self.state, &self.look).unwrap_or_default();
        if let Err(error) = self.modes.copy(&card.join("\n")) {
            self.terminal_gone(&error);
        }
    }

    fn measure(&mut self) {
        let metrics = ui::metrics(self.area, &self.look, &self.state);
        self.handle(Message::Viewport(metrics));
    }
}

/// Waits until this time, or for ever if there is none.
async fn sleep_until(at: Option<Instant>) {
    match at {
        Some(at) => tokio::time::sleep_until(at.into()).await,
        None => std::future::pending().await,
    }
}

/// The end after an internal error.
fn broken(why: Say) -> Ended {
    Ended::failed(BrokenKind::Internal, why, Farewell::default())
}
