//! A contest from the choice of its length to its result: one state machine for every kind of
//! rival.

use std::time::Instant;

use super::race::Racers;
use super::replay::Replay;
use super::sprint::{Ghost, SAVE_PATIENCE};
use super::{Mode, State, offer, race, replay, sprint};
use crate::game::contest::{Clock, Kind, Length, Run, Stage};
use crate::game::race::Entrance;
use crate::game::{Motion, PlayerId, Rings, Tally};
use crate::message::{Action, Command, ContestCommand, Question};
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

/// Opens the choice of a length for the picked player.
pub fn open(state: &mut State, kind: Kind, now: Instant) {
    let Some(player) = state.competitor(kind) else {
        return;
    };
    state.show_contest(kind, Some(player), Phase::Choosing, now);
    state.ask(match kind {
        Kind::Sprint => Question::Bests(player),
        Kind::Race => Question::Races,
    });
}

/// Handles an action in a contest.
pub fn act(state: &mut State, action: Action, now: Instant) {
    let Some(contest) = state.contest() else {
        return;
    };
    if contest.replay.is_some() {
        replay::act(state, action, now);
        return;
    }
    let (kind, choosing, over) = (contest.kind(), contest.is_choice(), contest.is_over());
    match action {
        Action::Up | Action::PreviousField if choosing => state.choose_length(-1),
        Action::Down | Action::NextField if choosing => state.choose_length(1),
        Action::First if choosing => state.choose_length(isize::MIN),
        Action::Last if choosing => state.choose_length(isize::MAX),
        Action::Accept if choosing => match kind {
            Kind::Sprint => sprint::begin(state, now),
            Kind::Race => race::enter(state, Entrance::Open(state.length), now),
        },
        Action::Contest(Kind::Sprint) if kind == Kind::Sprint && over => {
            let still = contest
                .player
                .filter(|player| state.player(*player).is_some());
            match still.filter(|_| !state.is_offline()) {
                Some(player) => sprint::again(state, player, now),
                None => {
                    state.mode = Mode::Play;
                    open(state, kind, now);
                }
            }
        }
        Action::Contest(Kind::Race) if kind == Kind::Race && over => offer::again(state, now),
        Action::Replay if choosing || over => replay::open(state, now),
        Action::Join if kind == Kind::Race && (choosing || over) => offer::join(state, now),
        Action::Card => state.copy_card(),
        Action::Back => {
            if state.give_up(Say::VoidGivenUp) {
                return;
            }
            state.mode = Mode::Play;
            if kind == Kind::Race && !choosing && !over {
                state.send(Command::WatchRace(None));
            }
        }
        _ => {}
    }
}

impl State {
    /// Whether animation is on: a clock with tenths of a second, and bars that grow.
    pub fn is_lively(&self) -> bool {
        self.effects.motion() == Motion::Full
    }

    /// The player who can compete. If there is none, a notice says why.
    pub(super) fn competitor(&mut self, kind: Kind) -> Option<PlayerId> {
        let (nobody, offline) = match kind {
            Kind::Sprint => (Say::NobodyToSprint, Say::SprintOffline),
            Kind::Race => (Say::NobodyToRace, Say::RaceOffline),
        };
        let why = self.forbidden(Action::Contest(kind));
        let player = self.picked_player().map(|p| p.id);
        let why = match why {
            Some(why) => why,
            None if player.is_none() => nobody,
            None if self.is_offline() => offline,
            None => return player,
        };
        self.notice = Some(why);
        None
    }

    /// Shows a contest instead of anything else.
    pub(super) fn show_contest(
        &mut self,
        kind: Kind,
        player: Option<PlayerId>,
        phase: Phase,
        now: Instant,
    ) {
        self.mode = Mode::Contest(Contest {
            player,
            length: self.length,
            phase,
            rival: match kind {
                Kind::Sprint => Rival::Ghost(Ghost::default()),
                Kind::Race => Rival::Racers(Racers::default()),
            },
            run: None,
            early: 0,
            replay: None,
            as_of: now,
        });
        self.help = None;
        self.redraw = true;
    }

    fn choose_length(&mut self, by: isize) {
        let at = self.length as usize;
        let at = at.saturating_add_signed(by).min(Length::ALL.len() - 1);
        self.length = Length::ALL[at];
        if let Mode::Contest(contest) = &mut self.mode {
            contest.length = self.length;
        }
    }

    /// Advances contests to the time of a message, before the message is handled.
    pub(super) fn pass_time(&mut self, now: Instant) {
        if let Some(offer) = &mut self.offer
            && offer.due() <= now
        {
            self.redraw = true;
            if !offer.lasts(now) {
                self.offer = None;
            }
        }
        let lively = self.is_lively();
        if let Mode::Contest(contest) = &mut self.mode {
            let tally = contest.player.and_then(|player| self.tallies.get(&player));
            let runs = |contest: &Contest| {
                contest.is_competing() && matches!(contest.stage(), Stage::Running(_))
            };
            let was_on = runs(contest);
            self.redraw |= contest.advance(tally.copied().unwrap_or_default(), now, lively);
            if runs(contest) && !was_on {
                self.bell.ring(Rings::Starts, now);
            }
        }
    }

    /// Gives up a running contest: a sprint becomes void, and a race is reported as left. False if
    /// there is nothing to give up.
    pub(super) fn give_up(&mut self, why: Say) -> bool {
        let Mode::Contest(contest) = &mut self.mode else {
            return false;
        };
        if !contest.is_on() {
            return false;
        }
        match &mut contest.rival {
            Rival::Ghost(_) => contest.phase = Phase::Void(why),
            Rival::Racers(racers) => {
                let left = contest.player.and_then(|player| {
                    let tally = self.tallies.get(&player).copied().unwrap_or_default();
                    let committed = contest.run.as_ref().map_or(0, |run| run.committed(tally));
                    racers.give_up(player, why, committed)
                });
                let Some(left) = left else {
                    return false;
                };
                self.send(ContestCommand::ReportRace(left));
            }
        }
        self.redraw = true;
        true
    }

    /// Checks what a message has changed for the contest, and what to report to the database.
    pub(super) fn check_contest(&mut self, now: Instant) {
        let Some(contest) = self.contest() else {
            return;
        };
        let Phase::On(clock) = contest.phase else {
            return;
        };
        match contest.kind() {
            Kind::Sprint => sprint::check(self, clock, now),
            Kind::Race => race::check(self, clock, now),
        }
    }
}
