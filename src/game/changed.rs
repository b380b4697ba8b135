//! Players who have changed, to be found by key and by their place in the ranking.

use std::ops::Deref;
use std::sync::Arc;

use super::{ByPlayer, Player, PlayerId, Standings};

/// Players who have changed, in the order of the ranking. Clones share them, because a game server
/// sends them to every guest, and each guest looks up the few players that it knows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangedPlayers(Arc<Changed>);

#[derive(Debug, Default, PartialEq, Eq)]
struct Changed {
    ranked: Vec<Player>,
    places: ByPlayer<usize>,
}

impl ChangedPlayers {
    /// The player with this key, if that one has changed.
    pub fn get(&self, id: PlayerId) -> Option<&Player> {
        self.0.ranked.get(*self.0.places.get(&id)?)
    }
}

/// Of players with the same key, the later one is used.
impl FromIterator<Player> for ChangedPlayers {
    fn from_iter<I: IntoIterator<Item = Player>>(players: I) -> Self {
        let last: ByPlayer<Player> = players.into_iter().map(|p| (p.id, p)).collect();
        let mut ranked: Vec<Player> = last.into_values().collect();
        ranked.sort_unstable_by_key(Standings::key);
        let places = ranked.iter().enumerate();
        let places = places.map(|(place, player)| (player.id, place)).collect();
        Self(Arc::new(Changed { ranked, places }))
    }
}

impl From<Vec<Player>> for ChangedPlayers {
    fn from(players: Vec<Player>) -> Self {
        players.into_iter().collect()
    }
}

impl Deref for ChangedPlayers {
    type Target = [Player];

    fn deref(&self) -> &[Player] {
        &self.0.ranked
    }
}
