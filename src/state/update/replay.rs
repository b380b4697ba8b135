//! Replays: which recordings there are, and their keys. Nothing in a replay scores.

use std::time::Instant;

use super::State;
use crate::game::contest::{Length, Trace};
use crate::game::race::Race;
use crate::game::{PlayerId, sprint::Bests};
use crate::message::Action;
use crate::state::{Contest, Film, Ghost, Known, Mode, Phase, Replay, ReplayLane, Rival};
use crate::words::Say;

/// Opens the replay of the finished sprint or race; before a contest, of the best sprints or the
/// last races.
pub fn open(state: &mut State, now: Instant) {
    let (films, at) = state.films();
    let replay = Replay::new(films, at, now);
    if replay.is_none() {
        state.notice = Some(Say::NothingToReplay);
    }
    if let Mode::Contest(contest) = &mut state.mode {
        contest.replay = replay;
    }
}

impl State {
    /// The recordings that can be replayed, and which comes first.
    pub fn films(&self) -> (Vec<Film>, usize) {
        let Some(contest) = self.contest() else {
            return (Vec::new(), 0);
        };
        match &contest.rival {
            Rival::Ghost(ghost) if contest.is_choice() => boards(self, contest, ghost),
            Rival::Ghost(ghost) => (this_sprint(self, contest, ghost), 0),
            Rival::Racers(racers) => {
                let races = match (&racers.race, &racers.last) {
                    (Some(race), _) => std::slice::from_ref(race),
                    (None, Known::Read(races)) => races,
                    (None, _) => &[],
                };
                let own = |race: &Race| film_of(race, contest.player);
                (races.iter().filter_map(own).collect(), 0)
            }
        }
    }
}

/// The boards of all lengths, and the one of the chosen length.
fn boards(state: &State, contest: &Contest, ghost: &Ghost) -> (Vec<Film>, usize) {
    let Some(bests) = ghost.read() else {
        return (Vec::new(), 0);
    };
    let board = |length| Film::new(length, places(state, bests, length, contest.player, None));
    // Longest first, so that going on leads to shorter ones.
    let films: Vec<Film> = Length::ALL.into_iter().rev().filter_map(board).collect();
    let at = films.iter().position(|film| film.length <= contest.length);
    let at = at.unwrap_or(films.len());
    (films, at)
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
fn this_sprint(state: &State, contest: &Contest, ghost: &Ghost) -> Vec<Film> {
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
    Film::new(contest.length, lanes).into_iter().collect()
}

/// The recording of a race, of the racers with a trace.
fn film_of(race: &Race, own: Option<PlayerId>) -> Option<Film> {
    let lanes = race.racers.iter().filter_map(|racer| {
        Some(ReplayLane {
            name: racer.name.clone(),
            own: Some(racer.player) == own,
            trace: racer.trace.clone()?,
        })
    });
    Film::new(race.length, lanes.collect())
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
