//! The summary of this run, shown on leaving: points, pace, and who was passed.

use std::cmp::Reverse;

use super::{State, short};
use crate::game::PlayerId;
use crate::words::Say;

/// The most passed players that are remembered.
const PASSED: usize = 100;

/// Statistics of a player in this run.
#[derive(Debug, Clone, Default)]
pub struct RunStats {
    /// The rank before the first press.
    rank: Option<u64>,
    /// The most presses within one second.
    best: u64,
    /// The players who were passed, in that order.
    passed: Vec<PlayerId>,
}

impl State {
    /// Records a press.
    pub(super) fn record_press(&mut self, id: PlayerId) {
        let rank = self.all_time_rank(id);
        let best = self.pace.peak(id);
        let session = self.sessions.entry(id).or_insert_with(|| RunStats {
            rank,
            ..RunStats::default()
        });
        session.best = session.best.max(best);
    }

    /// Records who is passed by own presses from `from` to `to`, before the list is updated.
    pub(super) fn record_passed(&mut self, id: PlayerId, from: i64, to: i64) {
        if !self.sessions.contains_key(&id) {
            return;
        }
        let found = self.windows().filter(|list| list.get(id).is_some());
        let passed = found.flat_map(|list| list.ranks_within(from, to.saturating_sub(1)));
        let passed: Vec<PlayerId> = passed.map(|(other, _)| other).collect();
        if let Some(session) = self.sessions.get_mut(&id) {
            for other in passed {
                let is_new = other != id && !session.passed.contains(&other);
                if is_new && session.passed.len() < PASSED {
                    session.passed.push(other);
                }
            }
        }
    }

    /// Two sentences about the player with the most presses. Empty if no point is committed.
    pub(super) fn summary(&self) -> Vec<Say> {
        let scored = self.tallies.iter().filter(|(_, tally)| tally.counted > 0);
        let most = scored.max_by_key(|(id, tally)| (tally.counted, Reverse(**id)));
        let Some((player, tally)) = most.and_then(|(id, t)| Some((self.player(*id)?, t))) else {
            return Vec::new();
        };
        let session = self.sessions.get(&player.id).cloned().unwrap_or_default();
        let name = short(&player.name);
        let points = tally.counted;
        let scored = match session.best {
            0 => Say::SessionPoints { name, points },
            best => Say::SessionPointsAndBest { name, points, best },
        };
        let all: u64 = self.tallies.values().map(|tally| tally.counted).sum();
        let scored = match all - points {
            0 => scored,
            points => scored.and(Say::SessionOthers { points }),
        };
        let mut summary = vec![scored];
        if let Some(to) = self.all_time_rank(player.id) {
            let rank = match session.rank.filter(|from| *from != to) {
                Some(from) => Say::SessionRankMoved { from, to },
                None => Say::SessionRank {
                    rank: to,
                    players: self.standings.len() as u64,
                },
            };
            // A player who is ahead again does not count as passed.
            let passed = session.passed.iter().filter_map(|id| self.player(*id));
            let passed = passed.filter(|other| other.score < player.score);
            let mut passed: Vec<_> = passed.collect();
            passed.sort_by_key(|other| Reverse(other.score));
            let who = match &passed[..] {
                [] => None,
                [one, two] => Some(Say::Both {
                    one: short(&one.name),
                    two: short(&two.name),
                }),
                [one, others @ ..] => Some(Say::AndOthers {
                    name: short(&one.name),
                    others: others.len() as u64,
                }),
            };
            summary.push(match who.map(Box::new) {
                Some(who) => Say::SessionPassed {
                    rank: rank.into(),
                    who,
                },
                None => rank,
            });
        }
        summary
    }

    /// The rank by all time, as far as it is known.
    fn all_time_rank(&self, id: PlayerId) -> Option<u64> {
        let rank = self
            .windows()
            .find_map(|list| Some(list.rank_of_score(list.get(id)?.score)))?;
        Some(rank as u64)
    }
}
