//! Splits a server URL into one URL per host, as the drivers need them.

use std::path::PathBuf;
use std::str::FromStr;

use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use super::super::Hosts;
use super::super::server::{DriverOptions, Server, Shown};
use super::{Target, TargetError};

/// The options of a PostgreSQL URL.
const POSTGRES_OPTIONS: &[&str] = &[
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "host",
    "port",
    "user",
    "password",
    "dbname",
    "application_name",
    "options",
    TARGET,
    POOL_MODE,
];

/// The options of a MariaDB or MySQL URL.
const MYSQL_OPTIONS: &[&str] = &[
    "ssl-mode", "sslmode", "ssl-ca", "sslca", "ssl-cert", "sslcert", "ssl-key", "sslkey", "socket",
];

/// Options that name a file, each with the environment variable that the driver uses instead, if
/// any.
type FileOptions = &'static [(&'static str, Option<&'static str>)];

const POSTGRES_FILES: FileOptions = &[
    ("sslrootcert", Some("PGSSLROOTCERT")),
    ("sslcert", Some("PGSSLCERT")),
    ("sslkey", Some("PGSSLKEY")),
];

const MYSQL_FILES: FileOptions = &[
    ("ssl-ca", None),
    ("sslca", None),
    ("ssl-cert", None),
    ("sslcert", None),
    ("ssl-key", None),
    ("sslkey", None),
];

/// The pool mode of a proxy, with PgBouncer's name.
const POOL_MODE: &str = "pool_mode";

/// Which of several hosts is acceptable, with libpq's name. Here it is always one that takes
/// writes.
const TARGET: &str = "target_session_attrs";

pub fn postgres(rest: &str) -> Result<Target, TargetError> {
    let url = Url::take_apart("postgres", rest, POSTGRES_OPTIONS)?;
    let pooled = match url.own(POOL_MODE)? {
        None | Some("session") => false,
        Some("transaction") => true,
        Some(_) => return Err(TargetError::OptionValue),
    };
    if !matches!(url.own(TARGET)?, None | Some("read-write" | "primary")) {
        return Err(TargetError::OptionValue);
    }
    let files = url.files(POSTGRES_FILES);
    let usual = PgConnectOptions::new_without_pgpass();
    let server = |text: String| {
        let mut options: PgConnectOptions = read(&text)?;
        // The driver would treat the part after a comma as part of the host's name.
        if options.get_host().contains(',') {
            return Err(TargetError::Url("its hosts stand behind the ?"));
        }
        let mode = options.get_ssl_mode();
        // As with PostgreSQL's own programs, naming a root certificate means to verify the server's
        // certificate.
        if matches!(mode, PgSslMode::Prefer | PgSslMode::Require) && names_authority(&files) {
            options = options.ssl_mode(PgSslMode::VerifyCa);
        }
        let files = match mode {
            PgSslMode::Disable | PgSslMode::Allow => Vec::new(),
            _ => files.clone(),
        };
        let shown = Shown {
            scheme: "postgres",
            user: options.get_username(),
            host: options.get_host(),
            socket: options.get_socket(),
            port: options.get_port(),
            usual_port: 5432,
            database: options.get_database(),
        };
        let driven = options.clone().host(bare(options.get_host()));
        let driven = DriverOptions::Postgres(Box::new(driven));
        let mut server = Server::new(driven, &text, &shown);
        server.pooled = pooled;
        server.files = files;
        Ok(server)
    };
    let servers = url.hosts.iter();
    let servers = servers.map(|host| server(url.of(host, usual.get_host())));
    Ok(Target::Server(Hosts::new(
        servers.collect::<Result<_, _>>()?,
    )))
}

pub fn mysql(scheme: &str, rest: &str) -> Result<Target, TargetError> {
    let url = Url::take_apart(scheme, rest, MYSQL_OPTIONS)?;
    let files = url.files(MYSQL_FILES);
    let server = |text: String| {
        let mut options: MySqlConnectOptions = read(&text)?;
        let mode = options.get_ssl_mode();
        if matches!(mode, MySqlSslMode::Preferred | MySqlSslMode::Required)
            && names_authority(&files)
        {
            options = options.ssl_mode(MySqlSslMode::VerifyCa);
        }
        let files = match mode {
            MySqlSslMode::Disabled => Vec::new(),
            _ => files.clone(),
        };
        let shown = Shown {
            scheme,
            user: options.get_username(),
            host: options.get_host(),
            socket: options.get_socket(),
            port: options.get_port(),
            usual_port: 3306,
            database: options.get_database(),
        };
        let driven = options.clone().host(bare(options.get_host()));
        let driven = DriverOptions::MySql(Box::new(driven));
        let mut server = Server::new(driven, &text, &shown);
        server.files = files;
        Ok(server)
    };
    let servers = url.hosts.iter();
    let servers = servers.map(|host| server(url.of(host, "localhost")));
    Ok(Target::Server(Hosts::new(
        servers.collect::<Result<_, _>>()?,
    )))
}

/// The parts of `scheme://user:password@host:port,host:port/database?options`.
struct Url<'a> {
    scheme: &'a str,
    /// With its `@`; may be empty.
    user: &'a str,
    /// With their ports, in order. Without a host there is one empty text.
    hosts: Vec<&'a str>,
    /// With its `/`.
    path: &'a str,
    options: Vec<&'a str>,
}

impl<'a> Url<'a> {
    /// Splits the URL. Refuses ambiguous ones: an unescaped character in the password could make
    /// the rest of it part of the host's or the database's name, which are shown.
    fn take_apart(scheme: &'a str, rest: &'a str, known: &[&str]) -> Result<Self, TargetError> {
        let (main, query) = rest.split_once('?').unwrap_or((rest, ""));
        if rest.contains('#') {
            return Err(TargetError::Url("it has a #"));
        }
        let (authority, path) = main.split_at(main.find('/').unwrap_or(main.len()));
        if path.contains('@') || query.contains('@') || authority.matches('@').count() > 1 {
            return Err(TargetError::Url("it has an @ behind the host"));
        }
        let options: Vec<&str> = query.split('&').filter(|pair| !pair.is_empty()).collect();
        if options.iter().any(|pair| !known.contains(&key(pair))) {
            return Err(TargetError::UnknownOption(known.join(", ")));
        }
        let (user, hosts) = authority.split_at(authority.find('@').map_or(0, |at| at + 1));
        let hosts: Vec<&str> = hosts.split(',').collect();
        if hosts.len() > 1 && hosts.contains(&"") {
            return Err(TargetError::Url(
                "there is no host beside one of its commas",
            ));
        }
        Ok(Self {
            scheme,
            user,
            hosts,
            path,
            options,
        })
    }

    /// The URL for one of the hosts, without our own options. An empty host is replaced by the
    /// usual one, because the driver ignores the user before an empty host.
    fn of(&self, host: &str, usual: &str) -> String {
        let usual = usual.replace('/', "%2F");
        let host = match host.strip_prefix(':') {
            _ if self.user.is_empty() => host.to_owned(),
            _ if host.is_empty() => usual,
            Some(port) => format!("{usual}:{port}"),
            None => host.to_owned(),
        };
        let Self {
            scheme, user, path, ..
        } = self;
        let known = |pair: &&&str| ![POOL_MODE, TARGET].contains(&key(pair));
        let options: Vec<&str> = self.options.iter().filter(known).copied().collect();
        let mark = if options.is_empty() { "" } else { "?" };
        let options = options.join("&");
        format!("{scheme}://{user}{host}{path}{mark}{options}")
    }

    /// The files that the options or the environment name.
    fn files(&self, options: FileOptions) -> Vec<(&'static str, PathBuf)> {
        let query = self.options.join("&");
        let given: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
        let named = options.iter().filter_map(|(option, variable)| {
            let given = given.iter().rev().find(|(key, _)| key == option);
            let file = match given {
                Some((_, file)) => file.to_string(),
                None => std::env::var(variable.as_ref()?).ok()?,
            };
            // Instead of a path, a driver also accepts the text of a certificate.
            (!file.trim_start().starts_with("-----BEGIN")).then(|| (*option, PathBuf::from(file)))
        });
        named.collect()
    }

    /// The value of one of our own options, which may be given once.
    fn own(&self, name: &str) -> Result<Option<&str>, TargetError> {
        let mut given = self.options.iter().filter(|pair| key(pair) == name);
        let value = given.next().map(|pair| value(pair));
        match given.next() {
            Some(_) => Err(TargetError::OptionValue),
            None => Ok(value),
        }
    }
}

/// Whether one of the files is a root certificate.
fn names_authority(files: &[(&'static str, PathBuf)]) -> bool {
    let authority = ["sslrootcert", "ssl-ca", "sslca"];
    files.iter().any(|(option, _)| authority.contains(option))
}

fn key(pair: &str) -> &str {
    pair.split_once('=').map_or(pair, |(key, _)| key)
}

fn value(pair: &str) -> &str {
    pair.split_once('=').map_or("", |(_, value)| value)
}

/// A host without the brackets around an IPv6 address. The drivers keep them, and then look for a
/// name.
fn bare(host: &str) -> &str {
    host.trim_matches(['[', ']'])
}

/// Parses the URL with the driver. The driver's message is dropped, because it may quote the URL.
fn read<O: FromStr<Err = sqlx::Error>>(url: &str) -> Result<O, TargetError> {
    url.parse().map_err(|_| {
        if url.contains('?') {
            TargetError::OptionValue
        } else {
            TargetError::Url("its host or its port can't be")
        }
    })
}
