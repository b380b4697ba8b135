//! What happens to a race: its choice, the place in it, its time, its presses, and leaving it.

use std::time::Instant;

use super::{State, fair, forbidden};
use crate::game::race::{Entered, Entrance, Race, RaceId, Sample, Standing};
use crate::game::{PlayerId, Tally};
use crate::message::{Action, Command, Effect, Progress};
use crate::state::{Contest, LastRaces, Live, Mode, Offer, RacePhase};
use crate::words::Say;

/// Opens the choice of a length, with the last races.
pub fn open(state: &mut State) -> Vec<Effect> {
    if racing_player(state).is_none() {
        return Vec::new();
    }
    show(state, RacePhase::Choosing(LastRaces::NotYet));
    vec![Effect::Tell(Command::Races)]
}

/// Joins the race that is offered, or watches it where joining is not possible.
pub fn join(state: &mut State) -> Vec<Effect> {
    let Some((race, open)) = state.offer.as_ref().map(|offer| (offer.race, offer.open)) else {
        state.notice = Some(Say::NoRaceOpen);
        return Vec::new();
    };
    if !open || !state.rights.play {
        show(state, RacePhase::Awaited(race, None));
        return vec![Effect::Tell(Command::WatchRace(Some(race)))];
    }
    enter(state, Entrance::Join(race))
}

/// Who would race; says why nobody can.
fn racing_player(state: &mut State) -> Option<PlayerId> {
    let player = state.picked_player().map(|p| p.id);
    let why = match forbidden(state.rights, Action::Race) {
        Some(why) => why,
        None if player.is_none() => Say::NobodyToRace,
        None if state.is_offline() => Say::RaceOffline,
        None => return player,
    };
    state.notice = Some(why);
    None
}

fn show(state: &mut State, phase: RacePhase) {
    state.mode = Mode::Race(Contest { phase });
    state.redraw = true;
}

fn enter(state: &mut State, entrance: Entrance) -> Vec<Effect> {
    let Some(player) = racing_player(state) else {
        return Vec::new();
    };
    show(state, RacePhase::Entering(player));
    vec![Effect::Tell(Command::Race(player, entrance))]
}

/// Does an action while a race is on the screen.
pub fn act(state: &mut State, action: Action, now: Instant) -> Vec<Effect> {
    let Mode::Race(contest) = &state.mode else {
        return Vec::new();
    };
    let choosing = contest.is_choice();
    let over = contest.is_over();
    match action {
        Action::Press if !choosing => return fair::press_key(state, now),
        Action::Up if choosing => state.choose_length(-1),
        Action::Down if choosing => state.choose_length(1),
        Action::Accept if choosing => return enter(state, Entrance::Open(state.length())),
        Action::Join if choosing || over => return join(state),
        Action::Race if over => return open(state),
        Action::Back => {
            let effects = state.leave_race(Say::VoidGivenUp);
            if !effects.is_empty() {
                return effects;
            }
            state.mode = Mode::Play;
            if !choosing && !over {
                return vec![Effect::Tell(Command::WatchRace(None))];
            }
        }
        _ => {}
    }
    Vec::new()
}

/// Somebody has opened a race.
pub fn opened(state: &mut State, race: &Race, sample: Sample, now: Instant) {
    state.offer = Offer::of(race, sample, now);
}

/// There is a place. Nobody waits for one who has gone on to something else meanwhile.
pub fn entered(state: &mut State, player: PlayerId, entered: Entered) -> Vec<Effect> {
    if let Mode::Race(contest) = &mut state.mode
        && contest.phase == RacePhase::Entering(player)
    {
        contest.phase = RacePhase::Awaited(entered.race, Some((player, entered)));
        return Vec::new();
    }
    let same = |contest: &Contest| contest.race() == Some(entered.race) && contest.is_entered();
    if state.contest().is_some_and(same) {
        // Asked for twice, and answered twice.
        return Vec::new();
    }
    let left = Progress {
        race: entered.race,
        player,
        presses: 0,
        standing: Standing::Left,
    };
    let mut effects = vec![Effect::Tell(Command::ReportRace(left))];
    if state
        .contest()
        .is_none_or(|contest| contest.race().is_none())
    {
        effects.push(Effect::Tell(Command::WatchRace(None)));
    }
    effects
}

/// There is no place.
pub fn missed(state: &mut State, why: Say) {
    match &mut state.mode {
        Mode::Race(contest) if matches!(contest.phase, RacePhase::Entering(_)) => {
            contest.phase = RacePhase::Void(why);
        }
        _ => {}
    }
}

/// How the race that is watched stands.
pub fn seen(state: &mut State, id: RaceId, race: Option<Race>, sample: Sample, now: Instant) {
    let over = race.as_ref().is_none_or(|race| race.closed);
    if over && state.offer.as_ref().is_some_and(|o| o.race == id) {
        state.offer = None;
    }
    let lively = state.is_lively();
    let Mode::Race(contest) = &mut state.mode else {
        return;
    };
    if contest.race() != Some(id) {
        return;
    }
    let Some(race) = race else {
        contest.phase = RacePhase::Void(Say::RaceGone);
        state.redraw = true;
        return;
    };
    match &mut contest.phase {
        RacePhase::On(live) => {
            let closed = race.closed;
            let news = live.seen(race, sample, now);
            state.redraw |= news && (lively || closed);
        }
        RacePhase::Awaited(_, own) => {
            if let Some(live) = Live::of(race, *own, sample, now) {
                contest.phase = RacePhase::On(Box::new(live));
                state.pass_race_time(now);
                state.redraw = true;
            }
        }
        _ => {}
    }
}

/// The race can't be watched.
pub fn unseen(state: &mut State, why: Say) {
    if let Mode::Race(contest) = &mut state.mode
        && contest.race().is_some()
    {
        contest.phase = RacePhase::Void(why);
    }
}

/// What is known of the last races.
pub fn know(state: &mut State, known: LastRaces) {
    if let Mode::Race(contest) = &mut state.mode
        && let RacePhase::Choosing(last) = &mut contest.phase
    {
        *last = known;
    }
}

impl State {
    /// The race that is seen, and this run's presses for its own racer.
    fn live_race(&mut self) -> Option<(&mut Live, Tally)> {
        let Mode::Race(Contest {
            phase: RacePhase::On(live),
        }) = &mut self.mode
        else {
            return None;
        };
        let tally = live
            .own
            .as_ref()
            .and_then(|own| self.tallies.get(&own.player));
        let tally = tally.copied().unwrap_or_default();
        Some((live, tally))
    }

    /// Lets time pass for races, before anything is done with a message.
    pub(super) fn pass_race_time(&mut self, now: Instant) {
        if let Some(offer) = &mut self.offer
            && offer.due() <= now
        {
            self.redraw = true;
            if !offer.lasts(now) {
                self.offer = None;
            }
        }
        let lively = self.is_lively();
        if let Some((live, tally)) = self.live_race() {
            let shown = live.advance(tally, now, lively);
            self.redraw |= shown;
        }
    }

    /// Takes notice of presses.
    pub(super) fn race_pressed(&mut self, player: PlayerId, presses: u64, now: Instant) {
        if let Some((live, _)) = self.live_race() {
            live.pressed(player, presses, now);
        }
    }

    /// Gives up one's own part in a race, if there is one that can be.
    pub(super) fn leave_race(&mut self, why: Say) -> Vec<Effect> {
        let told = self
            .live_race()
            .and_then(|(live, tally)| live.give_up(why, tally));
        self.redraw |= told.is_some();
        told.map(|told| Effect::Tell(Command::ReportRace(told)))
            .into_iter()
            .collect()
    }

    /// Looks what a message has done to a race, and what the database is to be told of it.
    pub(super) fn judge_race(&mut self, now: Instant) -> Vec<Effect> {
        let Some((live, tally)) = self.live_race() else {
            return Vec::new();
        };
        let player = live.own.as_ref().map(|own| own.player);
        let report = live.report(tally, now);
        let lost = live.is_lost(now);
        let mut effects = Vec::new();
        if player.is_some_and(|id| self.picked != Some(id) || self.player(id).is_none()) {
            effects = self.leave_race(Say::VoidPlayerGone);
        }
        if effects.is_empty() {
            let report = report.map(|told| Effect::Tell(Command::ReportRace(told)));
            effects.extend(report);
        }
        if lost {
            show(self, RacePhase::Void(Say::RaceUnresolved));
            effects.push(Effect::Tell(Command::WatchRace(None)));
        }
        effects
    }
}
