//! PostgreSQL's ranking in two indexes: one for players who are playing, one for all others.

use clickoff::game::{Aim, PlayerId, Spot};
use clickoff::store::{AnyStore, ClientId, Store};

use crate::contract::{Place, entry};
use crate::places::{OnServer, Postgres, Served};

async fn recent(place: &Postgres) -> i64 {
    place
        .number("SELECT COUNT(*) FROM click_changes WHERE recent")
        .await
}

/// A database with so many players, one of whom scores.
async fn scored(place: &Postgres, players: usize) -> (AnyStore, PlayerId) {
    let mut store = place.store();
    store.open().await.expect("it opens");
    let mut last = PlayerId(0);
    for _ in 0..players {
        last = store.add(&entry("Ada", "")).await.expect("added").id;
    }
    assert_eq!(recent(place).await, 0, "a new player is at rest");
    let row = store.register(ClientId::new_v4(), last).await;
    let row = row.expect("a row");
    store.count(row, 3).await.expect("a count");
    (store, last)
}

#[tokio::test]
async fn a_survey_settles_who_has_not_scored_for_a_minute() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player) = scored(&place, 3).await;
    assert_eq!(recent(&place).await, 1);
    let everyone = store.window(Aim::Top, 10).await.expect("a window");
    assert_eq!(everyone.players[0].id, player);

    store.survey().await.expect("a survey");
    assert_eq!(recent(&place).await, 1, "who plays stays");
    place
        .sql(
            "UPDATE click_changes SET stamp = stamp - 61000000;
             UPDATE click_survey SET at = 0, took = 0",
        )
        .await;
    store.survey().await.expect("a survey");
    assert_eq!(recent(&place).await, 0);
    let window = store.window(Aim::Top, 10).await;
    assert_eq!(window, Ok(everyone.clone()));
    let spot = Spot::from(&everyone.players[1]);
    assert_eq!(store.rank(spot.score).await, Ok(2));

    // What a survey moves is no change that a look would tell.
    let cursor = store.open().await.expect("it opens").cursor;
    place
        .sql("UPDATE click_changes SET recent = NOT recent")
        .await;
    assert_eq!(store.changes(cursor, 10).await, Ok(None));
    assert_eq!(store.window(Aim::Top, 10).await, Ok(everyone));
}

/// Whoever writes to a player's row has to be waited for by nobody else.
#[tokio::test]
async fn a_survey_leaves_out_whom_somebody_writes_to() {
    let Some(place) = Postgres::new() else { return };
    let (mut store, player) = scored(&place, 2).await;
    place
        .sql(
            "UPDATE click_changes SET stamp = stamp - 61000000;
             UPDATE click_survey SET at = 0, took = 0",
        )
        .await;
    let mut other = Postgres::connection(place.url()).await.expect("connects");
    let begin = format!("BEGIN; UPDATE users SET score = 9 WHERE id = {}", player.0);
    sqlx::raw_sql(sqlx::AssertSqlSafe(begin))
        .execute(&mut other)
        .await
        .expect("written");
    store.survey().await.expect("a survey that does not wait");
    sqlx::raw_sql("COMMIT")
        .execute(&mut other)
        .await
        .expect("committed");
    assert_eq!(recent(&place).await, 1);
    let window = store.window(Aim::Top, 10).await.expect("a window");
    assert_eq!((window.players[0].id, window.players[0].score), (player, 9));
}
