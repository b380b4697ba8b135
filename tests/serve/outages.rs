//! The server's database goes away and comes back: waiting presses are kept, reported, and counted
//! once.

use crate::database::servers::{Engine, MariaDb, Missing, Postgres, Server, require};
use crate::pty::Session;
use crate::server::{Place, join, quit, wait_score};

/// Presses so often, and waits until the screen says that so many wait.
#[track_caller]
fn press_in_vain(game: &Session, presses: usize, waiting: usize) {
    game.keys(&" ".repeat(presses));
    game.wait_text(&format!("offline, {waiting} waiting"));
    game.wait_text("Kept on the server.");
}

fn presses_wait_for_a_database_that_is_away<E: Engine + 'static>(
    database: Result<Server<E>, Missing>,
) {
    let Some(database) = require(database).map(std::rc::Rc::new) else {
        return;
    };
    let asked = std::rc::Rc::clone(&database);
    let place = Place::on(database.url(), move |sql| asked.sql(sql));
    let server = place.serve(&[]);
    let play = |name: &str| {
        let game = server.play(&place, name);
        join(&game, name);
        game
    };
    let (ada, bob) = (play("Ada"), play("Bob"));
    ada.keys("   ");
    wait_score(&ada, "Ada", 3);
    wait_score(&bob, "Ada", 3);
    database.kill9();
    press_in_vain(&ada, 4, 4);
    press_in_vain(&bob, 5, 5);
    press_in_vain(&ada, 1, 5);
    // Who is not in yet waits until there is somebody to ask.
    let cleo = server.play(&place, "Cleo");
    database.restart();
    for game in [&ada, &bob] {
        wait_score(game, "Ada", 8);
        wait_score(game, "Bob", 5);
        game.wait_text("saved");
    }
    join(&cleo, "Cleo");
    quit(&cleo);
    // Who leaves meanwhile is told what becomes of the rest, and the server dies before the database
    // is back.
    database.kill9();
    press_in_vain(&ada, 2, 2);
    press_in_vain(&bob, 3, 3);
    ada.keys("q");
    ada.wait_text("2 presses wait on the server, which saves them once its database is back.");
    assert_eq!(ada.wait_exit().code(), Some(8));
    server.kill9();
    bob.wait_exit();
    database.restart();
    assert_eq!((place.score("Ada"), place.score("Bob")), (8, 5));
    let server = place.serve(&[]);
    let ada = server.play(&place, "Ada");
    wait_score(&ada, "Ada", 10);
    wait_score(&ada, "Bob", 8);
    ada.keys(" ");
    wait_score(&ada, "Ada", 11);
    quit(&ada);
    assert_eq!(
        (place.score("Ada"), place.score("Bob"), place.sum()),
        (11, 8, 19)
    );
    place.verify();
}

#[test]
fn presses_wait_for_postgres() {
    presses_wait_for_a_database_that_is_away(Postgres::start());
}

#[test]
fn presses_wait_for_mariadb() {
    presses_wait_for_a_database_that_is_away(MariaDb::start());
}
