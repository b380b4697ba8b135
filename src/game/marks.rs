//! Achievements ("marks") of a player, from what the database keeps, and the progress towards the
//! next one.

use jiff::civil::Date;

use super::contest::{Length, Trace};
use super::past::Past;

/// Something to achieve. The number is the goal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The first point.
    First,
    /// This many points in one day.
    Day(u64),
    /// This many points in all.
    All(u64),
    /// This many points within an hour.
    Hour(u64),
    /// Points on this many days in a row.
    Streak(u64),
    /// A sprint that was kept.
    Sprint,
    /// A kept sprint of every length.
    Lengths,
    /// This many presses within one second of a sprint.
    Second(u64),
    /// A sprint that beat the player's previous best, the ghost, by this many presses.
    Beaten(u64),
    /// A race that was won.
    Won,
    /// A race that was won by one press.
    Close,
}

/// All marks, in the order in which they are shown.
pub const MARKS: [Mark; 15] = [
    Mark::First,
    Mark::Day(100),
    Mark::Day(1_000),
    Mark::Hour(1_000),
    Mark::Streak(7),
    Mark::Streak(30),
    Mark::All(1_000),
    Mark::All(10_000),
    Mark::All(100_000),
    Mark::Sprint,
    Mark::Lengths,
    Mark::Second(10),
    Mark::Beaten(10),
    Mark::Won,
    Mark::Close,
];

/// A mark, and a player's progress towards it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Marked {
    /// The mark.
    pub mark: Mark,
    /// The progress, at most `goal`.
    pub have: u64,
    /// What the mark takes.
    pub goal: u64,
    /// The day on which it was reached, if known.
    pub on: Option<Date>,
}

impl Marked {
    /// Whether it is reached.
    pub fn is_reached(&self) -> bool {
        self.have == self.goal
    }
}

/// All marks of a player.
pub fn of(past: &Past) -> Vec<Marked> {
    MARKS.iter().map(|mark| mark.of(past)).collect()
}

/// The mark that is closest to its goal; none if all are reached.
pub fn next(marks: &[Marked]) -> Option<&Marked> {
    let missing = marks.iter().filter(|marked| !marked.is_reached());
    // Among equal ones the first: marks are ordered by difficulty.
    missing.min_by_key(|m| u64::MAX - u64::from(share(m)))
}

/// The progress towards a mark, in thousandths.
fn share(marked: &Marked) -> u32 {
    let share = u128::from(marked.have) * 1_000 / u128::from(marked.goal.max(1));
    u32::try_from(share).unwrap_or(u32::MAX)
}

impl Mark {
    /// What the mark takes.
    pub fn goal(self) -> u64 {
        match self {
            Self::Day(n)
            | Self::All(n)
            | Self::Hour(n)
            | Self::Streak(n)
            | Self::Second(n)
            | Self::Beaten(n) => n,
            Self::Lengths => Length::ALL.len() as u64,
            Self::First | Self::Sprint | Self::Won | Self::Close => 1,
        }
    }

    fn of(self, past: &Past) -> Marked {
        let goal = self.goal();
        let points = goal.cast_signed();
        let (have, on) = match self {
            Self::First | Self::All(_) => (past.score(), first_total(past, points)),
            Self::Day(_) => {
                let day = past.days().find(|(_, has)| *has >= points);
                let best = past.best_day().map_or(0, |(_, best)| best);
                (best, day.map(|(day, _)| day))
            }
            Self::Hour(_) => {
                let best = past.best_hour().map_or(0, |(_, best)| best);
                (best, past.first_hour(points))
            }
            Self::Streak(_) => {
                let days = goal as usize;
                (past.longest_streak() as i64, past.first_streak(days))
            }
            Self::Sprint | Self::Lengths => {
                let mut days: Vec<Date> = past.sprints().iter().map(|(day, _)| *day).collect();
                days.sort_unstable();
                // The day of a single one is not known: a better sprint may have replaced the
                // first.
                let all = days.len() == Length::ALL.len() && self == Self::Lengths;
                (days.len() as i64, days.last().copied().filter(|_| all))
            }
            Self::Second(_) => {
                let sprints = past.sprints().iter();
                let best =
                    sprints.map(|(day, s)| (s.trace.as_ref().map_or(0, Trace::best_second), *day));
                let (best, day) = best.max().unwrap_or_default();
                (best.cast_signed(), Some(day).filter(|_| best >= goal))
            }
            Self::Beaten(_) => {
                let beat = past.sprints().iter().map(|(_, sprint)| sprint.beat);
                // The day is not known: a better sprint may have replaced this one.
                (beat.max().unwrap_or(0).cast_signed(), None)
            }
            Self::Won | Self::Close => {
                let by = |won: u64| self == Self::Won || won == 1;
                let won = past.races().iter();
                let mut won = won.filter(|(_, race)| race.won_by().is_some_and(by));
                // The latest race comes first.
                let first = won.next_back().map(|(day, _)| *day);
                (i64::from(first.is_some()), first)
            }
        };
        // A mark stays reached, even if the score fell since.
        let have = if on.is_some() { points } else { have };
        Marked {
            mark: self,
            have: have.clamp(0, points).unsigned_abs(),
            goal,
            on,
        }
    }
}

/// The day on which the score first reached this many points, if history was kept by then.
fn first_total(past: &Past, points: i64) -> Option<Date> {
    let mut score = past.before();
    if score >= points {
        return None;
    }
    let mut days = past.days();
    let day = days.find(|(_, points_of_day)| {
        score = score.saturating_add(*points_of_day);
        score >= points
    });
    day.map(|(day, _)| day)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::game::Quarter;
    use crate::game::record::{OwnRace, OwnSprint, Record};

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
}
