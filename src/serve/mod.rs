//! The ssh server of the game: one process, one worker and one store for all players.
//!
//! russh implements the protocol. `handler` handles a connection, `game` runs a session with the event
//! loop of [`app`](crate::app), and [guests](crate::worker::guests) of the worker does what each
//! session asks for.

mod connections;
mod game;
mod game_handle;
mod handler;
pub mod host_key;
pub mod keys;
mod lines;
mod login_limit;
mod socket;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::tz::TimeZone;
use ratatui::layout::Size;
use russh::keys::PrivateKey;
use tokio::net::TcpListener;
use tokio::runtime::Handle;
use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;

use crate::app::signals::{self, Signal};
use crate::app::tty::USUAL;
use crate::settings::appearance::{self, Appearance};
use crate::settings::{self, Settings};
use crate::store::{AnyStore, ClientId};
use crate::words::Say;
use crate::worker::guests::{Admission, End, GuestHandle, Guests, welcome};
use crate::worker::{self, FileOutbox, Timing};
use host_key::HostKeyError;
use login_limit::LoginLimit;

/// How often sessions are checked for being idle too long.
const IDLE_CHECK: Duration = Duration::from_secs(5);

/// How long before its end an idle session is warned.
const WARNING: Duration = Duration::from_secs(60);

/// The most cells of all terminals larger than usual together: 390 MB.
const MOST_CELLS: usize = 8_000_000;

/// How long sessions may take to end when the server stops, beyond the time for saving.
const ENDING: Duration = Duration::from_secs(3);

/// The options of a server.
#[derive(Debug, Clone)]
pub struct Options {
    /// The addresses to listen on.
    pub listen: Vec<SocketAddr>,
    /// The file of its own key.
    pub host_key: PathBuf,
    /// Who may join and who may watch.
    pub admission: Admission,
    /// The time without a key press after which a session ends; none for no limit.
    pub idle: Option<Duration>,
    /// The most sessions at a time.
    pub sessions: usize,
}

/// Why a server could not start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Its key can't be used.
    #[error(transparent)]
    Key(#[from] HostKeyError),
    /// It can't listen.
    #[error("it can't listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// The system refuses something else that it needs.
    #[error("the system refuses what a server needs: {0}")]
    System(#[from] io::Error),
}

/// A running session.
struct Session {
    /// The time of its last key press, in milliseconds since the server began.
    last_key: AtomicU64,
    signals: Sender<Signal>,
    guest: Arc<GuestHandle>,
    /// Why it ends, to be shown then.
    why: OnceLock<Say>,
    /// Whether it was warned that it ends soon.
    warned: std::sync::atomic::AtomicBool,
}

/// What all sessions share.
struct GameServer {
    guests: Arc<Guests>,
    options: Options,
    settings: Settings,
    /// Themes and keys for terminals without colours, with 256, and with 16 million.
    looks: [Appearance; 3],
    zone: TimeZone,
    /// The name shown for where the scores are kept.
    place: String,
    began: Instant,
    sessions: Mutex<HashMap<u64, Arc<Session>>>,
    next: AtomicU64,
    /// The cells of all terminals together.
    cells: AtomicUsize,
    /// Notified when a session has ended.
    session_ended: Notify,
}

impl GameServer {
    fn sessions(&self) -> MutexGuard<'_, HashMap<u64, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The size that is drawn on for a terminal of this size. It is smaller only if all terminals
    /// together would need too much memory.
    fn fit_size(&self, size: Size) -> Size {
        let wanted = game_handle::cells(size);
        let before = self.cells.fetch_add(wanted, Ordering::Relaxed);
        let fits = before + wanted <= MOST_CELLS || wanted <= game_handle::cells(USUAL);
        if fits {
            return size;
        }
        self.cells
            .fetch_sub(wanted - game_handle::cells(USUAL), Ordering::Relaxed);
        USUAL
    }

    /// Milliseconds since the server began.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Ends sessions that were idle for too long, and warns them before.
    fn end_idle(&self) {
        let Some(idle) = self.options.idle else {
            return;
        };
        let now = self.now();
        for session in self.sessions().values() {
            let last = session.last_key.load(Ordering::Relaxed);
            let since = Duration::from_millis(now.saturating_sub(last));
            if since >= idle {
                session.end(Say::IdleTooLong, rustix::process::Signal::HUP);
            } else if since + WARNING >= idle && idle > WARNING {
                if !session.warned.swap(true, Ordering::Relaxed) {
                    session.guest.notify(Say::IdleSoon);
                }
            } else {
                session.warned.store(false, Ordering::Relaxed);
            }
        }
    }
}

impl Session {
    /// Ends the session as a signal would, and has it show why.
    fn end(&self, why: Say, signal: rustix::process::Signal) {
        if self.why.set(why).is_ok() {
            // There is always room, because messages about sizes leave some.
            let _ = self.signals.try_send(Signal::Stop(signal.as_raw()));
        }
    }
}

/// Serves until a signal ends it. `ready` gets the addresses, and the key as ssh shows it. Returns
/// what became of the last presses.
pub fn run(
    options: Options,
    settings: Settings,
    ready: impl FnOnce(&[SocketAddr], &str),
) -> Result<End, ServeError> {
    let key = host_key::find(&options.host_key)?;
    raise_files(options.sessions);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    // What saves has a thread of its own, so that it never waits for frames to be drawn.
    let saving = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_name("saving")
        .enable_all()
        .build()?;
    // Colours depend on each session's terminal and not on the server's environment.
    ratatui::crossterm::style::force_color_output(true);
    let served = runtime.block_on(serve(options, settings, key, saving.handle(), ready));
    runtime.shutdown_background();
    saving.shutdown_background();
    served
}

/// Raises the limit of open files to what the sessions need, if the system allows it.
fn raise_files(sessions: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limit = getrlimit(Resource::Nofile);
    let wanted = u64::try_from(sessions)
        .unwrap_or(u64::MAX)
        .saturating_add(1024);
    let most = limit.maximum.unwrap_or(wanted);
    if limit.current.is_some_and(|now| now < wanted) {
        let raised = Rlimit {
            current: Some(wanted.min(most)),
            maximum: limit.maximum,
        };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            tracing::warn!(%error, "no more files can be opened");
        }
    }
}

async fn serve(
    options: Options,
    settings: Settings,
    key: PrivateKey,
    saving: &Handle,
    ready: impl FnOnce(&[SocketAddr], &str),
) -> Result<End, ServeError> {
    let mut signals = Box::pin(signals::stream()?);
    let mut listeners = Vec::new();
    for address in &options.listen {
        let listener = TcpListener::bind(address).await;
        listeners.push(listener.map_err(|error| ServeError::Listen(*address, error))?);
    }
    let addresses: io::Result<Vec<_>> = listeners.iter().map(TcpListener::local_addr).collect();
    let addresses = addresses?;
    let key_shown = host_key::shown(&key);
    let store = |make: fn(_) -> AnyStore| make(settings.database.clone());
    let timing = Timing::default();
    let (guests, ended) = {
        let _within = saving.enter();
        let worker = worker::spawn(
            store(AnyStore::new),
            store(AnyStore::second),
            FileOutbox::new(settings.state_dir.join("outbox")),
            ClientId::new_v4(),
            timing,
        );
        welcome(worker, store(AnyStore::second), options.admission, timing)
    };
    let look = |no_color, truecolor| {
        let mut settings = settings.clone();
        (settings.no_color, settings.truecolor) = (no_color, truecolor);
        appearance::find(&settings)
    };
    let server = Arc::new(GameServer {
        looks: [look(true, false), look(false, false), look(false, true)],
        zone: settings::zone().unwrap_or_else(|_| TimeZone::unknown()),
        place: rustix::system::uname()
            .nodename()
            .to_string_lossy()
            .into_owned(),
        guests,
        options,
        settings,
        began: Instant::now(),
        sessions: Mutex::default(),
        next: AtomicU64::new(0),
        cells: AtomicUsize::new(0),
        session_ended: Notify::new(),
    });
    let config = Arc::new(connections::config(key));
    let limit = Arc::new(LoginLimit::default());
    let accepting: Vec<_> = listeners
        .into_iter()
        .map(|listener| {
            let (server, config, limit) =
                (Arc::clone(&server), Arc::clone(&config), Arc::clone(&limit));
            tokio::spawn(connections::accept(listener, server, config, limit))
        })
        .collect();
    tracing::info!(?addresses, key = key_shown, "serving");
    ready(&addresses, &key_shown);
    let mut idle_checks = tokio::time::interval(IDLE_CHECK);
    let mut ended = std::pin::pin!(ended);
    let last = loop {
        tokio::select! {
            Some(signal) = signals.next() => if let Signal::Stop(number) = signal {
                tracing::info!(number, "the server ends");
                break None;
            },
            last = &mut ended => break Some(last),
            _ = idle_checks.tick(), if server.options.idle.is_some() => server.end_idle(),
        }
    };
    for task in accepting {
        task.abort();
    }
    for session in server.sessions().values() {
        session.end(Say::ServerEnds, rustix::process::Signal::TERM);
    }
    let all_ended = async {
        while !server.sessions().is_empty() {
            server.session_ended.notified().await;
        }
    };
    let _ = tokio::time::timeout(timing.drain + ENDING, all_ended).await;
    let last = match last {
        Some(last) => last,
        None => {
            server.guests.end();
            tokio::time::timeout(timing.drain + ENDING, ended)
                .await
                .unwrap_or_default()
        }
    };
    Ok(last)
}
