//! Which ssh key is which player, as the database keeps it.

use jiff::Timestamp;

use crate::game::{Player, PlayerId};

/// A key that is to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshKey {
    /// Its fingerprint, as ssh shows it.
    pub fingerprint: String,
    /// What its owner calls it; may be empty.
    pub comment: String,
}

/// A key that is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptKey {
    /// Which.
    pub key: SshKey,
    /// Whose it is; none where only the number is left of the player.
    pub player: Option<Player>,
    /// That player's number.
    pub id: PlayerId,
    /// Since when.
    pub since: Timestamp,
}
