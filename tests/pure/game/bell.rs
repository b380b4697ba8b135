//! The bell rings for what it is to ring for.

use std::time::{Duration, Instant};

use clickoff::game::{Bell, Rings};

/// The least time between two rings for feats.
const PAUSE: Duration = Duration::from_secs(1);

#[test]
fn it_rings_for_what_it_is_to_ring_for_and_feats_at_most_once_a_second() {
    let now = Instant::now();
    for (rings, starts, all) in [
        (Rings::None, false, false),
        (Rings::Starts, true, false),
        (Rings::All, true, true),
    ] {
        for (what, wanted) in [(Rings::Starts, starts), (Rings::All, all)] {
            let mut bell = Bell::default();
            bell.rings = rings;
            bell.ring(what, now);
            assert_eq!(bell.take(), wanted, "{rings:?} {what:?}");
            assert!(!bell.take());
        }
    }
    let mut bell = Bell::default();
    bell.rings = Rings::All;
    bell.ring(Rings::All, now);
    assert!(bell.take());
    bell.ring(Rings::All, now + PAUSE / 2);
    assert!(!bell.take());
    bell.ring(Rings::Starts, now + PAUSE / 2);
    assert!(bell.take(), "a start is never left out");
    bell.ring(Rings::All, now + PAUSE * 2);
    bell.cancel();
    assert!(!bell.take());
}
