//! Words for a link to a server that fails, and whether it may come up later by itself.

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures_util::FutureExt;
use sqlx::ConnectOptions;

use super::Server;
use super::relay::ASKED;
use crate::fault;
use crate::store::StoreError;
use crate::store::error::told;

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
                why: told(&error.to_string()),
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
                    told(&format!(
                        "the file {path} that {option} names can't be read: {error}"
                    )) + ". Name the right one, or make it readable.",
                ));
            }
        }
        Ok(())
    }

    pub(super) fn io_words(&self, error: &io::Error) -> String {
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
            // What the TLS library says comes so.
            ErrorKind::InvalidData => self.tls_words(&error.to_string()),
            ErrorKind::PermissionDenied => format!("{address} may not be connected to"),
            _ => match error.to_string().strip_prefix(LOOKUP) {
                Some(why) => {
                    let why = why.rsplit(": ").next().unwrap_or_default();
                    told(&format!("the name of {address} is not found ({why})"))
                }
                None => told(&format!("{error} at {address}")),
            },
        }
    }

    /// What the TLS library said, in words of what to do.
    fn tls_words(&self, words: &str) -> String {
        let address = &self.address;
        let has = |text: &str| words.contains(text);
        if is_without_tls(words) {
            return format!(
                "the server at {address} offers no TLS, which the URL asks for: have it set up \
                 there"
            );
        }
        if has("UnsupportedCertVersion") {
            return format!(
                "the certificate of the server at {address} is of version 1, which is read by \
                 none of the checks there are: give the server one of version 3"
            );
        }
        if has("Invalid certificate") || has("no keys found") {
            return "a file that sslrootcert, sslcert, ssl-ca or ssl-cert names holds no \
                    certificate: it has to be one in the PEM format"
                .to_owned();
        }
        let Some((_, why)) = words.split_once("invalid peer certificate: ") else {
            return told(&format!("no TLS with the server at {address} ({words})"));
        };
        let what = if why.starts_with("UnknownIssuer") {
            "is of an authority that is not trusted here: name its certificate with sslrootcert \
             (PostgreSQL) or ssl-ca (MariaDB, MySQL)"
        } else if why.starts_with("CaUsedAsEndEntity") {
            "is that of an authority itself, or was signed by nobody else: give the server one that \
             an authority has signed, and name the authority's with sslrootcert (PostgreSQL) or \
             ssl-ca (MariaDB, MySQL)"
        } else if why.contains("not valid for") && !why.contains("yet") {
            "is for another name: use the name that the certificate has in the URL, or give the \
             server one for this name"
        } else if why.contains("xpired") {
            "has expired: give the server a new one"
        } else if why.contains("NotValidYet") || why.contains("not valid yet") {
            "is not valid yet: look at the clocks of both machines"
        } else {
            return told(&format!(
                "the certificate of the server at {address} is refused ({why})"
            ));
        };
        told(&format!(
            "the certificate of the server at {address} {what} ({why})"
        ))
    }

    /// What the driver said of an answer that it could not read or does not know.
    fn protocol_words(&self, words: &str) -> String {
        let address = &self.address;
        if words.contains(NO_TLS_ANSWER) {
            return "the connection was closed on the way".to_owned();
        }
        if words.starts_with("unexpected response from SSLRequest") {
            return format!(
                "what answers at {address} is no PostgreSQL server: check the host and the port"
            );
        }
        let ways = [
            "unknown authentication plugin: ",
            "unsupported authentication method: ",
            "unsupported SASL authentication mechanisms: ",
            "unexpected packet",
            "mysql_cleartext_plugin disabled",
        ];
        if ways.iter().any(|way| words.starts_with(way)) {
            let way = without_place(words);
            return told(&format!(
                "the server at {address} asks for a way to log in that clickoff does not have \
                 ({way}): let it ask this user for a password by SCRAM (PostgreSQL), or by \
                 mysql_native_password or caching_sha2_password"
            ));
        }
        told(&format!(
            "what answers at {address} does not speak as a database server does ({})",
            without_place(words)
        ))
    }

    /// What the driver refuses of the options, or a relay of the server. The driver's own words are
    /// left out: they may quote the password.
    fn configuration_words(&self, words: &str) -> String {
        let what = if words.contains(ASKED) {
            return format!(
                "the server at {} asks for the password itself, over a link without TLS: whoever \
                 is on the way could read it, or be the one who asks. Have the server offer TLS, \
                 or log in by SCRAM; where the whole network is trusted, ?sslmode=disable \
                 (PostgreSQL) or ?ssl-mode=DISABLED (MariaDB, MySQL) at the end of the URL lets it \
                 have the password.",
                self.address
            );
        } else if words.contains("saslprep password") {
            "the password has a character that clickoff can't log in with here: one that is not in \
             Unicode 3.2, as newer emoji are, or that is not to be seen. Give this user a password \
             without it."
        } else if words.contains("saslprep") {
            "the user's name has a character that clickoff can't log in with here. Take another \
             user."
        } else if words.contains("RSA auth backend") {
            "the server asks for the password under a key of its own, and anybody could have sent \
             that. Have it offer TLS, and leave ssl-mode=DISABLED out of the URL."
        } else if words.contains("given together") {
            "a certificate of this user's goes with its key: give both options, sslcert and sslkey \
             (PostgreSQL) or ssl-cert and ssl-key (MariaDB, MySQL), or none."
        } else if ["pem", "PEM", "key"]
            .iter()
            .any(|word| words.contains(word))
        {
            "the file that sslkey or ssl-key names holds no key in the PEM format. Name the right \
             one."
        } else {
            "the driver can't use the options in its URL. Check them."
        };
        what.to_owned()
    }
}

/// What the driver says where the end of the stream comes instead of a yes or no to TLS: a proxy in
/// front of the server has none now. (The driver does not look how many bytes it has read.)
const NO_TLS_ANSWER: &str = "unexpected response from SSLRequest: 0x00";

/// The driver's words without the line of its source, which stands behind them in brackets.
fn without_place(words: &str) -> &str {
    let place = words.rfind(" (sqlx_").filter(|_| words.ends_with(')'));
    place.map_or(words, |at| &words[..at])
}

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
const LOOKUP: &str = "failed to lookup address";

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
    let asking = AssertUnwindSafe(fault::foreseen(asking)).catch_unwind();
    let failed = |_| Err(sqlx::Error::Protocol(DRIVER_FAILED.to_owned()));
    asking.await.unwrap_or_else(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Target;

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
    fn a_driver_never_speaks_alone() {
        let Ok(Target::MySql(hosts)) = Target::parse("mysql://ada:s3cret@db/game".as_ref()) else {
            panic!("a URL");
        };
        let io = |words: &str| sqlx::Error::Io(io::Error::new(ErrorKind::InvalidData, words));
        let protocol = |words: &str| sqlx::Error::Protocol(words.to_owned());
        let options = |words: &str| sqlx::Error::Configuration(words.to_owned().into());
        for (error, told) in [
            (
                protocol(
                    "unknown authentication plugin: client_ed25519 (sqlx_mysql::protocol::auth:36)",
                ),
                "way to log in that clickoff does not have (unknown authentication plugin: \
                 client_ed25519)",
            ),
            (
                protocol(
                    "unexpected response from SSLRequest: 0x48 (sqlx_postgres::connection::tls:9)",
                ),
                "is no PostgreSQL server",
            ),
            (
                protocol("Packet empty (sqlx_mysql::x:1)"),
                "does not speak as a database server",
            ),
            (io("invalid peer certificate: UnknownIssuer"), "ssl-ca"),
            (io("invalid peer certificate: Expired"), "has expired"),
            (
                io(
                    "invalid peer certificate: certificate not valid for name \"db\"; certificate \
                    is only valid for DnsName(\"a\")",
                ),
                "is for another name",
            ),
            (
                io("invalid peer certificate: Other(OtherError(UnsupportedCertVersion))"),
                "is of version 1",
            ),
            (
                options("Failed to saslprep password: Error(ProhibitedCharacter('s3cret'))"),
                "the password has a character",
            ),
            (
                options("RSA auth backend disabled; enable feature"),
                "offer TLS",
            ),
            (
                sqlx::Error::Tls("server does not support TLS".into()),
                "offers no TLS",
            ),
            (sqlx::Error::RowNotFound, "clickoff can't read"),
        ] {
            let words = hosts.all[0].broken(error).to_string();
            assert!(words.contains(told), "{words}");
            for raw in ["s3cret", "sqlx", "Error("] {
                let quoted = words.contains(raw) && !told.contains("version 1");
                assert!(!quoted, "{words}");
            }
        }
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
