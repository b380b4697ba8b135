//! Certificates of servers: which are accepted, and how the others are reported.

use std::path::PathBuf;

use clickoff::message::BrokenKind;
use clickoff::store::{AnyStore, Remedy, Store, Target};

use crate::servers::SECRET;
use crate::support::servers::{
    Authority, Form, MariaDb, Options, PASSWORD, Postgres, ROLE, require,
};

/// A server that offers TLS.
enum Server {
    Postgres(Postgres),
    MariaDb(MariaDb),
}

impl Server {
    /// One of each kind; none where a program is missing, which has been said.
    fn all(files: &[PathBuf; 2]) -> Vec<Self> {
        let [certificate, key] = files.each_ref().map(|file| file.display());
        let options = Options {
            settings: vec![format!("ssl-cert={certificate}"), format!("ssl-key={key}")],
            ..Options::default()
        };
        let postgres = require(Postgres::start());
        let mariadb = require(MariaDb::start_with(options));
        let postgres = postgres.into_iter().map(|server| {
            server.offer_tls(files);
            Self::Postgres(server)
        });
        postgres
            .chain(mariadb.into_iter().map(Self::MariaDb))
            .collect()
    }

    /// The URL by a name of this machine, with a mode in words of PostgreSQL and a file that holds
    /// the authority.
    fn url(&self, host: &str, mode: &str, authority: Option<PathBuf>) -> String {
        let (scheme, port, database) = match self {
            Self::Postgres(server) => ("postgres", server.addr().port(), "postgres"),
            Self::MariaDb(server) => ("mysql", server.addr().port(), "clickoff"),
        };
        let (mode, option) = match self {
            Self::Postgres(_) => (format!("sslmode={mode}"), "sslrootcert"),
            Self::MariaDb(_) => {
                let mode = match mode {
                    "require" => "REQUIRED",
                    "verify-ca" => "VERIFY_CA",
                    "verify-full" => "VERIFY_IDENTITY",
                    other => panic!("{other}"),
                };
                (format!("ssl-mode={mode}"), "ssl-ca")
            }
        };
        let authority = authority.map(|file| format!("&{option}={}", file.display()));
        let authority = authority.unwrap_or_default();
        format!("{scheme}://{ROLE}:{PASSWORD}@{host}:{port}/{database}?{mode}{authority}")
    }
}

fn without_options(url: &str) -> String {
    url.split_once('?').map_or(url, |(url, _)| url).to_owned()
}

async fn open(url: &str) -> Result<(), String> {
    let target = Target::parse(url.as_ref()).expect(url);
    match AnyStore::new(target).open().await {
        Ok(_) => Ok(()),
        Err(error) => {
            let stops = Remedy::Stop(BrokenKind::Unreachable);
            assert_eq!(error.remedy(), stops, "{error:?}");
            Err(error.to_string())
        }
    }
}

async fn refusal(url: &str, words: &str) {
    let refused = open(url).await.expect_err(url);
    assert!(refused.contains(words), "{words:?} of {url}: {refused}");
    for wrong in ["nothing listens", "sqlx", "Error(", "server is running"] {
        assert!(!refused.contains(wrong), "{refused}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_is_checked_as_far_as_the_url_says() {
    let Some(authority) = require(Authority::new()) else {
        return;
    };
    let ca = || Some(authority.certificate());
    let no_pem = authority.file("no.pem");
    std::fs::write(&no_pem, "nothing").expect("written");
    for server in Server::all(&authority.certify(Form::Current)) {
        let good = [
            server.url("localhost", "verify-full", ca()),
            server.url("127.0.0.1", "verify-ca", ca()),
            server.url("127.0.0.1", "require", ca()),
            server.url("127.0.0.1", "require", None),
            // As if it were another machine, also without a word of TLS.
            server.url("0.0.0.0", "require", None),
            without_options(&server.url("0.0.0.0", "require", None)),
        ];
        for url in good {
            assert_eq!(open(&url).await, Ok(()), "{url}");
        }
        let url = |host, mode, authority| server.url(host, mode, authority);
        refusal(
            &url("127.0.0.1", "verify-full", ca()),
            "is for another name",
        )
        .await;
        let untrusted = "is of an authority that is not trusted here";
        refusal(&url("localhost", "verify-full", None), untrusted).await;
        let missing = url("localhost", "verify-full", Some("/nowhere/ca.pem".into()));
        refusal(&missing, "the file /nowhere/ca.pem that ssl").await;
        let missing = url("localhost", "require", Some("/nowhere/ca.pem".into()));
        refusal(&missing, "can't be read: No such file").await;
        let wrong = url("localhost", "verify-full", Some(no_pem.clone()));
        refusal(&wrong, untrusted).await;
    }
}

/// None of the library's checks reads one, also where none is wanted.
#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_of_version_1_is_told_as_that() {
    let Some(authority) = require(Authority::new()) else {
        return;
    };
    for server in Server::all(&authority.certify(Form::First)) {
        let url = server.url("localhost", "require", None);
        refusal(&url, "is of version 1").await;
        refusal(&url, "give the server one of version 3").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_tls_is_told_as_that() {
    let servers = [
        require(Postgres::start()).map(Server::Postgres),
        require(MariaDb::start()).map(Server::MariaDb),
    ];
    for server in servers.into_iter().flatten() {
        let url = server.url("localhost", "require", None);
        refusal(&url, "offers no TLS").await;
    }
}

/// A link that does not leave this machine needs no certificate, however its socket is named.
#[tokio::test(flavor = "multi_thread")]
async fn a_socket_may_be_named_among_the_options() {
    let mut urls = Vec::new();
    if let Some(server) = require(Postgres::start()) {
        let (dir, port) = (server.dir().display().to_string(), server.addr().port());
        let user = format!("postgres://{ROLE}:{PASSWORD}@");
        urls.push(format!("{user}/postgres?host={dir}&port={port}"));
        urls.push(format!("{user}:{port}/postgres?host={dir}"));
        urls.push(server.socket_url());
        for url in urls.drain(..) {
            assert_eq!(open(&url).await, Ok(()), "{url}");
        }
    }
    if let Some(server) = require(MariaDb::start()) {
        let socket = server.dir().join("socket");
        let socket = socket.display();
        urls.push(format!(
            "mysql://{ROLE}:{PASSWORD}@/clickoff?socket={socket}"
        ));
        urls.push(server.socket_url());
        for url in urls {
            assert_eq!(open(&url).await, Ok(()), "{url}");
        }
    }
}

/// PostgreSQL's own programs take such a password as it is, which the driver can't; none of its
/// characters is told.
#[tokio::test(flavor = "multi_thread")]
async fn a_password_that_the_driver_cannot_prepare_is_never_quoted() {
    let Some(server) = require(Postgres::start()) else {
        return;
    };
    server.sql(&format!("CREATE ROLE ada LOGIN PASSWORD '{SECRET}🦀'"));
    let url = server.url_for("ada", &format!("{SECRET}🦀"));
    refusal(
        &url,
        "the password has a character that clickoff can't log in with",
    )
    .await;
    let told = open(&url).await.expect_err("it can't log in");
    assert!(!told.contains('🦀') && !told.contains("1f980"), "{told}");
}
