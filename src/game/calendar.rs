//! Which quarter hours make a day, a week or a month: the calendar, in a time zone passed in.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The length of a quarter hour, in seconds.
const QUARTER: i64 = 15 * 60;

/// A quarter hour, counted from 1970 in UTC. Days of every time zone begin with one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter(pub i64);

impl Quarter {
    /// Holds the points from before there was a history.
    pub const BEFORE: Self = Self(0);

    /// The quarter hour that a moment is in.
    pub fn of(moment: Timestamp) -> Self {
        Self(moment.as_second().div_euclid(QUARTER))
    }

    /// When it begins, or the end of time if that is later than any timestamp.
    pub fn start(self) -> Timestamp {
        Timestamp::from_second(self.0.saturating_mul(QUARTER)).unwrap_or(Timestamp::MAX)
    }

    /// The first quarter hour that begins at or after a moment.
    fn from(moment: Timestamp) -> Self {
        let second = moment.as_second() + i64::from(moment.subsec_nanosecond() > 0);
        Self(-(-second).div_euclid(QUARTER))
    }

    /// The day on which it begins.
    pub fn day(self, zone: &TimeZone) -> Date {
        day(self.start(), zone)
    }
}

/// A time over which points are summed up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Period {
    /// From the first score on.
    #[default]
    AllTime,
    /// This month.
    Month,
    /// This week, which begins on Monday (ISO 8601).
    Week,
    /// Today.
    Day,
}

impl Period {
    /// The next shorter period; the longest follows the shortest.
    pub fn next(self) -> Self {
        match self {
            Self::AllTime => Self::Month,
            Self::Month => Self::Week,
            Self::Week => Self::Day,
            Self::Day => Self::AllTime,
        }
    }

    /// The first quarter hour of the current period, and the first of the next period.
    pub fn bounds(self, now: Timestamp, zone: &TimeZone) -> (Quarter, Quarter) {
        if self == Self::AllTime {
            return (Quarter::BEFORE, Quarter::from(Timestamp::MAX));
        }
        let first = self.first_day(day(now, zone));
        (midnight(first, zone), midnight(self.after(first), zone))
    }

    /// The first day of the period that a day is in. For all time it is the first day there is.
    pub fn first_day(self, day: Date) -> Date {
        match self {
            Self::AllTime => Date::MIN,
            Self::Month => day.first_of_month(),
            Self::Week => {
                let since_monday = day.weekday().to_monday_zero_offset();
                day.saturating_sub(i32::from(since_monday).days())
            }
            Self::Day => day,
        }
    }

    /// The first day of the next period.
    pub fn after(self, day: Date) -> Date {
        self.offset(day, 1)
    }

    /// The first day of the previous period.
    pub fn before(self, day: Date) -> Date {
        self.offset(day, -1)
    }

    fn offset(self, day: Date, periods: i32) -> Date {
        let first = self.first_day(day);
        match self {
            Self::AllTime if periods > 0 => Date::MAX,
            Self::AllTime => Date::MIN,
            Self::Month => first.saturating_add(periods.months()),
            Self::Week => first.saturating_add(periods.weeks()),
            Self::Day => first.saturating_add(periods.days()),
        }
    }
}

/// The day that a moment is in.
pub fn day(moment: Timestamp, zone: &TimeZone) -> Date {
    zone.to_datetime(moment).date()
}

/// The first quarter hour of a day. Where clocks skip midnight, the day begins when they go on.
pub fn midnight(day: Date, zone: &TimeZone) -> Quarter {
    let start = zone.to_zoned(day.at(0, 0, 0, 0));
    Quarter::from(start.map_or(Timestamp::MAX, |start| start.timestamp()))
}
