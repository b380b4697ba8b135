//! Leaving loses nothing: presses are saved, or kept in the outbox and delivered once by the next
//! run.

use std::time::Duration;

use clickoff::message::{BrokenKind, Command, Farewell, Reply};
use clickoff::store::{ClientId, Day, StoreError};
use clickoff::words::Say;
use clickoff::worker::{KeptPresses, OutboxEntry};
use tokio::time::Instant;

use crate::fake::{Fake, FakeOutbox, Fate, busy, damaged};
use crate::{ADA, BOB, Game, settle};

#[tokio::test(start_paused = true)]
async fn leaving_waits_for_the_presses_on_their_way() {
    let store = Fake::with(&["Ada", "Bob"]);
    let slow = Fate::Slow(Duration::from_secs(1));
    store.data().count_fates.extend([slow.clone(), slow]);
    let game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 10);
    game.press(BOB, 5);
    let client = game.client;
    let (farewell, _) = game.leave().await;
    assert_eq!(farewell, Farewell::default());
    assert_eq!((store.score(1), store.score(2)), (10, 5));
    assert_eq!(
        store.data().retired,
        [client],
        "its rows are no longer needed"
    );
}

#[tokio::test(start_paused = true)]
async fn a_screen_that_vanishes_is_an_order_to_leave() {
    let store = Fake::with(&["Ada"]);
    let game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 10);
    drop(game.worker.handle);
    game.worker.task.await.expect("an orderly end");
    assert_eq!(store.score(1), 10);
}

#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_can_not_keep_the_player_here() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::Held);
    let outbox = FakeOutbox::default();
    let game = Game::start(&store, &outbox).await;
    game.press(ADA, 3);
    let begun = Instant::now();
    let (farewell, _) = game.leave().await;
    assert_eq!(begun.elapsed().as_secs(), 5);
    assert_eq!(
        farewell,
        Farewell {
            kept: 3,
            lost: None
        }
    );

    // The next run delivers them, whatever became of the transaction that hung.
    store.release();
    let mut next = Game::start(&store, &outbox).await;
    assert!(matches!(next.said[..], [Reply::Opened { kept: 3, .. }]));
    next.observe(|r| matches!(r, Reply::Delivered { player: ADA, .. }))
        .await;
    next.leave().await;
    assert_eq!(store.score(1), 3);
    assert_eq!(outbox.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn presses_kept_from_last_time_wait_until_their_user_may_play_again() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::Held);
    let outbox = FakeOutbox::default();
    let game = Game::start(&store, &outbox).await;
    game.press(ADA, 3);
    game.leave().await;
    store.data().only_watched = true;
    let calls = store.counts();
    let watching = Game::start(&store, &outbox).await;
    assert!(matches!(watching.said[..], [Reply::Opened { kept: 0, rights, .. }] if !rights.play));
    tokio::time::sleep(Duration::from_secs(60)).await;
    let (farewell, _) = watching.leave().await;
    assert_eq!((farewell.kept, outbox.waiting()), (0, 3));
    assert_eq!(store.counts(), calls, "nothing is tried");
    store.data().only_watched = false;
    let mut playing = Game::start(&store, &outbox).await;
    playing
        .observe(|r| matches!(r, Reply::Delivered { player: ADA, .. }))
        .await;
    playing.leave().await;
    assert_eq!((store.score(1), outbox.waiting()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn asked_twice_it_leaves_at_once() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::Held);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 3);
    settle().await;
    let begun = Instant::now();
    game.send(Command::Leave);
    game.send(Command::LeaveNow);
    game.observe(|r| matches!(r, Reply::Left(Farewell { kept: 3, .. })))
        .await;
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn in_trouble_one_more_try_is_enough() {
    let store = Fake::with(&["Ada"]);
    let locked = std::iter::repeat_n(Fate::Before(busy()), 1000);
    store.data().count_fates.extend(locked);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 3);
    game.observe(|r| matches!(r, Reply::Trouble(_))).await;
    let begun = Instant::now();
    let (farewell, _) = game.leave().await;
    assert!(
        begun.elapsed() < Duration::from_secs(1),
        "{:?}",
        begun.elapsed()
    );
    assert_eq!(farewell.kept, 3);
    assert_eq!(outbox.waiting(), 3);
    assert!(store.data().retired.is_empty(), "the entry names its row");
}

#[tokio::test(start_paused = true)]
async fn what_can_not_even_be_kept_is_said() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::Held);
    let game = Game::start(&store, &FakeOutbox::broken()).await;
    game.press(ADA, 3);
    let (farewell, _) = game.leave().await;
    assert_eq!(farewell.kept, 0);
    assert!(matches!(farewell.lost, Some((3, _))), "{farewell:?}");
}

#[tokio::test(start_paused = true)]
async fn a_damaged_file_ends_the_game_and_keeps_the_presses() {
    ends_with_its_presses_kept(Fate::Before(damaged()), BrokenKind::Damaged).await;
}

#[tokio::test(start_paused = true)]
async fn a_panic_in_a_task_ends_the_game_and_keeps_the_presses() {
    ends_with_its_presses_kept(Fate::Panic, BrokenKind::Internal).await;
}

/// Two presses whose commit meets this fate are in the outbox once the worker has ended.
async fn ends_with_its_presses_kept(fate: Fate, end: BrokenKind) {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(fate);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 2);
    let broken = game.observe(|r| matches!(r, Reply::Broken { .. })).await;
    let Reply::Broken { kind, farewell, .. } = broken else {
        unreachable!();
    };
    assert_eq!((kind, farewell.kept), (end, 2));
    assert_eq!(outbox.waiting(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_locked_at_the_start_is_waited_for() {
    let store = Fake::with(&["Ada"]);
    let locked = std::iter::repeat_n(Fate::Before(busy()), 20);
    store.data().open_fates.extend(locked);
    let game = Game::start(&store, &FakeOutbox::default()).await;
    assert!(matches!(game.said[0], Reply::Trouble(_)), "{:?}", game.said);
    assert!(game.said.contains(&Reply::Recovered));
}

#[tokio::test(start_paused = true)]
async fn one_can_leave_while_the_database_is_not_even_open() {
    let store = Fake::with(&["Ada"]);
    let locked = std::iter::repeat_n(Fate::Before(busy()), 10_000);
    store.data().open_fates.extend(locked);
    let mut game = Game::begin(&store, &FakeOutbox::default());
    game.observe(|r| matches!(r, Reply::Trouble(_))).await;
    let begun = Instant::now();
    let (farewell, _) = game.leave().await;
    assert_eq!(farewell, Farewell::default());
    assert!(begun.elapsed() < Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_database_that_can_not_be_opened_ends_the_game() {
    let store = Fake::with(&["Ada"]);
    let unusable = StoreError::Unusable {
        place: "db".into(),
        why: "it is a directory.".into(),
    };
    store.data().open_fates.push_back(Fate::Before(unusable));
    let mut game = Game::begin(&store, &FakeOutbox::default());
    game.observe(|r| {
        matches!(
            r,
            Reply::Broken {
                kind: BrokenKind::Unreachable,
                ..
            }
        )
    })
    .await;
}

fn entry(player: i64, session: Option<i64>) -> OutboxEntry {
    OutboxEntry {
        client: ClientId::new_v4(),
        database: "fake".into(),
        opened: Day(100),
        epoch: None,
        presses: vec![KeptPresses {
            player,
            session,
            upto: 9,
            counted: 4,
            refused: 0,
            score: None,
        }],
    }
}

#[tokio::test(start_paused = true)]
async fn kept_presses_of_a_player_who_is_gone_are_given_up_with_a_word() {
    let store = Fake::with(&["Ada"]);
    // The key is in use, but the row that the entry names went with its first owner.
    gives_up(&store, entry(1, Some(77))).await;
}

#[tokio::test(start_paused = true)]
async fn kept_presses_never_go_to_another_clients_row() {
    let store = Fake::with(&["Ada"]);
    // As after a restored backup: the entry's row number was given to somebody else.
    let other = ClientId::new_v4();
    store.data().sessions.insert((other, ADA), (1, 2));
    gives_up(&store, entry(1, Some(1))).await;
    assert_eq!(store.data().sessions[&(other, ADA)], (1, 2));
}

/// The entry's five presses are refused with a word, once, and score for nobody.
async fn gives_up(store: &Fake, kept: OutboxEntry) {
    let outbox = FakeOutbox::default();
    outbox.entries().insert(kept.client, kept);
    let mut game = Game::start(store, &outbox).await;
    game.observe(|r| matches!(r, Reply::RefusedKept { presses: 5, .. }))
        .await;
    game.leave().await;
    assert_eq!(store.score(1), 0);
    assert_eq!(outbox.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn kept_presses_that_never_reached_the_database_are_counted_whole() {
    let store = Fake::with(&["Ada"]);
    let outbox = FakeOutbox::default();
    let mut kept = entry(1, None);
    kept.presses[0].counted = 0;
    outbox.entries().insert(kept.client, kept);
    let mut game = Game::start(&store, &outbox).await;
    game.observe(|r| {
        matches!(
            r,
            Reply::Delivered {
                presses: 9,
                score: 9,
                ..
            }
        )
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn leaving_before_the_database_is_open_takes_no_time() {
    let store = Fake::with(&["Ada"]);
    store.data().open_fates.push_back(Fate::Held);
    let game = Game::begin(&store, &FakeOutbox::default());
    settle().await;
    let begun = Instant::now();
    let (farewell, _) = game.leave().await;
    assert_eq!(farewell, Farewell::default());
    assert_eq!(begun.elapsed(), Duration::ZERO);
}

#[tokio::test(start_paused = true)]
async fn a_database_that_is_not_there_yet_is_waited_for() {
    let store = Fake::with(&["Ada"]);
    let away = StoreError::Away {
        place: "db".into(),
        why: "nothing listens".into(),
    };
    let away = std::iter::repeat_n(Fate::Before(away), 20);
    store.data().open_fates.extend(away);
    let mut game = Game::begin(&store, &FakeOutbox::default());
    let trouble = game.observe(|r| matches!(r, Reply::Trouble(_))).await;
    let Reply::Trouble(trouble) = trouble else {
        panic!("{trouble:?}")
    };
    let what = Say::Store(StoreError::Away {
        place: "db".into(),
        why: "nothing listens".into(),
    });
    assert_eq!(trouble.what, what);
    game.observe(|r| matches!(r, Reply::Opened { .. })).await;
    game.press(ADA, 3);
    assert_eq!(game.counted(ADA, 3).await, 3);
}

#[tokio::test(start_paused = true)]
async fn kept_presses_over_the_limit_are_given_up_and_those_refused_before_are_not_told_again() {
    let store = Fake::with(&["Ada"]);
    let outbox = FakeOutbox::default();
    let mut kept = entry(1, Some(1));
    // Four were settled, one of them refused; of five more the last answer was lost.
    kept.presses[0].refused = 1;
    {
        let mut data = store.data();
        data.sessions.insert((kept.client, ADA), (1, 7));
        data.refused.insert(1, 2);
        data.limit = Some(6);
    }
    outbox.entries().insert(kept.client, kept);
    let mut game = Game::start(&store, &outbox).await;
    let refused = game
        .observe(|r| matches!(r, Reply::RefusedKept { .. }))
        .await;
    let why = Say::KeptOverRate {
        presses: 2,
        limit: 10,
    };
    assert_eq!(refused, Reply::RefusedKept { presses: 2, why });
    let delivered = |r: &&Reply| matches!(r, Reply::Delivered { presses: 3, .. });
    assert_eq!(game.said.iter().filter(delivered).count(), 1);
    assert_eq!(outbox.waiting(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_long_run_says_each_day_that_it_is_there_and_has_old_clients_forgotten_when_idle() {
    let store = Fake::with(&["Ada"]);
    store.data().to_forget = 3;
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    store.data().now();
    tokio::time::sleep(Duration::from_secs(9)).await;
    assert_eq!(
        store.data().tidied,
        [],
        "the first frame and the first presses go before"
    );
    tokio::time::sleep(Duration::from_secs(30)).await;
    let seconds = |tidied: &(ClientId, Duration)| tidied.1.as_secs();
    let tidied: Vec<u64> = store.data().tidied.iter().map(seconds).collect();
    assert_eq!(
        tidied,
        [10, 11, 12],
        "a few at a time, as long as there are more"
    );
    // Presses are counted in between.
    game.press(ADA, 3);
    game.counted(ADA, 3).await;
    tokio::time::sleep(Duration::from_secs(3 * 24 * 60 * 60)).await;
    let data = store.data();
    assert_eq!(data.tidied.len(), 6, "once a day");
    assert!(data.tidied.iter().all(|(client, _)| *client == game.client));
}

#[tokio::test(start_paused = true)]
async fn who_only_watches_forgets_nobody() {
    let store = Fake::with(&["Ada"]);
    store.data().only_watched = true;
    let _game = Game::start(&store, &FakeOutbox::default()).await;
    tokio::time::sleep(Duration::from_secs(60 * 60)).await;
    assert_eq!(store.data().tidied, []);
}

#[tokio::test(start_paused = true)]
async fn presses_of_a_client_that_may_have_been_forgotten_are_neither_counted_nor_thrown_away() {
    for session in [None, Some(77)] {
        let store = Fake::with(&["Ada"]);
        let outbox = FakeOutbox::default();
        let kept = entry(1, session);
        outbox.entries().insert(kept.client, kept.clone());
        store.data().kept_since = Day(101);
        let mut game = Game::start(&store, &outbox).await;
        let refused = game
            .observe(|r| matches!(r, Reply::RefusedKept { .. }))
            .await;
        let why = Say::KeptForgotten { presses: 5 };
        assert_eq!(refused, Reply::RefusedKept { presses: 5, why });
        let (farewell, _) = game.leave().await;
        assert_eq!(farewell, Farewell::default(), "they were told of");
        assert_eq!(store.score(1), 0);
        assert_eq!(outbox.entries().get(&kept.client), Some(&kept));
    }
}
