//! A contest from the choice of its length to its result: one state machine for every kind of
//! rival.

use std::time::Instant;

use super::State;
use super::race::Racers;
use super::replay::Replay;
use super::sprint::{Ghost, SAVE_PATIENCE};
use crate::game::contest::{Clock, Kind, Length, Run, Stage};
use crate::game::race::RaceId;
use crate::game::{Motion, PlayerId, Tally};
use crate::words::Say;

/// A contest, shown instead of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// The player who competes; none if it is only watched.
    pub player: Option<PlayerId>,
    /// How long it lasts.
    pub length: Length,
    /// The phase it is in.
    pub phase: Phase,
    /// The rival.
    pub rival: Rival,
    /// The player's own presses since the start.
    pub run: Option<Run>,
    /// Presses of the player before the start.
    pub early: u64,
    /// A replay that is shown before or after the contest.
    pub replay: Option<Replay>,
    /// The time of the last message.
    as_of: Instant,
}

/// The rival in a contest, with the data of that kind of contest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rival {
    /// The player's own best sprint.
    Ghost(Ghost),
    /// Other players, in a race.
    Racers(Racers),
}

/// The phase of a contest. [`Contest::stage`] adds what the clock shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// The length is being chosen.
    Choosing,
    /// The database was asked for it.
    Entering,
    /// It is about to start, running or being saved, depending on the clock.
    On(Clock),
    /// It has a result.
    Over,
    /// It does not count or can't be shown, for this reason.
    Void(Say),
}

impl Contest {
    /// A new contest in this phase.
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

    /// Its kind.
    pub fn kind(&self) -> Kind {
        match self.rival {
            Rival::Ghost(_) => Kind::Sprint,
            Rival::Racers(_) => Kind::Race,
        }
    }

    /// The stage, as of the last message.
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

    /// Whether there is a result to show: the player's own for a sprint, everyone's for a race.
    pub fn has_result(&self) -> bool {
        let is_known = match &self.rival {
            Rival::Ghost(_) => self.run.is_some(),
            Rival::Racers(racers) => !racers.all().is_empty(),
        };
        self.phase == Phase::Over && is_known
    }

    /// Whether its clock is running, or its presses are being saved.
    pub fn is_on(&self) -> bool {
        matches!(self.phase, Phase::On(_))
    }

    /// Whether it has ended, with or without a result.
    pub fn is_over(&self) -> bool {
        matches!(self.phase, Phase::Over | Phase::Void(_))
    }

    /// Whether the player's presses are shown as presses of the contest instead of points.
    pub fn is_competing(&self) -> bool {
        match &self.rival {
            Rival::Ghost(_) => self.is_on(),
            Rival::Racers(racers) => {
                matches!(self.stage(), Stage::Running(_) | Stage::Saving) && racers.is_racing()
            }
        }
    }

    /// The presses so far, if the player competes.
    pub fn presses(&self) -> Option<u64> {
        Some(self.run.as_ref()?.trace().total())
    }

    /// The presses that are certainly committed.
    pub fn committed(&self, state: &State) -> Option<u64> {
        Some(self.run.as_ref()?.committed(state.tally(self.player?)))
    }

    /// When it needs the next tick.
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

    /// When the picture changes because of time alone: ten times a second where animation is on,
    /// else each second.
    fn next_frame(&self, clock: Clock, now: Instant, lively: bool) -> Instant {
        match (self.stage(), &self.rival) {
            (Stage::Saving, Rival::Ghost(_)) => clock.end() + SAVE_PATIENCE,
            (Stage::Saving, Rival::Racers(_)) => Racers::patience_ends(clock),
            _ => clock.next(now, lively),
        }
    }

    /// Advances the time. `tally` holds the presses from just before `now`. True if the screen has
    /// to be redrawn.
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

    /// Records presses for a player.
    pub(super) fn pressed(&mut self, player: PlayerId, presses: u64, now: Instant) {
        if self.player == Some(player) && self.is_on() && self.is_own() {
            match &mut self.run {
                Some(run) => run.pressed(presses, now),
                None => self.early += presses,
            }
        }
    }

    /// Whether the player competes and has not given up.
    fn is_own(&self) -> bool {
        self.player.is_some()
            && match &self.rival {
                Rival::Ghost(_) => true,
                Rival::Racers(racers) => racers.left().is_none(),
            }
    }
}

impl State {
    /// The data of the sprint on the screen.
    pub(super) fn ghost_mut(&mut self) -> Option<&mut Ghost> {
        match &mut self.contest_mut()?.rival {
            Rival::Ghost(ghost) => Some(ghost),
            Rival::Racers(_) => None,
        }
    }

    /// The data of the race on the screen.
    pub(super) fn racers_mut(&mut self) -> Option<&mut Racers> {
        match &mut self.contest_mut()?.rival {
            Rival::Racers(racers) => Some(racers),
            Rival::Ghost(_) => None,
        }
    }

    /// The contest on the screen, if it is of this kind.
    pub fn contest_of(&self, kind: Kind) -> Option<&Contest> {
        self.contest().filter(|contest| contest.kind() == kind)
    }

    /// The race that is shown, or will be once it is read.
    pub fn watched_race(&self) -> Option<RaceId> {
        match &self.contest()?.rival {
            Rival::Racers(racers) => racers.id,
            Rival::Ghost(_) => None,
        }
    }

    /// The chosen length for the next contest.
    pub fn length(&self) -> Length {
        self.length
    }

    /// Whether animation is on: a clock with tenths of a second, and bars that grow.
    pub fn is_lively(&self) -> bool {
        self.effects.motion() == Motion::Full
    }

    /// When something about contests needs the next tick.
    pub(super) fn contest_due(&self, now: Instant) -> Option<Instant> {
        let offer = self.offer.as_ref().map(super::Offer::due);
        let contest = self.contest();
        let contest = contest.and_then(|contest| contest.due(now, self.is_lively()));
        [offer, contest].into_iter().flatten().min()
    }
}
