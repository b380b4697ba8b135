//! The contract for the rules of a database.

use std::time::Instant;

use clickoff::game::{HeldKeys, PlayerId, Rules};
use clickoff::store::{AnyStore, ClientId, Counted, NewRules, SessionId, Store, StoreError, Total};

use super::{Place, add, counted, insist, opened, players, session};

/// What may be saved up for a fresh player, in seconds.
const SAVED_UP: u64 = 60;

pub async fn limit(store: &mut AnyStore, max_rate: Option<u32>) {
    let rules = NewRules {
        max_rate: Some(max_rate),
        ..NewRules::default()
    };
    store.set_rules(rules).await.expect("the rule is set");
}

async fn count<S: Store>(store: &mut S, row: SessionId, upto: u64) -> Counted {
    store.count(row, upto).await.expect("counted")
}

pub async fn rules_are_kept_and_told_at_the_opening(place: impl Place) {
    let mut keeper = opened(place.store()).await;
    let mut other = place.store();
    let mut rules = Rules::default();
    assert_eq!(other.open().await.expect("it opens").rules, rules);
    for (new, is) in [
        (Some(Some(HeldKeys::Once)), Some(HeldKeys::Once)),
        (Some(Some(HeldKeys::Count)), Some(HeldKeys::Count)),
        (None, Some(HeldKeys::Count)),
        (Some(None), None),
    ] {
        for (new_rate, rate) in [
            (Some(Some(7)), Some(7)),
            (None, Some(7)),
            (Some(Some(1_000_000)), Some(1_000_000)),
            (Some(None), None),
        ] {
            let change = NewRules {
                held_keys: new,
                max_rate: new_rate,
            };
            keeper.set_rules(change).await.expect("set");
            rules = Rules {
                held_keys: is,
                max_rate: rate,
            };
            assert_eq!(other.open().await.expect("it opens").rules, rules);
        }
    }
}

pub async fn what_is_over_the_limit_is_refused_and_said_again(place: impl Place) {
    const RATE: u64 = 5;
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let bob = add(&mut store, "Bob").await;
    let before = session(&mut store, ada).await;
    assert_eq!(store.count(before, 3).await, counted(3, 3));
    limit(&mut store, Some(RATE as u32)).await;
    let begun = Instant::now();
    let first = count(&mut store, before, 1003).await;
    assert_eq!((first.counted, first.max_rate), (1003, Some(RATE as u32)));
    assert_eq!(
        first.score as u64,
        3 + RATE * SAVED_UP,
        "all that was saved up"
    );
    assert_eq!(first.score as u64 + first.refused, 1003);
    assert_eq!(count(&mut store, before, 1003).await, first, "said again");
    assert_eq!(count(&mut store, before, 900).await, first, "an old total");

    let after = session(&mut store, ada).await;
    let second = count(&mut store, after, 1000).await;
    let waited = begun.elapsed().as_secs() + 1;
    let accepted = 1000 - second.refused;
    assert!(
        accepted <= RATE * waited,
        "{accepted}: one rate for all her clients"
    );
    assert_eq!(second.score as u64, first.score as u64 + accepted);
    assert_eq!(count(&mut store, after, 1000).await, second);

    let bobs = session(&mut store, bob).await;
    let his = count(&mut store, bobs, 10).await;
    assert_eq!(
        (his.score, his.refused),
        (10, 0),
        "each has a rate of his own"
    );

    limit(&mut store, None).await;
    let free = count(&mut store, after, 9000).await;
    assert_eq!((free.score, free.max_rate), (second.score + 8000, None));
    assert_eq!(free.refused, second.refused);
    assert_eq!(players(&mut store).await[&ada.0].score, free.score);
}

pub async fn many_are_counted_at_once_within_a_limit(place: impl Place) {
    const RATE: u64 = 5;
    let mut store = opened(place.store()).await;
    let mut said = Vec::new();
    for (name, upto) in [("Ada", 1000), ("Bob", 10), ("Cleo", 2000)] {
        let player = add(&mut store, name).await;
        let session = session(&mut store, player).await;
        said.push(Total { session, upto });
    }
    limit(&mut store, Some(RATE as u32)).await;
    let first = store.count_all(&said).await.expect("counted");
    let refused: Vec<u64> = first.iter().map(|counted| counted.refused).collect();
    assert_eq!(refused, [700, 0, 1700], "each has a rate of their own");
    assert_eq!(
        store.count_all(&said).await,
        Ok(first.clone()),
        "said again"
    );
    for (said, first) in said.iter().zip(&first) {
        assert_eq!(count(&mut store, said.session, said.upto).await, *first);
        assert_eq!(first.score as u64 + first.refused, said.upto);
    }
}

pub async fn what_was_not_used_may_be_used_later_and_no_more(place: impl Place) {
    const RATE: u64 = 200;
    let mut store = opened(place.store()).await;
    limit(&mut store, Some(RATE as u32)).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    let begun = Instant::now();
    let mut upto = 20_000;
    let mut last = count(&mut store, row, upto).await;
    let saved_up = last.score as u64;
    assert!(saved_up >= RATE * SAVED_UP);
    while begun.elapsed().as_millis() < 500 {
        upto += 50;
        last = count(&mut store, row, upto).await;
        assert_eq!(last.score as u64 + last.refused, upto);
    }
    let earned = last.score as u64 - RATE * SAVED_UP;
    let most = RATE * (begun.elapsed().as_millis() as u64 + 5) / 1000 + 1;
    assert!(earned > 0 && earned <= most, "{earned} of {most}");
}

pub async fn a_full_score_stays_within_a_limit_too<P: Place>(place: P) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    let most = P::MOST.unsigned_abs();
    count(&mut store, row, most - 1).await;
    let other = session(&mut store, ada).await;
    limit(&mut store, Some(100)).await;
    assert_eq!(store.count(other, 2).await, Err(StoreError::ScoreFull));
    let last = count(&mut store, other, 1).await;
    assert_eq!((last.score, last.counted, last.refused), (P::MOST, 1, 0));
}

/// The limit is set while clients come: none of them is left out.
pub async fn no_client_slips_past_a_limit(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let coming = (0..4).map(|_| {
        let mut store = place.store();
        tokio::spawn(async move {
            store.open().await.expect("open");
            let mut rows = Vec::new();
            for _ in 0..15 {
                let client = ClientId::new_v4();
                for _ in 0..1000 {
                    match store.register(client, ada).await {
                        Ok(row) => {
                            rows.push(row);
                            break;
                        }
                        Err(error) if error.remedy() == clickoff::store::Remedy::Retry => {}
                        Err(error) => panic!("{error}"),
                    }
                }
            }
            rows
        })
    });
    let coming: Vec<_> = coming.collect();
    for rate in [1, 2, 3] {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        limit(&mut store, Some(rate)).await;
    }
    for client in coming {
        for row in client.await.expect("a client") {
            assert_eq!(count(&mut store, row, 1).await.max_rate, Some(3));
        }
    }
}

/// Clients of one player at once, far over the limit: what is not refused is the score.
pub async fn writers_over_a_limit_add_up_exactly(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada: PlayerId = add(&mut store, "Ada").await;
    limit(&mut store, Some(2)).await;
    let writers = (0..6).map(|_| {
        let mut store = place.store();
        tokio::spawn(async move {
            store.open().await.expect("open");
            let row = session(&mut store, ada).await;
            for upto in 1..=60 {
                insist(&mut store, row, upto).await;
                insist(&mut store, row, upto).await;
            }
            let last = store.count(row, 60).await.expect("an answer");
            assert_eq!(last.counted, 60);
            60 - last.refused
        })
    });
    let mut accepted = 0;
    for writer in writers.collect::<Vec<_>>() {
        accepted += writer.await.expect("a writer");
    }
    let score = players(&mut store).await[&ada.0].score;
    assert_eq!(score as u64, accepted);
    assert!(accepted < 360, "something was refused");
    let history = place.number("SELECT SUM(points) FROM click_history").await;
    assert_eq!(history, score);
    let overwritten = place
        .number("SELECT SUM(overwritten) FROM click_history")
        .await;
    assert_eq!(overwritten, 0, "a refusal is no late write");
}
