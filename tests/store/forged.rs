//! What a MariaDB user can set for its own session, and that it has no effect: routines use the
//! true time and the next id whatever their caller has set.

use std::time::Instant;

use clickoff::game::contest::{Length, Trace};
use clickoff::game::race::Entrance;
use clickoff::game::sprint::Sprinted;
use clickoff::store::{ClientId, Contests, Store};
use sqlx::{AssertSqlSafe, MySqlConnection};

use crate::contract::{Place, entry};
use crate::places::{MariaDb, OnServer, Served};
use crate::servers::{SECRET, direct, playing, score};

/// 2038, as far as the server's clock can be forged.
pub const FAR: &str = "SET timestamp = 2147400000";

/// A game that is set up with its roles, and a connection of a player who sends whatever it likes.
pub async fn hostile(place: &MariaDb, role: &str) -> MySqlConnection {
    place.store().open().await.expect("it opens");
    place.make_roles();
    let url = place.add_user("eve", SECRET, &MariaDb::role(role));
    MariaDb::connection(&url).await.expect("a connection")
}

pub async fn send(conn: &mut MySqlConnection, text: &str) -> Result<(), sqlx::Error> {
    let sent = sqlx::raw_sql(AssertSqlSafe(text.to_owned())).execute(conn);
    sent.await.map(drop)
}

/// What one number of the database is.
pub fn number(place: &MariaDb, text: &str) -> i64 {
    place.ask(text).parse().expect(text)
}

/// Microseconds since 1970 by the true clock.
pub const NOW: &str = "SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))";

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_clock_forgets_nobody() {
    let Some(place) = MariaDb::new() else { return };
    let mut eve = hostile(&place, "clickoff_player").await;
    let (mut store, _, row) = playing::<MariaDb>(&direct(&place)).await;
    store.count(row, 3).await.expect("counted");
    send(&mut eve, &format!("{FAR}; CALL click_tidy('x')"))
        .await
        .expect("an answer");
    let since = "SELECT value FROM click_meta WHERE name = 'kept_since'";
    assert_eq!(number(&place, since), 0);
    assert_eq!(store.count(row, 5).await.expect("counted").score, 5);
    // Nor is a client of now taken for one that was heard of in another time.
    let client = "11111111-1111-4111-8111-111111111111";
    let register = format!("{FAR}; CALL click_register('{client}', 1)");
    send(&mut eve, &register).await.expect("an answer");
    let seen = format!("SELECT seen FROM click_sessions WHERE client = '{client}'");
    let today = "SELECT TIMESTAMPDIFF(DAY, '1970-01-01', UTC_DATE())";
    assert!((number(&place, &seen) - number(&place, today)).abs() <= 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_clock_closes_and_blocks_no_race() {
    let Some(place) = MariaDb::new() else { return };
    let mut eve = hostile(&place, "clickoff_player").await;
    let (mut store, _, row) = playing::<MariaDb>(&direct(&place)).await;
    let open = format!("{FAR}; CALL click_race_open({}, 5)", row.0);
    send(&mut eve, &open).await.expect("an answer");
    let begins = number(&place, "SELECT starts_at FROM click_races WHERE id = 1");
    assert!(begins <= number(&place, NOW) + 10_000_000, "{begins}");
    let report = format!("{FAR}; CALL click_race_report({}, 1, 0, 0, NULL)", row.0);
    send(&mut eve, &report).await.expect("an answer");
    let entered = store.enter_race(row, Entrance::Open(Length::Five)).await;
    let race = entered.expect("an answer").expect("a place").race;
    assert_eq!(race.0, 1, "the race is open still, and waits");
    // One that begins in years, by a clock that was set back since, holds nobody up.
    place.ask("UPDATE click_races SET starts_at = 2147400000000000");
    let entered = store.enter_race(row, Entrance::Open(Length::Five)).await;
    assert_eq!(entered.expect("an answer").expect("a place").race.0, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_clock_of_a_watcher_does_not_stop_the_surveys() {
    let Some(place) = MariaDb::new() else { return };
    let mut eve = hostile(&place, "clickoff_watcher").await;
    let (mut store, ..) = playing::<MariaDb>(&direct(&place)).await;
    place.ask("UPDATE click_survey SET at = 0, took = 0, players = 0");
    let survey = format!("{FAR}; CALL click_take_survey()");
    send(&mut eve, &survey).await.expect("an answer");
    let at = number(&place, "SELECT at FROM click_survey");
    assert!(at <= number(&place, NOW), "{at}");
    assert_eq!(number(&place, "SELECT players FROM click_survey"), 1);
    place.ask("UPDATE click_survey SET at = 0, took = 0, players = 0");
    store.survey().await.expect("a survey");
    assert_eq!(number(&place, "SELECT players FROM click_survey"), 1);
}

/// Neither the clock nor the zone, whose change repeats an hour, gives more than the rate.
#[tokio::test(flavor = "multi_thread")]
async fn no_clock_and_no_zone_passes_a_limit() {
    const RATE: i64 = 100;
    let Some(place) = MariaDb::new() else { return };
    let mut eve = hostile(&place, "clickoff_player").await;
    place.ask(&format!("CALL click_rule(NULL, '{RATE}')"));
    let (mut store, player, row) = playing::<MariaDb>(&direct(&place)).await;
    let begun = Instant::now();
    store.count(row, 1_000_000).await.expect("settled");
    let mut upto = 1_000_000;
    for at in [
        1,
        1_400_000_000,
        1_761_438_600,
        1_761_442_200,
        2_147_400_000,
        1,
        2_147_400_000,
    ] {
        for zone in ["+00:00", "-12:00", "+13:00", "SYSTEM"] {
            upto += 1_000_000;
            let count = format!(
                "SET timestamp = {at}, time_zone = '{zone}'; CALL click_count({}, {upto})",
                row.0
            );
            send(&mut eve, &count).await.expect("an answer");
        }
    }
    let most = RATE * (60 + 1 + begun.elapsed().as_secs() as i64);
    let reached = score(&place, player).await;
    assert!((RATE * 60..=most).contains(&reached), "{reached} of {most}");
    let spent = "SELECT spent FROM click_changes WHERE rank_key IS NOT NULL";
    assert!(number(&place, spent) <= number(&place, NOW) + 1_000_000 / RATE);
    // And what is used up is so until then, unless the clock itself was set back.
    place.ask("UPDATE click_changes SET spent = spent + 30000000");
    let ahead = number(&place, spent);
    assert_eq!(
        store.count(row, upto + 9).await.expect("settled").score,
        reached
    );
    assert_eq!(number(&place, spent), ahead);
    place.ask("UPDATE click_changes SET spent = spent + 3600000000");
    store.count(row, upto + 99).await.expect("settled");
    assert!(number(&place, spent) <= number(&place, NOW));
}

/// The triggers tell the true time as well, whoever writes and whatever zone it is in, and leave the
/// zone as it was.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_clock_moves_no_history() {
    let Some(place) = MariaDb::new() else { return };
    let (mut store, player, _) = playing::<MariaDb>(&direct(&place)).await;
    let mut other = MariaDb::connection(place.url()).await.expect("connects");
    for zone in ["-11:00", "+05:30", "SYSTEM"] {
        let write = format!(
            "{FAR}; SET time_zone = '{zone}';
             UPDATE users SET score = score + 5 WHERE id = {id};
             UPDATE users SET email = CONCAT(@@time_zone, ' ', UNIX_TIMESTAMP()) WHERE id = {id};
             INSERT INTO users (name) VALUES ('Bob'); DELETE FROM users WHERE name = 'Bob'",
            id = player.0
        );
        send(&mut other, &write).await.expect("written");
        let email = place.ask("SELECT email FROM users WHERE name = 'Ada'");
        assert_eq!(
            email,
            format!("{zone} 2147400000"),
            "the session is as it was"
        );
    }
    let now = number(&place, NOW);
    let quarters = number(&place, "SELECT MAX(quarter) FROM click_history");
    assert!((now / 900_000_000 - quarters).abs() <= 1, "{quarters}");
    let stamp = number(&place, "SELECT MAX(stamp) FROM click_changes");
    assert!((now - 60_000_000..=now).contains(&stamp), "{stamp}");
    assert_eq!(
        store.history(player).await.expect("a history").value.score,
        15
    );
}

/// The key of the next row is none that the caller sets.
#[tokio::test(flavor = "multi_thread")]
async fn a_forged_key_ends_neither_adding_nor_racing() {
    let Some(place) = MariaDb::new() else { return };
    let mut eve = hostile(&place, "clickoff_player").await;
    let (mut store, _, row) = playing::<MariaDb>(&direct(&place)).await;
    for forged in [
        "SET insert_id = 9223372036854775806",
        "SET auto_increment_increment = 65535, auto_increment_offset = 65535",
        "SET last_insert_id = 9223372036854775806",
    ] {
        let write = format!(
            "{forged}; CALL click_add('Eve', NULL); {forged}; CALL click_race_open({}, 5);
             {forged}; CALL click_register(UUID(), 1)",
            row.0
        );
        send(&mut eve, &write).await.expect("written");
    }
    assert_eq!(store.add(&entry("Bob", "")).await.expect("added").id.0, 5);
    place.ask("UPDATE click_races SET closed_at = 0");
    let entered = store.enter_race(row, Entrance::Open(Length::Five)).await;
    assert_eq!(entered.expect("an answer").expect("a place").race.0, 2);
    // Who may write the table itself could do it, so that a player may not.
    let direct = "INSERT INTO users (name, score) VALUES ('Eve', 0)";
    let error = send(&mut eve, direct).await.expect_err("it is refused");
    assert!(MariaDb::is_refusal(&error), "{error}");
}

/// Whatever else a session is set to, the routines do the same in it or refuse, and never anything
/// else.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_set_up_against_the_game_counts_as_any_other() {
    let Some(place) = MariaDb::new() else { return };
    drop(hostile(&place, "clickoff_player").await);
    place.ask("CALL click_rule(NULL, '1000000')");
    for (at, setting) in SETTINGS.iter().enumerate() {
        let url = place.add_user(&format!("p{at}"), SECRET, &MariaDb::role("clickoff_player"));
        let mut eve = MariaDb::connection(&url).await.expect("a connection");
        send(&mut eve, setting).await.expect(setting);
        let (mut store, player, row) = playing::<MariaDb>(&direct(&place)).await;
        let play = format!(
            "CALL click_sprint_begin({row}); CALL click_count({row}, 7); CALL click_count({row}, 7);
             CALL click_sprint({row}, 5, 7, ',,3,,4'); CALL click_add('Eve {at}', 'e@x.org');
             COMMIT; CALL click_edit('Eva {at}', NULL, {}); COMMIT; CALL click_race_open({row}, 5);
             CALL click_register('{client}', {id})",
            player.0,
            row = row.0,
            id = player.0,
            client = ClientId::from_u128(at as u128),
        );
        send(&mut eve, &play).await.expect(setting);
        let free = "SELECT COUNT(*) FROM click_sessions WHERE NOT max_rate <=> 1000000";
        assert_eq!(
            number(&place, free),
            0,
            "{setting}: nobody is without the limit"
        );
        let sessions = "SELECT COUNT(*) FROM click_sessions";
        assert_eq!(number(&place, sessions), 2 * (at as i64 + 1), "{setting}");
        let held = store.player(player).await.expect("read").expect("there");
        assert_eq!(
            (held.score, held.name),
            (7, format!("Eva {at}")),
            "{setting}"
        );
        let sums = "SELECT COUNT(*) FROM users u WHERE score <>
                    (SELECT COALESCE(SUM(points), 0) FROM click_history WHERE user_id = u.id)";
        assert_eq!(number(&place, sums), 0, "{setting}");
        assert_eq!(
            number(&place, "SELECT SUM(overwritten) FROM click_history"),
            0
        );
        let kept = format!(
            "SELECT presses FROM click_sprints WHERE user_id = {}",
            player.0
        );
        assert_eq!(number(&place, &kept), 7, "{setting}");
        let again = store.keep_sprint(row, &sprinted(player, 7)).await;
        assert_eq!(again, Ok(true), "{setting}");
    }
}

/// A sprint over five seconds with all its presses in the first step.
pub fn sprinted(player: clickoff::game::PlayerId, presses: u64) -> Sprinted {
    Sprinted {
        player,
        length: Length::Five,
        trace: Trace::parse(&presses.to_string(), Length::Five).expect("a trace"),
    }
}

/// Sprints that no game made, said by one who knows a session; and one that a game can make.
#[tokio::test(flavor = "multi_thread")]
async fn a_sprint_that_no_game_made_is_not_kept() {
    let Some(place) = MariaDb::new() else { return };
    let mut eve = hostile(&place, "clickoff_player").await;
    let (mut store, player, row) = playing::<MariaDb>(&direct(&place)).await;
    store.count(row, 100).await.expect("counted");
    store.begin_sprint(row).await.expect("begun");
    store.count(row, 109).await.expect("counted");
    let zeros = "0,".repeat(45);
    for (about, seconds, presses, trace) in [
        ("a length that there is none of", "7", "9", "'9'"),
        ("no length", "NULL", "9", "'9'"),
        ("presses from before", "5", "10", "'10'"),
        ("no presses", "5", "0", "'0'"),
        ("fewer than none", "5", "-9", "'-9'"),
        ("as many as nobody says", "5", "NULL", "'9'"),
        ("a trace of more presses", "5", "9", "'9,1'"),
        ("a trace of fewer", "5", "9", "'4,,4'"),
        ("words", "5", "9", "'nine'"),
        ("words after the number", "5", "9", "'9 '"),
        ("a number below zero", "5", "9", "'10,-1'"),
        ("a fraction", "5", "9", "'8.6,0.4'"),
        (
            "a number that none can hold",
            "5",
            "9",
            "'99999999999999999999999999'",
        ),
        ("no trace", "5", "9", "NULL"),
        ("an empty one", "5", "9", "''"),
        (
            "more steps than the time has",
            "5",
            "9",
            "CONCAT(REPEAT(',', 50), '9')",
        ),
        (
            "a trace of 64 kB",
            "60",
            "9",
            "CONCAT(REPEAT('0', 60000), '9')",
        ),
        (
            "the last, that a game can make",
            "5",
            "9",
            &format!("'{zeros}3,,3,,3'"),
        ),
    ] {
        let sprint = format!(
            "CALL click_sprint({}, {seconds}, {presses}, {trace})",
            row.0
        );
        let told = sqlx::query_scalar(AssertSqlSafe(sprint))
            .fetch_one(&mut eve)
            .await;
        let told: i64 = told.expect(about);
        let kept = number(&place, "SELECT COUNT(*) FROM click_sprints");
        let wanted = i64::from(about.starts_with("the last"));
        assert_eq!((told, kept), (wanted, wanted), "{about}");
    }
    // Begun again, it is of the presses since.
    send(&mut eve, &format!("CALL click_sprint_begin({})", row.0))
        .await
        .expect("begun");
    let ten = format!("CALL click_sprint({}, 10, 9, '9')", row.0);
    send(&mut eve, &ten).await.expect("an answer");
    assert_eq!(number(&place, "SELECT COUNT(*) FROM click_sprints"), 1);
    let bests = store.bests(player).await.expect("the bests");
    assert!(bests.own(Length::Five).is_some(), "the game reads it");
}

const SETTINGS: &[&str] = &[
    "SET sql_mode = 'ORACLE'",
    "SET sql_mode = 'ANSI,PAD_CHAR_TO_FULL_LENGTH,NO_BACKSLASH_ESCAPES,HIGH_NOT_PRECEDENCE'",
    "SET sql_mode = 'EMPTY_STRING_IS_NULL,NO_UNSIGNED_SUBTRACTION,NO_AUTO_VALUE_ON_ZERO'",
    "SET sql_mode = '', @clickoff = NULL",
    "SET autocommit = 0",
    "SET sql_select_limit = 0",
    "SET sql_safe_updates = 0, sql_auto_is_null = 1",
    "SET div_precision_increment = 0, max_sort_length = 64",
    "SET unique_checks = 0, foreign_key_checks = 0, check_constraint_checks = 0",
    "SET SESSION TRANSACTION ISOLATION LEVEL READ UNCOMMITTED",
    "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
    "SET NAMES latin1; SET collation_connection = 'latin1_bin'",
    "SET character_set_results = 'ascii', character_set_client = 'latin1'",
    "SET completion_type = 'CHAIN'",
    "SET group_concat_max_len = 4, max_error_count = 0, sql_notes = 0",
    "SET rand_seed1 = 1, rand_seed2 = 1, lc_time_names = 'de_DE'",
    "SET innodb_lock_wait_timeout = 1, lock_wait_timeout = 1",
    "SET optimizer_switch = 'index_merge=off,derived_merge=off', join_buffer_size = 128",
    "SET default_regex_flags = 'DOTALL,DUPNAMES,EXTENDED,MULTILINE,UNGREEDY'",
    "SET old_mode = 'NO_DUP_KEY_WARNINGS_WITH_IGNORE,ZERO_DATE_TIME_CAST,COMPAT_5_1_CHECKSUM'",
    "SET time_zone = '-11:00', timestamp = 1",
];

/// A count that a session refuses leaves nothing behind.
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_can_not_count_counts_nothing() {
    let Some(place) = MariaDb::new() else { return };
    let mut eve = hostile(&place, "clickoff_player").await;
    let (mut store, player, row) = playing::<MariaDb>(&direct(&place)).await;
    for setting in [
        "SET SESSION TRANSACTION READ ONLY",
        "SET sql_safe_updates = 1, sql_big_selects = 0, max_join_size = 1",
    ] {
        let count = format!("{setting}; CALL click_count({}, 9)", row.0);
        // Refused or not, it is all or nothing.
        let counted = send(&mut eve, &count).await.is_ok();
        let wanted = if counted { 9 } else { 0 };
        assert_eq!(score(&place, player).await, wanted, "{setting}");
    }
    assert_eq!(store.count(row, 10).await.expect("counted").score, 10);
}
