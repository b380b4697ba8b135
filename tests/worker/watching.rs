//! Others' changes reach the screen, and never take a committed score back.

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::message::Reply;
use clickoff::store::{Changes, Cursor};

use crate::fake::{Fake, FakeOutbox, player};
use crate::{ADA, BOB, Game};

fn change(players: Vec<clickoff::game::Player>, gone: Vec<PlayerId>) -> Changes {
    Changes {
        players,
        gone,
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
    let heard = game.hear(|r| matches!(r, Reply::Changed { .. })).await;
    assert!(begun.elapsed() <= Duration::from_millis(500));
    let expected = Reply::Changed {
        players: vec![player(2, "Bob", 7)],
        gone: vec![ADA],
    };
    assert_eq!(heard, expected);
}

#[tokio::test(start_paused = true)]
async fn a_slow_look_does_not_take_back_what_was_committed_meanwhile() {
    let store = Fake::with(&["Ada", "Bob"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    // This look begins before the press and ends after its commit, with what it read before.
    let stale = change(vec![player(1, "Ada", 0), player(2, "Bob", 5)], vec![]);
    store
        .data()
        .changes
        .push_back((Duration::from_secs(2), stale));
    tokio::time::sleep(Duration::from_secs(1)).await;
    game.press(ADA, 1);
    game.counted(ADA, 1).await;
    let heard = game.hear(|r| matches!(r, Reply::Changed { .. })).await;
    let expected = Reply::Changed {
        players: vec![player(2, "Bob", 5)],
        gone: vec![],
    };
    assert_eq!(heard, expected);
    assert_eq!(BOB, PlayerId(2));
}
