//! Messages for errors of connections, in place of those of the driver and its libraries.

use std::io::{self, ErrorKind};

use super::Server;
use super::link::{LOOKUP, NO_TLS_ANSWER, is_without_tls};
use super::relay::{ASKED, UNCLEAR};
use crate::store::StoreError;
use crate::store::sanitized::sanitized;

impl Server {
    /// The server refuses the user or the password.
    pub(in crate::store) fn no_login(&self, why: &str) -> StoreError {
        self.unusable(format!(
            "{why}. Check the user name and the password in the URL, and what the server allows \
             them."
        ))
    }

    /// The server has no database of this name.
    pub(in crate::store) fn no_database(&self, why: &str) -> StoreError {
        self.unusable(format!(
            "{why}. Create it with CREATE DATABASE, or name another one in the URL."
        ))
    }

    /// The user may play, but may not set up the schema.
    pub(in crate::store) fn may_not_mend(
        &self,
        state: &str,
        why: &str,
        [who, engine]: [&str; 2],
    ) -> StoreError {
        self.unusable(format!(
            "{state}, and this {who} may not mend that ({why}). Let the database's owner start \
             clickoff on it once, and then give this {who} its rights with `clickoff roles {engine}`."
        ))
    }

    /// Existing tables don't fit.
    pub(in crate::store) fn unfit(&self, state: &str, why: &str) -> StoreError {
        self.unusable(format!(
            "{state}, and that can't be mended beside what is there ({why}). Look at its table \
             users, or name another database."
        ))
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
            // Errors of the TLS library have this kind.
            ErrorKind::InvalidData => self.tls_words(&error.to_string()),
            ErrorKind::PermissionDenied => format!("{address} may not be connected to"),
            _ => match error.to_string().strip_prefix(LOOKUP) {
                Some(why) => {
                    let why = why.rsplit(": ").next().unwrap_or_default();
                    sanitized(&format!("the name of {address} is not found ({why})"))
                }
                None => sanitized(&format!("{error} at {address}")),
            },
        }
    }

    /// Translates a TLS library's message into advice.
    pub(super) fn tls_words(&self, words: &str) -> String {
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
            return sanitized(&format!("no TLS with the server at {address} ({words})"));
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
            return sanitized(&format!(
                "the certificate of the server at {address} is refused ({why})"
            ));
        };
        sanitized(&format!(
            "the certificate of the server at {address} {what} ({why})"
        ))
    }

    /// Translates the driver's message about an unexpected answer.
    pub(super) fn protocol_words(&self, words: &str) -> String {
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
            return sanitized(&format!(
                "the server at {address} asks for a way to log in that clickoff does not have \
                 ({way}): let it ask this user for a password by SCRAM (PostgreSQL), or by \
                 mysql_native_password or caching_sha2_password"
            ));
        }
        sanitized(&format!(
            "what answers at {address} does not speak as a database server does ({})",
            without_place(words)
        ))
    }

    /// Translates a refused option. The driver's own message is left out, because it may quote the
    /// password.
    pub(super) fn configuration_words(&self, words: &str) -> String {
        let what = if words.contains(ASKED) {
            return format!(
                "the server at {} asks for the password itself, over a link without TLS: whoever \
                 is on the way could read it, or be the one who asks. Have the server offer TLS, \
                 or log in by SCRAM; where the whole network is trusted, ?sslmode=disable \
                 (PostgreSQL) or ?ssl-mode=DISABLED (MariaDB, MySQL) at the end of the URL lets it \
                 have the password.",
                self.address
            );
        } else if words.contains(UNCLEAR) {
            return format!(
                "what answers at {} says more at a log-in than a database server does, so it was \
                 left. Check the host and the port in the URL, and what stands between; over TLS \
                 the server may say what it likes.",
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

/// The driver's message without the source line, which follows in brackets.
fn without_place(words: &str) -> &str {
    let place = words.rfind(" (sqlx_").filter(|_| words.ends_with(')'));
    place.map_or(words, |at| &words[..at])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Target;

    #[test]
    fn a_driver_never_speaks_alone() {
        let Ok(Target::Server(hosts)) = Target::parse("mysql://ada:s3cret@db/game".as_ref()) else {
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
}
