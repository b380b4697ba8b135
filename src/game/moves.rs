//! Who has gone up or down in the ranking just now, and by how many ranks.

use std::time::{Duration, Instant};

use super::PlayerId;
use super::fading::Fading;

/// How long a move that somebody else made is shown after the rank last changed.
pub const MOVED: Duration = Duration::from_secs(3);

/// The ranks from which players have come who move now.
#[derive(Debug, Clone, Default)]
pub struct Moves {
    from: Fading<usize>,
}

impl Moves {
    /// Books that a player has left a rank, to be shown for so long. One who goes on moving is
    /// measured from where it began.
    pub fn left(&mut self, id: PlayerId, rank: usize, lasts: Duration, now: Instant) {
        self.from.keep(id, rank, now + lasts);
    }

    /// By how many ranks a player who is now at `rank` has moved; up is positive.
    pub fn of(&self, id: PlayerId, rank: usize) -> isize {
        let from = self.from.get(id).copied().unwrap_or(rank);
        from.cast_signed() - rank.cast_signed()
    }

    /// When [`Self::settle`] may have something to do.
    pub fn due(&self) -> Option<Instant> {
        self.from.due()
    }

    /// Forgets the moves that are over; true where there were any.
    pub fn settle(&mut self, now: Instant) -> bool {
        self.from.settle(now)
    }

    /// Forgets a player who is gone.
    pub fn forget(&mut self, id: PlayerId) {
        self.from.forget(id);
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
        moves.left(ada, 5, MOVED, start);
        moves.left(bob, 4, MOVED, start);
        moves.left(ada, 4, MOVED, start + second);
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
