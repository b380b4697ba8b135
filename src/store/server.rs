//! What all database servers have in common: a target that never shows its password, time limits,
//! and what is known of the server's state.

mod counting;
mod link;
mod memory;
pub mod relay;
mod spare;
mod words;

use std::fmt;
use std::future::Future;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::postgres::PgConnectOptions;
use sqlx::{MySqlConnection, PgConnection, SqliteConnection};

use super::sanitized::sanitized;
use super::{Hosts, StoreError};
pub use link::{is_without_tls, passes, unpanicked};
pub use memory::Position;
use memory::{Memory, Verdict};
pub use relay::Relay;
use spare::Spare;

/// The time limit for connecting. It is long because many clients may reconnect together, and a
/// client that gives up early and tries again makes it longer for all.
pub const CONNECT: Duration = Duration::from_secs(10);

/// The time limit for an answer. The server's own limits, 4 s for a statement and 3 s for a lock,
/// end a call earlier. So after this time the server or the link hangs, and a new connection is
/// tried. What the old one began is over by then and blocks nobody.
pub const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// One server of a database, with the driver's options. Clones share the spare connection.
#[derive(Clone)]
pub struct Server {
    /// The driver's options, with the password.
    pub(super) options: DriverOptions,
    /// Whether a transaction-pooling proxy is in front of the server.
    pub(super) pooled: bool,
    /// Whether the database has other hosts.
    pub(super) has_others: bool,
    /// The files that the options name, each with its option.
    pub(super) files: Vec<(&'static str, PathBuf)>,
    /// Whether the link leaves this machine.
    pub(super) is_remote: bool,
    /// Whether it belongs to a watching store, which offers its connection to the writing store.
    pub(super) gives_way: bool,
    /// A connection that the watching store offers to the writing store.
    pub(super) spare: Arc<Spare<Connection>>,
    /// The newest state of the database that this process has seen, on any host.
    memory: Arc<Memory>,
    /// The URL, with the password.
    url: String,
    /// `scheme://user@`, `host:port` and `/database`.
    shown: [String; 3],
    /// Its address, for messages.
    pub(super) address: String,
}

/// The options of a driver.
#[derive(Clone)]
pub enum DriverOptions {
    Postgres(Box<PgConnectOptions>),
    MySql(Box<MySqlConnectOptions>),
}

/// An open connection, and the server at its other end.
#[derive(Debug)]
pub enum Connection {
    Sqlite(SqliteConnection),
    Postgres(Server, PgConnection),
    MySql(Server, MySqlConnection),
}

impl Connection {
    /// The server at the other end, if there is one.
    pub fn server(&self) -> Option<&Server> {
        match self {
            Self::Sqlite(_) => None,
            Self::Postgres(server, _) | Self::MySql(server, _) => Some(server),
        }
    }
}

/// What a server says of itself.
pub struct ServerState {
    /// Why it takes no writes.
    pub no_writes: Option<&'static str>,
    /// Its position in its log, if known.
    pub position: Option<Position>,
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

impl Server {
    pub(super) fn new(options: DriverOptions, url: &str, shown: &Shown) -> Self {
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
            options,
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

    /// The database as shown to the player: its URL without the password and the options.
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

    /// The error of a server that takes no writes.
    pub(super) fn no_writes(&self, why: &str) -> StoreError {
        self.away(format!("{} {why}", self.address))
    }

    /// Waits for an answer while connecting, with a time limit. After a timeout the connection must
    /// be dropped.
    pub(super) async fn answer<T>(
        &self,
        asking: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match tokio::time::timeout(ANSWER_LIMIT, asking).await {
            Ok(Err(error)) => Err(self.unreached(true, error)),
            Ok(answer) => answer,
            Err(_) => Err(self.away(self.io_words(&ErrorKind::TimedOut.into()))),
        }
    }

    /// Records the server's position in its log, if known, and refuses a server that is behind what
    /// this process has seen.
    ///
    /// # Errors
    /// [`StoreError::Away`] for a server that was replaced by a promoted one, as long as this
    /// process remembers that; [`StoreError::Behind`], once, for any other.
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

impl Hosts<Server> {
    pub(super) fn new(mut all: Vec<Server>) -> Self {
        let has_others = all.len() > 1;
        let memory = Arc::new(Memory::default());
        for server in &mut all {
            server.has_others = has_others;
            server.memory = Arc::clone(&memory);
        }
        Self::of(all)
    }

    /// The database as shown to the player: its URL with all hosts, without the password and the
    /// options.
    pub fn place(&self) -> String {
        let [before, _, after] = &self.all[0].shown;
        let hosts: Vec<&str> = self.all.iter().map(|s| s.shown[1].as_str()).collect();
        format!("{before}{}{after}", hosts.join(","))
    }
}

/// Never prints the password.
impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.place()).finish()
    }
}

impl PartialEq for Server {
    fn eq(&self, other: &Self) -> bool {
        (&self.url, self.pooled) == (&other.url, other.pooled)
    }
}

impl Eq for Server {}
