//! The player's own score: said once presses are saved, and no faster than it can be read.

use std::time::{Duration, Instant};

use super::Plain;
use crate::game::{PlayerId, Tally};
use crate::state::{Contest, Context, State};
use crate::words::{Say, text};

/// The least time between two lines about the score. A commit that takes longer than this is
/// mentioned while it runs.
const PACE: Duration = Duration::from_millis(500);

impl Plain {
    /// Says the scores of players with new presses, once the presses are saved.
    pub(super) fn follow_scores(&mut self, state: &State, now: Instant) {
        let competing = state.contest().is_some_and(Contest::is_competing);
        let ended = state.ended.is_some();
        if self.owed.is_empty() || (competing && !ended) {
            return;
        }
        let next = self.scored_at.map(|at| at + PACE);
        if let Some(next) = next.filter(|next| *next > now && !ended) {
            return self.wake(next);
        }
        let owed = std::mem::take(&mut self.owed);
        for id in owed {
            let tally = state.tally(id);
            if tally.waiting() == 0 {
                self.say_saved(id, state);
                self.scored_at = Some(now);
                self.saving_told = false;
            } else {
                self.owed.push(id);
                self.say_saving(id, tally, state, now);
            }
        }
    }

    fn say_saved(&mut self, id: PlayerId, state: &State) {
        let Some(player) = state.player(id) else {
            return;
        };
        let (name, points) = (self.name(player), player.score);
        let mut sentences = vec![Say::ScoreSaved { name, points }];
        let before = self.told.insert(id, points).unwrap_or(points);
        if state.picked == Some(id) && points > before {
            let feats = state.feats(id, before, points);
            if let Some((best, others)) = feats.passed {
                let others = others as u64;
                let name = self.name_of(best, state).into();
                let who = Say::AndOthers { name, others }.into();
                sentences.push(Say::Passed { who });
            }
            sentences.extend(feats.milestone.map(|score| Say::Milestone {
                score: text::grouped(score),
            }));
        }
        self.say(&sentences.into());
    }

    /// Says once that a commit takes long. Troubles are said elsewhere.
    fn say_saving(&mut self, id: PlayerId, tally: Tally, state: &State, now: Instant) {
        let at = self.owed_since.unwrap_or(now) + PACE;
        if self.saving_told || state.trouble.is_some() || state.context() == Context::Leaving {
            return;
        }
        if now < at {
            return self.wake(at);
        }
        self.saving_told = true;
        let ((name, points), presses) = (self.named(id, state), tally.waiting());
        self.say(&Say::ScoreSaving {
            name,
            points,
            presses,
        });
    }
}
