//! How fast players score, by the times and sizes of their points.

use std::time::{Duration, Instant};

use clickoff::game::{LONGEST, OwnPresses, PLAYING, Pace, PlayerId};

const ADA: PlayerId = PlayerId(1);
const BOB: PlayerId = PlayerId(2);

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn rates(pace: &Pace, id: PlayerId) -> [f64; 3] {
    [1, 10, 60].map(|s| pace.rate(id, Duration::from_secs(s)))
}

#[test]
fn a_rate_is_counted_over_its_whole_window() {
    let start = Instant::now();
    let mut pace = Pace::default();
    pace.pressed(ADA, 1, start);
    pace.pressed(ADA, 1, start + ms(20));
    assert_eq!(
        rates(&pace, ADA),
        [2.0, 0.2, 2.0 / 60.0],
        "two quick presses are not fifty a second"
    );
    // Eight a second, for a minute and more.
    for n in 1..=800 {
        pace.pressed(ADA, 1, start + ms(125 * n));
    }
    assert_eq!(rates(&pace, ADA), [8.0, 8.0, 8.0]);
    assert_eq!(rates(&pace, BOB), [0.0, 0.0, 0.0]);
}

#[test]
fn a_rate_is_never_more_than_what_came_in_the_window() {
    let start = Instant::now();
    for gap in [1, 3, 30, 99, 100, 101, 333, 400, 1_000, 7_000] {
        let mut pace = Pace::default();
        let times: Vec<Instant> = (0..300).map(|n| start + ms(gap * n)).collect();
        for at in &times {
            pace.pressed(ADA, 1, *at);
        }
        for window in [1, 10, 60].map(Duration::from_secs) {
            let latest = times[299];
            let came = times.iter().filter(|at| latest < **at + window).count() as f64;
            let rate = pace.rate(ADA, window) * window.as_secs_f64();
            assert!(rate <= came + 1e-9, "{rate} of {came}, every {gap} ms");
            let one_entry = (100.0 / gap as f64).ceil();
            assert!(rate >= came - one_entry, "{rate} of {came}, every {gap} ms");
        }
    }
}

#[test]
fn who_has_stopped_goes_after_five_seconds_and_then_nothing_is_due() {
    let start = Instant::now();
    let mut pace = Pace::default();
    pace.seen(ADA, 3, OwnPresses::Waiting(0), start);
    pace.seen(BOB, 3, OwnPresses::Waiting(0), start + ms(2_000));
    assert_eq!(pace.due(), Some(start + PLAYING));
    assert!(!pace.expire(start + ms(4_999)));
    assert!(pace.expire(start + PLAYING));
    assert_eq!((pace.is_playing(ADA), pace.is_playing(BOB)), (false, true));
    assert_eq!(pace.due(), Some(start + ms(2_000) + PLAYING));
    assert!(pace.expire(start + ms(2_000) + PLAYING));
    assert_eq!((pace.is_playing(BOB), pace.due()), (false, None));
}

#[test]
fn the_peak_stays_and_the_last_minute_goes_by_second_by_second() {
    let start = Instant::now();
    let mut pace = Pace::default();
    pace.pressed(ADA, 3, start);
    pace.pressed(ADA, 4, start + ms(900));
    pace.pressed(ADA, 2, start + ms(30_000));
    pace.pressed(ADA, 1, start + ms(59_800));
    assert_eq!(pace.peak(ADA), 7, "not per calendar second");
    let minute = pace.last_minute(ADA);
    assert_eq!(minute.iter().sum::<u64>(), 10);
    assert_eq!([minute[0], minute[1], minute[30], minute[59]], [3, 4, 2, 1]);
    pace.pressed(ADA, 1, start + ms(61_000));
    assert_eq!(
        pace.last_minute(ADA).iter().sum::<u64>(),
        4,
        "two bursts are too old"
    );
    assert_eq!((pace.peak(ADA), pace.peak(BOB)), (7, 0));
    assert_eq!(pace.last_minute(BOB), [0; 60]);
}

#[test]
fn a_score_that_was_set_is_no_pace() {
    let now = Instant::now();
    for rise in [0, -1, -500, i64::MIN, 1_001, i64::MAX] {
        let mut pace = Pace::default();
        pace.seen(ADA, rise, OwnPresses::Waiting(0), now);
        assert!(!pace.is_playing(ADA), "{rise}");
        assert_eq!(pace.rate(ADA, LONGEST), 0.0, "{rise}");
    }
    let mut pace = Pace::default();
    pace.seen(ADA, 1_000, OwnPresses::Waiting(0), now);
    assert!(pace.is_playing(ADA));
}

#[test]
fn own_presses_are_counted_once_and_those_of_others_beside_them_too() {
    let now = Instant::now();
    let points = |pace: &Pace| (pace.rate(ADA, LONGEST) * 60.0).round() as u64;
    // The commit of five own presses, and of two that somebody else made for the same player.
    let mut pace = Pace::default();
    pace.pressed(ADA, 5, now);
    pace.seen(ADA, 7, OwnPresses::Counted(5), now);
    assert_eq!(points(&pace), 7);
    // A look sees some of them before their count is known: whose they are is open until then.
    let mut pace = Pace::default();
    pace.pressed(ADA, 5, now);
    pace.seen(ADA, 7, OwnPresses::Waiting(5), now);
    assert_eq!(points(&pace), 7);
    pace.seen(ADA, 0, OwnPresses::Counted(5), now);
    assert_eq!(points(&pace), 7);
    let mut pace = Pace::default();
    pace.pressed(ADA, 5, now);
    pace.seen(ADA, 2, OwnPresses::Waiting(5), now);
    pace.seen(ADA, 1, OwnPresses::Waiting(5), now);
    assert_eq!(points(&pace), 5);
    pace.seen(ADA, 5, OwnPresses::Counted(5), now);
    assert_eq!(points(&pace), 8);
    // Kept presses of an earlier run were not made now.
    let mut pace = Pace::default();
    pace.seen(ADA, 40, OwnPresses::Counted(40), now);
    assert!(!pace.is_playing(ADA));
}
