//! All players in the order of their scores.

use std::collections::HashMap;

use super::{Player, PlayerId};

/// The players, best score first; equal scores keep the order of their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standings {
    order: Vec<Player>,
    scores: HashMap<PlayerId, i64>,
}

impl Standings {
    /// Ranks a whole list of players; of two with one key the later counts.
    pub fn new(players: Vec<Player>) -> Self {
        let by_id: HashMap<PlayerId, Player> = players.into_iter().map(|p| (p.id, p)).collect();
        let scores = by_id.values().map(|p| (p.id, p.score)).collect();
        let mut order: Vec<Player> = by_id.into_values().collect();
        order.sort_unstable_by_key(Self::key);
        Self { order, scores }
    }

    fn key(player: &Player) -> (std::cmp::Reverse<i64>, PlayerId) {
        (std::cmp::Reverse(player.score), player.id)
    }

    /// How many players there are.
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether nobody plays yet.
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// The players from the best down.
    pub fn iter(&self) -> std::slice::Iter<'_, Player> {
        self.order.iter()
    }

    /// The player at a position counted from 0.
    pub fn at(&self, position: usize) -> Option<&Player> {
        self.order.get(position)
    }

    /// Where a player stands, counted from 0.
    pub fn position(&self, id: PlayerId) -> Option<usize> {
        let score = *self.scores.get(&id)?;
        self.order
            .binary_search_by_key(&(std::cmp::Reverse(score), id), Self::key)
            .ok()
    }

    /// A player by key.
    pub fn get(&self, id: PlayerId) -> Option<&Player> {
        self.position(id).and_then(|at| self.order.get(at))
    }

    /// The rank that a score has, counted from 1: one more than the players above it, so equal
    /// scores share a rank.
    pub fn rank_of_score(&self, score: i64) -> usize {
        self.order.partition_point(|p| p.score > score) + 1
    }

    /// The players whose scores are from `low` to `high`, with their ranks.
    pub fn ranks_within(&self, low: i64, high: i64) -> Vec<(PlayerId, usize)> {
        let first = self.order.partition_point(|p| p.score > high);
        let inside = self.order[first..].iter().take_while(|p| p.score >= low);
        let mut above = None;
        let ranked = inside.enumerate().map(|(at, player)| {
            let rank = match above {
                Some((score, rank)) if score == player.score => rank,
                _ => first + at + 1,
            };
            above = Some((player.score, rank));
            (player.id, rank)
        });
        ranked.collect()
    }

    /// Adds a player, or moves the one with the same key to its new place.
    pub fn put(&mut self, player: Player) {
        self.remove(player.id);
        let at = self
            .order
            .partition_point(|p| Self::key(p) < Self::key(&player));
        self.scores.insert(player.id, player.score);
        self.order.insert(at, player);
    }

    /// Takes a player out.
    pub fn remove(&mut self, id: PlayerId) -> Option<Player> {
        let at = self.position(id)?;
        self.scores.remove(&id);
        Some(self.order.remove(at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(id: i64, score: i64) -> Player {
        Player {
            id: PlayerId(id),
            name: format!("p{id}"),
            email: String::new(),
            score,
        }
    }

    #[test]
    fn equal_scores_share_a_rank_and_keep_their_order() {
        let s = Standings::new(vec![player(3, 5), player(1, 5), player(2, 9), player(4, 1)]);
        let ids: Vec<i64> = s.iter().map(|p| p.id.0).collect();
        assert_eq!(ids, [2, 1, 3, 4]);
        let ranks: Vec<usize> = s.iter().map(|p| s.rank_of_score(p.score)).collect();
        assert_eq!(ranks, [1, 2, 2, 4]);
        let within = |low, high| -> Vec<(i64, usize)> {
            let ranks = s.ranks_within(low, high).into_iter();
            ranks.map(|(id, rank)| (id.0, rank)).collect()
        };
        assert_eq!(within(i64::MIN, i64::MAX), [(2, 1), (1, 2), (3, 2), (4, 4)]);
        assert_eq!(within(1, 5), [(1, 2), (3, 2), (4, 4)]);
        assert_eq!(within(2, 4), []);
    }

    #[test]
    fn a_new_score_moves_the_player() {
        let mut s = Standings::new(vec![player(1, 1), player(2, 2), player(3, 3)]);
        s.put(player(1, 10));
        assert_eq!(s.position(PlayerId(1)), Some(0));
        assert_eq!(s.len(), 3);
        assert_eq!(s.remove(PlayerId(2)).map(|p| p.score), Some(2));
        assert_eq!(s.get(PlayerId(2)), None);
    }
}
