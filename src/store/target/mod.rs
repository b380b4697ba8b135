//! Parses a command-line argument that names a database: a path or a URL.

mod url;

use std::path::{Path, PathBuf};

use super::{Hosts, Server};

/// A database that can be named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file, by its absolute path.
    Sqlite(PathBuf),
    /// A PostgreSQL, MariaDB or MySQL database, by the hosts that serve it.
    Server(Hosts<Server>),
}

/// An invalid name of a database. It never contains a password, wherever that was in the URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// The scheme before `://` is unknown.
    #[error(
        "the database URL has the unknown scheme \"{0}\": give a path for a SQLite file, or \
         postgres://, mysql:// or mariadb:// with USER:PASSWORD@HOST/DATABASE"
    )]
    UnknownScheme(String),
    /// The URL is ambiguous.
    #[error(
        "the database URL can't be read ({0}): write it as SCHEME://USER:PASSWORD@HOST/DATABASE, \
         several hosts of one cluster as HOST1,HOST2:PORT, and the signs /, ?, #, @, % and : in the user's name and the password as %2F, %3F, %23, \
         %40, %25 and %3A"
    )]
    Url(&'static str),
    /// An unknown option after `?`.
    #[error("the database URL has an option after its ? that is none of: {0}")]
    UnknownOption(String),
    /// An option after `?` with an invalid value.
    #[error("the database URL has an option after its ? with a value that can't be used")]
    OptionValue,
    /// Nothing was given.
    #[error("the name of the database is empty: give the path of a file")]
    Empty,
    /// The path is not valid UTF-8.
    #[error("the path {0} is not valid UTF-8, which SQLite needs: give the file another name")]
    NotUtf8(String),
    /// The current directory can't be read, so a relative path has no meaning.
    #[error("the path {0} is relative, and the current directory can't be read: {1}")]
    NoCurrentDirectory(String, String),
}

impl Target {
    /// Parses `path`, `sqlite:path`, `sqlite://path` or the URL of a server. A relative path starts
    /// at the current directory.
    ///
    /// # Errors
    /// Any [`TargetError`]. None contains a password.
    pub fn parse(argument: &std::ffi::OsStr) -> Result<Self, TargetError> {
        let Some(text) = argument.to_str() else {
            if argument.as_encoded_bytes().windows(3).any(|w| w == b"://") {
                return Err(TargetError::Url("it is not valid UTF-8"));
            }
            return Err(TargetError::NotUtf8(
                argument.to_string_lossy().into_owned(),
            ));
        };
        let path = match text.split_once("://") {
            Some(("sqlite", path)) => path,
            Some(("postgres" | "postgresql", rest)) => return url::postgres(rest),
            Some((scheme @ ("mysql" | "mariadb"), rest)) => return url::mysql(scheme, rest),
            Some((scheme, _)) if is_scheme(scheme) => {
                return Err(TargetError::UnknownScheme(scheme.to_owned()));
            }
            // A mistyped URL may contain a password, so it must not be shown as a path.
            _ if is_nearly_a_server(text) => {
                return Err(TargetError::Url("there is no :// behind its scheme"));
            }
            _ => text.strip_prefix("sqlite:").unwrap_or(text),
        };
        if path.is_empty() {
            return Err(TargetError::Empty);
        }
        // An absolute path can't be mistaken for SQLite's `file:` URLs or `:memory:`.
        std::path::absolute(Path::new(path))
            .map(Self::Sqlite)
            .map_err(|e| TargetError::NoCurrentDirectory(path.to_owned(), e.to_string()))
    }
}

/// Whether it looks like a server's URL with a mistake after the scheme.
fn is_nearly_a_server(text: &str) -> bool {
    let schemes = ["postgresql", "postgres", "mysql", "mariadb"];
    let mut rest = schemes
        .iter()
        .filter_map(|scheme| text.strip_prefix(scheme));
    text.contains('@') && rest.any(|rest| rest.starts_with([':', '/', ';']))
}

/// As in RFC 3986, section 3.1. Anything else before `://` is part of a path.
fn is_scheme(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::server::DriverOptions;

    fn parse(text: &str) -> Result<Target, TargetError> {
        Target::parse(text.as_ref())
    }

    /// The first host of a server's URL.
    fn first(url: &str) -> Server {
        match parse(url) {
            Ok(Target::Server(hosts)) => hosts.all[0].clone(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_socket_stays_on_this_machine() {
        let server = first("postgres://ada@/db?host=/run/pg");
        assert_eq!(server.address, "/run/pg");
        assert!(!server.is_remote);
    }

    #[test]
    fn an_ipv6_address_is_shown_in_brackets_and_connected_to_without() {
        for (url, address) in [
            ("postgres://ada@[::1]/db", "[::1]:5432"),
            ("postgres://ada@a,[fe80::1]:2/db?sslmode=disable", "a:5432"),
            ("mariadb://ada@[::1]:2/db", "[::1]:2"),
        ] {
            let server = first(url);
            let host = match &server.options {
                DriverOptions::Postgres(with) => with.get_host(),
                DriverOptions::MySql(with) => with.get_host(),
            };
            let (shown, _) = address.rsplit_once(':').expect("a port");
            assert_eq!(host, shown.trim_matches(['[', ']']), "{url}");
            assert_eq!(server.address, address, "{url}");
        }
    }

    #[test]
    fn who_names_an_authority_has_the_certificate_checked() {
        use sqlx::mysql::MySqlSslMode;
        use sqlx::postgres::PgSslMode;

        for (url, checked) in [
            ("postgres://ada@db/game", false),
            ("postgres://ada@db/game?sslmode=require", false),
            ("postgres://ada@db/game?sslrootcert=/ca.pem", true),
            (
                "postgres://ada@db/game?sslmode=require&sslrootcert=%2Fca.pem",
                true,
            ),
            ("mysql://ada@db/game", false),
            ("mysql://ada@db/game?ssl-mode=REQUIRED", false),
            ("mysql://ada@db/game?ssl-ca=/ca.pem", true),
            ("mysql://ada@db/game?ssl-mode=REQUIRED&ssl-ca=/ca.pem", true),
        ] {
            let server = first(url);
            let is_checked = match &server.options {
                DriverOptions::Postgres(with) => matches!(with.get_ssl_mode(), PgSslMode::VerifyCa),
                DriverOptions::MySql(with) => matches!(with.get_ssl_mode(), MySqlSslMode::VerifyCa),
            };
            assert_eq!(is_checked, checked, "{url}");
            assert_eq!(server.files.len(), usize::from(checked), "{url}");
        }
        let off = first("postgres://ada@db/game?sslmode=disable&sslrootcert=/none");
        assert!(off.files.is_empty(), "nobody reads it");
    }

    #[test]
    fn how_a_proxy_pools_is_ours_to_know_and_not_the_drivers() {
        let pooled = |url| match parse(url) {
            Ok(Target::Server(hosts)) => Ok(hosts.all.iter().all(|host| host.pooled)),
            Ok(other) => panic!("{other:?}"),
            Err(error) => Err(error),
        };
        let wrong = Err(TargetError::OptionValue);
        for (url, expected) in [
            ("postgres://ada@a,b/db", Ok(false)),
            ("postgres://ada@a/db?pool_mode=session", Ok(false)),
            ("postgres://ada@a,b/db?pool_mode=transaction", Ok(true)),
            (
                "postgres://ada@a/db?sslmode=require&pool_mode=transaction",
                Ok(true),
            ),
            ("postgres://ada@a/db?pool_mode=statement", wrong.clone()),
            ("postgres://ada@a/db?pool_mode", wrong.clone()),
            (
                "postgres://ada@a/db?pool_mode=session&pool_mode=transaction",
                wrong.clone(),
            ),
            ("postgres://ada@a/db?target_session_attrs=any", wrong),
        ] {
            assert_eq!(pooled(url), expected, "{url}");
        }
        let mysql = parse("mysql://ada@a/db?pool_mode=transaction");
        assert!(
            matches!(mysql, Err(TargetError::UnknownOption(_))),
            "{mysql:?}"
        );
    }
}
