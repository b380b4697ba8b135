//! Players who have just moved in the ranking, and by how many ranks.

use std::time::{Duration, Instant};

use super::PlayerId;
use super::fading::Fading;

/// How long a move by somebody else is shown after the last change of rank.
pub const MOVED: Duration = Duration::from_secs(3);

/// The old ranks of the players who are shown as moving.
#[derive(Debug, Clone, Default)]
pub struct Moves {
    from: Fading<usize>,
}

impl Moves {
    /// Records that a player left a rank, to be shown for `lasts`. A player who moves again keeps
    /// the rank of the first move.
    pub fn record(&mut self, id: PlayerId, rank: usize, lasts: Duration, now: Instant) {
        self.from.keep(id, rank, now + lasts);
    }

    /// By how many ranks a player who is now at `rank` has moved. Up is positive.
    pub fn of(&self, id: PlayerId, rank: usize) -> isize {
        let from = self.from.get(id).copied().unwrap_or(rank);
        from.cast_signed() - rank.cast_signed()
    }

    /// When [`Self::expire`] may have something to do.
    pub fn due(&self) -> Option<Instant> {
        self.from.due()
    }

    /// Drops moves that are over. True if there were any.
    pub fn expire(&mut self, now: Instant) -> bool {
        self.from.expire(now)
    }

    /// Drops a removed player.
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
        moves.record(ada, 5, MOVED, start);
        moves.record(bob, 4, MOVED, start);
        moves.record(ada, 4, MOVED, start + second);
        assert_eq!((moves.of(ada, 3), moves.of(bob, 5)), (2, -1));
        assert_eq!(moves.of(ada, 5), 0, "back where it was");
        assert_eq!(moves.of(PlayerId(3), 7), 0);
        assert!(!moves.expire(start + second));
        assert!(moves.expire(start + MOVED));
        assert_eq!((moves.of(ada, 3), moves.of(bob, 5)), (2, 0));
        assert_eq!(moves.due(), Some(start + second + MOVED));
        assert!(moves.expire(start + second + MOVED));
        assert_eq!((moves.of(ada, 3), moves.due()), (0, None));
    }
}
