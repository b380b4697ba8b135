//! The rows of the list, as it is filtered and ranked.

use super::State;
use crate::game::{Period, Player, PlayerId, Standings};

impl State {
    /// Everyone as the list ranks them: with the points of its period in the place of the score.
    pub fn ranking(&self) -> &Standings {
        self.times.ranking.as_ref().unwrap_or(&self.standings)
    }

    /// Whether the points of the list's period are still to come.
    pub fn is_ranking(&self) -> bool {
        self.times.period != Period::AllTime && self.times.ranking.is_none()
    }

    /// Whether the list is narrowed by a filter.
    pub fn is_filtered(&self) -> bool {
        !self.filter.value().is_empty()
    }

    /// How many rows the list has.
    pub fn row_count(&self) -> usize {
        if self.is_filtered() {
            self.matches.len()
        } else {
            self.ranking().len()
        }
    }

    /// The player in a row counted from 0, with the points of the list's period.
    pub fn row(&self, row: usize) -> Option<&Player> {
        if self.is_filtered() {
            self.ranking().get(*self.matches.get(row)?)
        } else {
            self.ranking().at(row)
        }
    }

    /// The row that a player is in.
    pub fn row_of(&self, id: PlayerId) -> Option<usize> {
        if self.is_filtered() {
            self.matches.iter().position(|m| *m == id)
        } else {
            self.ranking().position(id)
        }
    }
}
