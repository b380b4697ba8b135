//! Merges the races of a file with those of a database: the latest are kept, each only once.

use std::collections::{BTreeMap, BTreeSet};

use super::Import;
use crate::cli::common::Failure;
use crate::game::race::{PAST, RESULTS};
use crate::store::archive::{
    AnyRecord, Archive, ArchiveError, RaceRecord, RacerRecord, RecordKind, Totals,
};

/// How many races are kept.
const KEPT: usize = RESULTS as usize;

/// A race with its racers, each with a line of the file, or 0.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Raced {
    race: RaceRecord,
    line: u64,
    racers: Vec<(RacerRecord, u64)>,
}

impl Raced {
    fn of(race: RaceRecord, line: u64) -> Self {
        let racers = Vec::new();
        Self { race, line, racers }
    }

    /// Whether both are the same race, even if ids of race and racers differ.
    fn is(&self, other: &Self) -> bool {
        let facts = |raced: &Self| (raced.race.start, raced.race.seconds, raced.racers.len());
        let others = |racer: &RacerRecord| {
            let numbers = |racer: &RacerRecord| (racer.number, racer.presses, racer.left);
            // Old races no longer have names, so a missing name matches any.
            let names = |other: &RacerRecord| match (&racer.name, &other.name) {
                (Some(name), Some(other)) => name == other,
                _ => true,
            };
            let same = |other: &RacerRecord| numbers(racer) == numbers(other) && names(other);
            other.racers.iter().any(|(other, _)| same(other))
        };
        facts(self) == facts(other) && self.racers.iter().all(|(racer, _)| others(racer))
    }

    /// Copies from the other race the players and traces that are missing here.
    fn link(&mut self, same: &Self) {
        for (racer, _) in &mut self.racers {
            let mut others = same.racers.iter().map(|(other, _)| other);
            if let Some(other) = others.find(|other| other.number == racer.number) {
                racer.player = racer.player.or(other.player);
                racer.name = racer.name.take().or_else(|| other.name.clone());
                racer.trace = racer.trace.take().or_else(|| other.trace.clone());
            }
        }
    }

    /// Keeps only the result, as in an old race.
    fn forget_names(&mut self) {
        for (racer, _) in &mut self.racers {
            racer.name = None;
            racer.trace = None;
        }
    }
}

/// The latest races read so far, by id.
#[derive(Debug, Default)]
pub(super) struct Races {
    kept: BTreeMap<i64, Raced>,
    /// Their start times, each with the id.
    starts: BTreeSet<(i64, i64)>,
    /// The ids of races that were dropped for later ones.
    gone: BTreeSet<i64>,
}

impl Races {
    /// Adds a race; `false` if its id is in use.
    fn add(&mut self, race: RaceRecord, line: u64) -> bool {
        if self.gone.contains(&race.id) || self.kept.contains_key(&race.id) {
            return false;
        }
        self.kept.insert(race.id, Raced::of(race, line));
        self.starts.insert((race.start, race.id));
        if self.kept.len() > KEPT
            && let Some((_, first)) = self.starts.pop_first()
        {
            self.kept.remove(&first);
            self.gone.insert(first);
        }
        true
    }

    /// Adds a racer; `false` if its race is not there.
    fn add_racer(&mut self, racer: RacerRecord, line: u64) -> bool {
        match self.kept.get_mut(&racer.race) {
            Some(raced) => {
                raced.racers.push((racer, line));
                true
            }
            None => self.gone.contains(&racer.race),
        }
    }

    /// Reads all races of a database.
    async fn of(archive: &mut Archive) -> Result<Self, Failure> {
        let mut races = Self::default();
        for kind in [RecordKind::Races, RecordKind::Racers] {
            archive
                .each_page(kind, async |page| {
                    for record in page {
                        match record {
                            AnyRecord::Race(race) => races.add(*race, 0),
                            AnyRecord::Racer(racer) => races.add_racer(racer.clone(), 0),
                            _ => false,
                        };
                    }
                    Ok::<_, ArchiveError>(())
                })
                .await?;
        }
        Ok(races)
    }

    /// Merges these races with others in the order of their starts, each only once. Only the latest
    /// are kept, and only the latest of those keep names and traces.
    fn with(&self, others: Vec<Raced>) -> Vec<Raced> {
        let mut twice: Vec<Raced> = self.kept.values().cloned().chain(others).collect();
        twice.sort_by_key(|raced| raced.race.start);
        let mut all: Vec<Raced> = Vec::new();
        for raced in twice {
            let at_start = all.partition_point(|other| other.race.start < raced.race.start);
            match all[at_start..].iter_mut().find(|other| other.is(&raced)) {
                Some(same) => same.link(&raced),
                None => all.push(raced),
            }
        }
        let mut all = all.split_off(all.len().saturating_sub(KEPT));
        let old = all.len().saturating_sub(PAST as usize);
        all[..old].iter_mut().for_each(Raced::forget_names);
        all
    }
}

/// The ids for these races. They keep their own if the database has no races. Otherwise they get
/// new ids, before those of open races and after all others.
fn keys(races: &[Raced], first_open: Option<i64>, last: Option<i64>) -> Vec<i64> {
    let own: Vec<i64> = races.iter().map(|raced| raced.race.id).collect();
    let many = own.len() as i64;
    let from = match (first_open, last) {
        (Some(open), _) => open.saturating_sub(many),
        (None, Some(last)) if last < i64::MAX - many => last + 1,
        (None, Some(_)) => 1,
        // Their own ids, if they leave larger ones for later races.
        (None, None) if own.is_sorted() && own.iter().all(|id| (1..1 << 48).contains(id)) => {
            return own;
        }
        (None, None) => 1,
    };
    (from..).take(own.len()).collect()
}

impl Import<'_> {
    /// Adds a race. All are written when they are known.
    pub(super) fn add_race(&mut self, race: RaceRecord, line: u64) -> Result<(), Failure> {
        if self.races.add(race, line) {
            return Ok(());
        }
        let why = format!("a second race has the id {}.", race.id);
        Err(self.wrong(line, why))
    }

    /// Adds a racer.
    pub(super) fn add_racer(&mut self, mut racer: RacerRecord, line: u64) -> Result<(), Failure> {
        if let Some(id) = racer.player {
            if !self.accounts.contains_key(&id) {
                return Err(self.unknown(id, line));
            }
            racer.player = Some(self.key(id));
        }
        let race = racer.race;
        if self.races.add_racer(racer, line) {
            return Ok(());
        }
        let why = format!("it is of a race {race} that is not in the file before it.");
        Err(self.wrong(line, why))
    }

    /// Writes the merged races.
    pub(super) async fn settle_races(&mut self) -> Result<(), Failure> {
        let there = Races::of(self.archive).await?;
        let come = std::mem::take(&mut self.races).kept.into_values();
        let mut all = there.with(come.collect());
        let (first_open, last) = self.archive.race_keys().await?;
        if there.kept.values().eq(&all) {
            for kind in [RecordKind::Races, RecordKind::Racers] {
                self.expected[kind as usize] = self.archive.totals(kind).await?;
            }
            return Ok(());
        }
        for (id, raced) in keys(&all, first_open, last).into_iter().zip(&mut all) {
            raced.race.id = id;
            for (racer, _) in &mut raced.racers {
                racer.race = id;
            }
        }
        for kind in [RecordKind::Racers, RecordKind::Races] {
            self.archive.forget(kind, i64::MIN, i64::MAX).await?;
            self.expected[kind as usize] = Totals::default();
        }
        let races = all.iter().map(|r| (r.line, AnyRecord::Race(r.race)));
        self.insert(races.collect()).await?;
        let racers = all.into_iter().flat_map(|raced| raced.racers);
        let racers = racers.map(|(racer, line)| (line, AnyRecord::Racer(racer)));
        self.insert(racers.collect()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raced(id: i64, start: i64, player: Option<i64>) -> Raced {
        let race = RaceRecord {
            id,
            seconds: 5,
            start,
            closed: start + 5,
        };
        let racer = RacerRecord {
            race: id,
            number: 1,
            player,
            name: Some("Ada".into()),
            presses: 9,
            left: false,
            trace: None,
        };
        let racers = vec![(racer, 0)];
        Raced {
            racers,
            ..Raced::of(race, 0)
        }
    }

    fn races(all: &[Raced]) -> Races {
        let mut races = Races::default();
        for Raced { race, racers, .. } in all {
            assert!(races.add(*race, 0));
            for (racer, line) in racers {
                races.add_racer(racer.clone(), *line);
            }
        }
        races
    }

    #[test]
    fn the_last_of_all_are_kept_in_the_order_of_their_starts_and_each_once() {
        const MANY: i64 = RESULTS + 10;
        let there: Vec<_> = (0..15).map(|n| raced(n + 1, n * 10, None)).collect();
        let come: Vec<_> = (10..MANY).map(|n| raced(n + 1, n * 10, Some(7))).collect();
        let all = races(&there).with(come);
        let starts: Vec<i64> = all.iter().map(|raced| raced.race.start / 10).collect();
        assert_eq!(starts, (10..MANY).collect::<Vec<_>>());
        let known = all.iter().filter(|r| r.racers[0].0.player == Some(7));
        assert_eq!(known.count(), KEPT, "also those that were there without");
    }

    #[test]
    fn an_old_race_is_the_same_without_its_names_and_the_last_have_theirs_from_either() {
        let many = PAST + 5;
        let named: Vec<_> = (0..many).map(|n| raced(n + 1, n, None)).collect();
        let mut nameless = named.clone();
        nameless.iter_mut().for_each(Raced::forget_names);
        for (there, come) in [(&named, &nameless), (&nameless, &named)] {
            let all = races(there).with(come.clone());
            let names = all.iter().filter_map(|r| r.racers[0].0.name.as_deref());
            assert_eq!(all.len() as i64, many);
            assert_eq!(names.count() as i64, PAST);
            assert_eq!(all[4].racers[0].0.name, None, "the old ones first");
        }
        let mut other = named[many as usize - 1].clone();
        other.racers[0].0.name = Some("Eve".into());
        let all = races(&named).with(vec![other]);
        assert_eq!(all.len() as i64, many + 1, "another race at the same time");
    }

    #[test]
    fn of_too_many_that_come_the_earliest_go_and_their_racers_with_them() {
        let come: Vec<_> = (0..RESULTS + 10).rev().map(|n| raced(n, n, None)).collect();
        let mut races = races(&come);
        assert_eq!(races.kept.keys().min(), Some(&10));
        let first = come.last().expect("the earliest");
        assert!(!races.add(first.race, 0), "its key is taken");
        assert!(races.add_racer(first.racers[0].0.clone(), 0), "it has come");
        assert!(!races.add_racer(raced(-1, 1, None).racers[0].0.clone(), 0));
    }

    #[test]
    fn keys_stay_where_they_can_and_leave_larger_ones() {
        let of = |ids: &[i64]| -> Vec<Raced> { ids.iter().map(|id| raced(*id, 0, None)).collect() };
        assert_eq!(keys(&of(&[4, 9]), None, None), [4, 9]);
        for odd in [[9, 4], [-3, 4], [4, i64::MAX]] {
            assert_eq!(keys(&of(&odd), None, None), [1, 2]);
        }
        assert_eq!(keys(&of(&[4, 9]), None, Some(30)), [31, 32]);
        assert_eq!(keys(&of(&[4, 9]), None, Some(i64::MAX)), [1, 2]);
        assert_eq!(keys(&of(&[4, 9]), Some(30), Some(31)), [28, 29]);
    }
}
