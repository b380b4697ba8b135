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
pub struct MarkProgress {
    /// The mark.
    pub mark: Mark,
    /// The progress, at most `goal`.
    pub have: u64,
    /// What the mark takes.
    pub goal: u64,
    /// The day on which it was reached, if known.
    pub on: Option<Date>,
}

impl MarkProgress {
    /// Whether it is reached.
    pub fn is_reached(&self) -> bool {
        self.have == self.goal
    }
}

/// All marks of a player.
pub fn of(past: &Past) -> Vec<MarkProgress> {
    MARKS.iter().map(|mark| mark.of(past)).collect()
}

/// The mark that is closest to its goal; none if all are reached.
pub fn next(marks: &[MarkProgress]) -> Option<&MarkProgress> {
    let missing = marks.iter().filter(|marked| !marked.is_reached());
    // Among equal ones the first: marks are ordered by difficulty.
    missing.min_by_key(|m| u64::MAX - u64::from(share(m)))
}

/// The progress towards a mark, in thousandths.
fn share(marked: &MarkProgress) -> u32 {
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

    fn of(self, past: &Past) -> MarkProgress {
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
        MarkProgress {
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
