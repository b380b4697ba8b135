//! Others' changes reach the screen, and never lower a committed score that was shown.

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::message::Reply;
use clickoff::store::{Changes, Cursor};

use crate::fake::{Fake, FakeOutbox, Fate, busy, lost, player};
use crate::{ADA, BOB, Game};

fn change(players: Vec<clickoff::game::Player>, gone: Vec<PlayerId>) -> Changes {
    Changes {
        players,
        gone,
        too_many: false,
        raced: false,
        cursor: Cursor(1),
    }
}

#[tokio::test(start_paused = true)]
async fn what_others_do_is_seen_within_half_a_second() {
    let store = Fake::with(&["Ada", "Bob"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let news = change(vec![player(2, "Bob", 7)], vec![ADA]);
    store.data().changes.push_back((Duration::ZERO, news));
    let begun = tokio::time::Instant::now();
    let observed = game.observe(|r| matches!(r, Reply::Changed { .. })).await;
    assert!(begun.elapsed() <= Duration::from_millis(500));
    let expected = Reply::Changed {
        players: vec![player(2, "Bob", 7)].into(),
        gone: vec![ADA],
    };
    assert_eq!(observed, expected);
}

#[tokio::test(start_paused = true)]
async fn a_slow_poll_does_not_take_back_what_was_committed_meanwhile() {
    let store = Fake::with(&["Ada", "Bob"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    // This poll begins before the press and ends after its commit, with what it read before.
    let stale = change(vec![player(1, "Ada", 0), player(2, "Bob", 5)], vec![]);
    store
        .data()
        .changes
        .push_back((Duration::from_secs(2), stale));
    tokio::time::sleep(Duration::from_secs(1)).await;
    game.press(ADA, 1);
    game.counted(ADA, 1).await;
    let observed = game.observe(|r| matches!(r, Reply::Changed { .. })).await;
    let expected = Reply::Changed {
        players: vec![player(2, "Bob", 5)].into(),
        gone: vec![],
    };
    assert_eq!(observed, expected);
    assert_eq!(BOB, PlayerId(2));
}

#[tokio::test(start_paused = true)]
async fn polls_that_fail_are_told_and_so_is_their_end_after_what_they_missed() {
    for (error, offline) in [(lost(), true), (busy(), false)] {
        let store = Fake::with(&["Ada", "Bob"]);
        let mut game = Game::start(&store, &FakeOutbox::default()).await;
        let failing = vec![Fate::Before(error.clone()); 6];
        let missed = change(vec![player(2, "Bob", 7)], vec![]);
        store.data().poll_fates.extend(failing);
        store.data().changes.push_back((Duration::ZERO, missed));
        game.observe(|r| *r == Reply::WatchRecovered).await;
        let told = game.said.iter().filter_map(|r| match r {
            Reply::WatchTrouble(trouble) => Some(trouble),
            _ => None,
        });
        let told: Vec<_> = told.collect();
        assert!((5..=6).contains(&told.len()), "all but a short one");
        assert!(told.iter().all(|t| t.what == error.clone().into()));
        assert!(told.iter().all(|t| t.offline == offline));
        let longest = told.iter().map(|t| t.retry_in).max();
        assert!(longest > Some(Duration::from_secs(1)), "it waits longer");
        let end = &game.said[game.said.len() - 2..];
        assert!(matches!(
            end,
            [Reply::Changed { .. }, Reply::WatchRecovered]
        ));
        // And then it polls as often as before.
        let polls = store.data().polls;
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!((9..=11).contains(&(store.data().polls - polls)));
    }
}

#[tokio::test(start_paused = true)]
async fn on_a_slow_link_it_polls_nearly_as_often_and_tells_the_time_once() {
    let ms = Duration::from_millis;
    for (way, polls) in [(ms(1), 9..=11), (ms(150), 9..=11), (ms(600), 4..=6)] {
        let store = Fake::with(&["Ada"]);
        store.data().round_trip = Some(way);
        let game = Game::start(&store, &FakeOutbox::default()).await;
        let before = store.data().polls;
        tokio::time::sleep(Duration::from_secs(4)).await;
        assert!(polls.contains(&(store.data().polls - before)), "{way:?}");
        let (_, said) = game.leave().await;
        let told = said.iter().filter(|r| matches!(r, Reply::RoundTrip(_)));
        assert_eq!(told.collect::<Vec<_>>(), [&Reply::RoundTrip(way)]);
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_file_no_round_trip_is_told() {
    let store = Fake::with(&["Ada"]);
    let game = Game::start(&store, &FakeOutbox::default()).await;
    tokio::time::sleep(Duration::from_secs(4)).await;
    let (_, said) = game.leave().await;
    assert!(!said.iter().any(|r| matches!(r, Reply::RoundTrip(_))));
}
