//! The contract of every store, written once and run on every database.

mod clients;
mod counting;
mod history;
mod races;
mod ranking;
mod rules;
mod sprints;

use clickoff::game::{Player, PlayerId};
use clickoff::store::{AnyStore, CHANGES, Cursor, SessionId, Store, StoreError, Total};

pub use clients::*;
pub use counting::*;
pub use history::*;
pub use races::*;
pub use ranking::*;
pub use rules::*;
pub use sprints::*;

/// A database that only this test uses, and as many stores on it as it wants.
pub trait Place {
    /// A further store, as another process would open it.
    fn store(&self) -> AnyStore;

    /// Runs statements as another program would.
    async fn sql(&self, text: &'static str);

    /// The one number that a query answers with.
    async fn number(&self, text: &'static str) -> i64;

    /// The highest score.
    const MOST: i64 = i64::MAX;
}

impl<P: Place> Stores for P {
    type Store = AnyStore;

    const MOST: i64 = <P as Place>::MOST;

    fn store(&self) -> AnyStore {
        Place::store(self)
    }
}

pub async fn a_fresh_database_is_empty_and_has_a_name_of_its_own(
    here: impl Place,
    there: impl Place,
) {
    let first = here.store().open().await.expect("it opens");
    assert_eq!(first.players, []);
    assert!(first.database.len() >= 32, "{:?}", first.database);
    let again = here.store().open().await.expect("it opens again");
    assert_eq!(again.database, first.database);
    let other = there.store().open().await.expect("the other opens");
    assert_ne!(other.database, first.database);
}

pub async fn another_programs_table_of_our_name_is_left_alone(place: impl Place) {
    place
        .sql(
            "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(100), email VARCHAR(100),
                                 score INTEGER);
             CREATE TABLE click_history (clicks INTEGER)",
        )
        .await;
    let refused = place.store().open().await.expect_err("it is taken");
    assert!(matches!(refused, StoreError::Foreign { .. }), "{refused:?}");
    let told = refused.to_string();
    assert!(told.contains("a table click_history"), "{told}");
    // Nothing stands in the way of its program, nor of clickoff once it is gone.
    place
        .sql("INSERT INTO click_history (clicks) VALUES (1); DROP TABLE click_history")
        .await;
    opened(place.store()).await;
}

pub async fn what_others_change_is_seen_and_nothing_else(place: impl Place) {
    let mut mine = place.store();
    let mut yours = opened(place.store()).await;
    let ada = add(&mut yours, "Ada").await;
    let bob = add(&mut yours, "Bob").await;
    let cursor = mine.open().await.expect("open").cursor;
    assert_eq!(mine.changes(cursor, CHANGES).await, Ok(None));

    let row = session(&mut yours, ada).await;
    yours.count(row, 2).await.expect("counted");
    let changes = mine
        .changes(cursor, CHANGES)
        .await
        .expect("a look")
        .expect("changes");
    let scores: Vec<_> = changes.players.iter().map(|p| (p.id, p.score)).collect();
    assert_eq!((scores, changes.gone), (vec![(ada, 2)], vec![]));

    let cursor = changes.cursor;
    let cleo = add(&mut yours, "Cleo").await;
    yours.edit(ada, &entry("Ada L.", "")).await.expect("edited");
    yours.remove(bob).await.expect("removed");
    let mut changes = mine
        .changes(cursor, CHANGES)
        .await
        .expect("a look")
        .expect("changes");
    changes.players.sort_by_key(|p| p.id);
    let names: Vec<_> = changes
        .players
        .iter()
        .map(|p| (p.id, p.name.as_str()))
        .collect();
    assert_eq!(names, [(ada, "Ada L."), (cleo, "Cleo")]);
    assert_eq!(changes.gone, [bob]);
    assert_eq!(mine.changes(changes.cursor, CHANGES).await, Ok(None));
    assert!(mine.changes(Cursor(0), CHANGES).await.is_ok());
}

pub async fn another_programs_writes_are_seen(place: impl Place) {
    let mut mine = place.store();
    let cursor = mine.open().await.expect("open").cursor;
    place
        .sql("INSERT INTO users (id, name, email, score) VALUES (7, 'Eve', NULL, NULL)")
        .await;
    let changes = mine
        .changes(cursor, CHANGES)
        .await
        .expect("a look")
        .expect("changes");
    let eve = Player {
        id: PlayerId(7),
        name: "Eve".into(),
        ..Player::default()
    };
    assert_eq!(changes.players, [eve]);
    place.sql("UPDATE users SET score = 41 WHERE id = 7").await;
    let changes = mine
        .changes(changes.cursor, CHANGES)
        .await
        .expect("a look")
        .expect("changes");
    assert_eq!(changes.players[0].score, 41);
    let row = session(&mut mine, PlayerId(7)).await;
    assert_eq!(mine.count(row, 1).await, counted(42, 1));
    place.sql("DELETE FROM users WHERE id = 7").await;
    let changes = mine
        .changes(changes.cursor, CHANGES)
        .await
        .expect("a look")
        .expect("changes");
    assert_eq!(changes.gone, [PlayerId(7)]);
    place
        .sql("INSERT INTO users (id, name) VALUES (7, 'Frank')")
        .await;
    assert_eq!(
        mine.count(row, 2).await,
        Err(StoreError::Gone),
        "Frank owes Eve nothing"
    );
}

pub async fn nulls_and_broken_text_are_read_as_what_they_mean(place: impl Place) {
    let mut store = opened(place.store()).await;
    place
        .sql("INSERT INTO users (id, name, email, score) VALUES (1, NULL, NULL, NULL)")
        .await;
    let found = players(&mut store).await;
    assert_eq!((found[&1].name.as_str(), found[&1].score), ("", 0));
    let row = session(&mut store, PlayerId(1)).await;
    assert_eq!(store.count(row, 1).await, counted(1, 1));
}

/// Eight clients on three players, each saying its totals in irregular steps and some of them twice.
pub async fn writers_at_once_add_up_exactly<P: Place>(place: P) {
    const WRITERS: usize = 8;
    const TOTAL: u64 = 60;
    let mut store = opened(place.store()).await;
    let mut ids = Vec::new();
    for name in ["Ada", "Bob", "Cleo"] {
        ids.push(add(&mut store, name).await);
    }
    let writers = (0..WRITERS).map(|writer| {
        let mut store = place.store();
        let ids = ids.clone();
        tokio::spawn(async move {
            store.open().await.expect("open");
            for player in ids {
                let row = session(&mut store, player).await;
                let mut upto = 0;
                while upto < TOTAL {
                    upto = (upto + 1 + (upto * 7 + writer as u64) % 4).min(TOTAL);
                    for _ in 0..1 + upto % 2 {
                        insist(&mut store, row, upto).await;
                    }
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("a writer");
    }
    let found = players(&mut store).await;
    let expected = (WRITERS as u64 * TOTAL) as i64;
    for id in ids {
        assert_eq!(found[&id.0].score, expected);
    }
    history_holds(&mut store).await;
}

/// Eight clients that each count for the same twenty players at once, and one that counts for single
/// ones in between.
pub async fn groups_at_once_add_up_exactly<P: Place>(place: P) {
    const WRITERS: u64 = 8;
    const TOTAL: u64 = 15;
    let mut store = opened(place.store()).await;
    let mut ids = Vec::new();
    for at in 0..20 {
        ids.push(add(&mut store, &format!("Player {at}")).await);
    }
    let writers = (0..=WRITERS).map(|writer| {
        let mut store = place.store();
        let ids = ids.clone();
        tokio::spawn(async move {
            store.open().await.expect("open");
            let mut rows = Vec::new();
            for player in ids {
                rows.push(session(&mut store, player).await);
            }
            for upto in 1..=TOTAL {
                let said = rows.iter().map(|&session| Total { session, upto });
                let said: Vec<Total> = said.collect();
                match writer {
                    0 => {
                        for row in rows.iter().rev() {
                            insist(&mut store, *row, upto).await;
                        }
                    }
                    _ => {
                        for _ in 0..1 + upto % 2 {
                            insist_on_all(&mut store, &said).await;
                        }
                    }
                }
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("a writer");
    }
    let found = players(&mut store).await;
    for id in ids {
        assert_eq!(found[&id.0].score, ((WRITERS + 1) * TOTAL) as i64);
    }
    history_holds(&mut store).await;
}

/// Counts all as the worker does.
async fn insist_on_all<S: Store>(store: &mut S, totals: &[Total]) {
    for _ in 0..1000 {
        store.turn().await.expect("a turn");
        match store.count_all(totals).await {
            Ok(_) => return,
            Err(error) if error.remedy() == clickoff::store::Remedy::Retry => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("a thousand retries");
}

/// Counts as the worker does: again, as long as it is told to.
async fn insist<S: Store>(store: &mut S, row: SessionId, upto: u64) {
    for _ in 0..1000 {
        store.turn().await.expect("a turn");
        match store.count(row, upto).await {
            Ok(_) => return,
            Err(error) if error.remedy() == clickoff::store::Remedy::Retry => {}
            Err(error) => panic!("{error}"),
        }
    }
    panic!("a thousand retries");
}

/// Eight processes start together on a place where nothing is yet.
pub async fn a_fresh_database_may_be_opened_by_many_at_once<P: Place>(place: P) {
    a_database_may_be_opened_by_many_at_once(&place).await;
}

/// Eight processes start together; the name that they all find.
pub async fn a_database_may_be_opened_by_many_at_once<P: Place>(place: &P) -> String {
    let opening = (0..8).map(|_| {
        let mut store = place.store();
        tokio::spawn(async move {
            for _ in 0..50 {
                match store.open().await {
                    Ok(snapshot) => return snapshot.database,
                    Err(error) if error.remedy() == clickoff::store::Remedy::Retry => {}
                    Err(error) => panic!("{error}"),
                }
            }
            panic!("fifty retries");
        })
    });
    let mut names = Vec::new();
    for task in opening.collect::<Vec<_>>() {
        names.push(task.await.expect("it opens"));
    }
    names.dedup();
    assert_eq!(names.len(), 1, "one database, set up once");
    names.remove(0)
}
