//! Tests of `game/race.rs`.

use std::time::{Duration, Instant};

use clickoff::game::contest::Length;
use clickoff::game::race::{Race, RaceId, Racer, Standing};
use clickoff::game::{ClockReading, PlayerId};
use jiff::Timestamp;

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn racer(number: i64, presses: u64) -> Racer {
    Racer {
        number,
        player: PlayerId(number),
        name: String::new(),
        presses,
        standing: Standing::Done,
        trace: None,
    }
}

#[test]
fn of_all_answers_the_fastest_tells_the_time_whatever_the_clocks_are_apart() {
    let noon: Timestamp = "2026-11-03T12:00:00Z".parse().expect("a time");
    for apart in [-5_000_i64, 0, 5_000, 86_400_000] {
        let zero = noon + jiff::SignedDuration::from_millis(apart);
        let begun = Instant::now() + ms(10_000);
        let mut best = None;
        // Asked after so long, read so long after that, answered so long after that.
        for (asked, there, back) in [(0, 90, 10), (200, 3, 5), (400, 200, 900), (900, 1, 30)] {
            let reading = ClockReading {
                time: zero + ms(asked + there),
                at: begun + ms(asked) + ms(there + back) / 2,
                took: ms(there + back),
            };
            best = Some(ClockReading::best(best, reading));
        }
        let best = best.expect("a reading");
        // The second answer took eight milliseconds, and was read one before its middle.
        for true_ms in [0, 200, 5_000, 70_000] {
            let when = best.when(zero + ms(true_ms)).expect("a time");
            assert_eq!(when, begun + ms(true_ms) + ms(1), "{apart} {true_ms}");
        }
    }
}

#[test]
fn equal_presses_are_equal_ranks_in_the_order_of_joining() {
    let race = Race {
        id: RaceId(1),
        length: Length::Ten,
        start: Timestamp::UNIX_EPOCH,
        closed: true,
        racers: vec![racer(1, 7), racer(2, 9), racer(3, 9), racer(4, 0)],
    };
    let ranked = race.ranked();
    let ranks: Vec<_> = ranked.iter().map(|(rank, r)| (*rank, r.number)).collect();
    assert_eq!(ranks, [(1, 2), (1, 3), (3, 1), (4, 4)]);
}

#[test]
fn a_race_that_all_left_without_a_press_was_not_run() {
    let left = Racer {
        standing: Standing::Left,
        ..racer(1, 0)
    };
    for (racers, was_run) in [
        (vec![left.clone(), left.clone()], false),
        (vec![left.clone(), racer(2, 0)], true),
        (vec![Racer { presses: 1, ..left }], true),
        (vec![], false),
    ] {
        let race = Race {
            id: RaceId(1),
            length: Length::Five,
            start: Timestamp::UNIX_EPOCH,
            closed: true,
            racers,
        };
        assert_eq!(race.was_run(), was_run, "{race:?}");
    }
}
