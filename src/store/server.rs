//! What the dialects of database servers share: a target that never shows its password, how long
//! an answer is waited for, and what they know of the server's state.

mod link;
mod memory;
mod relay;
mod spare;
mod words;

use std::fmt;
use std::future::Future;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::ConnectOptions;

use super::sanitized::sanitized;
use super::{Hosts, StoreError};
pub use link::{in_time, is_without_tls, passes, unpanicked};
pub use memory::Position;
use memory::{Memory, Verdict};
pub use relay::{Protocol, Relay};
use spare::Spare;

/// How long a connection may take to come up. Where many clients come back together, one that gives
/// up early and begins anew makes it longer for all.
pub const CONNECT: Duration = Duration::from_secs(10);

/// How long an answer is waited for. The server's own limits, 4 s for a statement and 3 s for a
/// lock, end a call before that, so past it the server or the link hangs, and a new connection is
/// tried; what the old one began is over by then and blocks nobody.
pub const REPLY: Duration = Duration::from_secs(5);

/// One server of a database, with what the driver needs to get there.
pub struct Server<O: ConnectOptions<Connection: Sized>> {
    /// The driver's options, with the password.
    pub(super) options: Box<O>,
    /// Whether a proxy gives each transaction another of its connections to the server.
    pub(super) pooled: bool,
    /// Whether the database has other hosts.
    pub(super) has_others: bool,
    /// The files that the options name, each with the option.
    pub(super) files: Vec<(&'static str, PathBuf)>,
    /// Whether the link leaves this machine.
    pub(super) is_remote: bool,
    /// Whether another store of this process has to have its connection before this one.
    pub(super) gives_way: bool,
    /// A connection that one store of this process leaves to the other.
    pub(super) spare: Arc<Spare<O::Connection>>,
    /// What the process has seen of the database, on whichever host.
    memory: Arc<Memory>,
    /// What the options were read from, with the password.
    url: String,
    /// `scheme://user@`, `host:port` and `/database`.
    shown: [String; 3],
    /// Where it listens, in words.
    pub(super) address: String,
}

/// The parts of a URL that may be shown.
#[derive(Debug)]
pub struct Shown<'a> {
    pub scheme: &'a str,
    pub user: &'a str,
    pub host: &'a str,
    pub socket: Option<&'a PathBuf>,
    pub port: u16,
    pub usual_port: u16,
    pub database: Option<&'a str>,
}

impl<O: ConnectOptions<Connection: Sized>> Server<O> {
    pub(super) fn new(options: O, url: &str, shown: &Shown) -> Self {
        let address = match shown.socket {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", shown.host, shown.port),
        };
        let host = match shown.socket {
            Some(_) => String::new(),
            None if shown.port == shown.usual_port => shown.host.to_owned(),
            None => address.clone(),
        };
        let is_remote = shown.socket.is_none() && link::leaves_this_machine(shown.host);
        let Shown { scheme, user, .. } = shown;
        let database = shown.database.unwrap_or_default();
        let shown = [format!("{scheme}://{user}@"), host, format!("/{database}")];
        Self {
            options: Box::new(options),
            pooled: false,
            has_others: false,
            files: Vec::new(),
            is_remote,
            gives_way: false,
            spare: Arc::default(),
            memory: Arc::default(),
            url: url.to_owned(),
            shown: shown.map(|part| sanitized(&part)),
            address: sanitized(&address),
        }
    }

    /// The same behind a proxy that gives each transaction another of its connections.
    pub(super) fn with_pooled(self, pooled: bool) -> Self {
        Self { pooled, ..self }
    }

    /// The same with the files that its options name.
    pub(super) fn with_files(self, files: Vec<(&'static str, PathBuf)>) -> Self {
        Self { files, ..self }
    }

    /// The database as the player sees it: its URL without the password and the options.
    pub fn place(&self) -> String {
        self.shown.concat()
    }

    pub(super) fn unusable(&self, why: String) -> StoreError {
        StoreError::Unusable {
            place: self.place(),
            why,
        }
    }

    pub(super) fn lost(&self, why: String) -> StoreError {
        StoreError::Lost {
            place: self.place(),
            why,
        }
    }

    fn away(&self, why: String) -> StoreError {
        StoreError::Away {
            place: self.place(),
            why,
        }
    }

    /// What it means that this server is not one to write to.
    pub(super) fn no_writes(&self, why: &str) -> StoreError {
        self.away(format!("{} {why}", self.address))
    }

    /// Waits for what has to be known of a server before it is played on, but not for ever. The
    /// connection of one who waited in vain must be dropped.
    pub(super) async fn answer<T>(
        &self,
        asking: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(REPLY, asking).await {
            Ok(Err(error)) => Err(self.unreached(true, error)),
            Ok(answer) => answer,
            Err(_) => Err(self.away(self.io_words(&ErrorKind::TimedOut.into()))),
        }
    }

    /// Takes note of how far the server is, if it tells, and refuses one that is further back than
    /// this process has seen the database.
    ///
    /// # Errors
    /// [`StoreError::Away`] for a server that another was promoted over, for as long as that is
    /// remembered; [`StoreError::Behind`], once, for any other.
    pub(super) fn arrived_at(&self, position: Option<Position>) -> Result<(), StoreError> {
        let Some(position) = position else {
            return Ok(());
        };
        match self.memory.judge(position) {
            Verdict::GoesOn => Ok(()),
            Verdict::Superseded(why) => Err(self.no_writes(&format!(
                "is an older copy, and another server was promoted after it ({why}); start again to \
                 play there all the same"
            ))),
            Verdict::Behind(why) => {
                let place = self.place();
                let why = format!("{}: {why}", self.address);
                tracing::warn!(place, why, "the server is behind what was seen before");
                Err(StoreError::Behind { place, why })
            }
        }
    }
}

impl<O: ConnectOptions<Connection: Sized>> Hosts<Server<O>> {
    pub(super) fn new(mut all: Vec<Server<O>>) -> Self {
        let has_others = all.len() > 1;
        let memory = Arc::new(Memory::default());
        for server in &mut all {
            server.has_others = has_others;
            server.memory = Arc::clone(&memory);
        }
        Self::of(all)
    }

    /// The database as the player sees it: its URL with all hosts, without the password and the
    /// options.
    pub fn place(&self) -> String {
        let [before, _, after] = &self.all[0].shown;
        let hosts: Vec<&str> = self.all.iter().map(|s| s.shown[1].as_str()).collect();
        format!("{before}{}{after}", hosts.join(","))
    }
}

/// Without the password, wherever it may be printed.
impl<O: ConnectOptions<Connection: Sized>> fmt::Debug for Server<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.place()).finish()
    }
}

impl<O: ConnectOptions<Connection: Sized>> PartialEq for Server<O> {
    fn eq(&self, other: &Self) -> bool {
        (&self.url, self.pooled) == (&other.url, other.pooled)
    }
}

impl<O: ConnectOptions<Connection: Sized>> Eq for Server<O> {}

/// Its connection is no part of the options that are cloned.
impl<O: ConnectOptions<Connection: Sized> + Clone> Clone for Server<O> {
    fn clone(&self) -> Self {
        Self {
            options: self.options.clone(),
            pooled: self.pooled,
            has_others: self.has_others,
            files: self.files.clone(),
            is_remote: self.is_remote,
            gives_way: self.gives_way,
            spare: Arc::clone(&self.spare),
            memory: Arc::clone(&self.memory),
            url: self.url.clone(),
            shown: self.shown.clone(),
            address: self.address.clone(),
        }
    }
}
