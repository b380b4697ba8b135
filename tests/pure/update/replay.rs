//! The position of a replay.

use std::time::{Duration, Instant};

use clickoff::game::contest::{Length, Trace};
use clickoff::state::{Recording, Replay, ReplayLane};

fn recording(length: Length, totals: &[u64]) -> Option<Recording> {
    let lane = |total: &u64| {
        let mut trace = Trace::default();
        trace.add(Duration::ZERO, *total);
        ReplayLane {
            name: total.to_string(),
            own: false,
            trace,
        }
    };
    Recording::new(length, totals.iter().map(lane).collect())
}

#[test]
fn a_replay_shows_its_time_without_its_pauses_and_stands_still_at_its_end() {
    let ms = Duration::from_millis;
    let now = Instant::now();
    assert_eq!(recording(Length::Five, &[]), None);
    assert_eq!(Replay::new(Vec::new(), 0, now), None);
    let recordings: Vec<Recording> = [
        recording(Length::Five, &[3, 9]),
        recording(Length::Ten, &[1]),
    ]
    .into_iter()
    .flatten()
    .collect();
    let mut replay = Replay::new(recordings, 0, now).expect("a replay");
    let names: Vec<&str> = replay
        .recording()
        .lanes
        .iter()
        .map(|l| l.name.as_str())
        .collect();
    assert_eq!(names, ["9", "3"]);
    assert_eq!(replay.due(now, true), Some(now + ms(100)));
    assert_eq!(replay.due(now, false), Some(now + ms(1_000)));
    assert!(!replay.advance(now + ms(50), true));
    assert!(replay.advance(now + ms(1_250), true));
    assert_eq!(replay.due(now + ms(1_250), true), Some(now + ms(1_300)));
    replay.pause(now + ms(1_250));
    assert_eq!((replay.elapsed(), replay.is_paused()), (ms(1_250), true));
    assert_eq!(replay.due(now + ms(1_250), true), None, "asleep");
    assert!(!replay.advance(now + ms(9_000), true));
    replay.pause(now + ms(9_000));
    assert_eq!(replay.due(now + ms(9_000), true), Some(now + ms(9_050)));
    assert!(replay.advance(now + ms(60_000), true));
    assert!(replay.is_over());
    assert_eq!(replay.elapsed(), ms(5_000));
    assert_eq!(replay.due(now + ms(60_000), true), None, "asleep");
    replay.pause(now + ms(60_000));
    assert_eq!((replay.elapsed(), replay.is_paused()), (ms(0), false));
    replay.advance(now + ms(61_000), true);
    replay.turn(1, now + ms(61_000));
    assert_eq!((replay.place(), replay.elapsed()), ((2, 2), ms(0)));
    replay.advance(now + ms(62_000), true);
    replay.turn(1, now + ms(62_000));
    assert_eq!(replay.elapsed(), ms(1_000), "there is no later one");
    replay.turn(-7, now + ms(62_000));
    assert_eq!(replay.place(), (1, 2));
}
