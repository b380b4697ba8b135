//! Translates errors of a connection to a server, and decides whether a retry may help.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;

use futures_util::FutureExt;

use super::Server;
use crate::fault;
use crate::store::StoreError;
use crate::store::sanitized::sanitized;

impl Server {
    /// Translates an error that is not an answer of the server.
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

    /// Translates an error of connecting, when nothing was written yet. `passes` says whether a
    /// retry with the same URL may succeed.
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

    /// If it never worked, a mistake in the URL is more likely than a temporary fault.
    pub(in crate::store) fn at_first(error: StoreError) -> StoreError {
        match error {
            // The advice is after the colon already.
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

    /// Checks that the files in the options can be read. The driver would report this as an error
    /// of the server.
    ///
    /// # Errors
    /// [`StoreError::Unusable`] for the first one that can't.
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

/// The driver's message if the stream ends instead of the answer about TLS, because a proxy has no
/// server now. (The driver does not check how many bytes it has read.)
pub(super) const NO_TLS_ANSWER: &str = "unexpected response from SSLRequest: 0x00";

/// Whether a retry with the same URL may succeed after this error.
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
        // The server creates its socket when it starts.
        | ErrorKind::NotFound => true,
        // Name lookup errors have no kind of their own, and their number is only in the message.
        _ => {
            let words = error.to_string();
            words.contains(LOOKUP) && !NO_SUCH_NAME.iter().any(|none| words.contains(none))
        }
    }
}

/// The beginning of the standard library's message for a failed name lookup.
pub(super) const LOOKUP: &str = "failed to lookup address";

/// The messages of C libraries for a name that does not exist: glibc (two), musl, BSD and macOS.
/// All other lookup errors may be temporary, like a missing network.
const NO_SUCH_NAME: [&str; 4] = [
    "Name or service not known",
    "No address associated with hostname",
    "Name does not resolve",
    "nodename nor servname provided",
];

/// Whether the driver says that the server does not support TLS.
pub fn is_without_tls(words: &str) -> bool {
    words.contains("server does not support TLS")
}

/// Whether a connection to this host leaves this machine, judging by its name.
pub fn leaves_this_machine(host: &str) -> bool {
    let bare = host.trim_matches(['[', ']']);
    let loopback = bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
    !(loopback || host.starts_with('/') || bare.eq_ignore_ascii_case("localhost"))
}

/// The message of the error for a panic of the driver.
const DRIVER_FAILED: &str = "the driver failed at an answer";

/// Runs a call of the driver, and turns a panic into an error. Drivers panic at some invalid
/// answers. After an error the connection must be dropped.
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
            // An untrusted certificate.
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
        // The end of the stream, from a proxy without a server.
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
