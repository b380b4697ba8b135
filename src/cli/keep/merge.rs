//! Matches the players of a file with those of a database.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use crate::store::archive::{AnyRecord, PlayerRecord};

/// What to do with a player that is already in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OnConflict {
    /// Keep the existing player unchanged
    Skip,
    /// Replace score, history and sprints by those of the file
    Replace,
    /// Add the points of the file to the existing ones, in each quarter hour
    Add,
}

/// The result of matching a player of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Matched {
    /// A new player, with the id to use.
    New(PlayerRecord),
    /// The existing player with this id, which stays unchanged.
    Skipped,
    /// The existing player with this id, which changes.
    Same(i64),
}

/// An existing player: id and score.
type Known = (i64, Option<i64>);

/// The players of the database, while those of the file are matched with them.
#[derive(Debug)]
pub struct Merging {
    /// What is done with existing players.
    pub how: OnConflict,
    /// The existing players by name and e-mail address.
    known: HashMap<(String, String), VecDeque<Known>>,
    keys: BTreeSet<i64>,
    last: i64,
    /// Players whose id in the database differs from that in the file: from file to database.
    moved: HashMap<i64, i64>,
    /// Changed scores by id: the old and the new one.
    pub changed: BTreeMap<i64, (Option<i64>, Option<i64>)>,
}

fn identity(player: &PlayerRecord) -> (String, String) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    (text(&player.name), text(&player.email))
}

impl Merging {
    /// Without any existing player yet.
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

    /// Adds existing players, in the order of their ids.
    pub fn add_known(&mut self, players: &[AnyRecord]) {
        for player in players {
            let AnyRecord::Player(player) = player else {
                continue;
            };
            let alike = self.known.entry(identity(player)).or_default();
            alike.push_back((player.id, player.score));
            self.keys.insert(player.id);
            self.last = self.last.max(player.id);
        }
    }

    /// Matches a player of the file. The same name and e-mail address mean the same player. If
    /// several look the same, they are matched in order. A new player keeps the id if it is free,
    /// and gets a new one otherwise.
    ///
    /// # Errors
    /// A sentence that says why a player can't be imported.
    pub fn match_player(&mut self, mut player: PlayerRecord) -> Result<Matched, String> {
        let id = player.id;
        self.last = self.last.max(id);
        let alike = self.known.get_mut(&identity(&player));
        let Some((same, before)) = alike.and_then(VecDeque::pop_front) else {
            if !self.keys.insert(id) {
                let next = self.last.checked_add(1).ok_or_else(|| {
                    format!("there is no free id left for the player {id} of the file.")
                })?;
                (self.last, player.id) = (next, next);
                self.keys.insert(next);
                self.moved.insert(id, next);
            }
            return Ok(Matched::New(player));
        };
        if same != id {
            self.moved.insert(id, same);
        }
        let after = match (self.how, before, player.score) {
            (OnConflict::Skip, ..) => return Ok(Matched::Skipped),
            (OnConflict::Replace, ..) => player.score,
            (OnConflict::Add, None, None) => None,
            (OnConflict::Add, a, b) => {
                let sum = a.unwrap_or(0).checked_add(b.unwrap_or(0));
                Some(sum.ok_or_else(|| {
                    format!(
                        "the scores of the player {id} in the file and in the database make no \
                         number together."
                    )
                })?)
            }
        };
        self.changed.insert(same, (before, after));
        Ok(Matched::Same(same))
    }

    /// The id in the database of a player of the file.
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
        merging.add_known(&[
            AnyRecord::Player(player(1, "Ada", 5)),
            AnyRecord::Player(player(2, "Bob", 7)),
            AnyRecord::Player(player(3, "Bob", 1)),
        ]);
        merging
    }

    #[test]
    fn the_same_are_known_by_name_and_address_and_of_several_the_first() {
        let mut merging = there(OnConflict::Replace);
        assert_eq!(
            merging.match_player(player(1, "Bob", 10)),
            Ok(Matched::Same(2))
        );
        assert_eq!(
            merging.match_player(player(8, "Bob", 11)),
            Ok(Matched::Same(3))
        );
        let cleo = player(9, "Cleo", 4);
        assert_eq!(merging.match_player(cleo.clone()), Ok(Matched::New(cleo)));
        assert_eq!([1, 8, 9].map(|id| merging.key(id)), [2, 3, 9]);
        let changes: Vec<_> = merging.changed.into_iter().collect();
        let changed = |id, a, b| (id, (Some(a), Some(b)));
        assert_eq!(changes, [changed(2, 7, 10), changed(3, 1, 11)]);
    }

    #[test]
    fn a_key_that_is_taken_is_not_given_again() {
        let mut merging = there(OnConflict::Skip);
        assert_eq!(
            merging.match_player(player(3, "Bob", 10)),
            Ok(Matched::Skipped)
        );
        for (id, name, key) in [(1, "Eve", 4), (2, "Dan", 5), (4, "Fay", 6)] {
            let matched = merging.match_player(player(id, name, 1));
            assert_eq!(matched, Ok(Matched::New(player(key, name, 1))));
            assert_eq!(merging.key(id), key);
        }
        let most = merging.match_player(player(i64::MAX, "Gus", 1));
        assert!(most.is_ok());
        let none = merging.match_player(player(1, "Hal", 1));
        assert!(none.is_err_and(|why| why.contains("no free id left for the player 1 ")));
    }

    #[test]
    fn points_are_added_and_never_more_than_a_number_holds() {
        let mut merging = there(OnConflict::Add);
        assert_eq!(
            merging.match_player(player(7, "Ada", 3)),
            Ok(Matched::Same(1))
        );
        assert_eq!(merging.changed[&1], (Some(5), Some(8)));
        let most = merging.match_player(player(8, "Bob", i64::MAX));
        assert!(most.is_err_and(|why| why.contains("player 8 in the file")));
    }
}
