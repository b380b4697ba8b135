//! Sprints are saved beside the presses, and neither waits for the other for ever.

use std::time::Duration;

use clickoff::game::contest::{Length, Trace};
use clickoff::game::sprint::Sprinted;
use clickoff::message::{Command, ContestCommand, Question, Reply};
use clickoff::store::StoreError;
use clickoff::words::Say;

use crate::fake::{Fake, FakeOutbox, Fate, busy, lost};
use crate::{ADA, BOB, Game, settle};

fn sprinted(presses: u64) -> Sprinted {
    let mut trace = Trace::default();
    trace.add(Duration::ZERO, presses);
    Sprinted {
        player: ADA,
        length: Length::Ten,
        trace,
    }
}

fn forbidden() -> StoreError {
    StoreError::Forbidden {
        place: "db".into(),
        why: "no".into(),
    }
}

async fn own_best(game: &mut Game) -> Option<u64> {
    game.send(Command::Ask(Question::Bests(ADA)));
    match game.observe(|r| matches!(r, Reply::Bests(..))).await {
        Reply::Bests(_, bests) => bests.own(Length::Ten).map(|best| best.presses),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_sprint_is_kept_and_the_bests_are_told_when_asked_for() {
    let store = Fake::with(&["Ada"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    assert_eq!(own_best(&mut game).await, None);
    game.send(Command::Contest(ContestCommand::KeepSprint(sprinted(5))));
    let kept = game.observe(|r| matches!(r, Reply::SprintKept(_))).await;
    assert_eq!(kept, Reply::SprintKept(sprinted(5)));
    assert_eq!(own_best(&mut game).await, Some(5));
    let asked = store.data().calls.len();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(store.data().calls.len(), asked, "nothing more is asked");
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_asked_for_again_and_nothing_is_kept_twice() {
    let store = Fake::with(&["Ada"]);
    store.data().sprint_fates = [Fate::Before(busy()), Fate::After(lost())].into();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(Command::Contest(ContestCommand::KeepSprint(sprinted(5))));
    game.observe(|r| matches!(r, Reply::SprintKept(_))).await;
    let calls = store.data().calls.clone();
    assert_eq!(calls, ["sprint 1 5", "sprint 1 5", "sprint 1 5"]);
}

#[tokio::test(start_paused = true)]
async fn the_beginning_is_noted_before_any_press_of_the_sprint_is_counted() {
    let store = Fake::with(&["Ada"]);
    store.data().count_fates = [Fate::Held].into();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 1);
    settle().await;
    game.send(Command::Contest(ContestCommand::BeginSprint(ADA)));
    game.press(ADA, 2);
    settle().await;
    store.release();
    game.counted(ADA, 3).await;
    let calls = store.data().calls.clone();
    let begun = calls.iter().position(|call| call == "begin sprint 1");
    let counted = calls.iter().position(|call| call == "count 1 upto 3");
    assert!(begun.is_some() && begun < counted, "{calls:?}");
}

#[tokio::test(start_paused = true)]
async fn a_sprint_that_the_database_does_not_believe_is_told_as_such() {
    let store = Fake::with(&["Ada"]);
    store.data().doubts_sprints = true;
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(Command::Contest(ContestCommand::KeepSprint(sprinted(5))));
    let told = game.observe(|r| matches!(r, Reply::SprintUnkept(..))).await;
    assert_eq!(
        told,
        Reply::SprintUnkept(sprinted(5), Say::SprintNotBelieved)
    );
    assert_eq!(own_best(&mut game).await, None);
}

#[tokio::test(start_paused = true)]
async fn a_sprint_that_may_not_be_kept_holds_no_press_up() {
    let store = Fake::with(&["Ada", "Bob"]);
    store.data().sprint_fates = [Fate::Before(forbidden())].into();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 5);
    game.counted(ADA, 5).await;
    game.send(Command::Contest(ContestCommand::KeepSprint(sprinted(5))));
    game.press(BOB, 3);
    game.observe(|r| matches!(r, Reply::SprintUnkept(..))).await;
    game.counted(BOB, 3).await;
    game.press(BOB, 1);
    game.counted(BOB, 4).await;
    assert!(!game.said.iter().any(|r| matches!(r, Reply::Trouble(_))));
}

#[tokio::test(start_paused = true)]
async fn bests_that_may_not_be_read_are_said_to_be_and_those_that_can_not_be_now_come_later() {
    let store = Fake::with(&["Ada"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    store.data().bests_fates = [Fate::Before(forbidden()), Fate::Before(lost())].into();
    game.send(Command::Ask(Question::Bests(ADA)));
    let told = game.observe(|r| matches!(r, Reply::Unanswered(..))).await;
    assert_eq!(
        told,
        Reply::Unanswered(Question::Bests(ADA), forbidden().into())
    );
    assert_eq!(own_best(&mut game).await, None);
}

#[tokio::test(start_paused = true)]
async fn leaving_keeps_the_sprint_that_was_just_run() {
    let store = Fake::with(&["Ada"]);
    let game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(ADA, 2);
    game.send(Command::Contest(ContestCommand::KeepSprint(sprinted(2))));
    settle().await;
    game.leave().await;
    assert_eq!(store.score(1), 2);
    assert_eq!(store.data().sprints[&(ADA, Length::Ten)], 2);
}
