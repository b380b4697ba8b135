//! What a database keeps of sprints and races.

use std::future::Future;

use super::{AsOf, SessionId, StoreError};
use crate::game::PlayerId;
use crate::game::contest::Trace;
use crate::game::race::{Entered, Entrance, Race, RaceId, Standing};
use crate::game::sprint::{Bests, Board, Kept, Sprinted};

/// The part of a [`super::Store`] that keeps sprints and races; what holds for all of it holds here.
pub trait Contests: Send + 'static {
    /// Notes that a sprint of the session's player begins, in the place of an earlier one.
    fn begin_sprint(
        &mut self,
        session: SessionId,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Keeps a sprint if it is the best of the session's player over its length; said again, it
    /// changes nothing. It is false, and nothing is kept, where the session has not counted as many
    /// presses since [`Self::begin_sprint`], where that was longer ago than the sprint and a minute,
    /// where the trace is none of such a sprint, or where the player is gone.
    fn keep_sprint(
        &mut self,
        session: SessionId,
        sprinted: &Sprinted,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// The boards of all lengths, and what a player's own best sprints were.
    fn bests(&mut self, player: PlayerId)
    -> impl Future<Output = Result<Bests, StoreError>> + Send;

    /// The sprints of a board: a length's in their order, the earlier of equals first; a player's
    /// own in the order of their lengths.
    fn board(&mut self, board: Board)
    -> impl Future<Output = Result<Vec<Kept>, StoreError>> + Send;

    /// Enters a race for the session's player, or finds the place that was made before; none where
    /// the race has started, is closed or full, or the session is no more. Of those who open one at
    /// the same time the first does, and the others join it.
    fn enter_race(
        &mut self,
        session: SessionId,
        entrance: Entrance,
    ) -> impl Future<Output = Result<Option<Entered>, StoreError>> + Send;

    /// Tells how many presses a session's racer has made that are committed; fewer than before, or
    /// more than were committed since the joining, are not believed. Who is done or has left stays
    /// so; of who is done the trace is kept. Closes the race if nobody races in it any more or its time and
    /// [`crate::game::race::GRACE`] are over, whoever asks. Of a race that is closed nothing changes.
    fn report_race(
        &mut self,
        session: SessionId,
        race: RaceId,
        presses: u64,
        standing: Standing,
        trace: Option<&Trace>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// A race; without a key, the newest that is not closed.
    fn race(
        &mut self,
        race: Option<RaceId>,
    ) -> impl Future<Output = Result<AsOf<Option<Race>>, StoreError>> + Send;

    /// The last [`crate::game::race::PAST`] races that are closed, the latest first.
    fn races(&mut self) -> impl Future<Output = Result<Vec<Race>, StoreError>> + Send;
}
