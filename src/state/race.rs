//! The data of races: the offered one, the racers, and what was reported to the database.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::fetched::Fetched;
use crate::game::contest::{Clock, Length, Run, STEP, Stage, Trace};
use crate::game::race::{GRACE, Race, RaceId, Racer, Standing};
use crate::game::{ClockReading, PlayerId, Tally};
use crate::message::Progress;
use crate::words::Say;

/// The least time between two reports of the player's presses.
pub const REPORTED: Duration = Duration::from_millis(200);

/// How often the database is reminded that a race is over.
const REMINDED: Duration = Duration::from_secs(1);

/// How long to wait for the result after the last report could have come.
pub const RESULT_PATIENCE: Duration = Duration::from_secs(10);

/// A race that somebody else has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The race.
    pub race: RaceId,
    /// The name of the player who opened it.
    pub opener: String,
    /// How long it lasts.
    pub length: Length,
    /// Whether its opener was in the race whose result is on the screen.
    pub again: bool,
    /// Whether it can still be joined.
    pub open: bool,
    start: Instant,
}

impl Offer {
    /// The offer of a race; none once it is over.
    pub(super) fn of(race: &Race, reading: ClockReading, now: Instant) -> Option<Self> {
        let start = reading.when(race.start)?;
        let opener = race.racers.first().map(|racer| racer.name.clone());
        let offer = Self {
            race: race.id,
            opener: opener.unwrap_or_default(),
            length: race.length,
            again: false,
            open: now < start,
            start,
        };
        (!race.closed && now < offer.end()).then_some(offer)
    }

    fn end(&self) -> Instant {
        self.start + self.length.time()
    }

    /// When the offer next changes.
    pub(super) fn due(&self) -> Instant {
        if self.open { self.start } else { self.end() }
    }

    /// Advances the time. False once the race is over.
    pub(super) fn lasts(&mut self, now: Instant) -> bool {
        self.open = now < self.start;
        now < self.end()
    }
}

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

impl OwnRacer {
    /// A place at the start.
    pub(super) fn new(number: i64, now: Instant) -> Self {
        Self {
            number,
            left: None,
            reported: (0, Standing::Racing),
            report_at: now,
        }
    }
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
