//! Tells a held key from single presses, using only the times of the presses.

use std::collections::VecDeque;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

/// How long a keyboard waits before it begins to repeat.
const DELAY: RangeInclusive<Duration> = Duration::from_millis(195)..=Duration::from_millis(680);

/// How far apart repeats come, in milliseconds: 10 to 40 a second, and a little more.
const INTERVAL: RangeInclusive<f64> = 24.0..=105.0;

/// How many presses are examined.
const WINDOW: usize = 16;

/// How far presses may deviate from a steady rhythm: the root mean square, in milliseconds.
const MAX_DEVIATION: f64 = 2.0;

/// The same for a key that is already known to be held.
const MAX_DEVIATION_HELD: f64 = 3.0;

/// The recent presses of one key.
///
/// A held key gives one press, then the keyboard's delay, and then presses at a steady rhythm. So a
/// press counts as a repeat if it and the fifteen before it deviate by at most 2 ms from even
/// distances at 10 to 40 a second, and if the first of them came after a pause as long as such a
/// delay. Once a key is known to be held, 3 ms are allowed. Fingers drift: a press that is early is
/// not made up for by the next one.
///
/// Error rates on recorded press times (the recordings are in `tests/pure/update/recorded.rs`,
/// their sources in `tests/data`):
///
/// - Of 96 keys held in xterm, directly and through tmux, ssh or both, 91 are recognised at their
///   16th repeat, and so are 2,354 of the 2,485 repeats from there on. The other five never are,
///   because their first sixteen repeats come too late. While four busy loops share two cores with
///   the terminal, only 5 of 48 are recognised: most held keys then pass as presses.
/// - Of 4,602 presses of people who tap two keys with two fingers, with natural pauses, 13 in one
///   burst are taken for repeats. If each of their 53 bursts of at least 17 presses (50 of them at
///   10 to 24 a second) is put after a pause as long as a delay, it is the same burst alone. Of 560
///   such bursts from 132 more plays (84,571 presses; the legit replays in the tests of circlecore,
///   which are not included here), none is. These people follow music, which makes them steadier.
///   Over sixteen presses they deviate from the best rhythm by 10 ms in the median, and by at most
///   3.8 ms in one case of twenty.
///
/// On 5,000 generated streams each, for what could not be recorded (checked by
/// `tests/pure/game/hold.rs`):
///
/// - If repeats come late by up to about 3 ms, none is missed after the 15th. If they come late by
///   up to about 5 ms, 3 % of held keys are missed.
/// - Of bursts of 40 presses at 15 a second after such a pause, 0.6 in 1,000 have a press that is
///   taken for a repeat if the fingers are steady to 6 ms, and none of 5,000 if they are steady to
///   8 ms and uneven. Without such a pause none can.
/// - If a network delivers presses in batches, at least nine of ten held keys are missed, and none
///   of 5,000 bursts by hand was taken for a held key. If a terminal reads its keys 60 times a
///   second, 1.2 in 1,000 were.
#[derive(Debug, Clone, Default)]
pub struct HoldDetector {
    last: Option<Instant>,
    /// The last [`WINDOW`] presses since the delay. Empty if none of them can be a repeat.
    repeats: VecDeque<Instant>,
    /// Whether the last press was a repeat.
    held: bool,
}

impl HoldDetector {
    /// Records the next press of the key. True if it seems to be a repeat of a key that is held.
    pub fn is_repeat(&mut self, at: Instant) -> bool {
        let gap = self.last.replace(at).map(|last| at.duration_since(last));
        match gap {
            Some(gap) if DELAY.contains(&gap) => {
                self.forget();
                self.repeats.push_back(at);
                return false;
            }
            Some(gap) if !self.repeats.is_empty() && gap < *DELAY.start() => {}
            _ => {
                self.forget();
                return false;
            }
        }
        if self.repeats.len() == WINDOW {
            self.repeats.pop_front();
        }
        self.repeats.push_back(at);
        if self.repeats.len() < WINDOW {
            return false;
        }
        let (interval, off) = fit_rhythm(self.repeats.make_contiguous());
        let most = if self.held {
            MAX_DEVIATION_HELD
        } else {
            MAX_DEVIATION
        };
        self.held = INTERVAL.contains(&interval) && off <= most;
        if !self.held {
            self.forget();
        }
        self.held
    }

    /// Drops the presses since the delay.
    fn forget(&mut self) {
        self.repeats.clear();
        self.held = false;
    }

    /// Another key was pressed, which ends every repetition.
    pub fn other_key(&mut self) {
        *self = Self::default();
    }
}

/// Fits a steady rhythm to these times by least squares. Gives its interval and the root mean
/// square deviation from it, both in milliseconds.
fn fit_rhythm(times: &[Instant]) -> (f64, f64) {
    let count = times.len() as f64;
    let since = |at: &Instant| at.duration_since(times[0]).as_secs_f64() * 1000.0;
    let middle = (count - 1.0) / 2.0;
    let mean = times.iter().map(since).sum::<f64>() / count;
    let points = || {
        (0..)
            .map(|n| f64::from(n) - middle)
            .zip(times.iter().map(|at| since(at) - mean))
    };
    let across: f64 = points().map(|(n, _)| n * n).sum();
    let interval = points().map(|(n, t)| n * t).sum::<f64>() / across;
    let squares: f64 = points().map(|(n, t)| (t - interval * n).powi(2)).sum();
    (interval, (squares / count).sqrt())
}
