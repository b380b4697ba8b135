//! How fast each player scores, measured over a window that ends with the latest point.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use super::expiring::{Expiring, OWN};
use super::{ByPlayer, PlayerId};

/// How long other players count as playing after their latest point.
pub const PLAYING: Duration = Duration::from_secs(5);

/// The longest window of a rate.
pub const LONGEST: Duration = Duration::from_secs(60);

/// Own points within this time share one entry, so that a player needs at most 600 entries.
const BUCKET: Duration = Duration::from_millis(100);

/// The same for the points of others, which come by polls that are hardly more frequent: at most 120
/// entries. A guest of a server sees up to 400 players, so this is the most memory that it needs.
const OTHERS_BUCKET: Duration = Duration::from_millis(500);

/// More points than this in one poll were not pressed: a program has set the score, or presses that
/// had been kept for long have arrived. Neither is a pace.
pub const LEAP: u64 = 1_000;

/// What is known about the player's own presses in a score that was read. Own presses are recorded
/// when they are made, and must not be recorded again when they come back in the score.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    /// This many of the points are own presses.
    Counted(u64),
    /// This many own presses are on their way, and any of them may be among the points already.
    Waiting(u64),
}

#[derive(Debug, Clone, Default)]
struct Track {
    /// The first point of all. Entries count from it, which takes a third of the memory.
    origin: Option<Instant>,
    /// The start of each entry in milliseconds since the origin, and its points.
    buckets: VecDeque<(u32, u32)>,
    latest: Option<Instant>,
    /// Points that were seen while as many own presses were on their way. The next count shows
    /// whose they are.
    doubtful: u64,
    /// The most points within one second.
    peak: u64,
}

impl Track {
    fn add(&mut self, points: u64, length: Duration, now: Instant) {
        if points == 0 {
            return;
        }
        if self.buckets.is_empty() {
            self.origin = Some(now);
        }
        let at = self.since_origin(now);
        while let Some((begun, _)) = self.buckets.front()
            && begun.saturating_add(millis(LONGEST)) <= at
        {
            self.buckets.pop_front();
        }
        let points = u32::try_from(points).unwrap_or(u32::MAX);
        match self.buckets.back_mut() {
            Some((begun, sum)) if at < begun.saturating_add(millis(length)) => {
                *sum = sum.saturating_add(points);
            }
            _ => self.buckets.push_back((at, points)),
        }
        self.latest = Some(now);
        self.peak = self.peak.max(self.since(Duration::from_secs(1)));
    }

    /// The points in a window that ends with the latest point.
    fn since(&self, window: Duration) -> u64 {
        let latest = self.latest.map_or(0, |latest| self.since_origin(latest));
        let recent = self.buckets.iter().rev();
        let recent = recent.take_while(|(begun, _)| latest < begun.saturating_add(millis(window)));
        recent.map(|(_, points)| u64::from(*points)).sum()
    }

    /// Milliseconds since the origin, which is enough for seven weeks without a pause.
    fn since_origin(&self, at: Instant) -> u32 {
        let origin = self.origin.unwrap_or(at);
        millis(at.saturating_duration_since(origin))
    }
}

fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// The pace of every player who is playing.
#[derive(Debug, Clone, Default)]
pub struct Pace {
    tracks: ByPlayer<Track>,
    /// The players who are playing, and since when.
    playing: Expiring<Instant>,
}

impl Pace {
    /// Records own presses when they are made.
    pub fn pressed(&mut self, id: PlayerId, presses: u64, now: Instant) {
        self.add(id, presses, OWN, BUCKET, now);
    }

    /// Records the presses of others in a score that has risen by `rise` since it was last read. A
    /// score that fell, or rose by more than [`LEAP`], was set by a program and is ignored.
    pub fn seen(&mut self, id: PlayerId, rise: i64, own: Own, now: Instant) {
        let before = self.tracks.get(&id).map_or(0, |track| track.doubtful);
        let rise = u64::try_from(rise).unwrap_or(0);
        let (others, doubtful) = match own {
            Own::Counted(counted) => {
                let others = rise.saturating_add(before).saturating_sub(counted);
                (others, 0)
            }
            Own::Waiting(waiting) => {
                let more = rise.min(waiting.saturating_sub(before));
                (rise - more, before + more)
            }
        };
        if doubtful != before {
            self.tracks.entry(id).or_default().doubtful = doubtful;
        }
        if others <= LEAP {
            self.add(id, others, PLAYING, OTHERS_BUCKET, now);
        }
    }

    fn add(&mut self, id: PlayerId, points: u64, plays: Duration, bucket: Duration, now: Instant) {
        if points > 0 {
            self.tracks.entry(id).or_default().add(points, bucket, now);
            self.playing.keep(id, now, now + plays);
        }
    }

    /// Whether the player's score rose in the last [`PLAYING`], or by own presses in the last
    /// [`OWN`], as of the last [`Self::expire`].
    pub fn is_playing(&self, id: PlayerId) -> bool {
        self.playing.get(id).is_some()
    }

    /// Whether the player has played for this long without a pause, up to the latest point.
    pub fn has_lasted(&self, id: PlayerId, time: Duration) -> bool {
        let latest = self.tracks.get(&id).and_then(|track| track.latest);
        let begun = self.playing.get(id);
        let lasted = latest.zip(begun).map(|(latest, begun)| latest - *begun);
        lasted.is_some_and(|lasted| lasted >= time)
    }

    /// Points a second in the window that ends with the player's latest point. The points are
    /// divided by the whole length of the window, so that a few quick presses do not look like a
    /// high pace. A window is at most [`LONGEST`]. The rate of a player who does not play is 0.
    pub fn rate(&self, id: PlayerId, window: Duration) -> f64 {
        let window = window.min(LONGEST);
        let points = self.tracks.get(&id).map_or(0, |track| track.since(window));
        points as f64 / window.as_secs_f64()
    }

    /// The most points that the player made within one second of this run of play.
    pub fn peak(&self, id: PlayerId) -> u64 {
        self.tracks.get(&id).map_or(0, |track| track.peak)
    }

    /// The points in each second of the minute that ends with the player's latest point.
    pub fn last_minute(&self, id: PlayerId) -> [u64; 60] {
        let mut seconds = [0; 60];
        if let Some((track, latest)) = self.tracks.get(&id).and_then(|t| Some((t, t.latest?))) {
            let latest = track.since_origin(latest);
            for (begun, points) in &track.buckets {
                let ago = latest.saturating_sub(*begun) / 1_000;
                if let Some(second) = usize::try_from(ago)
                    .ok()
                    .and_then(|s| 59_usize.checked_sub(s))
                {
                    seconds[second] += u64::from(*points);
                }
            }
        }
        seconds
    }

    /// When [`Self::expire`] may have something to do.
    pub fn due(&self) -> Option<Instant> {
        self.playing.due()
    }

    /// Drops players who have stopped playing. True if there were any. Entries older than any
    /// window are dropped at the same time; the program does not wake up for them alone.
    pub fn expire(&mut self, now: Instant) -> bool {
        let stopped = self.playing.expire(now);
        if stopped {
            self.tracks
                .retain(|_, track| track.latest.is_some_and(|at| at + LONGEST > now));
        }
        stopped
    }

    /// Drops a removed player.
    pub fn forget(&mut self, id: PlayerId) {
        self.tracks.remove(&id);
        self.playing.forget(id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADA: PlayerId = PlayerId(1);
    const BOB: PlayerId = PlayerId(2);

    fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    fn rates(pace: &Pace, id: PlayerId) -> [f64; 3] {
        [1, 10, 60].map(|s| pace.rate(id, Duration::from_secs(s)))
    }

    #[test]
    fn a_rate_is_counted_over_its_whole_window() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.pressed(ADA, 1, start);
        pace.pressed(ADA, 1, start + ms(20));
        assert_eq!(
            rates(&pace, ADA),
            [2.0, 0.2, 2.0 / 60.0],
            "two quick presses are not fifty a second"
        );
        // Eight a second, for a minute and more.
        for n in 1..=800 {
            pace.pressed(ADA, 1, start + ms(125 * n));
        }
        assert_eq!(rates(&pace, ADA), [8.0, 8.0, 8.0]);
        assert_eq!(rates(&pace, BOB), [0.0, 0.0, 0.0]);
    }

    #[test]
    fn a_rate_is_never_more_than_what_came_in_the_window() {
        let start = Instant::now();
        for gap in [1, 3, 30, 99, 100, 101, 333, 400, 1_000, 7_000] {
            let mut pace = Pace::default();
            let times: Vec<Instant> = (0..300).map(|n| start + ms(gap * n)).collect();
            for at in &times {
                pace.pressed(ADA, 1, *at);
            }
            for window in [1, 10, 60].map(Duration::from_secs) {
                let latest = times[299];
                let came = times.iter().filter(|at| latest < **at + window).count() as f64;
                let rate = pace.rate(ADA, window) * window.as_secs_f64();
                assert!(rate <= came + 1e-9, "{rate} of {came}, every {gap} ms");
                let one_entry = (100.0 / gap as f64).ceil();
                assert!(rate >= came - one_entry, "{rate} of {came}, every {gap} ms");
            }
        }
    }

    #[test]
    fn what_is_kept_of_a_player_is_bounded_and_of_who_stands_still_nothing() {
        let start = Instant::now();
        let mut pace = Pace::default();
        for n in 0..200_000 {
            pace.pressed(ADA, 1, start + ms(n));
        }
        assert!(pace.tracks[&ADA].buckets.len() <= 600);
        let later = start + ms(200_000) + LONGEST;
        pace.pressed(BOB, 1, later);
        assert!(pace.expire(later));
        assert_eq!(pace.tracks.keys().collect::<Vec<_>>(), [&BOB]);
    }

    #[test]
    fn who_has_stopped_goes_after_five_seconds_and_then_nothing_is_due() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.seen(ADA, 3, Own::Waiting(0), start);
        pace.seen(BOB, 3, Own::Waiting(0), start + ms(2_000));
        assert_eq!(pace.due(), Some(start + PLAYING));
        assert!(!pace.expire(start + ms(4_999)));
        assert!(pace.expire(start + PLAYING));
        assert_eq!((pace.is_playing(ADA), pace.is_playing(BOB)), (false, true));
        assert_eq!(pace.due(), Some(start + ms(2_000) + PLAYING));
        assert!(pace.expire(start + ms(2_000) + PLAYING));
        assert_eq!((pace.is_playing(BOB), pace.due()), (false, None));
    }

    #[test]
    fn the_peak_stays_and_the_last_minute_goes_by_second_by_second() {
        let start = Instant::now();
        let mut pace = Pace::default();
        pace.pressed(ADA, 3, start);
        pace.pressed(ADA, 4, start + ms(900));
        pace.pressed(ADA, 2, start + ms(30_000));
        pace.pressed(ADA, 1, start + ms(59_800));
        assert_eq!(pace.peak(ADA), 7, "not per calendar second");
        let minute = pace.last_minute(ADA);
        assert_eq!(minute.iter().sum::<u64>(), 10);
        assert_eq!([minute[0], minute[1], minute[30], minute[59]], [3, 4, 2, 1]);
        pace.pressed(ADA, 1, start + ms(61_000));
        assert_eq!(
            pace.last_minute(ADA).iter().sum::<u64>(),
            4,
            "two bursts are too old"
        );
        assert_eq!((pace.peak(ADA), pace.peak(BOB)), (7, 0));
        assert_eq!(pace.last_minute(BOB), [0; 60]);
    }

    #[test]
    fn a_score_that_was_set_is_no_pace() {
        let now = Instant::now();
        for rise in [0, -1, -500, i64::MIN, 1_001, i64::MAX] {
            let mut pace = Pace::default();
            pace.seen(ADA, rise, Own::Waiting(0), now);
            assert!(!pace.is_playing(ADA), "{rise}");
            assert_eq!(pace.rate(ADA, LONGEST), 0.0, "{rise}");
        }
        let mut pace = Pace::default();
        pace.seen(ADA, 1_000, Own::Waiting(0), now);
        assert!(pace.is_playing(ADA));
    }

    #[test]
    fn own_presses_are_counted_once_and_those_of_others_beside_them_too() {
        let now = Instant::now();
        let points = |pace: &Pace| (pace.rate(ADA, LONGEST) * 60.0).round() as u64;
        // The commit of five own presses, and of two that somebody else made for the same player.
        let mut pace = Pace::default();
        pace.pressed(ADA, 5, now);
        pace.seen(ADA, 7, Own::Counted(5), now);
        assert_eq!(points(&pace), 7);
        // A look sees some of them before their count is known: whose they are is open until then.
        let mut pace = Pace::default();
        pace.pressed(ADA, 5, now);
        pace.seen(ADA, 7, Own::Waiting(5), now);
        assert_eq!(points(&pace), 7);
        pace.seen(ADA, 0, Own::Counted(5), now);
        assert_eq!(points(&pace), 7);
        let mut pace = Pace::default();
        pace.pressed(ADA, 5, now);
        pace.seen(ADA, 2, Own::Waiting(5), now);
        pace.seen(ADA, 1, Own::Waiting(5), now);
        assert_eq!(points(&pace), 5);
        pace.seen(ADA, 5, Own::Counted(5), now);
        assert_eq!(points(&pace), 8);
        // Kept presses of an earlier run were not made now.
        let mut pace = Pace::default();
        pace.seen(ADA, 40, Own::Counted(40), now);
        assert!(!pace.is_playing(ADA));
    }
}
