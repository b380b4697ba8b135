//! Who has gone up or down in the ranking just now, and by how many ranks.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use super::PlayerId;

/// How long a move is shown after the rank last changed.
pub const MOVED: Duration = Duration::from_secs(3);

#[derive(Debug, Clone)]
struct Move {
    from: usize,
    until: Instant,
}

/// The ranks from which players have come who move now.
#[derive(Debug, Clone, Default)]
pub struct Moves {
    moves: HashMap<PlayerId, Move>,
    /// When the first of them may be over.
    due: Option<Instant>,
}

impl Moves {
    /// Books that a player has left a rank. One who goes on moving is measured from where it began.
    pub fn left(&mut self, id: PlayerId, rank: usize, now: Instant) {
        let until = now + MOVED;
        let begun = self.moves.entry(id).or_insert(Move { from: rank, until });
        begun.until = until;
        self.due.get_or_insert(until);
    }

    /// By how many ranks a player who is now at `rank` has moved; up is positive.
    pub fn of(&self, id: PlayerId, rank: usize) -> isize {
        let from = self.moves.get(&id).map_or(rank, |m| m.from);
        from.cast_signed() - rank.cast_signed()
    }

    /// When [`Self::settle`] may have something to do.
    pub fn due(&self) -> Option<Instant> {
        self.due
    }

    /// Forgets the moves that are over; true where there were any.
    pub fn settle(&mut self, now: Instant) -> bool {
        if self.due.is_none_or(|due| due > now) {
            return false;
        }
        let before = self.moves.len();
        self.moves.retain(|_, m| m.until > now);
        self.due = self.moves.values().map(|m| m.until).min();
        self.moves.len() != before
    }

    /// Forgets a player who is gone.
    pub fn forget(&mut self, id: PlayerId) {
        self.moves.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_is_measured_from_its_beginning_and_over_three_seconds_after_its_end() {
        let (ada, bob) = (PlayerId(1), PlayerId(2));
        let start = Instant::now();
        let second = Duration::from_secs(1);
        let mut moves = Moves::default();
        moves.left(ada, 5, start);
        moves.left(bob, 4, start);
        moves.left(ada, 4, start + second);
        assert_eq!((moves.of(ada, 3), moves.of(bob, 5)), (2, -1));
        assert_eq!(moves.of(ada, 5), 0, "back where it was");
        assert_eq!(moves.of(PlayerId(3), 7), 0);
        assert!(!moves.settle(start + second));
        assert!(moves.settle(start + MOVED));
        assert_eq!((moves.of(ada, 3), moves.of(bob, 5)), (2, 0));
        assert_eq!(moves.due(), Some(start + second + MOVED));
        assert!(moves.settle(start + second + MOVED));
        assert_eq!((moves.of(ada, 3), moves.due()), (0, None));
    }
}
