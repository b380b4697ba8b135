//! Figures and how they are written down.

use std::fmt::Display;
use std::time::Duration;

/// A row of the table: what was measured, of clickoff and of the floor, and what it must reach.
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

    /// A figure of both programs where a ratio would say nothing.
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

/// A Markdown table whose columns also stand in line as text.
pub fn table(rows: &[Row]) -> String {
    let head = ["", "clickoff", "floor", "ratio", "target"];
    let mut lines: Vec<_> = rows.iter().map(Row::cells).collect();
    lines.insert(0, head);
    let width = |column: usize| lines.iter().map(|l| l[column].chars().count()).max();
    let widths: Vec<usize> = (0..5).map(|c| width(c).unwrap_or(0)).collect();
    let mut table: Vec<String> = lines
        .iter()
        .map(|cells| {
            let padded = cells.iter().zip(&widths).enumerate();
            let padded = padded.map(|(column, (cell, width))| match column {
                0 | 4 => format!("{cell:<width$}"),
                _ => format!("{cell:>width$}"),
            });
            format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
        })
        .collect();
    let rule = widths.iter().enumerate().map(|(column, width)| {
        let right = if matches!(column, 0 | 4) { "-" } else { ":" };
        format!("{}{right}", "-".repeat(width + 1))
    });
    let rule = rule.collect::<Vec<_>>().join("|");
    table.insert(1, format!("|{rule}|"));
    table.join("\n")
}

/// A time in milliseconds, with about three digits that mean something.
pub fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    match ms {
        100.0.. => format!("{ms:.0} ms"),
        10.0.. => format!("{ms:.1} ms"),
        _ => format!("{ms:.2} ms"),
    }
}

/// The time that `percent` of all do not exceed.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let rank = (times.len() * percent).div_ceil(100);
    times[rank.saturating_sub(1)]
}

/// Marsaglia's xorshift: pauses that nothing can fall into step with, and the same in each run.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        // Spread over all bits, for a small number would give small ones at first; 0 is no state.
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).max(1))
    }

    /// A time from zero to `most`.
    pub fn up_to(&mut self, most: Duration) -> Duration {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        most.mul_f64((self.0 >> 11) as f64 / (1u64 << 53) as f64)
    }
}
