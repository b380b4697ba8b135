//! What a player scored day by day, and what can be said about it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::calendar::{Period, Quarter};

/// A player's points by day, as of one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Past {
    days: BTreeMap<Date, i64>,
    score: i64,
}

impl Past {
    /// Sums up quarter hours by the days of a zone. What is older than its history is in `score`
    /// alone, which is the score of the same moment.
    pub fn new(score: i64, quarters: &[(Quarter, i64)], zone: &TimeZone) -> Self {
        let mut days = BTreeMap::new();
        for (quarter, points) in quarters {
            if *quarter > Quarter::BEFORE {
                let day: &mut i64 = days.entry(quarter.day(zone)).or_default();
                *day = day.saturating_add(*points);
            }
        }
        Self { days, score }
    }

    /// Takes in today's score, which may have changed since the past was read.
    pub fn follow(&mut self, score: i64, today: Date) {
        let news = score.saturating_sub(std::mem::replace(&mut self.score, score));
        if news != 0 {
            let day = self.days.entry(today).or_default();
            *day = day.saturating_add(news);
        }
    }

    /// The days that were written to, with their points.
    pub fn days(&self) -> impl Iterator<Item = (Date, i64)> {
        self.days.iter().map(|(day, points)| (*day, *points))
    }

    /// The points of one day.
    pub fn on(&self, day: Date) -> i64 {
        self.days.get(&day).copied().unwrap_or(0)
    }

    /// The first day there is anything of.
    pub fn first_day(&self) -> Option<Date> {
        self.days.first_key_value().map(|(day, _)| *day)
    }

    /// The points of the period that a day is in.
    pub fn over(&self, period: Period, day: Date) -> i64 {
        let days = self.days.range(period.first_day(day)..period.after(day));
        days.fold(0, |sum: i64, (_, points)| sum.saturating_add(*points))
    }

    /// The day with the most points, the latest of several, where any has some.
    pub fn best(&self) -> Option<(Date, i64)> {
        let best = self.days.iter().max_by_key(|(_, points)| **points);
        let best = best.map(|(day, points)| (*day, *points));
        best.filter(|(_, points)| *points > 0)
    }

    /// How many days in a row have points, up to today; a day that is not over breaks no streak.
    pub fn streak(&self, today: Date) -> usize {
        let mut days = 0;
        let mut day = today;
        if self.on(day) <= 0 {
            day = Period::Day.before(day);
        }
        while self.on(day) > 0 {
            days += 1;
            day = Period::Day.before(day);
        }
        days
    }

    /// How many periods there are from the first with points to that of today, at least one.
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

#[cfg(test)]
mod tests {
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
        Past::new(score, &quarters, &TimeZone::UTC)
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
        let there = Past::new(1006, &quarters, &kathmandu);
        assert_eq!([1, 2].map(|d| there.on(date(2026, 3, d))), [3, 3]);
        let here = Past::new(1006, &quarters, &TimeZone::UTC);
        assert_eq!([1, 2].map(|d| here.on(date(2026, 3, d))), [6, 0]);
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
        assert_eq!(past.over(Period::Day, today), 0);
        assert_eq!(past.over(Period::Week, today), 800);
        assert_eq!(past.over(Period::Week, date(2026, 1, 4)), 28);
        assert_eq!(past.over(Period::Month, today), 821);
        assert_eq!(past.over(Period::Month, date(2025, 12, 1)), 7);
        assert_eq!(past.over(Period::AllTime, today), 828);
        assert_eq!(past.best(), Some((date(2026, 1, 6), 400)));
        let periods = [Period::Day, Period::Week, Period::Month].map(|p| past.periods(p, today));
        assert_eq!(periods, [8, 2, 2]);
        assert_eq!(Past::default().best(), None);
    }

    #[test]
    fn what_comes_after_the_reading_is_of_today() {
        let today = date(2026, 1, 7);
        let mut past = past(&[(date(2026, 1, 6), 4)]);
        past.follow(4, today);
        assert_eq!((past.on(today), past.streak(today)), (0, 1));
        past.follow(9, today);
        past.follow(12, today);
        assert_eq!((past.on(today), past.streak(today)), (8, 2));
        past.follow(2, today);
        assert_eq!(past.on(today), -2, "as the database has it");
    }
}
