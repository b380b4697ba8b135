//! Tests of `game/calendar.rs`.

use clickoff::game::{Period, Quarter};
use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// Rules as <https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html> writes
/// them, so that no zone data is needed.
const NEW_YORK: &str = "EST5EDT,M3.2.0,M11.1.0";
const BERLIN: &str = "CET-1CEST,M3.5.0,M10.5.0/3";
const KATHMANDU: &str = "<+0545>-5:45";
const CHATHAM: &str = "<+1245>-12:45<+1345>,M9.5.0/2:45,M4.1.0/3:45";
/// Where summer time begins at midnight.
const HAVANA: &str = "CST5CDT,M3.2.0/0,M11.1.0/1";
const ZONES: [&str; 6] = [NEW_YORK, BERLIN, KATHMANDU, CHATHAM, HAVANA, "UTC0"];

fn zone(rules: &str) -> TimeZone {
    TimeZone::posix(rules).expect("rules")
}

fn moment(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

/// Where a period begins and where the next does, in UTC.
fn bounds(period: Period, now: &str, rules: &str) -> [String; 2] {
    let (since, until) = period.bounds(moment(now), &zone(rules));
    [since, until].map(|q| q.start().to_string())
}

#[test]
fn periods_begin_at_the_midnights_of_the_zone() {
    let cases = [
        // A Sunday evening there is Monday in UTC already.
        (
            Period::Day,
            "2026-03-02T04:59:59.9Z",
            NEW_YORK,
            "2026-03-01T05:00:00Z",
            "2026-03-02T05:00:00Z",
        ),
        (
            Period::Week,
            "2026-03-02T04:59:59Z",
            NEW_YORK,
            "2026-02-23T05:00:00Z",
            "2026-03-02T05:00:00Z",
        ),
        (
            Period::Month,
            "2026-03-01T04:59:59Z",
            NEW_YORK,
            "2026-02-01T05:00:00Z",
            "2026-03-01T05:00:00Z",
        ),
        (
            Period::Day,
            "2026-03-02T05:00:00Z",
            NEW_YORK,
            "2026-03-02T05:00:00Z",
            "2026-03-03T05:00:00Z",
        ),
        (
            Period::Day,
            "2026-01-01T18:14:59Z",
            KATHMANDU,
            "2025-12-31T18:15:00Z",
            "2026-01-01T18:15:00Z",
        ),
        (
            Period::Day,
            "2026-01-01T18:15:00Z",
            KATHMANDU,
            "2026-01-01T18:15:00Z",
            "2026-01-02T18:15:00Z",
        ),
        (
            Period::Day,
            "2026-07-01T11:15:00Z",
            CHATHAM,
            "2026-07-01T11:15:00Z",
            "2026-07-02T11:15:00Z",
        ),
        (
            Period::Month,
            "2026-06-30T11:14:59Z",
            CHATHAM,
            "2026-05-31T11:15:00Z",
            "2026-06-30T11:15:00Z",
        ),
        // Days of 23 and of 25 hours, and a week and a month with one of them.
        (
            Period::Day,
            "2026-03-29T12:00:00Z",
            BERLIN,
            "2026-03-28T23:00:00Z",
            "2026-03-29T22:00:00Z",
        ),
        (
            Period::Day,
            "2026-10-25T12:00:00Z",
            BERLIN,
            "2026-10-24T22:00:00Z",
            "2026-10-25T23:00:00Z",
        ),
        (
            Period::Week,
            "2026-10-25T12:00:00Z",
            BERLIN,
            "2026-10-18T22:00:00Z",
            "2026-10-25T23:00:00Z",
        ),
        (
            Period::Month,
            "2026-10-25T12:00:00Z",
            BERLIN,
            "2026-09-30T22:00:00Z",
            "2026-10-31T23:00:00Z",
        ),
        // There is no midnight on this day.
        (
            Period::Day,
            "2026-03-08T12:00:00Z",
            HAVANA,
            "2026-03-08T05:00:00Z",
            "2026-03-09T04:00:00Z",
        ),
        // And this has two, of which the first is meant.
        (
            Period::Day,
            "2026-11-01T12:00:00Z",
            HAVANA,
            "2026-11-01T04:00:00Z",
            "2026-11-02T05:00:00Z",
        ),
        // The ends of a year and of a leap February.
        (
            Period::Month,
            "2026-12-31T23:00:00Z",
            BERLIN,
            "2026-12-31T23:00:00Z",
            "2027-01-31T23:00:00Z",
        ),
        (
            Period::Week,
            "2027-01-01T12:00:00Z",
            "UTC0",
            "2026-12-28T00:00:00Z",
            "2027-01-04T00:00:00Z",
        ),
        (
            Period::Month,
            "2028-02-29T23:59:59Z",
            "UTC0",
            "2028-02-01T00:00:00Z",
            "2028-03-01T00:00:00Z",
        ),
    ];
    for (period, now, rules, since, until) in cases {
        let about = format!("{period:?} at {now} in {rules}");
        assert_eq!(bounds(period, now, rules), [since, until], "{about}");
    }
}

#[test]
fn each_moment_is_in_one_period_of_a_kind_and_the_next_follows_without_a_gap() {
    let mut now = moment("2026-01-01T00:00:00Z");
    while now < moment("2027-02-01T00:00:00Z") {
        for rules in ZONES {
            let zone = zone(rules);
            for period in [Period::Day, Period::Week, Period::Month] {
                let (since, until) = period.bounds(now, &zone);
                let about = format!("{period:?} at {now} in {rules}");
                let quarter = Quarter::of(now);
                assert!(since <= quarter && quarter < until, "{about}");
                let (next, _) = period.bounds(until.start(), &zone);
                assert_eq!(next, until, "{about}");
                let first = period.first_day(quarter.day(&zone));
                assert_eq!(since.day(&zone), first, "{about}");
                assert_eq!(period.before(period.after(first)), first, "{about}");
            }
        }
        now += (7 * 60 + 13).minutes();
    }
}

#[test]
fn a_zone_whose_midnight_is_within_a_quarter_hour_counts_by_where_that_begins() {
    let zone = zone("<+0507>-5:07");
    let (since, _) = Period::Day.bounds(moment("2026-01-01T12:00:00Z"), &zone);
    assert_eq!(since.start(), moment("2025-12-31T19:00:00Z"));
    assert_eq!(since.day(&zone), date(2026, 1, 1));
    assert_eq!(Quarter(since.0 - 1).day(&zone), date(2025, 12, 31));
}

#[test]
fn all_time_has_no_borders_and_every_period_comes_round() {
    let (since, until) = Period::AllTime.bounds(moment("2026-01-01T00:00:00Z"), &zone("UTC0"));
    assert_eq!(since, Quarter::BEFORE);
    assert!(until > Quarter::of(moment("9000-01-01T00:00:00Z")));
    let mut seen = vec![Period::AllTime];
    while seen[seen.len() - 1].next() != Period::AllTime {
        seen.push(seen[seen.len() - 1].next());
    }
    assert_eq!(
        seen,
        [Period::AllTime, Period::Month, Period::Week, Period::Day]
    );
}
