//! For whom a client may play: on one's own machine for anyone, on a game server for oneself.

use super::Rights;
use crate::game::PlayerId;

/// For whom a client may play.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Seat {
    /// For every player, as far as the database allows.
    #[default]
    Anyone,
    /// For the player that it will add.
    Newcomer,
    /// For this player.
    Player(PlayerId),
    /// For nobody.
    Watcher,
}

impl Seat {
    /// What this seat allows, of all that the database allows.
    pub fn rights(self, all: Rights) -> Rights {
        match self {
            Self::Anyone => all,
            Self::Newcomer => Rights {
                edit: false,
                remove: false,
                ..all
            },
            Self::Player(_) => Rights {
                add: false,
                remove: false,
                ..all
            },
            Self::Watcher => Rights::default(),
        }
    }

    /// Whether it is the seat of this player.
    pub fn is_for(self, player: PlayerId) -> bool {
        self == Self::Player(player)
    }
}
