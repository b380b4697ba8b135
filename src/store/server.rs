//! What the dialects of database servers share: a target that never shows its password, how long
//! an answer is waited for, and words for a link that fails.

use std::fmt;
use std::future::Future;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use super::StoreError;

/// How long a connection may take to come up. Where many clients come back together, one that gives
/// up early and begins anew makes it longer for all.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an answer is waited for. The server's own limits end a statement before that, so past
/// it the server or the link hangs, and a new connection is tried.
pub const REPLY: Duration = Duration::from_secs(12);

/// A database on a server, with what the driver needs to get there.
#[derive(Clone)]
pub struct Server<O> {
    /// The driver's options, with the password.
    pub(super) options: Box<O>,
    /// What the options were read from, with the password.
    pub(super) url: String,
    /// `scheme://user@host:port/database`.
    pub(super) place: String,
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

impl<O> Server<O> {
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
        let Shown { scheme, user, .. } = shown;
        let database = shown.database.unwrap_or_default();
        Self {
            options: Box::new(options),
            url: url.to_owned(),
            place: harmless(&format!("{scheme}://{user}@{host}/{database}")),
            address: harmless(&address),
        }
    }

    /// The database as the player sees it: its URL without the password and the options.
    pub fn place(&self) -> String {
        self.place.clone()
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

    /// What an error means that is not the server's own answer.
    pub(super) fn broken(&self, error: sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Io(error) => self.lost(self.io_words(&error)),
            error @ (sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::WorkerCrashed) => self.lost(error.to_string()),
            error => StoreError::Other {
                place: self.place(),
                why: error.to_string(),
            },
        }
    }

    fn io_words(&self, error: &io::Error) -> String {
        let address = &self.address;
        match error.kind() {
            io::ErrorKind::ConnectionRefused | io::ErrorKind::NotFound => {
                format!("nothing listens at {address}")
            }
            io::ErrorKind::TimedOut => format!("no answer from {address} in time"),
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe => "the connection was closed on the way".to_owned(),
            _ => format!("{error} at {address}"),
        }
    }

    /// A server that was never reached is more likely a wrong address than one that will be back.
    pub(super) fn at_first(error: StoreError) -> StoreError {
        match error {
            StoreError::Lost { place, why } => StoreError::Unusable {
                place,
                why: format!(
                    "{why}. Check the host, the port and the options in its URL, and that the \
                     server is running."
                ),
            },
            other => other,
        }
    }
}

/// Waits for a connection, but not for ever.
pub async fn in_time<T>(
    connecting: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::time::timeout(CONNECT, connecting)
        .await
        .unwrap_or_else(|_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into())))
}

/// A URL's parts come decoded, and could hold what a terminal obeys.
fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}

/// Without the password, wherever it may be printed.
impl<O> fmt::Debug for Server<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.place).finish()
    }
}

impl<O> PartialEq for Server<O> {
    fn eq(&self, other: &Self) -> bool {
        self.url == other.url
    }
}

impl<O> Eq for Server<O> {}
