//! The rows of the list, with its filter and ranking.

use std::ops::Range;

use super::State;
use crate::game::{Player, PlayerId, Standings};

impl State {
    /// The ranking that the list shows. In a period, the scores are the points of the period.
    pub fn ranking(&self) -> &Standings {
        self.times.ranking.as_ref().unwrap_or(&self.standings)
    }

    /// Whether another period was asked for, and its points are not read yet.
    pub fn is_ranking(&self) -> bool {
        self.times.wanted() != self.times.period
    }

    /// Whether the list is narrowed by a filter.
    pub fn is_filtered(&self) -> bool {
        !self.filter.value().is_empty()
    }

    /// How many rows the list has.
    pub fn row_count(&self) -> usize {
        self.rows().len()
    }

    /// The player in a row counted from 0, with the points of the list's period.
    pub fn row(&self, row: usize) -> Option<&Player> {
        self.rows().at(row)
    }

    /// The row that a player is in.
    pub fn row_of(&self, id: PlayerId) -> Option<usize> {
        self.rows().position(id)
    }

    /// The row of the picked player.
    pub(super) fn picked_row(&self) -> Option<usize> {
        self.picked.and_then(|id| self.row_of(id))
    }

    /// The rows whose players are loaded.
    pub fn rows_here(&self) -> Range<usize> {
        self.rows().here()
    }

    /// The players in the list. Search results, if it shows all time and not all players are loaded.
    fn rows(&self) -> &Standings {
        let searched = self.times.is_all_time() && !self.is_everyone();
        match self.search_results.as_ref().filter(|_| searched) {
            _ if !self.is_filtered() => self.ranking(),
            Some(found) => &found.players,
            None => &self.matches,
        }
    }
}
