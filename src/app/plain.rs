//! The event loop of the game in lines: takes lines and replies, writes lines and sends commands.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc::{Receiver, UnboundedReceiver};

use super::line::Line;
use super::lines::LineInput;
use super::output::{self, Drain, Output};
use super::signals::{self, Signal};
use super::{Commands, broken, sleep_until};
use crate::message::{Action, BrokenKind, Command, Effect, Message, Reply, Stop};
use crate::plain::Plain;
use crate::state::{Context, Ended, State};
use crate::words::Say;

/// How many messages are handled before lines are written and the worker can run.
const BATCH: usize = 64;

/// How long to wait for the database to open after the end of input.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long the reader may take to receive the last lines.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// The game in lines.
pub struct PlainApp {
    line: Arc<Line>,
    plain: Plain,
    state: State,
    worker: Commands,
    replies: UnboundedReceiver<Reply>,
    /// Whether the lines come from a terminal.
    typed: bool,
    /// Whether the output goes to a terminal.
    has_bell: bool,
    /// Lines that were not executed yet.
    lines: VecDeque<String>,
    /// When the input ended.
    ended: Option<Instant>,
    /// The number of lines that were never executed.
    undone: u64,
    output: Output,
    drain: Drain,
    /// Whether nobody reads any more.
    unread: bool,
}

/// Writes what is left, if somebody still reads it, and restores standard output.
pub fn give_back() {
    output::give_back(&[], LAST_WORDS);
}

impl PlainApp {
    /// A game in lines, whose writes do not block. The terminal's modes stay as they are. `typed`
    /// tells whether the input comes from a terminal, and `has_bell` whether the output goes to
    /// one; otherwise they are files or programs.
    pub fn new(
        line: Arc<Line>,
        plain: Plain,
        state: State,
        (typed, has_bell): (bool, bool),
        worker: Commands,
        replies: UnboundedReceiver<Reply>,
    ) -> Self {
        Self {
            output: Output::to(&line),
            line,
            plain,
            state,
            worker,
            replies,
            typed,
            has_bell,
            lines: VecDeque::new(),
            ended: None,
            undone: 0,
            drain: Drain::default(),
            unread: false,
        }
    }

    /// Plays until the worker has ended. `first` is its first reply, if it has come.
    ///
    /// The end of input leaves the game, as the word for it does.
    pub async fn run(
        mut self,
        first: Option<Reply>,
        mut input: Receiver<LineInput>,
        signals: impl Stream<Item = Signal>,
    ) -> Ended {
        let mut signals = std::pin::pin!(signals);
        match first {
            Some(reply) => self.handle(Message::Reply(reply)),
            None => self.plain.follow(&self.state, None, Instant::now()),
        }
        while self.state.ended.is_none() {
            self.write();
            // The worker runs on this thread too.
            tokio::task::yield_now().await;
            let behind = !self.unread && self.line.is_behind();
            let reading = self.ended.is_none() && self.lines.len() < BATCH;
            let alarm = sleep_until(self.wake_at(Instant::now()));
            tokio::select! {
                read = input.recv(), if reading => self.on_input(read),
                reply = self.replies.recv() => match reply {
                    Some(reply) => self.handle(Message::Reply(reply)),
                    None => self.state.ended = Some(broken(Say::WorkerGone)),
                },
                Some(signal) = signals.next() => self.on_signal(signal),
                written = poll_fn(|cx| self.drain.poll(&self.line, cx)), if behind => {
                    if let Err(error) = written {
                        self.reader_gone(&error);
                    }
                }
                () = alarm => self.handle(Message::Tick),
            }
            for _ in 0..BATCH {
                let Ok(reply) = self.replies.try_recv() else {
                    break;
                };
                self.handle(Message::Reply(reply));
            }
            self.read_lines();
        }
        self.drain_remote().await;
        self.plain.end(&self.state, Instant::now());
        self.write();
        self.drain_remote().await;
        let ended = self.state.ended.take();
        let mut ended = ended.unwrap_or_else(|| broken(Say::WorkerGone));
        if self.undone > 0 && ended.broken.is_none() {
            let lines = self.undone;
            ended.broken = Some((BrokenKind::Unreachable, Say::LinesUndone { lines }));
        }
        ended
    }

    /// Waits for a remote reader to receive everything.
    async fn drain_remote(&mut self) {
        if self.line.remote().is_some() && !self.unread {
            let taken = poll_fn(|cx| self.drain.poll(&self.line, cx));
            let _ = tokio::time::timeout(LAST_WORDS, taken).await;
        }
    }

    fn wake_at(&self, now: Instant) -> Option<Instant> {
        if self.has_line(now) {
            return Some(now);
        }
        let held = self.plain.patience_ends().filter(|at| *at > now);
        let held = held.filter(|_| !self.lines.is_empty() || self.ended.is_some());
        let given_up = self.gives_up_at().filter(|at| *at > now);
        let all = [
            self.state.wake_at(now),
            self.plain.wake_at(),
            held,
            given_up,
        ];
        all.into_iter().flatten().min()
    }

    /// When to give up waiting for the database after the end of input.
    fn gives_up_at(&self) -> Option<Instant> {
        let waits = !self.state.loaded && !self.state.leaving;
        self.ended.filter(|_| waits).map(|at| at + PATIENCE)
    }

    /// Whether the next line can be executed.
    fn has_line(&self, now: Instant) -> bool {
        let line = self.lines.front();
        line.is_some_and(|line| self.plain.is_ready(line, &self.state, now))
    }

    fn on_input(&mut self, input: Option<LineInput>) {
        match input {
            Some(LineInput::Line(line)) => {
                // Somebody who types it wants to leave now, whatever the database does.
                let context = self.state.context();
                let at_once = matches!(context, Context::Play | Context::Leaving);
                if self.typed && at_once && Plain::is_quit(&line) {
                    self.handle(Message::Action(Action::Quit));
                } else {
                    self.lines.push_back(line);
                }
            }
            Some(LineInput::TooLong) => {
                self.plain.say(&Say::LineTooLong);
            }
            Some(LineInput::End) => self.ended = Some(Instant::now()),
            Some(LineInput::Gone) | None => {
                self.ended = Some(Instant::now());
                self.handle(Message::Stop(Stop::TerminalGone));
            }
        }
    }

    /// Executes the lines that are ready, and leaves after the last one.
    fn read_lines(&mut self) {
        if self.state.leaving && !self.typed {
            self.lines.clear();
        }
        for _ in 0..BATCH {
            let now = Instant::now();
            if !self.has_line(now) {
                break;
            }
            let Some(line) = self.lines.pop_front() else {
                break;
            };
            crate::fault::point("read");
            let effects = self.plain.take_line(&line, &mut self.state, now);
            self.act(effects);
        }
        let Some(ended) = self.ended else {
            return;
        };
        if self.state.leaving || self.state.ended.is_some() {
            return;
        }
        let now = Instant::now();
        let unopened = !self.state.loaded;
        let given_up = unopened && (self.typed || now >= ended + PATIENCE);
        // The last question still needs its answer.
        let answered = !unopened && self.plain.is_ready("quit", &self.state, now);
        if given_up || (self.lines.is_empty() && answered) {
            self.undone = self.lines.len() as u64;
            self.lines.clear();
            self.handle(Message::Action(Action::Quit));
        }
    }

    fn on_signal(&mut self, signal: Signal) {
        match signal {
            Signal::Stop(number) => self.handle(Message::Stop(Stop::Signal(number))),
            Signal::Suspend => self.handle(Message::Suspended),
            Signal::Resumed => self.resume(),
            Signal::Resized => {}
        }
    }

    fn handle(&mut self, message: Message) {
        let effects = self.plain.handle(message, &mut self.state, Instant::now());
        self.act(effects);
    }

    fn act(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(command) => (self.worker)(command),
                Effect::RaiseSuspend if self.line.remote().is_some() => {}
                Effect::RaiseSuspend => signals::raise_suspend(),
                Effect::Suspend => {
                    self.write();
                    give_back();
                    signals::stop_self();
                    self.resume();
                    self.plain.say_where(&self.state);
                }
                // There is neither a screen nor a mouse.
                Effect::CaptureMouse(_)
                | Effect::SetTheme(_)
                | Effect::CopyCard
                | Effect::KeepTheme(_)
                | Effect::Redraw => {}
            }
        }
    }

    /// Continues after a suspend.
    fn resume(&mut self) {
        if let Err(error) = output::open_nonblocking() {
            self.reader_gone(&error);
        }
        (self.worker)(Command::Resume);
    }

    /// Writes new lines, unless the reader has not received the last ones yet.
    fn write(&mut self) {
        if self.unread || self.line.is_behind() {
            return;
        }
        let lines = self.plain.take_lines();
        let lines = lines.into_iter().map(|line| line + "\n");
        let mut text: String = lines.collect();
        // A pipe has no bell.
        if self.state.bell.take() && self.has_bell {
            text.push('\u{7}');
        }
        if text.is_empty() {
            return;
        }
        let written = self.output.write_all(text.as_bytes());
        if let Err(error) = written.and_then(|()| self.output.flush()) {
            self.reader_gone(&error);
        }
    }

    /// Nobody reads any more. The reader of a pipe, such as `head`, has had enough. A terminal or a
    /// disk that fails is an error.
    fn reader_gone(&mut self, error: &io::Error) {
        if std::mem::replace(&mut self.unread, true) {
            return;
        }
        tracing::warn!(%error, "standard output can't be written");
        let enough = error.kind() == io::ErrorKind::BrokenPipe;
        self.handle(match enough {
            true => Message::Action(Action::Quit),
            false => Message::Stop(Stop::TerminalGone),
        });
    }
}
