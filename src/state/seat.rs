//! Checks whether an action is allowed by the database's rights and by the seat.

use super::State;
use crate::game::PlayerId;
use crate::message::{Action, Seat};
use crate::words::Say;

impl State {
    /// Why an action is not allowed, or none if it is. On an ssh server, actions for a player are
    /// for the guest's own player, who is picked first.
    pub(super) fn forbidden(&mut self, action: Action) -> Option<Say> {
        let plays = matches!(action, Action::Press | Action::Contest(_));
        if !self.rights.allow(action) {
            return Some(match (self.seat, action) {
                (Seat::Watcher, _) => Say::WatchesOnly,
                (Seat::Newcomer | Seat::Player(_), _) => Say::KeeperOnly,
                (Seat::Anyone, Action::Add) => Say::MayNotAdd,
                (Seat::Anyone, Action::Edit) => Say::MayNotEdit,
                (Seat::Anyone, Action::Remove) => Say::MayNotRemove,
                (Seat::Anyone, _) => Say::MayNotPlay,
            });
        }
        match self.seat {
            Seat::Player(own) if plays => {
                self.pick_own(own);
                (self.loaded && self.picked != Some(own)).then_some(Say::NotYours)
            }
            Seat::Player(own) if action == Action::Edit && self.picked != Some(own) => {
                Some(Say::NotYours)
            }
            Seat::Newcomer if plays && self.picked_adding().is_none() => Some(Say::NoPlayerYet),
            _ => None,
        }
    }

    /// Gives a newcomer the seat of the player who was just added.
    pub(super) fn take_seat(&mut self, player: PlayerId) {
        if self.seat == Seat::Newcomer {
            self.seat = Seat::Player(player);
            self.rights.edit = self.rights.add;
            self.rights = self.seat.rights(self.rights);
        }
    }
}
