//! A table of players of another program on MariaDB: it is checked before anything is written, and
//! if the game can't be set up, nothing is left behind.

use clickoff::game::{PlayerId, Quarter};
use clickoff::store::{ClientId, Contests, Store};

use crate::contract::{Place, entry, history_holds};
use crate::forged::sprinted;
use crate::places::{MariaDb, OnServer, Served};
use crate::servers::SECRET;

/// Tables that do not fit, each with what is said of it.
const MISFITS: &[(&str, &str)] = &[
    (
        "id CHAR(36) PRIMARY KEY, name TEXT, email TEXT, score INT",
        "the column id of its table users is of the type char(36); BIGINT PRIMARY KEY would fit",
    ),
    (
        "id UUID PRIMARY KEY, name TEXT, email TEXT, score INT",
        "the column id of its table users is of the type uuid; BIGINT",
    ),
    (
        "id BINARY(16) PRIMARY KEY, name TEXT, email TEXT, score INT",
        "the column id of its table users is of the type binary(16); BIGINT",
    ),
    (
        "id DECIMAL(20) PRIMARY KEY, name TEXT, email TEXT, score INT",
        "the column id of its table users is of the type decimal(20,0); BIGINT",
    ),
    (
        "id BIGINT, name TEXT, email TEXT, score INT",
        "the column id of its table users may be NULL; BIGINT PRIMARY KEY would fit",
    ),
    (
        "id BIGINT UNIQUE, name TEXT, email TEXT, score INT",
        "the column id of its table users may be NULL; BIGINT PRIMARY KEY would fit",
    ),
    (
        "id BIGINT NOT NULL, name VARCHAR(9), email TEXT, score INT, PRIMARY KEY (id, name)",
        "the column id of its table users may hold a number twice; BIGINT PRIMARY KEY would fit",
    ),
    (
        "id BIGINT NOT NULL, name TEXT, email TEXT, score INT, KEY (id)",
        "the column id of its table users may hold a number twice; BIGINT PRIMARY KEY would fit",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email TEXT, score VARCHAR(20)",
        "the column score of its table users is of the type varchar(20); BIGINT would fit",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email TEXT, score ENUM('low', 'high')",
        "the column score of its table users is of the type enum('low','high'); BIGINT",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email TEXT, score DATETIME",
        "the column score of its table users is of the type datetime; BIGINT",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email TEXT, won INT, score INT AS (won * 2) STORED",
        "the column score of its table users is generated; BIGINT would fit",
    ),
    (
        "id BIGINT PRIMARY KEY, first TEXT, name VARCHAR(9) AS (first), email TEXT, score INT",
        "the column name of its table users is generated; VARCHAR(100) would fit",
    ),
    (
        "id BIGINT PRIMARY KEY, name DATE, email TEXT, score INT",
        "the column name of its table users is of the type date; VARCHAR(100) would fit",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email POINT, score INT",
        "the column email of its table users is of the type point; VARCHAR(100)",
    ),
];

/// Tables that fit but for a row.
const ROWS: &[(&str, &str, &str)] = &[
    (
        "id BIGINT UNSIGNED PRIMARY KEY, name TEXT, email TEXT, score INT",
        "9223372036854775808, 'Ada', NULL, 1",
        "a key in its column users.id is larger than 9223372036854775807",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email TEXT, score BIGINT UNSIGNED",
        "1, 'Ada', NULL, 9223372036854775808",
        "a score in its column users.score is no whole number that a BIGINT holds",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email TEXT, score DOUBLE",
        "1, 'Ada', NULL, 1.5",
        "no whole number",
    ),
    (
        "id BIGINT PRIMARY KEY, name TEXT, email TEXT, score DECIMAL(9, 2)",
        "1, 'Ada', NULL, 0.25",
        "no whole number",
    ),
];

/// All that the database has, as its program would find it.
pub fn everything(place: &MariaDb) -> String {
    place.ask(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE();
         SELECT trigger_name FROM information_schema.triggers WHERE trigger_schema = DATABASE();
         SELECT routine_name FROM information_schema.routines WHERE routine_schema = DATABASE();
         SELECT index_name FROM information_schema.statistics WHERE table_schema = DATABASE()
         ORDER BY 1",
    )
}

async fn refused(place: &MariaDb, url: &str) -> String {
    let before = everything(place);
    let error = MariaDb::store_at(url)
        .open()
        .await
        .expect_err("it is refused");
    assert_eq!(everything(place), before, "{error}");
    error.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_does_not_fit_is_refused_by_its_column_and_left_alone() {
    for (columns, words) in MISFITS {
        let Some(place) = MariaDb::new() else { return };
        place.ask(&format!("CREATE TABLE users ({columns})"));
        let said = refused(&place, place.url()).await;
        assert!(said.contains(words), "{columns}: {said}");
    }
    for (columns, row, words) in ROWS {
        let Some(place) = MariaDb::new() else { return };
        place.ask(&format!(
            "CREATE TABLE users ({columns}); INSERT INTO users VALUES ({row})"
        ));
        let said = refused(&place, place.url()).await;
        assert!(said.contains(words), "{columns}: {said}");
    }
}

/// Tables as programs have them, which are played on and written to by their own as before.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_fits_is_played_on_and_its_program_goes_on() {
    for columns in [
        "id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(255), email VARCHAR(255),
         score BIGINT UNSIGNED",
        "`ID` INT AUTO_INCREMENT PRIMARY KEY, `Name` TEXT, `Email` VARCHAR(20), `Score` DOUBLE",
        "id SMALLINT AUTO_INCREMENT UNIQUE NOT NULL, name VARBINARY(99), email BLOB,
         score DECIMAL(20, 2) NOT NULL DEFAULT 0",
        "id BIGINT AUTO_INCREMENT PRIMARY KEY, name ENUM('Ada', 'Bob', 'Eve'), email CHAR(20),
         score FLOAT",
    ] {
        let Some(place) = MariaDb::new() else { return };
        place.ask(&format!(
            "CREATE TABLE users ({columns}); INSERT INTO users VALUES (1, 'Ada', NULL, 41)"
        ));
        let mut store = place.store();
        store.open().await.expect(columns);
        history_holds(&mut store).await;
        let row = store.register(ClientId::new_v4(), PlayerId(1)).await;
        let counted = store.count(row.expect("a row"), 3).await;
        assert_eq!(counted.expect(columns).score, 44);
        let bob = store.add(&entry("Bob", "")).await.expect(columns).id;
        store
            .edit(bob, &entry("Eve", "e@x.org"))
            .await
            .expect(columns);
        place.ask("UPDATE users SET score = score + 5 WHERE id = 1");
        history_holds(&mut store).await;
        store.remove(bob).await.expect(columns);
        history_holds(&mut store).await;
    }
}

/// What comes to the table later and is larger than the game holds is its program's own affair.
#[tokio::test(flavor = "multi_thread")]
async fn no_key_and_no_score_of_another_program_fails_for_the_games_sake() {
    let Some(place) = MariaDb::new() else { return };
    place.ask(
        "CREATE TABLE users (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(20),
                             email VARCHAR(20), score DOUBLE);
         INSERT INTO users VALUES (1, 'Ada', NULL, 1)",
    );
    let mut store = place.store();
    store.open().await.expect("it opens");
    place.ask(
        "SET sql_mode = 'STRICT_ALL_TABLES';
         INSERT INTO users VALUES (18446744073709551615, 'far', NULL, 1e300);
         UPDATE users SET score = -1e300 WHERE id = 18446744073709551615;
         UPDATE users SET id = id - 1 WHERE name = 'far';
         DELETE FROM users WHERE id = 18446744073709551614;
         UPDATE users SET score = 1e300; UPDATE users SET score = -1e300;
         UPDATE users SET id = 7; UPDATE users SET score = 2.5",
    );
    let row = store.register(ClientId::new_v4(), PlayerId(7)).await;
    let row = row.expect("a row");
    let error = store.count(row, 1).await;
    let error = error.expect_err("half a point would be lost");
    assert!(error.to_string().contains("no whole number"), "{error}");
    assert_eq!(place.ask("SELECT score FROM users"), "2.5");
    // TRUNCATE, which fires nothing, leaves sessions of nobody.
    place.ask("UPDATE users SET score = 2");
    store.begin_sprint(row).await.expect("begun");
    store.count(row, 9).await.expect("counted");
    place.ask("TRUNCATE TABLE users");
    let nobodys = sprinted(PlayerId(7), 9);
    assert_eq!(store.keep_sprint(row, &nobodys).await, Ok(false));
    place.ask("INSERT INTO users VALUES (8, 'Ada', NULL, 1); UPDATE users SET id = 7");
    history_holds(&mut store).await;
}

/// A large score keeps what it was made of, as long as the numbers of a history hold it.
#[tokio::test(flavor = "multi_thread")]
async fn a_score_however_large_keeps_its_history() {
    let Some(place) = MariaDb::new() else { return };
    let mut store = place.store();
    store.open().await.expect("it opens");
    place.ask("INSERT INTO users (id, name, score) VALUES (1, 'Ada', 41)");
    let row = store.register(ClientId::new_v4(), PlayerId(1)).await;
    let row = row.expect("a row");
    store.count(row, 1).await.expect("counted");
    place.ask("UPDATE users SET score = 9223372036854775800");
    store.count(row, 5).await.expect("counted");
    place.ask("UPDATE users SET score = 12");
    store.count(row, 9).await.expect("counted");
    let history = store.history(PlayerId(1)).await.expect("a history");
    assert_eq!(history.value.quarters[0], (Quarter::BEFORE, 41));
    assert_eq!(history.value.score, 16);
    history_holds(&mut store).await;
}

/// Servers on which the set-up fails half way, or would: nothing that fires is left, and the other
/// program goes on.
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_fails_leaves_nothing_behind_that_fires() {
    const TABLE: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100),
        email VARCHAR(100), score INTEGER); INSERT INTO users VALUES (1, 'Ada', NULL, 4)";
    let Some(place) = MariaDb::with(&["log-bin=on", "binlog-format=ROW"]) else {
        return;
    };
    place.ask(TABLE);
    let all = format!("GRANT ALL ON {}.* TO {{user}};", place.name());
    let url = place.add_user("eve", SECRET, &all);
    let error = MariaDb::store_at(&url).open().await.expect_err("1419");
    let said = error.to_string();
    assert!(said.contains("log_bin_trust_function_creators"), "{said}");
    assert!(said.contains("Let the database's owner"), "{said}");
    unharmed(&place);
    place.ask("SET GLOBAL log_bin_trust_function_creators = 1");
    MariaDb::store_at(&url).open().await.expect("it opens");

    // The last of the triggers can't be made: those before it go again.
    let Some(place) = MariaDb::new() else { return };
    place.ask(TABLE);
    place.ask(
        "CREATE TABLE other (id INT); CREATE TRIGGER click_user_removed BEFORE INSERT ON other
         FOR EACH ROW SET @fired = 1",
    );
    place.store().open().await.expect_err("its name is taken");
    let left = "SELECT COUNT(*) FROM information_schema.triggers
                WHERE trigger_schema = DATABASE() AND event_object_table = 'users'";
    assert_eq!(place.ask(left), "0");
    place.ask("DROP TABLE other");
    place.store().open().await.expect("it opens");
}

/// Nothing of the game's fires, and the other program writes.
fn unharmed(place: &MariaDb) {
    let triggers = "SELECT COUNT(*) FROM information_schema.triggers
                    WHERE trigger_schema = DATABASE()";
    assert_eq!(place.ask(triggers), "0");
    place.ask("UPDATE users SET score = score + 1; INSERT INTO users (id) VALUES (2)");
}

/// Wherever a set-up is cut off, the other program goes on beside what is there, and the next one
/// finishes it.
#[tokio::test(flavor = "multi_thread")]
async fn a_set_up_that_is_cut_off_anywhere_harms_nobody_and_is_begun_anew() {
    const PAGE: &str = include_str!("../../assets/schema/mariadb.sql");
    let steps = PAGE.split("\n\n").count();
    for cut in (0..steps).filter(|cut| cut % 8 == 0 || steps - cut < 9) {
        let Some(place) = MariaDb::new() else { return };
        place.ask(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100), email VARCHAR(100),
                                 score INTEGER);
             INSERT INTO users VALUES (1, 'Ada', NULL, 4), (2, 'Bob', NULL, NULL)",
        );
        // The first of all that is made.
        place.ask(
            "CREATE TABLE click_migrations (
                 version BIGINT NOT NULL PRIMARY KEY, description TEXT NOT NULL,
                 installed_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
                 success BOOLEAN NOT NULL, checksum BLOB NOT NULL,
                 execution_time BIGINT NOT NULL)",
        );
        let mut conn = MariaDb::connection(place.url()).await.expect("connects");
        let mode = "SET sql_mode = 'STRICT_ALL_TABLES'";
        MariaDb::run(&mut conn, mode).await.expect("set");
        // What only says something comes first.
        for step in PAGE.split("\n\n").skip(1).take(cut) {
            MariaDb::run(&mut conn, step).await.expect(step);
        }
        place.ask(
            "UPDATE users SET score = COALESCE(score, 0) + 1; INSERT INTO users (id) VALUES (3);
             UPDATE users SET id = 4 WHERE id = 3; DELETE FROM users WHERE id = 4",
        );
        let mut store = place.store();
        store.open().await.expect("it opens");
        history_holds(&mut store).await;
        let row = store.register(ClientId::new_v4(), PlayerId(1)).await;
        let counted = store.count(row.expect("a row"), 3).await;
        assert_eq!(counted.expect("counted").score, 8, "cut off after {cut}");
        history_holds(&mut store).await;
    }
}
