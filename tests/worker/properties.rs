//! Whatever fails and whenever, in the end the score is the number of presses.

use std::time::Duration;

use clickoff::message::Command;
use clickoff::message::Reply;
use clickoff::store::Epoch;
use proptest::prelude::*;

use crate::fake::{Fake, FakeOutbox, Fate, busy, full, lost};
use crate::{ADA, BOB, Game};

#[derive(Debug, Clone)]
enum Step {
    Press(bool, usize),
    Wait(u64),
    /// Leave in an orderly way, or at once, and start again.
    Restart(bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<bool>(), 1..20usize).prop_map(|(ada, n)| Step::Press(ada, n)),
        3 => (0..2000u64).prop_map(Step::Wait),
        1 => any::<bool>().prop_map(Step::Restart),
    ]
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Before(busy())),
        Just(Fate::Before(lost())),
        Just(Fate::After(lost())),
        Just(Fate::Before(full())),
        (0..3000u64).prop_map(|ms| Fate::Slow(Duration::from_millis(ms))),
        Just(Fate::Slow(Duration::ZERO)),
        Just(Fate::Slow(Duration::ZERO)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_press_is_counted_once(
        steps in prop::collection::vec(step(), 1..40),
        fates in prop::collection::vec(fate(), 0..60),
    ) {
        let (pressed, scores) = in_paused_time(play(steps, fates));
        prop_assert_eq!(pressed, scores);
    }
}

/// Runs a game whose time passes only where it waits.
fn in_paused_time<T>(game: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(game)
}

/// What happens in a game whose server forgets.
#[derive(Debug, Clone)]
enum Turn {
    Press(bool, usize),
    Wait(u64),
    /// A standby has all until here.
    Copy,
    /// It takes over.
    FailOver,
}

fn turn() -> impl Strategy<Value = Turn> {
    prop_oneof![
        6 => (any::<bool>(), 1..20usize).prop_map(|(ada, n)| Turn::Press(ada, n)),
        3 => (0..2000u64).prop_map(Turn::Wait),
        2 => Just(Turn::Copy),
        2 => Just(Turn::FailOver),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_a_server_forgets_while_a_game_is_on_is_counted_once(
        turns in prop::collection::vec(turn(), 1..40),
        fates in prop::collection::vec(fate(), 0..60),
    ) {
        let (pressed, scores) = in_paused_time(forget(turns, fates));
        prop_assert_eq!(pressed, scores);
    }
}

async fn forget(turns: Vec<Turn>, fates: Vec<Fate>) -> ([i64; 2], [i64; 2]) {
    let store = Fake::with(&["Ada", "Bob"]);
    store.data().epoch = Some(Epoch("one".into()));
    store.data().count_fates.extend(fates);
    let mut pressed = [0, 0];
    let copied = || {
        let data = store.data();
        (data.players.clone(), data.sessions.clone())
    };
    let mut copy = copied();
    let game = Game::start(&store, &FakeOutbox::default()).await;
    for turn in turns {
        match turn {
            Turn::Press(ada, times) => {
                game.press(if ada { ADA } else { BOB }, times);
                pressed[usize::from(!ada)] += times as i64;
            }
            Turn::Wait(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            Turn::Copy => copy = copied(),
            Turn::FailOver => {
                let mut data = store.data();
                (data.players, data.sessions) = copy.clone();
                data.count_fates.push_front(Fate::Before(lost()));
                data.poll_fates.push_back(Fate::Before(lost()));
            }
        }
    }
    store.data().count_fates.clear();
    tokio::time::sleep(Duration::from_secs(60)).await;
    game.leave().await;
    (pressed, [store.score(1), store.score(2)])
}

async fn play(steps: Vec<Step>, fates: Vec<Fate>) -> ([i64; 2], [i64; 2]) {
    let store = Fake::with(&["Ada", "Bob"]);
    let outbox = FakeOutbox::default();
    store.data().count_fates.extend(fates);
    let mut pressed = [0, 0];
    let mut game = Game::start(&store, &outbox).await;
    for step in steps {
        match step {
            Step::Press(ada, times) => {
                game.press(if ada { ADA } else { BOB }, times);
                pressed[usize::from(!ada)] += times as i64;
            }
            Step::Wait(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            Step::Restart(now) => {
                if now {
                    game.send(Command::LeaveNow);
                }
                game.send(Command::Leave);
                game.observe(|r| matches!(r, Reply::Left(_))).await;
                game = Game::start(&store, &outbox).await;
            }
        }
    }
    store.data().count_fates.clear();
    game.send(Command::Leave);
    game.observe(|r| matches!(r, Reply::Left(_))).await;
    // What the last run could not deliver in its time, the next one does.
    let last = Game::start(&store, &outbox).await;
    tokio::time::sleep(Duration::from_secs(60)).await;
    last.leave().await;
    assert_eq!(outbox.waiting(), 0);
    (pressed, [store.score(1), store.score(2)])
}
