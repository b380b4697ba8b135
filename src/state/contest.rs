//! A contest from the choice of its length to its result: one machine, whatever it is run against.

use std::time::Instant;

use super::State;
use super::race::Racers;
use super::replay::Replay;
use super::sprint::{Ghost, SAVE_PATIENCE};
use crate::game::contest::{Clock, Kind, Length, Run, Stage};
use crate::game::race::RaceId;
use crate::game::{Motion, PlayerId, Tally};
use crate::words::Say;

/// A contest on the screen, in the place of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// Who competes; nobody where it is only watched.
    pub player: Option<PlayerId>,
    /// How long it is run.
    pub length: Length,
    /// How far it is.
    pub phase: Phase,
    /// Against what it is run.
    pub rival: Rival,
    /// One's own presses, from the start on.
    pub run: Option<Run>,
    /// The presses that were made for the player before the start.
    pub early: u64,
    /// What is watched again meanwhile, before or after it.
    pub replay: Option<Replay>,
    /// When the last message came.
    as_of: Instant,
}

/// Against what a contest is run, with what only that kind knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rival {
    /// One's own best, in a sprint.
    Ghost(Ghost),
    /// Other players, in a race.
    Racers(Racers),
}

/// How far a contest is; [`Contest::stage`] adds what the clock shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The length is being chosen.
    Choosing,
    /// The database is asked for it.
    Entering,
    /// It is about to start, run or saved, as the clock says.
    On(Clock),
    /// Its result stands.
    Over,
    /// It does not count or can't be seen, and why.
    Void(Say),
}

impl Contest {
    /// One whose length is being chosen.
    pub(super) fn new(
        kind: Kind,
        player: Option<PlayerId>,
        length: Length,
        phase: Phase,
        now: Instant,
    ) -> Self {
        Self {
            player,
            length,
            phase,
            rival: match kind {
                Kind::Sprint => Rival::Ghost(Ghost::default()),
                Kind::Race => Rival::Racers(Racers::default()),
            },
            run: None,
            early: 0,
            replay: None,
            as_of: now,
        }
    }

    /// Which kind it is.
    pub fn kind(&self) -> Kind {
        match self.rival {
            Rival::Ghost(_) => Kind::Sprint,
            Rival::Racers(_) => Kind::Race,
        }
    }

    /// How far it is, as of the last message.
    pub fn stage(&self) -> Stage {
        match &self.phase {
            Phase::Choosing => Stage::Choosing,
            Phase::Entering => Stage::Entering,
            Phase::On(clock) => clock.stage(self.as_of),
            Phase::Over => Stage::Over,
            Phase::Void(_) => Stage::Void,
        }
    }

    /// Whether a length is being chosen.
    pub fn is_choice(&self) -> bool {
        self.phase == Phase::Choosing
    }

    /// Whether its clock goes, or its presses are being saved.
    pub fn is_on(&self) -> bool {
        matches!(self.phase, Phase::On(_))
    }

    /// Whether nothing more will come of it.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over | Phase::Void(_))
    }

    /// Whether one's own presses are told as those of the contest, and not as points.
    pub fn is_competing(&self) -> bool {
        match &self.rival {
            Rival::Ghost(_) => self.is_on(),
            Rival::Racers(racers) => {
                matches!(self.stage(), Stage::Running(_) | Stage::Saving) && racers.is_racing()
            }
        }
    }

    /// The presses made so far, where one competes.
    pub fn presses(&self) -> Option<u64> {
        Some(self.run.as_ref()?.trace().total())
    }

    /// Of these the ones that are committed for certain.
    pub fn committed(&self, state: &State) -> Option<u64> {
        Some(self.run.as_ref()?.committed(state.tally(self.player?)))
    }

    /// When it is to be looked at again.
    pub(super) fn due(&self, now: Instant, lively: bool) -> Option<Instant> {
        if let Some(replay) = &self.replay {
            return replay.due(now, lively);
        }
        let Phase::On(clock) = self.phase else {
            return None;
        };
        let report = match &self.rival {
            Rival::Ghost(_) => None,
            Rival::Racers(racers) => racers.report_due(self.stage(), clock, now),
        };
        let screen = Some(self.next_frame(clock, now, lively));
        [screen, report].into_iter().flatten().min()
    }

    /// When the screen shows something else because of the time alone. A sprint always has tenths
    /// of a second, a race where the screen is lively.
    fn next_frame(&self, clock: Clock, now: Instant, lively: bool) -> Instant {
        match (self.stage(), &self.rival) {
            (Stage::Saving, Rival::Ghost(_)) => clock.end() + SAVE_PATIENCE,
            (Stage::Saving, Rival::Racers(_)) => Racers::patience_ends(clock),
            (_, Rival::Ghost(_)) => clock.next(now, true),
            (_, Rival::Racers(_)) => clock.next(now, lively),
        }
    }

    /// Lets time pass, with the presses as they were just before `now`; true where the screen is
    /// to show it.
    pub(super) fn advance(&mut self, tally: Tally, now: Instant, lively: bool) -> bool {
        if let Some(replay) = &mut self.replay {
            return replay.advance(now, lively);
        }
        let before = self.stage();
        let Phase::On(clock) = self.phase else {
            self.as_of = now;
            return false;
        };
        let frame = self.next_frame(clock, self.as_of, lively);
        self.as_of = now;
        if self.run.is_none() && clock.start <= now && self.is_own() {
            self.run = Some(Run::new(clock, tally));
        }
        match (before, self.stage()) {
            (Stage::Running(_), Stage::Running(_)) => frame <= now,
            (before, after) => before != after,
        }
    }

    /// Takes notice of presses for a player.
    pub(super) fn pressed(&mut self, player: PlayerId, presses: u64, now: Instant) {
        if self.player == Some(player) && self.is_on() && self.is_own() {
            match &mut self.run {
                Some(run) => run.pressed(presses, now),
                None => self.early += presses,
            }
        }
    }

    /// Whether one competes, and has not given up.
    fn is_own(&self) -> bool {
        self.player.is_some()
            && match &self.rival {
                Rival::Ghost(_) => true,
                Rival::Racers(racers) => racers.left().is_none(),
            }
    }
}

impl State {
    /// The contest on the screen where it is of this kind.
    pub fn contest_of(&self, kind: Kind) -> Option<&Contest> {
        self.contest().filter(|contest| contest.kind() == kind)
    }

    /// The race that is to be seen, or is.
    pub fn watched_race(&self) -> Option<RaceId> {
        match &self.contest()?.rival {
            Rival::Racers(racers) => racers.id,
            Rival::Ghost(_) => None,
        }
    }

    /// The length that is chosen for the next contest.
    pub fn length(&self) -> Length {
        self.length
    }

    /// Whether a clock may show tenths of a second and a bar may grow.
    pub fn is_lively(&self) -> bool {
        self.effects.motion() == Motion::Full
    }

    /// When something about contests is to be looked at again.
    pub(super) fn contest_due(&self, now: Instant) -> Option<Instant> {
        let offer = self.offer.as_ref().map(super::Offer::due);
        let contest = self.contest();
        let contest = contest.and_then(|contest| contest.due(now, self.is_lively()));
        [offer, contest].into_iter().flatten().min()
    }
}
