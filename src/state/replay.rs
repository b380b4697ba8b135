//! Replays of contests: which recordings there are, the position in one, and its keys. Nothing in a
//! replay scores.

use std::time::{Duration, Instant};

use super::{Contest, Fetched, Ghost, Phase, Rival, State};
use crate::game::contest::{Clock, Length, Trace};
use crate::game::race::Race;
use crate::game::{PlayerId, sprint::Bests};
use crate::message::Action;
use crate::words::Say;

/// A replay and its position. Pauses do not count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// The recordings to choose from.
    recordings: Vec<Recording>,
    /// The current one, counted from 0.
    at: usize,
    /// When it was started, later by the time of its pauses.
    start: Instant,
    /// How much of it was played before the pause, if it is paused.
    paused: Option<Duration>,
    /// The time of the last message.
    as_of: Instant,
}

/// The recording of a contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// How long it lasted.
    pub length: Length,
    /// The players, best first.
    pub lanes: Vec<ReplayLane>,
}

/// The recording of one player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReplayLane {
    /// The player's name.
    pub name: String,
    /// Whether it is the viewer's own.
    pub own: bool,
    /// The times of the presses.
    pub trace: Trace,
}

impl Recording {
    /// A recording with these lanes; none if there are no lanes.
    pub fn new(length: Length, mut lanes: Vec<ReplayLane>) -> Option<Self> {
        lanes.sort_by_key(|lane| u64::MAX - lane.trace.total());
        (!lanes.is_empty()).then_some(Self { length, lanes })
    }
}

impl Replay {
    /// Starts one of these recordings; none if there are none.
    pub fn new(recordings: Vec<Recording>, at: usize, now: Instant) -> Option<Self> {
        let at = at.min(recordings.len().checked_sub(1)?);
        Some(Self {
            recordings,
            at,
            start: now,
            paused: None,
            as_of: now,
        })
    }

    /// The current recording.
    pub fn recording(&self) -> &Recording {
        &self.recordings[self.at]
    }

    /// The number of the current recording, counted from 1, and the number of all.
    pub fn place(&self) -> (usize, usize) {
        (self.at + 1, self.recordings.len())
    }

    fn clock(&self) -> Clock {
        let (start, length) = (self.start, self.recording().length);
        Clock { start, length }
    }

    /// The position, as of the last message.
    pub fn elapsed(&self) -> Duration {
        let played = || self.clock().elapsed(self.as_of);
        self.paused.unwrap_or_else(played)
    }

    /// Whether it has ended.
    pub fn is_over(&self) -> bool {
        self.elapsed() == self.recording().length.time()
    }

    /// Whether it is paused.
    pub fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// When the picture next changes: every tenth of a second if animation is on, otherwise every
    /// second.
    pub fn due(&self, now: Instant, lively: bool) -> Option<Instant> {
        let plays = !self.is_paused() && !self.is_over();
        plays.then(|| self.clock().next(now, lively))
    }

    /// Advances the time. True if the screen has to be redrawn.
    pub fn advance(&mut self, now: Instant, lively: bool) -> bool {
        let due = self.due(self.as_of, lively);
        self.as_of = now;
        due.is_some_and(|due| due <= now)
    }

    /// Pauses or continues. At its end it starts again.
    pub fn pause(&mut self, now: Instant) {
        if self.is_over() {
            return self.restart(now);
        }
        self.paused = match self.paused {
            None => Some(self.elapsed()),
            Some(played) => {
                self.start = now.checked_sub(played).unwrap_or(now);
                None
            }
        };
    }

    /// Starts again.
    pub fn restart(&mut self, now: Instant) {
        (self.start, self.paused, self.as_of) = (now, None, now);
    }

    /// Moves on by this many recordings, as far as there are any.
    pub fn turn(&mut self, by: isize, now: Instant) {
        let at = self
            .at
            .saturating_add_signed(by)
            .min(self.recordings.len() - 1);
        if at != self.at {
            self.at = at;
            self.restart(now);
        }
    }
}

/// Opens the replay of the finished sprint or race; before a contest, of the best sprints or the
/// last races.
pub fn open(state: &mut State, now: Instant) {
    let (recordings, at) = state.recordings();
    let replay = Replay::new(recordings, at, now);
    if replay.is_none() {
        state.notice = Some(Say::NothingToReplay);
    }
    if let Some(contest) = state.contest_mut() {
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
    let name = state.player(player).map(|p| p.name.clone());
    let mut lanes = vec![ReplayLane {
        name: name.unwrap_or_default(),
        own: true,
        trace: trace.clone(),
    }];
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
    let Some(contest) = state.contest_mut() else {
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
