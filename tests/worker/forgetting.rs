//! A server that lost committed transactions, and a restored backup: the two are told apart, and
//! each press is counted once.

use clickoff::game::PlayerId;
use clickoff::message::Reply;
use clickoff::store::{ClientId, Day, Epoch};
use clickoff::words::Say;
use clickoff::worker::{KeptPresses, OutboxEntry};

use crate::fake::{Fake, FakeOutbox, Fate, lost};
use crate::{ADA, Game};

fn epoch(name: &str) -> Option<Epoch> {
    Some(Epoch(name.into()))
}

/// Ada has pressed five times and was told so; then her database is another state of itself, and
/// the connections to it are lost.
async fn after(change: impl FnOnce(&Fake)) -> (Fake, Game) {
    let store = Fake::with(&["Ada"]);
    store.data().epoch = epoch("first");
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 5);
    assert_eq!(game.counted(ADA, 5).await, 5);
    change(&store);
    store.data().poll_fates.push_back(Fate::Before(lost()));
    (store, game)
}

/// Gives the database this score, and this many of her presses in a row of her game, or no row.
fn has(store: &Fake, score: i64, row: Option<u64>) {
    let mut data = store.data();
    data.players.get_mut(&1).expect("Ada").score = score;
    let (key, session) = data.sessions.iter().next().expect("a row");
    let (key, session) = (*key, session.0);
    match row {
        Some(counted) => data.sessions.insert(key, (session, counted)),
        None => data.sessions.remove(&key),
    };
}

#[tokio::test(start_paused = true)]
async fn what_the_server_forgot_is_saved_again_without_a_key_press() {
    for (row, forgotten) in [(Some(2), 3), (None, 5)] {
        let (store, mut game) = after(|store| has(store, row.unwrap_or(0) as i64, row)).await;
        let told = game
            .observe(|r| matches!(r, Reply::ServerForgot { .. }))
            .await;
        let presses = forgotten;
        assert_eq!(
            told,
            Reply::ServerForgot {
                player: ADA,
                presses
            }
        );
        assert_eq!(game.counted(ADA, 5).await, 5);
        game.press(ADA, 1);
        assert_eq!(game.counted(ADA, 6).await, 6);
        assert_eq!(store.score(1), 6);
    }
}

#[tokio::test(start_paused = true)]
async fn all_players_of_a_game_are_checked_at_once_and_who_lacks_presses_alone() {
    let names: Vec<String> = (1..=50).map(|n| format!("p{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let store = Fake::with(&names);
    store.data().epoch = epoch("first");
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    for player in (1..=50).map(PlayerId) {
        game.press(player, 2);
        assert_eq!(game.counted(player, 2).await, 2);
    }
    for player in [7, 31] {
        let mut data = store.data();
        data.players.get_mut(&player).expect("a player").score = 1;
        let mut sessions = data.sessions.iter_mut();
        let session = sessions.find(|((_, of), _)| *of == PlayerId(player));
        session.expect("a row").1.1 = 1;
    }
    store.data().poll_fates.push_back(Fate::Before(lost()));
    for player in [7, 31].map(PlayerId) {
        let forgot = Reply::ServerForgot { player, presses: 1 };
        assert_eq!(game.observe(|r| *r == forgot).await, forgot);
    }
    for player in (1..=50).map(PlayerId) {
        game.press(player, 1);
        assert_eq!(game.counted(player, 3).await, 3);
        assert_eq!(store.score(player.0), 3);
    }
    assert_eq!(
        store.data().claims,
        3,
        "one for all, and one for each who lacks presses"
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_restored_backup_lacks_is_not_counted_again() {
    for row in [Some(2), None] {
        let (store, mut game) = after(|store| {
            has(store, 2, row);
            store.data().epoch = epoch("second");
        })
        .await;
        let restored = Say::Restored {
            presses: 5 - row.unwrap_or(0),
        };
        let told = game.observe(|r| matches!(r, Reply::Notice(_))).await;
        assert_eq!(told, Reply::Notice(restored));
        assert_eq!(store.score(1), 2);
        game.press(ADA, 1);
        assert_eq!(game.counted(ADA, 6).await, 3, "the game goes on from there");
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_forgets_after_a_restored_backup_forgets_only_what_came_since() {
    let (store, mut game) = after(|store| {
        has(store, 2, None);
        store.data().epoch = epoch("second");
    })
    .await;
    game.observe(|r| matches!(r, Reply::Notice(_))).await;
    game.press(ADA, 4);
    assert_eq!(game.counted(ADA, 9).await, 6);
    has(&store, 3, Some(1));
    store.data().poll_fates.push_back(Fate::Before(lost()));
    let told = game
        .observe(|r| matches!(r, Reply::ServerForgot { .. }))
        .await;
    assert_eq!(
        told,
        Reply::ServerForgot {
            player: ADA,
            presses: 3
        }
    );
    assert_eq!(game.counted(ADA, 9).await, 6);
}

#[tokio::test(start_paused = true)]
async fn a_row_that_somebody_deleted_keeps_nobody_from_playing_and_counts_nothing_twice() {
    for name in [epoch("first"), None] {
        let (store, mut game) = after(|store| {
            has(store, 5, None);
            store.data().epoch = name.clone();
        })
        .await;
        game.press(ADA, 10);
        assert_eq!(game.counted(ADA, 15).await, 15);
        assert_eq!(store.score(1), 15);
        let refused = game.said.iter().any(|r| matches!(r, Reply::Refused { .. }));
        assert!(!refused, "{:?}", game.said);
    }
}

#[tokio::test(start_paused = true)]
async fn presses_on_their_way_when_a_backup_was_restored_are_given_up_with_a_word() {
    let restored = |score| {
        after(move |store| {
            has(store, score, None);
            store.data().epoch = epoch("second");
            store.data().count_fates = [Fate::Before(lost())].into();
        })
    };
    // The backup may be of the moment behind them.
    let (store, mut game) = restored(8).await;
    game.press(ADA, 3);
    let told = game.observe(|r| matches!(r, Reply::Refused { .. })).await;
    assert!(
        matches!(told, Reply::Refused { presses: 3, .. }),
        "{told:?}"
    );
    game.press(ADA, 1);
    game.counted(ADA, 6).await;
    assert_eq!(store.score(1), 9);
    // It can't be: it does not even have those before.
    let (store, mut game) = restored(2).await;
    game.press(ADA, 3);
    game.counted(ADA, 8).await;
    assert_eq!(store.score(1), 5);
}

/// An entry of nine presses, of which the database had said that it has four.
async fn delivered(epoch_of_entry: Option<Epoch>, score: i64) -> Reply {
    let store = Fake::with(&["Ada"]);
    store.data().epoch = epoch("first");
    store.data().players.get_mut(&1).expect("Ada").score = score;
    let outbox = FakeOutbox::default();
    let entry = OutboxEntry {
        client: ClientId::new_v4(),
        database: "fake".into(),
        opened: Day(100),
        epoch: epoch_of_entry,
        presses: vec![KeptPresses {
            player: 1,
            session: Some(77),
            upto: 9,
            counted: 4,
            refused: 0,
            score: Some(4),
        }],
    };
    outbox.entries().insert(entry.client, entry);
    let mut game = Game::start(&store, &outbox).await;
    let told = game
        .observe(|r| matches!(r, Reply::Delivered { .. } | Reply::RefusedKept { .. }))
        .await;
    game.leave().await;
    assert_eq!(outbox.waiting(), 0);
    told
}

#[tokio::test(start_paused = true)]
async fn the_outbox_saves_again_what_the_server_forgot_and_no_backup_is_added_to() {
    let told = delivered(epoch("first"), 0).await;
    let whole = Reply::Delivered {
        player: ADA,
        presses: 9,
        score: 9,
    };
    assert_eq!(told, whole);
    for (epoch, score) in [(epoch("zeroth"), 0), (epoch("first"), 4), (None, 0)] {
        let told = delivered(epoch, score).await;
        assert!(
            matches!(told, Reply::RefusedKept { presses: 5, .. }),
            "{told:?}"
        );
    }
}
