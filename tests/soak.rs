//! A day of a game in seconds, with a simulated clock: state and worker must not grow.
//!
//! It is a test program of its own, so that the memory it measures is only its own.

#[allow(dead_code)] // the worker's tests use more of it
#[path = "worker/fake.rs"]
mod fake;

use std::fs;
use std::time::Duration;

use clickoff::message::{Action, Effect, Message, Reply};
use clickoff::state::{State, update};
use clickoff::store::{Changes, ClientId, Cursor};
use clickoff::worker::{self, Timing, Worker};
use fake::{Fake, FakeOutbox, Fate, busy, lost, player};
use tokio::time::Instant;

/// How many players there are.
const PLAYERS: usize = 50;

/// How much more memory a day may leave than its first quarter, in KiB.
const MORE: u64 = 512;

/// A game without a screen.
struct Game {
    state: State,
    worker: Worker,
}

impl Game {
    fn take(&mut self, message: Message) {
        for effect in update(&mut self.state, message, Instant::now().into_std()) {
            if let Effect::Send(command) = effect {
                self.worker.handle.send(command);
            }
        }
    }

    fn act(&mut self, action: Action) {
        self.take(Message::Action(action));
    }

    /// Lives on for a time as the program's loop does: answers, and ticks when they are due.
    async fn live(&mut self, time: Duration) {
        let end = Instant::now() + time;
        while Instant::now() < end {
            let now = Instant::now();
            let wake = self.state.wake_at(now.into_std());
            let wake = wake.map_or(end, |at| Instant::from_std(at).min(end));
            match tokio::time::timeout_at(wake, self.worker.replies.recv()).await {
                Ok(Some(reply)) => {
                    assert!(!matches!(reply, Reply::Broken { .. }), "{reply:?}");
                    self.take(Message::Reply(reply));
                }
                Ok(None) => panic!("the worker ended"),
                Err(_) if wake < end => self.take(Message::Tick),
                Err(_) => {}
            }
        }
    }
}

/// Somebody else scores a point.
fn another_scores(store: &Fake, id: u64, cursor: i64) {
    let (id, name) = (id as i64, format!("Player {id}"));
    let mut data = store.data();
    let other = data.players.get_mut(&id).expect("a player");
    other.score += 1;
    let players = vec![player(id, &name, other.score)];
    let change = Changes {
        players,
        gone: Vec::new(),
        too_many: false,
        raced: false,
        cursor: Cursor(cursor),
    };
    data.changes.push_back((Duration::ZERO, change));
}

/// An hour: two minutes of five presses a second, with looks at periods and histories, others who
/// score all the time, and an outage. Gives the presses.
async fn hour(game: &mut Game, store: &Fake, hour: u64) -> u64 {
    let mut presses = 0;
    for minute in 0..60 {
        for at in 0..4 {
            let cursor = (hour * 3600 + minute * 60 + at) as i64;
            another_scores(store, 2 + (at + minute) % (PLAYERS as u64 - 1), cursor);
            if minute >= 2 {
                game.live(Duration::from_secs(15)).await;
                continue;
            }
            for _ in 0..75 {
                game.act(Action::Press);
                presses += 1;
                game.live(Duration::from_millis(200)).await;
            }
        }
        match minute {
            1 => {
                let mut data = store.data();
                data.count_fates
                    .extend((0..20).map(|_| Fate::Before(busy())));
                data.count_fates.push_back(Fate::After(lost()));
                data.poll_fates
                    .extend((0..20).map(|_| Fate::Before(lost())));
            }
            20 | 25 | 30 | 35 => game.act(Action::Period),
            40 => {
                game.act(Action::History);
                game.live(Duration::from_secs(5)).await;
                game.act(Action::Back);
            }
            _ => {}
        }
    }
    // What the test's store remembers is the test's.
    store.data().calls = Vec::new();
    presses
}

/// Resident memory in KiB, open files and threads of this process.
fn held() -> (u64, usize, usize) {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let memory = memory.and_then(|line| line.split_whitespace().next()?.parse().ok());
    let count = |what| fs::read_dir(what).expect("Linux").count();
    (
        memory.expect("a number"),
        count("/proc/self/fd"),
        count("/proc/self/task"),
    )
}

#[tokio::test(start_paused = true)]
async fn after_a_day_a_game_holds_what_it_held_after_six_hours() {
    let names: Vec<String> = (1..=PLAYERS).map(|n| format!("Player {n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let store = Fake::with(&names);
    let outbox = FakeOutbox::default();
    let (scoring, watching) = (store.clone(), store.clone());
    let client = ClientId::new_v4();
    let worker = worker::spawn(scoring, watching, outbox.clone(), client, Timing::default());
    let start_with = Some("Player 1".to_owned());
    let mut game = Game {
        state: State::new(String::new(), start_with, String::new(), false),
        worker,
    };
    game.live(Duration::from_secs(1)).await;
    assert!(game.state.loaded);
    let begun = Instant::now();
    let (mut presses, mut quarter) = (0, None);
    for at in 0..24 {
        presses += hour(&mut game, &store, at).await;
        if at == 5 {
            quarter = Some(held());
        }
    }
    assert!(begun.elapsed() >= Duration::from_secs(24 * 60 * 60));
    let (memory, files, threads) = quarter.expect("six hours");
    let last = held();
    assert!(
        last.0 <= memory + MORE && last.1 == files && last.2 == threads,
        "{last:?}, after six hours {:?}",
        (memory, files, threads)
    );
    game.act(Action::Quit);
    game.worker.task.await.expect("an orderly end");
    assert_eq!(store.score(1), presses as i64, "every press, once");
    assert_eq!(outbox.waiting(), 0);
}
