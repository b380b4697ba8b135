//! Sprints and races in a database.

use super::{AsOf, SessionId, StoreFuture};
use crate::game::PlayerId;
use crate::game::contest::Trace;
use crate::game::race::{Entered, Entrance, Race, RaceId, Standing};
use crate::game::sprint::{Bests, Board, Kept, Sprinted};

/// The part of a [`super::Store`] for sprints and races. The rules of that trait hold here, too.
pub trait Contests: Send + 'static {
    /// Records that a sprint of the session's player begins, in place of an earlier one.
    fn begin_sprint(&mut self, session: SessionId) -> impl StoreFuture<()>;

    /// Keeps a sprint if it is the player's best of its length. It is idempotent. It returns false
    /// and keeps nothing if the session has counted fewer presses since [`Self::begin_sprint`], if
    /// that was longer ago than the sprint and a minute, if the trace does not fit the sprint, or
    /// if the player is gone.
    fn keep_sprint(&mut self, session: SessionId, sprinted: &Sprinted) -> impl StoreFuture<bool>;

    /// Reads the boards of all lengths, and a player's own best sprints.
    fn bests(&mut self, player: PlayerId) -> impl StoreFuture<Bests>;

    /// Reads the sprints of a board: those of a length from the best, the earlier first among
    /// equals; those of a player in the order of their lengths.
    fn board(&mut self, board: Board) -> impl StoreFuture<Vec<Kept>>;

    /// Enters a race for the session's player, or finds the place that was taken before. `None` if
    /// the race has started, is closed or full, or the session is gone. If several players open a
    /// race at the same time, the first one opens it and the others join it.
    fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> impl StoreFuture<Option<Entered>>;

    /// Reports how many committed presses a racer has. Fewer than before, or more than were
    /// committed since the racer joined, are ignored. A racer who is done or has left stays so.
    /// When a racer is done, the trace is kept. It also closes the race if nobody races any more,
    /// or if its time and [`crate::game::race::GRACE`] are over. A closed race never changes.
    fn report_race(
        &mut self,
        session: SessionId,
        race: RaceId,
        presses: u64,
        standing: Standing,
        trace: Option<&Trace>,
    ) -> impl StoreFuture<()>;

    /// Reads a race; without an id, the newest one that is not closed.
    fn race(&mut self, race: Option<RaceId>) -> impl StoreFuture<AsOf<Option<Race>>>;

    /// Reads the last [`crate::game::race::PAST`] closed races, the latest first.
    fn races(&mut self) -> impl StoreFuture<Vec<Race>>;
}
