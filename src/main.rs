//! The composition root: finds the settings, builds the rooms, plays, and says how it ended.

use std::io::IsTerminal;
use std::mem::ManuallyDrop;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use clickoff::app::memory::{self, Bounded};
use clickoff::app::plain::PlainApp;
use clickoff::app::{self, App, crash, events, lines, log, signals, terminal, title};
use clickoff::cli::{self, Cli, Exit, note};
use clickoff::fault;
use clickoff::game::{Effects, Motion};
use clickoff::message::{Action, BrokenKind, Command, Message, Reply, Stop};
use clickoff::plain::Plain;
use clickoff::settings::appearance::{self, Found};
use clickoff::settings::{self, Directories, Settings, shown_path};
use clickoff::state::{self, Ended, State, update};
use clickoff::store::{AnyStore, ClientId, Target, archive};
use clickoff::ui::keymap::Keymap;
use clickoff::ui::{
    Look,
    theme::{Named, Theme},
};
use clickoff::words::{Say, Words, text};
use clickoff::worker::{self, FileOutbox, Handle, Timing, Worker};
use futures_util::{FutureExt, Stream, StreamExt};
use jiff::tz::TimeZone;
use terminal::{Modes, RealModes};
use tokio::runtime::Runtime;
use tokio::sync::mpsc::UnboundedReceiver;

/// How long the database may take to open before the game shows itself without it. Within it, a
/// database that can't be opened is reported without touching the terminal, and the first frame is
/// a complete one.
const FIRST_ANSWER: Duration = Duration::from_millis(100);

#[global_allocator]
static MEMORY: Bounded = Bounded;

fn main() -> ExitCode {
    match cli::answer_shell() {
        Ok(false) => {}
        Ok(true) => return Exit::Fine.into(),
        Err(error) => return say(&error.to_string(), Exit::Usage),
    }
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(help) if !help.use_stderr() => help.exit(),
        // clap repeats a wrong argument as it is, escape sequences and all.
        Err(error) => {
            let words = error.render().to_string();
            return say(words.trim_start_matches("error: "), Exit::Usage);
        }
    };
    fault::end_by(memory::end);
    // Scores, names and logs are the player's own; a shared database's files keep its own mode.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let reports = Directories::find().map(|directories| directories.state);
    terminal::restore_on_panic(move |panic| crash::report(reports.as_ref().ok()?, panic));
    let flags = cli.playing.into();
    if let Some(command) = cli.command {
        // The report of a panic is written, and said where it is, before it comes here.
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| cli::run(command, flags)));
        return done.unwrap_or(Exit::Fault).into();
    }
    let settings = match Settings::find(flags, |name| std::env::var_os(name)) {
        Ok(settings) => settings,
        Err(error) => return say(&error.to_string(), Exit::Usage),
    };
    let has_screen = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !has_screen && !settings.is_plain_by_choice() {
        let words = "the game needs a terminal for its keys and its screen, and standard input or \
                     output is none. Run it without a pipe or a redirection, or in lines with \
                     --plain.";
        return say(words, Exit::NoTerminal);
    }
    match play(&settings) {
        Ok((place, ended)) => farewell(place, ended, &Words::new(settings.language)),
        Err(error) => say(&format!("{error:#}."), Exit::Unreachable),
    }
}

/// Builds everything, plays, and tells the database's place and how the game ended.
fn play(settings: &Settings) -> anyhow::Result<(String, Ended)> {
    for directory in [Some(&settings.state_dir), settings.data_dir.as_ref()]
        .into_iter()
        .flatten()
    {
        std::fs::create_dir_all(directory)
            .with_context(|| format!("the directory {} can't be made", directory.display()))?;
    }
    let place = match &settings.database {
        Target::Sqlite(path) => shown_path(path),
        database @ (Target::Postgres(_) | Target::MySql(_)) => archive::place(database),
    };
    // All on this thread, which never waits for the terminal or the database: from a key to its
    // transaction and back there is no other thread than the database's own.
    let runtime = new_runtime()?;
    let ended = runtime.block_on(async {
        let worker = start_worker(settings);
        at_terminal(settings, &place, worker).await
    });
    // The store may still be waiting for a lock that nobody gives up; the outbox has its presses.
    runtime.shutdown_background();
    Ok((place, ended?))
}

/// Starts the worker with a store for scoring and one for watching, which lead to the same database.
fn start_worker(settings: &Settings) -> Worker {
    let [scoring, watching] =
        [AnyStore::new, AnyStore::beside].map(|store| store(settings.database.clone()));
    let outbox = FileOutbox::new(settings.state_dir.join("outbox"));
    let client = ClientId::new_v4();
    worker::spawn(scoring, watching, outbox, client, Timing::default())
}

/// Plays on the screen or in lines; whatever happens there, the worker ends in order.
async fn at_terminal(settings: &Settings, place: &str, worker: Worker) -> anyhow::Result<Ended> {
    let login = whoami::username().unwrap_or_default();
    let sought = settings.player.as_ref().unwrap_or(&login);
    worker.handle.send(Command::Seek(sought.clone()));
    log::start(&settings.state_dir, settings.log_level);
    let words = Words::new(settings.language);
    let found = appearance::find(settings);
    for mistake in &found.mistakes {
        tracing::warn!("{}", text::harmless(&mistake.to_string()));
    }
    let zone = settings::zone().unwrap_or_else(|error| {
        tracing::warn!(%error, "days begin at midnight UTC");
        TimeZone::unknown()
    });
    // Until here a signal ends the program at once: there is nothing to save, the terminal is as it
    // was, and a file system that hangs holds nobody up.
    let signals = signals::stream().context("signals can't be handled")?;
    let mut state = State::new(
        place.to_owned(),
        settings.player.clone(),
        login,
        settings.mouse,
    );
    state.times.zone = zone;
    state.held_keys = settings.held_keys;
    let task = worker.task;
    let channels = (worker.handle, worker.replies);
    let ended = match settings.plain {
        true => in_lines(settings, state, words, channels, signals).await?,
        false => on_screen(settings, state, (found, words), channels, signals).await?,
    };
    if let Some(ended) = ended {
        return Ok(ended);
    }
    // The loop's handle is gone, which the worker takes as the order to leave.
    let patience = Timing::default().drain + Duration::from_secs(1);
    let _ = tokio::time::timeout(patience, task).await;
    Ok(Ended {
        farewell: Default::default(),
        broken: Some((BrokenKind::Internal, Say::ScreenFailed)),
        sprint_void: false,
        stop: None,
    })
}

/// To the worker and from it.
type Channels = (Handle, UnboundedReceiver<Reply>);

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
        }),
        first => Ok(first),
    }
}

/// Plays in lines; nothing where that failed in a panic.
async fn in_lines(
    settings: &Settings,
    mut state: State,
    words: Words,
    (handle, mut replies): Channels,
    signals: impl Stream<Item = signals::Signal>,
) -> anyhow::Result<Option<Ended>> {
    state.effects = Effects::new(Motion::None);
    let look = Look {
        keymap: Keymap::default(),
        theme: Theme::default(),
        words,
    };
    let first = match first_answer(&mut replies).await {
        Ok(first) => first,
        Err(ended) => return Ok(Some(ended)),
    };
    let mut plain = Plain::new(look, std::io::stdin().is_terminal());
    if !settings.is_plain_by_choice() {
        plain.say_why();
    }
    let lines = lines::listen().context("there can be no further thread")?;
    let app = PlainApp::new(plain, state, handle, replies);
    let app = app.context("standard output can't be used")?;
    end_for_certain();
    let played = AssertUnwindSafe(app.run(first, lines, signals))
        .catch_unwind()
        .await;
    app::plain::give_back();
    Ok(played.ok())
}

/// Takes the terminal and plays on its screen; nothing where that failed in a panic.
async fn on_screen(
    settings: &Settings,
    mut state: State,
    (found, words): (Found, Words),
    (handle, replies): Channels,
    signals: impl Stream<Item = signals::Signal>,
) -> anyhow::Result<Option<Ended>> {
    state.help_key = found.keymap.label(state::Context::Play, Action::Help);
    state.quit_key = found.keymap.label(state::Context::Play, Action::Quit);
    state.effects = Effects::new(settings.motion);
    state.theme = found.chosen;
    state.themes = found.themes.iter().map(|t| t.name.clone()).collect();
    if let Some(notice) = found.notice() {
        update(
            &mut state,
            Message::Reply(Reply::Notice(notice)),
            Instant::now(),
        );
    }
    let theme = found.themes.get(found.chosen).map(Named::theme);
    let look = Look {
        keymap: found.keymap,
        theme: theme.unwrap_or_default(),
        words,
    };
    let has_title = settings.title && title::can_be_restored(|v| std::env::var_os(v));
    let mut terminal = terminal::open().context("the terminal can't be used")?;
    let area = terminal.get_frame().area();
    let mut app = App {
        terminal: ManuallyDrop::new(terminal),
        modes: RealModes::new(has_title),
        state,
        look,
        themes: found.themes,
        worker: handle,
        replies,
        area,
        hold: None,
        title: Default::default(),
        behind_since: None,
        stop_again: None,
    };
    let first = match first_answer(&mut app.replies).await {
        Ok(first) => first,
        Err(ended) => return Ok(Some(ended)),
    };
    let up = app.modes.enter(settings.mouse);
    let events = match up.and_then(|()| events::listen()) {
        Ok(events) => events,
        Err(error) => {
            app.modes.leave();
            return Err(error).context("the terminal can't be used");
        }
    };
    end_for_certain();
    let played = AssertUnwindSafe(app.run(first, events, signals))
        .catch_unwind()
        .await;
    terminal::restore();
    Ok(played.ok())
}

/// Something that can't be interrupted, as a disk or a terminal that hangs, may hold the thread that
/// plays for ever; a signal to end must end it all the same, once there was time for everything
/// that could be saved. So a thread of its own waits for one, also for the last words to be said.
fn end_for_certain() {
    // Behind the first frame, which is drawn before the loop's first yield.
    tokio::spawn(async {
        if let Err(error) = wait_for_the_end() {
            tracing::warn!(%error, "whatever hangs will hold up a signal to end");
        }
    });
}

fn wait_for_the_end() -> anyhow::Result<()> {
    let runtime = new_runtime()?;
    let within = runtime.enter();
    let mut stops = signals::stream().context("signals can't be handled")?;
    drop(within);
    let wait = async move {
        while let Some(signal) = stops.next().await {
            if let signals::Signal::Stop(number) = signal {
                tokio::time::sleep(Timing::default().drain * 2).await;
                terminal::restore();
                app::plain::give_back();
                std::process::exit(Exit::Signal(number).code().into());
            }
        }
    };
    std::thread::Builder::new()
        .name("end".into())
        .spawn(move || runtime.block_on(wait))
        .context("there can be no further thread")?;
    Ok(())
}

fn new_runtime() -> anyhow::Result<Runtime> {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("the runtime can't be started")
}

/// Reports how the game ended, where there is something to report.
fn farewell(place: String, ended: Ended, words: &Words) -> ExitCode {
    let mut sentences = Vec::new();
    let mut exit = match ended.stop {
        Some(Stop::Signal(number)) => Exit::Signal(number),
        Some(Stop::TerminalGone) => Exit::Signal(rustix::process::Signal::HUP.as_raw()),
        None => Exit::Fine,
    };
    if ended.farewell.kept > 0 {
        sentences.push(Say::KeptForLater {
            presses: ended.farewell.kept,
            place: place.clone(),
        });
        exit = Exit::Unsaved;
    }
    if let Some((presses, why)) = ended.farewell.lost {
        let why = why.into();
        sentences.push(Say::Lost {
            presses,
            place,
            why,
        });
        exit = Exit::Unsaved;
    }
    if ended.sprint_void {
        sentences.push(Say::VoidAtEnd);
    }
    if let Some((kind, why)) = ended.broken {
        sentences.insert(0, why);
        exit = kind.into();
    }
    if sentences.is_empty() {
        return ExitCode::from(exit.code());
    }
    say(&words.say(&Say::Sentences(sentences)), exit)
}

/// Last words on standard error, and the exit code.
fn say(words: &str, exit: Exit) -> ExitCode {
    note(words);
    exit.into()
}
