//! Roles on a server: the SQL that creates them, what each allows and forbids, and the messages for
//! missing rights.

use std::collections::HashSet;

use clickoff::game::contest::Length;
use clickoff::game::race::{Entrance, Standing};
use clickoff::message::Rights;
use clickoff::store::{CHANGES, ClientId, Contests, Counted, Remedy, SessionId, Store, StoreError};

use crate::contract::{entry, row_of};
use crate::places::{BUT_REMOVE, MariaDb, OnServer, Postgres, Served, WATCH, WAYS, on_servers};
use crate::servers::{SECRET, direct, playing, refusal, score};

/// Sets the game up, and makes a user with one of the file's roles; the user's URL.
async fn let_in<P: Served>(place: &P, role: &str) -> String {
    place.store().open().await.expect("it opens");
    // Run again, it changes nothing.
    place.make_roles();
    place.make_roles();
    place.add_user("ada", SECRET, &P::role(role))
}

async fn rights<P: Served>(url: &str) -> Rights {
    let mut store = P::store_at(url);
    store.open().await.expect("it opens").rights
}

fn refused<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    let error = result.expect_err("it is forbidden");
    assert!(matches!(error, StoreError::Forbidden { .. }), "{error:?}");
    assert!(error.wrote_nothing());
    assert!(error.to_string().contains("ask the database's owner"));
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

async fn the_owner_may_do_everything<P: Served>(place: P) {
    assert_eq!(rights::<P>(&direct(&place)).await, Rights::ALL);
}

async fn a_player_plays_adds_and_edits_but_does_not_remove<P: Served>(place: P) {
    let url = let_in(&place, "clickoff_player").await;
    assert_eq!(rights::<P>(&url).await, BUT_REMOVE);
    let mut owner = place.store();
    let cursor = owner.open().await.expect("it opens").cursor;
    let (mut store, player, row) = playing::<P>(&url).await;
    assert!(store.count(row, 3).await.is_ok());
    let edited = store.edit(player, &entry("Ada L.", "")).await;
    assert_eq!(edited.expect("edited").score, 3);
    let seen = owner
        .changes(cursor, CHANGES)
        .await
        .expect("a look")
        .expect("Ada's");
    assert_eq!(seen.players[0].score, 3);
    refused(store.remove(player).await);
    assert_eq!(score(&place, player).await, 3);

    // What others do is seen, too.
    let cursor = store.open().await.expect("it opens").cursor;
    owner.remove(player).await.expect("removed");
    let seen = store.changes(cursor, CHANGES).await.expect("a look");
    assert_eq!(seen.expect("a removal").gone, [player]);

    let client = ClientId::new_v4();
    let next = store.add(&entry("Bob", "")).await.expect("added").id;
    let row = store.register(client, next).await.expect("a row");
    assert_eq!(row_of(&mut store, client, next).await, Some(row));
    races(&mut store, &mut owner, row).await;
    let mut claims = store.claims(client).await.expect("asked");
    assert_eq!(claims.pop().map(|claim| claim.player), Some(next));
    store.retire(client).await.expect("retired");
    assert_eq!(row_of(&mut store, client, next).await, None);
}

/// A player opens a race and runs it; the owner sees it, and it stays as it was closed.
async fn races<S: Store>(store: &mut S, owner: &mut S, row: SessionId) {
    let entered = store.enter_race(row, Entrance::Open(Length::Five)).await;
    let id = entered.expect("an answer").expect("a place").race;
    let again = store.enter_race(row, Entrance::Join(id)).await;
    assert_eq!(
        again.expect("an answer").map(|entered| entered.race),
        Some(id)
    );
    store.count(row, 4).await.expect("counted");
    for (presses, standing) in [
        (3, Standing::Racing),
        (4, Standing::Done),
        (9, Standing::Done),
    ] {
        let told = store.report_race(row, id, presses, standing, None).await;
        told.expect("told");
    }
    let race = store.race(Some(id)).await.expect("a look").value;
    let race = race.expect("the race");
    assert_eq!((race.closed, race.racers[0].presses), (true, 4));
    assert_eq!(owner.races().await, Ok(vec![race.clone()]));
    assert_eq!(store.races().await, Ok(vec![race]));
}

async fn a_keeper_also_removes<P: Served>(place: P) {
    let url = let_in(&place, "clickoff_keeper").await;
    assert_eq!(rights::<P>(&url).await, Rights::ALL);
    let (mut store, player, row) = playing::<P>(&url).await;
    store.count(row, 1).await.expect("counted");
    store.remove(player).await.expect("removed");
    assert_eq!(store.count(row, 2).await, Err(StoreError::Gone));
}

async fn a_watcher_only_sees<P: Served>(place: P) {
    let url = let_in(&place, "clickoff_watcher").await;
    let (mut owner, player, row) = playing::<P>(&direct(&place)).await;
    let mut store = P::store_at(&url);
    let opened = store.open().await.expect("it opens");
    assert_eq!(opened.rights, WATCH);
    owner.count(row, 2).await.expect("counted");
    let seen = store.changes(opened.cursor, CHANGES).await.expect("a look");
    assert_eq!(seen.expect("a count").players[0].score, 2);
    refused(store.register(ClientId::new_v4(), player).await);
    refused(store.claims(ClientId::new_v4()).await);
    refused(store.count(row, 3).await);
    refused(store.add(&entry("Eve", "")).await);
    refused(store.edit(player, &entry("Eve", "")).await);
    refused(store.remove(player).await);
    assert_eq!(score(&place, player).await, 2);
    let entered = owner.enter_race(row, Entrance::Open(Length::Ten)).await;
    let id = entered.expect("an answer").expect("a place").race;
    let look = store.race(None).await.expect("a look");
    assert_eq!(look.value.map(|race| race.id), Some(id));
    assert_eq!(store.races().await, Ok(Vec::new()));
    refused(store.enter_race(row, Entrance::Join(id)).await);
    refused(store.report_race(row, id, 9, Standing::Done, None).await);
}

/// A statement that a player is refused, whichever way round it is tried.
async fn a_player_is_refused<P: Served>(place: &P, statements: &[&'static str]) {
    let url = let_in(place, "clickoff_player").await;
    let (mut owner, player, row) = playing::<P>(&direct(place)).await;
    owner.count(row, 5).await.expect("counted");
    let before = place.ask(EVERYTHING);
    for statement in statements {
        let mut conn = P::connection(&url).await.expect("a connection");
        let answer = P::run(&mut conn, statement).await;
        let error = answer.expect_err(statement);
        assert!(P::is_refusal(&error), "{statement}: {error}");
    }
    assert_eq!(place.ask(EVERYTHING), before);
    assert_eq!(score(place, player).await, 5);
    assert!(owner.count(row, 6).await.is_ok());
}

/// All that the game keeps.
const EVERYTHING: &str = "SELECT * FROM users; SELECT * FROM click_sessions;
    SELECT * FROM click_changes; SELECT * FROM click_history; SELECT * FROM click_sprints; SELECT * FROM click_meta;
    SELECT * FROM click_races; SELECT * FROM click_racers;
    SELECT version FROM click_migrations";

/// What is refused on all servers, word for word.
const EVERYWHERE: &[&str] = &[
    "ALTER TABLE users ADD COLUMN more INTEGER",
    "ALTER TABLE click_sessions DROP COLUMN last_seq",
    "DROP TABLE users",
    "DROP TABLE click_sessions",
    "DELETE FROM users",
    "TRUNCATE TABLE users",
    "UPDATE users SET score = 4",
    "UPDATE users SET score = score + 1",
    "UPDATE users SET id = id + 1",
    "INSERT INTO users (id, name, score) VALUES (77, 'Eve', 0)",
    "SELECT * FROM click_sessions",
    "INSERT INTO click_sessions (client, user_id, last_seq) VALUES ('eve', 1, -99)",
    "UPDATE click_sessions SET last_seq = 0",
    "DELETE FROM click_sessions",
    "INSERT INTO click_changes (user_id, stamp) VALUES (99, 0)",
    "UPDATE click_changes SET stamp = 0",
    "DELETE FROM click_changes",
    "INSERT INTO click_history (user_id, quarter, points) VALUES (1, 0, 9)",
    "UPDATE click_history SET points = 0",
    "DELETE FROM click_history",
    "INSERT INTO click_sprints (user_id, seconds, presses, at, trace) VALUES (1, 5, 9, 0, '9')",
    "UPDATE click_sprints SET presses = 99",
    "DELETE FROM click_sprints",
    "SELECT * FROM click_racers",
    "SELECT session FROM click_racers",
    "INSERT INTO click_races (seconds, starts_at) VALUES (5, 0)",
    "UPDATE click_races SET closed_at = NULL",
    "DELETE FROM click_races",
    "INSERT INTO click_racers (race, racer, user_id, base) VALUES (1, 1, 1, 0)",
    "UPDATE click_racers SET presses = 99",
    "DELETE FROM click_racers",
    "UPDATE click_meta SET value = 'mine'",
    "DELETE FROM click_meta",
    "UPDATE click_migrations SET version = 99",
    "CREATE TABLE mine (id INTEGER)",
    "DROP PROCEDURE click_retire",
];

#[tokio::test(flavor = "multi_thread")]
async fn a_player_of_mariadb_can_not_go_behind_the_game() {
    let Some(place) = MariaDb::new() else { return };
    a_player_is_refused(&place, EVERYWHERE).await;
    let more = [
        "INSERT INTO users (name, score) VALUES ('Eve', 0) ON DUPLICATE KEY UPDATE score = 0",
        "INSERT INTO users (name) VALUES ('Eve')",
        "UPDATE users SET name = 'Eve'",
        "UPDATE users SET name = name",
        "CALL click_guard()",
        "CALL click_rule(NULL, 'off')",
        "REPLACE INTO users (name, score) VALUES ('Eve', 0)",
        "DROP PROCEDURE click_count",
        "CALL click_race_enter(1, 1)",
        "ALTER PROCEDURE click_count SQL SECURITY INVOKER",
        "CREATE PROCEDURE mine() SELECT 1",
        "CREATE TRIGGER mine BEFORE UPDATE ON users FOR EACH ROW SET NEW.score = 0",
        "DROP TRIGGER click_user_changed",
        "CREATE TEMPORARY TABLE users (id BIGINT)",
        "LOCK TABLES users WRITE",
        "CREATE VIEW mine AS SELECT * FROM users",
    ];
    let Some(place) = MariaDb::new() else { return };
    a_player_is_refused(&place, &more).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_player_of_postgresql_can_not_go_behind_the_game() {
    let Some(place) = Postgres::new() else { return };
    a_player_is_refused(&place, EVERYWHERE).await;
    let more = [
        "INSERT INTO users (name) VALUES ('Eve') ON CONFLICT (id) DO UPDATE SET score = 0",
        "DROP FUNCTION click_count",
        "ALTER FUNCTION click_count SECURITY INVOKER",
        "CREATE OR REPLACE FUNCTION click_count(p_sessions BIGINT[], p_uptos BIGINT[])
         RETURNS TABLE (counted BIGINT, score BIGINT) LANGUAGE sql AS 'SELECT 1, 1'",
        "CREATE FUNCTION public.mine() RETURNS void LANGUAGE sql AS ''",
        "SELECT click_stamp(1)",
        "CREATE TRIGGER mine BEFORE UPDATE ON users
         FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "ALTER TABLE users DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
        "BEGIN; LOCK TABLE users IN EXCLUSIVE MODE",
        "CREATE TABLE mine (id BIGINT REFERENCES users)",
        "SET ROLE clickoff_keeper",
        // A table of one's own, whose rows are said to be players.
        "CREATE TEMP TABLE fake (id BIGINT); CREATE TRIGGER fake AFTER DELETE ON fake
         FOR EACH ROW EXECUTE FUNCTION click_user_removed()",
        "CREATE TEMP TABLE fake (id BIGINT); CREATE TRIGGER fake AFTER UPDATE ON fake
         FOR EACH ROW EXECUTE FUNCTION click_user_written()",
        "CREATE TEMP TABLE fake (id BIGINT); CREATE TRIGGER fake AFTER TRUNCATE ON fake
         FOR EACH STATEMENT EXECUTE FUNCTION click_users_emptied()",
    ];
    let Some(place) = Postgres::new() else { return };
    a_player_is_refused(&place, &more).await;
}

/// The routines see the game's tables, whatever their caller puts before them.
#[tokio::test(flavor = "multi_thread")]
async fn temporary_tables_do_not_stand_in_for_the_games() {
    let Some(place) = Postgres::new() else { return };
    let url = let_in(&place, "clickoff_player").await;
    let (_, player, row) = playing::<Postgres>(&url).await;
    let mut conn = Postgres::connection(&url).await.expect("a connection");
    let decoys = "CREATE TEMP TABLE users (id BIGINT, name TEXT, email TEXT, score BIGINT);
         CREATE TEMP TABLE click_sessions (id BIGINT, client TEXT, user_id BIGINT, last_seq BIGINT);
         CREATE TEMP TABLE click_changes (user_id BIGINT PRIMARY KEY, stamp BIGINT);
         SET search_path = pg_temp, public";
    Postgres::run(&mut conn, decoys).await.expect("decoys");
    let counted: (i64, i64) =
        sqlx::query_as("SELECT counted, score FROM click_count(ARRAY[$1::bigint], ARRAY[4])")
            .bind(row.0)
            .fetch_one(&mut conn)
            .await
            .expect("counted");
    assert_eq!(counted, (4, 4));
    assert_eq!(score(&place, player).await, 4);
}

/// The one way to a score is up, and a client's total is its own: its key is not to be guessed.
async fn no_total_lowers_a_score_and_no_key_leads_to_another<P: Served>(place: P) {
    let url = let_in(&place, "clickoff_player").await;
    let (mut store, player, row) = playing::<P>(&url).await;
    store.count(row, 7).await.expect("counted");
    let known = Counted {
        score: 7,
        counted: 7,
        ..Counted::default()
    };
    for upto in [0, 1, 6, 7] {
        assert_eq!(store.count(row, upto).await, Ok(known));
    }
    let mut conn = P::connection(&url).await.expect("a connection");
    P::count_below_zero(&mut conn, row.0)
        .await
        .expect("an answer");
    let mut keys = HashSet::from([row]);
    for _ in 0..8 {
        let key = store.register(ClientId::new_v4(), player).await;
        let key = key.expect("a row");
        assert!(key.0 > 1 << 32, "{key:?} is one of the first");
        assert!(keys.insert(key));
        for near in [key.0 - 1, key.0 + 1] {
            let stray = store.count(SessionId(near), 1000).await;
            assert_eq!(stray, Err(StoreError::Gone));
        }
    }
    assert_eq!(score(&place, player).await, 7);
}

/// Rows are told to one who knows the clients' ids but for their ends, and to nobody else.
async fn no_totals_are_told_to_one_who_guesses<P: Served>(place: P) {
    let (mut store, player, _) = playing::<P>(&direct(&place)).await;
    let client = ClientId::new_v4();
    store.register(client, player).await.expect("a row");
    let told = |id: &str| place.ask(&format!("{}('{id}')", P::CLAIMS));
    let id = client.to_string();
    assert_eq!(told(&id[..24]).lines().count(), 1);
    for id in ["", "%", "_", &id[..23], &"-".repeat(36), &" ".repeat(36)] {
        assert_eq!(told(id), "", "{id:?}");
    }
}

/// Given in whatever way, a right is seen; and what is seen is what can be done.
async fn rights_are_told_however_they_were_given<P: Served>(place: P) {
    place.store().open().await.expect("it opens");
    place.make_roles();
    for (at, (grants, expected)) in P::WAYS.iter().chain(WAYS).enumerate() {
        let grants = grants.replace("{database}", place.name());
        let watcher = P::role("clickoff_watcher");
        let rights_given = format!("{watcher} {grants}");
        let url = place.add_user(&format!("u{at}"), SECRET, &rights_given);
        assert_eq!(rights::<P>(&url).await, *expected, "{grants}");
        let (mut owner, player, _) = playing::<P>(&direct(&place)).await;
        let mut store = P::store_at(&url);
        let opened = store.open().await.expect("it opens");
        assert!(owner.changes(opened.cursor, CHANGES).await.is_ok());
        let done = Rights {
            play: store.register(ClientId::new_v4(), player).await.is_ok(),
            add: store.add(&entry("Eve", "")).await.is_ok(),
            edit: store.edit(player, &entry("Eve", "")).await.is_ok(),
            remove: store.remove(player).await.is_ok(),
        };
        assert_eq!(done, *expected, "{grants}");
    }
}

/// Taken away and given back while the game runs, a right leaves no press behind.
async fn a_right_that_is_taken_away_meanwhile_loses_nothing<P: Served>(place: P) {
    let url = let_in(&place, "clickoff_player").await;
    let (mut store, player, row) = playing::<P>(&url).await;
    store.count(row, 2).await.expect("counted");
    place.ask(P::TAKE_AWAY);
    for _ in 0..2 {
        let error = store.count(row, 5).await.expect_err("it is forbidden");
        assert_eq!(error.remedy(), Remedy::Wait);
        refused::<()>(Err(error));
    }
    place.make_roles();
    let counted = store.count(row, 6).await.expect("counted");
    assert_eq!((counted.score, counted.counted), (6, 6));
    assert_eq!(score(&place, player).await, 6);
}

async fn who_may_not_set_up_hears_who_may<P: Served>(place: P) {
    // Beside a table that the user may write, there is nothing of the game's yet.
    let tutorial = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100),
                                        email VARCHAR(100), score INTEGER);
         INSERT INTO users VALUES (1, 'Eve', NULL, 1)";
    place.sql(tutorial).await;
    let writes = "GRANT SELECT, INSERT, UPDATE, DELETE ON users TO {user};";
    let url = place.add_user("eve", SECRET, writes);
    let words = refusal::<P>(&url).await;
    assert!(words.contains("its tables are not there"), "{words}");
    assert!(words.contains("Let the database's owner"), "{words}");
    assert!(words.contains("`clickoff roles "), "{words}");

    // And a program with rights on that table alone goes on when they were made.
    let mut watching = place.store();
    let cursor = watching.open().await.expect("open").cursor;
    let mut conn = P::connection(&url).await.expect("a connection");
    P::add_blindly(&mut conn, 1, 41).await.expect("it may");
    let seen = watching.changes(cursor, CHANGES).await.expect("a look");
    assert_eq!(seen.expect("Eve's").players[0].score, 42);
}

/// Of another program's table, the game's roles show no more than the game shows.
#[tokio::test(flavor = "multi_thread")]
async fn a_watcher_of_mariadb_sees_no_other_column_of_another_programs_table() {
    let Some(place) = MariaDb::new() else { return };
    place.ask(
        "CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(99), email TEXT,
                             score INT, password TEXT);
         INSERT INTO users VALUES (1, 'Ada', 'a@x.org', 4, 'a hash')",
    );
    let url = let_in(&place, "clickoff_watcher").await;
    let mut store = MariaDb::store_at(&url);
    let opened = store.open().await.expect("it opens");
    assert_eq!(opened.players[0].email, "a@x.org");
    assert_eq!(
        store
            .search("x.org", None)
            .await
            .expect("found")
            .players
            .len(),
        1
    );
    for statement in ["SELECT password FROM users", "SELECT * FROM users"] {
        let mut conn = MariaDb::connection(&url).await.expect("a connection");
        let answer = MariaDb::run(&mut conn, statement).await;
        let error = answer.expect_err(statement);
        assert!(MariaDb::is_refusal(&error), "{statement}: {error}");
    }
}

/// Who may add gives nobody a score, and can't use up the keys that a sequence has.
#[tokio::test(flavor = "multi_thread")]
async fn a_player_adds_to_the_tutorials_table_on_postgresql() {
    let Some(place) = Postgres::new() else { return };
    place.ask(
        "CREATE TABLE users (id SERIAL PRIMARY KEY, name VARCHAR(100), email VARCHAR(100),
                             score INTEGER)",
    );
    let url = let_in(&place, "clickoff_player").await;
    assert!(rights::<Postgres>(&url).await.add);
    let (mut store, player, row) = playing::<Postgres>(&url).await;
    store.count(row, 1).await.expect("counted");
    assert_eq!(score(&place, player).await, 1);
    let mut conn = Postgres::connection(&url).await.expect("a connection");
    for forbidden in [
        "INSERT INTO users (name, score) VALUES ('Eve', 1000)",
        "SELECT nextval('users_id_seq')",
        "SELECT setval('users_id_seq', 2147483647)",
    ] {
        let error = Postgres::run(&mut conn, forbidden)
            .await
            .expect_err(forbidden);
        assert!(Postgres::is_refusal(&error), "{forbidden}: {error}");
    }
    place.ask("REVOKE EXECUTE ON FUNCTION click_add(TEXT, TEXT) FROM clickoff_player");
    assert!(!rights::<Postgres>(&url).await.add);
    refused(store.add(&entry("Eve", "")).await);
}

on_servers!(new:
    the_owner_may_do_everything,
    a_player_plays_adds_and_edits_but_does_not_remove,
    a_keeper_also_removes,
    a_watcher_only_sees,
    no_total_lowers_a_score_and_no_key_leads_to_another,
    no_totals_are_told_to_one_who_guesses,
    rights_are_told_however_they_were_given,
    a_right_that_is_taken_away_meanwhile_loses_nothing,
    who_may_not_set_up_hears_who_may,
);
