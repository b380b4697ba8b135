//! Inactive clients: when they are removed, and what happens to outbox entries that arrive later.

use std::path::Path;
use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::message::{Command, Reply};
use clickoff::store::{ClientId, Day, Store, StoreError};
use clickoff::worker::{self, FileOutbox, KeptPresses, Outbox, OutboxEntry, Timing};

use super::{Place, add, counted, opened, players};

/// A client that calls with a key.
const KEYED: &str = "cd044bfe-a6cf-836e-85c3-000000000003";

const LONG_AGO: &str = "UPDATE click_sessions SET seen = seen - 200";

async fn today<S: Store>(store: &mut S) -> Day {
    store.open().await.expect("it opens").today
}

pub async fn a_client_that_is_not_heard_of_for_90_days_is_forgotten(place: impl Place) {
    let mut store = opened(place.store()).await;
    let [ada, bob, cleo] = [
        add(&mut store, "Ada").await,
        add(&mut store, "Bob").await,
        add(&mut store, "Cleo").await,
    ];
    let [gone, here, back] = std::array::from_fn(|_| ClientId::new_v4());
    let keyed: ClientId = KEYED.parse().expect("a client");
    let old = store.register(gone, ada).await.expect("a row");
    let young = store.register(here, bob).await.expect("a row");
    let own = store.register(back, cleo).await.expect("a row");
    let key = store.register(keyed, ada).await.expect("a row");
    for row in [old, young, own, key] {
        store.count(row, 3).await.expect("counted");
    }
    place
        .sql(
            "UPDATE click_sessions SET seen = seen - 91
             WHERE user_id IN (SELECT id FROM users WHERE name <> 'Bob');
             UPDATE click_sessions SET seen = seen - 90
             WHERE user_id IN (SELECT id FROM users WHERE name = 'Bob')",
        )
        .await;
    assert_eq!(store.kept_since().await, Ok(Day(0)));
    assert_eq!(store.count(old, 4).await, counted(7, 4), "not yet");
    assert_eq!(store.tidy(back).await, Ok(false));
    assert_eq!(store.count(old, 5).await, Err(StoreError::Gone));
    assert_eq!(
        store.count(young, 4).await,
        counted(4, 4),
        "90 days are not too long"
    );
    assert_eq!(store.count(own, 4).await, counted(4, 4), "it has said so");
    assert_eq!(store.count(key, 4).await, counted(8, 4), "a key stays");
    let Day(now) = today(&mut store).await;
    assert_eq!(store.kept_since().await, Ok(Day(now - 90)));
    // Seen today once more, and so not written.
    assert_eq!(store.tidy(back).await, Ok(false));
    assert_eq!(place.number("SELECT COUNT(*) FROM click_sessions").await, 3);
    let scores: Vec<i64> = players(&mut store)
        .await
        .values()
        .map(|p| p.score)
        .collect();
    assert_eq!(scores, [8, 4, 4]);
}

pub async fn many_are_forgotten_a_few_at_a_time(place: impl Place) {
    let mut store = opened(place.store()).await;
    add(&mut store, "Ada").await;
    place
        .sql(
            "INSERT INTO click_sessions (client, user_id, seen)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 35)
             SELECT CAST(a.i * 100 + b.i AS CHAR(36)), u.id, 100
             FROM n a CROSS JOIN n b CROSS JOIN users u",
        )
        .await;
    let client = ClientId::new_v4();
    let left = "SELECT COUNT(*) FROM click_sessions";
    for (more, rows) in [(true, 725), (true, 225), (false, 0), (false, 0)] {
        assert_eq!(store.tidy(client).await, Ok(more));
        assert_eq!(place.number(left).await, rows);
    }
}

/// A letter in a directory, of presses of which four were counted for all that it knows.
fn post(directory: &Path, letter: &OutboxEntry) {
    let mut outbox = FileOutbox::new(directory.to_owned());
    outbox.keep(letter).expect("kept");
}

fn kept(player: PlayerId, session: Option<i64>, upto: u64) -> KeptPresses {
    KeptPresses {
        player: player.0,
        session,
        upto,
        counted: 0,
        refused: 0,
        score: None,
    }
}

/// Plays until so many answers about letters have come, and leaves.
async fn deliver(place: &impl Place, directory: &Path, answers: usize) -> Vec<Reply> {
    let outbox = FileOutbox::new(directory.to_owned());
    let (scoring, watching) = (place.store(), place.store());
    let client = ClientId::new_v4();
    let mut worker = worker::spawn(scoring, watching, outbox, client, Timing::default());
    let mut told = Vec::new();
    while told.len() < answers {
        let reply = tokio::time::timeout(Duration::from_secs(30), worker.replies.recv()).await;
        match reply.expect("an answer in time").expect("an answer") {
            reply @ (Reply::Delivered { .. } | Reply::RefusedKept { .. }) => told.push(reply),
            Reply::Broken { why, .. } => panic!("{why:?}"),
            _ => {}
        }
    }
    worker.handle.send(Command::Leave);
    worker.task.await.expect("an orderly end");
    told
}

pub async fn a_late_letter_is_counted_once_or_said_to_be_too_late(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let bob = add(&mut store, "Bob").await;
    let opening = store.open().await.expect("it opens");
    let (database, Day(now)) = (opening.database, opening.today);
    let home = tempfile::tempdir().expect("a directory");
    let home = home.path();
    let letters = |home| worker::outbox_entries(home);
    // Its run was killed after the letter was written and the presses were counted.
    let client = ClientId::new_v4();
    let row = store.register(client, ada).await.expect("a row");
    store.count(row, 9).await.expect("counted");
    let letter = |client, opened, presses| OutboxEntry {
        client,
        database: database.clone(),
        opened: Day(opened),
        epoch: None,
        presses,
    };
    place.sql(LONG_AGO).await;
    let first = letter(client, now - 200, vec![kept(ada, None, 9)]);
    post(home, &first);
    let told = deliver(&place, home, 1).await;
    assert!(
        matches!(told[..], [Reply::Delivered { score: 9, .. }]),
        "{told:?}"
    );
    assert_eq!(letters(home), [], "the row was still there");

    // The same with rows that were forgotten, known to the letter or not: nothing is counted, and
    // nothing is thrown away, however often it is tried.
    let other = ClientId::new_v4();
    let second = store.register(other, bob).await.expect("a row");
    store.count(second, 4).await.expect("counted");
    place.sql(LONG_AGO).await;
    assert_eq!(store.tidy(ClientId::new_v4()).await, Ok(false));
    let second = letter(other, now - 200, vec![kept(bob, Some(second.0), 6)]);
    for _ in 0..2 {
        post(home, &first);
        post(home, &second);
        let told = deliver(&place, home, 2).await;
        let refused = |presses| move |r: &Reply| matches!(r, Reply::RefusedKept { presses: p, .. } if *p == presses);
        assert!(
            told.iter().any(refused(9)) && told.iter().any(refused(6)),
            "{told:?}"
        );
        let mut stay = letters(home);
        stay.sort_by_key(OutboxEntry::waiting);
        assert_eq!(stay, [second.clone(), first.clone()]);
        let scores: Vec<i64> = players(&mut store)
            .await
            .values()
            .map(|p| p.score)
            .collect();
        assert_eq!(scores, [9, 4]);
    }
    for letter in [&first, &second] {
        let mut outbox = FileOutbox::new(home.to_owned());
        outbox.discard(letter.client).expect("thrown away by hand");
    }

    // Of two players the one's row is there: only what is too late stays.
    let both = ClientId::new_v4();
    store.register(both, bob).await.expect("a row");
    let mixed = letter(
        both,
        now - 200,
        vec![kept(ada, None, 2), kept(bob, None, 1)],
    );
    post(home, &mixed);
    deliver(&place, home, 2).await;
    let rest = letter(both, now - 200, vec![kept(ada, None, 2)]);
    assert_eq!(letters(home), [rest]);
    let mut outbox = FileOutbox::new(home.to_owned());
    outbox.discard(both).expect("thrown away by hand");

    // A run of these days is not touched by it.
    let recent = letter(ClientId::new_v4(), now - 90, vec![kept(ada, None, 2)]);
    post(home, &recent);
    deliver(&place, home, 1).await;
    assert_eq!(letters(home), []);
    let scores: Vec<i64> = players(&mut store)
        .await
        .values()
        .map(|p| p.score)
        .collect();
    assert_eq!(scores, [11, 5]);
}

pub async fn nobody_is_forgotten_while_a_letter_comes(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let Day(now) = today(&mut store).await;
    let (mut tidying, mut coming) = (place.store(), opened(place.store()).await);
    tidying.open().await.expect("it opens");
    for round in 1..=12 {
        let client = ClientId::new_v4();
        let row = store.register(client, ada).await.expect("a row");
        store.count(row, 3).await.expect("counted");
        place.sql(LONG_AGO).await;
        let arrive = async {
            let row = coming.resume(client, ada, Day(now - 200)).await?;
            coming.count(row, 3).await
        };
        let (tidied, arrived) = tokio::join!(tidying.tidy(ClientId::new_v4()), arrive);
        assert_eq!(tidied, Ok(false));
        match arrived {
            Ok(counted) => assert_eq!(counted.score, round * 3, "counted twice"),
            Err(error) => assert!(
                matches!(error, StoreError::Forgotten | StoreError::Gone),
                "{error}"
            ),
        }
        assert_eq!(players(&mut store).await[&ada.0].score, round * 3);
    }
}
