//! The composition root: finds the settings, builds the rooms, plays, and says how it ended.

use std::io::IsTerminal;
use std::mem::ManuallyDrop;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Parser;
use clickoff::app::{Ahead, App, crash, events, log, signals, terminal, title};
use clickoff::cli::{self, Cli, Exit, note};
use clickoff::game::Effects;
use clickoff::message::{Action, BrokenKind, Message, Reply, Stop};
use clickoff::settings::{Directories, Settings, look, shown_path};
use clickoff::state::{self, Ended, State, update};
use clickoff::store::{
    ClientId, MySqlStore, PostgresStore, SqliteFile, SqliteStore, Store, Target,
};
use clickoff::ui::{Look, text, theme::Theme};
use clickoff::worker::{self, FileOutbox, Timing, Worker};
use futures_util::{FutureExt, StreamExt};
use jiff::tz::TimeZone;
use terminal::{Modes, RealModes};
use tokio::runtime::Runtime;

/// How long the database may take to open before the game shows itself without it. Within it, a
/// database that can't be opened is reported without touching the terminal, and the first frame is
/// a complete one.
const FIRST_ANSWER: Duration = Duration::from_millis(100);

fn main() -> ExitCode {
    match cli::answer_shell() {
        Ok(false) => {}
        Ok(true) => return Exit::Fine.into(),
        Err(error) => return say(&error.to_string(), Exit::Usage),
    }
    let mut cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(help) if !help.use_stderr() => help.exit(),
        // clap repeats a wrong argument as it is, escape sequences and all.
        Err(error) => {
            let words = error.render().to_string();
            return say(words.trim_start_matches("error: "), Exit::Usage);
        }
    };
    // Scores, names and logs are the player's own; a shared database's files keep its own mode.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let reports = Directories::find().map(|directories| directories.state);
    terminal::restore_on_panic(move |panic| crash::report(reports.as_ref().ok()?, panic));
    if let Some(command) = cli.command.take() {
        return cli::run(command, cli.into()).into();
    }
    let settings = match Settings::find(cli.into(), |name| std::env::var_os(name)) {
        Ok(settings) => settings,
        Err(error) => return say(&error.to_string(), Exit::Usage),
    };
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        let words = "the game needs a terminal for its keys and its screen, and standard input or \
                     output is none. Run it without a pipe or a redirection.";
        return say(words, Exit::NoTerminal);
    }
    match play(&settings) {
        Ok((place, ended)) => farewell(&place, &ended),
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
    // All on this thread, which never waits for the terminal or the database: from a key to its
    // transaction and back there is no other thread than the database's own.
    let runtime = new_runtime()?;
    let played = match &settings.database {
        Target::Sqlite(path) => {
            let file = SqliteFile { path: path.clone() };
            let stores = [SqliteStore::new(file.clone()), SqliteStore::beside(file)];
            play_on(settings, shown_path(path), stores, &runtime)
        }
        Target::MySql(server) => {
            let stores = [MySqlStore::new, MySqlStore::beside].map(|store| store(server.clone()));
            play_on(settings, server.place(), stores, &runtime)
        }
        Target::Postgres(server) => {
            let stores =
                [PostgresStore::new, PostgresStore::beside].map(|store| store(server.clone()));
            play_on(settings, server.place(), stores, &runtime)
        }
    };
    // The store may still be waiting for a lock that nobody gives up; the outbox has its presses.
    runtime.shutdown_background();
    played
}

/// Plays with a store for scoring and one for watching, which lead to the same database.
fn play_on<S: Store>(
    settings: &Settings,
    place: String,
    [scoring, watching]: [S; 2],
    runtime: &Runtime,
) -> anyhow::Result<(String, Ended)> {
    runtime.block_on(async {
        let worker = worker::spawn(
            scoring,
            watching,
            FileOutbox::new(settings.state_dir.join("outbox")),
            ClientId::new_v4(),
            Timing::default(),
        );
        let ended = on_screen(settings, &place, worker).await?;
        Ok((place, ended))
    })
}

/// Takes the terminal and runs the event loop; whatever happens there, the worker ends in order.
async fn on_screen(settings: &Settings, place: &str, mut worker: Worker) -> anyhow::Result<Ended> {
    let signals = signals::stream().context("signals can't be handled")?;
    end_for_certain()?;
    // All that needs no answer is done while the database opens on its own thread.
    tokio::task::yield_now().await;
    log::start(&settings.state_dir, settings.log_level);
    let login = whoami::username().unwrap_or_default();
    let found = look::find(settings);
    for mistake in &found.mistakes {
        tracing::warn!("{}", text::harmless(&mistake.to_string()));
    }
    let first = tokio::time::timeout(FIRST_ANSWER, worker.replies.recv()).await;
    let first = first.ok().flatten();
    if let Some(Reply::Broken {
        why,
        kind,
        farewell,
    }) = first
    {
        return Ok(Ended {
            farewell,
            broken: Some((kind, why)),
            sprint_void: false,
            stop: None,
        });
    }
    let mut state = State::new(
        place.to_owned(),
        settings.player.clone(),
        login,
        settings.mouse,
    );
    state.times.zone = TimeZone::try_system().unwrap_or_else(|error| {
        tracing::warn!(%error, "days begin at midnight UTC");
        TimeZone::unknown()
    });
    state.help_key = found.keymap.label(state::Context::Play, Action::Help);
    state.effects = Effects::new(settings.motion);
    state.theme = found.chosen;
    state.themes = found.themes.iter().map(|t| t.name.clone()).collect();
    if let Some(words) = found.notice() {
        update(
            &mut state,
            Message::Reply(Reply::Notice(words)),
            Instant::now(),
        );
    }
    let themes: Vec<Theme> = found.themes.iter().map(|named| named.theme).collect();
    let look = Look {
        keymap: found.keymap,
        theme: themes.get(found.chosen).copied().unwrap_or_default(),
    };
    let mut modes =
        RealModes::new(settings.title && title::can_be_restored(|v| std::env::var_os(v)));
    let up = modes
        .enter(settings.mouse)
        .and_then(|()| Ok((terminal::open()?, events::listen()?)));
    let ((terminal, draft), events) = match up {
        Ok(up) => up,
        Err(error) => {
            modes.leave();
            return Err(error).context("the terminal can't be used");
        }
    };
    let app = App {
        terminal: ManuallyDrop::new(terminal),
        modes,
        state,
        look,
        themes,
        commands: worker.commands,
        replies: worker.replies,
        area: Default::default(),
        hold: None,
        ahead: Ahead::new(draft),
        title: Default::default(),
        behind_since: None,
    };
    let played = AssertUnwindSafe(app.run(first, events, signals))
        .catch_unwind()
        .await;
    terminal::restore();
    if let Ok(ended) = played {
        return Ok(ended);
    }
    // The loop's end of the channel is gone, which the worker takes as the order to leave.
    let patience = Timing::default().drain + Duration::from_secs(1);
    let _ = tokio::time::timeout(patience, worker.task).await;
    Ok(Ended {
        farewell: Default::default(),
        broken: Some((
            BrokenKind::Internal,
            "The screen failed, which is a mistake in clickoff. Presses were saved as at quitting."
                .into(),
        )),
        sprint_void: false,
        stop: None,
    })
}

/// Something that can't be interrupted, as a disk or a terminal that hangs, may hold the thread that
/// plays for ever; a signal to end must end it all the same, once there was time for everything
/// that could be saved. So this waits on a thread of its own, also for the last words to be said.
fn end_for_certain() -> anyhow::Result<()> {
    let runtime = new_runtime()?;
    let within = runtime.enter();
    let mut stops = signals::stream().context("signals can't be handled")?;
    drop(within);
    let wait = async move {
        while let Some(signal) = stops.next().await {
            if let signals::Signal::Stop(number) = signal {
                tokio::time::sleep(Timing::default().drain * 2).await;
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
fn farewell(place: &str, ended: &Ended) -> ExitCode {
    let mut words = Vec::new();
    let mut exit = match ended.stop {
        Some(Stop::Signal(number)) => Exit::Signal(number),
        Some(Stop::TerminalGone) => Exit::Signal(rustix::process::Signal::HUP.as_raw()),
        None => Exit::Fine,
    };
    if ended.farewell.kept > 0 {
        words.push(format!(
            "{} not saved in {place} yet: kept on this machine, and saved at the next start on \
             this database.",
            text::presses(ended.farewell.kept)
        ));
        exit = Exit::Unsaved;
    }
    if let Some((presses, why)) = &ended.farewell.lost {
        words.push(format!(
            "{} could neither be saved in {place} nor kept on this machine: {why}.",
            text::presses(*presses)
        ));
        exit = Exit::Unsaved;
    }
    if ended.sprint_void {
        words.push("The sprint is void: the game was left in it.".to_owned());
    }
    if let Some((kind, why)) = &ended.broken {
        words.insert(0, why.clone());
        exit = (*kind).into();
    }
    if words.is_empty() {
        return ExitCode::from(exit.code());
    }
    say(&words.join(" "), exit)
}

/// Last words on standard error, and the exit code.
fn say(words: &str, exit: Exit) -> ExitCode {
    note(words);
    exit.into()
}
