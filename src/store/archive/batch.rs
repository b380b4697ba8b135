//! Many records of one kind, as they travel, and the sums by which two databases are compared.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::record::{
    AnyRecord, HistoryRecord, KeyRecord, PlayerRecord, RaceRecord, RacerRecord, RecordKind,
    SprintRecord, SshKeyRecord,
};

/// How many records a batch has at most: enough that a round trip hardly counts.
pub const BATCH: usize = 1000;

/// Some records of one kind, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// Players.
    Players(Vec<PlayerRecord>),
    /// Parts of histories.
    History(Vec<HistoryRecord>),
    /// Sprints.
    Sprints(Vec<SprintRecord>),
    /// Calls with a key.
    Keys(Vec<KeyRecord>),
    /// Races.
    Races(Vec<RaceRecord>),
    /// Racers.
    Racers(Vec<RacerRecord>),
    /// Keys that play by ssh.
    SshKeys(Vec<SshKeyRecord>),
}

/// The same of whichever records a batch has.
macro_rules! of_each {
    ($batch:expr, $records:ident => $done:expr) => {
        match $batch {
            Batch::Players($records) => $done,
            Batch::History($records) => $done,
            Batch::Sprints($records) => $done,
            Batch::Keys($records) => $done,
            Batch::Races($records) => $done,
            Batch::Racers($records) => $done,
            Batch::SshKeys($records) => $done,
        }
    };
}

impl Batch {
    /// None of a kind.
    pub fn none(kind: RecordKind) -> Self {
        match kind {
            RecordKind::Players => Self::Players(Vec::new()),
            RecordKind::History => Self::History(Vec::new()),
            RecordKind::Sprints => Self::Sprints(Vec::new()),
            RecordKind::Keys => Self::Keys(Vec::new()),
            RecordKind::Races => Self::Races(Vec::new()),
            RecordKind::Racers => Self::Racers(Vec::new()),
            RecordKind::SshKeys => Self::SshKeys(Vec::new()),
        }
    }

    /// What its records are of.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Players(_) => RecordKind::Players,
            Self::History(_) => RecordKind::History,
            Self::Sprints(_) => RecordKind::Sprints,
            Self::Keys(_) => RecordKind::Keys,
            Self::Races(_) => RecordKind::Races,
            Self::Racers(_) => RecordKind::Racers,
            Self::SshKeys(_) => RecordKind::SshKeys,
        }
    }

    /// Of a kind, by the fields of each.
    pub(super) fn of(kind: RecordKind, records: Vec<Value>) -> Result<Self, sqlx::Error> {
        Ok(match kind {
            RecordKind::Players => Self::Players(records_of(records)?),
            RecordKind::History => Self::History(records_of(records)?),
            RecordKind::Sprints => Self::Sprints(records_of(records)?),
            RecordKind::Keys => Self::Keys(records_of(records)?),
            RecordKind::Races => Self::Races(records_of(records)?),
            RecordKind::Racers => Self::Racers(records_of(records)?),
            RecordKind::SshKeys => Self::SshKeys(records_of(records)?),
        })
    }

    /// The fields of each record.
    pub(super) fn fields(&self) -> Result<Vec<Map<String, Value>>, sqlx::Error> {
        of_each!(self, records => records.iter().map(fields_of).collect())
    }

    /// Those of the last record.
    pub(super) fn last_fields(&self) -> Result<Option<Map<String, Value>>, sqlx::Error> {
        of_each!(self, records => records.last().map(fields_of).transpose())
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        of_each!(self, records => records.len())
    }

    /// Whether there are none, as behind the last record.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first record, for a sentence, and its points.
    pub(super) fn described(&self) -> (String, i64) {
        of_each!(self, records => records.first().map(AnyRecord::described)).unwrap_or_default()
    }

    /// The sprints and racers that no game can have kept, described, and what is wrong with each.
    pub fn faults(&self) -> Vec<(String, &'static str)> {
        fn of<R: AnyRecord>(
            records: &[R],
            fault: fn(&R) -> Option<&'static str>,
        ) -> Vec<(String, &'static str)> {
            let fault = |record| Some((R::described(record).0, fault(record)?));
            records.iter().filter_map(fault).collect()
        }
        match self {
            Self::Sprints(sprints) => of(sprints, SprintRecord::fault),
            Self::Racers(racers) => of(racers, RacerRecord::fault),
            _ => Vec::new(),
        }
    }

    /// The batch's own totals.
    pub fn totals(&self) -> Totals {
        of_each!(self, records => records.iter().map(totals).fold(Totals::default(), |mut sum, one| {
            sum += one;
            sum
        }))
    }
}

fn records_of<T: DeserializeOwned>(records: Vec<Value>) -> Result<Vec<T>, sqlx::Error> {
    let records = serde_json::from_value(records.into());
    records.map_err(|error| sqlx::Error::Decode(error.into()))
}

fn fields_of(record: &impl Serialize) -> Result<Map<String, Value>, sqlx::Error> {
    let fields = serde_json::to_value(record).and_then(serde_json::from_value);
    fields.map_err(|error| sqlx::Error::Encode(error.into()))
}

fn totals(record: &impl AnyRecord) -> Totals {
    let (points, rest) = record.sums();
    Totals {
        records: 1,
        points: points.into(),
        rest,
    }
}

/// The sums by which two databases are compared. Two that agree may still differ; two that differ
/// do not hold the same records.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many records there are.
    pub records: u64,
    /// The sum of their points, which can be larger than any one score.
    pub points: i128,
    /// The length of all their texts in bytes of UTF-8 and of moments the last 32 bits, or the sum
    /// of what was overwritten.
    pub rest: i64,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, more: Self) {
        self.records += more.records;
        self.points += more.points;
        self.rest = self.rest.saturating_add(more.rest);
    }
}
