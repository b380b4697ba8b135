//! Values of players expire, each at its own time.

use std::time::{Duration, Instant};

use clickoff::game::{Expiring, MOVED, PlayerId};

#[test]
fn a_value_stays_the_first_one_until_its_latest_time() {
    let (ada, bob) = (PlayerId(1), PlayerId(2));
    let start = Instant::now();
    let second = Duration::from_secs(1);
    let mut ranks = Expiring::default();
    ranks.keep(ada, 5, start + MOVED);
    ranks.keep(bob, 4, start + MOVED);
    ranks.keep(ada, 4, start + second + MOVED);
    assert_eq!([ada, bob].map(|id| ranks.get(id)), [Some(&5), Some(&4)]);
    assert!(!ranks.expire(start + second));
    assert!(ranks.expire(start + MOVED));
    assert_eq!([ada, bob].map(|id| ranks.get(id)), [Some(&5), None]);
    assert_eq!(ranks.due(), Some(start + second + MOVED));
    assert!(ranks.expire(start + second + MOVED));
    assert_eq!((ranks.get(ada), ranks.due()), (None, None));
}
