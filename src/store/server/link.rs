//! What becomes of a link to a server that fails, and whether it may come up later by itself.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use sqlx::ConnectOptions;

use super::Server;
use crate::fault;
use crate::store::StoreError;
use crate::store::sanitized::sanitized;

impl<O: ConnectOptions<Connection: Sized>> Server<O> {
    /// What an error means that is not the server's own answer.
    pub(in crate::store) fn broken(&self, error: sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::Io(error) => self.lost(self.io_words(&error)),
            sqlx::Error::Tls(error) => self.lost(self.tls_words(&error.to_string())),
            sqlx::Error::Protocol(words) if words == DRIVER_FAILED => StoreError::Faulty {
                place: self.place(),
            },
            sqlx::Error::Protocol(words) => self.lost(self.protocol_words(&words)),
            sqlx::Error::WorkerCrashed => self.lost("the driver has failed".to_owned()),
            sqlx::Error::Configuration(error) => {
                self.unusable(self.configuration_words(&error.to_string()))
            }
            error => StoreError::Unread {
                place: self.place(),
                why: sanitized(&error.to_string()),
            },
        }
    }

    /// What an error means while a connection comes up: nothing was written yet. `passes` says
    /// whether it may come up later, with nothing changed in the URL.
    pub(in crate::store) fn unreached(&self, passes: bool, error: StoreError) -> StoreError {
        match error {
            StoreError::Lost { why, .. } | StoreError::Other { why, .. } if passes => {
                match why.contains(&self.address) {
                    true => self.away(why),
                    false => self.away(format!("{why} at {}", self.address)),
                }
            }
            error => error,
        }
    }

    /// What never worked is more likely a mistake in the URL than a fault that passes.
    pub(in crate::store) fn at_first(error: StoreError) -> StoreError {
        match error {
            // What to do is behind a colon already.
            StoreError::Lost { place, why } if why.contains(": ") => StoreError::Unusable {
                place,
                why: why + ".",
            },
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

    /// Whether the files that the options name can be read, which the driver would say of the
    /// server.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] for the first that can't.
    pub(in crate::store) fn check_files(&self) -> Result<(), StoreError> {
        for (option, path) in &self.files {
            let read = std::fs::metadata(path).and_then(|found| match found.is_file() {
                true => std::fs::File::open(path).map(drop),
                false => Err(io::Error::other("it is no regular file")),
            });
            if let Err(error) = read {
                let path = path.display();
                return Err(self.unusable(
                    sanitized(&format!(
                        "the file {path} that {option} names can't be read: {error}"
                    )) + ". Name the right one, or make it readable.",
                ));
            }
        }
        Ok(())
    }
}

/// What the driver says where the end of the stream comes instead of a yes or no to TLS: a proxy in
/// front of the server has none now. (The driver does not look how many bytes it has read.)
pub(super) const NO_TLS_ANSWER: &str = "unexpected response from SSLRequest: 0x00";

/// Whether a connection that failed so may come up later, with nothing changed in the URL.
pub fn passes(error: &sqlx::Error) -> bool {
    let error = match error {
        sqlx::Error::Io(error) => error,
        sqlx::Error::Protocol(words) => return words.contains(NO_TLS_ANSWER),
        _ => return false,
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
pub(super) const LOOKUP: &str = "failed to lookup address";

/// What the C libraries say of a name that does not exist: glibc (twice), musl, BSD and macOS.
/// Whatever else they say passes, as the network's absence does.
const NO_SUCH_NAME: [&str; 4] = [
    "Name or service not known",
    "No address associated with hostname",
    "Name does not resolve",
    "nodename nor servname provided",
];

/// Whether the driver says that the server offers no TLS, which was asked for.
pub fn is_without_tls(words: &str) -> bool {
    words.contains("server does not support TLS")
}

/// Whether a link to this host leaves this machine, for all that its name tells.
pub fn leaves_this_machine(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    let loopback = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    !(loopback || host.starts_with('/') || bare.eq_ignore_ascii_case("localhost"))
}

/// Waits for a connection, but not for ever.
pub async fn in_time<T>(
    limit: Duration,
    connecting: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    tokio::time::timeout(limit, unpanicked(connecting))
        .await
        .unwrap_or_else(|_| Err(sqlx::Error::Io(ErrorKind::TimedOut.into())))
}

/// How it is told on that the driver panicked.
const DRIVER_FAILED: &str = "the driver failed at an answer";

/// Asks the driver, which panics at some of what no server of its kind says. Its connection must be
/// dropped after an error.
pub async fn unpanicked<T>(
    asking: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, sqlx::Error> {
    let asking = AssertUnwindSafe(fault::guarded(asking)).catch_unwind();
    let failed = |_| Err(sqlx::Error::Protocol(DRIVER_FAILED.to_owned()));
    asking.await.unwrap_or_else(failed)
}

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
        let no_tls =
            "unexpected response from SSLRequest: 0x48 (sqlx_postgres::connection::tls:100)";
        assert!(!passes(&sqlx::Error::Protocol(no_tls.into())));
        // The end of the stream, from a proxy that has no server now.
        let ended = no_tls.replace("0x48", "0x00");
        assert!(passes(&sqlx::Error::Protocol(ended)));
    }

    #[test]
    fn a_loopback_address_and_a_socket_stay_on_this_machine() {
        for (host, leaves) in [
            ("localhost", false),
            ("LOCALHOST", false),
            ("127.0.0.1", false),
            ("127.8.8.8", false),
            ("[::1]", false),
            ("::1", false),
            ("/run/postgresql", false),
            ("10.0.0.1", true),
            ("[fe80::1]", true),
            ("db.example.com", true),
            ("localhost.example.com", true),
            ("0.0.0.0", true),
        ] {
            assert_eq!(leaves_this_machine(host), leaves, "{host}");
        }
    }
}
