//! What a database keeps, in the form that travels from one database to another.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::game::contest::{Length, Trace};

/// How many records a batch has at most: enough that a round trip hardly counts.
pub const BATCH: usize = 1000;

/// One row of `users`, with NULL kept apart from what the game takes it for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlayerRecord {
    /// The row's key.
    pub id: i64,
    /// Any text.
    pub name: Option<String>,
    /// Any text.
    pub email: Option<String>,
    /// Points.
    pub score: Option<i64>,
}

/// One row of `click_history`: what a player scored in a quarter hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HistoryRecord {
    /// The player's key.
    pub player: i64,
    /// The quarter hour since 1970; 0 is what was before there was a history.
    pub quarter: i64,
    /// Points; negative where a score was lowered.
    pub points: i64,
    /// How many points another program wrote over.
    pub overwritten: i64,
}

/// One row of `click_sprints`: a player's best over a length.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SprintRecord {
    /// The player's key.
    pub player: i64,
    /// The length.
    pub seconds: i64,
    /// How many presses.
    pub presses: i64,
    /// When it was kept, in seconds since 1970.
    pub at: i64,
    /// When its presses were made, or what another program wrote there.
    pub trace: String,
    /// The most presses by which a best beat the one before.
    #[serde(default)]
    pub beat: i64,
}

/// One row of `click_sessions` that stands for a call of `clickoff click --key`: said again, it is
/// known for one that was counted. Those of the game's own clients are of no use elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyRecord {
    /// The player's key.
    pub player: i64,
    /// The client that the idempotency key stands for.
    pub client: String,
    /// How many points were counted under it.
    pub counted: i64,
}

/// One row of `click_races`: a race that is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaceRecord {
    /// The row's key, which grows with the time.
    pub id: i64,
    /// The length.
    pub seconds: i64,
    /// When it started, in microseconds since 1970.
    pub start: i64,
    /// When it was closed.
    pub closed: i64,
}

/// One row of `click_racers`, without the session, which is nobody's business later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RacerRecord {
    /// The race's key.
    pub race: i64,
    /// Counted from 1 in the order of joining.
    pub number: i64,
    /// The player's key; none of one who was removed since.
    pub player: Option<i64>,
    /// The player's name at that time.
    pub name: Option<String>,
    /// How many presses.
    pub presses: i64,
    /// Whether the racer left before the end.
    pub left: bool,
    /// When the presses were made, as of a sprint; none of one who has not told it.
    #[serde(default)]
    pub trace: Option<String>,
}

/// One row of `click_keys`: an ssh key, by its fingerprint, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SshKeyRecord {
    /// The player's key.
    pub player: i64,
    /// Its fingerprint, as ssh shows it.
    pub fingerprint: String,
    /// What its owner calls it.
    pub comment: String,
    /// Since when, in seconds since 1970.
    pub at: i64,
}

/// What a record is of. A kind stands behind those that its records refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// The players with their scores.
    Players,
    /// What they scored when.
    History,
    /// Their best sprints.
    Sprints,
    /// Calls that are known again by their key.
    Keys,
    /// Races that are closed.
    Races,
    /// Who raced in them.
    Racers,
    /// The keys that play by ssh.
    SshKeys,
}

impl RecordKind {
    /// Every kind, in the order in which they are written.
    pub const ALL: [Self; 7] = [
        Self::Players,
        Self::History,
        Self::Sprints,
        Self::Keys,
        Self::Races,
        Self::Racers,
        Self::SshKeys,
    ];
}

/// What all records have in common.
trait AnyRecord {
    /// For a sentence, with its points.
    fn described(&self) -> (String, i64);

    /// Its points, and what else of it is compared.
    fn sums(&self) -> (i64, i64);
}

impl AnyRecord for PlayerRecord {
    fn described(&self) -> (String, i64) {
        (described(self.id, self.name.as_deref()), self.sums().0)
    }

    fn sums(&self) -> (i64, i64) {
        let length = |text: &Option<String>| text.as_ref().map_or(0, String::len) as i64;
        (
            self.score.unwrap_or(0),
            length(&self.name) + length(&self.email),
        )
    }
}

impl AnyRecord for HistoryRecord {
    fn described(&self) -> (String, i64) {
        let Self {
            player, quarter, ..
        } = self;
        let record = format!("quarter hour {quarter} of the player {player}");
        (record, self.points)
    }

    fn sums(&self) -> (i64, i64) {
        (self.points, self.overwritten)
    }
}

/// The part of a moment, in seconds, that a sum of many has room for.
const MOMENT: i64 = 1 << 32;

impl SprintRecord {
    /// What is wrong with it, if no game can have kept it.
    pub fn fault(&self) -> Option<&'static str> {
        let Some(length) = Length::of_seconds(self.seconds) else {
            return Some("has a length that no sprint has");
        };
        match Trace::parse(&self.trace, length) {
            None => Some("has a trace that the game can't read"),
            Some(trace) if i64::try_from(trace.total()) != Ok(self.presses) => {
                Some("has other presses than its trace")
            }
            Some(_) => None,
        }
    }
}

impl AnyRecord for SprintRecord {
    fn described(&self) -> (String, i64) {
        let Self {
            player, seconds, ..
        } = self;
        let record = format!("the sprint over {seconds} s of the player {player}");
        (record, self.presses)
    }

    fn sums(&self) -> (i64, i64) {
        let moments = self.at % MOMENT + self.beat % MOMENT;
        (self.presses, moments + self.trace.len() as i64)
    }
}

impl AnyRecord for KeyRecord {
    fn described(&self) -> (String, i64) {
        let Self { player, client, .. } = self;
        let record = format!("the key's client {client} for the player {player}");
        (record, self.counted)
    }

    fn sums(&self) -> (i64, i64) {
        (self.counted, self.client.len() as i64)
    }
}

impl AnyRecord for RaceRecord {
    fn described(&self) -> (String, i64) {
        (format!("the race {}", self.id), 0)
    }

    fn sums(&self) -> (i64, i64) {
        (self.seconds, self.start % MOMENT)
    }
}

impl RacerRecord {
    /// What is wrong with it, if no game can have kept it. Its race knows how long it was; whether
    /// the trace adds up is seen where it is read.
    pub fn fault(&self) -> Option<&'static str> {
        let trace = self.trace.as_ref()?;
        match Trace::parse(trace, Length::Sixty) {
            None => Some("has a trace that the game can't read"),
            Some(_) => None,
        }
    }
}

impl AnyRecord for RacerRecord {
    fn described(&self) -> (String, i64) {
        let Self { race, number, .. } = self;
        let record = format!("the racer {number} of the race {race}");
        (record, self.presses)
    }

    fn sums(&self) -> (i64, i64) {
        let trace = self.trace.as_ref().map_or(0, String::len) as i64;
        (
            self.presses,
            self.number % MOMENT + i64::from(self.left) + trace,
        )
    }
}

impl AnyRecord for SshKeyRecord {
    fn described(&self) -> (String, i64) {
        let Self {
            player,
            fingerprint,
            ..
        } = self;
        let record = format!("the ssh key {fingerprint} of the player {player}");
        (record, 0)
    }

    fn sums(&self) -> (i64, i64) {
        let length = self.fingerprint.len() + self.comment.len();
        (0, self.at % MOMENT + length as i64)
    }
}

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

/// `the player 7, "Ada"`, for a sentence; a long name is cut.
pub(super) fn described(id: i64, name: Option<&str>) -> String {
    const LONGEST: usize = 40;
    let Some(name) = name else {
        return format!("the player {id}, who has no name");
    };
    let mut shown: String = name.chars().take(LONGEST).collect();
    if name.chars().nth(LONGEST).is_some() {
        shown.push('…');
    }
    format!("the player {id}, \"{shown}\"")
}
