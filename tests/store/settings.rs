//! Settings of MariaDB servers: read-only replicas, their clocks, and defaults that would disturb
//! the game.

use std::path::PathBuf;

use clickoff::game::contest::Length;
use clickoff::game::race::Entrance;
use clickoff::store::{ClientId, Contests, Remedy, SessionId, Store, StoreError};

use crate::contract::{Place, entry, history_holds};
use crate::foreign::everything;
use crate::forged::{FAR, NOW, hostile, number, send};
use crate::places::{MariaDb, OnServer, Served};
use crate::servers::{SECRET, direct, playing};

/// It says nothing about the presses, so they wait till somebody has looked after the server.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_server_cant_prepare_or_read_is_no_fault_of_the_presses() {
    let Some(place) = MariaDb::with(&[]) else {
        return;
    };
    let (mut store, _, row) = playing::<MariaDb>(&direct(&place)).await;
    let mut fresh = place.store();
    place.ask("SET GLOBAL max_prepared_stmt_count = 0");
    let error = fresh.count(SessionId(row.0), 1).await.expect_err("no room");
    assert!(
        error.to_string().contains("max_prepared_stmt_count"),
        "{error}"
    );
    assert_eq!(error.remedy(), Remedy::Retry);
    place.ask("SET GLOBAL max_prepared_stmt_count = 1000");
    assert_eq!(fresh.count(row, 1).await.expect("counted").score, 1);

    let data = PathBuf::from(place.ask("SELECT @@datadir"));
    let triggers = data.join(place.name()).join("users.TRG");
    let sound = std::fs::read_to_string(&triggers).expect("the triggers");
    let broken = sound.replace("CREATE ", "#REATE ");
    assert_ne!(broken, sound);
    std::fs::write(&triggers, broken).expect("written");
    place.ask("FLUSH TABLES users");
    let error = store.count(row, 2).await.expect_err("it can't be read");
    assert!(error.to_string().contains("trigger"), "{error}");
    assert_eq!(error.remedy(), Remedy::Wait);
    std::fs::write(&triggers, sound).expect("written");
    place.ask("FLUSH TABLES users");
    assert_eq!(store.count(row, 2).await.expect("counted").score, 2);
}

/// The owner of the routines may write where the server is a copy; who calls them may not.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_read_only_takes_no_clicks_by_the_owners_rights() {
    let Some(place) = MariaDb::alone() else {
        return;
    };
    drop(hostile(&place, "clickoff_player").await);
    let url = place.add_user("bob", SECRET, &MariaDb::role("clickoff_player"));
    let (mut store, player, row) = playing::<MariaDb>(&url).await;
    store.count(row, 3).await.expect("counted");
    place.ask("SET GLOBAL read_only = 1");
    let standby = |error: StoreError| {
        assert!(matches!(error, StoreError::Standby { .. }), "{error:?}");
        assert_eq!(error.remedy(), Remedy::Wait);
    };
    standby(store.count(row, 5).await.expect_err("it is a copy"));
    let client = ClientId::new_v4();
    standby(store.register(client, player).await.expect_err("a copy"));
    standby(store.add(&entry("Eve", "")).await.expect_err("a copy"));
    standby(
        store
            .edit(player, &entry("Eve", ""))
            .await
            .expect_err("a copy"),
    );
    standby(store.begin_sprint(row).await.expect_err("a copy"));
    let race = store.enter_race(row, Entrance::Open(Length::Five)).await;
    standby(race.expect_err("a copy"));
    standby(store.tidy(client).await.expect_err("a copy"));
    standby(store.retire(client).await.expect_err("a copy"));
    // It can be watched, also by one who comes now, and has the survey of its source.
    assert_eq!(store.survey().await, Ok(()));
    let mut fresh = MariaDb::store_at(&url);
    let opened = fresh.open().await.expect("it opens");
    assert_eq!(opened.players[0].score, 3);
    assert!(opened.rights.play, "a copy says nothing about rights");
    standby(fresh.count(SessionId(row.0), 5).await.expect_err("a copy"));
    // Nor is anything made for one who could make it elsewhere.
    place.ask("DROP PROCEDURE click_rule");
    let all = format!("GRANT ALL ON {}.* TO {{user}};", place.name());
    let owner = place.add_user("amy", SECRET, &all);
    let opened = MariaDb::store_at(&owner).open().await;
    assert_eq!(opened.expect("it opens").players[0].score, 3);
    place.ask("SET GLOBAL read_only = 0");
    assert_eq!(store.count(row, 5).await.expect("counted").score, 5);
}

/// Servers whose administrators have set up the clock itself.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_guards_its_clock_is_played_on_as_any_other() {
    for (settings, may_forge) in [
        (&["secure-timestamp=YES"][..], false),
        (
            &["secure-timestamp=REPLICATION", "sysdate-is-now=ON"][..],
            false,
        ),
        // SYSDATE tells the forged time as well; a routine has put the clock right by then.
        (&["sysdate-is-now=ON"][..], true),
    ] {
        let Some(place) = MariaDb::with(settings) else {
            return;
        };
        let mut eve = hostile(&place, "clickoff_player").await;
        let (mut store, _, row) = playing::<MariaDb>(&direct(&place)).await;
        assert_eq!(send(&mut eve, FAR).await.is_ok(), may_forge, "{settings:?}");
        let count = format!("CALL click_tidy('x'); CALL click_count({}, 3)", row.0);
        send(&mut eve, &count).await.expect("counted");
        assert_eq!(store.count(row, 5).await.expect("counted").score, 5);
        let now = number(&place, NOW);
        let stamp = number(&place, "SELECT MAX(stamp) FROM click_changes");
        assert!(stamp <= now, "{stamp}");
        let quarter = number(&place, "SELECT MAX(quarter) FROM click_history");
        assert!((now / 900_000_000 - quarter).abs() <= 1, "{quarter}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_servers_own_settings_do_not_matter_to_the_set_up() {
    let Some(place) = MariaDb::with(&[
        "sql-mode=ORACLE",
        "init-connect=SET sql_safe_updates=1, sql_select_limit=3, sql_big_selects=0",
        "max-join-size=1000",
        "explicit-defaults-for-timestamp=OFF",
        "default-time-zone=-03:00",
    ]) else {
        return;
    };
    let all = format!("GRANT ALL ON {}.* TO {{user}};", place.name());
    let url = place.add_user("ada", SECRET, &all);
    place.ask("SET GLOBAL sql_select_limit = 1");
    let (mut store, ada, row) = crate::servers::playing::<MariaDb>(&url).await;
    assert_eq!(store.count(row, 5).await.expect("counted").score, 5);
    store.survey().await.expect("a survey");
    for name in ["Bob", "Cleo", "Dora"] {
        store.add(&entry(name, "")).await.expect("added");
    }
    assert_eq!(store.open().await.expect("open").players.len(), 4);
    store.remove(ada).await.expect("removed");
    history_holds(&mut store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_of_statements_is_refused_before_anything_is_written() {
    let Some(place) = MariaDb::with(&["log-bin=on", "binlog-format=STATEMENT"]) else {
        return;
    };
    let error = place.store().open().await.expect_err("it is refused");
    assert!(matches!(error, StoreError::Unusable { .. }), "{error:?}");
    assert!(error.to_string().contains("MIXED or ROW"), "{error}");
    assert_eq!(everything(&place), "");
}
