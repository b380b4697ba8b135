//! What PostgreSQL roles can't do to the games of others, whatever they set, lock or call.

use std::time::{Duration, Instant};

use clickoff::store::{ClientId, Contests, Store};

use crate::contract::{Place, history_holds};
use crate::places::{OnServer, Postgres, Served};
use crate::servers::{SECRET, direct, playing, score};

/// A role that may do nothing but connect can take any advisory lock.
#[tokio::test]
async fn who_may_only_connect_keeps_no_press_waiting() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player, row) = playing::<Postgres>(&direct(&place)).await;
    store.count(row, 1).await.expect("counted");
    let url = place.add_user("nobody", SECRET, "");
    let mut nobody = Postgres::connection(&url).await.expect("a connection");
    Postgres::run(
        &mut nobody,
        "SELECT pg_advisory_lock(classid::bigint::int, objid::bigint::int) FROM (
             SELECT c.oid AS classid, p AS objid
             FROM pg_class c, generate_series(0, 9) p WHERE c.relname = 'users') held",
    )
    .await
    .expect("they are everybody's");
    let started = Instant::now();
    let counted = store.count(row, 3).await.expect("counted");
    assert_eq!(counted.score, 3);
    let waited = started.elapsed();
    assert!(
        waited > Duration::from_millis(400),
        "it stood in line: {waited:?}"
    );
    assert!(waited < Duration::from_secs(2), "{waited:?}");
    assert_eq!(score(&place, player).await, 3);
}

/// Whatever a player sets for a session of its own.
const SETTINGS: &[&str] = &[
    "SET search_path = pg_temp, pg_catalog",
    "SET timezone = 'Pacific/Kiritimati'",
    "SET DateStyle = 'SQL, DMY'; SET IntervalStyle = 'sql_standard'",
    "SET standard_conforming_strings = off; SET backslash_quote = on",
    "SET transform_null_equals = on; SET array_nulls = off",
    "SET bytea_output = 'escape'; SET client_encoding = 'LATIN1'; SET extra_float_digits = -15",
    "SET default_transaction_isolation = 'serializable'",
    "SET lock_timeout = 0; SET statement_timeout = 0; SET row_security = off",
    "SET plpgsql.extra_errors = 'all'",
    "SET enable_indexscan = off; SET enable_seqscan = off; SET plan_cache_mode = force_custom_plan",
];

#[tokio::test]
async fn no_setting_of_a_player_changes_what_the_routines_do() {
    let Some(place) = Postgres::new() else { return };
    let (mut owner, player, _) = playing::<Postgres>(&direct(&place)).await;
    place.make_roles();
    let url = place.add_user("ada", SECRET, &Postgres::role("clickoff_player"));
    let day = place.ask("SELECT floor(extract(epoch FROM now()) / 86400)::bigint");
    for (at, settings) in SETTINGS.iter().enumerate() {
        let client = ClientId::new_v4();
        let mut conn = Postgres::connection(&url).await.expect("a connection");
        Postgres::run(&mut conn, settings).await.expect(settings);
        let told: (i64, i64) = async {
            sqlx::query("CALL public.click_register($1, ARRAY[$2::bigint])")
                .bind(client.to_string())
                .bind(player.0)
                .execute(&mut conn)
                .await?;
            let session: i64 =
                sqlx::query_scalar("SELECT id FROM public.click_session($1, ARRAY[$2::bigint])")
                    .bind(client.to_string())
                    .bind(player.0)
                    .fetch_one(&mut conn)
                    .await?;
            sqlx::query("SELECT public.click_tidy($1)")
                .bind(client.to_string())
                .execute(&mut conn)
                .await?;
            sqlx::query("SELECT public.click_sprint_begin($1)")
                .bind(session)
                .execute(&mut conn)
                .await?;
            sqlx::query_as(
                "SELECT counted, score FROM public.click_count(ARRAY[$1::bigint], ARRAY[2])",
            )
            .bind(session)
            .fetch_one(&mut conn)
            .await
        }
        .await
        .expect(settings);
        assert_eq!(told, (2, 2 * (at as i64 + 1)), "{settings}");
        let seen = format!(
            "SELECT seen, abs(sprint_at / 1000000 - extract(epoch FROM now())) < 60
             FROM click_sessions WHERE client = '{client}'"
        );
        assert_eq!(place.ask(&seen), format!("{day}|t"), "{settings}");
    }
    assert_eq!(
        place.ask("SELECT value FROM click_meta WHERE key = 'kept_since'"),
        "0"
    );
    history_holds(&mut owner).await;
    let quarters = place.ask("SELECT count(*) FROM click_history WHERE abs(quarter * 900 - extract(epoch FROM now())) > 1800");
    assert_eq!(quarters, "0", "all points are of now");
}

/// A proxy that shares reading out sends what does not write to a copy, which may be behind.
#[tokio::test]
async fn nothing_that_a_press_asks_for_is_asked_of_a_copy() {
    let Some(place) = Postgres::new() else { return };
    place.store().open().await.expect("it opens");
    let stable = place
        .ask(r"SELECT proname FROM pg_proc WHERE proname LIKE 'click\_%' AND provolatile <> 'v'");
    assert_eq!(stable, "click_whole", "which asks nothing of any table");
}

/// A player moves those who rest to another index; one who only watches would keep their rows.
#[tokio::test]
async fn who_watches_keeps_no_row_of_a_player_locked() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player, row) = playing::<Postgres>(&direct(&place)).await;
    store.count(row, 1).await.expect("counted");
    place.make_roles();
    let due = "UPDATE click_changes SET stamp = stamp - 61000000;
               UPDATE click_survey SET at = 0, took = 0";
    place.ask(due);
    let url = place.add_user("eve", SECRET, &Postgres::role("clickoff_watcher"));
    let mut eve = Postgres::connection(&url).await.expect("a connection");
    let held = "BEGIN; SELECT click_take_survey()";
    Postgres::run(&mut eve, held).await.expect("a survey");
    for forbidden in [
        "SELECT * FROM users FOR UPDATE",
        "SELECT * FROM users FOR KEY SHARE",
        "LOCK TABLE users IN ROW SHARE MODE",
        "LOCK TABLE click_sessions IN ACCESS SHARE MODE",
        "LOCK TABLE click_migrations IN ROW EXCLUSIVE MODE",
    ] {
        let mut other = Postgres::connection(&url).await.expect("a connection");
        let begin = Postgres::run(&mut other, "BEGIN").await;
        begin.expect("begun");
        let refused = Postgres::run(&mut other, forbidden).await;
        assert!(
            Postgres::is_refusal(&refused.expect_err(forbidden)),
            "{forbidden}"
        );
    }
    let started = Instant::now();
    assert_eq!(store.count(row, 2).await.expect("counted").score, 2);
    assert!(
        started.elapsed() < Duration::from_secs(1),
        "nothing was waited for"
    );
    drop(eve);
    assert_eq!(score(&place, player).await, 2);
    let member = place.add_user("ada", SECRET, &Postgres::role("clickoff_player"));
    let mut ada = Postgres::store_at(&member);
    ada.open().await.expect("it opens");
    place.ask(due);
    ada.survey().await.expect("a survey");
    assert_eq!(
        place.ask("SELECT count(*) FROM click_changes WHERE recent"),
        "0"
    );
}

/// What a hostile player could say of a sprint: each is answered with 0, and nothing is kept.
#[tokio::test]
async fn a_sprint_that_can_not_have_been_is_not_kept() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, _, row) = playing::<Postgres>(&direct(&place)).await;
    store.begin_sprint(row).await.expect("begun");
    store.count(row, 1000).await.expect("counted");
    let mut conn = Postgres::connection(&direct(&place))
        .await
        .expect("a connection");
    let steps = |many: usize| vec!["1"; many].join(",");
    let long = "9".repeat(70_000);
    let wide = vec!["000000001"; 500].join(",");
    for (seconds, presses, trace) in [
        (7, 5, "5"),
        (0, 5, "5"),
        (5, 0, ""),
        (5, -5, "5"),
        (5, 5, "6"),
        (5, 5, "5.0"),
        (5, 5, "5;0"),
        (5, 5, " 5"),
        (5, 5, "5\n"),
        (5, 5, "-1,6"),
        (5, 5, "5,x"),
        (5, 5, ""),
        (5, 1001, "1001"),
        (5, i64::MAX, "9223372036854775807"),
        (5, 51, &steps(51)),
        (5, 5, &long),
        (60, 500, &wide),
    ] {
        let kept = said(&mut conn, row.0, Some(seconds), Some(presses), Some(trace)).await;
        assert_eq!(kept, 0, "{seconds} {presses} {:.40}", trace);
    }
    for (seconds, presses, trace) in [
        (None, Some(5), Some("5")),
        (Some(5), None, Some("5")),
        (Some(5), Some(5), None),
    ] {
        assert_eq!(said(&mut conn, row.0, seconds, presses, trace).await, 0);
    }
    assert_eq!(place.ask("SELECT count(*) FROM click_sprints"), "0");
    assert_eq!(
        said(&mut conn, row.0, Some(5), Some(50), Some(&steps(50))).await,
        1
    );
    assert_eq!(
        said(&mut conn, row.0, Some(10), Some(5), Some(",,2,,3")).await,
        1
    );
}

async fn said(
    conn: &mut sqlx::PgConnection,
    session: i64,
    seconds: Option<i64>,
    presses: Option<i64>,
    trace: Option<&str>,
) -> i64 {
    let sprint = sqlx::query_scalar("SELECT click_sprint($1, $2, $3, $4)")
        .bind(session)
        .bind(seconds)
        .bind(presses)
        .bind(trace);
    sprint.fetch_one(conn).await.expect("an answer")
}
