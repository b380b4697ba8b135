//! Tests of `game/contest.rs`.

use std::time::{Duration, Instant};

use clickoff::game::Tally;
use clickoff::game::contest::{Clock, Length, Run};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn five_seconds() -> (Instant, Clock) {
    let start = Instant::now();
    let length = Length::Five;
    (start, Clock { start, length })
}

/// A run that begins after presses of which six still wait.
fn after_thirty_presses() -> (Instant, Run) {
    let before = Tally {
        pressed: 30,
        counted: 20,
        refused: 4,
    };
    let (start, clock) = five_seconds();
    (start, Run::new(clock, before))
}

#[test]
fn only_what_is_pressed_from_the_start_to_the_end_is_of_the_contest() {
    let (start, clock) = five_seconds();
    let mut run = Run::new(clock, Tally::default());
    for at in [
        start - ms(1),
        start,
        start + ms(4_999),
        start + ms(5_000),
        start + ms(5_001),
    ] {
        run.pressed(1, at);
    }
    assert_eq!(run.trace().total(), 2);
    assert_eq!(run.trace().to_string(), format!("1{}1", ",".repeat(49)));
}

#[test]
fn a_sprint_is_committed_with_the_last_of_its_presses_and_void_with_a_refused_one() {
    let (start, mut run) = after_thirty_presses();
    run.pressed(20, start);
    let end = Tally {
        pressed: 50,
        counted: 45,
        refused: 4,
    };
    assert!(!run.is_saved(end));
    let saved = Tally { counted: 46, ..end };
    assert!(run.is_saved(saved), "the four will never be counted");
    assert!(!run.is_refused(end));
    assert!(run.is_refused(Tally { refused: 5, ..end }));
}

#[test]
fn what_is_committed_of_a_run_is_neither_of_before_nor_of_after_it() {
    let (start, mut run) = after_thirty_presses();
    run.pressed(10, start);
    // What is counted and refused since, and how many of the ten are committed for certain.
    for (counted, refused, committed) in [
        (20, 0, 0),
        (26, 0, 0),
        (27, 0, 1),
        (36, 0, 10),
        (50, 0, 10),
        (32, 4, 6),
        (50, 4, 6),
        (50, 99, 0),
    ] {
        let tally = Tally {
            pressed: 60,
            counted,
            refused: 4 + refused,
        };
        assert_eq!(run.committed(tally), committed, "{tally:?}");
    }
}

#[test]
fn the_clock_ticks_at_each_step_and_at_the_end() {
    let (start, clock) = five_seconds();
    for (now, next) in [
        (0, 100),
        (99, 100),
        (100, 200),
        (4_950, 5_000),
        (7_000, 5_000),
    ] {
        let shown = clock.next(start + ms(now), true);
        assert_eq!(shown, start + ms(next), "{now}");
    }
    assert_eq!(Length::of_seconds(30), Some(Length::Thirty));
    assert_eq!(Length::of_seconds(7), None);
}
