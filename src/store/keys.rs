//! The ssh keys of players.

use jiff::Timestamp;

use crate::game::{Player, PlayerId};

/// An ssh key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshKey {
    /// Its fingerprint, as ssh shows it.
    pub fingerprint: String,
    /// The owner's comment; may be empty.
    pub comment: String,
}

/// A stored key, with its player.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// The key.
    pub key: SshKey,
    /// Its player; `None` if the player is gone.
    pub player: Option<Player>,
    /// The player's id.
    pub id: PlayerId,
    /// When it was added.
    pub since: Timestamp,
}
