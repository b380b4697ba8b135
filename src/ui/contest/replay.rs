//! The replay of a contest: lanes and paces up to the replayed moment.

use std::borrow::Cow;
use std::time::Duration;

use ratatui::Frame;
use ratatui::layout::Rect;

use super::chart::Graph;
use super::lanes::{self, Lane};
use super::stage::{self, Moment, StageRun};
use super::words;
use crate::state::Replay;
use crate::ui::Look;
use crate::words::{Say, text};

/// The largest width of a name in the one-line summary.
const NAME: usize = 12;

/// Draws the replay.
pub fn draw(replay: &Replay, look: &Look, area: Rect, frame: &mut Frame) {
    let theme = &look.theme;
    let recording = replay.recording();
    let elapsed = replay.elapsed();
    let lanes = lanes(replay, look);
    let (nth, all) = replay.place();
    let (nth, all) = (nth as u64, all as u64);
    let mut told = Vec::new();
    told.extend((all > 1).then_some(Say::ReplayOf { nth, all }));
    if replay.is_over() {
        told.push(Say::ReplayOver);
    } else if replay.is_paused() {
        told.push(Say::ReplayPaused);
    }
    let mut words = vec![(Say::ReplayScoresNothing, theme.quiet)];
    if !told.is_empty() {
        words.push((Say::Beside(told), theme.strong));
    }
    let run = StageRun {
        clock: Some((recording.length.time() - elapsed, recording.length)),
        lively: true,
        words,
        count: None,
        total: None,
        graph: Graph::pace(recording.length, &lanes, elapsed),
        lanes,
        duel: None,
    };
    stage::draw(&run, Moment::Calm, look, area, frame);
}

/// Everyone's lane, in the order of the result.
fn lanes<'a>(replay: &'a Replay, look: &Look) -> Vec<Lane<'a>> {
    let elapsed = replay.elapsed();
    let lanes = replay.recording().lanes.iter();
    let lanes = lanes.map(|lane| Lane {
        name: look.name(&lane.name).into_owned(),
        presses: lane.trace.total_at(elapsed),
        own: lane.own,
        pace: Some(lane.trace.last_second(elapsed)),
        trace: Some(Cow::Borrowed(&lane.trace)),
        ..Lane::default()
    });
    let mut lanes: Vec<Lane> = lanes.collect();
    lanes::rank(&mut lanes);
    lanes
}

/// The replay in one line: the time, and who leads.
pub fn summary(replay: &Replay, look: &Look) -> Say {
    let elapsed: Duration = replay.elapsed();
    let time = words::seconds(elapsed, true).into();
    let lanes = lanes(replay, look);
    let first = lanes.iter().rev().max_by_key(|lane| lane.presses);
    Say::ShortReplay {
        time,
        name: first.map_or(String::new(), |lane| text::cut(&lane.name, NAME)),
        presses: first.map_or(0, |lane| lane.presses),
    }
}
