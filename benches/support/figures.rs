//! Statistics and tables for all benchmarks.
#![allow(dead_code)] // each benchmark uses its own part of this

use std::time::Duration;

/// A Markdown table whose columns are also aligned as text. The first line is its head; the columns
/// in `left` hold words.
pub fn markdown<C: AsRef<str>>(lines: &[Vec<C>], left: &[usize]) -> String {
    let columns = lines.first().map_or(0, Vec::len);
    let length = |line: &Vec<C>, column: usize| line[column].as_ref().chars().count();
    let width = |column| lines.iter().map(|line| length(line, column)).max();
    let widths: Vec<usize> = (0..columns).map(|c| width(c).unwrap_or(0)).collect();
    let mut table: Vec<String> = lines
        .iter()
        .map(|cells| {
            let padded = cells.iter().zip(&widths).enumerate();
            let padded = padded.map(|(column, (cell, width))| {
                let cell = cell.as_ref();
                if left.contains(&column) {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
            format!("| {} |", padded.collect::<Vec<_>>().join(" | "))
        })
        .collect();
    let rule = widths.iter().enumerate().map(|(column, width)| {
        let right = if left.contains(&column) { "-" } else { ":" };
        format!("{}{right}", "-".repeat(width + 1))
    });
    let rule = rule.collect::<Vec<_>>().join("|");
    table.insert(1, format!("|{rule}|"));
    table.join("\n")
}

/// A time in milliseconds, with about three significant digits.
pub fn ms(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    match ms {
        100.0.. => format!("{ms:.0} ms"),
        10.0.. => format!("{ms:.1} ms"),
        _ => format!("{ms:.2} ms"),
    }
}

/// The percentile: the time that `percent` of all do not exceed.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    let rank = (times.len() * percent).div_ceil(100);
    times[rank.saturating_sub(1)]
}

/// Marsaglia's xorshift: irregular pauses that are the same in each run.
pub struct Random(u64);

impl Random {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        // Spreads the seed over all bits, since a small one would give small numbers at first. 0 is
        // not a valid state.
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
