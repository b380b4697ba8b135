//! Batches of records of one kind, and the sums by which two databases are compared.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::record::{
    AnyRecord, HistoryRecord, KeyRecord, PlayerRecord, RaceRecord, RacerRecord, RecordKind,
    SprintRecord, SshKeyRecord,
};

/// The maximum number of records in a batch: enough to make round trips cheap.
pub const BATCH: usize = 1000;

/// Some records of one kind, in the order of their keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Batch {
    /// Players.
    Players(Vec<PlayerRecord>),
    /// What players scored in quarter hours.
    History(Vec<HistoryRecord>),
    /// Sprints.
    Sprints(Vec<SprintRecord>),
    /// Calls with an idempotency key.
    Keys(Vec<KeyRecord>),
    /// Races.
    Races(Vec<RaceRecord>),
    /// Racers.
    Racers(Vec<RacerRecord>),
    /// The ssh keys of players.
    SshKeys(Vec<SshKeyRecord>),
}

/// Does the same for the records of any kind.
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
    /// An empty batch of a kind.
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

    /// The kind of its records.
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

    /// Makes a batch of a kind from the fields of its records.
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

    /// The fields of the last record.
    pub(super) fn last_fields(&self) -> Result<Option<Map<String, Value>>, sqlx::Error> {
        of_each!(self, records => records.last().map(fields_of).transpose())
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        of_each!(self, records => records.len())
    }

    /// Whether it is empty, as the page after the last record is.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first record in words, and its points.
    pub(super) fn described(&self) -> (String, i64) {
        of_each!(self, records => records.first().map(AnyRecord::described)).unwrap_or_default()
    }

    /// The sprints and racers that no game can have stored, in words, and what is wrong with each.
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

/// The sums by which two databases are compared. If they differ, the records differ. If they are
/// equal, the records may still differ.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many records there are.
    pub records: u64,
    /// The sum of their points, which can be larger than any score.
    pub points: i128,
    /// A sum of other columns: of texts their length in bytes of UTF-8, of times their last 32
    /// bits, and of numbers their value.
    pub rest: i64,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, more: Self) {
        self.records += more.records;
        self.points += more.points;
        self.rest = self.rest.saturating_add(more.rest);
    }
}
