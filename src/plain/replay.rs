//! Replays as numbers: how many presses each player made in each second.

use std::time::Duration;

use super::Plain;
use crate::state::{Film, ReplayLane, State};
use crate::words::{Say, text};

/// The most contests, and the most players of each.
const FILMS: usize = 4;
const LANES: usize = 10;

impl Plain {
    /// Says what the screen would replay: the finished contest, or before a contest the best
    /// sprints or the last races.
    pub(super) fn say_replay(&mut self, state: &State) {
        let (films, at) = state.films();
        if films.is_empty() {
            return self.say(&Say::NothingToReplay);
        }
        for film in films.iter().skip(at).take(FILMS) {
            let seconds = film.length.seconds().into();
            self.say(&Say::ReplayTold { seconds });
            for lane in film.lanes.iter().take(LANES) {
                self.say_lane(film, lane);
            }
        }
    }

    fn say_lane(&mut self, film: &Film, lane: &ReplayLane) {
        let ends = (1..=film.length.seconds()).map(|n| Duration::from_secs(n.into()));
        let seconds = ends.map(|end| lane.trace.last_second(end).to_string());
        self.say(&Say::ReplayLane {
            name: text::cut(&self.look.name(&lane.name), super::NAME),
            presses: lane.trace.total(),
            seconds: seconds.collect::<Vec<_>>().join(" "),
        });
    }
}
