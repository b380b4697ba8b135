//! A game on a server: the connection in the header, and messages while it is broken.

use std::time::Duration;

use crate::game::{Game, Home};
use crate::pty::Screen;
use crate::support::proxy::Proxy;
use crate::support::servers::{Engine, MariaDb, Missing, PASSWORD, Postgres, Server, require};

/// What the header says of the link, after the database's place.
fn link(screen: &Screen) -> Option<String> {
    let header = screen.rows(0, u16::MAX).next()?;
    let (_, link) = header.split_once(" · ")?;
    Some(link.trim().to_owned())
}

fn milliseconds(screen: &Screen) -> Option<f64> {
    link(screen)?.strip_suffix(" ms")?.parse().ok()
}

fn a_link_that_breaks_and_comes_back<E: Engine>(server: Result<Server<E>, Missing>) {
    let Some(server) = require(server) else {
        return;
    };
    let proxy = Proxy::start(server.addr());
    proxy.delay(Duration::from_millis(15));
    let url = server.url_via(proxy.addr());
    let home = Home::new();
    let builder = home.game().size(120, 30).env("CLICKOFF_DATABASE", &url);
    let game = Game::begin(builder.args(["--player", "Ada", "--log-level", "trace"]));
    game.wait_text("New player");
    game.keys("\r");
    game.press(2);
    game.shows("Ada", 2);
    let long = |screen: &Screen| milliseconds(screen).is_some_and(|ms| ms >= 30.0);
    game.wait(long, "the round trip in the header");

    proxy.refuse();
    proxy.cut();
    game.says("offline, next try in");
    game.wait(|s| link(s).as_deref() == Some("offline"), "offline");
    game.press(3);
    game.says("offline, 3 waiting,");
    game.says("Kept on this machine.");
    game.says("next try in 2 s.");
    game.says("next try in 1 s.");
    assert_eq!(game.list()[0].score, 2, "what waits is shown as saved");
    proxy.accept();
    game.shows("Ada", 5);
    game.wait(long, "the round trip again");
    game.quit();
    let log = home.log();
    assert!(log.contains("the store failed"), "{log}");
    assert!(!log.contains(&format!(":{PASSWORD}@")), "{log}");
    assert_eq!(server.sql("SELECT score FROM users"), "5");
    assert_eq!(home.letters(), "");
}

#[test]
fn a_link_to_postgres_that_breaks_and_comes_back() {
    a_link_that_breaks_and_comes_back(Postgres::start());
}

#[test]
fn a_link_to_mariadb_that_breaks_and_comes_back() {
    a_link_that_breaks_and_comes_back(MariaDb::start());
}
