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
pub enum OwnPresses {
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
    pub fn seen(&mut self, id: PlayerId, rise: i64, own: OwnPresses, now: Instant) {
        let before = self.tracks.get(&id).map_or(0, |track| track.doubtful);
        let rise = u64::try_from(rise).unwrap_or(0);
        let (others, doubtful) = match own {
            OwnPresses::Counted(counted) => {
                let others = rise.saturating_add(before).saturating_sub(counted);
                (others, 0)
            }
            OwnPresses::Waiting(waiting) => {
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

    #[test]
    fn what_is_kept_of_a_player_is_bounded_and_of_who_stands_still_nothing() {
        let (ada, bob) = (PlayerId(1), PlayerId(2));
        let ms = Duration::from_millis;
        let start = Instant::now();
        let mut pace = Pace::default();
        for n in 0..200_000 {
            pace.pressed(ada, 1, start + ms(n));
        }
        assert!(pace.tracks[&ada].buckets.len() <= 600);
        let later = start + ms(200_000) + LONGEST;
        pace.pressed(bob, 1, later);
        assert!(pace.expire(later));
        assert_eq!(pace.tracks.keys().collect::<Vec<_>>(), [&bob]);
    }
}
