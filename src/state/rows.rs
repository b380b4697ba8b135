//! The rows of the list, with its filter and ranking.

use std::ops::Range;

use super::State;
use crate::game::{FoundPlayers, Player, PlayerId, Standings};

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
        match (self.is_filtered(), self.shown_results()) {
            (true, Some(finds)) => finds.players.len(),
            (true, None) => self.matches.len(),
            (false, _) => self.ranking().len(),
        }
    }

    /// The player in a row counted from 0, with the points of the list's period.
    pub fn row(&self, row: usize) -> Option<&Player> {
        match (self.is_filtered(), self.shown_results()) {
            (true, Some(finds)) => finds.players.at(row),
            (true, None) => self.ranking().get(*self.matches.get(row)?),
            (false, _) => self.ranking().at(row),
        }
    }

    /// The row that a player is in.
    pub fn row_of(&self, id: PlayerId) -> Option<usize> {
        match (self.is_filtered(), self.shown_results()) {
            (true, Some(finds)) => finds.players.position(id),
            (true, None) => self.matches.iter().position(|m| *m == id),
            (false, _) => self.ranking().position(id),
        }
    }

    /// Search results, if the list shows all time and not all players are loaded.
    fn shown_results(&self) -> Option<&FoundPlayers> {
        let searched = self.times.is_all_time() && !self.is_everyone();
        self.search_results.as_ref().filter(|_| searched)
    }

    /// The rows whose players are loaded.
    pub fn rows_here(&self) -> Range<usize> {
        if self.is_filtered() {
            0..self.row_count()
        } else {
            self.ranking().here()
        }
    }
}
