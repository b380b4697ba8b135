//! The game for whoever has an ssh client: one process, one worker and one store for all.
//!
//! russh speaks the protocol. `door` lets visitors in, `game` plays with one of them by the loop
//! of [`app`](crate::app), and the worker's [guests](crate::worker::guests) books what each asks for.

mod connections;
mod door;
mod game;
mod gate;
pub mod host_key;
pub mod keys;
mod lines;
mod playing;
mod socket;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use jiff::tz::TimeZone;
use ratatui::layout::Size;
use russh::keys::PrivateKey;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::sync::mpsc::Sender;

use crate::app::signals::{self, Signal};
use crate::app::tty::USUAL;
use crate::settings::appearance::{self, Found};
use crate::settings::{self, Settings};
use crate::store::{AnyStore, ClientId};
use crate::words::Say;
use crate::worker::guests::{Doors, End, Guests, Ticket, welcome};
use crate::worker::{self, FileOutbox, Timing};
use gate::Gate;
use host_key::HostKeyError;

/// How often it is looked at who has been idle for too long.
const LOOK: Duration = Duration::from_secs(5);

/// How long before the end of an idle session it is told.
const WARNING: Duration = Duration::from_secs(60);

/// The most cells of all terminals together that are more than usual ones: 770 MB.
const MOST_CELLS: usize = 8_000_000;

/// How long sessions may take to part when the server ends, beyond the time of a drain.
const PARTING: Duration = Duration::from_secs(3);

/// What a server is told.
#[derive(Debug, Clone)]
pub struct Options {
    /// Where it listens.
    pub listen: Vec<SocketAddr>,
    /// Where its own key is.
    pub host_key: PathBuf,
    /// Whom it lets in.
    pub doors: Doors,
    /// After how long without a key a session ends; never, if none.
    pub idle: Option<Duration>,
    /// The most sessions at a time.
    pub sessions: usize,
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// Its key can't be used.
    #[error(transparent)]
    Key(#[from] HostKeyError),
    /// It can't listen.
    #[error("it can't listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    /// Something of the system is refused.
    #[error("the system refuses what a server needs: {0}")]
    System(#[from] io::Error),
}

/// One session that is on.
struct Session {
    /// When its last key came, in milliseconds since the server began.
    last_key: AtomicU64,
    signals: Sender<Signal>,
    ticket: Arc<Ticket>,
    /// What it is told at its end.
    why: Mutex<Option<Say>>,
    /// Whether it was told that its end is near.
    warned: std::sync::atomic::AtomicBool,
}

/// What all sessions share.
struct GameServer {
    guests: Arc<Guests>,
    options: Options,
    settings: Settings,
    /// Themes and keys without colours, with 256, and with 16 million.
    looks: [Found; 3],
    zone: TimeZone,
    /// What is shown as the place of the scores.
    place: String,
    began: Instant,
    sessions: Mutex<HashMap<u64, Arc<Session>>>,
    next: AtomicU64,
    /// How many cells the terminals of all sessions were granted.
    cells: AtomicUsize,
    /// Told when a session has ended.
    parted: Notify,
}

impl GameServer {
    fn sessions(&self) -> MutexGuard<'_, HashMap<u64, Arc<Session>>> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What of a terminal of this size is drawn on: all, unless all terminals together are larger
    /// than there is memory for.
    fn grant(&self, size: Size) -> Size {
        let wanted = playing::cells(size);
        let before = self.cells.fetch_add(wanted, Ordering::Relaxed);
        let fits = before + wanted <= MOST_CELLS || wanted <= playing::cells(USUAL);
        if fits {
            return size;
        }
        self.cells
            .fetch_sub(wanted - playing::cells(USUAL), Ordering::Relaxed);
        USUAL
    }

    /// The time as sessions keep it.
    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Has sessions end that had no key for too long, and tells them before.
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
                    session.ticket.notify(Say::IdleSoon);
                }
            } else {
                session.warned.store(false, Ordering::Relaxed);
            }
        }
    }
}

impl Session {
    /// Has it end, as by a signal, and say why.
    fn end(&self, why: Say, signal: rustix::process::Signal) {
        let mut known = self.why.lock().unwrap_or_else(PoisonError::into_inner);
        if known.is_none() {
            *known = Some(why);
            // There is always room: sizes leave some.
            let _ = self.signals.try_send(Signal::Stop(signal.as_raw()));
        }
    }
}

/// Serves until a signal ends it; `ready` is told the addresses, and the key as ssh shows it.
///
/// # Errors
/// [`ServeError`], a sentence; and whether all was saved, with how many presses were not.
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
    // Colours are each session's own affair, and not the server's environment's.
    ratatui::crossterm::style::force_color_output(true);
    let served = runtime.block_on(serve(options, settings, key, ready));
    runtime.shutdown_background();
    served
}

/// Lets the process open as many files as the sessions need, if the system allows it.
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
    let worker = worker::spawn(
        store(AnyStore::new),
        store(AnyStore::second),
        FileOutbox::new(settings.state_dir.join("outbox")),
        ClientId::new_v4(),
        timing,
    );
    let (guests, ended) = welcome(worker, store(AnyStore::second), options.doors, timing);
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
        parted: Notify::new(),
    });
    let config = Arc::new(connections::config(key));
    let gate = Arc::new(Gate::default());
    let accepting: Vec<_> = listeners
        .into_iter()
        .map(|listener| {
            let (server, config, gate) =
                (Arc::clone(&server), Arc::clone(&config), Arc::clone(&gate));
            tokio::spawn(connections::accept(listener, server, config, gate))
        })
        .collect();
    tracing::info!(?addresses, key = key_shown, "serving");
    ready(&addresses, &key_shown);
    let mut looks = tokio::time::interval(LOOK);
    let mut ended = std::pin::pin!(ended);
    let last = loop {
        tokio::select! {
            Some(signal) = signals.next() => if let Signal::Stop(number) = signal {
                tracing::info!(number, "the server ends");
                break None;
            },
            last = &mut ended => break Some(last),
            _ = looks.tick(), if server.options.idle.is_some() => server.end_idle(),
        }
    };
    for task in accepting {
        task.abort();
    }
    for session in server.sessions().values() {
        session.end(Say::ServerEnds, rustix::process::Signal::TERM);
    }
    let all_parted = async {
        while !server.sessions().is_empty() {
            server.parted.notified().await;
        }
    };
    let _ = tokio::time::timeout(timing.drain + PARTING, all_parted).await;
    let last = match last {
        Some(last) => last,
        None => {
            server.guests.end();
            tokio::time::timeout(timing.drain + PARTING, ended)
                .await
                .unwrap_or_default()
        }
    };
    Ok(last)
}
