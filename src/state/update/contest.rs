//! Contests of every kind: choosing a length, passing time, and giving up.

use std::time::Instant;

use super::{State, race, replay, sprint};
use crate::game::contest::{Length, Stage};
use crate::game::{PlayerId, Rings};
use crate::message::{Action, Command, ContestCommand, Question};
use crate::state::{Contest, Kind, Mode, Phase, Rival};
use crate::words::Say;

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
    let Mode::Contest(contest) = &state.mode else {
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
            Kind::Race => race::begin(state, now),
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
        Action::Contest(Kind::Race) if kind == Kind::Race && over => race::again(state, now),
        Action::Replay if choosing || over => replay::open(state, now),
        Action::Join if kind == Kind::Race && (choosing || over) => race::join(state, now),
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
        let contest = Contest::new(kind, player, self.length, phase, now);
        self.mode = Mode::Contest(contest);
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
            let was_on = contest.is_competing() && matches!(contest.stage(), Stage::Running(_));
            self.redraw |= contest.advance(tally.copied().unwrap_or_default(), now, lively);
            let is_on = contest.is_competing() && matches!(contest.stage(), Stage::Running(_));
            if is_on && !was_on {
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
                self.send(Command::Contest(ContestCommand::ReportRace(left)));
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
