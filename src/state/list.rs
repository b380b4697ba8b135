//! What is known of a list that is too long to be here as a whole.

use std::time::{Duration, Instant};

use super::{Mode, State};
use crate::game::{Aim, Player, PlayerId, Spot, Standings};
use crate::message::Seat;

/// How many players there are to be on either side of what the screen shows, before more are asked
/// for: so many that who walks through the list does not come to an end of it.
pub(super) const MARGIN: usize = 120;

/// How many neighbours the picked player is to have for the words about rivals.
const NEIGHBOURS: usize = 12;

/// The least time between two questions about the players around the picked one.
const AROUND_AGAIN: Duration = Duration::from_secs(1);

/// What is asked about the list, and not answered yet.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenQuestions {
    /// Which part is on its way.
    pub part: Option<Aim>,
    /// Whether to pick the first or the last when it is here.
    pub jump: Option<Aim>,
    /// What is searched for.
    pub search: Option<String>,
    /// Around whom was asked last, and when.
    pub around: Option<(PlayerId, Instant)>,
}

impl State {
    /// A player by key, wherever known from.
    pub fn player(&self, id: PlayerId) -> Option<&Player> {
        let around = || self.around.as_ref().and_then(|around| around.get(id));
        self.standings
            .get(id)
            .or_else(around)
            .or_else(|| self.known.get(&id))
    }

    /// Whether these are all players: then all that the screen shows is known from them.
    pub fn is_everyone(&self) -> bool {
        self.standings.is_complete()
    }

    /// Whether a part of the list is on its way, or a search is.
    pub fn is_fetching(&self) -> bool {
        let part = self.asked.jump.is_some() && self.asked.part.is_some();
        part || (self.is_filtered() && self.asked.search.is_some())
    }

    /// The players in whose midst a player is: of the list, or those that were asked for.
    pub fn midst_of(&self, id: PlayerId) -> &Standings {
        let ranking = self.ranking();
        match &self.around {
            Some(around)
                if self.times.is_all_time()
                    && !ranking.surrounds(id, NEIGHBOURS)
                    && around.get(id).is_some() =>
            {
                around
            }
            _ => ranking,
        }
    }

    /// The rank of a row's player in the list's period, as far as it is known.
    pub fn rank_of(&self, player: &Player) -> Option<u64> {
        let ranking = self.ranking();
        if ranking.get(player.id).is_some() {
            return Some(ranking.rank_of_score(player.score) as u64);
        }
        let ranks = &self.finds.as_ref()?.ranks;
        let found = ranks.iter().find(|(id, _)| *id == player.id);
        found.map(|(_, rank)| *rank)
    }

    /// Whether what happens to a player is to be seen anywhere.
    pub(super) fn concerns(&self, player: &Player) -> bool {
        let spot = Spot::from(player);
        self.player(player.id).is_some()
            || self.standings.covers(spot)
            || self.around.as_ref().is_some_and(|a| a.covers(spot))
    }

    /// Forgets players who are known for nothing any more.
    pub(super) fn forget_unknown(&mut self) {
        let finds = self.finds.as_ref().map(|finds| &finds.players);
        let ranking = self.times.ranking.as_ref();
        let (picked, tallies) = (self.picked, &self.tallies);
        let own = self.seat;
        let asked = match &self.mode {
            Mode::Namesake(_, id) => Some(*id),
            _ => None,
        };
        self.known.retain(|id, _| {
            picked == Some(*id)
                || asked == Some(*id)
                || own == Seat::Player(*id)
                || tallies.contains_key(id)
                || finds.is_some_and(|finds| finds.get(*id).is_some())
                || ranking.is_some_and(|ranking| ranking.get(*id).is_some())
        });
    }

    /// Whom to ask about: the picked player, where others around are not known and that was not
    /// asked just now.
    pub(super) fn wants_around(&self, now: Instant) -> Option<PlayerId> {
        let id = self.picked.filter(|_| !self.is_everyone() && self.loaded)?;
        let here = self.standings.surrounds(id, NEIGHBOURS);
        let near = self.around.as_ref();
        if here || near.is_some_and(|near| near.surrounds(id, 2)) {
            return None;
        }
        let fresh = |(of, at): (PlayerId, Instant)| of == id && now < at + AROUND_AGAIN;
        let fresh = self.asked.around.is_some_and(fresh);
        (!fresh).then_some(id)
    }

    /// Which part of the list is wanted: one in whose midst is what the screen shows.
    pub(super) fn wants_part(&self) -> Option<Aim> {
        if self.is_everyone() || self.is_filtered() || !self.times.is_all_time() {
            return None;
        }
        let here = self.standings.here();
        let rows = self.viewport.rows;
        let margin = MARGIN.max(rows * 2);
        let top = self.viewport.top.max(here.start);
        let too_high = here.start > 0 && top < here.start + margin.min(here.len() / 4);
        let too_low =
            here.end < self.standings.len() && top + rows + margin.min(here.len() / 4) > here.end;
        // Everyone who was here may have risen past the upper end.
        if !too_high && !too_low && !here.is_empty() {
            return None;
        }
        let middle = (top + rows / 2).min(here.end.saturating_sub(1));
        let middle = self.standings.at(middle).or_else(|| self.picked_player());
        Some(middle.map_or(Aim::Top, |middle| Aim::Around(middle.into())))
    }
}
