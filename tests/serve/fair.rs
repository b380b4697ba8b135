//! Rules of a local terminal that also apply by ssh: held keys, pastes, clicks, and the rate limit.

use crate::pty::KeyKind;
use crate::server::{Place, join, quit, wait_score};

#[test]
fn a_key_that_is_held_scores_once_where_the_terminal_tells() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server
        .client(&place, Some("ada"), "play", &[])
        .kitty()
        .spawn();
    join(&game, "Ada");
    game.wait_key_reports(true);
    game.key(' ', KeyKind::Press);
    for _ in 0..30 {
        game.key(' ', KeyKind::Repeat);
    }
    game.wait_text("A held key scores once");
    game.key(' ', KeyKind::Release);
    game.key(' ', KeyKind::Press);
    game.key(' ', KeyKind::Release);
    wait_score(&game, "Ada", 2);
    game.key('q', KeyKind::Press);
    assert!(game.wait_exit().success());
    game.terminal_restored();
    assert_eq!(place.score("Ada"), 2);
}

#[test]
fn every_space_of_a_paste_scores() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    // More than there is room for on the way.
    let spaces = " ".repeat(20_000);
    game.keys(&format!("\x1b[200~{spaces}\x1b[201~"));
    game.wait_text("20,000");
    quit(&game);
    assert_eq!(place.score("Ada"), 20_000);
}

#[test]
fn the_limit_of_a_rate_is_one_for_all_of_a_players_keys() {
    let place = Place::new();
    let server = place.serve(&[]);
    let game = server.play(&place, "ada");
    join(&game, "Ada");
    place.answer(&["rules", "--max-rate", "1"]);
    let added = {
        let mut path = place.key("laptop");
        path.set_extension("pub");
        std::fs::read_to_string(path).expect("a public key")
    };
    place.answer(&["keys", "add", "Ada", &added]);
    let second = server.come_back(&place, "laptop");
    for game in [&game, &second] {
        game.keys(&" ".repeat(100));
    }
    game.wait_text("over this database's limit of 1 a second.");
    second.wait_text("over this database's limit of 1 a second.");
    quit(&game);
    quit(&second);
    assert!(
        (1..100).contains(&place.score("Ada")),
        "{}",
        place.score("Ada")
    );
    place.verify();
}
