//! Presses in the worker: folded, ordered, retried, never counted twice, or given up with a
//! message.

use std::time::Duration;

use clickoff::game::{Entry, PlayerId};
use clickoff::message::{Change, Command, Reply};
use clickoff::words::{Say, StoreError};

use crate::fake::{Fake, FakeOutbox, Fate, busy, full, lost};
use crate::{ADA, BOB, Game, settle};

#[tokio::test(start_paused = true)]
async fn presses_made_during_a_transaction_go_out_together_in_the_next() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::Held);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 1);
    settle().await;
    game.press(ADA, 100);
    settle().await;
    assert_eq!(store.counts(), ["count 1 upto 1"]);
    store.release();
    assert_eq!(game.counted(ADA, 101).await, 101);
    assert_eq!(store.counts(), ["count 1 upto 1", "count 1 upto 101"]);
}

#[tokio::test(start_paused = true)]
async fn every_player_gets_a_turn() {
    let store = Fake::with(&["Ada", "Bob"]);
    store.data().count_fates.push_back(Fate::Held);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 1);
    settle().await;
    game.press(ADA, 5);
    game.press(BOB, 3);
    store.release();
    game.counted(BOB, 3).await;
    game.press(ADA, 1);
    game.counted(ADA, 7).await;
    assert_eq!((store.score(1), store.score(2)), (7, 3));
}

#[tokio::test(start_paused = true)]
async fn a_player_is_removed_only_after_the_presses_made_before() {
    let store = Fake::with(&["Ada", "Bob"]);
    store
        .data()
        .count_fates
        .push_back(Fate::Slow(Duration::from_millis(5)));
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 1);
    game.press(BOB, 2);
    game.send(Command::Change(Change::Remove(BOB)));
    game.observe(|r| matches!(r, Reply::Done(Change::Remove(BOB), _)))
        .await;
    let calls = store.data().calls.clone();
    let bobs = calls.iter().position(|c| c.ends_with("upto 2"));
    let removal = calls.iter().position(|c| c == "remove 2");
    assert!(bobs.is_some() && bobs < removal, "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_busy_database_is_tried_again_and_the_player_is_told() {
    let store = Fake::with(&["Ada"]);
    let busy_for_a_while = std::iter::repeat_n(Fate::Before(busy()), 8);
    store.data().count_fates.extend(busy_for_a_while);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 2);
    game.observe(
        |r| matches!(r, Reply::Trouble(t) if matches!(t.what, Say::Store(StoreError::Busy { .. }))),
    )
    .await;
    assert_eq!(outbox.waiting(), 2, "kept from the moment of trouble on");
    game.press(ADA, 1);
    settle().await;
    assert_eq!(outbox.waiting(), 3, "and so is what comes during it");
    assert_eq!(game.counted(ADA, 3).await, 3);
    assert!(game.said.contains(&Reply::Recovered));
    assert_eq!(outbox.waiting(), 0, "nothing is kept once all is saved");
}

#[tokio::test(start_paused = true)]
async fn a_short_failure_is_nobodys_business() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::Before(busy()));
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 1);
    game.counted(ADA, 1).await;
    assert!(!game.said.iter().any(|r| matches!(r, Reply::Trouble(_))));
}

#[tokio::test(start_paused = true)]
async fn a_commit_whose_answer_is_lost_counts_once() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::After(lost()));
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 3);
    assert_eq!(game.counted(ADA, 3).await, 3);
    assert_eq!(store.counts(), ["count 1 upto 3", "count 1 upto 3"]);
}

#[tokio::test(start_paused = true)]
async fn presses_for_a_player_who_is_gone_are_given_up_with_their_number() {
    let store = Fake::with(&["Ada", "Bob"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 1);
    game.counted(ADA, 1).await;
    store.data().players.remove(&1);
    game.press(ADA, 4);
    let refused = game.observe(|r| matches!(r, Reply::Refused { .. })).await;
    let Reply::Refused {
        player,
        presses,
        why,
    } = refused
    else {
        unreachable!();
    };
    assert_eq!((player, presses), (ADA, 4));
    let gone = Box::new(Say::Store(StoreError::Gone));
    assert_eq!(why, Say::NotCounted { presses, why: gone });
    game.press(BOB, 1);
    assert_eq!(game.counted(BOB, 1).await, 1);
}

#[tokio::test(start_paused = true)]
async fn a_full_disk_keeps_presses_waiting_until_there_is_room() {
    let store = Fake::with(&["Ada"]);
    store
        .data()
        .count_fates
        .extend([Fate::Before(full()), Fate::Before(full())]);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 7);
    let told = game.observe(|r| matches!(r, Reply::Trouble(_))).await;
    let is_full = |r: &Reply| matches!(r, Reply::Trouble(t) if t.what == Say::Store(full()));
    assert!(is_full(&told), "{told:?}");
    assert_eq!(outbox.waiting(), 7);
    assert_eq!(game.counted(ADA, 7).await, 7);
}

#[tokio::test(start_paused = true)]
async fn what_waits_in_the_outbox_is_said_to_be_kept_and_again_as_more_comes() {
    let store = Fake::with(&["Ada"]);
    let fates = [lost(), lost(), lost(), lost(), lost()].map(Fate::Before);
    store.data().count_fates.extend(fates);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 2);
    game.observe(|r| *r == Reply::Kept(2)).await;
    assert_eq!(outbox.waiting(), 2);
    game.press(ADA, 3);
    game.observe(|r| *r == Reply::Kept(5)).await;
    assert_eq!(outbox.waiting(), 5);
    game.observe(|r| *r == Reply::Recovered).await;
    game.counted(ADA, 5).await;
    // The next trouble begins anew: what was kept before is no longer there.
    store
        .data()
        .count_fates
        .extend(vec![Fate::Before(lost()); 5]);
    game.press(ADA, 1);
    game.observe(|r| matches!(r, Reply::Kept(_))).await;
    let kept = game.said.iter().filter(|r| matches!(r, Reply::Kept(_)));
    let expected = [2, 5, 1].map(Reply::Kept);
    assert_eq!(kept.cloned().collect::<Vec<_>>(), expected);
}

#[tokio::test(start_paused = true)]
async fn an_outbox_that_fails_too_is_said_in_the_trouble() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates.push_back(Fate::Before(full()));
    let mut game = Game::start(&store, &FakeOutbox::broken()).await;
    game.press(ADA, 1);
    game.observe(|r| matches!(r, Reply::Trouble(t) if t.unkept.is_some()))
        .await;
    assert_eq!(game.counted(ADA, 1).await, 1);
}

fn entry(name: &str) -> Entry {
    Entry::new(name, "").expect("a name")
}

#[tokio::test(start_paused = true)]
async fn an_addition_is_tried_again_only_where_nothing_was_written() {
    let store = Fake::with(&[]);
    store.data().add_fates.push_back(Fate::Before(busy()));
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(Command::Change(Change::Add(entry("Ada"))));
    game.observe(|r| matches!(r, Reply::Done(Change::Add(_), _)))
        .await;
    store.data().add_fates.push_back(Fate::After(lost()));
    game.send(Command::Change(Change::Add(entry("Bob"))));
    let failed = game.observe(|r| matches!(r, Reply::Failed(..))).await;
    assert!(
        format!("{failed:?}").contains("LookWhetherDone"),
        "{failed:?}"
    );
    let names: Vec<String> = {
        let data = store.data();
        data.players.values().map(|p| p.name.clone()).collect()
    };
    assert_eq!(names, ["Ada", "Bob"], "Bob is there once, not twice");
}

#[tokio::test(start_paused = true)]
async fn an_edit_of_a_player_who_is_gone_is_reported() {
    let store = Fake::with(&["Ada"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(Command::Change(Change::Edit(BOB, entry("Bo"))));
    game.observe(|r| {
        matches!(
            r,
            Reply::Failed(Change::Edit(..), Say::Store(StoreError::Gone))
        )
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_kept_before_a_rest_begins() {
    let store = Fake::with(&["Ada"]);
    let slow = Fate::Slow(Duration::from_secs(1));
    store.data().count_fates.push_back(slow);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 2);
    settle().await;
    game.press(ADA, 3);
    game.send(Command::Rest);
    game.observe(|r| *r == Reply::Resting).await;
    assert_eq!((store.score(1), outbox.waiting()), (2, 3));
    game.send(Command::Resume);
    game.counted(ADA, 5).await;
    game.leave().await;
    assert_eq!((store.score(1), outbox.waiting()), (5, 0));
}

#[tokio::test(start_paused = true)]
async fn nothing_begins_during_a_rest() {
    let store = Fake::with(&["Ada"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(Command::Rest);
    game.observe(|r| *r == Reply::Resting).await;
    game.press(ADA, 2);
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(store.counts(), [""; 0]);
    game.send(Command::Resume);
    assert_eq!(game.counted(ADA, 2).await, 2);
}

#[tokio::test(start_paused = true)]
async fn presses_over_the_limit_are_told_once_whatever_becomes_of_the_answers() {
    let store = Fake::with(&["Ada"]);
    store.data().limit = Some(3);
    let fates = [
        Fate::After(lost()),
        Fate::Before(busy()),
        Fate::After(lost()),
    ];
    store.data().count_fates.extend(fates);
    let outbox = FakeOutbox::default();
    let mut game = Game::start(&store, &outbox).await;
    game.press(ADA, 5);
    assert_eq!(game.counted(ADA, 3).await, 3);
    let over = |reply: &Reply| matches!(reply, Reply::OverRate { .. });
    let limit = Some(10);
    let told = |presses| Reply::OverRate {
        player: ADA,
        presses,
        limit,
    };
    assert_eq!(game.observe(over).await, told(2));
    game.press(ADA, 4);
    assert_eq!(game.observe(over).await, told(4));
    let (farewell, said) = game.leave().await;
    assert_eq!((farewell.kept, farewell.lost), (0, None));
    assert_eq!(said.iter().filter(|reply| over(reply)).count(), 2);
    assert_eq!((store.score(1), outbox.waiting()), (3, 0));
}

#[tokio::test(start_paused = true)]
async fn presses_of_all_who_wait_go_out_in_one_transaction() {
    let store = Fake::with(&["Ada", "Bob", "Cleo"]);
    let cleo = PlayerId(3);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    for player in [cleo, ADA, BOB] {
        game.press(player, 1);
        game.counted(player, 1).await;
    }
    store.data().count_fates.push_back(Fate::Held);
    game.press(BOB, 1);
    settle().await;
    for (player, presses) in [(cleo, 3), (BOB, 1), (ADA, 2)] {
        game.press(player, presses);
    }
    store.release();
    game.counted(cleo, 4).await;
    let counts = store.counts();
    // Cleo's row is the first one, and hers is the last of the players.
    let together = "count 2 upto 3, 3 upto 3, 1 upto 4";
    assert_eq!(counts.last().map(String::as_str), Some(together));
    assert_eq!(counts.len(), 5);
    assert_eq!([1, 2, 3].map(|id| store.score(id)), [3, 3, 4]);
}

#[tokio::test(start_paused = true)]
async fn first_presses_of_all_who_wait_are_registered_together() {
    let names: Vec<String> = (1..=250).map(|n| format!("Player {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let store = Fake::with(&names);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    // One of them is removed before the first press arrives.
    store.data().players.remove(&7);
    for player in (1..=250).map(PlayerId) {
        game.press(player, 2);
    }
    let last = PlayerId(250);
    game.counted(last, 2).await;
    let (_, said) = game.leave().await;
    let registered: Vec<usize> = store.data().registered.iter().map(Vec::len).collect();
    assert_eq!(registered.iter().sum::<usize>(), 250, "{registered:?}");
    assert_eq!(registered.len(), 3, "{registered:?}");
    let missed = (1..=250).filter(|id| *id != 7 && store.score(*id) != 2);
    assert_eq!(missed.collect::<Vec<i64>>(), Vec::<i64>::new());
    let refused = |r: &&Reply| {
        matches!(
            r,
            Reply::Refused {
                player: PlayerId(7),
                presses: 2,
                ..
            }
        )
    };
    assert_eq!(said.iter().filter(refused).count(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_transaction_of_many_whose_answer_is_lost_counts_once() {
    let store = Fake::with(&["Ada", "Bob"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 1);
    game.press(BOB, 1);
    game.counted(BOB, 1).await;
    store.data().count_fates.push_back(Fate::After(lost()));
    game.press(ADA, 2);
    game.press(BOB, 3);
    game.counted(BOB, 4).await;
    game.leave().await;
    assert_eq!((store.score(1), store.score(2)), (3, 4));
    let both = "count 1 upto 3, 2 upto 4";
    assert_eq!(store.counts(), ["count 1 upto 1, 2 upto 1", both, both]);
}

#[tokio::test(start_paused = true)]
async fn after_a_transaction_of_many_there_is_a_short_rest_in_which_more_gather() {
    let store = Fake::with(&["Ada"; 24]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    for number in 1..=20 {
        game.press(PlayerId(number), 1);
    }
    game.counted(PlayerId(20), 1).await;
    // These come one after the other, each a millisecond later.
    for number in 21..=24 {
        game.press(PlayerId(number), 1);
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    game.counted(PlayerId(24), 1).await;
    let counts = store.counts();
    let last = "count 21 upto 1, 22 upto 1, 23 upto 1, 24 upto 1";
    assert_eq!(counts.len(), 2, "{counts:?}");
    assert_eq!(counts[1], last);
    // Who plays alone never waits.
    for total in 2..=9 {
        let begun = tokio::time::Instant::now();
        game.press(PlayerId(1), 1);
        game.counted(PlayerId(1), total).await;
        assert!(total == 2 || begun.elapsed() < Duration::from_millis(1));
    }
}

#[tokio::test(start_paused = true)]
async fn one_who_is_gone_takes_nobody_along() {
    let store = Fake::with(&["Ada", "Bob", "Cleo"]);
    let cleo = PlayerId(3);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    for player in [ADA, BOB, cleo] {
        game.press(player, 1);
        game.counted(player, 1).await;
    }
    store.data().players.remove(&2);
    for round in 2..=3 {
        for player in [ADA, BOB, cleo] {
            game.press(player, 1);
        }
        let of_bob = |r: &Reply| {
            matches!(
                r,
                Reply::Refused {
                    player: BOB,
                    presses: 1,
                    ..
                }
            )
        };
        game.observe(of_bob).await;
        if !game.said.iter().any(|r| matches!(r, Reply::Counted { player, counted, .. } if *player == cleo && *counted == round)) {
            game.counted(cleo, round).await;
        }
    }
    let (farewell, said) = game.leave().await;
    assert_eq!((farewell.kept, farewell.lost), (0, None));
    assert_eq!((store.score(1), store.score(3)), (3, 3));
    let refused = said.iter().filter(|r| matches!(r, Reply::Refused { .. }));
    assert_eq!(refused.count(), 2);
    // The first time it is not known whose failure it is; from then on the others go together.
    let together = store.counts().into_iter().filter(|c| c.contains(", "));
    let expected = ["count 1 upto 2, 2 upto 2, 3 upto 2"];
    assert_eq!(together.collect::<Vec<_>>(), expected);
}
