//! Scenes of a race.

use std::time::Duration;

use clickoff::game::contest::{Kind, Length, Trace};
use clickoff::game::race::{Entered, Race, RaceId, Racer, Standing};
use clickoff::game::{ClockReading, PlayerId};
use clickoff::message::{Action, Reply};
use clickoff::words::Say;
use jiff::Timestamp;

use super::sprints::even;
use super::{hostile_players, playing};
use crate::common::{Game, NOON};

const ADA: PlayerId = PlayerId(2);
const RACE: RaceId = RaceId(3);

/// A race over ten seconds that starts at noon.
fn race(racers: &[(i64, &str, u64, Standing)]) -> Race {
    let racers = (1..).zip(racers);
    Race {
        id: RACE,
        length: Length::Ten,
        start: noon(),
        closed: false,
        racers: racers
            .map(|(number, (player, name, presses, standing))| Racer {
                number,
                player: PlayerId(*player),
                name: (*name).to_owned(),
                presses: *presses,
                standing: *standing,
                trace: None,
            })
            .collect(),
    }
}

fn noon() -> Timestamp {
    NOON.parse().expect("a time")
}

/// Bob, Ada and one with a name that breaks columns, at so many presses.
pub fn of_three(presses: [u64; 3], standings: [Standing; 3]) -> Race {
    let names = [(1, "Bob"), (2, "Ada"), (4, "王小明和他的朋友们在一起")];
    let racers: Vec<_> = (0..3)
        .map(|at| (names[at].0, names[at].1, presses[at], standings[at]))
        .collect();
    race(&racers)
}

/// All of them to the end.
pub const DONE: [Standing; 3] = [Standing::Done; 3];

/// What the database's clock shows so long before noon.
fn sample(game: &Game, before: Duration) -> ClockReading {
    ClockReading {
        time: noon() - before,
        at: game.now,
        took: Duration::from_millis(2),
    }
}

pub fn seen(game: &mut Game, race: Race, before: Duration) {
    let sample = sample(game, before);
    game.reply(Reply::RaceSeen(RACE, Some(race), sample));
}

/// Ada has joined, six seconds before the start.
fn joined(race: Race) -> Game {
    let mut game = race_offer();
    game.act(Action::Join);
    let entered = Entered {
        race: RACE,
        racer: 2,
    };
    game.reply(Reply::RaceEntered(ADA, entered));
    seen(&mut game, race, Duration::from_secs(6));
    game
}

pub fn race_offer() -> Game {
    let mut game = playing();
    let race = of_three([0; 3], [Standing::Racing; 3]);
    let sample = sample(&game, Duration::from_secs(6));
    game.reply(Reply::RaceOpened(race, sample));
    game
}

pub fn race_choice() -> Game {
    let mut game = playing();
    game.act(Action::Contest(Kind::Race));
    let done = [Standing::Done, Standing::Done, Standing::Left];
    let mut two = of_three([71, 84, 12], done);
    two.racers.truncate(2);
    two.length = Length::Five;
    let races = vec![of_three([71, 84, 12], done), two];
    game.reply(Reply::Races(races));
    game
}

pub fn race_starting() -> Game {
    let mut game = joined(of_three([0; 3], [Standing::Racing; 3]));
    game.after(Duration::from_millis(2_500));
    game
}

/// At 6.4 s, with 50 presses of Ada's of which 48 are committed.
fn run(mut game: Game) -> Game {
    game.after(Duration::from_millis(3_500));
    let standings = [Standing::Racing, Standing::Racing, Standing::Left];
    for tick in 0..16 {
        game.press(match tick {
            0..8 => 2,
            8..14 => 5,
            _ => 2,
        });
        game.after(Duration::from_millis(400));
        let made = [57 * (tick + 1) / 16, 45 * (tick + 1) / 16, 12.min(3 * tick)];
        seen(&mut game, of_three(made, standings), Duration::ZERO);
    }
    game.counted(2, 48, 890);
    game
}

pub fn race_running() -> Game {
    run(race_starting())
}

pub fn race_without_motion() -> Game {
    run(race_starting().still())
}

pub fn race_of_many() -> Game {
    let players = hostile_players();
    let mut racers: Vec<_> = players
        .iter()
        .map(|p| (p.id.0 + 100, p.name.as_str(), 40, Standing::Racing))
        .collect();
    racers.extend_from_within(..);
    racers.insert(1, (2, "Ada", 7, Standing::Racing));
    let mut own = racers[1];
    own.2 = 41;
    racers.push(own);
    let mut game = joined(race(&racers));
    game.after(Duration::from_millis(10_000));
    game
}

pub fn race_saving() -> Game {
    let mut game = race_running();
    game.after(Duration::from_secs(4));
    game
}

pub fn race_result() -> Game {
    let mut game = race_saving();
    game.counted(2, 50, 892);
    seen(&mut game, closed(), Duration::ZERO);
    game
}

/// Two are equally fast.
pub fn race_shared() -> Game {
    let mut race = closed();
    race.racers[0].presses = 50;
    race.racers[0].trace = Some(even(50));
    let mut game = race_saving();
    game.counted(2, 50, 892);
    seen(&mut game, race, Duration::ZERO);
    game
}

/// The race when it is closed: who was done has told when the presses were made.
fn closed() -> Race {
    let mut race = Race {
        closed: true,
        ..of_three(
            [71, 50, 12],
            [Standing::Done, Standing::Done, Standing::Left],
        )
    };
    let mut ada = Trace::default();
    for (tick, presses) in (0..25).zip([2, 2, 2, 2, 2, 2, 2, 2, 5, 5, 5, 5, 5, 5, 2, 2]) {
        ada.add(Duration::from_millis(400 * tick), presses);
    }
    race.racers[0].trace = Some(even(71));
    race.racers[1].trace = Some(ada);
    race
}

/// Of one who only watches: the race had begun.
fn watched(race: Race) -> Game {
    let mut game = playing();
    let now = sample(&game, Duration::ZERO);
    let opened = of_three([0; 3], [Standing::Racing; 3]);
    game.reply(Reply::RaceOpened(opened, now));
    game.act(Action::Join);
    game.after(Duration::from_millis(2_000));
    seen(&mut game, race, Duration::ZERO);
    game
}

/// The race was on for two seconds when it was first seen.
pub fn race_seen_late() -> Game {
    let mut game = playing();
    let opened = of_three([0; 3], [Standing::Racing; 3]);
    let late = |game: &Game| ClockReading {
        time: noon() + Duration::from_secs(2),
        ..sample(game, Duration::ZERO)
    };
    game.reply(Reply::RaceOpened(opened, late(&game)));
    game.act(Action::Join);
    let race = of_three([9, 12, 3], [Standing::Racing; 3]);
    game.reply(Reply::RaceSeen(RACE, Some(race), late(&game)));
    game
}

pub fn race_watched() -> Game {
    let standings = [Standing::Racing, Standing::Racing, Standing::Left];
    let mut game = watched(of_three([9, 12, 3], standings));
    for second in 1..6 {
        game.after(Duration::from_secs(1));
        let race = of_three([9 + 7 * second, 12 + 6 * second, 3], standings);
        seen(&mut game, race, Duration::ZERO);
    }
    game
}

/// Nobody has joined: whoever sees the result reads the same.
pub fn race_alone_watched() -> Game {
    let mut race = closed();
    race.racers.truncate(1);
    let mut open = race.clone();
    open.closed = false;
    let mut game = watched(open);
    game.after(Duration::from_secs(12));
    seen(&mut game, race, Duration::ZERO);
    game
}

/// Bob wants a rematch.
pub fn race_rematch() -> Game {
    let mut game = race_result();
    let rematch = Race {
        id: RaceId(4),
        start: noon() + Duration::from_secs(40),
        ..of_three([0; 3], [Standing::Racing; 3])
    };
    let sample = sample(&game, Duration::ZERO);
    let sample = ClockReading {
        time: sample.time + Duration::from_secs(33),
        ..sample
    };
    game.reply(Reply::RaceOpened(rematch, sample));
    game
}

pub fn race_replay() -> Game {
    let mut game = race_result();
    game.act(Action::Replay);
    game.after(Duration::from_millis(7_300));
    game
}

pub fn race_replay_without_motion() -> Game {
    let mut game = race_result().still();
    game.act(Action::Replay);
    game.after(Duration::from_millis(7_300));
    game
}

pub fn race_given_up() -> Game {
    let mut game = race_running();
    game.act(Action::Back);
    game
}

pub fn race_missed() -> Game {
    let mut game = race_offer();
    game.act(Action::Join);
    game.reply(Reply::RaceMissed(Say::RaceMissed));
    game
}
