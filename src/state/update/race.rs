//! Races: entering, watching, reporting, and their end.

use std::time::Instant;

use super::State;
use crate::game::contest::Clock;
use crate::game::race::{Entered, Entrance, Race, RaceId, Standing};
use crate::game::{ClockReading, PlayerId};
use crate::message::{Command, ContestCommand, Progress};
use crate::state::{Contest, Fetched, Kind, Mode, Offer, OwnRacer, Phase, Racers, Rival};
use crate::words::Say;

/// Opens a race over the chosen length.
pub fn begin(state: &mut State, now: Instant) {
    enter(state, Entrance::Open(state.length()), now);
}

/// Joins the race that is offered, or watches it where joining is not possible.
pub fn join(state: &mut State, now: Instant) {
    let Some((race, open)) = state.offer.as_ref().map(|offer| (offer.race, offer.open)) else {
        state.notice = Some(Say::NoRaceOpen);
        return;
    };
    if !open || !state.rights.play {
        state.show_contest(Kind::Race, None, Phase::Entering, now);
        if let Some(racers) = state.racers_mut() {
            racers.id = Some(race);
        }
        state.send(Command::WatchRace(Some(race)));
        return;
    }
    enter(state, Entrance::Join(race), now);
}

/// A rematch: the first player opens a race of the same length, and the others join.
pub fn again(state: &mut State, now: Instant) {
    if state.offer.as_ref().is_some_and(|offer| offer.open) {
        return join(state, now);
    }
    let length = state.contest().map_or(state.length(), |race| race.length);
    enter(state, Entrance::Open(length), now);
}

fn enter(state: &mut State, entrance: Entrance, now: Instant) {
    let Some(player) = state.competitor(Kind::Race) else {
        return;
    };
    state.show_contest(Kind::Race, Some(player), Phase::Entering, now);
    state.send(Command::Contest(ContestCommand::EnterRace(
        player, entrance,
    )));
}

/// Stops showing a race, for this reason.
fn end(state: &mut State, why: Say) {
    if let Some(contest) = state.contest_mut() {
        contest.phase = Phase::Void(why);
        contest.rival = Rival::Racers(Racers::default());
    }
}

/// Handles that somebody has opened a race.
pub fn opened(state: &mut State, race: &Race, reading: ClockReading, now: Instant) {
    let mut offer = Offer::of(race, reading, now);
    let over = state.contest_of(Kind::Race).filter(|race| race.is_over());
    if let (Some(offer), Some(opener), Some(over)) = (&mut offer, race.racers.first(), over)
        && let Rival::Racers(racers) = &over.rival
    {
        offer.again = racers.all().iter().any(|r| r.player == opener.player);
    }
    state.offer = offer;
}

/// Handles a place in a race. If the player has left the screen meanwhile, the place is given up,
/// so that nobody waits.
pub fn entered(state: &mut State, player: PlayerId, entered: Entered, now: Instant) {
    let contest = state.contest();
    let asked = contest.is_some_and(|c| c.player == Some(player) && c.phase == Phase::Entering);
    let mut watched = None;
    if let Some(racers) = state.racers_mut() {
        if asked && racers.id.is_none() {
            racers.id = Some(entered.race);
            racers.own = Some(OwnRacer::new(entered.racer, now));
            return;
        }
        if racers.id == Some(entered.race) && racers.own.is_some() {
            // It was asked for and answered twice.
            return;
        }
        watched = racers.id;
    }
    let left = Progress {
        race: entered.race,
        player,
        presses: 0,
        standing: Standing::Left,
        trace: None,
    };
    state.send(Command::Contest(ContestCommand::ReportRace(left)));
    if watched.is_none() {
        state.send(Command::WatchRace(None));
    }
}

/// Handles that there is no place.
pub fn missed(state: &mut State, why: Say) {
    let race = state.contest_of(Kind::Race);
    if race.is_some_and(|race| race.phase == Phase::Entering) && state.watched_race().is_none() {
        end(state, why);
    }
}

/// Handles news of the watched race.
pub fn seen(
    state: &mut State,
    id: RaceId,
    race: Option<Race>,
    reading: ClockReading,
    now: Instant,
) {
    let over = race.as_ref().is_none_or(|race| race.closed);
    if over && state.offer.as_ref().is_some_and(|o| o.race == id) {
        state.offer = None;
    }
    let lively = state.is_lively();
    if state.watched_race() != Some(id) {
        return;
    }
    let Some(race) = race else {
        end(state, Say::RaceGone);
        state.redraw = true;
        return;
    };
    let Mode::Contest(contest) = &mut state.mode else {
        return;
    };
    let Rival::Racers(racers) = &mut contest.rival else {
        return;
    };
    let first = contest.phase == Phase::Entering;
    let own = contest
        .player
        .filter(|_| over && contest.phase != Phase::Over);
    let mut clock = match contest.phase {
        Phase::On(clock) => Some(clock),
        _ => None,
    };
    let length = race.length;
    let news = racers.seen(race, reading, &mut clock, now);
    let Some(clock) = clock else {
        return;
    };
    contest.length = length;
    contest.phase = match over {
        true => Phase::Over,
        false => Phase::On(clock),
    };
    state.redraw |= first || (news && (lively || over));
    if let Some(player) = own {
        state.recall_again(player, now);
    }
    if first {
        state.pass_time(now);
    }
}

/// Handles that the race can't be watched.
pub fn unseen(state: &mut State, why: Say) {
    if state.watched_race().is_some() {
        end(state, why);
    }
}

/// Handles the list of the last races.
pub fn set_last_races(state: &mut State, known: Fetched<Vec<Race>>) {
    let is_choice = state.contest().is_some_and(Contest::is_choice);
    if let Some(racers) = state.racers_mut().filter(|_| is_choice) {
        racers.last = known;
    }
}

/// Checks what a message has changed for a race, and what to report to the database.
pub fn check(state: &mut State, clock: Clock, now: Instant) {
    let Mode::Contest(contest) = &mut state.mode else {
        return;
    };
    let Contest {
        player,
        rival: Rival::Racers(racers),
        run,
        ..
    } = contest
    else {
        return;
    };
    if let Some(player) = *player {
        let tally = state.tallies.get(&player).copied().unwrap_or_default();
        let report = racers.report(player, run.as_ref(), tally, clock, now);
        let is_gone = state.picked != Some(player) || state.player(player).is_none();
        let given_up = is_gone && state.give_up(Say::VoidPlayerGone);
        if let Some(report) = report.filter(|_| !given_up) {
            state.send(Command::Contest(ContestCommand::ReportRace(report)));
        }
    }
    if Racers::patience_ends(clock) <= now {
        end(state, Say::RaceUnresolved);
        state.redraw = true;
        state.send(Command::WatchRace(None));
    }
}
