//! The rows of the table, with clickoff beside the floor.

use std::fmt::Display;
use std::time::Duration;

use crate::figures::markdown;
pub use crate::figures::{Random, ms, percentile};

/// A row of the table: the measurement for clickoff and for the floor, and its limit.
pub struct Row {
    what: String,
    clickoff: String,
    floor: String,
    ratio: String,
    target: String,
}

impl Row {
    /// A time of both programs and the ratio of the two.
    pub fn times(what: &str, [clickoff, floor]: [Duration; 2], target: &str) -> Self {
        let ratio = clickoff.as_secs_f64() / floor.as_secs_f64();
        let ratio = if ratio.is_finite() {
            format!("{ratio:.2}")
        } else {
            String::new()
        };
        Self {
            ratio,
            ..Self::plain(what, ms(clickoff), ms(floor), target)
        }
    }

    /// A figure of both programs for which a ratio would be useless.
    pub fn plain(what: &str, clickoff: impl Display, floor: impl Display, target: &str) -> Self {
        Self {
            what: what.to_owned(),
            clickoff: clickoff.to_string(),
            floor: floor.to_string(),
            ratio: String::new(),
            target: target.to_owned(),
        }
    }

    fn cells(&self) -> [&str; 5] {
        let Self {
            what,
            clickoff,
            floor,
            ratio,
            target,
        } = self;
        [what, clickoff, floor, ratio, target]
    }
}

/// A Markdown table whose columns are also aligned as text.
pub fn table(rows: &[Row]) -> String {
    let head = ["", "clickoff", "floor", "ratio", "target"];
    let rows = rows.iter().map(|row| row.cells().into());
    let lines: Vec<Vec<&str>> = std::iter::once(head.into()).chain(rows).collect();
    markdown(&lines, &[0, 4])
}
