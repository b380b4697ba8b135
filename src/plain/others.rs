//! News of other players: at most one line a second, and none while a question is open.

use std::time::{Duration, Instant};

use super::Plain;
use crate::game::{Player, PlayerId};
use crate::state::{Context, State};
use crate::words::Say;

/// The least time between two lines about others.
const PACE: Duration = Duration::from_secs(1);

/// News of others that was not said yet.
#[derive(Debug, Default)]
pub struct Others {
    /// New players.
    new: Vec<PlayerId>,
    /// Players who passed the picked one.
    passed_by: Vec<PlayerId>,
    /// The leader that was last said.
    leader: Option<PlayerId>,
    told_at: Option<Instant>,
}

impl Others {
    /// Watches changes before the state handles them.
    pub fn observe(&mut self, players: &[Player], state: &State) {
        let own = state.picked_player();
        for player in players {
            match (state.player(player.id), own) {
                (None, _) => self.new.push(player.id),
                (Some(known), Some(own))
                    if player.id != own.id
                        && known.score <= own.score
                        && player.score > own.score =>
                {
                    self.passed_by.push(player.id);
                }
                _ => {}
            }
        }
    }

    /// Drops players who were removed or are behind again.
    fn forget_what_is_over(&mut self, state: &State) {
        let own = state.picked_player().map(|p| p.score);
        self.new.sort_unstable();
        self.new.dedup();
        self.new.retain(|id| state.player(*id).is_some());
        self.passed_by.sort_unstable();
        self.passed_by.dedup();
        self.passed_by.retain(|id| {
            let player = state.player(*id);
            state.picked != Some(*id)
                && player.is_some_and(|p| own.is_some_and(|own| p.score > own))
        });
    }
}

impl Plain {
    /// Says one piece of news, if it is time.
    pub(super) fn follow_others(&mut self, state: &State, now: Instant) {
        // With equal scores, nobody leads.
        let leads = |p: &&Player| {
            state
                .standings
                .at(1)
                .is_none_or(|next| next.score < p.score)
        };
        let leader = state.standings.at(0).filter(leads).map(|p| p.id);
        if self.quiet || self.others.leader.is_none() {
            // At the beginning the list shows the leader.
            self.others = Others {
                leader: leader.or(self.others.leader),
                told_at: self.others.told_at,
                ..Others::default()
            };
            return;
        }
        self.others.forget_what_is_over(state);
        let passed = !self.others.passed_by.is_empty();
        let leads = leader.is_some() && leader != self.others.leader;
        if !(passed || leads || !self.others.new.is_empty()) {
            return;
        }
        if state.context() != Context::Play {
            return;
        }
        if let Some(next) = self.others.told_at.map(|at| at + PACE)
            && next > now
        {
            return self.wake(next);
        }
        self.others.told_at = Some(now);
        if passed {
            let best = std::mem::take(&mut self.others.passed_by);
            let who = self.best_of(&best, state);
            self.say(&Say::PassedBy { who });
        } else if leads {
            self.others.leader = leader;
            // The player's own lead is said with the score.
            if let Some(player) = leader.and_then(|id| state.player(id))
                && state.picked != Some(player.id)
            {
                let (name, points) = (self.name(player), player.score);
                self.say(&Say::LeadsNow { name, points });
            }
        } else {
            let new = std::mem::take(&mut self.others.new);
            let who = self.best_of(&new, state);
            self.say(&Say::NewPlayers { who });
        }
        self.wake(now + PACE);
    }

    /// The name of the best of these players, and how many more there are.
    pub(super) fn best_of(&self, players: &[PlayerId], state: &State) -> Box<Say> {
        let best = players
            .iter()
            .filter_map(|id| state.player(*id))
            .max_by_key(|p| p.score);
        let name = best.map_or_else(String::new, |best| self.name(best)).into();
        let others = players.len().saturating_sub(1) as u64;
        Say::AndOthers { name, others }.into()
    }
}
