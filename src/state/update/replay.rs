//! Replays: which recordings there are, and their keys. Nothing in a replay scores.

use std::time::Instant;

use super::State;
use crate::game::contest::{Length, Trace};
use crate::game::race::Race;
use crate::game::{PlayerId, sprint::Bests};
use crate::message::Action;
use crate::state::{Contest, Fetched, Ghost, Mode, Phase, Recording, Replay, ReplayLane, Rival};
use crate::words::Say;

/// Opens the replay of the finished sprint or race; before a contest, of the best sprints or the
/// last races.
pub fn open(state: &mut State, now: Instant) {
    let (recordings, at) = state.recordings();
    let replay = Replay::new(recordings, at, now);
    if replay.is_none() {
        state.notice = Some(Say::NothingToReplay);
    }
    if let Mode::Contest(contest) = &mut state.mode {
        contest.replay = replay;
    }
}

impl State {
    /// The recordings that can be replayed, and which comes first.
    pub fn recordings(&self) -> (Vec<Recording>, usize) {
        let Some(contest) = self.contest() else {
            return (Vec::new(), 0);
        };
        match &contest.rival {
            Rival::Ghost(ghost) if contest.is_choice() => boards(self, contest, ghost),
            Rival::Ghost(ghost) => (this_sprint(self, contest, ghost), 0),
            Rival::Racers(racers) => {
                let races = match (&racers.race, &racers.last) {
                    (Some(race), _) => std::slice::from_ref(race),
                    (None, Fetched::Ready(races)) => races,
                    (None, _) => &[],
                };
                let own = |race: &Race| recording_of(race, contest.player);
                (races.iter().filter_map(own).collect(), 0)
            }
        }
    }
}

/// The boards of all lengths, and the one of the chosen length.
fn boards(state: &State, contest: &Contest, ghost: &Ghost) -> (Vec<Recording>, usize) {
    let Some(bests) = ghost.read() else {
        return (Vec::new(), 0);
    };
    let board = |length| Recording::new(length, places(state, bests, length, contest.player, None));
    // Longest first, so that going on leads to shorter ones.
    let recordings: Vec<Recording> = Length::ALL.into_iter().rev().filter_map(board).collect();
    let at = recordings
        .iter()
        .position(|recording| recording.length <= contest.length);
    let at = at.unwrap_or(recordings.len());
    (recordings, at)
}

/// The players on a board, except `but`.
fn places(
    state: &State,
    bests: &Bests,
    length: Length,
    own: Option<PlayerId>,
    but: Option<PlayerId>,
) -> Vec<ReplayLane> {
    let board = bests.board(length).iter();
    let lanes = board
        .filter(|place| Some(place.player) != but)
        .filter_map(|place| {
            let player = state.player(place.player)?;
            Some(ReplayLane {
                name: player.name.clone(),
                own: Some(place.player) == own,
                trace: place.trace.clone()?,
            })
        });
    lanes.collect()
}

/// The finished sprint with the other players on its board.
fn this_sprint(state: &State, contest: &Contest, ghost: &Ghost) -> Vec<Recording> {
    let (Some(run), Some(player)) = (&contest.run, contest.player) else {
        return Vec::new();
    };
    let trace = run.trace();
    if contest.phase != Phase::Over || trace.total() == 0 {
        return Vec::new();
    }
    let lane = |trace: &Trace| ReplayLane {
        name: state
            .player(player)
            .map_or(String::new(), |p| p.name.clone()),
        own: true,
        trace: trace.clone(),
    };
    let mut lanes = vec![lane(trace)];
    if let Some(bests) = ghost.read() {
        lanes.extend(places(state, bests, contest.length, None, Some(player)));
    }
    Recording::new(contest.length, lanes).into_iter().collect()
}

/// The recording of a race, of the racers with a trace.
fn recording_of(race: &Race, own: Option<PlayerId>) -> Option<Recording> {
    let lanes = race.racers.iter().filter_map(|racer| {
        Some(ReplayLane {
            name: racer.name.clone(),
            own: Some(racer.player) == own,
            trace: racer.trace.clone()?,
        })
    });
    Recording::new(race.length, lanes.collect())
}

/// Handles an action in a replay.
pub fn act(state: &mut State, action: Action, now: Instant) {
    let Mode::Contest(contest) = &mut state.mode else {
        return;
    };
    let Some(replay) = &mut contest.replay else {
        return;
    };
    match action {
        Action::Accept => replay.pause(now),
        Action::Replay => replay.restart(now),
        Action::Earlier => replay.turn(1, now),
        Action::Later => replay.turn(-1, now),
        Action::Back => contest.replay = None,
        _ => {}
    }
}
