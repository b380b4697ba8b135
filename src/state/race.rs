//! A race from the choice of its length to its result, as the screen shows it.

use std::time::{Duration, Instant};

use super::sprint::{seconds_between, whole_second};
use super::{Mode, State};
use crate::game::race::{Entered, GRACE, Offset, Race, RaceId, Sample, Standing};
use crate::game::sprint::{Length, Run};
use crate::game::{Motion, PlayerId, Tally};
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

/// A race, from the choice of its length on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contest {
    /// How far it is.
    pub phase: RacePhase,
}

/// How far a race is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RacePhase {
    /// The length is being chosen.
    Choosing(LastRaces),
    /// The database is asked for a place for this player.
    Entering(PlayerId),
    /// A race is to be seen soon, with this place in it for a player of one's own.
    Awaited(RaceId, Option<(PlayerId, Entered)>),
    /// It is seen.
    On(Box<Live>),
    /// There is nothing to see, and why.
    Void(Say),
}

impl Contest {
    /// Whether a length is being chosen.
    pub fn is_choice(&self) -> bool {
        matches!(self.phase, RacePhase::Choosing(_))
    }

    /// Whether nothing more will come of it.
    pub fn is_over(&self) -> bool {
        match &self.phase {
            RacePhase::On(live) => live.race.closed,
            RacePhase::Void(_) => true,
            _ => false,
        }
    }

    /// Whether one's own presses are counted in it now, or were and are being saved.
    pub fn is_racing(&self) -> bool {
        let RacePhase::On(live) = &self.phase else {
            return false;
        };
        let counted = matches!(live.stage(), Stage::Running(_) | Stage::Ended);
        counted && live.is_racing()
    }

    /// Whether there is a place of one's own in it.
    pub(super) fn is_entered(&self) -> bool {
        match &self.phase {
            RacePhase::Awaited(_, own) => own.is_some(),
            RacePhase::On(live) => live.own.is_some(),
            _ => false,
        }
    }

    /// Which race is to be seen, or is.
    pub fn race(&self) -> Option<RaceId> {
        match &self.phase {
            RacePhase::Awaited(race, _) => Some(*race),
            RacePhase::On(live) => Some(live.race.id),
            _ => None,
        }
    }
}

impl State {
    /// The race on the screen.
    pub fn contest(&self) -> Option<&Contest> {
        match &self.mode {
            Mode::Race(contest) => Some(contest),
            _ => None,
        }
    }

    /// The length that is chosen for the next sprint or race.
    pub fn length(&self) -> Length {
        self.sprint_length
    }

    /// Whether a clock may show tenths of a second and a bar may grow.
    pub fn is_lively(&self) -> bool {
        self.effects.motion() == Motion::Full
    }

    /// When something about races is to be looked at again.
    pub(super) fn race_due(&self, now: Instant) -> Option<Instant> {
        let offer = self.offer.as_ref().map(Offer::due);
        let live = match self.contest().map(|contest| &contest.phase) {
            Some(RacePhase::On(live)) => live.due(now, self.is_lively()),
            _ => None,
        };
        [offer, live].into_iter().flatten().min()
    }
}

/// What is known of the last races.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LastRaces {
    /// The answer is still to come.
    NotYet,
    /// As the database has them, the latest first.
    Read(Vec<Race>),
    /// They can't be read, and why.
    Not(Say),
}

/// What a race that is seen is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It starts after so many seconds.
    Starting(u64),
    /// Its presses are made; so much time is left.
    Running(Duration),
    /// It is over, and its last presses are being told.
    Ended,
    /// Its result stands.
    Closed,
}

/// One's own part in a race.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Own {
    /// For whom.
    pub player: PlayerId,
    /// The racer's number.
    pub number: i64,
    /// The presses, once it runs.
    run: Option<Run>,
    /// Why it was given up.
    pub left: Option<Say>,
    /// What the database was told last.
    told: (u64, Standing),
    /// When it may be told again.
    tell_at: Instant,
}

/// A race that is seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Live {
    /// As the database had it last.
    pub race: Race,
    /// One's own part in it; nothing where it is only watched.
    pub own: Option<Own>,
    offset: Offset,
    start: Instant,
    /// When the last message came.
    as_of: Instant,
}

impl Live {
    /// A race that is seen for the first time.
    pub(super) fn of(
        race: Race,
        own: Option<(PlayerId, Entered)>,
        sample: Sample,
        now: Instant,
    ) -> Option<Self> {
        let mut offset = Offset::default();
        offset.measured(sample);
        let start = offset.when(race.start)?;
        let own = own.map(|(player, entered)| Own {
            player,
            number: entered.racer,
            run: None,
            left: None,
            told: (0, Standing::Racing),
            tell_at: now,
        });
        Some(Self {
            race,
            own,
            offset,
            start,
            as_of: now,
        })
    }

    /// Takes in how it stands; true where that is news.
    pub(super) fn seen(&mut self, race: Race, sample: Sample, now: Instant) -> bool {
        self.offset.measured(sample);
        if now < self.start
            && let Some(start) = self.offset.when(race.start)
        {
            // Never back to a moment that has passed: the run begins with the tally of now.
            self.start = start.max(now);
        }
        let news = race != self.race;
        self.race = race;
        news
    }

    /// The first instant at which a press is too late.
    fn end(&self) -> Instant {
        self.start + self.race.length.time()
    }

    /// From when on the race is closed whoever has not told the last presses.
    fn deadline(&self) -> Instant {
        self.end() + GRACE
    }

    /// What it is doing, as of the last message.
    pub fn stage(&self) -> Stage {
        if self.race.closed {
            Stage::Closed
        } else if self.as_of < self.start {
            Stage::Starting(seconds_between(self.as_of, self.start))
        } else if self.as_of < self.end() {
            Stage::Running(self.end() - self.as_of)
        } else {
            Stage::Ended
        }
    }

    /// One's own presses: those made, and of them those that are committed for certain.
    pub fn own_presses(&self, tally: Tally) -> Option<(u64, u64)> {
        let run = self.own.as_ref()?.run.as_ref()?;
        Some((run.trace().total(), run.committed(tally)))
    }

    /// Whether giving up would mean something: one's own last presses are not told.
    pub fn is_racing(&self) -> bool {
        let own = self.own.as_ref();
        !self.race.closed && own.is_some_and(|own| own.told.1 == Standing::Racing)
    }

    /// When it is to be looked at again; every tenth of a second while it runs, or every second.
    pub(super) fn due(&self, now: Instant, tenths: bool) -> Option<Instant> {
        let report = self.own.as_ref().and_then(|own| match self.stage() {
            Stage::Running(_) => Some(own.tell_at).filter(|at| now < *at),
            Stage::Ended => Some(own.tell_at.max(self.deadline())),
            Stage::Starting(_) | Stage::Closed => None,
        });
        let screen = self.next_frame(now, tenths);
        [screen, report].into_iter().flatten().min()
    }

    /// When the screen shows something else because of the time alone.
    fn next_frame(&self, now: Instant, tenths: bool) -> Option<Instant> {
        match self.stage() {
            Stage::Starting(_) => Some(whole_second(now, self.start)),
            Stage::Running(_) if tenths => {
                let run = Run::new(self.start, self.race.length, Tally::default());
                Some(run.next_step(now))
            }
            Stage::Running(_) => Some(whole_second(now, self.end())),
            Stage::Ended => Some(self.deadline() + RESULT_PATIENCE),
            Stage::Closed => None,
        }
    }

    /// Lets time pass, with the presses as they were just before `now`; true where the screen is
    /// to show it.
    pub(super) fn advance(&mut self, tally: Tally, now: Instant, tenths: bool) -> bool {
        let before = self.stage();
        let frame = self.next_frame(self.as_of, tenths);
        self.as_of = now;
        if let Some(own) = &mut self.own
            && own.run.is_none()
            && own.left.is_none()
            && self.start <= now
        {
            own.run = Some(Run::new(self.start, self.race.length, tally));
        }
        match (before, self.stage()) {
            (Stage::Running(_), Stage::Running(_)) => frame.is_some_and(|at| at <= now),
            (before, after) => before != after,
        }
    }

    /// Takes notice of presses for a player.
    pub(super) fn pressed(&mut self, player: PlayerId, presses: u64, now: Instant) {
        if let Some(own) = &mut self.own
            && own.player == player
            && own.left.is_none()
            && let Some(run) = &mut own.run
        {
            run.pressed(presses, now);
        }
    }

    /// Gives up, and what is to be told of it.
    pub(super) fn give_up(&mut self, why: Say, tally: Tally) -> Option<Progress> {
        if !self.is_racing() {
            return None;
        }
        let committed = self
            .own_presses(tally)
            .map_or(0, |(_, committed)| committed);
        let own = self.own.as_mut()?;
        own.left = Some(why);
        own.told = (committed.max(own.told.0), Standing::Left);
        let (player, told) = (own.player, own.told);
        Some(self.progress(player, told))
    }

    /// What the database is to be told now, if anything is.
    pub(super) fn report(&mut self, tally: Tally, now: Instant) -> Option<Progress> {
        if self.race.closed {
            return None;
        }
        let (end, deadline) = (self.end(), self.deadline());
        let own = self.own.as_mut()?;
        let mut next = own.told;
        if own.told.1 == Standing::Racing
            && let Some(run) = &own.run
        {
            let committed = run.committed(tally);
            next.0 = committed.max(own.told.0);
            if end <= now && committed == run.left(tally) {
                next.1 = Standing::Done;
            }
        }
        let news = next != own.told && (own.tell_at <= now || next.1 == Standing::Done);
        let remind = deadline.max(own.tell_at) <= now;
        if !news && !remind {
            return None;
        }
        own.told = next;
        own.tell_at = now + if remind { REMINDED } else { REPORTED };
        Some(self.progress(self.own.as_ref()?.player, next))
    }

    fn progress(&self, player: PlayerId, (presses, standing): (u64, Standing)) -> Progress {
        Progress {
            race: self.race.id,
            player,
            presses,
            standing,
        }
    }

    /// Whether its result has not come for so long that nobody should wait for it.
    pub(super) fn is_lost(&self, now: Instant) -> bool {
        !self.race.closed && self.deadline() + RESULT_PATIENCE <= now
    }
}
