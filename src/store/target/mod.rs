//! Parses a command-line argument that names a database: a path or a URL.

mod url;

use std::path::{Path, PathBuf};

use super::{Hosts, MySqlServer, PostgresServer};

/// A database that can be named on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A SQLite file, by its absolute path.
    Sqlite(PathBuf),
    /// A PostgreSQL database, by the hosts that serve it.
    Postgres(Hosts<PostgresServer>),
    /// A MariaDB or MySQL database, by the hosts that serve it.
    MySql(Hosts<MySqlServer>),
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

    fn parse(text: &str) -> Result<Target, TargetError> {
        Target::parse(text.as_ref())
    }

    #[test]
    fn a_path_is_a_sqlite_file_however_it_is_written() {
        for text in ["/a/b.db", "sqlite:/a/b.db", "sqlite:///a/b.db"] {
            assert_eq!(parse(text), Ok(Target::Sqlite("/a/b.db".into())), "{text}");
        }
        let here = std::env::current_dir().expect("a current directory");
        for text in ["b.db", "sqlite:b.db", "sqlite://b.db"] {
            assert_eq!(parse(text), Ok(Target::Sqlite(here.join("b.db"))), "{text}");
        }
        assert_eq!(parse(":memory:"), Ok(Target::Sqlite(here.join(":memory:"))));
    }

    #[test]
    fn a_url_that_lacks_a_character_is_no_path_to_be_shown() {
        for text in [
            "postgres//ada:s3cret@host/db",
            "postgres:/ada:s3cret@host/db",
            "postgresql:ada:s3cret@host/db",
            "mysql;//ada:s3cret@host/db",
            "mariadb/ada:s3cret@host/db",
        ] {
            let error = parse(text).expect_err(text);
            assert!(matches!(error, TargetError::Url(_)), "{text}: {error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
        for path in ["postgres/game.db", "./postgres:/ada@home.db", "a@b.db"] {
            assert!(matches!(parse(path), Ok(Target::Sqlite(_))), "{path}");
        }
    }

    #[test]
    fn what_names_no_database_is_refused() {
        assert_eq!(
            parse("redis://localhost"),
            Err(TargetError::UnknownScheme("redis".into()))
        );
        assert_eq!(parse(""), Err(TargetError::Empty));
        assert_eq!(parse("sqlite://"), Err(TargetError::Empty));
    }

    /// How the URL of a server is shown.
    fn place(url: &str) -> String {
        match parse(url) {
            Ok(Target::Postgres(server)) => server.place(),
            Ok(Target::MySql(server)) => server.place(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_server_is_shown_without_its_password_and_options() {
        for (url, shown) in [
            ("postgres://ada:s3cret@host/db", "postgres://ada@host/db"),
            (
                "postgresql://ada:s3cret@host:5432/db",
                "postgres://ada@host/db",
            ),
            (
                "postgres://ada:s3c%2Fret@host:99/db?sslmode=require",
                "postgres://ada@host:99/db",
            ),
            (
                "postgres://ada@host/db?password=s3cret",
                "postgres://ada@host/db",
            ),
            ("mysql://ada:s3cret@host:3306/db", "mysql://ada@host/db"),
            (
                "mariadb://ada:s3cret@host/db?ssl-mode=REQUIRED",
                "mariadb://ada@host/db",
            ),
            (
                "mysql://ada:s3cret@localhost/db?socket=/run/my.sock",
                "mysql://ada@/db",
            ),
            ("postgres://ada:s3cret@%2Frun%2Fpg/db", "postgres://ada@/db"),
        ] {
            assert_eq!(place(url), shown);
            assert!(!format!("{:?}", parse(url)).contains("s3c"), "{url}");
        }
    }

    #[test]
    fn a_socket_may_stand_among_the_options_beside_a_user() {
        for (url, shown) in [
            (
                "postgres://ada:s3cret@/db?host=/run/pg",
                "postgres://ada@/db",
            ),
            (
                "postgres://ada@/db?host=%2Frun%2Fpg&port=5433",
                "postgres://ada@/db",
            ),
            ("postgres:///db?host=/run/pg&user=ada", "postgres://ada@/db"),
            (
                "mysql://ada:s3cret@/db?socket=/run/my.sock",
                "mysql://ada@/db",
            ),
            ("mysql://ada@/db", "mysql://ada@localhost/db"),
            ("mysql://ada@:3307/db", "mysql://ada@localhost:3307/db"),
        ] {
            assert_eq!(place(url), shown);
        }
        let Ok(Target::Postgres(hosts)) = parse("postgres://ada@/db?host=/run/pg") else {
            panic!("a URL");
        };
        let [server] = &hosts.all[..] else {
            panic!("one host");
        };
        assert_eq!(server.address, "/run/pg");
        assert!(!server.is_remote);
    }

    #[test]
    fn who_names_an_authority_has_the_certificate_checked() {
        use sqlx::mysql::MySqlSslMode;
        use sqlx::postgres::PgSslMode;

        for (options, checked) in [
            ("", false),
            ("?sslmode=require", false),
            ("?sslrootcert=/ca.pem", true),
            ("?sslmode=require&sslrootcert=%2Fca.pem", true),
        ] {
            let url = format!("postgres://ada@db/game{options}");
            let Ok(Target::Postgres(hosts)) = parse(&url) else {
                panic!("{url}");
            };
            let mode = hosts.all[0].options.get_ssl_mode();
            assert_eq!(matches!(mode, PgSslMode::VerifyCa), checked, "{url}");
            let files = if checked { 1 } else { 0 };
            assert_eq!(hosts.all[0].files.len(), files, "{url}");
        }
        for (options, checked) in [
            ("", false),
            ("?ssl-mode=REQUIRED", false),
            ("?ssl-ca=/ca.pem", true),
            ("?ssl-mode=REQUIRED&ssl-ca=/ca.pem", true),
        ] {
            let url = format!("mysql://ada@db/game{options}");
            let Ok(Target::MySql(hosts)) = parse(&url) else {
                panic!("{url}");
            };
            let mode = hosts.all[0].options.get_ssl_mode();
            assert_eq!(matches!(mode, MySqlSslMode::VerifyCa), checked, "{url}");
        }
        let off = "postgres://ada@db/game?sslmode=disable&sslrootcert=/none";
        let Ok(Target::Postgres(hosts)) = parse(off) else {
            panic!("{off}");
        };
        assert!(hosts.all[0].files.is_empty(), "nobody reads it");
    }

    #[test]
    fn several_hosts_of_one_database_are_shown_as_they_were_given() {
        for (url, shown) in [
            (
                "mariadb://ada:s3cret@a:3307,b:3308,c/db?ssl-mode=REQUIRED",
                "mariadb://ada@a:3307,b:3308,c/db",
            ),
            (
                "postgres://ada:s3,cret@a,b:5433/db",
                "postgres://ada@a,b:5433/db",
            ),
            (
                "postgres://ada@[::1]:5433,%2Frun%2Fpg/db?target_session_attrs=read-write",
                "postgres://ada@[::1]:5433,/db",
            ),
            ("mysql://a,b/db", "mysql://root@a,b/db"),
        ] {
            assert_eq!(place(url), shown);
            assert!(!format!("{:?}", parse(url)).contains("cret"), "{url}");
        }
        for url in [
            "postgres://ada:s3cret@a,/db",
            "postgres://ada:s3cret@,b/db",
            "postgres://ada:s3cret@a,,b/db",
            "postgres://ada:s3cret@a/db?host=a,b",
            "mariadb://ada:s3cret@a:1:2,b/db",
        ] {
            let error = parse(url).expect_err(url);
            assert!(matches!(error, TargetError::Url(_)), "{url}: {error}");
            assert!(!error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn how_a_proxy_pools_is_ours_to_know_and_not_the_drivers() {
        let pooled = |url| match parse(url) {
            Ok(Target::Postgres(hosts)) => Ok(hosts.all.iter().all(|host| host.pooled)),
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

    #[test]
    fn a_password_is_in_no_error_however_it_was_written() {
        for url in [
            "mysql://ada:12/s3cret@host/db",
            "mariadb://ada:12?ssl-mode=s3cret@host/db",
            "postgres://ada:12/s3cret@host/db",
            "postgres://ada:12#s3cret@host/db",
            "postgres://ada:12?s3cret@host/db",
            "postgres://ada:12@s3cret@host/db",
            "postgres://ada:s3cret@host:port/db",
            "postgres://ada:s3cret@/db:x",
            "postgres://ada:s3cret@ho st/db",
            "postgres://ada:s3cret@host/db?sslmode=s3cret",
            "postgres://ada:s3cret@host/db?s3cret",
            "pg://ada:s3cret@host/db",
        ] {
            if let Err(error) = parse(url) {
                let words = format!("{error} {error:?}");
                assert!(!words.contains("s3cret"), "{words}");
            } else {
                assert!(!place(url).contains("s3cret"), "{url}");
            }
        }
        assert_eq!(
            parse("postgres://ada:12/s3cret@host/db"),
            Err(TargetError::Url("it has an @ behind the host"))
        );
    }
}
