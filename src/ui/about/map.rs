//! A heat map of a year: a column for each week, a row for each weekday, darker for more points.

use jiff::ToSpan;
use jiff::civil::Date;
use ratatui::text::{Line, Span};

use super::super::Look;
use crate::game::{Past, Period};
use crate::words::{Say, text};

/// The rows of the map: the months, the weekdays, and the legend.
pub const ROWS: u16 = 9;

/// The smallest width at which the map is useful.
pub const LEAST: u16 = 24;

/// The weeks of a year. The first and the last may be incomplete.
const WEEKS: usize = 53;

/// The signs, from no points to the most.
const SIGNS: [&str; 5] = ["·", "░", "▒", "▓", "█"];

/// The width of a map of a whole year with one column for each week.
pub fn wide(look: &Look) -> u16 {
    (label_width(look) + WEEKS) as u16
}

/// The map of the year that ends on this day, or of as many weeks as fit.
pub fn lines(past: &Past, today: Date, look: &Look, columns: usize) -> Vec<Line<'static>> {
    let label = label_width(look);
    let room = columns.saturating_sub(label);
    let cell = if room >= 2 * WEEKS { 2 } else { 1 };
    let weeks = (room / cell).min(WEEKS);
    let monday = Period::Week.first_day(today);
    let first = later(monday, -7 * (weeks.max(1) as i64 - 1));
    let levels = Levels::new(past, first, today);
    let mut lines = vec![months(first, weeks, cell, label, look)];
    for weekday in 0..7 {
        // Only every other weekday has its name.
        let name = match weekday % 2 {
            0 if weekday < 6 => short_weekday(weekday + 1, look),
            _ => String::new(),
        };
        let mut spans = vec![Span::styled(text::fit(&name, label), look.theme.quiet)];
        for week in 0..weeks {
            let day = later(first, 7 * week as i64 + i64::from(weekday));
            spans.push(match day > today {
                true => Span::raw(" ".repeat(cell)),
                false => sign(levels.of(past.points_on(day)), cell, look),
            });
        }
        lines.push(Line::from(spans));
    }
    lines.push(legend(&levels, label, look));
    lines
}

/// The day that is so many days later.
fn later(day: Date, days: i64) -> Date {
    day.saturating_add(days.days())
}

/// Which sign stands for how many points. The days are split into four groups of equal size, so
/// that one very good day does not make all others look the same.
struct Levels {
    /// The number of days with points.
    days: u64,
    /// The distinct points of a day, in ascending order.
    points: Vec<i64>,
}

impl Levels {
    fn new(past: &Past, first: Date, today: Date) -> Self {
        let days = past.days().filter(|(day, _)| (first..=today).contains(day));
        let mut points: Vec<i64> = days.map(|(_, n)| n).filter(|n| *n > 0).collect();
        let days = points.len() as u64;
        points.sort_unstable();
        points.dedup();
        Self { days, points }
    }

    fn of(&self, points: i64) -> usize {
        if points <= 0 || self.points.is_empty() {
            return 0;
        }
        let up_to = self.points.partition_point(|n| *n <= points);
        (up_to * 4).div_ceil(self.points.len()).clamp(1, 4)
    }
}

fn sign(level: usize, cell: usize, look: &Look) -> Span<'static> {
    match level {
        0 => Span::styled(text::fit(SIGNS[0], cell), look.theme.quiet),
        _ => Span::styled(SIGNS[level].repeat(cell), look.theme.accent),
    }
}

/// The names of months above the weeks in which they begin. Names that would touch are left out.
fn months(first: Date, weeks: usize, cell: usize, label: usize, look: &Look) -> Line<'static> {
    let mut line = " ".repeat(label);
    for week in 0..weeks {
        let sunday = later(first, 7 * week as i64 + 6);
        let month = i64::from(sunday.month());
        let name = look.say(&Say::ShortMonth { month });
        let at = label + week * cell;
        let fits = text::width(&line) <= at && at + text::width(&name) <= label + weeks * cell;
        if sunday.day() <= 7 && fits {
            line = text::fit(&line, at) + &name + " ";
        }
    }
    Line::styled(line.trim_end().to_owned(), look.theme.quiet)
}

/// The legend: the number of days with points, and the meaning of the signs.
fn legend(levels: &Levels, label: usize, look: &Look) -> Line<'static> {
    let days = levels.days;
    let year = look.say(&Say::YearOfDays { days });
    let (less, more) = (look.say(&Say::HeatLess), look.say(&Say::HeatMore));
    let quiet = |words: String| Span::styled(words, look.theme.quiet);
    let mut spans = vec![Span::raw(" ".repeat(label))];
    spans.push(quiet(format!("{year}   {less} ")));
    spans.extend((0..SIGNS.len()).map(|level| sign(level, 1, look)));
    spans.push(quiet(format!(" {more}")));
    Line::from(spans)
}

fn short_weekday(weekday: i8, look: &Look) -> String {
    let weekday = weekday.into();
    look.say(&Say::ShortWeekday { weekday })
}

/// The width of the longest weekday that is shown, with a blank behind it.
fn label_width(look: &Look) -> usize {
    let names = [1, 3, 5].map(|weekday| text::width(&short_weekday(weekday, look)));
    names.into_iter().max().unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    use super::*;
    use crate::game::{Quarter, Record, calendar};
    use crate::words::{Language, Words};

    fn past(days: &[(Date, i64)]) -> Past {
        let quarters = days.iter().map(|(day, points)| {
            let noon = calendar::midnight(*day, &TimeZone::UTC).0 + 48;
            (Quarter(noon), *points)
        });
        let record = Record {
            quarters: quarters.collect(),
            ..Record::default()
        };
        Past::new(&record, &TimeZone::UTC)
    }

    fn drawn(days: &[(Date, i64)], today: Date, columns: usize, language: Language) -> Vec<String> {
        let look = Look::of_text(Words::new(language));
        let lines = lines(&past(days), today, &look, columns);
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_day_stands_in_its_week_and_its_weekday() {
        // A Tuesday.
        let today = date(2026, 11, 3);
        let days = [(today, 4), (date(2026, 11, 1), 1), (date(2025, 11, 3), 2)];
        let map = drawn(&days, today, 200, Language::English);
        assert_eq!(map.len(), usize::from(ROWS));
        // The Monday of its week is in the map's first column.
        assert!(map[1].starts_with("Mon ▓▓· · "), "{}", map[1]);
        assert!(map[1].ends_with("· "), "{}", map[1]);
        assert!(map[2].ends_with("· ██"), "{}", map[2]);
        assert!(
            map[3].ends_with("·   "),
            "what is to come is empty: {}",
            map[3]
        );
        assert!(map[7].ends_with("· ▒▒  "), "{}", map[7]);
        // The map's first week begins on the third, so the month of that week is shown above it.
        assert!(map[0].trim_start().starts_with("Dec "), "{}", map[0]);
        assert!(map[0].ends_with(" Nov"), "{}", map[0]);
        assert!(
            map[8].contains("3 days with points   less ·░▒▓█ more"),
            "{}",
            map[8]
        );
    }

    #[test]
    fn every_row_fits_in_the_columns_that_there_are_and_the_last_day_stays() {
        let today = date(2026, 11, 3);
        for language in Language::ALL {
            for columns in usize::from(LEAST)..130 {
                let map = drawn(&[(today, 1)], today, columns, language);
                for row in &map[..8] {
                    assert!(text::width(row) <= columns, "{columns}: {row:?}");
                }
                assert!(map[2].ends_with('█'), "{columns}: {:?}", map[2]);
            }
        }
    }

    #[test]
    fn days_with_as_many_points_have_the_same_sign_and_the_best_has_the_last() {
        let levels = |points: &[i64]| {
            let days = (1..).zip(points).map(|(day, n)| (date(2026, 3, day), *n));
            let days: Vec<_> = days.collect();
            let levels = Levels::new(&past(&days), date(2026, 3, 1), date(2026, 3, 31));
            points.iter().map(|n| levels.of(*n)).collect::<Vec<_>>()
        };
        assert_eq!(levels(&[5]), [4]);
        assert_eq!(levels(&[1, 1_000_000]), [2, 4]);
        assert_eq!(levels(&[1, 2, 3, 4]), [1, 2, 3, 4]);
        assert_eq!(levels(&[1, 1, 1, 1, 9]), [2, 2, 2, 2, 4]);
        assert_eq!(levels(&[0, -1, 3]), [0, 0, 4]);
    }
}
