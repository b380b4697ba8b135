//! The ranking of the players, or a window of it.

use std::cmp::Reverse;
use std::ops::Range;

use super::{ByPlayer, Player, PlayerId, Points};

/// A position in the ranking. Higher scores come first; among equal scores, the lower key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The score.
    pub score: i64,
    /// The player's key.
    pub id: PlayerId,
}

impl Spot {
    fn key(self) -> (Reverse<i64>, PlayerId) {
        (Reverse(self.score), self.id)
    }
}

impl From<&Player> for Spot {
    fn from(player: &Player) -> Self {
        Self {
            score: player.score,
            id: player.id,
        }
    }
}

/// Which window of the ranking to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The first players.
    Top,
    /// The last players.
    Bottom,
    /// Players around this spot, as many before as behind it where there are enough.
    Around(Spot),
}

/// How many players a window of the list has: more than any screen shows, and few enough to be read
/// quickly.
pub const WINDOW: u32 = 400;

/// A part of the ranking, read at nearly one moment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Window {
    /// The number of players before the window. Exact if it is 0 and within the first thousand,
    /// otherwise as of the last survey.
    pub above: u64,
    /// The number of players with a higher score than the window's first player. As exact as
    /// `above`.
    pub higher: u64,
    /// The players in the order of the ranking.
    pub players: Vec<Player>,
    /// The number of players behind the window. Exact if it is 0, otherwise as of the last survey.
    pub below: u64,
}

impl Window {
    /// Whether the window holds all players.
    pub fn is_everyone(&self) -> bool {
        self.above == 0 && self.below == 0
    }
}

/// A window that holds everyone.
impl From<Vec<Player>> for Window {
    fn from(players: Vec<Player>) -> Self {
        Self {
            players,
            ..Self::default()
        }
    }
}

/// The points of players since the start of a period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranking {
    /// The players whose score changed: the best in order, then the requested player, if not among
    /// them.
    pub points: Vec<Points>,
    /// The same players, with their scores.
    pub players: Vec<Player>,
    /// The number of players before the requested one, if that one is in `points`.
    pub above: Option<u64>,
    /// The number of players whose score changed.
    pub scorers: u64,
}

/// The results of a search so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundPlayers {
    /// What was searched for, in lower case.
    pub wanted: String,
    /// The players that were found.
    pub players: Standings,
    /// The ranks of the first of them when they were found, as far as they are known.
    pub ranks: Vec<(PlayerId, u64)>,
    /// Whether there are more than these.
    pub more: bool,
    /// Whether all players were searched.
    pub done: bool,
}

/// The players in a window of the ranking, best score first. Equal scores are ordered by key.
/// Positions and ranks are those among all players.
///
/// A window with nobody before and behind it holds everyone. Otherwise a player who moves past an
/// edge is only counted there, and a player who moves in from beyond an edge is taken in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standings {
    order: Vec<Player>,
    scores: ByPlayer<i64>,
    above: usize,
    higher: usize,
    below: usize,
    /// A score that all players before the window have at least, once one has passed the edge.
    ceiling: Option<i64>,
}

impl Standings {
    /// Ranks a complete list of players. If two have the same key, the later one is used.
    pub fn new(players: Vec<Player>) -> Self {
        Self::windowed(players.into())
    }

    /// A window of the ranking.
    pub fn windowed(window: Window) -> Self {
        let players = window.players.into_iter();
        let by_id: ByPlayer<Player> = players.map(|p| (p.id, p)).collect();
        let scores = by_id.values().map(|p| (p.id, p.score)).collect();
        let mut order: Vec<Player> = by_id.into_values().collect();
        order.sort_unstable_by_key(Self::key);
        let [above, higher, below] =
            [window.above, window.higher, window.below].map(|n| usize::try_from(n).unwrap_or(0));
        Self {
            order,
            scores,
            above,
            higher,
            below,
            ceiling: None,
        }
    }

    /// The order of the ranking.
    pub(super) fn key(player: &Player) -> (Reverse<i64>, PlayerId) {
        Spot::from(player).key()
    }

    /// The number of all players, as far as it is known.
    pub fn len(&self) -> usize {
        self.above + self.order.len() + self.below
    }

    /// Whether there are no players.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether all players are in the window.
    pub fn is_complete(&self) -> bool {
        self.above == 0 && self.below == 0
    }

    /// The positions of the players in the window.
    pub fn here(&self) -> Range<usize> {
        self.above..self.above + self.order.len()
    }

    /// The players in the window, best first.
    pub fn iter(&self) -> std::slice::Iter<'_, Player> {
        self.order.iter()
    }

    /// The player at a position, counted from 0.
    pub fn at(&self, position: usize) -> Option<&Player> {
        self.order.get(position.checked_sub(self.above)?)
    }

    /// A player's position, counted from 0.
    pub fn position(&self, id: PlayerId) -> Option<usize> {
        Some(self.above + self.index(id)?)
    }

    fn index(&self, id: PlayerId) -> Option<usize> {
        let score = *self.scores.get(&id)?;
        self.order
            .binary_search_by_key(&(Reverse(score), id), Self::key)
            .ok()
    }

    /// A player by key.
    pub fn get(&self, id: PlayerId) -> Option<&Player> {
        self.index(id).and_then(|at| self.order.get(at))
    }

    /// Those of these players whose place is inside the window. They are in the order of the
    /// ranking.
    pub fn inside<'a>(&self, ranked: &'a [Player]) -> &'a [Player] {
        let up_to = |edge: &Player| ranked.partition_point(|p| Self::key(p) <= Self::key(edge));
        let begin = match self.above {
            0 => Some(0),
            _ => self.order.first().map(up_to),
        };
        let end = match self.below {
            0 => Some(ranked.len()),
            _ => self.order.last().map(up_to),
        };
        let inside = begin
            .zip(end)
            .and_then(|(begin, end)| ranked.get(begin..end));
        inside.unwrap_or_default()
    }

    /// Whether a player is in the window with this many neighbours on both sides, or as many as
    /// there are.
    pub fn surrounds(&self, id: PlayerId, neighbours: usize) -> bool {
        self.index(id).is_some_and(|at| {
            (self.above == 0 || at >= neighbours)
                && (self.below == 0 || at + neighbours < self.order.len())
        })
    }

    /// The rank of a score, counted from 1. It is one more than the number of players with higher
    /// scores, so equal scores share a rank.
    pub fn rank_of_score(&self, score: i64) -> usize {
        match self.order.partition_point(|p| p.score > score) {
            0 => self.higher + 1,
            better => self.above + better + 1,
        }
    }

    /// The players in the window with scores from `low` to `high`, and their ranks.
    pub fn ranks_within(&self, low: i64, high: i64) -> Vec<(PlayerId, usize)> {
        let first = self.order.partition_point(|p| p.score > high);
        let inside = self.order[first..].iter().take_while(|p| p.score >= low);
        let mut above = None;
        let ranked = inside.enumerate().map(|(at, player)| {
            let rank = match above {
                Some((score, rank)) if score == player.score => rank,
                None => self.rank_of_score(player.score),
                _ => self.above + first + at + 1,
            };
            above = Some((player.score, rank));
            (player.id, rank)
        });
        ranked.collect()
    }

    /// Adds a player, or moves the one with the same key to the new place. Beyond an edge there are
    /// players that are not known, so a player who may have landed there is only counted.
    pub fn put(&mut self, player: &Player) {
        // Nothing moves for most, and a server does this for each of its guests.
        if let Some(at) = self.unmoved(player) {
            self.scores.insert(player.id, player.score);
            let Player {
                id: _,
                name,
                email,
                score,
            } = &mut self.order[at];
            name.clone_from(&player.name);
            email.clone_from(&player.email);
            *score = player.score;
            return;
        }
        let before = self.remove(player.id).map(|before| before.score);
        let known = before.is_some();
        let first = self.order.first().map(|p| p.score);
        let at = self
            .order
            .partition_point(|p| Self::key(p) < Self::key(player));
        let is_below = |ceiling| player.score < ceiling;
        if at == 0 && self.above > 0 && !self.ceiling.is_some_and(is_below) {
            self.above += usize::from(known);
            self.higher += usize::from(known && first.is_some_and(|first| first < player.score));
            self.ceiling = self
                .ceiling
                .or(before.map(|before| first.unwrap_or(before).max(before)));
        } else if at == self.order.len()
            && self.below > 0
            && before.is_none_or(|b| b > player.score)
        {
            self.below += usize::from(known);
        } else {
            if at == 0 && self.above > 0 {
                self.higher = self.above;
            }
            if !known && self.below > 1 {
                // Scores only rise, so the player was behind the window.
                self.below -= 1;
            }
            self.scores.insert(player.id, player.score);
            self.order.insert(at, player.clone());
        }
    }

    /// Where a known player is, if the player stays between the same two neighbours.
    fn unmoved(&self, player: &Player) -> Option<usize> {
        let at = self.index(player.id)?;
        let (before, after) = (self.order.get(at.checked_sub(1)?)?, self.order.get(at + 1)?);
        let key = Self::key(player);
        (Self::key(before) < key && key < Self::key(after)).then_some(at)
    }

    /// Removes a player.
    pub fn remove(&mut self, id: PlayerId) -> Option<Player> {
        let at = self.index(id)?;
        self.scores.remove(&id);
        let player = self.order.remove(at);
        if at == 0
            && let Some(next) = self.order.first()
            && next.score < player.score
        {
            // All players before the window have a higher score than the next one.
            self.higher = self.above;
        }
        Some(player)
    }
}
