//! The contract for best sprints: saved once, only ever improved, and removed with their player.

use std::time::Duration;

use clickoff::game::PlayerId;
use clickoff::game::contest::{Length, Trace};
use clickoff::game::sprint::{Best, Board, BoardPlace as Rank, Kept, PLACES, Sprinted};
use clickoff::store::{Contests, SessionId, Store};

use super::{Place, add, opened, session};

/// A sprint with so many presses, one a step.
fn sprinted(player: PlayerId, length: Length, presses: u64) -> Sprinted {
    let mut trace = Trace::default();
    for n in 0..presses {
        trace.add(Duration::from_millis(100 * (n % 50)), 1);
    }
    Sprinted {
        player,
        length,
        trace,
    }
}

fn rank(player: PlayerId, presses: u64) -> Rank {
    let trace = Some(sprinted(player, Length::Ten, presses).trace);
    Rank {
        player,
        presses,
        trace,
    }
}

/// Counts so many presses in a sprint of the player, and keeps it.
async fn keep<S: Store>(store: &mut S, player: PlayerId, length: Length, presses: u64) {
    let row = session(store, player).await;
    store.begin_sprint(row).await.expect("begun");
    store.count(row, presses).await.expect("counted");
    let sprint = sprinted(player, length, presses);
    let kept = store.keep_sprint(row, &sprint).await;
    assert_eq!(kept, Ok(true), "{sprint:?}");
}

pub async fn a_sprint_is_of_presses_that_its_session_counted_in_its_time(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let row = session(&mut store, ada).await;
    let nine = sprinted(ada, Length::Five, 9);
    store.count(row, 100).await.expect("counted");
    assert_eq!(store.keep_sprint(row, &nine).await, Ok(false), "not begun");
    store.begin_sprint(row).await.expect("begun");
    store.count(row, 108).await.expect("counted");
    assert_eq!(store.keep_sprint(row, &nine).await, Ok(false), "one short");
    let nobodys = SessionId(row.0 + 1);
    assert_eq!(store.keep_sprint(nobodys, &nine).await, Ok(false));
    assert_eq!(store.bests(ada).await, Ok(Default::default()));
    store.count(row, 109).await.expect("counted");
    for _ in 0..2 {
        assert_eq!(store.keep_sprint(row, &nine).await, Ok(true), "said again");
    }
    let worse = sprinted(ada, Length::Five, 3);
    assert_eq!(store.keep_sprint(row, &worse).await, Ok(true));
    assert_eq!(
        place.number("SELECT presses FROM click_sprints").await,
        9,
        "the best stays"
    );
    place
        .sql("UPDATE click_sessions SET sprint_at = sprint_at - 66000000")
        .await;
    let late = sprinted(ada, Length::Ten, 9);
    assert_eq!(store.keep_sprint(row, &late).await, Ok(true), "70 s");
    let late = sprinted(ada, Length::Five, 9);
    place
        .sql("UPDATE click_sprints SET presses = 5; UPDATE click_sessions SET sprint_at = sprint_at - 66000000")
        .await;
    assert_eq!(store.keep_sprint(row, &late).await, Ok(false), "too late");
    let long = sprinted(ada, Length::Ten, 9);
    assert_eq!(store.keep_sprint(row, &long).await, Ok(false), "too late");
    let steps = place.number("SELECT MAX(presses) FROM click_sprints").await;
    assert_eq!(steps, 5, "nothing more was kept");
}

pub async fn a_sprint_is_kept_only_if_it_is_better(place: impl Place) {
    let mut store = opened(place.store()).await;
    let mut other = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let bob = add(&mut store, "Bob").await;
    assert_eq!(store.bests(ada).await, Ok(Default::default()));
    for presses in [30, 41, 41, 12, 40] {
        keep(&mut store, ada, Length::Five, presses).await;
    }
    keep(&mut other, bob, Length::Five, 40).await;
    keep(&mut other, ada, Length::Sixty, 7).await;
    let bests = other.bests(ada).await.expect("the bests");
    assert_eq!(bests.board(Length::Five), [rank(ada, 41), rank(bob, 40)]);
    assert_eq!(bests.board(Length::Ten), []);
    assert_eq!(bests.board(Length::Sixty), [rank(ada, 7)]);
    let own = |length, presses| Best {
        length,
        presses,
        ghost: Some(sprinted(ada, length, presses).trace),
    };
    assert_eq!(bests.own, [own(Length::Five, 41), own(Length::Sixty, 7)]);
    // By how much a best beat the one before stays, though a later one beat that by less.
    keep(&mut store, ada, Length::Five, 43).await;
    let record = store.history(ada).await.expect("a history").value;
    let beat: Vec<_> = record.sprints.iter().map(|sprint| sprint.beat).collect();
    assert_eq!(beat, [11, 0]);
    let bests = store.bests(bob).await.expect("the bests");
    assert_eq!(bests.own(Length::Five).map(|best| best.presses), Some(40));
    assert_eq!(
        place.number("SELECT COUNT(*) FROM click_sprints").await,
        3,
        "bests only"
    );
}

pub async fn a_board_has_so_many_places_and_the_earlier_of_equals_first(place: impl Place) {
    let mut store = opened(place.store()).await;
    let mut players = Vec::new();
    for n in 0..PLACES as u64 + 3 {
        let player = add(&mut store, "one of many").await;
        keep(&mut store, player, Length::Ten, 10 + n / 2).await;
        players.push(player);
    }
    let all = store.board(Board::Length(Length::Ten, 50)).await;
    let all = all.expect("a board");
    assert_eq!(all.len(), players.len(), "as many as one wants");
    let better: Vec<u64> = all.iter().map(|kept| kept.better).collect();
    assert_eq!(better, [0, 1, 1, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11]);
    let first: Vec<Kept> = store
        .board(Board::Length(Length::Ten, 3))
        .await
        .expect("a board");
    assert_eq!(first, all[..3]);
    let own = store.board(Board::Player(players[5])).await;
    let own = own.expect("a board");
    let kept = all.iter().find(|kept| kept.player == players[5]);
    assert_eq!(own.iter().collect::<Vec<_>>(), [kept.expect("on it")]);
    // The first of all made as many as the last, and earlier.
    keep(&mut store, players[0], Length::Ten, 16).await;
    place
        .sql("UPDATE click_sprints SET at = at - 60 WHERE presses = 16 AND trace LIKE '1,1,1%' AND user_id = (SELECT MIN(id) FROM users)")
        .await;
    let bests = store.bests(players[1]).await.expect("the bests");
    let board = bests.board(Length::Ten);
    assert_eq!(board.len(), PLACES);
    assert_eq!(board[..2], [rank(players[0], 16), rank(players[12], 16)]);
    let presses: Vec<u64> = board.iter().map(|place| place.presses).collect();
    assert_eq!(presses, [16, 16, 15, 15, 14, 14, 13, 13, 12, 12]);
    assert_eq!(
        bests.own(Length::Ten).map(|best| best.presses),
        Some(10),
        "one's own best is told wherever it stands"
    );
}

pub async fn sprints_go_with_their_player(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    let bob = add(&mut store, "Bob").await;
    for length in Length::ALL {
        keep(&mut store, ada, length, 9).await;
    }
    keep(&mut store, bob, Length::Ten, 8).await;
    place
        .sql("UPDATE users SET id = id + 1000 WHERE name = 'Bob'")
        .await;
    let row = session(&mut store, ada).await;
    store.begin_sprint(row).await.expect("begun");
    store.count(row, 99).await.expect("counted");
    store.remove(ada).await.expect("removed");
    let late = sprinted(ada, Length::Ten, 99);
    assert_eq!(store.keep_sprint(row, &late).await, Ok(false));
    let moved = PlayerId(bob.0 + 1000);
    let bests = store.bests(moved).await.expect("the bests");
    assert_eq!(bests.board(Length::Ten), [rank(moved, 8)]);
    assert_eq!(bests.own.len(), 1, "it went with the key");
    assert_eq!(place.number("SELECT COUNT(*) FROM click_sprints").await, 1);
}

pub async fn a_broken_trace_is_a_sprint_without_a_ghost(place: impl Place) {
    let mut store = opened(place.store()).await;
    let ada = add(&mut store, "Ada").await;
    keep(&mut store, ada, Length::Five, 9).await;
    keep(&mut store, ada, Length::Ten, 9).await;
    place
        .sql(
            "UPDATE click_sprints SET trace = 'x,y' WHERE seconds = 5;
             UPDATE click_sprints SET presses = 99 WHERE seconds = 10;",
        )
        .await;
    let bests = store.bests(ada).await.expect("the bests");
    let own: Vec<_> = bests.own.iter().map(|b| (b.presses, &b.ghost)).collect();
    assert_eq!(own, [(9, &None), (99, &None)]);
}
