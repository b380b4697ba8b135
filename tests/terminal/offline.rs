//! A server that can't be reached at the start: the game opens anyway, and waits.

use std::net::TcpListener;

use crate::game::{Game, Home};

/// An address where nobody listens; the listener that found it is gone.
fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").to_string()
}

#[test]
fn a_game_waits_for_its_server_and_can_be_left_at_once() {
    let home = Home::new();
    for scheme in ["postgres", "mariadb"] {
        let (first, second) = (nobody(), nobody());
        let url = format!("{scheme}://ada:s3cret@{first},{second}/game");
        let game = home.game().env("CLICKOFF_DATABASE", &url).size(200, 24);
        let game = Game::begin(game.args(["--log-level", "trace"]));
        game.says("Loading…");
        game.says(&format!(
            "{scheme}://ada@{first},{second}/game can't be reached (nothing listens at {first}; \
             nothing listens at {second})."
        ));
        game.press(3);
        assert!(
            !game.screen_text().contains("s3cret"),
            "the password is shown"
        );
        game.quit();
        let log = home.log();
        assert!(log.contains(&second), "{log}");
        assert!(!log.contains("s3cret"), "{log}");
    }
    assert_eq!(home.letters(), "");
}

/// Takes connections and never says a word.
#[test]
fn a_game_whose_server_says_nothing_can_be_left_at_once() {
    let home = Home::new();
    let server = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = server.local_addr().expect("an address");
    let url = format!("postgres://ada@{address}/game");
    let game = Game::begin(home.game().arg("--database").arg(url));
    game.says("Loading…");
    game.quit();
}
