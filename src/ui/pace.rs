//! Who plays, how fast, and who has moved in the ranking, as signs and words of fixed width.

use std::time::Duration;

use crate::game::PlayerId;
use crate::state::State;

/// The window of every rate on the screen, so that no two of them contradict each other.
pub const WINDOW: Duration = Duration::from_secs(10);

/// The columns of a rate.
pub const RATE_COLUMNS: usize = 5;

/// The rate of a player, as `0.3/s`, `9.9/s`, `10/s` or `999/s`; more than that is `1k/s`.
pub fn rate(state: &State, id: PlayerId) -> String {
    words(state.pace.rate(id, WINDOW))
}

/// A rate in words.
pub fn words(rate: f64) -> String {
    // The number that is shown decides, not the one that is rounded to it.
    if rate < 9.95 {
        format!("{rate:.1}/s")
    } else if rate < 999.5 {
        format!("{rate:.0}/s")
    } else {
        format!("{:.0}k/s", (rate / 1000.0).clamp(1.0, 99.0))
    }
}

/// The sign of who plays.
pub fn mark(state: &State, id: PlayerId) -> &'static str {
    if state.pace.is_playing(id) {
        "●"
    } else {
        " "
    }
}

/// The sign of who has gone up or down, and by how many ranks: `▲2`, `▼1`, `▲+` where it is more
/// than nine.
pub fn moved(state: &State, id: PlayerId, rank: usize) -> String {
    let by = state.moves.of(id, rank);
    let sign = match by {
        0 => return String::new(),
        1.. => '▲',
        _ => '▼',
    };
    match by.unsigned_abs() {
        by @ 1..=9 => format!("{sign}{by}"),
        _ => format!("{sign}+"),
    }
}
