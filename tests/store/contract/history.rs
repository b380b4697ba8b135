//! The contract for histories.

use clickoff::game::contest::Length;
use clickoff::game::race::Entrance;
use clickoff::game::{PlayerId, Points, Quarter, Ranking, Record};
use clickoff::store::{AsOf, Contests, Store, StoreError};

use super::{Place, add, counted, entry, opened, session};

/// The part of the contract that holds after whatever was done to a database: each score is the
/// sum of its history, by both ways to ask.
///
/// # Panics
/// When it isn't.
pub async fn history_holds<S: Store>(store: &mut S) {
    let players = store.open().await.expect("it opens").players;
    let all = store
        .ranking(Quarter::BEFORE, u32::MAX, None)
        .await
        .expect("a ranking");
    for player in &players {
        let about = format!("{player:?}");
        let history = store.history(player.id).await.expect("a history");
        assert_eq!(history.value.score, player.score, "{about}");
        let sum: i64 = history
            .value
            .quarters
            .iter()
            .map(|(_, points)| points)
            .sum();
        assert_eq!(sum, player.score, "{about}: {history:?}");
        let listed = all.value.points.iter().find(|p| p.player == player.id);
        let listed = listed.map_or((0, 0), |p| (p.points, p.score));
        assert_eq!(listed, (player.score, player.score), "{about}");
    }
}

/// Does what another program does, and holds the contract to it.
async fn after(place: &impl Place, store: &mut impl Store, sql: &'static str) {
    place.sql(sql).await;
    history_holds(store).await;
    let strays = "SELECT COUNT(*) FROM click_history WHERE user_id NOT IN (SELECT id FROM users)";
    assert_eq!(place.number(strays).await, 0, "{sql}");
}

fn of(ranking: &AsOf<Ranking>, player: PlayerId) -> Option<Points> {
    ranking
        .value
        .points
        .iter()
        .copied()
        .find(|p| p.player == player)
}

pub async fn a_score_is_the_sum_of_its_history_whoever_writes(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    history_holds(&mut store).await;
    let row = session(&mut store, ada).await;
    for upto in [1, 5, 5, 3, 9] {
        store.count(row, upto).await.expect("counted");
        history_holds(&mut store).await;
    }
    store
        .edit(ada, &entry("Ada L.", "a@b"))
        .await
        .expect("edited");
    history_holds(&mut store).await;
    let bob = add(&mut store, "Bob").await;
    let bobs = session(&mut store, bob).await;
    store.count(bobs, 4).await.expect("counted");
    store.remove(bob).await.expect("removed");
    assert_eq!(store.history(bob).await, Err(StoreError::Gone));
    for sql in [
        "INSERT INTO users (id, name, score) VALUES (70, 'Eve', 41), (71, 'Fay', NULL), \
         (72, 'Gus', 0), (73, 'Hal', -5)",
        "UPDATE users SET score = 42 WHERE id = 70",
        "UPDATE users SET score = COALESCE(score, 0) + 1",
        "UPDATE users SET score = 7",
        "UPDATE users SET score = 7",
        "UPDATE users SET score = -3 WHERE id = 71",
        "UPDATE users SET score = NULL WHERE id = 71",
        "UPDATE users SET name = 'Fay F.', score = 12 WHERE id = 71",
        // Larger than any difference can be.
        "UPDATE users SET score = 9223372036854775807 WHERE id = 72",
        "UPDATE users SET score = -9223372036854775808 WHERE id = 72",
        "UPDATE users SET name = 'Gustav', score = -9223372036854775808 WHERE id = 72",
        "UPDATE users SET score = 3 WHERE id = 72",
        "UPDATE users SET score = 4000000000000000000 WHERE id = 73",
        "UPDATE users SET score = -4000000000000000000 WHERE id = 73",
        "UPDATE users SET score = 4000000000000000000 WHERE id = 73",
        // Keys that change, alone and with the score.
        "UPDATE users SET id = 80 WHERE id = 70",
        "UPDATE users SET id = 81, score = 100 WHERE id = 71",
        "UPDATE users SET id = 82, score = 9223372036854775807 WHERE id = 72",
        "UPDATE users SET id = 83 WHERE id = 82",
        "DELETE FROM users WHERE id = 80",
        "INSERT INTO users (id, name) VALUES (80, 'Ida')",
        "BEGIN; UPDATE users SET score = 1000; ROLLBACK",
        "DELETE FROM users",
    ] {
        after(&place, &mut store, sql).await;
    }
}

pub async fn points_stand_in_the_quarter_hour_they_were_scored_in(place: impl Place) {
    let mut store = opened(place.store()).await;
    place
        .sql("INSERT INTO users (id, name, score) VALUES (1, 'Ada', 41), (2, 'Bob', 7)")
        .await;
    let ada = PlayerId(1);
    let begun = store
        .ranking(Quarter(1), u32::MAX, None)
        .await
        .expect("a ranking");
    assert_eq!(begun.value.points, [], "what an import brings has no time");
    let row = session(&mut store, ada).await;
    store.count(row, 3).await.expect("counted");
    store.count(row, 5).await.expect("counted");
    let history = store.history(ada).await.expect("a history");
    assert_eq!(history.value.quarters[0], (Quarter::BEFORE, 41));
    let (first, last) = (Quarter::of(begun.clock), Quarter::of(history.clock));
    let scored = &history.value.quarters[1..];
    assert!(
        scored.iter().all(|(q, _)| (first..=last).contains(q)),
        "{history:?}"
    );
    assert_eq!(scored.iter().map(|(_, points)| points).sum::<i64>(), 5);
    let skew = jiff::Timestamp::now().duration_since(history.clock);
    assert!(
        skew.abs().as_secs() < 600,
        "the server is on this machine: {skew:?}"
    );

    // A day later.
    place
        .sql("UPDATE click_history SET quarter = quarter - 96 WHERE quarter > 0")
        .await;
    store.count(row, 6).await.expect("counted");
    let history = store.history(ada).await.expect("a history");
    let (old, new): (Vec<_>, Vec<_>) = history.value.quarters.iter().partition(|(q, _)| *q < first);
    assert_eq!(old.iter().map(|(_, points)| points).sum::<i64>(), 46);
    assert_eq!(new.iter().map(|(_, points)| points).sum::<i64>(), 1);
    history_holds(&mut store).await;
}

pub async fn the_points_of_a_period_come_with_the_scores_of_the_same_moment(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    store.count(row, 10).await.expect("counted");
    place
        .sql("UPDATE click_history SET quarter = quarter - 96")
        .await;
    let since = Quarter::of(store.history(ada).await.expect("a history").clock);
    let mut writer = opened(place.store()).await;
    let writing = tokio::spawn(async move {
        for upto in 11..=200 {
            writer.turn().await.expect("a turn");
            writer.count(row, upto).await.expect("counted");
        }
    });
    let mut seen = 0;
    while !writing.is_finished() {
        let ranking = store
            .ranking(since, u32::MAX, None)
            .await
            .expect("a ranking");
        if let Some(points) = of(&ranking, ada) {
            assert_eq!(points.score - points.points, 10, "{points:?}");
            assert!(points.points >= seen, "{points:?}");
            seen = points.points;
        }
    }
    writing.await.expect("all written");
    let ranking = store
        .ranking(since, u32::MAX, None)
        .await
        .expect("a ranking");
    assert_eq!(of(&ranking, ada).map(|p| p.points), Some(190));
    let later = store.ranking(Quarter(since.0 + 2), u32::MAX, None).await;
    assert_eq!(
        later.expect("a ranking").value.points,
        [],
        "nobody scored yet"
    );
}

pub async fn what_other_programs_overwrite_is_recorded(place: impl Place) {
    const OVERWRITTEN: &str = "SELECT CAST(COALESCE(SUM(overwritten), 0) AS DECIMAL(20))
                               FROM click_history";
    let mut store = opened(place.store()).await;
    place
        .sql("INSERT INTO users (id, name, score) VALUES (1, 'Ada', 0)")
        .await;
    let row = session(&mut store, PlayerId(1)).await;
    for (about, sql, overwritten) in [
        (
            "nobody was in between",
            "UPDATE users SET score = 11 WHERE id = 1",
            0,
        ),
        (
            "it read 10 as well",
            "UPDATE users SET score = 11 WHERE id = 1",
            1,
        ),
        ("it read 7", "UPDATE users SET score = 8 WHERE id = 1", 5),
        (
            "it read 0 or NULL",
            "UPDATE users SET score = 1 WHERE id = 1",
            13,
        ),
        (
            "a game begun anew",
            "UPDATE users SET score = 0 WHERE id = 1",
            13,
        ),
        (
            "nothing changed",
            "UPDATE users SET score = NULL WHERE id = 1",
            13,
        ),
        (
            "a score that was set",
            "UPDATE users SET score = 50 WHERE id = 1",
            13,
        ),
        (
            "the name",
            "UPDATE users SET name = 'Ada L.', score = 50 WHERE id = 1",
            13,
        ),
    ] {
        if overwritten == 0 {
            store.count(row, 10).await.expect("counted");
        }
        place.sql(sql).await;
        assert_eq!(place.number(OVERWRITTEN).await, overwritten, "{about}");
    }
    // The game never does it, nor who writes nothing but a name.
    store.count(row, 30).await.expect("counted");
    for _ in 0..2 {
        let edited = store.edit(PlayerId(1), &entry("Ada", "a@b")).await;
        assert_eq!(edited.expect("edited").score, 70);
    }
    assert_eq!(place.number(OVERWRITTEN).await, 13);
    history_holds(&mut store).await;
}

pub async fn scores_from_before_clickoff_are_the_beginning_of_their_history(place: impl Place) {
    place
        .sql(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100), email VARCHAR(100),
                                 score INTEGER);
             INSERT INTO users (id, name, score) VALUES (70, 'Eve', 41), (71, 'Fay', NULL)",
        )
        .await;
    let mut store = opened(place.store()).await;
    history_holds(&mut store).await;
    let eve = PlayerId(70);
    let history = store.history(eve).await.expect("a history");
    assert_eq!(history.value.quarters, [(Quarter::BEFORE, 41)]);
    let row = session(&mut store, eve).await;
    store.count(row, 1).await.expect("counted");
    history_holds(&mut store).await;
}

pub async fn a_later_migration_is_made_once_and_keeps_what_is_there(place: impl Place) {
    const LATER: (i64, &str, &str) = (
        1_000,
        "a later release",
        "CREATE TABLE click_later (id BIGINT NOT NULL);
         INSERT INTO click_later (id) SELECT id FROM users",
    );
    let mut before = opened(place.store()).await;
    let ada = add(&mut before, "Ada").await;
    let row = session(&mut before, ada).await;
    before.count(row, 3).await.expect("counted");
    let later = || opened(place.store().with_migration(LATER));
    let (mut one, ..) = tokio::join!(later(), later(), later(), later());
    let rows = place.number("SELECT COUNT(*) FROM click_later").await;
    assert_eq!(rows, 1, "the migration ran once");
    assert_eq!(one.count(row, 5).await, counted(5, 5));
    assert_eq!(
        before.count(row, 6).await,
        counted(6, 6),
        "who plays goes on"
    );
    let refused = place.store().open().await.expect_err("it is newer now");
    assert!(matches!(refused, StoreError::Newer { .. }), "{refused:?}");
    assert!(refused.to_string().contains("a later release"), "{refused}");
}

pub async fn a_database_of_a_development_build_is_refused_and_left_alone(place: impl Place) {
    opened(place.store()).await;
    place
        .sql("UPDATE click_migrations SET version = 9, description = 'ranking'")
        .await;
    let refused = place.store().open().await.expect_err("it is older");
    assert!(
        matches!(refused, StoreError::Unreleased { .. }),
        "{refused:?}"
    );
    let told = refused.to_string();
    assert!(
        told.contains("clickoff export") && told.contains("clickoff import"),
        "{told}"
    );
    let rows = place
        .number("SELECT COUNT(*) FROM click_migrations WHERE version = 9")
        .await;
    assert_eq!(rows, 1, "nothing was migrated");
}

pub async fn a_history_tells_of_sprints_and_of_closed_races_with_the_best_of_the_others(
    place: impl Place,
) {
    let mut store = opened(place.store()).await;
    let dan = add(&mut store, "Dan").await;
    place
        .sql(
            "INSERT INTO users (id, name, score) VALUES (71, 'Ada', 41), (72, 'Bob', 7), (73, 'Cleo', 0);
             INSERT INTO click_sprints (user_id, seconds, presses, at, trace)
             VALUES (71, 10, 5, 1700000000, '3,,2'), (71, 5, 4, 1600000000, '9'), (72, 5, 8, 5, '8'),
                    (71, 7, 1, 6, '1')",
        )
        .await;
    let alone = store.history(PlayerId(73)).await.expect("a history").value;
    assert_eq!(alone, Record::default());
    let record = store.history(PlayerId(71)).await.expect("a history").value;
    assert_eq!(record.quarters, [(Quarter::BEFORE, 41)]);
    let sprints: Vec<_> = record
        .sprints
        .iter()
        .map(|s| (s.length, s.presses, s.at.as_second(), s.trace.is_some()))
        .collect();
    let expected = [
        // Its trace does not add up to it.
        (Length::Five, 4, 1_600_000_000, false),
        (Length::Ten, 5, 1_700_000_000, true),
    ];
    assert_eq!(sprints, expected);
    assert_eq!(record.races, []);

    // Each race with its racers: number, player, presses and standing.
    let races: [&[(i64, i64, i64, i64)]; 5] = [
        // One is in it twice.
        &[(1, 1, 7, 1), (2, 1, 9, 1), (3, 2, 8, 1), (4, 3, 0, 2)],
        // Nobody else has raced.
        &[(1, 1, 3, 1), (2, 2, 0, 2)],
        &[(1, 2, 3, 1)],
        // One who has pressed nothing and has stayed is a rival, too.
        &[(1, 1, 1, 1), (2, 2, 0, 1)],
        // It is still on.
        &[(1, 1, 5, 0), (2, 2, 6, 0)],
    ];
    let dans = session(&mut store, dan).await;
    let mut all = Vec::new();
    for (at, racers) in races.iter().enumerate() {
        let opened = store.enter_race(dans, Entrance::Open(Length::Five)).await;
        let race = opened.expect("an answer").expect("a race").race.0;
        place
            .sql("DELETE FROM click_racers WHERE session IS NOT NULL")
            .await;
        if at + 1 < races.len() {
            let sql = format!(
                "UPDATE click_races SET starts_at = {at} * 1000000, closed_at = 5 WHERE id = {race}"
            );
            place.sql(sql.leak()).await;
        }
        all.extend(racers.iter().map(|racer| (race, *racer)));
    }
    for (race, (racer, player, presses, standing)) in all {
        let sql = format!(
            "INSERT INTO click_racers (race, racer, user_id, name, base, presses, standing)
             VALUES ({race}, {racer}, 70 + {player}, 'x', 0, {presses}, {standing})"
        );
        place.sql(sql.leak()).await;
    }
    let record = store.history(PlayerId(71)).await.expect("a history").value;
    let races: Vec<_> = record
        .races
        .iter()
        .map(|r| (r.start.as_second(), r.presses, r.rival, r.won_by()))
        .collect();
    let expected = [
        (3, 1, Some(0), Some(1)),
        (1, 3, None, None),
        (0, 9, Some(8), Some(1)),
    ];
    assert_eq!(races, expected);
    let bobs = store.history(PlayerId(72)).await.expect("a history").value;
    let lost: Vec<_> = bobs
        .races
        .iter()
        .map(clickoff::game::record::OwnRace::won_by)
        .collect();
    assert_eq!(lost, [None, None, None, None], "{bobs:?}");
}
