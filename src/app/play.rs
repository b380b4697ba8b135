//! Plays on the screen or in lines, from the worker's first answer to the terminal given back.

use std::io::{self, IsTerminal};
use std::panic::AssertUnwindSafe;
use std::thread::Result as Caught;
use std::time::Duration;

use anyhow::Context;
use futures_util::{FutureExt, Stream, StreamExt};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use super::keeping::Keep;
use super::plain::{self, PlainApp};
use super::signals::{self, Signal};
use super::{App, broken, events, lines, terminal};
use crate::game::{Effects, Motion};
use crate::message::Reply;
use crate::plain::Plain;
use crate::state::{Ended, State};
use crate::ui::Look;
use crate::ui::keymap::Keymap;
use crate::ui::theme::{Theme, Themes};
use crate::words::{Say, Words};
use crate::worker::{Timing, Worker};

/// How long the database may take to open before the game shows itself without it. Within it, a
/// database that can't be opened is reported without touching the terminal, and the first frame is
/// a complete one.
const FIRST_ANSWER: Duration = Duration::from_millis(100);

/// A runtime on the thread that calls.
///
/// # Errors
/// Where the system refuses one.
pub fn runtime() -> anyhow::Result<Runtime> {
    let runtime = Builder::new_current_thread().enable_all().build();
    runtime.context("the runtime can't be started")
}

/// Takes the terminal and plays on its screen, with or without the title of its window, and with a
/// way to keep the theme that is chosen there, if there is any.
///
/// # Errors
/// Where the terminal can't be used.
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
    let app = App::open(state, look, has_title, keep, handle, replies);
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

/// Plays in lines. Where nobody chose that, it says why.
///
/// # Errors
/// Where standard input or output can't be used.
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
    let look = Look {
        keymap: Keymap::default(),
        theme: Theme::default(),
        themes: Themes::default(),
        words,
    };
    let mut plain = Plain::new(look, io::stdin().is_terminal());
    if !is_chosen {
        plain.say_why();
    }
    let lines = lines::listen().context("there can be no further thread")?;
    let app = PlainApp::new(plain, state, worker.handle, worker.replies);
    let app = app.context("standard output can't be used")?;
    end_for_certain();
    let played = AssertUnwindSafe(app.run(first, lines, signals));
    let played = played.catch_unwind().await;
    plain::give_back();
    Ok(ended(played, worker.task).await)
}

/// What the worker says first, and nothing where that takes long.
///
/// # Errors
/// The end, where the database can't be opened.
async fn first_answer(replies: &mut UnboundedReceiver<Reply>) -> Result<Option<Reply>, Ended> {
    let answer = tokio::time::timeout(FIRST_ANSWER, replies.recv());
    match answer.await.ok().flatten() {
        Some(Reply::Broken {
            why,
            kind,
            farewell,
        }) => Err(Ended {
            farewell,
            broken: Some((kind, why)),
            sprint_void: false,
            stop: None,
            summary: Vec::new(),
        }),
        first => Ok(first),
    }
}

/// How it ended; after a panic of the loop, once the worker has ended.
async fn ended(played: Caught<Ended>, worker: JoinHandle<()>) -> Ended {
    if let Ok(ended) = played {
        return ended;
    }
    // The loop's handle is gone, which the worker takes as the order to leave.
    let patience = Timing::default().drain + Duration::from_secs(1);
    let _ = tokio::time::timeout(patience, worker).await;
    broken(Say::ScreenFailed)
}

/// A disk or a terminal that hangs may hold the thread that plays for ever. A signal to end must end
/// it all the same, once there was time for everything that could be saved and for the last words.
/// So another thread waits for one.
fn end_for_certain() {
    // Behind the first frame, which is drawn before the loop's first yield.
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
                // As shells report a signal.
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
