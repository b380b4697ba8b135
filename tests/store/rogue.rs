//! A malicious server: it gets no password, and nothing that it sends ends the program.

use clickoff::game::PlayerId;
use clickoff::message::BrokenKind;
use clickoff::store::{AnyStore, Remedy, Store, StoreError, Target};

use crate::places::{Served, on_servers};
use crate::servers::{SECRET, playing, score};
use crate::support::rogue::{OK, Rogue, message, packet};

fn store(url: &str) -> AnyStore {
    AnyStore::new(Target::parse(url.as_ref()).expect(url))
}

/// What is said where a server asks for the password itself.
async fn refusal(url: &str) -> String {
    let error = store(url).open().await.expect_err("it asks too much");
    assert_eq!(
        error.remedy(),
        Remedy::Stop(BrokenKind::Unreachable),
        "{error}"
    );
    let words = format!("{error} {error:?}");
    assert!(!words.contains(SECRET), "{words}");
    error.to_string()
}

fn asks_for_the_password(scheme: &'static str) -> Rogue {
    Rogue::start(move |client| {
        if scheme == "mysql" {
            client.greet_mysql("mysql_clear_password");
        } else {
            client.begin_postgres();
            client.say(&message(b'R', &[0, 0, 0, 3]));
        }
        client.hear_out();
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_password_itself_leaves_this_machine_for_nobody_who_asks() {
    for scheme in ["postgres", "mysql"] {
        let rogue = asks_for_the_password(scheme);
        let url = format!("{scheme}://ada:{SECRET}@{}/game", rogue.as_from_afar());
        let words = refusal(&url).await;
        for part in [
            "asks for the password itself",
            "sslmode=disable",
            "ssl-mode=DISABLED",
        ] {
            assert!(words.contains(part), "{words}");
        }
        assert!(!rogue.has_heard(SECRET), "{scheme}");
        assert!(rogue.has_heard("ada") || scheme == "mysql");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_says_so_in_the_url_gives_it_away() {
    for (scheme, option) in [
        ("postgres", "sslmode=disable"),
        ("mysql", "ssl-mode=DISABLED"),
    ] {
        let rogue = asks_for_the_password(scheme);
        let url = format!(
            "{scheme}://ada:{SECRET}@{}/game?{option}",
            rogue.as_from_afar()
        );
        store(&url)
            .open()
            .await
            .expect_err("it never lets anybody in");
        assert!(rogue.has_heard(SECRET), "{scheme}");
    }
}

/// Asked for after a proof was accepted, it is not given either.
#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_not_given_after_the_login_either() {
    let rogue = Rogue::start(|client| {
        client.begin_postgres();
        client.say(&message(b'R', &[0; 4]));
        client.say(&message(b'R', &[0, 0, 0, 3]));
        client.hear_out();
    });
    let url = format!("postgres://ada:{SECRET}@{}/game", rogue.as_from_afar());
    refusal(&url).await;
    assert!(!rogue.has_heard(SECRET));
}

/// A server's own key, which anybody can have made, is no reason to encrypt the password with it.
#[tokio::test(flavor = "multi_thread")]
async fn the_password_is_not_given_under_a_key_of_the_servers_own() {
    let rogue = Rogue::start(|client| {
        client.greet_mysql("sha256_password");
        client.hear();
        client.say(&packet(2, b"\x01-----BEGIN PUBLIC KEY-----"));
        client.hear_out();
    });
    let url = format!("mysql://ada:{SECRET}@{}/game", rogue.addr());
    let words = refusal(&url).await;
    assert!(words.contains("under a key of its own"), "{words}");
    assert!(words.contains("TLS"), "{words}");
    assert!(!rogue.has_heard(SECRET));
}

/// A server without TLS on another machine is played on, where it wants a proof.
async fn a_server_without_tls_is_played_on_from_afar<P: Served>(place: P) {
    let port = place.address().port();
    let from_afar = place.url_via(place.address());
    let from_afar = from_afar.replace(&place.address().to_string(), &format!("0.0.0.0:{port}"));
    let (mut store, player, row) = playing::<P>(&from_afar).await;
    for upto in 1..=10 {
        store.count(row, upto).await.expect("counted");
    }
    assert_eq!(score(&place, player).await, 10);
    let wrong = from_afar.replace("clickoff:clickoff@", "clickoff:wrong@");
    let error = P::store_at(&wrong)
        .open()
        .await
        .expect_err("a wrong password");
    assert!(error.to_string().contains("password"), "{error}");
    assert_eq!(error.remedy(), Remedy::Stop(BrokenKind::Unreachable));
    assert_ne!(player, PlayerId(0));
}

on_servers!(new: a_server_without_tls_is_played_on_from_afar);

/// As a proxy does that has no server to pass on to.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_without_a_server_is_waited_for() {
    let rogue = Rogue::start(|_| {});
    for scheme in ["postgres", "mysql"] {
        for host in [rogue.addr().to_string(), rogue.as_from_afar()] {
            let url = format!("{scheme}://ada:{SECRET}@{host}/game");
            let error = store(&url).open().await.expect_err("nobody is there");
            assert_eq!(error.remedy(), Remedy::Retry, "{error}");
            assert!(error.to_string().contains("closed on the way"), "{error}");
        }
    }
    // One that hears the question first, and then hangs up.
    let rogue = Rogue::start(|client| drop(client.hear()));
    let url = format!("postgres://ada@{}/game", rogue.addr());
    let error = store(&url).open().await.expect_err("nobody is there");
    assert_eq!(error.remedy(), Remedy::Retry, "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_database_server_is_told_as_that() {
    let rogue = Rogue::start(|client| {
        client.hear();
        client.say(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        client.hear_out();
    });
    let url = format!("postgres://ada@{}/game", rogue.addr());
    let words = refusal(&url).await;
    assert!(words.contains("is no PostgreSQL server"), "{words}");
    let rogue = Rogue::start(|client| {
        client.greet_mysql("client_ed25519");
        client.hear_out();
    });
    let url = format!("mysql://ada:{SECRET}@{}/game", rogue.addr());
    let words = refusal(&url).await;
    assert!(
        words.contains("a way to log in that clickoff does not have"),
        "{words}"
    );
    assert!(words.contains("client_ed25519"), "{words}");
    assert!(!words.contains("sqlx"), "{words}");
}

/// The driver believes how many columns there are, and fails at it.
#[tokio::test(flavor = "multi_thread")]
async fn a_driver_that_panics_is_an_error_like_others() {
    let rogue = Rogue::start(|client| {
        client.let_in_mysql();
        client.hear();
        client.say(&packet(1, OK));
        client.hear();
        client.say(&packet(
            1,
            &[0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ));
        client.hear_out();
    });
    let url = format!("mysql://ada@{}/game", rogue.addr());
    let error = store(&url).open().await.expect_err("it makes no sense");
    assert!(matches!(error, StoreError::Faulty { .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::Stop(BrokenKind::Internal));
}

/// Text of a server comes as one short line, whatever it is.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_says_is_one_short_harmless_line() {
    let rogue = Rogue::start(|client| {
        client.begin_postgres();
        let long = "no\n\x1b[2Jclickoff: Ada has 7 points now. ".repeat(10_000);
        let error = format!("SFATAL\0VFATAL\0C28000\0M{long}\0\0");
        client.say(&message(b'E', error.as_bytes()));
        client.hear_out();
    });
    let url = format!("postgres://ada@{}/game", rogue.addr());
    let words = refusal(&url).await;
    assert!(words.len() < 1500, "{}", words.len());
    assert!(!words.contains(|c: char| c.is_control()), "{words}");
}
