//! Replays as numbers: how many presses each player made in each second.

use std::time::Duration;

use super::Plain;
use crate::state::{Recording, ReplayLane, State};
use crate::words::Say;

/// The most contests, and the most players of each.
const RECORDINGS: usize = 4;
const LANES: usize = 10;

impl Plain {
    /// Says what the screen would replay: the finished contest, or before a contest the best
    /// sprints or the last races.
    pub(super) fn say_replay(&mut self, state: &State) {
        let (recordings, at) = state.recordings();
        if recordings.is_empty() {
            return self.say(&Say::NothingToReplay);
        }
        for recording in recordings.iter().skip(at).take(RECORDINGS) {
            let seconds = recording.length.seconds().into();
            self.say(&Say::ReplayTold { seconds });
            for lane in recording.lanes.iter().take(LANES) {
                self.say_lane(recording, lane);
            }
        }
    }

    fn say_lane(&mut self, recording: &Recording, lane: &ReplayLane) {
        let ends = (1..=recording.length.seconds()).map(|n| Duration::from_secs(n.into()));
        let seconds = ends.map(|end| lane.trace.last_second(end).to_string());
        self.say(&Say::ReplayLane {
            name: self.short(&lane.name),
            presses: lane.trace.total(),
            seconds: seconds.collect::<Vec<_>>().join(" "),
        });
    }
}
