//! What is known of a list that is too long to be loaded as a whole.

use std::time::{Duration, Instant};

use super::{Mode, State};
use crate::game::{Aim, ChangedPlayers, Player, PlayerId, Standings};
use crate::message::Seat;

/// How many players are kept loaded before and behind the visible rows. It is enough that somebody
/// who scrolls does not reach the end of what is loaded.
pub(super) const MARGIN: usize = 120;

/// The most players that a screen can need. No terminal has so many rows.
const LONGEST_PART: usize = 4_000;

/// How many neighbours of the picked player are needed for sentences about rivals.
const NEIGHBOURS: usize = 12;

/// The least time between two questions about the players around the picked one.
const AROUND_AGAIN: Duration = Duration::from_secs(1);

/// Questions about the list that are not answered yet.
#[derive(Debug, Clone, Default)]
pub(super) struct OpenQuestions {
    /// The part that was asked for.
    pub part: Option<Aim>,
    /// The end of the list, or the spot, to go to when the part is loaded.
    pub jump: Option<Aim>,
    /// Whether the list follows the picked player, who has left the loaded part.
    pub seeks: bool,
    /// The text that is searched for.
    pub search: Option<String>,
    /// The player whose neighbours were asked for last, and when.
    pub around: Option<(PlayerId, Instant)>,
}

/// A player who has changed, and the score before if the player was known.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlayerNews<'a> {
    pub player: &'a Player,
    pub before: Option<i64>,
}

impl State {
    /// A player by key, from any of the lists.
    pub fn player(&self, id: PlayerId) -> Option<&Player> {
        let around = || self.around.as_ref().and_then(|around| around.get(id));
        self.standings
            .get(id)
            .or_else(around)
            .or_else(|| self.known.get(&id))
    }

    /// Whether all players are loaded.
    pub fn is_everyone(&self) -> bool {
        self.standings.is_complete()
    }

    /// Whether a jump in the list or a search waits for an answer.
    pub fn is_fetching(&self) -> bool {
        let part = self.asked.jump.is_some() && self.asked.part.is_some();
        part || (self.is_filtered() && self.asked.search.is_some())
    }

    /// The players around a player: from the list, or those that were asked for.
    pub fn neighbours_of(&self, id: PlayerId) -> &Standings {
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

    /// The rank of a listed player in the list's period, as far as it is known.
    pub fn rank_of(&self, player: &Player) -> Option<u64> {
        let ranking = self.ranking();
        if ranking.get(player.id).is_some() {
            return Some(ranking.rank_of_score(player.score) as u64);
        }
        let ranks = &self.search_results.as_ref()?.ranks;
        let found = ranks.iter().find(|(id, _)| *id == player.id);
        found.map(|(_, rank)| *rank)
    }

    /// Who of these players, as read, is news: not those who are as they were, nor those who can't
    /// be visible anywhere.
    pub(super) fn news<'a>(&self, changed: &'a ChangedPlayers) -> Vec<PlayerNews<'a>> {
        // Mostly fewer players are loaded than have changed on a game server.
        let around = self.around.as_ref();
        let listed = self.standings.iter();
        let near = around.into_iter().flat_map(Standings::iter);
        let near = near.filter(|p| self.standings.get(p.id).is_none());
        let others = self.known.values().filter(|known| {
            let near = around.is_some_and(|around| around.get(known.id).is_some());
            !near && self.standings.get(known.id).is_none()
        });
        let known = listed.chain(near).chain(others).filter_map(|known| {
            let player = changed.get(known.id).filter(|player| *player != known)?;
            let before = Some(known.score);
            Some(PlayerNews { player, before })
        });
        let windows = std::iter::once(&self.standings).chain(around);
        let inside = windows.flat_map(|window| window.inside(changed));
        let mut new: Vec<&Player> = inside.filter(|p| self.player(p.id).is_none()).collect();
        new.sort_unstable_by_key(|player| player.id);
        new.dedup();
        let new = new.into_iter().map(|player| PlayerNews {
            player,
            before: None,
        });
        known.chain(new).collect()
    }

    /// Drops players that nothing refers to any more.
    pub(super) fn forget_unknown(&mut self) {
        let finds = self.search_results.as_ref().map(|finds| &finds.players);
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

    /// The player whose neighbours should be asked for: the picked one, if the neighbours are not
    /// known and were not asked for just now.
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

    /// How many players should be loaded: enough above and below the visible rows.
    pub(super) fn part_length(&self) -> usize {
        self.part.max(self.viewport.rows * 4).min(LONGEST_PART)
    }

    /// The part of the list that should be loaded, with the visible rows in its middle.
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
