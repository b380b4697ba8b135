//! Histories are read while presses are saved, with the database's clock.

use std::time::Duration;

use clickoff::game::{ClockReading, Period, PlayerId, Points, Quarter};
use clickoff::message::{Command, Question, Reply};
use clickoff::store::StoreError;
use clickoff::words::Say;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::fake::{Fake, FakeOutbox, Fate, damaged, lost};
use crate::{ADA, BOB, Game};

fn rank(period: Period) -> Command {
    Command::Ask(Question::Rank(period, TimeZone::UTC))
}

/// What was asked of the store about the past.
fn asked(store: &Fake) -> Vec<String> {
    let data = store.data();
    let past = data.calls.iter();
    past.filter(|call| call.starts_with("ranking") || call.starts_with("history"))
        .cloned()
        .collect()
}

async fn ranked(game: &mut Game) -> (Period, ClockReading, Vec<Points>) {
    match game.observe(|r| matches!(r, Reply::Ranked(..))).await {
        Reply::Ranked(period, clock, ranking) => (period, clock, ranking.points),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn the_period_is_that_of_the_databases_clock() {
    let store = Fake::with(&["Ada", "Bob"]);
    // Long after what this machine's clock shows.
    let clock: Timestamp = "2100-03-03T12:00:00Z".parse().expect("a time");
    store.data().clock = clock;
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 3);
    game.counted(ADA, 3).await;
    game.send(rank(Period::Week));
    let (period, told, points) = ranked(&mut game).await;
    assert_eq!((period, told.time), (Period::Week, clock));
    let ada = Points {
        player: ADA,
        points: 3,
        score: 3,
    };
    assert_eq!(points, [ada]);
    let (monday, _) = Period::Week.bounds(clock, &TimeZone::UTC);
    let (first, _) = Period::Week.bounds(Timestamp::now(), &TimeZone::UTC);
    let calls = [first, monday].map(|since| format!("ranking {}", since.0));
    assert_eq!(asked(&store), calls, "again, once the clock is known");
}

#[tokio::test(start_paused = true)]
async fn a_question_is_answered_at_once_and_its_time_is_in_the_middle() {
    let store = Fake::with(&["Ada"]);
    store.data().clock = Timestamp::now();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let begun = tokio::time::Instant::now();
    let slow = Fate::Slow(Duration::from_millis(80));
    store.data().past_fates.push_back(slow);
    game.send(Command::Ask(Question::Recall(ADA)));
    let told = game.observe(|r| matches!(r, Reply::Recalled(..))).await;
    assert!(
        begun.elapsed() < Duration::from_millis(90),
        "without waiting for the next poll"
    );
    let Reply::Recalled(player, clock, record) = told else {
        panic!("{told:?}");
    };
    assert_eq!(player, ADA);
    assert_eq!(
        clock.at.duration_since(begun.into_std()),
        Duration::from_millis(40)
    );
    assert_eq!(record.quarters, [(Quarter::of(clock.time), 0)]);
}

#[tokio::test(start_paused = true)]
async fn a_slow_answer_delays_no_press() {
    let store = Fake::with(&["Ada"]);
    store.data().past_fates.push_back(Fate::Held);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(rank(Period::Day));
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(asked(&store).len(), 1);
    game.press(ADA, 2);
    game.counted(ADA, 2).await;
    assert!(!game.said.iter().any(|r| matches!(r, Reply::Ranked(..))));
    store.release();
    ranked(&mut game).await;
}

#[tokio::test(start_paused = true)]
async fn only_the_latest_question_of_a_kind_is_answered() {
    let store = Fake::with(&["Ada", "Bob"]);
    store.data().clock = Timestamp::now();
    store.data().past_fates.push_back(Fate::Held);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(Command::Ask(Question::Recall(ADA)));
    tokio::time::sleep(Duration::from_secs(1)).await;
    for command in [
        Command::Ask(Question::Recall(ADA)),
        rank(Period::Month),
        rank(Period::Day),
    ] {
        game.send(command);
    }
    game.send(Command::Ask(Question::Recall(BOB)));
    tokio::time::sleep(Duration::from_secs(1)).await;
    store.release();
    assert_eq!(ranked(&mut game).await.0, Period::Day);
    let bob = |r: &Reply| matches!(r, Reply::Recalled(player, ..) if *player == BOB);
    game.observe(bob).await;
    assert_eq!(asked(&store).len(), 3, "{:?}", asked(&store));
}

#[tokio::test(start_paused = true)]
async fn what_can_not_be_answered_now_is_answered_later() {
    let store = Fake::with(&["Ada"]);
    store.data().clock = Timestamp::now();
    for _ in 0..5 {
        store.data().past_fates.push_back(Fate::Before(lost()));
    }
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(rank(Period::Day));
    assert_eq!(ranked(&mut game).await.0, Period::Day);
    let blind = game
        .said
        .iter()
        .any(|r| matches!(r, Reply::WatchTrouble(_)));
    assert!(blind, "nothing was seen meanwhile");
}

#[tokio::test(start_paused = true)]
async fn a_database_that_forbids_it_is_played_on_and_one_that_is_damaged_is_not() {
    let store = Fake::with(&["Ada"]);
    store
        .data()
        .past_fates
        .push_back(Fate::Before(StoreError::Forbidden {
            place: "db".into(),
            why: "no".into(),
        }));
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(rank(Period::Day));
    let told = game.observe(|r| matches!(r, Reply::Unanswered(..))).await;
    let why = Say::Store(StoreError::Forbidden {
        place: "db".into(),
        why: "no".into(),
    });
    let asked = Question::Rank(Period::Day, TimeZone::UTC);
    assert_eq!(told, Reply::Unanswered(asked, why));
    game.press(ADA, 1);
    game.counted(ADA, 1).await;
    game.send(Command::Ask(Question::Recall(PlayerId(99))));
    store
        .data()
        .past_fates
        .push_back(Fate::Before(StoreError::Gone));
    store.data().past_fates.push_back(Fate::Before(damaged()));
    tokio::time::sleep(Duration::from_secs(2)).await;
    game.send(Command::Ask(Question::Recall(ADA)));
    game.observe(|r| matches!(r, Reply::Broken { .. })).await;
}

#[tokio::test(start_paused = true)]
async fn another_period_is_ranked_soon_after_a_slow_one_and_the_same_one_rests() {
    let store = Fake::with(&["Ada"]);
    store.data().clock = Timestamp::now();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    let took = Duration::from_millis(100);
    let ask = async |game: &mut Game, period| {
        let begun = tokio::time::Instant::now();
        game.send(rank(period));
        assert_eq!(ranked(game).await.0, period);
        begun.elapsed()
    };
    for period in [Period::Month, Period::Week, Period::Day] {
        store.data().past_fates.push_back(Fate::Slow(took));
        let waited = ask(&mut game, period).await;
        assert!(waited < 3 * took, "{period:?}: {waited:?}");
    }
    let waited = ask(&mut game, Period::Day).await;
    assert!(waited > 15 * took, "the database rests: {waited:?}");
}
