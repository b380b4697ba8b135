//! A player's points by day, and statistics about them.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::calendar::{self, Period, Quarter};
use super::record::{OwnRace, OwnSprint, Record};

/// Quarter hours in an hour.
const HOUR: i64 = 4;

/// A player's points by day, best hours, sprints and races, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    days: BTreeMap<Date, i64>,
    score: i64,
    hours: Vec<(DateTime, i64)>,
    sprints: Vec<(Date, OwnSprint)>,
    races: Vec<(Date, OwnRace)>,
}

impl Past {
    /// Sums up quarter hours by the days of a time zone. Points from before the history are only
    /// part of the score.
    pub fn new(record: &Record, zone: &TimeZone) -> Self {
        let mut days = BTreeMap::new();
        let known = record.quarters.iter();
        let known: Vec<_> = known.filter(|(q, _)| *q > Quarter::BEFORE).collect();
        for (quarter, points) in &known {
            let day: &mut i64 = days.entry(quarter.day(zone)).or_default();
            *day = day.saturating_add(*points);
        }
        let day = |at| calendar::day(at, zone);
        let sprints = record.sprints.iter();
        let races = record.races.iter();
        Self {
            days,
            score: record.score,
            hours: record_hours(&known, zone),
            sprints: sprints.map(|s| (day(s.at), s.clone())).collect(),
            races: races.map(|r| (day(r.start), *r)).collect(),
        }
    }

    /// The player's score.
    pub fn score(&self) -> i64 {
        self.score
    }

    /// The score from before the history.
    pub fn before(&self) -> i64 {
        let days = self.days.values();
        days.fold(self.score, |left, points| left.saturating_sub(*points))
    }

    /// The hour with the most points and when it began, if there are points. It may begin with any
    /// quarter hour. It is as of the last reading.
    pub fn best_hour(&self) -> Option<(DateTime, i64)> {
        self.hours.last().copied()
    }

    /// The day of the first hour with at least this many points, as of the last reading.
    pub fn first_hour(&self, points: i64) -> Option<Date> {
        let mut hours = self.hours.iter();
        let hour = hours.find(|(_, has)| *has >= points);
        hour.map(|(begun, _)| begun.date())
    }

    /// The best sprints with their days, shortest first, as of the last reading.
    pub fn sprints(&self) -> &[(Date, OwnSprint)] {
        &self.sprints
    }

    /// The last races with their days, latest first, as of the last reading.
    pub fn races(&self) -> &[(Date, OwnRace)] {
        &self.races
    }

    /// Updates the score, which may have changed since the past was read. The difference counts for
    /// today.
    pub fn set_score(&mut self, score: i64, today: Date) {
        let news = score.saturating_sub(std::mem::replace(&mut self.score, score));
        if news != 0 {
            let day = self.days.entry(today).or_default();
            *day = day.saturating_add(news);
        }
    }

    /// The days with entries, and their points.
    pub fn days(&self) -> impl Iterator<Item = (Date, i64)> {
        self.days.iter().map(|(day, points)| (*day, *points))
    }

    /// The points of one day.
    pub fn points_on(&self, day: Date) -> i64 {
        self.days.get(&day).copied().unwrap_or(0)
    }

    /// The first day with an entry.
    pub fn first_day(&self) -> Option<Date> {
        self.days.first_key_value().map(|(day, _)| *day)
    }

    /// The points of the period that a day is in.
    pub fn points_in(&self, period: Period, day: Date) -> i64 {
        let days = self.days.range(period.first_day(day)..period.after(day));
        days.fold(0, |sum: i64, (_, points)| sum.saturating_add(*points))
    }

    /// The day with the most points, if any day has points. Among equal days it is the latest.
    pub fn best_day(&self) -> Option<(Date, i64)> {
        let best = self.days.iter().max_by_key(|(_, points)| **points);
        let best = best.map(|(day, points)| (*day, *points));
        best.filter(|(_, points)| *points > 0)
    }

    /// How many days in a row have points, up to today. If today has none yet, the streak ends
    /// yesterday.
    pub fn streak(&self, today: Date) -> usize {
        let mut days = 0;
        let mut day = today;
        if self.points_on(day) <= 0 {
            day = Period::Day.before(day);
        }
        while self.points_on(day) > 0 {
            days += 1;
            day = Period::Day.before(day);
        }
        days
    }

    /// The length of the longest run of days with points.
    pub fn longest_streak(&self) -> usize {
        self.streaks().map(|(_, days)| days).max().unwrap_or(0)
    }

    /// The day on which a run of days with points first reached this length.
    pub fn first_streak(&self, days: usize) -> Option<Date> {
        let reached = self.streaks().find(|(_, has)| *has == days);
        reached.map(|(day, _)| day)
    }

    /// Each day with points, and the length of the run of days that ends with it.
    fn streaks(&self) -> impl Iterator<Item = (Date, usize)> {
        let mut last: Option<(Date, usize)> = None;
        let days = self.days().filter(|(_, points)| *points > 0);
        days.map(move |(day, _)| {
            let before = last.filter(|(before, _)| Period::Day.after(*before) == day);
            let run = before.map_or(1, |(_, run)| run + 1);
            last = Some((day, run));
            (day, run)
        })
    }

    /// The number of periods from the first day with an entry to today, at least one.
    pub fn periods(&self, period: Period, today: Date) -> usize {
        let Some(first) = self.first_day() else {
            return 1;
        };
        let mut periods = 1;
        let mut day = period.first_day(today);
        while day > first {
            periods += 1;
            day = period.before(day);
        }
        periods
    }
}

/// Each hour with more points than all hours before it, and when it began. Another program may have
/// put any number of quarter hours in the past; they come in order.
fn record_hours(quarters: &[&(Quarter, i64)], zone: &TimeZone) -> Vec<(DateTime, i64)> {
    let mut rising: Vec<(DateTime, i64)> = Vec::new();
    let (mut first, mut sum) = (0, 0_i64);
    for (Quarter(last), points) in quarters {
        sum = sum.saturating_add(*points);
        while quarters[first].0.0 <= last.saturating_sub(HOUR) {
            sum = sum.saturating_sub(quarters[first].1);
            first += 1;
        }
        let most = rising.last().map_or(0, |(_, most)| *most);
        if sum > most {
            let begun = zone.to_datetime(quarters[first].0.start());
            rising.push((begun, sum));
        }
    }
    rising
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;

    use super::*;
    use crate::game::calendar::midnight;

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
}
