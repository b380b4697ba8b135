//! Tests of `game/past.rs`.

use clickoff::game::calendar::midnight;
use clickoff::game::{Past, Period, Quarter, Record};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::civil::date;
use jiff::tz::TimeZone;

fn past(days: &[(Date, i64)]) -> Past {
    let noon = |day| Quarter(midnight(day, &TimeZone::UTC).0 + 48);
    let quarters: Vec<_> = days
        .iter()
        .map(|(day, points)| (noon(*day), *points))
        .collect();
    let score = quarters.iter().map(|(_, points)| points).sum();
    of(score, quarters, &TimeZone::UTC)
}

fn of(score: i64, quarters: Vec<(Quarter, i64)>, zone: &TimeZone) -> Past {
    let record = Record {
        score,
        quarters,
        ..Record::default()
    };
    Past::new(&record, zone)
}

#[test]
fn an_hour_is_any_four_quarter_hours_in_a_row() {
    let noon = Quarter::of("2026-03-01T12:00:00Z".parse::<Timestamp>().expect("a time")).0;
    let at = |quarters: &[(i64, i64)]| {
        let quarters = quarters.iter().map(|(at, n)| (Quarter(noon + at), *n));
        of(0, quarters.collect(), &TimeZone::UTC)
    };
    let hour = |past: &Past| past.best_hour().map(|(at, n)| (at.to_string(), n));
    let apart = at(&[(0, 5), (4, 6)]);
    assert_eq!(hour(&apart), Some(("2026-03-01T13:00:00".into(), 6)));
    let across = at(&[(0, 5), (3, 6), (4, 7), (5, -20), (90, 13)]);
    assert_eq!(hour(&across), Some(("2026-03-01T12:45:00".into(), 13)));
    assert_eq!(across.first_hour(11), Some(date(2026, 3, 1)));
    assert_eq!(across.first_hour(14), None);
    assert_eq!(hour(&at(&[(0, -5)])), None);
    assert_eq!(
        of(9, vec![(Quarter::BEFORE, 9)], &TimeZone::UTC).best_hour(),
        None
    );
}

#[test]
fn the_longest_streak_may_be_over_and_a_day_without_points_ends_it() {
    let days = |points: &[i64]| {
        let days = points.iter().zip(1..);
        let days: Vec<_> = days.map(|(n, day)| (date(2026, 3, day), *n)).collect();
        past(&days)
    };
    let past = days(&[1, 1, 1, 0, 5, 5, -1, 2]);
    assert_eq!(past.longest_streak(), 3);
    assert_eq!(past.first_streak(2), Some(date(2026, 3, 2)));
    assert_eq!(past.first_streak(4), None);
    assert_eq!(Past::default().longest_streak(), 0);
}

#[test]
fn quarter_hours_add_up_to_the_days_of_the_zone() {
    let kathmandu = TimeZone::posix("<+0545>-5:45").expect("rules");
    // From 18:00 to 18:30 in UTC, with midnight in Kathmandu in the middle.
    let evening = midnight(date(2026, 3, 1), &TimeZone::UTC).0 + 72;
    let quarters = [
        (Quarter::BEFORE, 1000),
        (Quarter(evening), 3),
        (Quarter(evening + 1), 4),
        (Quarter(evening + 2), -1),
    ];
    let there = of(1006, quarters.to_vec(), &kathmandu);
    assert_eq!(there.before(), 1000);
    assert_eq!([1, 2].map(|d| there.points_on(date(2026, 3, d))), [3, 3]);
    let here = of(1006, quarters.to_vec(), &TimeZone::UTC);
    assert_eq!([1, 2].map(|d| here.points_on(date(2026, 3, d))), [6, 0]);
    assert_eq!(here.first_day(), Some(date(2026, 3, 1)), "not 1970");
}

#[test]
fn a_streak_is_of_days_with_points_and_today_may_still_be_empty() {
    let today = date(2026, 3, 2);
    let day = |ago: i64| today.saturating_sub(jiff::Span::new().days(ago));
    for (days, streak) in [
        (vec![], 0),
        (vec![(0, 5)], 1),
        (vec![(1, 5)], 1),
        (vec![(2, 5)], 0),
        (vec![(0, 1), (1, 1), (2, 1), (4, 9)], 3),
        (vec![(1, 1), (2, 1), (3, 0), (4, 9)], 2),
        (vec![(0, -4), (1, 1), (2, 1)], 2),
        (vec![(0, 1), (1, -1), (2, 1)], 1),
    ] {
        let days: Vec<_> = days.into_iter().map(|(ago, n)| (day(ago), n)).collect();
        assert_eq!(past(&days).streak(today), streak, "{days:?}");
    }
}

#[test]
fn weeks_and_months_are_summed_up_and_the_best_day_is_found() {
    let past = past(&[
        (date(2025, 12, 31), 7),
        (date(2026, 1, 1), 1),
        (date(2026, 1, 4), 20),
        (date(2026, 1, 5), 400),
        (date(2026, 1, 6), 400),
    ]);
    let today = date(2026, 1, 7);
    assert_eq!(past.points_in(Period::Day, today), 0);
    assert_eq!(past.points_in(Period::Week, today), 800);
    assert_eq!(past.points_in(Period::Week, date(2026, 1, 4)), 28);
    assert_eq!(past.points_in(Period::Month, today), 821);
    assert_eq!(past.points_in(Period::Month, date(2025, 12, 1)), 7);
    assert_eq!(past.points_in(Period::AllTime, today), 828);
    assert_eq!(past.best_day(), Some((date(2026, 1, 6), 400)));
    let periods = [Period::Day, Period::Week, Period::Month].map(|p| past.periods(p, today));
    assert_eq!(periods, [8, 2, 2]);
    assert_eq!(Past::default().best_day(), None);
}

#[test]
fn what_comes_after_the_reading_is_of_today() {
    let today = date(2026, 1, 7);
    let mut past = past(&[(date(2026, 1, 6), 4)]);
    past.set_score(4, today);
    assert_eq!((past.points_on(today), past.streak(today)), (0, 1));
    past.set_score(9, today);
    past.set_score(12, today);
    assert_eq!((past.points_on(today), past.streak(today)), (8, 2));
    past.set_score(2, today);
    assert_eq!(past.points_on(today), -2, "as the database has it");
}
