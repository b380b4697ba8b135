//! Measures how long the server takes to answer, and reports changes.

use std::collections::VecDeque;
use std::time::Duration;

/// The shortest of this many answers is reported, since a busy machine delays single ones.
const ANSWERS: usize = 8;

/// A smaller difference is not reported.
const LEAST: Duration = Duration::from_micros(500);

/// The last measurements, and the last report.
#[derive(Debug, Default)]
pub struct RoundTrip {
    answers: VecDeque<Duration>,
    told: Option<Duration>,
}

impl RoundTrip {
    /// Adds a measurement. Returns the shortest of the last eight where it differs from the last
    /// report by more than a third and by more than half a millisecond.
    pub fn measured(&mut self, took: Duration) -> Option<Duration> {
        if self.answers.len() == ANSWERS {
            self.answers.pop_front();
        }
        self.answers.push_back(took);
        let shortest = self.answers.iter().min().copied()?;
        let same = self
            .told
            .is_some_and(|told| shortest.abs_diff(told) <= LEAST.max(told / 3));
        if same {
            return None;
        }
        self.told = Some(shortest);
        self.told
    }

    /// Forgets the answers of a connection that is gone.
    pub fn lost(&mut self) {
        self.answers.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is reported of some measurements, both in tenths of a millisecond.
    fn told(answers: impl IntoIterator<Item = u64>) -> Vec<u64> {
        let mut round_trip = RoundTrip::default();
        let answers = answers.into_iter();
        let told = answers.filter_map(|t| round_trip.measured(Duration::from_micros(100 * t)));
        told.map(|t| t.as_micros() as u64 / 100).collect()
    }

    #[test]
    fn a_stable_link_is_told_of_once() {
        assert_eq!(told([4, 3, 5, 7, 4, 90, 3, 4, 8, 2, 4, 5, 60, 3, 3]), [4]);
        assert_eq!(told((0..1_000).map(|n| 500 + n * 7 % 160)), [500]);
    }

    #[test]
    fn single_slow_answers_are_nothing_and_a_slower_link_is_told_of_after_eight() {
        assert_eq!(told([10, 400, 10, 400, 400, 400]), [10]);
        assert_eq!(told([vec![10], vec![400; 7]].concat()), [10]);
        assert_eq!(told([vec![10], vec![400; 8]].concat()), [10, 400]);
    }

    #[test]
    fn a_faster_link_is_told_of_at_once() {
        assert_eq!(told([400, 400, 10]), [400, 10]);
    }
}
