//! The program: reads settings, starts the worker, takes the terminal, plays, and says goodbye.

use std::io::IsTerminal;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::Context as _;
use clickoff::app::memory::{self, Bounded};
use clickoff::app::{crash, log, play, signals, terminal};
use clickoff::cli::{self, Cli, Exit, Failure};
use clickoff::fault;
use clickoff::message::{Command, Message, Reply, StartOn};
use clickoff::settings::{self, Directories, Settings, appearance};
use clickoff::state::{Ended, update};
use clickoff::store::{AnyStore, ClientId};
use clickoff::words::{Words, text};
use clickoff::worker::{self, FileOutbox, Timing, Worker};
use jiff::tz::TimeZone;

#[global_allocator]
static MEMORY: Bounded = Bounded;

fn main() -> ExitCode {
    cli::end(run()).into()
}

fn run() -> Result<(), Failure> {
    if cli::answer_shell()? {
        return Ok(());
    }
    let cli = Cli::read()?;
    fault::on_hang(memory::end);
    // Scores, names and logs are private. A shared database's files keep their own mode.
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let reports = Directories::find().map(|directories| directories.state);
    terminal::restore_on_panic(move |panic| crash::report(reports.as_ref().ok()?, panic));
    let flags = cli.flags;
    let quiet = flags.quiet;
    if let Some(command) = cli.command {
        // The panic hook has written the report by now, and has said where it is.
        let done = std::panic::catch_unwind(AssertUnwindSafe(|| cli::run(command, flags)));
        return done.unwrap_or_else(|_| Err(Failure::new(Exit::Fault, "")));
    }
    let settings = Settings::of_process(flags)?;
    if let Some(mistake) = appearance::wrong_theme(&settings) {
        return Err(Failure::new(Exit::Usage, mistake.to_string()));
    }
    let has_screen = std::io::stdin().is_terminal() && std::io::stdout().is_terminal();
    if !has_screen && !settings.is_plain_by_choice() {
        let words = "the game needs a terminal for its keys and its screen, and standard input or \
                     output is none. Run it without a pipe or a redirection, or in lines with \
                     --plain.";
        return Err(Failure::new(Exit::NoTerminal, words));
    }
    cli::make_directories(settings.data_dir.iter().chain([&settings.state_dir]))?;
    let place = settings::shown_place(&settings.database);
    let mut ended = start(&settings, &place)
        .map_err(|error| Failure::new(Exit::Unreachable, format!("{error:#}.")))?;
    if quiet {
        ended.summary.clear();
    }
    cli::farewell(place, ended, &Words::new(settings.language))
}

/// Plays on a runtime on this thread, which never waits for the terminal or the database. Only the
/// database has another thread.
fn start(settings: &Settings, place: &str) -> anyhow::Result<Ended> {
    let runtime = play::runtime()?;
    let ended = runtime.block_on(async { play(settings, place, start_worker(settings)).await });
    // The store may still wait for a lock that is never released. The outbox has its presses.
    runtime.shutdown_background();
    ended
}

/// Starts the worker with one store for scoring and one for watching, both on the same database.
fn start_worker(settings: &Settings) -> Worker {
    let [scoring, watching] =
        [AnyStore::new, AnyStore::second].map(|store| store(settings.database.clone()));
    let outbox = FileOutbox::new(settings.state_dir.join("outbox"));
    let client = ClientId::new_v4();
    worker::spawn(scoring, watching, outbox, client, Timing::default())
}

/// Plays on the screen or in lines. Whatever happens there, the worker shuts down properly.
async fn play(settings: &Settings, place: &str, worker: Worker) -> anyhow::Result<Ended> {
    let login = whoami::username().unwrap_or_default();
    worker.handle.send(Command::StartOn(StartOn {
        asked: settings.player.clone(),
        login: login.clone(),
        memory: Some(settings.last_players()),
    }));
    log::start(&settings.state_dir, settings.log_level);
    let found = appearance::find(settings);
    for mistake in &found.mistakes {
        tracing::warn!("{}", text::harmless(&mistake.to_string()));
    }
    let zone = settings::zone().unwrap_or_else(|error| {
        tracing::warn!(%error, "days begin at midnight UTC");
        TimeZone::unknown()
    });
    // Before this a signal ends the program at once. Nothing has to be saved, the terminal is
    // unchanged, and a file system that hangs can't delay it.
    let signals = signals::stream().context("signals can't be handled")?;
    let words = Words::new(settings.language);
    let mut state = settings.state(place.to_owned(), settings.player.clone(), login, zone);
    if settings.plain {
        return play::in_lines(state, words, settings.is_plain_by_choice(), worker, signals).await;
    }
    let look = found.dress(&mut state, settings.motion, words);
    if let Some(notice) = found.notice() {
        let notice = Message::Reply(Reply::Notice(notice));
        update(&mut state, notice, Instant::now());
    }
    let keep = Some(settings::keep(settings));
    play::on_screen(state, look, settings.title, keep, worker, signals).await
}
