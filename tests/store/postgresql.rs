//! PostgreSQL databases of other programs: their triggers, the way their tables are defined, and
//! their kinds of score.

use clickoff::game::{PlayerId, Quarter};
use clickoff::store::{CHANGES, ClientId, Counted, Remedy, Store, StoreError};

use crate::contract::{Place, entry, history_holds, row_of};
use crate::places::{OnServer, Postgres, Served};
use crate::servers::{direct, playing, score};

/// What a trigger, a rule or a policy makes of a count, and what names it.
const MEDDLERS: &[(&str, &str, &str, &str)] = &[
    (
        "nothing at all",
        "CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW WHEN (NEW.score > 7)
         EXECUTE FUNCTION nothing()",
        "DROP TRIGGER cap ON users",
        "the score was to be 9, and the row holds 7. Look at the table users: it has trigger cap",
    ),
    (
        "another score, before it is written",
        "CREATE TRIGGER cap BEFORE UPDATE ON users FOR EACH ROW WHEN (NEW.score > 7)
         EXECUTE FUNCTION five()",
        "DROP TRIGGER cap ON users",
        "the row holds 5. Look at the table users: it has trigger cap",
    ),
    (
        "another score, after it was written",
        "CREATE TRIGGER cap AFTER UPDATE ON users FOR EACH ROW WHEN (NEW.score > 7)
         EXECUTE FUNCTION five_later()",
        "DROP TRIGGER cap ON users",
        "the row holds 5. Look at the table users: it has trigger cap",
    ),
    (
        "no row at all",
        "CREATE TRIGGER cap AFTER UPDATE ON users FOR EACH ROW WHEN (NEW.score > 7)
         EXECUTE FUNCTION gone()",
        "DROP TRIGGER cap ON users",
        "there is no row of it. Look at the table users: it has trigger cap",
    ),
    (
        "nothing, by a rule",
        "CREATE RULE cap AS ON UPDATE TO users WHERE NEW.score > 7 DO INSTEAD NOTHING",
        "DROP RULE cap ON users",
        "the row holds 7. Look at the table users: it has rule cap",
    ),
];

#[tokio::test]
async fn a_count_that_the_database_changes_is_undone_and_refused() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player, row) = playing::<Postgres>(&direct(&place)).await;
    store.count(row, 7).await.expect("counted");
    place.ask(
        "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE FUNCTION five() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN NEW.score := 5; RETURN NEW; END';
         CREATE FUNCTION five_later() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN UPDATE users SET score = 5 WHERE id = NEW.id; RETURN NULL; END';
         CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS
             'BEGIN DELETE FROM users WHERE id = NEW.id; RETURN NULL; END'",
    );
    for (what, made, dropped, told) in MEDDLERS {
        place.ask(made);
        // A plan that knows a rule is kept as long as its connection.
        let mut other = place.store();
        let error = other.count(row, 9).await.expect_err(what);
        assert!(
            matches!(error, StoreError::Overruled { .. }),
            "{what}: {error:?}"
        );
        assert_eq!(error.remedy(), Remedy::Refuse);
        assert!(error.to_string().contains(told), "{what}: {error}");
        assert_eq!(score(&place, player).await, 7, "{what}");
        place.ask(dropped);
        assert_eq!(store.count(row, 7).await.expect("an answer").score, 7);
    }
    let counted = store.count(row, 9).await.expect("counted");
    assert_eq!((counted.score, counted.counted), (9, 9));
    history_holds(&mut store).await;
}

/// Policies hold for the owner of the routines, too, where they are forced.
#[tokio::test]
async fn a_count_that_a_policy_forbids_is_no_player_who_is_gone() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player, row) = playing::<Postgres>(&direct(&place)).await;
    store.count(row, 7).await.expect("counted");
    place.ask(
        "CREATE ROLE plain_owner; GRANT ALL ON SCHEMA public TO plain_owner;
         GRANT ALL ON ALL TABLES IN SCHEMA public TO plain_owner;
         ALTER FUNCTION click_count(BIGINT[], BIGINT[]) OWNER TO plain_owner;
         GRANT EXECUTE ON FUNCTION click_meddlers(), click_queue(BIGINT) TO plain_owner;
         ALTER TABLE users ENABLE ROW LEVEL SECURITY;
         CREATE POLICY see ON users FOR SELECT USING (TRUE)",
    );
    let error = store.count(row, 9).await.expect_err("no policy to write");
    assert!(matches!(error, StoreError::Overruled { .. }), "{error:?}");
    let told = "there, and can not be changed. Look at the table users: it has row-level security";
    assert!(error.to_string().contains(told), "{error}");
    place.ask("CREATE POLICY low ON users FOR UPDATE USING (TRUE) WITH CHECK (score < 8)");
    let error = store.count(row, 9).await.expect_err("too high");
    assert!(error.to_string().contains("policy"), "{error}");
    assert!(error.wrote_nothing());
    place.ask("DROP POLICY low ON users; CREATE POLICY all_of_it ON users FOR UPDATE USING (TRUE)");
    let counted = store.count(row, 9).await.expect("counted");
    assert_eq!(counted.score, 9);
    assert_eq!(score(&place, player).await, 9);
}

/// Whoever calls the routine without clickoff can't make two counts out of one, nor lose one.
#[tokio::test]
async fn a_call_that_names_a_player_twice_counts_nothing() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player, row) = playing::<Postgres>(&direct(&place)).await;
    let other = ClientId::new_v4();
    let other = store.register(other, player).await.expect("a row");
    let url = direct(&place);
    let mut conn = Postgres::connection(&url).await.expect("a connection");
    for [first, second] in [[row, row], [row, other]] {
        let count = sqlx::query("SELECT * FROM click_count(ARRAY[$1, $2], ARRAY[3, 3])");
        let count = count.bind(first.0).bind(second.0);
        let error = count.execute(&mut conn).await.expect_err("twice");
        assert!(error.to_string().contains("twice"), "{error}");
        assert_eq!(score(&place, player).await, 0);
    }
    // Nothing is left locked.
    assert_eq!(store.count(row, 3).await.expect("counted").score, 3);
}

/// A move from one partition to another is a removal and an addition for the triggers.
#[tokio::test]
async fn a_player_who_moves_between_partitions_keeps_sessions_and_history() {
    let Some(place) = Postgres::new() else { return };
    place.ask(
        "CREATE TABLE users (id BIGINT, name VARCHAR(100), email VARCHAR(100), score BIGINT,
                             PRIMARY KEY (id, score)) PARTITION BY RANGE (score);
         CREATE TABLE low PARTITION OF users FOR VALUES FROM (MINVALUE) TO (10);
         CREATE TABLE high PARTITION OF users FOR VALUES FROM (10) TO (MAXVALUE);
         INSERT INTO users VALUES (1, 'Ada', NULL, 0), (2, 'Bob', NULL, 4)",
    );
    let mut store = place.store();
    store.open().await.expect("it opens");
    let key = ClientId::from_u128(0x6ba7_b810_9dad_81d1_80b4_00c0_4fd4_30c8);
    for (player, before) in [(1, 0), (2, 4)] {
        let player = PlayerId(player);
        let row = store.register(key, player).await.expect("a row");
        let counted = store.count(row, 20).await.expect("counted");
        assert_eq!(counted.score, before + 20);
        // Said again with the same key, it is known.
        assert_eq!(row_of(&mut store, key, player).await, Some(row));
        let again = store.count(row, 20).await.expect("an answer");
        assert_eq!((again.score, again.counted), (before + 20, 20));
    }
    let mut claimed: Vec<u64> = store
        .claims(key)
        .await
        .expect("claims")
        .iter()
        .map(|c| c.counted)
        .collect();
    claimed.sort_unstable();
    assert_eq!(claimed, [20, 20]);
    history_holds(&mut store).await;
    // What another program sets goes with it, up and down.
    for set in [3, 0, 30, 30, 12] {
        place.ask(&format!("UPDATE users SET score = {set} WHERE id = 2"));
        history_holds(&mut store).await;
    }
    assert_eq!(
        place.ask("SELECT count(*) FROM click_sessions WHERE user_id = 2"),
        "1"
    );
    assert_eq!(
        place.ask("SELECT points FROM click_history WHERE user_id = 1"),
        "20",
        "what was pressed now is of now"
    );
    // From several clients at once, over and over the line.
    let clients = (0..4).map(|_| {
        let mut store = place.store();
        tokio::spawn(async move {
            let row = store.register(ClientId::new_v4(), PlayerId(2)).await;
            let row = row.expect("a row");
            for upto in 1..=25 {
                loop {
                    match store.count(row, upto).await {
                        Ok(counted) => break assert_eq!(counted.counted, upto),
                        Err(error) => assert_eq!(error.remedy(), Remedy::Retry, "{error}"),
                    }
                }
            }
        })
    });
    place.ask("UPDATE users SET score = -50 WHERE id = 2");
    for client in clients.collect::<Vec<_>>() {
        client.await.expect("a client");
    }
    assert_eq!(score(&place, PlayerId(2)).await, 50);
    history_holds(&mut store).await;
    // Who is removed is.
    store.remove(PlayerId(2)).await.expect("removed");
    for table in ["click_sessions", "click_history"] {
        let left = place.ask(&format!("SELECT count(*) FROM {table} WHERE user_id = 2"));
        assert_eq!(left, "0", "{table}");
    }
    history_holds(&mut store).await;
}

/// A history goes on as far as a score does.
#[tokio::test]
async fn the_highest_score_has_its_history() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player, row) = playing::<Postgres>(&direct(&place)).await;
    for upto in [1, 4_100_000_000_000_000_000, i64::MAX.unsigned_abs()] {
        store.count(row, upto).await.expect("counted");
        history_holds(&mut store).await;
        let history = store.history(player).await.expect("a history");
        assert!(
            history
                .value
                .quarters
                .iter()
                .all(|(quarter, _)| *quarter != Quarter::BEFORE)
        );
    }
    // Where one of two scores is below nothing, there may be no number for the difference.
    for set in [0, -7, i64::MAX, i64::MIN, 12, i64::MAX, -1, 5] {
        place.ask(&format!("UPDATE users SET score = {set}"));
        history_holds(&mut store).await;
    }
}

/// Columns of the numeric types, each with what it can't hold.
#[tokio::test]
async fn a_score_may_be_of_any_numeric_type() {
    for of in [
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "NUMERIC",
        "NUMERIC(9)",
        "REAL",
        "DOUBLE PRECISION",
    ] {
        let Some(place) = Postgres::new() else { return };
        place.ask(&format!(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score {of});
             INSERT INTO users VALUES (1, 'Ada', NULL, 5), (2, 'Bob', NULL, NULL)"
        ));
        let mut store = place.store();
        let cursor = store.open().await.expect(of).cursor;
        for (player, before) in [(1, 5), (2, 0)] {
            let row = store.register(ClientId::new_v4(), PlayerId(player)).await;
            let counted = store.count(row.expect("a row"), 3).await;
            let wanted = Counted {
                score: before + 3,
                counted: 3,
                ..Counted::default()
            };
            assert_eq!(counted, Ok(wanted), "{of}");
        }
        let seen = store
            .changes(cursor, CHANGES)
            .await
            .expect("a look")
            .expect("changes");
        let mut scores: Vec<i64> = seen.players.iter().map(|p| p.score).collect();
        scores.sort_unstable();
        assert_eq!(scores, [3, 8], "{of}");
        history_holds(&mut store).await;
    }
}

/// What another program writes stays possible, and readable, whatever its column takes.
#[tokio::test]
async fn a_score_that_is_no_whole_number_is_not_counted_on_and_harms_nothing() {
    for of in ["NUMERIC", "DOUBLE PRECISION"] {
        let Some(place) = Postgres::new() else { return };
        place.ask(&format!(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score {of});
             INSERT INTO users VALUES (1, 'Ada', NULL, 5)"
        ));
        let mut store = place.store();
        store.open().await.expect(of);
        let row = store
            .register(ClientId::new_v4(), PlayerId(1))
            .await
            .expect("a row");
        for (set, shown) in [
            ("5.5", 6),
            ("1e30", i64::MAX),
            ("-1e30", i64::MIN),
            ("'NaN'", i64::MAX),
        ] {
            place.ask(&format!("UPDATE users SET score = {set}"));
            assert_eq!(score(&place, PlayerId(1)).await, shown, "{set}");
            let refused = store.count(row, 1).await.expect_err(set);
            assert_eq!(refused.remedy(), Remedy::Refuse, "{set}: {refused}");
            assert!(
                refused.to_string().contains("whole number"),
                "{set}: {refused}"
            );
            let kept = place.ask("SELECT score = 'NaN' OR score IN (5.5, 1e30, -1e30) FROM users");
            assert_eq!(kept, "t", "it is left as it is");
        }
        place.ask("UPDATE users SET score = 7");
        let counted = store.count(row, 1).await.expect("counted");
        assert_eq!(counted.score, 8, "{of}");
        history_holds(&mut store).await;
        let added = store.add(&entry("Bob", "")).await;
        assert!(added.is_err(), "no key comes by itself");
    }
}

/// A float holds only some of the whole numbers that are large.
#[tokio::test]
async fn a_score_that_the_column_rounds_is_not_told_as_saved() {
    for (of, largest) in [("DOUBLE PRECISION", 1_i64 << 53), ("REAL", 1 << 24)] {
        let Some(place) = Postgres::new() else { return };
        place.ask(&format!(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, email TEXT, score {of});
             INSERT INTO users VALUES (1, 'Ada', NULL, {largest})"
        ));
        let (client, player) = (ClientId::new_v4(), PlayerId(1));
        let mut store = place.store();
        store.open().await.expect(of);
        let row = store.register(client, player).await.expect("a row");
        let refused = store.count(row, 3).await.expect_err(of);
        assert!(
            matches!(refused, StoreError::Overruled { .. }),
            "{refused:?}"
        );
        assert_eq!(score(&place, player).await, largest, "nothing is kept");
        let counted = store.count(row, 4).await.expect("one that it holds");
        assert_eq!(counted.score, largest + 4, "{of}");
        assert_eq!(score(&place, player).await, largest + 4, "{of}");
        history_holds(&mut store).await;
    }
}

/// A trigger may wait for the end of the transaction, when all that is asked for is answered.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_trigger_does_at_the_end_of_the_transaction_is_seen() {
    let Some(place) = Postgres::new() else { return };
    sees_what_comes_at_the_end(place).await;
    let Some(place) = Postgres::pooled() else {
        return;
    };
    sees_what_comes_at_the_end(place).await;
}

async fn sees_what_comes_at_the_end(place: Postgres) {
    let (mut store, player, row) = playing::<Postgres>(&direct(&place)).await;
    place.ask(
        "CREATE FUNCTION cap() RETURNS trigger LANGUAGE plpgsql AS
         'BEGIN UPDATE users SET score = 7, name = upper(name)
                WHERE id = NEW.id AND (score > 7 OR name = ''zoe''); RETURN NULL; END';
         CREATE CONSTRAINT TRIGGER caps AFTER INSERT OR UPDATE ON users
         DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cap()",
    );
    store.count(row, 7).await.expect("counted");
    let name = place.ask("SELECT name FROM users");
    let refusals = [
        store.count(row, 10).await.map(drop),
        store.edit(player, &entry("zoe", "")).await.map(drop),
        store.add(&entry("zoe", "")).await.map(drop),
    ];
    for refused in refusals {
        let refused = refused.expect_err("it was changed");
        assert!(
            matches!(refused, StoreError::Overruled { .. }),
            "{refused:?}"
        );
        assert!(refused.to_string().contains("caps"), "{refused}");
    }
    let kept = place.ask("SELECT name || ' ' || score FROM users");
    assert_eq!(kept, format!("{name} 7"), "nothing of it was kept");
    store.count(row, 7).await.expect("nothing new");
    history_holds(&mut store).await;
}
