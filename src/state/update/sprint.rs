//! What happens to a sprint: its choice, its time, its presses, and all that makes it void.

use std::time::Instant;

use super::{State, fair, forbidden};
use crate::game::sprint::{Bests, Length, Sprinted};
use crate::game::{PlayerId, Tally};
use crate::message::{Action, Command, Effect};
use crate::state::{Kept, Known, Mode, Phase, Sprint};
use crate::words::Say;

/// Opens the choice of a length for the picked player.
pub fn open(state: &mut State, now: Instant) -> Vec<Effect> {
    if let Some(why) = forbidden(state.rights, Action::Sprint) {
        state.notice = Some(why);
        return Vec::new();
    }
    let Some(player) = state.picked_player().map(|p| p.id) else {
        state.notice = Some(Say::NobodyToSprint);
        return Vec::new();
    };
    if state.is_offline() {
        state.notice = Some(Say::SprintOffline);
        return Vec::new();
    }
    choose(state, player, now)
}

fn choose(state: &mut State, player: PlayerId, now: Instant) -> Vec<Effect> {
    state.mode = Mode::Sprint(Sprint::of(player, state.sprint_length, now));
    vec![Effect::Tell(Command::Bests(player))]
}

/// Does an action while a sprint is on the screen.
pub fn act(state: &mut State, action: Action, now: Instant) -> Vec<Effect> {
    let Mode::Sprint(sprint) = &mut state.mode else {
        return Vec::new();
    };
    let choosing = sprint.phase == Phase::Choosing;
    match action {
        Action::Press if !choosing => return fair::press_key(state, now),
        Action::Up | Action::PreviousField if choosing => state.choose_length(-1),
        Action::Down | Action::NextField if choosing => state.choose_length(1),
        Action::First if choosing => state.choose_length(isize::MIN),
        Action::Last if choosing => state.choose_length(isize::MAX),
        Action::Accept if choosing => {
            sprint.begin(now);
            return vec![Effect::Tell(Command::BeginSprint(sprint.player))];
        }
        Action::Sprint if !choosing && !sprint.is_on() => {
            let player = sprint.player;
            if state.player(player).is_none() || state.is_offline() {
                state.mode = Mode::Play;
                return open(state, now);
            }
            return choose(state, player, now);
        }
        Action::Back if sprint.is_on() => state.void_sprint(Say::VoidGivenUp),
        Action::Back => state.mode = Mode::Play,
        Action::Help if choosing => state.mode = Mode::Help(0),
        _ => {}
    }
    Vec::new()
}

/// What the database said of the best sprints.
pub fn know(state: &mut State, known: Result<(PlayerId, Bests), Say>) {
    let Mode::Sprint(sprint) = &mut state.mode else {
        return;
    };
    match known {
        Ok((player, bests)) if player == sprint.player => sprint.bests = Known::Read(bests),
        Ok(_) => {}
        Err(why) => sprint.bests = Known::Not(why),
    }
}

/// What became of a sprint in the database. The bests are read again wherever they are on the
/// screen: those of a sprint that was opened meanwhile were read before this one was kept.
pub fn kept(state: &mut State, sprinted: &Sprinted, why_not: Option<Say>) -> Vec<Effect> {
    let mut why_not = why_not;
    let mut effects = Vec::new();
    if let Mode::Sprint(sprint) = &mut state.mode
        && sprint.player == sprinted.player
    {
        effects.push(Effect::Tell(Command::Bests(sprinted.player)));
        if sprint.length == sprinted.length
            && let Phase::Done { trace, kept, .. } = &mut sprint.phase
            && *trace == sprinted.trace
        {
            *kept = why_not.take().map_or(Kept::Yes, Kept::No);
        }
    }
    if let Some(why) = why_not {
        let why = why.into();
        state.notice = Some(Say::SprintUnkept { why });
    }
    effects
}

impl State {
    pub(super) fn choose_length(&mut self, by: isize) {
        let at = self.sprint_length as usize;
        let at = at.saturating_add_signed(by).min(Length::ALL.len() - 1);
        self.sprint_length = Length::ALL[at];
        if let Mode::Sprint(sprint) = &mut self.mode {
            sprint.length = self.sprint_length;
        }
    }

    /// Ends a sprint that is on without a result.
    pub(super) fn void_sprint(&mut self, why: Say) {
        if let Mode::Sprint(sprint) = &mut self.mode
            && sprint.is_on()
        {
            sprint.phase = Phase::Void(why);
            self.redraw = true;
        }
    }

    /// Lets time pass for a sprint, before anything is done with a message.
    pub(super) fn pass_time(&mut self, now: Instant) {
        let Mode::Sprint(sprint) = &self.mode else {
            return;
        };
        let tally = self.tally(sprint.player);
        if let Mode::Sprint(sprint) = &mut self.mode {
            self.redraw |= sprint.advance(tally, now);
        }
    }

    /// Takes notice of presses.
    pub(super) fn sprint_pressed(&mut self, player: PlayerId, presses: u64, now: Instant) {
        if let Mode::Sprint(sprint) = &mut self.mode
            && sprint.player == player
        {
            sprint.pressed(presses, now);
        }
    }

    /// Looks whether a message has interrupted a sprint, or saved the last of its presses.
    pub(super) fn judge_sprint(&mut self, now: Instant) -> Vec<Effect> {
        let Mode::Sprint(sprint) = &self.mode else {
            return Vec::new();
        };
        if !sprint.is_on() {
            return Vec::new();
        }
        let player = sprint.player;
        let tally = self.tally(player);
        let refused = match &sprint.phase {
            Phase::Running(run) | Phase::Saving { run, .. } => run.is_refused(tally),
            _ => false,
        };
        let late = matches!(&sprint.phase, Phase::Saving { until, .. } if *until <= now);
        if self.picked != Some(player) || self.standings.get(player).is_none() {
            self.void_sprint(Say::VoidPlayerGone);
        } else if self.is_offline() {
            self.void_sprint(Say::VoidLinkLost);
        } else if refused {
            self.void_sprint(Say::VoidRefused);
        } else if late {
            self.void_sprint(Say::VoidLate);
        }
        self.finish_sprint(tally)
    }

    /// The result, once all of it is committed.
    fn finish_sprint(&mut self, tally: Tally) -> Vec<Effect> {
        let Mode::Sprint(sprint) = &mut self.mode else {
            return Vec::new();
        };
        let before = sprint.best();
        let Phase::Saving { run, goal, .. } = &sprint.phase else {
            return Vec::new();
        };
        if tally.counted < *goal {
            return Vec::new();
        }
        let trace = run.trace().clone();
        self.redraw = true;
        if trace.total() == 0 {
            sprint.phase = Phase::Done {
                trace,
                before,
                kept: Kept::Nothing,
            };
            return Vec::new();
        }
        sprint.phase = Phase::Done {
            trace: trace.clone(),
            before,
            kept: Kept::NotYet,
        };
        vec![Effect::Tell(Command::KeepSprint(Sprinted {
            player: sprint.player,
            length: sprint.length,
            trace,
        }))]
    }
}
