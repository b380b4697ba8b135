//! What becomes of players that a database has already when others are brought into it.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use super::plan::Plan;
use super::reading::Records;
use crate::store::archive::{Batch, HistoryRecord, PlayerRecord};

/// What to do about a player that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Merge {
    /// Leave the one who is there as he is
    Skip,
    /// Give the one who is there the score and the history of the file
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

/// Quarter hours with their points and what was overwritten.
type History = BTreeMap<i64, (i64, i64)>;

fn histories(records: &[HistoryRecord]) -> HashMap<i64, History> {
    let mut histories: HashMap<i64, History> = HashMap::new();
    for part in records {
        let history = histories.entry(part.player).or_default();
        history.insert(part.quarter, (part.points, part.overwritten));
    }
    histories
}

/// By what a player is known again: name and e-mail address, and nothing else.
fn look(player: &PlayerRecord) -> (&str, &str) {
    let PlayerRecord { name, email, .. } = player;
    (
        name.as_deref().unwrap_or_default(),
        email.as_deref().unwrap_or_default(),
    )
}

/// Works out how the players of a file come to those of a database. A player of the same name and
/// e-mail address is the same one; of several that look the same, the first is the first, by id.
/// Whoever is new keeps the id where it is free, and has a new one where it is not.
///
/// # Errors
/// [`Unmergeable`].
pub fn plan(there: &Records, file: &Records, merge: Merge) -> Result<Plan, Unmergeable> {
    let mut known: HashMap<_, VecDeque<&PlayerRecord>> = HashMap::new();
    for player in &there.players {
        known.entry(look(player)).or_default().push_back(player);
    }
    let mut keys: BTreeSet<i64> = there.players.iter().map(|player| player.id).collect();
    let everyone = there.players.iter().chain(&file.players);
    let mut last = everyone.map(|player| player.id).max().unwrap_or(0).max(0);
    let mut old = histories(&there.history);
    let mut new = histories(&file.history);

    let (mut added, mut changed, mut skipped) = (Vec::new(), Vec::new(), 0);
    let mut touched: BTreeMap<i64, History> = BTreeMap::new();
    for player in &file.players {
        let mut history = new.remove(&player.id).unwrap_or_default();
        let same = known.get_mut(&look(player)).and_then(VecDeque::pop_front);
        let Some(same) = same else {
            let mut player = player.clone();
            if !keys.insert(player.id) {
                last = last.checked_add(1).ok_or(Unmergeable::NoKey(player.id))?;
                player.id = last;
            }
            touched.insert(player.id, history);
            added.push(player);
            continue;
        };
        let score = match merge {
            Merge::Skip => {
                skipped += 1;
                continue;
            }
            Merge::Replace => player.score,
            Merge::Add => {
                let too_many = || Unmergeable::TooMany(player.id);
                for (quarter, before) in old.remove(&same.id).unwrap_or_default() {
                    let part = history.entry(quarter).or_default();
                    let points = part.0.checked_add(before.0).ok_or_else(too_many)?;
                    let overwritten = part.1.checked_add(before.1).ok_or_else(too_many)?;
                    *part = (points, overwritten);
                }
                match (same.score, player.score) {
                    (None, None) => None,
                    (a, b) => {
                        let sum = a.unwrap_or(0).checked_add(b.unwrap_or(0));
                        Some(sum.ok_or_else(too_many)?)
                    }
                }
            }
        };
        touched.insert(same.id, history);
        changed.push((same.id, score));
    }
    added.sort_by_key(|player| player.id);

    let changes: HashMap<i64, Option<i64>> = changed.iter().copied().collect();
    let stays = |id: i64| !touched.contains_key(&id);
    let mut after = there.players.clone();
    for player in &mut after {
        if let Some(score) = changes.get(&player.id) {
            player.score = *score;
        }
    }
    let others: BTreeSet<i64> = after.iter().map(|p| p.id).filter(|id| stays(*id)).collect();
    after.extend(added.iter().cloned());
    let untouched = there.history.iter().filter(|part| stays(part.player));
    let untouched = Batch::History(untouched.copied().collect()).totals();
    let history: Vec<HistoryRecord> = touched
        .iter()
        .flat_map(|(player, history)| {
            history.iter().map(|(quarter, part)| HistoryRecord {
                player: *player,
                quarter: *quarter,
                points: part.0,
                overwritten: part.1,
            })
        })
        .collect();
    let mut of_histories = Batch::History(history.clone()).totals();
    of_histories += untouched;
    Ok(Plan {
        forgotten: runs(touched.keys().copied(), &others),
        expected: [Batch::Players(after).totals(), of_histories],
        added,
        changed,
        skipped,
        history,
    })
}

/// The keys as ranges that have none of the others' in them.
fn runs(keys: impl Iterator<Item = i64>, others: &BTreeSet<i64>) -> Vec<(i64, i64)> {
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for key in keys {
        match runs.last_mut() {
            Some(run) if others.range(run.1..key).next().is_none() => run.1 = key,
            _ => runs.push((key, key)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(id: i64, name: &str, score: i64) -> PlayerRecord {
        PlayerRecord {
            id,
            name: Some(name.to_owned()),
            email: None,
            score: Some(score),
        }
    }

    fn part(player: i64, quarter: i64, points: i64) -> HistoryRecord {
        HistoryRecord {
            player,
            quarter,
            points,
            overwritten: 1,
        }
    }

    fn there() -> Records {
        Records {
            players: vec![
                player(1, "Ada", 5),
                player(2, "Bob", 7),
                player(3, "Bob", 1),
            ],
            history: vec![part(1, 0, 2), part(1, 9, 3), part(2, 0, 7), part(3, 4, 1)],
        }
    }

    fn file() -> Records {
        Records {
            players: vec![player(1, "Bob", 10), player(9, "Cleo", 4)],
            history: vec![part(1, 0, 8), part(1, 2, 2), part(9, 1, 4)],
        }
    }

    #[test]
    fn the_same_are_known_by_name_and_address_and_of_several_the_first() {
        let plan = plan(&there(), &file(), Merge::Replace).expect("a plan");
        assert_eq!(plan.changed, [(2, Some(10))]);
        assert_eq!(plan.added, [player(9, "Cleo", 4)]);
        assert_eq!(plan.history, [part(2, 0, 8), part(2, 2, 2), part(9, 1, 4)]);
        assert_eq!(plan.forgotten, [(2, 2), (9, 9)], "not the one between");
        assert_eq!(plan.expected.map(|totals| totals.points), [20, 20]);
    }

    #[test]
    fn what_is_added_is_added_in_its_quarter_hour() {
        let plan = plan(&there(), &file(), Merge::Add).expect("a plan");
        assert_eq!(plan.changed, [(2, Some(17))]);
        let both = HistoryRecord {
            overwritten: 2,
            ..part(2, 0, 15)
        };
        assert_eq!(plan.history, [both, part(2, 2, 2), part(9, 1, 4)]);
        assert_eq!(plan.expected.map(|totals| totals.points), [27, 27]);
    }

    #[test]
    fn who_is_skipped_stays_and_who_is_new_gets_a_free_key() {
        let mut file = file();
        file.players.push(player(10, "Bob", 0));
        file.players.push(player(2, "Dan", 0));
        let plan = plan(&there(), &file, Merge::Skip).expect("a plan");
        assert_eq!((plan.skipped, plan.changed), (2, vec![]));
        assert_eq!(plan.added, [player(9, "Cleo", 4), player(11, "Dan", 0)]);
    }

    #[test]
    fn a_sum_that_is_no_number_is_refused() {
        let mut file = file();
        file.players[0].score = Some(i64::MAX);
        let refused = plan(&there(), &file, Merge::Add).expect_err("too many");
        assert_eq!(refused, Unmergeable::TooMany(1));
    }
}
