//! Races: the racers, entering, watching, what is reported to the database, and the end.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::fetched::Fetched;
use super::{Contest, Kind, Mode, Phase, Rival, State};
use crate::game::contest::{Clock, Run, STEP, Stage, Trace};
use crate::game::race::{Entered, Entrance, GRACE, Race, RaceId, Racer, Standing};
use crate::game::{ClockReading, PlayerId, Tally};
use crate::message::{Command, ContestCommand, Progress};
use crate::words::Say;

/// The least time between two reports of the player's presses.
pub const REPORTED: Duration = Duration::from_millis(200);

/// How often the database is reminded that a race is over.
const REMINDED: Duration = Duration::from_secs(1);

/// How long to wait for the result after the last report could have come.
pub const RESULT_PATIENCE: Duration = Duration::from_secs(10);

/// The racers, with or without the player.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Racers {
    /// The last races, shown while a length is chosen.
    pub last: Fetched<Vec<Race>>,
    /// The key of the race to show.
    pub id: Option<RaceId>,
    /// The race as last read from the database.
    pub race: Option<Race>,
    /// The player's own part; none if the race is only watched.
    pub own: Option<OwnRacer>,
    /// The times at which presses were learned of, by racer number.
    observed: BTreeMap<i64, Trace>,
    /// The time of the race at which it was first seen. Nothing is known of when the presses before
    /// that were made; they count as made at the start.
    observed_from: Duration,
    /// The most exact reading of the database's clock.
    reading: Option<ClockReading>,
}

/// The player's own part in a race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRacer {
    /// The racer's number.
    pub number: i64,
    /// Why the player gave up.
    pub left: Option<Say>,
    /// What was last reported to the database.
    reported: (u64, Standing),
    /// When the next report may be sent.
    report_at: Instant,
}

impl Racers {
    /// All racers, in the order of joining.
    pub fn all(&self) -> &[Racer] {
        self.race.as_ref().map_or(&[], |race| &race.racers)
    }

    /// The times of a racer's presses, as far as they are known: from the database, or otherwise as
    /// they were learned of.
    pub fn trace<'a>(&'a self, racer: &'a Racer) -> Option<&'a Trace> {
        racer
            .trace
            .as_ref()
            .or_else(|| self.observed.get(&racer.number))
    }

    /// From when on the times of a racer's presses are known: the start, unless they were only
    /// learned of, and the race had begun when it was first seen.
    pub fn known_from(&self, racer: &Racer) -> Duration {
        match racer.trace {
            Some(_) => Duration::ZERO,
            None => self.observed_from,
        }
    }

    /// The best other racer. Among equal ones, the first who joined.
    pub fn best_other(&self) -> Option<&Racer> {
        let own = self.own_number();
        let others = self.all().iter().filter(|r| Some(r.number) != own);
        others.max_by_key(|racer| (racer.presses, -racer.number))
    }

    /// The racers with their ranks, best first.
    pub fn ranked(&self) -> Vec<(usize, &Racer)> {
        self.race.as_ref().map_or_else(Vec::new, Race::ranked)
    }

    /// The player's own number.
    pub fn own_number(&self) -> Option<i64> {
        self.own.as_ref().map(|own| own.number)
    }

    /// Why the player gave up, if so.
    pub fn left(&self) -> Option<&Say> {
        self.own.as_ref()?.left.as_ref()
    }

    /// Whether the player can still give up: the last presses are not reported yet.
    pub fn is_racing(&self) -> bool {
        let closed = self.race.as_ref().is_none_or(|race| race.closed);
        let own = self.own.as_ref();
        !closed && own.is_some_and(|own| own.reported.1 == Standing::Racing)
    }

    /// Updates the race. True if it has changed. The start time may also be known more exactly now.
    pub(super) fn seen(
        &mut self,
        race: Race,
        reading: ClockReading,
        clock: &mut Option<Clock>,
        now: Instant,
    ) -> bool {
        let reading = ClockReading::best(self.reading, reading);
        self.reading = Some(reading);
        if clock.is_none_or(|clock| now < clock.start)
            && let Some(start) = reading.when(race.start)
        {
            // Never in the past, because the run begins with the current tally.
            let start = clock.map_or(start, |_| start.max(now));
            let length = race.length;
            *clock = Some(Clock { start, length });
        }
        let news = self.race.as_ref() != Some(&race);
        if let Some(clock) = clock.filter(|clock| clock.start <= now) {
            // Presses that are learned of after the end were made before it.
            let mut elapsed = clock.elapsed(now).min(clock.length.time() - STEP);
            if self.race.is_none() && elapsed > Duration::from_secs(1) {
                self.observed_from = std::mem::take(&mut elapsed);
            }
            for racer in &race.racers {
                let observed = self.observed.entry(racer.number).or_default();
                let new = racer.presses.saturating_sub(observed.total());
                observed.add(elapsed, new);
            }
        }
        self.race = Some(race);
        news
    }

    /// When the race is closed even if somebody has not reported all presses.
    fn deadline(clock: Clock) -> Instant {
        clock.end() + GRACE
    }

    /// How long to wait for the result.
    pub(super) fn patience_ends(clock: Clock) -> Instant {
        Self::deadline(clock) + RESULT_PATIENCE
    }

    /// When the next report may be due.
    pub(super) fn report_due(&self, stage: Stage, clock: Clock, now: Instant) -> Option<Instant> {
        let own = self.own.as_ref()?;
        match stage {
            Stage::Running(_) => Some(own.report_at).filter(|at| now < *at),
            Stage::Saving => Some(own.report_at.max(Self::deadline(clock))),
            _ => None,
        }
    }

    /// Gives up. Returns what to report.
    pub(super) fn give_up(
        &mut self,
        player: PlayerId,
        why: Say,
        committed: u64,
    ) -> Option<Progress> {
        if !self.is_racing() {
            return None;
        }
        let own = self.own.as_mut()?;
        own.left = Some(why);
        own.reported = (committed.max(own.reported.0), Standing::Left);
        let reported = own.reported;
        self.progress(player, reported, None)
    }

    /// The report to send now, if any.
    pub(super) fn report(
        &mut self,
        player: PlayerId,
        run: Option<&Run>,
        tally: Tally,
        clock: Clock,
        now: Instant,
    ) -> Option<Progress> {
        let own = self.own.as_mut()?;
        let mut next = own.reported;
        if own.reported.1 == Standing::Racing
            && let Some(run) = run
        {
            let committed = run.committed(tally);
            next.0 = committed.max(own.reported.0);
            if clock.end() <= now && committed == run.committable(tally) {
                next.1 = Standing::Done;
            }
        }
        let news = next != own.reported && (own.report_at <= now || next.1 == Standing::Done);
        let remind = Self::deadline(clock).max(own.report_at) <= now;
        if !news && !remind {
            return None;
        }
        own.reported = next;
        own.report_at = now + if remind { REMINDED } else { REPORTED };
        // Only a complete trace is reported: it is not known when refused presses were made.
        let trace = run.map(Run::trace).filter(|trace| trace.total() == next.0);
        let trace = trace.filter(|_| next.1 == Standing::Done).cloned();
        self.progress(player, next, trace)
    }

    fn progress(
        &self,
        player: PlayerId,
        (presses, standing): (u64, Standing),
        trace: Option<Trace>,
    ) -> Option<Progress> {
        Some(Progress {
            race: self.id?,
            player,
            presses,
            standing,
            trace,
        })
    }
}

/// Asks the database for a place in a race.
pub fn enter(state: &mut State, entrance: Entrance, now: Instant) {
    let Some(player) = state.competitor(Kind::Race) else {
        return;
    };
    state.show_contest(Kind::Race, Some(player), Phase::Entering, now);
    state.send(ContestCommand::EnterRace(player, entrance));
}

/// Stops showing a race, for this reason.
fn end(state: &mut State, why: Say) {
    if let Some(contest) = state.contest_mut() {
        contest.phase = Phase::Void(why);
        contest.rival = Rival::Racers(Racers::default());
    }
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
            racers.own = Some(OwnRacer {
                number: entered.racer,
                left: None,
                reported: (0, Standing::Racing),
                report_at: now,
            });
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
    state.send(ContestCommand::ReportRace(left));
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
    let Some(contest) = state.contest_mut() else {
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
            state.send(ContestCommand::ReportRace(report));
        }
    }
    if Racers::patience_ends(clock) <= now {
        end(state, Say::RaceUnresolved);
        state.redraw = true;
        state.send(Command::WatchRace(None));
    }
}
