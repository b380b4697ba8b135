//! Waiting times between retries: growing, capped, and with jitter.

use std::time::Duration;

use uuid::Uuid;

/// Doubling waits with jitter.
#[derive(Debug)]
pub struct Backoff {
    first: Duration,
    longest: Duration,
    failures: u32,
}

impl Backoff {
    /// Starts at `first` and never waits longer than `longest`.
    pub fn new(first: Duration, longest: Duration) -> Self {
        Self {
            first,
            longest,
            failures: 0,
        }
    }

    /// The next wait, with up to half of it taken off at random, so that clients that failed
    /// together don't retry together.
    pub fn next(&mut self) -> Duration {
        let full = self
            .first
            .saturating_mul(1 << self.failures.min(20))
            .min(self.longest);
        self.failures = self.failures.saturating_add(1);
        // A version 4 UUID is random, and needs no further dependency.
        let random = Uuid::new_v4().as_u128() as u32;
        full / 2 + (full / 2).mul_f64(f64::from(random) / f64::from(u32::MAX))
    }

    /// Starts from the first wait again, after a success.
    pub fn reset(&mut self) {
        self.failures = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_cap_with_at_most_half_taken_off() {
        let ms = Duration::from_millis;
        let mut backoff = Backoff::new(ms(100), ms(1000));
        for full in [100, 200, 400, 800, 1000, 1000] {
            let wait = backoff.next();
            assert!(
                wait >= ms(full) / 2 && wait <= ms(full),
                "{wait:?} of {full}"
            );
        }
        for _ in 0..100 {
            backoff.next();
        }
        backoff.reset();
        assert!(backoff.next() <= ms(100));
    }
}
