//! Triggers and rules of other programs that change what is written: what is told is what the row
//! holds, and a write that was changed is undone and refused.

use clickoff::game::PlayerId;
use clickoff::store::{Remedy, Store, StoreError};

use crate::contract::{Place, entry};
use crate::places::{OnServer, Served};
use crate::{Sqlite, places};

/// What another program has on the table of players.
struct Meddler {
    /// Writes each name in capitals.
    shouts: &'static str,
    /// Gives a new player ten points.
    welcomes: &'static str,
    /// Keeps each player that is removed, where that can be done without an error.
    keeps: Option<&'static str>,
}

const SQLITE: Meddler = Meddler {
    shouts: "CREATE TRIGGER shouts AFTER UPDATE OF name ON users
             BEGIN UPDATE users SET name = upper(name) WHERE id = NEW.id; END",
    welcomes: "CREATE TRIGGER welcomes AFTER INSERT ON users
               BEGIN UPDATE users SET score = 10 WHERE id = NEW.id; END",
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
    keeps: Some("CREATE RULE keeps AS ON DELETE TO users DO INSTEAD NOTHING"),
};

const MARIADB: Meddler = Meddler {
    shouts: "CREATE TRIGGER shouts BEFORE UPDATE ON users FOR EACH ROW
             SET NEW.name = UPPER(NEW.name)",
    welcomes: "CREATE TRIGGER welcomes BEFORE INSERT ON users FOR EACH ROW SET NEW.score = 10",
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
            "the trigger caps on the table users",
        ),
        (
            "CREATE TRIGGER caps BEFORE UPDATE ON users FOR EACH ROW SET NEW.score = NULL",
            "the rows hold 0 and 10",
        ),
        (
            "CREATE TRIGGER caps BEFORE UPDATE ON click_sessions FOR EACH ROW
             SET NEW.last_seq = OLD.last_seq",
            "the trigger caps on the table click_sessions",
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
