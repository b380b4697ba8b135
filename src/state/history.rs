//! The view of a player's past: by which periods it is divided, and which of them is looked at.

use jiff::civil::Date;

use crate::game::{Past, Period};
use crate::message::Action;

/// How many periods a longer step goes: of days a week.
const STEP: usize = 7;

/// How many periods a leap goes: of days about a month.
const LEAP: usize = 30;

/// Where the view is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryView {
    /// What one bar stands for.
    pub unit: Period,
    /// How many bars before that of today the one is that is looked at.
    pub back: usize,
}

impl Default for HistoryView {
    fn default() -> Self {
        Self {
            unit: Period::Day,
            back: 0,
        }
    }
}

impl HistoryView {
    /// Goes a way, as far as there is something to see.
    pub fn go(&mut self, action: Action, past: &Past, today: Date) {
        let first = past.periods(self.unit, today) - 1;
        let back = match action {
            Action::Earlier => self.back + 1,
            Action::Later => self.back.saturating_sub(1),
            Action::Up => self.back + STEP,
            Action::Down => self.back.saturating_sub(STEP),
            Action::PageUp => self.back + LEAP,
            Action::PageDown => self.back.saturating_sub(LEAP),
            Action::First => first,
            Action::Last => 0,
            _ => self.back,
        };
        self.back = back.min(first);
    }

    /// Divides by the next longer period, and after months by days; what is looked at stays in
    /// sight.
    pub fn turn(&mut self, today: Date) {
        let day = self.day(self.back, today);
        self.unit = match self.unit {
            Period::Day => Period::Week,
            Period::Week => Period::Month,
            Period::Month | Period::AllTime => Period::Day,
        };
        self.back = 0;
        let mut bar = self.unit.first_day(today);
        while bar > day {
            bar = self.unit.before(bar);
            self.back += 1;
        }
    }

    /// The first day of the bar so many before that of today.
    pub fn day(&self, back: usize, today: Date) -> Date {
        let mut day = self.unit.first_day(today);
        for _ in 0..back {
            day = self.unit.before(day);
        }
        day
    }
}
