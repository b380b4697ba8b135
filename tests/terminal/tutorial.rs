//! A file made by the tutorial's Flask-SQLAlchemy program can be played on, and that program can
//! still use it.

use crate::db::Db;
use crate::game::{Game, Home, USERS};

#[test]
fn the_tutorials_file_plays_and_stays_valid_for_its_own_program() {
    let home = Home::new();
    let path = home.join("users.db");
    // Its statements as the program sends them, on a connection in the mode it uses.
    let mut flask = Db::open(&path);
    flask.run(USERS);
    flask.run(
        "INSERT INTO users (name, email, score) VALUES
         ('Ada', 'ada@example.org', 7), ('Bob', NULL, NULL), (NULL, NULL, NULL)",
    );
    let game = Game::start(home.game().arg("--database").arg(&path));
    game.shows("Ada", 7);
    game.shows("Bob", 0);
    game.shows("(no name)", 0);
    game.keys("\x1b[H");
    game.picks("Ada");
    game.press(1);
    game.shows("Ada", 8);
    game.keys("j");
    game.picks("Bob");
    game.press(2);
    game.shows("Bob", 2);
    game.keys("j");
    game.picks("(no name)");
    game.press(3);
    game.shows("(no name)", 3);

    flask.run("INSERT INTO users (name, email, score) VALUES ('Cleo', 'cleo@example.org', 4)");
    game.shows("Cleo", 4);
    let read = flask.number("SELECT users.score FROM users WHERE users.name = 'Ada'");
    assert_eq!(read, 8);
    flask.run("UPDATE users SET score=9 WHERE users.id = 1");
    game.shows("Ada", 9);
    flask.run("UPDATE users SET name='Robert' WHERE users.id = 2");
    game.shows("Robert", 2);
    flask.run("DELETE FROM users WHERE users.id = 4");
    game.wait_gone("Cleo");
    game.quit();

    assert_eq!(flask.number("SELECT SUM(score) FROM users"), 14);
    let columns = "SELECT COUNT(*) FROM pragma_table_info('users')
                   WHERE (name, type) IN (VALUES ('id', 'INTEGER'), ('name', 'VARCHAR(100)'),
                                          ('email', 'VARCHAR(100)'), ('score', 'INTEGER'))";
    assert_eq!(flask.number(columns), 4);
    assert_eq!(
        flask.number("SELECT COUNT(*) FROM pragma_table_info('users')"),
        4
    );
}
