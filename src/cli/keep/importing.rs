//! Writes the records of a file into a database while they are read. If a record is wrong, the
//! transaction is rolled back.

mod finish;
mod races;

use std::collections::BTreeMap;

use races::Races;

use super::merge::{Matched, Merging, OnConflict};
use super::parse::{FileMistake, Numbered};
use super::source::{InputFile, mistaken};
use super::transfer::{KindTotals, totals};
use crate::cli::common::{Failure, StopSignal};
use crate::store::archive::{
    AnyRecord, Archive, ArchiveError, HistoryRecord, PlayerRecord, RecordKind, Totals,
};

/// The result of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct Imported {
    /// How many players are new.
    pub added: u64,
    /// How many existing players have changed.
    pub changed: u64,
    /// How many existing players were skipped.
    pub skipped: u64,
    /// All players afterwards.
    pub players: Totals,
}

/// What must be remembered of a player of the file. A file can have millions, so it is all that is
/// kept.
struct PendingPlayer {
    /// The score, less the points of the history records that have come.
    left: i64,
    /// The player's line in the file; 0 if the file has no lines.
    line: u32,
    /// Whether the player was in the database before. Of a new one, triggers have recorded the whole
    /// score in quarter 0.
    is_known: bool,
    /// Whether history of the player has come from the file.
    has_history: bool,
}

/// An import in progress.
pub struct Import<'a> {
    archive: &'a mut Archive,
    shown: String,
    /// The players of the database; `None` if it has none.
    merging: Option<Merging>,
    /// The players of the file; `None` for one who is skipped.
    accounts: BTreeMap<i64, Option<PendingPlayer>>,
    races: Races,
    /// The records of the current page that are new.
    new: Vec<Numbered>,
    /// Those to merge with the records that are there.
    known: Vec<Numbered>,
    /// New players whose first history record, which triggers made, is to be replaced.
    replaced: Vec<i64>,
    imported: Imported,
    /// The expected totals of each kind at the end.
    expected: KindTotals,
}

impl<'a> Import<'a> {
    /// Writes all records of a file, into an empty database or to the players that it has. The
    /// caller commits.
    pub async fn write_all(
        archive: &'a mut Archive,
        source: &mut InputFile,
        how: Option<OnConflict>,
        stop: &StopSignal,
    ) -> Result<Imported, Failure> {
        let mut expected = KindTotals::default();
        let mut merging = how.map(Merging::new);
        if let Some(merging) = &mut merging {
            expected = totals(archive).await?;
            archive
                .each_page(RecordKind::Players, async |page| {
                    merging.add_known(page);
                    stop.check()
                })
                .await?;
        }
        let was_sound = expected[1].points == expected[0].points;
        let mut import = Self {
            archive,
            shown: source.shown.clone(),
            merging,
            accounts: BTreeMap::new(),
            races: Races::default(),
            new: Vec::new(),
            known: Vec::new(),
            replaced: Vec::new(),
            imported: Imported::default(),
            expected,
        };
        while let Some(records) = source.next(stop).await? {
            for (line, record) in records {
                match record {
                    AnyRecord::Player(player) => import.add_player(player, line).await?,
                    AnyRecord::History(part) => import.add_history(part, line)?,
                    AnyRecord::Race(race) => import.add_race(race, line)?,
                    AnyRecord::Racer(racer) => import.add_racer(racer, line)?,
                    record => import.add_of_player(record, line)?,
                }
            }
            import.write_page().await?;
            stop.check()?;
        }
        import.settle().await?;
        import.rescore(stop).await?;
        import.settle_races().await?;
        import.archive.finish().await?;
        import.compare(was_sound).await?;
        import.imported.players = import.expected[0];
        Ok(import.imported)
    }

    fn wrong(&self, line: u64, why: impl Into<String>) -> Failure {
        mistaken(&self.shown, &FileMistake::new(line, why))
    }

    /// Makes a failure of the database's error about some records, with their lines.
    fn refused(&self, error: ArchiveError, lines: &[u64]) -> Failure {
        let line = match &error {
            ArchiveError::Unfit { at, .. } => lines.get(*at).filter(|line| **line > 0),
            _ => None,
        };
        let mut failure = Failure::from(error);
        if let Some(line) = line {
            failure.words = format!("{}, line {line}: {}", self.shown, failure.words);
        }
        failure
    }

    /// Writes the records of a page.
    async fn write_page(&mut self) -> Result<(), Failure> {
        let replaced = std::mem::take(&mut self.replaced);
        for (first, last) in self.runs(replaced) {
            self.archive
                .forget(RecordKind::History, first, last)
                .await?;
        }
        let new = std::mem::take(&mut self.new);
        self.insert(new).await?;
        let (lines, known): (Vec<_>, Vec<_>) = self.known.drain(..).unzip();
        let merged = self.archive.merge(&known).await;
        merged.map_err(|error| self.refused(error, &lines))
    }

    async fn insert(&mut self, records: Vec<Numbered>) -> Result<(), Failure> {
        let (lines, records): (Vec<_>, Vec<_>) = records.into_iter().unzip();
        if let Some(first) = records.first() {
            self.expected[first.kind() as usize] += Totals::of(&records);
        }
        let inserted = self.archive.insert(&records).await;
        inserted.map_err(|error| self.refused(error, &lines))
    }

    async fn add_player(&mut self, player: PlayerRecord, line: u64) -> Result<(), Failure> {
        let (id, left) = (player.id, player.score.unwrap_or(0));
        if self.accounts.contains_key(&id) {
            let why = format!("a second player has the id {id}.");
            return Err(self.wrong(line, why));
        }
        let matched = match &mut self.merging {
            None => Ok(Matched::New(player)),
            Some(merging) => merging.match_player(player),
        };
        let is_known = match matched.map_err(|why| self.wrong(line, why))? {
            Matched::New(player) => {
                if left != 0 {
                    self.expected[1] += quarter_0(left);
                }
                self.new.push((line, AnyRecord::Player(player)));
                self.imported.added += 1;
                false
            }
            Matched::Skipped => {
                self.imported.skipped += 1;
                self.accounts.insert(id, None);
                return Ok(());
            }
            Matched::Same(there) => {
                self.imported.changed += 1;
                if self.merging.as_ref().map(|merging| merging.how) == Some(OnConflict::Replace) {
                    for kind in [RecordKind::Keys, RecordKind::Sprints, RecordKind::History] {
                        self.archive.forget(kind, there, there).await?;
                    }
                }
                true
            }
        };
        let account = PendingPlayer {
            left,
            line: u32::try_from(line).unwrap_or(u32::MAX),
            is_known,
            has_history: false,
        };
        self.accounts.insert(id, Some(account));
        Ok(())
    }

    fn key(&self, id: i64) -> i64 {
        let merging = self.merging.as_ref();
        merging.map_or(id, |merging| merging.key(id))
    }

    fn add_history(&mut self, part: HistoryRecord, line: u64) -> Result<(), Failure> {
        let key = self.key(part.player);
        let Some(account) = self.accounts.get_mut(&part.player) else {
            return Err(self.unknown(part.player, line));
        };
        let Some(account) = account else {
            return Ok(());
        };
        let before = account.left;
        let is_all = part.quarter == 0 && part.points == before && part.overwritten == 0;
        let Some(left) = before.checked_sub(part.points) else {
            let why = "the parts of the player's history make no number together.";
            return Err(self.wrong(line, why));
        };
        account.left = left;
        let is_first = !std::mem::replace(&mut account.has_history, true);
        let record = AnyRecord::History(HistoryRecord {
            player: key,
            ..part
        });
        if account.is_known {
            self.known.push((line, record));
            return Ok(());
        }
        if is_first && before != 0 {
            if is_all {
                // The database already has the same record.
                return Ok(());
            }
            let made_by_triggers = quarter_0(before);
            self.expected[1].records -= made_by_triggers.records;
            self.expected[1].points -= made_by_triggers.points;
            self.replaced.push(key);
        }
        self.new.push((line, record));
        Ok(())
    }

    /// The players' ids as ranges that contain no other player of the file.
    fn runs(&self, mut keys: Vec<i64>) -> Vec<(i64, i64)> {
        if self.merging.is_some() {
            return keys.into_iter().map(|key| (key, key)).collect();
        }
        keys.sort_unstable();
        let mut runs: Vec<(i64, i64)> = Vec::new();
        for key in keys {
            match runs.last_mut() {
                Some(run) if self.accounts.range(run.1..key).nth(1).is_none() => run.1 = key,
                _ => runs.push((key, key)),
            }
        }
        runs
    }

    fn unknown(&self, player: i64, line: u64) -> Failure {
        let why = format!("it is of a player {player} who is not in the file before it.");
        self.wrong(line, why)
    }

    /// Adds a sprint or a key.
    fn add_of_player(&mut self, mut record: AnyRecord, line: u64) -> Result<(), Failure> {
        // An ssh key may be that of another player in the database.
        let may_be_there = self.merging.is_some() && record.kind() == RecordKind::SshKeys;
        let player = match &mut record {
            AnyRecord::Sprint(sprint) => &mut sprint.player,
            AnyRecord::Key(key) => &mut key.player,
            AnyRecord::SshKey(key) => &mut key.player,
            _ => return Ok(()),
        };
        let Some(account) = self.accounts.get(player) else {
            return Err(self.unknown(*player, line));
        };
        *player = self.key(*player);
        match account {
            None => {}
            Some(account) if account.is_known || may_be_there => self.known.push((line, record)),
            Some(_) => self.new.push((line, record)),
        }
        Ok(())
    }
}

/// The history record that a trigger writes for a new player's score.
fn quarter_0(points: i64) -> Totals {
    Totals {
        records: 1,
        points: points.into(),
        rest: 0,
    }
}
