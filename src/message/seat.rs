//! For whom one may play: on one's own machine for anyone, on a server for oneself.

use super::Rights;
use crate::game::PlayerId;

/// For whom one may play.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Seat {
    /// For every player, as far as the database allows.
    #[default]
    Anyone,
    /// For the player that one will have added.
    Newcomer,
    /// For this player.
    Player(PlayerId),
    /// For nobody.
    Watcher,
}

impl Seat {
    /// What may be done from it, of what the database lets its user do.
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
            Self::Watcher => Rights {
                play: false,
                add: false,
                edit: false,
                remove: false,
            },
        }
    }

    /// Whether it is that of this player.
    pub fn is_for(self, player: PlayerId) -> bool {
        self == Self::Player(player)
    }
}
