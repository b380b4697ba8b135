//! Tests of `game/trace.rs`.

use std::time::Duration;

use clickoff::game::contest::{Length, Trace};

fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

#[test]
fn a_trace_reads_as_it_was_written() {
    let mut trace = Trace::default();
    for (at, presses) in [(0, 1), (99, 1), (100, 0), (250, 3), (9_999, 12)] {
        trace.add(ms(at), presses);
    }
    let text = trace.to_string();
    assert!(text.starts_with("2,,3,,"), "{text}");
    assert_eq!(Trace::parse(&text, Length::Ten), Some(trace.clone()));
    assert_eq!(Trace::parse(&text, Length::Five), None, "too long for it");
    assert_eq!(Trace::parse("", Length::Five), Some(Trace::default()));
    for damaged in ["1,x", "-1", "1,,99999999999999999999999"] {
        assert_eq!(Trace::parse(damaged, Length::Ten), None, "{damaged}");
    }
    let all_of_a_minute = ",".repeat(599) + "7";
    let read = Trace::parse(&all_of_a_minute, Length::Sixty);
    assert_eq!(read.map(|trace| trace.total()), Some(7));
}

#[test]
fn a_ghost_is_where_it_was_at_the_end_of_each_step() {
    let mut ghost = Trace::default();
    for at in [50, 150, 160, 1_200] {
        ghost.add(ms(at), 1);
    }
    let places = [0, 99, 100, 199, 200, 1_299, 1_300, 60_000].map(|at| ghost.total_at(ms(at)));
    assert_eq!(places, [0, 0, 1, 1, 3, 3, 4, 4]);
    let paces = [200, 1_000, 1_100, 1_300, 9_000].map(|at| ghost.last_second(ms(at)));
    assert_eq!(paces, [3, 3, 2, 1, 0]);
}

#[test]
fn a_pace_is_a_mean_over_the_time_before() {
    let mut trace = Trace::default();
    (0..40).for_each(|n| trace.add(ms(100 * n), 1));
    let over = |seconds, at| trace.pace(Duration::from_secs(seconds), ms(at));
    assert_eq!((over(1, 0), over(1, 500), over(1, 1_000)), (0.0, 5.0, 10.0));
    assert_eq!((over(3, 500), over(3, 2_000)), (5.0, 10.0), "so far");
    assert_eq!((over(3, 5_000), over(3, 60_000)), (20.0 / 3.0, 0.0));
}

#[test]
fn the_best_second_is_anywhere() {
    let mut trace = Trace::default();
    assert_eq!(trace.best_second(), 0);
    trace.add(ms(100), 2);
    assert_eq!(trace.best_second(), 2, "of less than a second");
    for at in [850, 1_050, 1_250, 1_449, 1_850, 4_999] {
        trace.add(ms(at), 1);
    }
    assert_eq!(trace.best_second(), 4, "from 0.8 s on, or from 0.9 s");
}
