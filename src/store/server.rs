//! What the dialects of database servers share: a target that never shows its password, how long
//! an answer is waited for, and words for a link that fails.

use std::fmt;
use std::future::Future;
use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::Duration;

use super::{Hosts, StoreError};

/// How long a connection may take to come up; several hosts share it, so that one that is dead
/// does not eat the time of the next. Where many clients come back together, one that gives up
/// early and begins anew makes it longer for all.
const CONNECT: Duration = Duration::from_secs(10);

/// How long an answer is waited for. The server's own limits, 4 s for a statement and 3 s for a
/// lock, end a call before that, so past it the server or the link hangs, and a new connection is
/// tried; what the old one began is over by then and blocks nobody.
pub const REPLY: Duration = Duration::from_secs(5);

/// One server of a database, with what the driver needs to get there.
#[derive(Clone)]
pub struct Server<O> {
    /// The driver's options, with the password.
    pub(super) options: Box<O>,
    /// Whether a proxy gives each transaction another of its connections to the server.
    pub(super) pooled: bool,
    /// Whether the database has other hosts.
    pub(super) has_others: bool,
    /// How long a connection to it may take to come up.
    pub(super) limit: Duration,
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
        let shown = [format!("{scheme}://{user}@"), host, format!("/{database}")];
        Self {
            options: Box::new(options),
            pooled: false,
            has_others: false,
            limit: CONNECT,
            url: url.to_owned(),
            shown: shown.map(|part| harmless(&part)),
            address: harmless(&address),
        }
    }

    /// The same behind a proxy that gives each transaction another of its connections.
    pub(super) fn with_pooled(self, pooled: bool) -> Self {
        Self { pooled, ..self }
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

    /// What an error means while a connection comes up: nothing was written yet. `passes` says
    /// whether it may come up later, with nothing changed in the URL.
    pub(super) fn unreached(&self, passes: bool, error: StoreError) -> StoreError {
        match error {
            StoreError::Lost { why, .. } if passes && !why.contains(&self.address) => {
                self.away(format!("{why} at {}", self.address))
            }
            StoreError::Lost { why, .. } if passes => self.away(why),
            error => error,
        }
    }

    fn io_words(&self, error: &io::Error) -> String {
        let address = &self.address;
        match error.kind() {
            ErrorKind::ConnectionRefused | ErrorKind::NotFound => {
                format!("nothing listens at {address}")
            }
            ErrorKind::TimedOut => format!("no answer from {address} in time"),
            ErrorKind::UnexpectedEof
            | ErrorKind::ConnectionReset
            | ErrorKind::ConnectionAborted
            | ErrorKind::BrokenPipe => "the connection was closed on the way".to_owned(),
            _ => format!("{error} at {address}"),
        }
    }

    /// What never worked is more likely a mistake in the URL than a fault that passes.
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

impl<O> Hosts<Server<O>> {
    pub(super) fn new(mut all: Vec<Server<O>>) -> Self {
        let hosts = all.len() as u32;
        for server in &mut all {
            server.has_others = hosts > 1;
            server.limit = CONNECT / hosts;
        }
        Self { all }
    }

    /// The database as the player sees it: its URL with all hosts, without the password and the
    /// options.
    pub fn place(&self) -> String {
        let [before, _, after] = &self.all[0].shown;
        let hosts: Vec<&str> = self.all.iter().map(|s| s.shown[1].as_str()).collect();
        format!("{before}{}{after}", hosts.join(","))
    }
}

/// Whether a connection that failed so may come up later, with nothing changed in the URL.
pub fn passes(error: &sqlx::Error) -> bool {
    let sqlx::Error::Io(error) = error else {
        return false;
    };
    match error.kind() {
        ErrorKind::ConnectionRefused
        | ErrorKind::ConnectionReset
        | ErrorKind::ConnectionAborted
        | ErrorKind::BrokenPipe
        | ErrorKind::UnexpectedEof
        | ErrorKind::TimedOut
        | ErrorKind::HostUnreachable
        | ErrorKind::NetworkUnreachable
        | ErrorKind::NetworkDown
        | ErrorKind::AddrNotAvailable
        // A socket that the server makes when it starts.
        | ErrorKind::NotFound => true,
        // Looking up a name has no kind of its own, and its number is in the words alone.
        _ => {
            let words = error.to_string();
            words.contains(LOOKUP) && !NO_SUCH_NAME.iter().any(|none| words.contains(none))
        }
    }
}

/// How the standard library begins what it says of a name that was not found.
const LOOKUP: &str = "failed to lookup address";

/// What the C libraries say of a name that does not exist: glibc (twice), musl, BSD and macOS.
/// Whatever else they say passes, as the network's absence does.
const NO_SUCH_NAME: [&str; 4] = [
    "Name or service not known",
    "No address associated with hostname",
    "Name does not resolve",
    "nodename nor servname provided",
];

/// Waits for a connection, but not for ever.
pub async fn in_time<T>(
    limit: Duration,
    connecting: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::time::timeout(limit, connecting)
        .await
        .unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())))
}

/// A URL's parts come decoded, and could hold what a terminal obeys.
fn harmless(text: &str) -> String {
    let shown = |c: char| if c.is_control() { '\u{fffd}' } else { c };
    text.chars().map(shown).collect()
}

/// Without the password, wherever it may be printed.
impl<O> fmt::Debug for Server<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Server").field(&self.place()).finish()
    }
}

impl<O> PartialEq for Server<O> {
    fn eq(&self, other: &Self) -> bool {
        (&self.url, self.pooled) == (&other.url, other.pooled)
    }
}

impl<O> Eq for Server<O> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_come_up_later_is_told_from_what_will_not() {
        let named = |words: &str| {
            io::Error::other(format!("failed to lookup address information: {words}"))
        };
        for (error, later) in [
            (io::Error::from(ErrorKind::ConnectionRefused), true),
            (ErrorKind::ConnectionReset.into(), true),
            (ErrorKind::UnexpectedEof.into(), true),
            (ErrorKind::TimedOut.into(), true),
            (ErrorKind::HostUnreachable.into(), true),
            (ErrorKind::NetworkUnreachable.into(), true),
            (ErrorKind::NotFound.into(), true),
            (named("Temporary failure in name resolution"), true),
            (named("Try again"), true),
            (named("Name or service not known"), false),
            (named("Name does not resolve"), false),
            (named("No address associated with hostname"), false),
            (ErrorKind::PermissionDenied.into(), false),
            // A certificate that is not trusted.
            (ErrorKind::InvalidData.into(), false),
            (ErrorKind::InvalidInput.into(), false),
        ] {
            let words = error.to_string();
            assert_eq!(passes(&sqlx::Error::Io(error)), later, "{words}");
        }
        assert!(!passes(&sqlx::Error::Tls("no TLS".into())));
        assert!(!passes(&sqlx::Error::Protocol("a web server".into())));
    }
}
