//! Triggers and rules of other programs that change what is written: such a write is rolled back
//! and refused.

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::game::contest::{Length, Trace};
use clickoff::game::race::Entrance;
use clickoff::game::sprint::Sprinted;
use clickoff::store::{AnyStore, ClientId, Contests, Remedy, SessionId, Store, StoreError};

use crate::contract::{Place, entry, history_holds, limit};
use crate::places::{OnServer, Served};
use crate::{Sqlite, places};

/// What another program has on the table of players.
struct Meddler {
    /// Writes each name in capitals.
    shouts: &'static str,
    /// Gives a new player ten points.
    welcomes: &'static str,
    /// Gives each player who is changed another key.
    moves: &'static str,
    /// Takes that back.
    moves_no_more: &'static str,
    /// Keeps each player that is removed, where that can be done without an error.
    keeps: Option<&'static str>,
}

const SQLITE: Meddler = Meddler {
    shouts: "CREATE TRIGGER shouts AFTER UPDATE OF name ON users
             BEGIN UPDATE users SET name = upper(name) WHERE id = NEW.id; END",
    welcomes: "CREATE TRIGGER welcomes AFTER INSERT ON users
               BEGIN UPDATE users SET score = 10 WHERE id = NEW.id; END",
    moves: "CREATE TRIGGER moves AFTER UPDATE OF name ON users
            BEGIN UPDATE users SET id = id + 100 WHERE id = NEW.id; END",
    moves_no_more: "DROP TRIGGER moves",
    keeps: Some("CREATE TRIGGER keeps BEFORE DELETE ON users BEGIN SELECT RAISE(IGNORE); END"),
};

const POSTGRES: Meddler = Meddler {
    shouts: "CREATE FUNCTION shout() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN NEW.name := upper(NEW.name); RETURN NEW; END';
             CREATE TRIGGER shouts BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION shout()",
    welcomes: "CREATE FUNCTION welcome() RETURNS trigger LANGUAGE plpgsql AS
               'BEGIN NEW.score := 10; RETURN NEW; END';
               CREATE TRIGGER welcomes BEFORE INSERT ON users
               FOR EACH ROW EXECUTE FUNCTION welcome()",
    moves: "CREATE FUNCTION move() RETURNS trigger LANGUAGE plpgsql AS
            'BEGIN NEW.id := NEW.id + 100; RETURN NEW; END';
            CREATE TRIGGER moves BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION move()",
    moves_no_more: "DROP TRIGGER moves ON users",
    keeps: Some("CREATE RULE keeps AS ON DELETE TO users DO INSTEAD NOTHING"),
};

const MARIADB: Meddler = Meddler {
    shouts: "CREATE TRIGGER shouts BEFORE UPDATE ON users FOR EACH ROW
             SET NEW.name = UPPER(NEW.name)",
    welcomes: "CREATE TRIGGER welcomes BEFORE INSERT ON users FOR EACH ROW SET NEW.score = 10",
    moves: "CREATE TRIGGER moves BEFORE UPDATE ON users FOR EACH ROW SET NEW.id = NEW.id + 100",
    moves_no_more: "DROP TRIGGER moves",
    keeps: None,
};

/// Whether the change was refused for what the trigger or rule of this name did.
#[track_caller]
fn overruled<T: std::fmt::Debug>(done: Result<T, StoreError>, by: &str) {
    let error = done.expect_err("it was changed");
    assert!(matches!(error, StoreError::Overruled { .. }), "{error:?}");
    assert_eq!(error.remedy(), Remedy::Refuse);
    assert!(error.to_string().contains(by), "{error}");
}

async fn what_the_database_changes_is_undone_and_refused(place: impl Place, meddler: Meddler) {
    let mut store = place.store();
    store.open().await.expect("it opens");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    place.sql(meddler.shouts).await;
    overruled(store.edit(ada, &entry("Bea", "b@x.org")).await, "shouts");
    let player = store.player(ada).await.expect("read").expect("there");
    assert_eq!((&*player.name, &*player.email), ("Ada", ""), "undone");
    let shouted = store.edit(ada, &entry("BEA", "b@x.org")).await;
    assert_eq!(
        shouted.map(|p| p.name),
        Ok("BEA".to_owned()),
        "as it was told"
    );
    place.sql(meddler.moves).await;
    overruled(store.edit(ada, &entry("DEE", "")).await, "moves");
    assert_eq!(
        store.edit(PlayerId(ada.0 + 99), &entry("DEE", "")).await,
        Err(StoreError::Gone)
    );
    let player = store.player(ada).await.expect("read").expect("there");
    assert_eq!(
        (&*player.name, &*player.email),
        ("BEA", "b@x.org"),
        "undone"
    );
    place.sql(meddler.moves_no_more).await;
    place.sql(meddler.welcomes).await;
    overruled(store.add(&entry("Cem", "")).await, "welcomes");
    assert_eq!(
        place.number("SELECT COUNT(*) FROM users").await,
        1,
        "undone"
    );
    if let Some(keeps) = meddler.keeps {
        place.sql(keeps).await;
        overruled(store.remove(ada).await, "keeps");
        assert_eq!(
            store.remove(PlayerId(ada.0 + 99)).await,
            Ok(()),
            "gone is gone"
        );
    } else {
        assert_eq!(store.remove(ada).await, Ok(()));
    }
}

#[tokio::test]
async fn what_sqlite_changes_is_undone_and_refused() {
    what_the_database_changes_is_undone_and_refused(Sqlite::new(), SQLITE).await;
}

#[tokio::test]
async fn what_postgres_changes_is_undone_and_refused() {
    if let Some(place) = places::Postgres::new() {
        what_the_database_changes_is_undone_and_refused(place, POSTGRES).await;
    }
}

#[tokio::test]
async fn what_postgres_changes_behind_a_pool_is_undone_and_refused() {
    if let Some(place) = places::Postgres::pooled() {
        what_the_database_changes_is_undone_and_refused(place, POSTGRES).await;
    }
}

#[tokio::test]
async fn what_mariadb_changes_is_undone_and_refused() {
    if let Some(place) = places::MariaDb::new() {
        what_the_database_changes_is_undone_and_refused(place, MARIADB).await;
    }
}

/// A SQLite file with Ada alone, a store on it, and the row of her presses.
async fn ada_on_sqlite() -> (Sqlite, AnyStore, PlayerId, SessionId) {
    let place = Sqlite::new();
    let mut store = place.store();
    store.open().await.expect("it opens");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    let row = store.register(ClientId::new_v4(), ada).await;
    (place, store, ada, row.expect("a row"))
}

/// Triggers of other programs that change what a count writes, by name, and what is told of each.
const CAPS: &[(&str, &str, &str)] = &[
    (
        "caps",
        "CREATE TRIGGER caps AFTER UPDATE OF score ON users WHEN NEW.score > 7
         BEGIN UPDATE users SET score = 7 WHERE id = NEW.id; END",
        "the score was to go from 5 to 8, and the row holds 7",
    ),
    (
        "ignores",
        "CREATE TRIGGER ignores BEFORE UPDATE ON users WHEN NEW.score > 7
         BEGIN SELECT RAISE(IGNORE); END",
        "the score was to go from 5 to 8, and the row holds 5",
    ),
    (
        "doubles",
        "CREATE TRIGGER doubles AFTER UPDATE OF score ON users WHEN NEW.score = 8
         BEGIN UPDATE users SET score = 16 WHERE id = NEW.id; END",
        "the score was to go from 5 to 8, and the row holds 16",
    ),
    (
        "forgets",
        "CREATE TRIGGER forgets AFTER UPDATE OF last_seq ON click_sessions
         BEGIN UPDATE click_sessions SET last_seq = 0 WHERE id = NEW.id; END",
        "8 presses were to be kept as counted, and the row holds 0",
    ),
    (
        "throws",
        "CREATE TRIGGER throws AFTER UPDATE ON users WHEN NEW.score > 7
         BEGIN DELETE FROM users WHERE id = NEW.id; END",
        "the player's row or the client's went away",
    ),
    (
        "moves",
        "CREATE TRIGGER moves AFTER UPDATE OF score ON users WHEN NEW.score > 7
         BEGIN UPDATE users SET id = NEW.id + 100 WHERE id = NEW.id; END",
        "the player with the id 1 was to score, and has the id 101 now",
    ),
];

#[tokio::test]
async fn a_press_that_a_trigger_changes_in_sqlite_is_refused_and_nothing_of_it_is_kept() {
    for (name, trigger, told) in CAPS {
        for limited in [false, true] {
            let (place, mut store, ada, row) = ada_on_sqlite().await;
            if limited {
                limit(&mut store, Some(100)).await;
            }
            store.count(row, 5).await.expect("counted");
            place.sql(trigger).await;
            let refused = store.count(row, 8).await;
            assert!(
                refused
                    .as_ref()
                    .is_err_and(|e| e.to_string().contains(told)),
                "{refused:?}"
            );
            overruled(refused, name);
            let player = store.player(ada).await.expect("read").expect("there");
            assert_eq!(player.score, 5, "{name}: undone");
            history_holds(&mut store).await;
            // What the trigger lets pass is counted, once.
            let counted = store.count(row, 5).await.expect("counted");
            assert_eq!((counted.score, counted.counted), (5, 5), "{name}");
        }
    }
}

#[tokio::test]
async fn a_press_that_a_broken_trigger_of_sqlite_stops_is_refused_and_not_tried_for_ever() {
    let (place, mut store, _, row) = ada_on_sqlite().await;
    for (trigger, words) in [
        ("INSERT INTO audit VALUES (NEW.score)", "audit"),
        (
            "SELECT RAISE(ABORT, 'a\nclickoff: saved')",
            "a clickoff: saved",
        ),
        ("SELECT RAISE(ABORT, hex(zeroblob(150000)))", "0000…"),
    ] {
        let trigger = format!("CREATE TRIGGER breaks AFTER UPDATE ON users BEGIN {trigger}; END");
        let mut conn = place.connection().await;
        for sql in ["DROP TRIGGER IF EXISTS breaks", &trigger] {
            let sql = sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(&mut conn);
            sql.await.expect("the other program's");
        }
        let error = store.count(row, 1).await.expect_err("it breaks");
        assert_eq!(error.remedy(), Remedy::Refuse);
        let told = error.to_string();
        assert!(told.contains(words) && told.contains("breaks"), "{told}");
        assert!(told.len() < 1200 && !told.contains('\n'), "{told}");
    }
}

#[tokio::test]
async fn a_press_that_a_trigger_of_sqlite_forbids_is_refused_with_its_words() {
    let place = Sqlite::new();
    let mut store = place.store();
    store.open().await.expect("it opens");
    let ada = store.add(&entry("Ada", "")).await.expect("added").id;
    let row = store.register(ClientId::new_v4(), ada).await;
    place
        .sql(
            "CREATE TRIGGER closed BEFORE UPDATE ON users
             BEGIN SELECT RAISE(ABORT, 'closed on Sundays'); END",
        )
        .await;
    let error = store.count(row.expect("a row"), 1).await;
    let error = error.expect_err("forbidden");
    assert_eq!(error.remedy(), Remedy::Refuse);
    assert!(error.to_string().contains("closed on Sundays"), "{error}");
    assert!(error.wrote_nothing());
}

#[tokio::test]
async fn a_fraction_goes_on_counting_where_whole_points_can_be_told() {
    let (place, mut store, _, row) = ada_on_sqlite().await;
    place.sql("UPDATE users SET score = 2.5").await;
    assert_eq!(store.count(row, 3).await.expect("counted").score, 5);
    assert_eq!(place.number("SELECT score = 5.5 FROM users").await, 1);
    history_holds(&mut store).await;
    place.sql("UPDATE users SET score = -0.5").await;
    let refused = store.count(row, 4).await.expect_err("neither 0 nor 1");
    assert!(
        matches!(refused, StoreError::Overruled { .. }),
        "{refused:?}"
    );
    place.sql("UPDATE users SET score = 1e300").await;
    assert_eq!(store.count(row, 4).await, Err(StoreError::ScoreFull));
}

#[tokio::test]
async fn a_real_score_counts_as_far_as_it_can_tell_one_from_the_next() {
    let place = Sqlite::new();
    place
        .sql(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score REAL);
             INSERT INTO users VALUES (1, 'Ada', NULL, 9007199254740990)",
        )
        .await;
    let mut store = place.store();
    let ada = store.open().await.expect("it opens").players[0].id;
    let row = store.register(ClientId::new_v4(), ada).await;
    let row = row.expect("a row");
    let counted = store.count(row, 2).await.expect("counted");
    assert_eq!(counted.score, 1 << 53);
    assert_eq!(store.count(row, 3).await, Err(StoreError::ScoreFull));
    history_holds(&mut store).await;
}

/// What a count made is read back as well, in the same call.
#[tokio::test]
async fn a_count_that_mariadb_changes_is_undone_and_refused() {
    let Some(place) = places::MariaDb::new() else {
        return;
    };
    let (mut store, ada, row) = crate::servers::playing::<places::MariaDb>(place.url()).await;
    store.count(row, 5).await.expect("counted");
    for (meddler, by) in [
        (
            "CREATE TRIGGER caps BEFORE UPDATE ON users FOR EACH ROW
             SET NEW.score = LEAST(NEW.score, 7)",
            "to 10, and the row holds 7. Look at the trigger caps on the table users",
        ),
        (
            "CREATE TRIGGER caps BEFORE UPDATE ON users FOR EACH ROW SET NEW.score = NULL",
            "the score was to go from 5 to 10, and the row holds 0",
        ),
        (
            "CREATE TRIGGER caps BEFORE UPDATE ON click_sessions FOR EACH ROW
             SET NEW.last_seq = OLD.last_seq",
            "the row holds 5. Look at the trigger caps on the table click_sessions",
        ),
    ] {
        place.sql(meddler).await;
        overruled(store.count(row, 10).await, by);
        let held = store.player(ada).await.expect("read").expect("there");
        assert_eq!(held.score, 5, "undone");
        place.sql("DROP TRIGGER caps").await;
    }
    // However much there is to be said.
    for at in 0..20 {
        place.ask(&format!(
            "CREATE TRIGGER caps_with_a_name_that_is_long_enough_to_fill_all_the_room_{at}
             BEFORE UPDATE ON users FOR EACH ROW SET NEW.score = LEAST(NEW.score, 7)"
        ));
    }
    overruled(store.count(row, 10).await, "caps_with_a_name");
    for at in 0..20 {
        place.ask(&format!(
            "DROP TRIGGER caps_with_a_name_that_is_long_enough_to_fill_all_the_room_{at}"
        ));
    }
    let counted = store.count(row, 10).await.expect("counted");
    assert_eq!((counted.score, counted.counted), (10, 10));
}

#[tokio::test]
async fn no_sprint_and_no_race_is_told_of_that_a_trigger_of_sqlite_ignores() {
    let (place, mut store, ada, row) = ada_on_sqlite().await;
    place
        .sql(
            "CREATE TRIGGER no_sprints BEFORE INSERT ON click_sprints
             BEGIN SELECT RAISE(IGNORE); END;
             CREATE TRIGGER no_races BEFORE INSERT ON click_racers
             BEGIN SELECT RAISE(IGNORE); END",
        )
        .await;
    store.begin_sprint(row).await.expect("begun");
    store.count(row, 3).await.expect("counted");
    let mut trace = Trace::default();
    trace.add(Duration::ZERO, 3);
    let sprinted = Sprinted {
        player: ada,
        length: Length::Five,
        trace,
    };
    assert_eq!(store.keep_sprint(row, &sprinted).await, Ok(false));
    let entrance = Entrance::Open(Length::Five);
    assert_eq!(store.enter_race(row, entrance).await, Ok(None));
}
