//! Writes the records of a file into a database while they are read. If a record is wrong, the
//! transaction is rolled back.

mod finish;
mod races;

use std::collections::BTreeMap;

use races::Races;

use super::merge::{Matched, Merging, OnConflict};
use super::parse::FileMistake;
use super::source::{InputFile, Sheet, mistaken};
use crate::cli::frame::{Failure, StopSignal};
use crate::cli::progress::Bar;
use crate::store::archive::{
    Archive, ArchiveError, Batch, HistoryRecord, KeyRecord, RecordKind, SprintRecord, SshKeyRecord,
    Totals,
};

/// The result of an import.
#[derive(Debug, Clone, Copy, Default)]
pub struct Arrived {
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
    standing: PlayerStatus,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum PlayerStatus {
    /// New, without a history from the file. Triggers have recorded the whole score in quarter 0.
    New,
    /// New, with a history from the file.
    NewWithHistory,
    /// Already in the database; no history of it has come from the file.
    Known,
    /// Already in the database, with a history from the file.
    KnownWithHistory,
    /// Skipped.
    Skipped,
}

/// An import in progress.
pub struct Arrival<'a> {
    archive: &'a mut Archive,
    shown: String,
    /// The players of the database; `None` if it has none.
    merging: Option<Merging>,
    accounts: BTreeMap<i64, PendingPlayer>,
    races: Races,
    arrived: Arrived,
    /// The expected totals of each kind at the end.
    expected: [Totals; RecordKind::ALL.len()],
}

impl<'a> Arrival<'a> {
    /// Begins an import, into an empty database or to the players that it has.
    ///
    /// # Errors
    /// The database's error.
    pub async fn into(
        archive: &'a mut Archive,
        source: &InputFile,
        how: Option<OnConflict>,
        stop: &StopSignal,
    ) -> Result<Self, Failure> {
        let mut expected = [Totals::default(); RecordKind::ALL.len()];
        let mut merging = how.map(Merging::new);
        if let Some(merging) = &mut merging {
            for (kind, expected) in RecordKind::ALL.into_iter().zip(&mut expected) {
                *expected = archive.totals(kind).await?;
            }
            let mut page = archive.page(RecordKind::Players, None).await?;
            while let Batch::Players(players) = &page
                && !page.is_empty()
            {
                merging.add_known(players);
                stop.check()?;
                page = archive.page(RecordKind::Players, Some(&page)).await?;
            }
        }
        Ok(Self {
            archive,
            shown: source.shown.clone(),
            merging,
            accounts: BTreeMap::new(),
            races: Races::default(),
            arrived: Arrived::default(),
            expected,
        })
    }

    /// Writes all records of a file. The caller commits.
    ///
    /// # Errors
    /// A mistake in the file, the database's error, or a signal.
    pub async fn write_all(
        mut self,
        source: &mut InputFile,
        stop: &StopSignal,
    ) -> Result<Arrived, Failure> {
        let was_sound = self.expected[1].points == self.expected[0].points;
        let mut progress = Bar::of(source.length);
        while let Some(sheet) = source.next(stop).await? {
            let Sheet {
                batch,
                lines,
                passed,
            } = sheet;
            match batch {
                Batch::Players(_) => self.add_players(batch, &lines).await?,
                Batch::History(parts) => self.add_history(parts, &lines).await?,
                Batch::Sprints(sprints) => {
                    self.add_more(sprints, Batch::Sprints, &lines).await?;
                }
                Batch::Keys(keys) => {
                    self.add_more(keys, Batch::Keys, &lines).await?;
                }
                Batch::Races(races) => self.add_races(races, &lines)?,
                Batch::Racers(racers) => self.add_racers(racers, &lines)?,
                Batch::SshKeys(keys) => {
                    self.add_more(keys, Batch::SshKeys, &lines).await?;
                }
            }
            progress.reach(passed);
            stop.check()?;
        }
        self.settle().await?;
        self.rescore(stop).await?;
        self.settle_races().await?;
        self.archive.move_keys().await?;
        self.compare(was_sound).await?;
        self.arrived.players = self.expected[0];
        Ok(self.arrived)
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

    async fn insert(&mut self, batch: Batch, lines: &[u64]) -> Result<(), Failure> {
        self.expected[batch.kind() as usize] += batch.totals();
        let inserted = self.archive.insert(&batch).await;
        inserted.map_err(|error| self.refused(error, lines))
    }

    async fn add_players(&mut self, batch: Batch, lines: &[u64]) -> Result<(), Failure> {
        let Batch::Players(players) = batch else {
            return Ok(());
        };
        let (mut new, mut new_lines) = (Vec::new(), Vec::new());
        for (n, player) in players.into_iter().enumerate() {
            let line = lines.get(n).copied().unwrap_or(0);
            let (id, left) = (player.id, player.score.unwrap_or(0));
            if self.accounts.contains_key(&id) {
                let why = format!("a second player has the id {id}.");
                return Err(self.wrong(line, why));
            }
            let matched = match &mut self.merging {
                None => Ok(Matched::New(player)),
                Some(merging) => merging.match_player(player),
            };
            let standing = match matched.map_err(|why| self.wrong(line, why.to_string()))? {
                Matched::New(player) => {
                    if left != 0 {
                        self.expected[1] += quarter_0(left);
                    }
                    new.push(player);
                    new_lines.push(line);
                    self.arrived.added += 1;
                    PlayerStatus::New
                }
                Matched::Skipped => {
                    self.arrived.skipped += 1;
                    PlayerStatus::Skipped
                }
                Matched::Same(there) => {
                    self.arrived.changed += 1;
                    if self.how() == Some(OnConflict::Replace) {
                        for kind in [RecordKind::Keys, RecordKind::Sprints, RecordKind::History] {
                            self.archive.forget(kind, there, there).await?;
                        }
                    }
                    PlayerStatus::Known
                }
            };
            let line = u32::try_from(line).unwrap_or(u32::MAX);
            let account = PendingPlayer {
                left,
                line,
                standing,
            };
            self.accounts.insert(id, account);
        }
        self.insert(Batch::Players(new), &new_lines).await
    }

    fn how(&self) -> Option<OnConflict> {
        self.merging.as_ref().map(Merging::how)
    }

    fn key(&self, id: i64) -> i64 {
        let merging = self.merging.as_ref();
        merging.map_or(id, |merging| merging.key(id))
    }

    async fn add_history(
        &mut self,
        parts: Vec<HistoryRecord>,
        lines: &[u64],
    ) -> Result<(), Failure> {
        let mut made_by_triggers = Vec::new();
        let (mut new, mut known) = (Sorted::default(), Sorted::default());
        for (n, part) in parts.into_iter().enumerate() {
            let line = lines.get(n).copied().unwrap_or(0);
            let key = self.key(part.player);
            let Some(account) = self.accounts.get_mut(&part.player) else {
                return Err(self.unknown(part.player, line));
            };
            if account.standing == PlayerStatus::Skipped {
                continue;
            }
            let all = part.quarter == 0 && part.points == account.left && part.overwritten == 0;
            let Some(left) = account.left.checked_sub(part.points) else {
                let why = "the parts of the player's history make no number together.";
                return Err(self.wrong(line, why));
            };
            let (before, first) = (account.left, account.standing);
            account.left = left;
            let part = HistoryRecord {
                player: key,
                ..part
            };
            match first {
                PlayerStatus::New => {
                    account.standing = PlayerStatus::NewWithHistory;
                    // The database already has the same records.
                    if all && before != 0 {
                        continue;
                    }
                    if before != 0 {
                        made_by_triggers.push((part.player, before));
                    }
                    new.push(part, line);
                }
                PlayerStatus::NewWithHistory => new.push(part, line),
                PlayerStatus::Known => {
                    account.standing = PlayerStatus::KnownWithHistory;
                    known.push(part, line);
                }
                PlayerStatus::KnownWithHistory => known.push(part, line),
                PlayerStatus::Skipped => {}
            }
        }
        for (_, points) in &made_by_triggers {
            let Totals {
                records, points, ..
            } = quarter_0(*points);
            self.expected[1].records -= records;
            self.expected[1].points -= points;
        }
        for (first, last) in self.runs(&made_by_triggers) {
            self.archive
                .forget(RecordKind::History, first, last)
                .await?;
        }
        self.insert(Batch::History(new.records), &new.lines).await?;
        let merged = self.archive.merge(&Batch::History(known.records)).await;
        merged.map_err(|error| self.refused(error, &known.lines))
    }

    /// The players' ids as ranges that contain no other player of the file.
    fn runs(&self, players: &[(i64, i64)]) -> Vec<(i64, i64)> {
        let mut keys: Vec<i64> = players.iter().map(|(player, _)| *player).collect();
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

    /// Writes records that belong to players.
    async fn add_more<T: OfPlayer>(
        &mut self,
        records: Vec<T>,
        batch: fn(Vec<T>) -> Batch,
        lines: &[u64],
    ) -> Result<(), Failure> {
        let is_fresh = self.merging.is_none();
        let (mut new, mut known) = (Sorted::default(), Sorted::default());
        for (n, mut record) in records.into_iter().enumerate() {
            let line = lines.get(n).copied().unwrap_or(0);
            let id = *record.player();
            let Some(account) = self.accounts.get(&id) else {
                return Err(self.unknown(id, line));
            };
            *record.player() = self.key(id);
            match account.standing {
                PlayerStatus::Skipped => {}
                PlayerStatus::New | PlayerStatus::NewWithHistory
                    if !T::MAY_BE_ANOTHERS || is_fresh =>
                {
                    new.push(record, line);
                }
                _ => known.push(record, line),
            }
        }
        self.insert(batch(new.records), &new.lines).await?;
        let merged = self.archive.merge(&batch(known.records)).await;
        merged.map_err(|error| self.refused(error, &known.lines))
    }
}

/// A record that belongs to a player.
trait OfPlayer {
    /// Whether the database may have the same record for another player.
    const MAY_BE_ANOTHERS: bool = false;

    /// The player's id.
    fn player(&mut self) -> &mut i64;
}

impl OfPlayer for SprintRecord {
    fn player(&mut self) -> &mut i64 {
        &mut self.player
    }
}

impl OfPlayer for KeyRecord {
    fn player(&mut self) -> &mut i64 {
        &mut self.player
    }
}

impl OfPlayer for SshKeyRecord {
    const MAY_BE_ANOTHERS: bool = true;

    fn player(&mut self) -> &mut i64 {
        &mut self.player
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

/// Records with their lines in the file.
struct Sorted<T> {
    records: Vec<T>,
    lines: Vec<u64>,
}

impl<T> Default for Sorted<T> {
    fn default() -> Self {
        let (records, lines) = (Vec::new(), Vec::new());
        Self { records, lines }
    }
}

impl<T> Sorted<T> {
    fn push(&mut self, record: T, line: u64) {
        self.records.push(record);
        self.lines.push(line);
    }
}
