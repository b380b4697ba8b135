//! The view of a player's history: its unit, and which bar is selected.

use jiff::civil::Date;

use crate::game::{Past, Period};
use crate::message::Action;

/// The periods of a long step: a week of days.
const STEP: usize = 7;

/// The periods of a page: about a month of days.
const LEAP: usize = 30;

/// The unit and the selected bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HistoryView {
    /// The period of one bar.
    pub unit: Period,
    /// The selected bar, counted back from today's.
    pub back: usize,
}

impl HistoryView {
    /// Moves the selection, but not beyond the first bar.
    pub fn move_by(&mut self, action: Action, past: &Past, today: Date) {
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

    /// Switches to the next longer unit, and from months to days. The selected bar stays on the
    /// same day.
    pub fn next_unit(&mut self, today: Date) {
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

    /// The first day of the bar that is `back` bars before today's.
    pub fn day(&self, back: usize, today: Date) -> Date {
        let mut day = self.unit.first_day(today);
        for _ in 0..back {
            day = self.unit.before(day);
        }
        day
    }
}
