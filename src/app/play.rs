//! Plays on the screen or in lines, from the worker's first reply until the terminal is restored.

use std::io::{self, IsTerminal};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::thread::Result as Caught;
use std::time::Duration;

use anyhow::Context;
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::{Receiver, UnboundedReceiver};
use tokio::task::JoinHandle;

use super::line::{Line, OWN};
use super::output::Drain;
use super::parser::Input;
use super::plain::{self, PlainApp};
use super::signals::{self, Signal};
use super::theme_saver::Keep;
use super::{App, Commands, broken, events, lines, output, terminal};
use crate::game::{Effects, Motion};
use crate::message::Reply;
use crate::plain::Plain;
use crate::state::{Ended, State};
use crate::ui::Look;
use crate::words::{Say, Words};
use crate::worker::{Timing, Worker};

/// How long to wait for the database before the game is shown without it. Within this time, a
/// database that can't be opened is reported without taking the terminal, and otherwise the first
/// frame is complete.
const FIRST_ANSWER: Duration = Duration::from_millis(100);

/// How long a remote terminal may take to receive the last output.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// A runtime on the current thread.
///
/// # Errors
/// If the system refuses one.
pub fn runtime() -> anyhow::Result<Runtime> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.context("the runtime can't be started")
}

/// Takes the terminal and plays on its screen. `has_title` sets the window's title, and `keep`
/// saves a chosen theme.
///
/// # Errors
/// If the terminal can't be used.
pub async fn on_screen(
    state: State,
    look: Look,
    has_title: bool,
    keep: Option<Keep>,
    mut worker: Worker,
    signals: impl Stream<Item = Signal>,
) -> anyhow::Result<Ended> {
    let first = match first_answer(&mut worker.replies).await {
        Ok(first) => first,
        Err(ended) => return Ok(ended),
    };
    let (handle, replies) = (worker.handle, worker.replies);
    let send = Box::new(move |command| handle.send(command));
    let app = App::open(OWN.clone(), state, look, has_title, keep, send, replies);
    let mut app = app.context("the terminal can't be used")?;
    let up = app.modes.enter(app.state.mouse);
    let events = match up.and_then(|()| events::listen()) {
        Ok(events) => events,
        Err(error) => {
            app.modes.leave();
            return Err(error).context("the terminal can't be used");
        }
    };
    end_for_certain();
    let played = AssertUnwindSafe(app.run(first, events, signals));
    let played = played.catch_unwind().await;
    terminal::restore();
    Ok(ended(played, worker.task).await)
}

/// Plays on a remote terminal, whose bytes come from somebody else, and restores it.
///
/// # Errors
/// If the terminal can't be used.
pub async fn remote_on_screen(
    line: &Arc<Line>,
    state: State,
    look: Look,
    has_title: bool,
    (worker, mut replies): (Commands, UnboundedReceiver<Reply>),
    bytes: Receiver<Vec<u8>>,
    signals: impl Stream<Item = Signal>,
) -> io::Result<Ended> {
    let first = match first_answer(&mut replies).await {
        Ok(first) => first,
        Err(ended) => return Ok(ended),
    };
    let mut app = App::open(line.clone(), state, look, has_title, None, worker, replies)?;
    app.modes.enter(app.state.mouse)?;
    let mut events = events::remote(line, bytes);
    let ended = app.run(first, &mut events, signals).await;
    let patience = line.patience();
    terminal::restore_line(line);
    if drained(line).await.is_ok()
        && let Some(patience) = patience
    {
        // Later answers would appear in the shell's prompt.
        let answers = async {
            while line.owes_answers() {
                match events.next().await {
                    Some(Ok(Input::Answer(answer))) => line.answered(answer),
                    Some(Ok(_)) => {}
                    Some(Err(_)) | None => break,
                }
            }
        };
        let _ = tokio::time::timeout(patience, answers).await;
    }
    Ok(ended)
}

/// Plays in lines with a remote player, whose lines come from somebody else.
pub async fn remote_in_lines(
    line: &Arc<Line>,
    state: State,
    words: Words,
    typed: bool,
    (worker, mut replies): (Commands, UnboundedReceiver<Reply>),
    lines: Receiver<lines::LineInput>,
    signals: impl Stream<Item = Signal>,
) -> Ended {
    let first = match first_answer(&mut replies).await {
        Ok(first) => first,
        Err(ended) => return ended,
    };
    let plain = Plain::new(Look::of_text(words), false);
    let app = PlainApp::new(line.clone(), plain, state, (typed, typed), worker, replies);
    let ended = app.run(first, lines, signals).await;
    let _ = drained(line).await;
    ended
}

/// Waits until a remote terminal has received everything, but not for long.
///
/// # Errors
/// If it has not in time, or is gone.
pub async fn drained(line: &Arc<Line>) -> io::Result<()> {
    let mut drain = Drain::default();
    let drained = std::future::poll_fn(|cx| drain.poll(line, cx));
    tokio::time::timeout(LAST_WORDS, drained).await?
}

/// Plays in lines. If that was not chosen, it says why.
///
/// # Errors
/// If standard input or output can't be used.
pub async fn in_lines(
    mut state: State,
    words: Words,
    is_chosen: bool,
    mut worker: Worker,
    signals: impl Stream<Item = Signal>,
) -> anyhow::Result<Ended> {
    let first = match first_answer(&mut worker.replies).await {
        Ok(first) => first,
        Err(ended) => return Ok(ended),
    };
    state.effects = Effects::new(Motion::None);
    let mut plain = Plain::new(Look::of_text(words), io::stdin().is_terminal());
    if !is_chosen {
        plain.say(&Say::LinesSinceDumb);
    }
    let lines = lines::listen().context("there can be no further thread")?;
    output::open_nonblocking().context("standard output can't be used")?;
    let (handle, replies) = (worker.handle, worker.replies);
    let send = Box::new(move |command| handle.send(command));
    let ends = (io::stdin().is_terminal(), io::stdout().is_terminal());
    let app = PlainApp::new(OWN.clone(), plain, state, ends, send, replies);
    end_for_certain();
    let played = AssertUnwindSafe(app.run(first, lines, signals));
    let played = played.catch_unwind().await;
    plain::give_back();
    Ok(ended(played, worker.task).await)
}

/// The worker's first reply; none if it takes long.
///
/// # Errors
/// The end, if the database can't be opened.
async fn first_answer(replies: &mut UnboundedReceiver<Reply>) -> Result<Option<Reply>, Ended> {
    let answer = tokio::time::timeout(FIRST_ANSWER, replies.recv());
    match answer.await.ok().flatten() {
        Some(Reply::Broken {
            why,
            kind,
            farewell,
        }) => Err(Ended::failed(kind, why, farewell)),
        first => Ok(first),
    }
}

/// How the game ended. After a panic in the loop, waits for the worker.
async fn ended(played: Caught<Ended>, worker: JoinHandle<()>) -> Ended {
    if let Ok(ended) = played {
        return ended;
    }
    // The loop's handle is dropped, which makes the worker leave.
    let patience = Timing::default().drain + Duration::from_secs(1);
    let _ = tokio::time::timeout(patience, worker).await;
    broken(Say::ScreenFailed)
}

/// A disk or a terminal that hangs can block the thread that plays for ever. A signal must end the
/// program all the same, after enough time to save everything and to say the last messages. So
/// another thread waits for signals.
fn end_for_certain() {
    // As a task, because the first frame is drawn before the loop first yields.
    tokio::spawn(async {
        if let Err(error) = wait_for_the_end() {
            tracing::warn!(%error, "whatever hangs will hold up a signal to end");
        }
    });
}

fn wait_for_the_end() -> anyhow::Result<()> {
    let runtime = runtime()?;
    let within = runtime.enter();
    let mut stops = signals::stream().context("signals can't be handled")?;
    drop(within);
    let wait = async move {
        while let Some(signal) = stops.next().await {
            if let Signal::Stop(number) = signal {
                tokio::time::sleep(Timing::default().drain * 2).await;
                terminal::restore();
                plain::give_back();
                // The exit code that shells use for a signal.
                std::process::exit(128 + number);
            }
        }
    };
    std::thread::Builder::new()
        .name("end".into())
        .spawn(move || runtime.block_on(wait))
        .context("there can be no further thread")?;
    Ok(())
}
