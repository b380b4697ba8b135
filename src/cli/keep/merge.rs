//! What becomes of players that a database has already when others are brought into it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::store::archive::PlayerRecord;

/// What to do about a player that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OnConflict {
    /// Leave the one who is there as he is
    Skip,
    /// Give the one who is there the score, the history and the sprints of the file
    Replace,
    /// Add the points of the file to those that are there, in each quarter hour
    Add,
}

/// A player that can't be brought in.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmergeable {
    /// The sum of two scores is no score.
    #[error(
        "the scores of the player {0} in the file and in the database make no number together."
    )]
    TooMany(i64),
    /// All keys are given.
    #[error("there is no free id left for the player {0} of the file.")]
    NoKey(i64),
}

/// Whom a player of the file turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Met {
    /// Nobody who is there; with the key to have.
    New(PlayerRecord),
    /// The one with this key, who stays as he is.
    Skipped,
    /// The one with this key, who changes.
    Same(i64),
}

/// One who is there: the key and the score.
type Known = (i64, Option<i64>);

/// The players of a database, as those of a file come to them.
#[derive(Debug)]
pub struct Merging {
    how: OnConflict,
    /// By what each is known: name and e-mail address, and nothing else.
    known: HashMap<(String, String), VecDeque<Known>>,
    keys: BTreeSet<i64>,
    last: i64,
    /// Who has another key in the database than in the file.
    moved: HashMap<i64, i64>,
    /// Whose score changes, from what to what.
    pub changed: BTreeMap<i64, (Option<i64>, Option<i64>)>,
}

fn look(player: &PlayerRecord) -> (String, String) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    (text(&player.name), text(&player.email))
}

impl Merging {
    /// With nobody there yet.
    pub fn new(how: OnConflict) -> Self {
        Self {
            how,
            known: HashMap::new(),
            keys: BTreeSet::new(),
            last: 0,
            moved: HashMap::new(),
            changed: BTreeMap::new(),
        }
    }

    /// What is done about players that are there.
    pub fn how(&self) -> OnConflict {
        self.how
    }

    /// Takes notice of players of the database, in the order of their keys.
    pub fn know(&mut self, players: &[PlayerRecord]) {
        for player in players {
            let alike = self.known.entry(look(player)).or_default();
            alike.push_back((player.id, player.score));
            self.keys.insert(player.id);
            self.last = self.last.max(player.id);
        }
    }

    /// Finds out who a player of the file is. One of the same name and e-mail address is the same
    /// one; of several that look the same, the first is the first. Whoever is new keeps the key
    /// where it is free, and has a new one where it is not.
    ///
    /// # Errors
    /// [`Unmergeable`].
    pub fn meet(&mut self, mut player: PlayerRecord) -> Result<Met, Unmergeable> {
        let id = player.id;
        self.last = self.last.max(id);
        let alike = self.known.get_mut(&look(&player));
        let Some((same, before)) = alike.and_then(VecDeque::pop_front) else {
            if !self.keys.insert(id) {
                let next = self.last.checked_add(1).ok_or(Unmergeable::NoKey(id))?;
                (self.last, player.id) = (next, next);
                self.keys.insert(next);
                self.moved.insert(id, next);
            }
            return Ok(Met::New(player));
        };
        if same != id {
            self.moved.insert(id, same);
        }
        let after = match (self.how, before, player.score) {
            (OnConflict::Skip, ..) => return Ok(Met::Skipped),
            (OnConflict::Replace, ..) => player.score,
            (OnConflict::Add, None, None) => None,
            (OnConflict::Add, a, b) => {
                let sum = a.unwrap_or(0).checked_add(b.unwrap_or(0));
                Some(sum.ok_or(Unmergeable::TooMany(id))?)
            }
        };
        self.changed.insert(same, (before, after));
        Ok(Met::Same(same))
    }

    /// The key in the database of a player of the file.
    pub fn key(&self, id: i64) -> i64 {
        self.moved.get(&id).copied().unwrap_or(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(id: i64, name: &str, score: i64) -> PlayerRecord {
        PlayerRecord {
            id,
            name: Some(name.to_owned()),
            score: Some(score),
            ..PlayerRecord::default()
        }
    }

    fn there(how: OnConflict) -> Merging {
        let mut merging = Merging::new(how);
        merging.know(&[
            player(1, "Ada", 5),
            player(2, "Bob", 7),
            player(3, "Bob", 1),
        ]);
        merging
    }

    #[test]
    fn the_same_are_known_by_name_and_address_and_of_several_the_first() {
        let mut merging = there(OnConflict::Replace);
        assert_eq!(merging.meet(player(1, "Bob", 10)), Ok(Met::Same(2)));
        assert_eq!(merging.meet(player(8, "Bob", 11)), Ok(Met::Same(3)));
        let cleo = player(9, "Cleo", 4);
        assert_eq!(merging.meet(cleo.clone()), Ok(Met::New(cleo)));
        assert_eq!([1, 8, 9].map(|id| merging.key(id)), [2, 3, 9]);
        let changes: Vec<_> = merging.changed.into_iter().collect();
        let changed = |id, a, b| (id, (Some(a), Some(b)));
        assert_eq!(changes, [changed(2, 7, 10), changed(3, 1, 11)]);
    }

    #[test]
    fn a_key_that_is_taken_is_not_given_again() {
        let mut merging = there(OnConflict::Skip);
        assert_eq!(merging.meet(player(3, "Bob", 10)), Ok(Met::Skipped));
        for (id, name, key) in [(1, "Eve", 4), (2, "Dan", 5), (4, "Fay", 6)] {
            let met = merging.meet(player(id, name, 1));
            assert_eq!(met, Ok(Met::New(player(key, name, 1))));
            assert_eq!(merging.key(id), key);
        }
        let most = merging.meet(player(i64::MAX, "Gus", 1));
        assert!(most.is_ok());
        let none = merging.meet(player(1, "Hal", 1));
        assert_eq!(none, Err(Unmergeable::NoKey(1)));
    }

    #[test]
    fn points_are_added_and_never_more_than_a_number_holds() {
        let mut merging = there(OnConflict::Add);
        assert_eq!(merging.meet(player(7, "Ada", 3)), Ok(Met::Same(1)));
        assert_eq!(merging.changed[&1], (Some(5), Some(8)));
        let most = merging.meet(player(8, "Bob", i64::MAX));
        assert_eq!(most, Err(Unmergeable::TooMany(8)));
    }
}
