//! The records of a database, in the form in which they are exported and copied.

use serde::{Deserialize, Serialize};

use crate::game::contest::{Length, Trace};

/// One row of `users`. NULL stays NULL.
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
    /// The quarter hour, counted from 1970; 0 for points from before there was a history.
    pub quarter: i64,
    /// Points; negative where a score was lowered.
    pub points: i64,
    /// How many points another program overwrote.
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
    /// When it was stored, in seconds since 1970.
    pub at: i64,
    /// When its presses were made; any text if another program wrote it.
    pub trace: String,
    /// The largest number of presses by which a best sprint beat the one before.
    #[serde(default)]
    pub beat: i64,
}

/// One row of `click_sessions` of a call of `clickoff click --key`, so that a repeated call is
/// recognised. The rows of the game's own clients are of no use elsewhere.
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

/// One row of `click_races`: a closed race.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RaceRecord {
    /// The row's key. Later races have larger ones.
    pub id: i64,
    /// The length.
    pub seconds: i64,
    /// When it started, in microseconds since 1970.
    pub start: i64,
    /// When it was closed.
    pub closed: i64,
}

/// One row of `click_racers`, without the session, which is of no use later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RacerRecord {
    /// The race's key.
    pub race: i64,
    /// Counted from 1 in the order of joining.
    pub number: i64,
    /// The player's key; `None` if the player was removed since.
    pub player: Option<i64>,
    /// The player's name at that time.
    pub name: Option<String>,
    /// How many presses.
    pub presses: i64,
    /// Whether the racer left before the end.
    pub left: bool,
    /// When the presses were made, as for a sprint; `None` if it was not reported.
    #[serde(default)]
    pub trace: Option<String>,
}

/// One row of `click_keys`: an ssh key and its player.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SshKeyRecord {
    /// The player's key.
    pub player: i64,
    /// Its fingerprint, as ssh shows it.
    pub fingerprint: String,
    /// What its owner calls it.
    pub comment: String,
    /// When it was added, in seconds since 1970.
    pub at: i64,
}

/// A kind of records. It comes after the kinds that its records refer to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordKind {
    /// The players with their scores.
    Players,
    /// Their histories.
    History,
    /// Their best sprints.
    Sprints,
    /// Calls with an idempotency key.
    Keys,
    /// Closed races.
    Races,
    /// The racers in them.
    Racers,
    /// The ssh keys of players.
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
pub(super) trait AnyRecord {
    /// In words, with its points.
    fn described(&self) -> (String, i64);

    /// Its points, and the rest that is compared.
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

/// Only the part of a time below this is summed, in seconds, so that a sum of many does not
/// overflow.
const MOMENT: i64 = 1 << 32;

impl SprintRecord {
    /// What is wrong with it, if no game can have stored it.
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
    /// What is wrong with it, if no game can have stored it. The length is known only to the race,
    /// and the sum of the trace is checked when it is read.
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

/// A player in words, as in `the player 7, "Ada"`. A long name is cut.
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
