//! How a database is named on the command line: a path, or the URL of a server, whose password is
//! never shown.

use clickoff::store::archive;
use clickoff::store::{Target, TargetError};

fn parse(text: &str) -> Result<Target, TargetError> {
    Target::parse(text.as_ref())
}

/// How a database is shown.
fn place(url: &str) -> String {
    archive::place(&parse(url).expect(url))
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
