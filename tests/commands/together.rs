//! `clickoff copy` while people play: presses are counted once or refused, and never lost.

use clickoff::game::PlayerId;
use clickoff::store::{AnyStore, ClientId, Store, StoreError, Target};

use crate::home::Home;
use crate::place::{Place, TABLE, on, row};

fn who_plays_on_an_overwritten_target_counts_nothing_wrong(to: Place) {
    let target = Target::parse(to.url().as_ref()).expect("a database");
    let mut store = AnyStore::new(target);
    to.fill(TABLE, &[row(1, "Ada", 10), row(2, "Bob", 20)]);
    let from = Place::sqlite().expect("a file");
    from.fill(TABLE, &[row(1, "Another", 100)]);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let runtime = runtime.expect("a runtime");
    let client = ClientId::new_v4();
    let (cursor, session) = runtime.block_on(async {
        let cursor = store.open().await.expect("open").cursor;
        let session = store.register(client, PlayerId(1)).await.expect("a row");
        let counted = store.count(session, 5).await;
        assert_eq!(counted.expect("counted").score, 15);
        (cursor, session)
    });

    let run = Home::new().copy(&from.url(), &to.url(), &["--overwrite"]);
    assert_eq!(run.code, 0, "{}", run.err);
    assert!(run.out.contains("2 players with 35 points"), "{}", run.out);

    let changes = runtime.block_on(async {
        // A total that was said of the earlier Ada is not one of the other.
        assert_eq!(store.count(session, 8).await, Err(StoreError::Gone));
        assert_eq!(store.claims(client).await, Ok(Vec::new()));
        store.changes(cursor, u32::MAX).await
    });
    to.holds(&[row(1, "Another", 100)]);
    let changes = changes.expect("a look").expect("news");
    assert_eq!(changes.gone, [PlayerId(2)]);
    let seen = changes.players.iter().map(|p| (p.name.as_str(), p.score));
    assert_eq!(seen.collect::<Vec<_>>(), [("Another", 100)]);
    runtime.block_on(async {
        let again = store.register(ClientId::new_v4(), PlayerId(1)).await;
        let counted = store.count(again.expect("a row"), 1).await;
        assert_eq!(counted.expect("counted").score, 101);
    });
}

on!(all: who_plays_on_an_overwritten_target_counts_nothing_wrong);
