//! Races in the worker: joined while presses are saved, and polled five times a second while one is
//! watched.

use std::time::Duration;

use clickoff::game::contest::Length;
use clickoff::game::race::{Entrance, RaceId, Standing};
use clickoff::message::{Command, ContestCommand, Progress, Question, Reply};
use clickoff::store::StoreError;
use clickoff::words::Say;
use jiff::SignedDuration;

use crate::fake::{Fake, FakeOutbox, Fate, busy, lost};
use crate::{ADA, BOB, Game, settle};

const OPEN: Command =
    Command::Contest(ContestCommand::EnterRace(ADA, Entrance::Open(Length::Five)));

fn report(presses: u64, standing: Standing) -> Command {
    Command::Contest(ContestCommand::ReportRace(Progress {
        race: RaceId(1),
        player: ADA,
        presses,
        standing,
        trace: None,
    }))
}

fn is_entered(reply: &Reply) -> bool {
    matches!(reply, Reply::RaceEntered(..))
}

#[tokio::test(start_paused = true)]
async fn a_race_is_told_five_times_a_second_until_it_is_closed_and_of_nobody_else() {
    let store = Fake::with(&["Ada", "Bob"]);
    let mut here = Game::start(&store, &FakeOutbox::default()).await;
    let mut there = Game::start(&store, &FakeOutbox::default()).await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let idle = store.data().race_polls;
    assert_eq!(idle, 2, "each once, at its start");
    here.send(OPEN);
    here.observe(is_entered).await;
    there.observe(|r| matches!(r, Reply::RaceOpened(..))).await;
    let before = store.data().race_polls;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let polls = store.data().race_polls - before;
    assert!((9..=12).contains(&polls), "{polls} in two seconds");
    here.send(report(0, Standing::Done));
    let closed = here.observe(|r| matches!(r, Reply::RaceSeen(_, Some(race), _) if race.closed));
    closed.await;
    settle().await;
    let after = store.data().race_polls;
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(store.data().race_polls, after, "nothing more is asked");
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_the_database_comes_with_every_poll() {
    for apart in [-5, 0, 5] {
        let store = Fake::with(&["Ada"]);
        let clock = jiff::Timestamp::now() + SignedDuration::from_secs(apart);
        store.data().clock = clock;
        let zero = store.data().now();
        let begun = tokio::time::Instant::now().into_std();
        let mut game = Game::start(&store, &FakeOutbox::default()).await;
        game.send(OPEN);
        for _ in 0..5 {
            let seen = game.observe(|r| matches!(r, Reply::RaceSeen(..))).await;
            let Reply::RaceSeen(_, _, sample) = seen else {
                panic!("{seen:?}");
            };
            let shown = sample.time.duration_since(zero).unsigned_abs();
            assert_eq!(shown, sample.at - begun, "{apart} s apart");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_takes_no_second_place_and_presses_go_on() {
    let store = Fake::with(&["Ada", "Bob"]);
    store.data().race_fates = [Fate::Before(busy()), Fate::After(lost())].into();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.press(BOB, 2);
    game.send(OPEN);
    game.press(BOB, 1);
    game.observe(is_entered).await;
    game.press(BOB, 1);
    game.counted(BOB, 4).await;
    let races = store.data().races.clone();
    assert_eq!((races.len(), races[0].0.racers.len()), (1, 1));
    store.data().race_fates = [Fate::After(lost())].into();
    game.send(report(4, Standing::Racing));
    game.send(report(6, Standing::Done));
    game.observe(|r| matches!(r, Reply::RaceSeen(_, Some(race), _) if race.closed))
        .await;
    assert_eq!(store.data().races[0].0.racers[0].presses, 6);
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_raced_is_said_and_holds_no_press_up() {
    let forbidden = StoreError::Forbidden {
        place: "db".into(),
        why: "no".into(),
    };
    let store = Fake::with(&["Ada"]);
    store.data().race_fates = [Fate::Before(forbidden.clone())].into();
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(OPEN);
    game.press(ADA, 3);
    let missed = game.observe(|r| matches!(r, Reply::RaceMissed(_))).await;
    assert_eq!(missed, Reply::RaceMissed(forbidden.into()));
    game.counted(ADA, 3).await;
    assert!(!game.said.iter().any(|r| matches!(r, Reply::Trouble(_))));
    // Too late is no trouble either.
    game.send(Command::Contest(ContestCommand::EnterRace(
        ADA,
        Entrance::Join(RaceId(9)),
    )));
    let late = game.observe(|r| matches!(r, Reply::RaceMissed(_))).await;
    assert_eq!(late, Reply::RaceMissed(Say::RaceMissed));
    game.send(Command::Ask(Question::Races));
    let races = game.observe(|r| matches!(r, Reply::Races(_))).await;
    assert_eq!(races, Reply::Races(Vec::new()));
}

#[tokio::test(start_paused = true)]
async fn leaving_tells_the_race_and_enters_no_other() {
    let store = Fake::with(&["Ada"]);
    let mut game = Game::start(&store, &FakeOutbox::default()).await;
    game.send(OPEN);
    game.observe(is_entered).await;
    game.press(ADA, 2);
    game.send(report(1, Standing::Left));
    game.send(OPEN);
    game.leave().await;
    assert_eq!(store.score(1), 2);
    let data = store.data();
    let race = &data.races[0].0;
    assert!(race.closed);
    assert_eq!(race.racers[0].presses, 1);
    let entered = data.calls.iter().filter(|c| c.starts_with("enter"));
    assert_eq!(entered.count(), 1);
    assert_eq!(data.retired.len(), 1, "its row is not left behind");
}
