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
