//! The event loop: input and answers in, frames and commands out; it knows no SQL.

mod changes;
mod clipboard;
pub mod crash;
pub mod events;
mod keeping;
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
pub mod title;
pub mod tty;
mod turn;

use std::future::poll_fn;
use std::io::{self, Write};
use std::mem::ManuallyDrop;
use std::time::{Duration, Instant};

use futures_util::{FutureExt, Stream, StreamExt};
use ratatui::Terminal;
use ratatui::layout::Rect;
use tokio::sync::mpsc::UnboundedReceiver;

use crate::message::{Action, BrokenKind, Command, Effect, Farewell, Message, Reply};
use crate::state::{Context, Ended, State, update};
use crate::ui::{self, Look};
use crate::words::Say;
use keeping::{Keep, Keeping};
use line::Way;
use output::{Drain, Output};
use parser::Input;
use screen::Screen;
use signals::Signal;
use terminal::Modes;
use title::Title;
use turn::Turn;

/// How long input and answers are taken in before a frame is drawn all the same.
const BATCH: Duration = Duration::from_millis(15);

/// How many messages are taken in before the time is looked at.
const BATCH_STEP: usize = 64;

/// How long the frame for a press waits for the answer to it. A commit on this machine takes less,
/// and then one frame shows both; nobody sees the difference where it takes longer.
const ANSWER: Duration = Duration::from_millis(2);

/// How long the terminal may take over a frame before effects are left out.
const BEHIND: Duration = Duration::from_millis(100);

/// How long a terminal that is far away may take over the last frame.
const LAST_FRAME: Duration = Duration::from_secs(2);

/// Where the game's commands go: to the worker of this process, or by way of a server.
pub type Commands = Box<dyn Fn(Command) + Send>;

/// The game on one terminal.
pub struct App {
    way: Way,
    /// Where frames go. Never dropped: ratatui's drop shows the cursor, which is done by then, and
    /// where the terminal is gone it panics because it can't print why it failed.
    terminal: ManuallyDrop<Terminal<Screen>>,
    modes: Modes,
    state: State,
    look: Look,
    keeping: Keeping,
    worker: Commands,
    replies: UnboundedReceiver<Reply>,
    /// The screen's size.
    area: Rect,
    /// Until when the next frame waits for an answer.
    hold: Option<Instant>,
    /// Where many are drawn for, whether it is this one's turn.
    turn: Turn,
    title: Title,
    drain: Drain,
    /// Since when the terminal has been behind.
    behind_since: Option<Instant>,
    /// When to stop again that was brought back in the background.
    stop_again: Option<Instant>,
}

impl App {
    /// A game on a terminal, which it does not touch yet.
    ///
    /// # Errors
    /// Where there is no further file descriptor.
    pub fn open(
        way: Way,
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
        let keeping = Keeping::new(keep);
        state.keeps_theme = keeping.is_possible();
        let mut terminal = terminal::open(&way)?;
        let area = terminal.get_frame().area();
        Ok(Self {
            terminal: ManuallyDrop::new(terminal),
            modes: Modes::new(
                way.clone(),
                has_title && way.restores_title(),
                look.themes.have_auto(),
            ),
            way,
            state,
            look,
            keeping,
            worker,
            replies,
            area,
            hold: None,
            turn: Turn::default(),
            title: Title::default(),
            drain: Drain::default(),
            behind_since: None,
            stop_again: None,
        })
    }
    /// Plays until the worker has ended; `first` is what it said before the screen was up.
    ///
    /// A terminal that ends or fails ends the game as a signal does: everything is saved first.
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
            if self.turn.is_mine() || self.hold.is_none() && !self.wants_turn() {
                if let Err(error) = self.draw() {
                    self.terminal_gone(&error);
                }
                self.turn.pass();
            }
            let waits = self.turn.is_asked() || self.hold.is_none() && self.wants_turn();
            let behind = self.way.is_behind();
            let title = self.title.due();
            let title = title.filter(|_| self.modes.are_on() && !behind);
            let wake_at = [self.state.wake_at(now), self.hold, title, self.stop_again];
            let alarm = async {
                match wake_at.into_iter().flatten().min() {
                    Some(at) => tokio::time::sleep_until(at.into()).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // In the background the keys are the shell's.
                event = events.next(), if reading && self.modes.are_on() => reading = self.on_event(event),
                reply = self.replies.recv() => match reply {
                    Some(reply) => self.handle(Message::Reply(reply)),
                    None => self.state.ended = Some(broken(Say::WorkerGone)),
                },
                kept = self.keeping.done() => self.handle(Message::Reply(Reply::Notice(kept))),
                Some(signal) = signals.next() => self.on_signal(signal),
                caught_up = poll_fn(|cx| self.drain.poll(&self.way, cx)), if behind => {
                    if let Err(error) = caught_up {
                        self.terminal_gone(&error);
                    }
                }
                () = poll_fn(|cx| self.turn.poll(cx)), if waits => {}
                () = alarm => self.handle(Message::Tick),
            }
            // All that is pending goes into one frame: a burst costs one, not one a press.
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
            // The worker is on this thread too, and has its turn before the frame whatever the
            // terminal sends: a press is on its way to the disk before anything else is done with it.
            tokio::task::yield_now().await;
        }
        if self.way.far().is_some() && self.modes.are_on() {
            // A part of a frame that never arrives could be half of a sequence.
            let taken = poll_fn(|cx| self.drain.poll(&self.way, cx));
            let _ = tokio::time::timeout(LAST_FRAME, taken).await;
        }
        self.keeping.finish().await;
        self.state
            .ended
            .take()
            .unwrap_or_else(|| broken(Say::WorkerGone))
    }

    /// Whether there is something to draw in a process that draws for many.
    fn wants_turn(&self) -> bool {
        self.way.far().is_some()
            && self.state.wants_redraw()
            && self.modes.are_on()
            && !self.way.is_behind()
    }

    fn draw(&mut self) -> io::Result<()> {
        if !self.modes.are_on() {
            return Ok(());
        }
        if self.way.is_behind() {
            // What a terminal takes that is slower than the game is for presses and scores.
            let since = *self.behind_since.get_or_insert_with(Instant::now);
            if since.elapsed() >= BEHIND {
                self.handle(Message::Behind);
            }
            return Ok(());
        }
        self.behind_since = None;
        if !self.state.take_redraw() {
            return self.title.due().map_or(Ok(()), |_| self.show_title());
        }
        let (state, look) = (&self.state, &self.look);
        if !state.tallies.is_empty() {
            crate::fault::point("draw");
        }
        self.way.begin_frame();
        self.terminal.draw(|frame| ui::draw(state, look, frame))?;
        // Behind the frame, which is what a player looks at, but in the same write.
        self.show_title()?;
        if self.state.bell.take() {
            let mut output = Output::to(&self.way);
            output.write_all(b"\x07")?;
            output.flush()?;
        }
        self.way.end_frame()
    }

    /// Shows who plays in the title.
    fn show_title(&mut self) -> io::Result<()> {
        if !self.modes.have_title() {
            return Ok(());
        }
        let title = ui::title(&self.state, &self.look);
        let title = self.title.next(title, Instant::now());
        title.map_or(Ok(()), |title| self.modes.show_title(title))
    }

    /// Takes an event; false where it is the last one.
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
        for effect in update(&mut self.state, message, Instant::now()) {
            match effect {
                Effect::Send(command) => {
                    if matches!(command, Command::Press(..)) {
                        self.hold.get_or_insert_with(|| Instant::now() + ANSWER);
                    }
                    (self.worker)(command);
                }
                Effect::CaptureMouse(on) => {
                    if let Err(error) = self.modes.capture_mouse(on) {
                        self.terminal_gone(&error);
                    }
                }
                Effect::SetTheme(theme) => {
                    self.look.theme = self.look.themes.worn(theme);
                }
                Effect::KeepTheme(theme) => {
                    let name = self.state.themes.get(theme).cloned();
                    self.keeping.begin(name.unwrap_or_default());
                }
                Effect::CopyCard => self.copy_card(),
                Effect::Redraw => {
                    self.title.forget();
                    self.resized();
                }
                Effect::RaiseSuspend if self.way.far().is_some() => {
                    let notice = Reply::Notice(Say::StopsNothingFar);
                    self.handle(Message::Reply(notice));
                }
                Effect::RaiseSuspend => signals::raise_suspend(),
                Effect::Suspend => {
                    self.modes.leave();
                    signals::stop_self();
                    self.come_back();
                }
            }
        }
        if to_measure {
            // How long the table of keys is depends on what the database lets its user do, and on what
            // it is opened over.
            self.measure();
        }
        self.switch_key_reports();
    }

    /// Gives the card of what is on the screen to the terminal's clipboard.
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

/// The end by a mistake in the program.
fn broken(why: Say) -> Ended {
    Ended {
        farewell: Farewell::default(),
        broken: Some((BrokenKind::Internal, why)),
        sprint_void: false,
        stop: None,
        summary: Vec::new(),
    }
}
