//! The texts about a player, for the page, the plain mode, the command line and cards.

use jiff::civil::Date;

use super::super::Look;
use crate::game::contest::{Length, Trace};
use crate::game::marks::{self, Mark, MarkProgress};
use crate::game::record::OwnSprint;
use crate::game::{Past, Period};
use crate::state::State;
use crate::words::{Say, text};

/// The facts about a player with their names, the most important first.
pub fn facts(past: &Past, today: Date, look: &Look) -> Vec<(String, String)> {
    let marks = marks::of(past);
    let next = marks::next(&marks);
    let best_day = past.best_day().map(|(day, points)| Say::PointsOn {
        points: text::grouped(points),
        date: date(day, today).into(),
    });
    let best_hour = past.best_hour().map(|(begun, points)| Say::PointsFrom {
        points: text::grouped(points),
        time: begun.strftime("%H:%M").to_string(),
        date: date(begun.date(), today).into(),
    });
    let longest = past.longest_streak() as u64;
    let streak = (longest > 0).then(|| Say::DaysAndLongest {
        days: past.streak(today) as u64,
        longest,
    });
    let points = Say::PointsAndToday {
        points: text::grouped(past.score()),
        today: text::grouped(past.points_on(today)),
    };
    let all = [
        (Say::FactPoints, Some(points)),
        (Say::FactStreak, streak),
        (Say::FactNext, Some(next.map_or(Say::MarkAllReached, to_go))),
        (Say::FactBestDay, best_day),
        (Say::FactBestHour, best_hour),
        (Say::FactRaces, races(past)),
    ];
    let sprints = past.sprints().iter();
    let sprints = sprints.map(|(day, sprint)| {
        let seconds = sprint.length.seconds().into();
        (Say::FactSprint { seconds }, Some(best(sprint, *day, today)))
    });
    let pace = (Say::FactPace, last_pace(past));
    let all = all.into_iter().chain(sprints).chain([pace]);
    all.filter_map(|(name, what)| Some((look.say(&name), look.say(&what?))))
        .collect()
}

/// All facts in one text, for a screen that is too small for the page.
pub fn summary(state: &State, look: &Look) -> String {
    let Some((past, today)) = state.times.past_and_today() else {
        return look.say(&Say::HistoryReading);
    };
    let facts = facts(past, today, look).into_iter();
    let facts: Vec<String> = facts
        .map(|(name, what)| format!("{name}: {what}"))
        .collect();
    facts.join(" · ")
}

/// How many of the last races the player won; `None` without races.
pub fn races(past: &Past) -> Option<Say> {
    let races = past.races().iter();
    let won = races.filter(|(_, race)| race.won_by().is_some()).count() as u64;
    let raced = past.races().len() as u64;
    (raced > 0).then_some(Say::WonOf { won, raced })
}

fn best(sprint: &OwnSprint, day: Date, today: Date) -> Say {
    Say::BestSprint {
        presses: text::grouped(sprint.presses),
        rate: format!("{:.1}", sprint.length.rate(sprint.presses)),
        date: date(day, today).into(),
    }
}

/// The pace of the latest of the best sprints.
fn last_pace(past: &Past) -> Option<Say> {
    let sprints = past.sprints().iter().map(|(_, sprint)| sprint);
    let last = sprints.max_by_key(|sprint| sprint.at)?;
    let seconds = by_second(last.trace.as_ref()?, last.length);
    Some(Say::CurveUpTo {
        most: seconds.iter().copied().max().unwrap_or(0),
        curve: curve(&seconds),
    })
}

/// The presses of each second. In a long sprint, the maximum of every few seconds, so that it stays
/// short.
pub fn by_second(trace: &Trace, length: Length) -> Vec<u64> {
    let ends = (1..=length.seconds()).map(|n| std::time::Duration::from_secs(n.into()));
    let seconds: Vec<u64> = ends.map(|end| trace.last_second(end)).collect();
    let part = seconds.len().div_ceil(30);
    let parts = seconds.chunks(part);
    parts
        .filter_map(|part| part.iter().copied().max())
        .collect()
}

/// The points of the last days; today is the last one.
pub fn last_days(past: &Past, today: Date, days: usize) -> Vec<u64> {
    let mut day = today;
    let mut points = Vec::with_capacity(days);
    for _ in 0..days {
        points.push(past.points_on(day).max(0).unsigned_abs());
        day = Period::Day.before(day);
    }
    points.reverse();
    points
}

/// Numbers as a line of block characters, from the lowest block for 0 to the full block for the
/// maximum.
pub fn curve(numbers: &[u64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = u128::from(numbers.iter().copied().max().unwrap_or(0).max(1));
    let block = |n: &u64| BLOCKS[(u128::from(*n) * 7).div_ceil(most) as usize];
    numbers.iter().map(block).collect()
}

/// `3 Nov`, or `3 Nov 2026` if it is not this year.
fn date(day: Date, today: Date) -> Say {
    match short_date(day) {
        Say::ShortDate { day: n, month, .. } if day.year() == today.year() => {
            Say::ShortDay { day: n, month }
        }
        date => date,
    }
}

/// `3 Nov 2026`.
pub fn short_date(day: Date) -> Say {
    Say::ShortDate {
        day: day.day().into(),
        month: Box::new(Say::ShortMonth {
            month: day.month().into(),
        }),
        year: day.year().to_string(),
    }
}

/// How many marks are reached.
pub fn marks_of(marks: &[MarkProgress]) -> Say {
    let reached = marks.iter().filter(|marked| marked.is_reached()).count();
    Say::MarksOf {
        reached: reached as u64,
        all: marks.len() as u64,
    }
}

/// How many marks are reached, and a line for each with its date or progress.
pub fn mark_lines(past: &Past, today: Date, look: &Look) -> Vec<String> {
    let marks = marks::of(past);
    let title = look.say(&marks_of(&marks));
    let lines = marks.iter().map(|marked| {
        let sign = if marked.is_reached() { "✓" } else { "·" };
        let name = look.say(&mark(marked.mark));
        let note = note(marked, today, look);
        format!("{sign} {name}  {note}").trim_end().to_owned()
    });
    std::iter::once(title).chain(lines).collect()
}

/// The name of a mark.
pub fn mark(mark: Mark) -> Say {
    let points = |n: u64| text::grouped(n);
    match mark {
        Mark::First => Say::MarkFirst,
        Mark::Day(n) => Say::MarkDay { points: points(n) },
        Mark::All(n) => Say::MarkAll { points: points(n) },
        Mark::Hour(n) => Say::MarkHour { points: points(n) },
        Mark::Streak(7) => Say::MarkWeek,
        Mark::Streak(days) => Say::MarkStreak { days },
        Mark::Sprint => Say::MarkSprint,
        Mark::Lengths => Say::MarkLengths,
        Mark::Second(presses) => Say::MarkSecond { presses },
        Mark::Beaten(presses) => Say::MarkBeaten { presses },
        Mark::Won => Say::MarkWon,
        Mark::Close => Say::MarkClose,
    }
}

/// A mark with its progress, if it has one.
pub fn to_go(marked: &MarkProgress) -> Say {
    let name = mark(marked.mark);
    if marked.goal == 1 {
        return name;
    }
    Say::MarkToGo {
        mark: name.into(),
        left: text::grouped(marked.goal - marked.have),
    }
}

/// The text beside a mark: its date or progress.
pub fn note(marked: &MarkProgress, today: Date, look: &Look) -> String {
    match (marked.on, marked.is_reached()) {
        (Some(day), _) => look.say(&date(day, today)),
        (None, true) => String::new(),
        (None, false) if marked.goal == 1 => String::new(),
        (None, false) => {
            let have = text::grouped(marked.have);
            format!("{have}/{}", text::grouped(marked.goal))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_shows_nothing_lower_than_something_and_the_most_highest() {
        assert_eq!(curve(&[0, 1, 500, 1_000]), "▁▂▅█");
        assert_eq!(curve(&[0, 0]), "▁▁");
        assert_eq!(curve(&[7]), "█");
        assert_eq!(curve(&[u64::MAX, 1, 0]), "█▂▁");
        assert_eq!(curve(&[]), "");
    }

    #[test]
    fn a_long_sprint_is_as_short_as_one_of_half_a_minute() {
        for length in Length::ALL {
            let trace = Trace::parse("1,2,3,0,0,0,0,0,0,0,9", length).expect("a trace");
            let parts = by_second(&trace, length);
            assert_eq!(parts.len(), length.seconds().min(30) as usize, "{length:?}");
            assert_eq!(parts[0], if length == Length::Sixty { 9 } else { 6 });
        }
    }
}
