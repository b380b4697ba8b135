//! What only a race knows: the one that is offered, who races, and what is told of one's own part.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use super::known::Known;
use crate::game::contest::{Clock, Length, Run, STEP, Stage, Trace};
use crate::game::race::{GRACE, Offset, Race, RaceId, Racer, Sample, Standing};
use crate::game::{PlayerId, Tally};
use crate::message::Progress;
use crate::words::Say;

/// The least time between two reports of one's own presses.
pub const REPORTED: Duration = Duration::from_millis(200);

/// How often the database is reminded that a race is over.
const REMINDED: Duration = Duration::from_secs(1);

/// How long after the last report could come the result is waited for.
pub const RESULT_PATIENCE: Duration = Duration::from_secs(10);

/// A race that somebody else has opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Which.
    pub race: RaceId,
    /// Who opened it.
    pub opener: String,
    /// How long it is run.
    pub length: Length,
    /// Whether who opened it was in the race whose result is on the screen.
    pub again: bool,
    /// Whether one can still join.
    pub open: bool,
    start: Instant,
}

impl Offer {
    /// What there is to tell of a race; nothing once it is over.
    pub(super) fn of(race: &Race, sample: Sample, now: Instant) -> Option<Self> {
        let mut offset = Offset::default();
        offset.measured(sample);
        let start = offset.when(race.start)?;
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

    /// When there is something else to tell of it.
    pub(super) fn due(&self) -> Instant {
        if self.open { self.start } else { self.end() }
    }

    /// Lets time pass; false once it is over.
    pub(super) fn lasts(&mut self, now: Instant) -> bool {
        self.open = now < self.start;
        now < self.end()
    }
}

/// Who races, oneself among them or not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Racers {
    /// The last races, to be read while a length is chosen.
    pub last: Known<Vec<Race>>,
    /// Which race is to be seen.
    pub id: Option<RaceId>,
    /// That race as the database had it last, once it is seen.
    pub race: Option<Race>,
    /// One's own part in it; nothing where it is only watched.
    pub own: Option<OwnRacer>,
    /// When it was heard that presses were made, by the racers' numbers.
    heard: BTreeMap<i64, Trace>,
    offset: Offset,
}

/// One's own part in a race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRacer {
    /// The racer's number.
    pub number: i64,
    /// Why it was given up.
    pub left: Option<Say>,
    /// What the database was told last.
    told: (u64, Standing),
    /// When it may be told again.
    tell_at: Instant,
}

impl OwnRacer {
    /// A place at the start.
    pub(super) fn new(number: i64, now: Instant) -> Self {
        Self {
            number,
            left: None,
            told: (0, Standing::Racing),
            tell_at: now,
        }
    }
}

impl Racers {
    /// Those of the race that is seen, in the order of joining.
    pub fn all(&self) -> &[Racer] {
        self.race.as_ref().map_or(&[], |race| &race.racers)
    }

    /// When a racer's presses were made, as far as it is known: as the database has it, or else as
    /// it was heard.
    pub fn trace<'a>(&'a self, racer: &'a Racer) -> Option<&'a Trace> {
        racer
            .trace
            .as_ref()
            .or_else(|| self.heard.get(&racer.number))
    }

    /// The best of the others, of whom the first to join.
    pub fn best_other(&self) -> Option<&Racer> {
        let own = self.own_number();
        let others = self.all().iter().filter(|r| Some(r.number) != own);
        others.max_by_key(|racer| (racer.presses, -racer.number))
    }

    /// They with their ranks, the first first.
    pub fn ranked(&self) -> Vec<(usize, &Racer)> {
        self.race.as_ref().map_or_else(Vec::new, Race::ranked)
    }

    /// One's own number.
    pub fn own_number(&self) -> Option<i64> {
        self.own.as_ref().map(|own| own.number)
    }

    /// Why one has given up.
    pub fn left(&self) -> Option<&Say> {
        self.own.as_ref()?.left.as_ref()
    }

    /// Whether giving up would mean something: one's own last presses are not told.
    pub fn is_racing(&self) -> bool {
        let closed = self.race.as_ref().is_none_or(|race| race.closed);
        let own = self.own.as_ref();
        !closed && own.is_some_and(|own| own.told.1 == Standing::Racing)
    }

    /// Takes in how the race stands; true where that is news. Its clock may be known better now.
    pub(super) fn seen(
        &mut self,
        race: Race,
        sample: Sample,
        clock: &mut Option<Clock>,
        now: Instant,
    ) -> bool {
        self.offset.measured(sample);
        if clock.is_none_or(|clock| now < clock.start)
            && let Some(start) = self.offset.when(race.start)
        {
            // Never back to a moment that has passed: the run begins with the tally of now.
            let start = clock.map_or(start, |_| start.max(now));
            let length = race.length;
            *clock = Some(Clock { start, length });
        }
        let news = self.race.as_ref() != Some(&race);
        if let Some(clock) = clock.filter(|clock| clock.start <= now) {
            // What is heard after the end was made before it.
            let elapsed = clock.elapsed(now).min(clock.length.time() - STEP);
            for racer in &race.racers {
                let heard = self.heard.entry(racer.number).or_default();
                let new = racer.presses.saturating_sub(heard.total());
                heard.add(elapsed, new);
            }
        }
        self.race = Some(race);
        news
    }

    /// From when on a race is closed whoever has not told the last presses.
    fn deadline(clock: Clock) -> Instant {
        clock.end() + GRACE
    }

    /// Until when the result is waited for.
    pub(super) fn patience_ends(clock: Clock) -> Instant {
        Self::deadline(clock) + RESULT_PATIENCE
    }

    /// When the database may be told something.
    pub(super) fn report_due(&self, stage: Stage, clock: Clock, now: Instant) -> Option<Instant> {
        let own = self.own.as_ref()?;
        match stage {
            Stage::Running(_) => Some(own.tell_at).filter(|at| now < *at),
            Stage::Saving => Some(own.tell_at.max(Self::deadline(clock))),
            _ => None,
        }
    }

    /// Gives up, and what is to be told of it.
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
        own.told = (committed.max(own.told.0), Standing::Left);
        let told = own.told;
        self.progress(player, told, None)
    }

    /// What the database is to be told now, if anything is.
    pub(super) fn report(
        &mut self,
        player: PlayerId,
        run: Option<&Run>,
        tally: Tally,
        clock: Clock,
        now: Instant,
    ) -> Option<Progress> {
        let own = self.own.as_mut()?;
        let mut next = own.told;
        if own.told.1 == Standing::Racing
            && let Some(run) = run
        {
            let committed = run.committed(tally);
            next.0 = committed.max(own.told.0);
            if clock.end() <= now && committed == run.committable(tally) {
                next.1 = Standing::Done;
            }
        }
        let news = next != own.told && (own.tell_at <= now || next.1 == Standing::Done);
        let remind = Self::deadline(clock).max(own.tell_at) <= now;
        if !news && !remind {
            return None;
        }
        own.told = next;
        own.tell_at = now + if remind { REMINDED } else { REPORTED };
        // Told once it adds up: of refused presses nobody knows when they were made.
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
