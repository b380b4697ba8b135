//! The race that somebody else has opened: its offer, and how it is joined.

use std::time::Instant;

use super::{Kind, Phase, Rival, State, race};
use crate::game::ClockReading;
use crate::game::contest::Length;
use crate::game::race::{Entrance, Race, RaceId};
use crate::message::Command;
use crate::words::Say;

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
    race::enter(state, Entrance::Join(race), now);
}

/// A rematch: the first player opens a race of the same length, and the others join.
pub fn again(state: &mut State, now: Instant) {
    if state.offer.as_ref().is_some_and(|offer| offer.open) {
        return join(state, now);
    }
    let length = state.contest().map_or(state.length, |race| race.length);
    race::enter(state, Entrance::Open(length), now);
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
