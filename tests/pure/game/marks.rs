//! Tests of `game/marks.rs`.

use clickoff::game::contest::{Length, Trace};
use clickoff::game::marks::{Mark, next, of};
use clickoff::game::record::{OwnRace, OwnSprint};
use clickoff::game::{Past, Quarter, Record};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::civil::date;
use jiff::tz::TimeZone;

fn day(n: i8) -> Timestamp {
    let noon = date(2026, 3, n).at(12, 0, 0, 0);
    noon.to_zoned(TimeZone::UTC).expect("a time").timestamp()
}

fn record(days: &[(i8, i64)]) -> Record {
    let quarters = days
        .iter()
        .map(|(n, points)| (Quarter::of(day(*n)), *points));
    let quarters: Vec<_> = quarters.collect();
    Record {
        score: quarters.iter().map(|(_, points)| points).sum(),
        quarters,
        ..Record::default()
    }
}

fn sprint(length: Length, trace: &str, n: i8) -> OwnSprint {
    let trace = Trace::parse(trace, length).expect("a trace");
    OwnSprint {
        length,
        presses: trace.total(),
        at: day(n),
        trace: Some(trace),
        beat: 0,
    }
}

fn race(n: i8, presses: u64, rival: Option<u64>) -> OwnRace {
    OwnRace {
        start: day(n),
        presses,
        rival,
    }
}

fn marked(record: &Record, mark: Mark) -> (u64, u64, Option<i8>) {
    let past = Past::new(record, &TimeZone::UTC);
    let all = of(&past);
    let marked = all.iter().find(|m| m.mark == mark).expect("the mark");
    (marked.have, marked.goal, marked.on.map(Date::day))
}

#[test]
fn who_has_nothing_has_no_mark_and_the_first_point_is_next() {
    let past = Past::default();
    let marks = of(&past);
    assert!(
        marks.iter().all(|m| !m.is_reached() && m.on.is_none()),
        "{marks:?}"
    );
    assert_eq!(next(&marks).map(|m| m.mark), Some(Mark::First));
    assert_eq!(next(&[]), None);
}

#[test]
fn points_make_marks_on_the_day_that_they_are_full() {
    let past = record(&[(1, 99), (2, 1), (3, 899), (4, 1), (5, 2_000)]);
    for (mark, expected) in [
        (Mark::First, (1, 1, Some(1))),
        (Mark::Day(100), (100, 100, Some(3))),
        (Mark::Day(1_000), (1_000, 1_000, Some(5))),
        (Mark::Hour(1_000), (1_000, 1_000, Some(5))),
        (Mark::All(1_000), (1_000, 1_000, Some(4))),
        (Mark::All(10_000), (3_000, 10_000, None)),
        (Mark::Streak(7), (5, 7, None)),
    ] {
        assert_eq!(marked(&past, mark), expected, "{mark:?}");
    }
    let past = Past::new(&past, &TimeZone::UTC);
    assert_eq!(next(&of(&past)).map(|m| m.mark), Some(Mark::Streak(7)));
}

#[test]
fn what_was_scored_before_days_were_kept_has_no_date() {
    let mut old = record(&[(1, 5)]);
    old.quarters.insert(0, (Quarter::BEFORE, 2_000));
    old.score += 2_000;
    assert_eq!(marked(&old, Mark::First), (1, 1, None));
    assert_eq!(marked(&old, Mark::All(1_000)), (1_000, 1_000, None));
    assert_eq!(marked(&old, Mark::Day(100)), (5, 100, None));
}

#[test]
fn a_mark_stays_where_the_score_fell_later() {
    let fallen = record(&[(1, 1_500), (2, -1_400)]);
    assert_eq!(marked(&fallen, Mark::All(1_000)), (1_000, 1_000, Some(1)));
    let debts = record(&[(1, -5)]);
    assert_eq!(marked(&debts, Mark::First), (0, 1, None));
}

#[test]
fn a_week_without_a_gap_is_one_that_may_be_over() {
    let days = |days: std::ops::RangeInclusive<i8>| days.map(|n| (n, 1)).collect::<Vec<_>>();
    let week = [days(2..=8), vec![(20, 4)]].concat();
    assert_eq!(marked(&record(&week), Mark::Streak(7)), (7, 7, Some(8)));
    let gap = [days(2..=7), days(9..=11)].concat();
    assert_eq!(marked(&record(&gap), Mark::Streak(7)), (6, 7, None));
}

#[test]
fn sprints_and_races_make_marks() {
    let mut all = record(&[]);
    all.sprints = vec![
        sprint(Length::Five, "1,,2", 4),
        sprint(Length::Ten, ",,,,,,,5,,,,,,,,,4,1", 3),
    ];
    assert_eq!(marked(&all, Mark::Sprint), (1, 1, None));
    assert_eq!(marked(&all, Mark::Lengths), (2, 4, None));
    assert_eq!(marked(&all, Mark::Second(10)), (9, 10, None));
    all.sprints[0] = sprint(Length::Five, ",,10", 6);
    assert_eq!(marked(&all, Mark::Second(10)), (10, 10, Some(6)));
    for (beat, have) in [([0, 0], 0), ([9, 3], 9), ([3, 10], 10), ([44, 10], 10)] {
        all.sprints[0].beat = beat[0];
        all.sprints[1].beat = beat[1];
        assert_eq!(marked(&all, Mark::Beaten(10)), (have, 10, None), "{beat:?}");
    }

    for (races, won, close) in [
        (vec![], None, None),
        (vec![race(1, 9, None)], None, None),
        (vec![race(1, 9, Some(9)), race(1, 8, Some(9))], None, None),
        (
            vec![race(3, 9, Some(7)), race(2, 9, Some(0))],
            Some(2),
            None,
        ),
        (
            vec![race(3, 9, Some(8)), race(2, 9, Some(0))],
            Some(2),
            Some(3),
        ),
    ] {
        all.races = races;
        let reached = |on: Option<i8>| (u64::from(on.is_some()), 1, on);
        assert_eq!(marked(&all, Mark::Won), reached(won), "{:?}", all.races);
        assert_eq!(marked(&all, Mark::Close), reached(close), "{:?}", all.races);
    }
}
