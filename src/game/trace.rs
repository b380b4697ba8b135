//! The lengths of contests, and the times of the presses in one.

use std::fmt;
use std::time::Duration;

/// The resolution of a trace.
pub const STEP: Duration = Duration::from_millis(100);

/// How long a contest lasts. Each length has its own best results.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// 5 s.
    Five,
    /// 10 s.
    #[default]
    Ten,
    /// 30 s.
    Thirty,
    /// 60 s.
    Sixty,
}

impl Length {
    /// All lengths, shortest first.
    pub const ALL: [Self; 4] = [Self::Five, Self::Ten, Self::Thirty, Self::Sixty];

    /// The length in seconds.
    pub const fn seconds(self) -> u32 {
        match self {
            Self::Five => 5,
            Self::Ten => 10,
            Self::Thirty => 30,
            Self::Sixty => 60,
        }
    }

    /// The length as a duration.
    pub const fn time(self) -> Duration {
        Duration::from_secs(self.seconds() as u64)
    }

    /// The presses a second if there were this many in all.
    pub fn rate(self, presses: u64) -> f64 {
        presses as f64 / f64::from(self.seconds())
    }

    /// The length with this number of seconds, if there is one.
    pub fn of_seconds(seconds: i64) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|length| i64::from(length.seconds()) == seconds)
    }

    /// The most steps that a trace of this length can have.
    const fn steps(self) -> usize {
        (self.time().as_millis() / STEP.as_millis()) as usize
    }
}

/// The times of the presses in a contest: how many were made in each [`STEP`] since the start.
///
/// The text form is these numbers separated by commas, with zeros left out: `1,,2` is one press in
/// the first step and two in the third.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trace(Vec<u64>);

impl Trace {
    /// Records presses at a time after the start.
    pub fn add(&mut self, elapsed: Duration, presses: u64) {
        if presses == 0 {
            return;
        }
        let step = whole_steps(elapsed);
        if self.0.len() <= step {
            self.0.resize(step + 1, 0);
        }
        self.0[step] = self.0[step].saturating_add(presses);
    }

    /// The number of all presses.
    pub fn total(&self) -> u64 {
        sum(&self.0)
    }

    /// The presses of the steps that were over at a time after the start.
    pub fn total_at(&self, elapsed: Duration) -> u64 {
        sum(&self.0[..whole_steps(elapsed).min(self.0.len())])
    }

    /// The presses in the second before this time, in whole steps. During the first second it is
    /// shorter.
    pub fn last_second(&self, elapsed: Duration) -> u64 {
        let before = elapsed.saturating_sub(Duration::from_secs(1));
        self.total_at(elapsed) - self.total_at(before)
    }

    /// The presses a second in the time before this one, in whole steps. The first second counts as
    /// a whole one from its beginning on.
    pub fn pace(&self, over: Duration, elapsed: Duration) -> f64 {
        let presses = self.total_at(elapsed) - self.total_at(elapsed.saturating_sub(over));
        let time = over.min(elapsed).max(Duration::from_secs(1));
        presses as f64 / time.as_secs_f64()
    }

    /// The most presses in any second, in whole steps.
    pub fn best_second(&self) -> u64 {
        let second = (1000 / STEP.as_millis()) as usize;
        let all = self.0.len().saturating_sub(second);
        (0..=all)
            .map(|from| sum(&self.0[from..self.0.len().min(from + second)]))
            .max()
            .unwrap_or(0)
    }

    /// Reads the text form. None if it can't be a trace of this length.
    pub fn parse(text: &str, length: Length) -> Option<Self> {
        let step = |step: &str| match step {
            "" => Some(0),
            digits => digits.parse().ok(),
        };
        let mut steps: Vec<u64> = text.split(',').map(step).collect::<Option<_>>()?;
        while steps.last() == Some(&0) {
            steps.pop();
        }
        (steps.len() <= length.steps()).then_some(Self(steps))
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, presses) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            match presses {
                0 => f.write_str(comma)?,
                n => write!(f, "{comma}{n}")?,
            }
        }
        Ok(())
    }
}

/// The number of steps that were over at a time after the start.
pub(super) fn whole_steps(elapsed: Duration) -> usize {
    usize::try_from(elapsed.as_millis() / STEP.as_millis()).unwrap_or(usize::MAX)
}

fn sum(steps: &[u64]) -> u64 {
    steps.iter().fold(0, |sum, step| sum.saturating_add(*step))
}
