//! The records of a database, in the form in which they are exported and copied.

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::game::contest::{Length, Trace};

/// The fields of a record, by their names.
pub type Fields = Map<String, Value>;

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

/// A record of any kind. In JSON it is under the name of its kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AnyRecord {
    /// A player.
    Player(PlayerRecord),
    /// A part of a player's history.
    History(HistoryRecord),
    /// A best sprint.
    Sprint(SprintRecord),
    /// A call that was made with a key (see `clickoff click`).
    Key(KeyRecord),
    /// A race.
    Race(RaceRecord),
    /// A racer of a race.
    Racer(RacerRecord),
    /// A key that plays by ssh.
    SshKey(SshKeyRecord),
}

impl AnyRecord {
    /// Makes a record of a kind from its fields.
    pub fn of(kind: RecordKind, fields: Fields) -> serde_json::Result<Self> {
        let name = kind.record().to_owned();
        serde_json::from_value(Map::from_iter([(name, fields.into())]).into())
    }

    /// Its kind.
    pub fn kind(&self) -> RecordKind {
        match self {
            Self::Player(_) => RecordKind::Players,
            Self::History(_) => RecordKind::History,
            Self::Sprint(_) => RecordKind::Sprints,
            Self::Key(_) => RecordKind::Keys,
            Self::Race(_) => RecordKind::Races,
            Self::Racer(_) => RecordKind::Racers,
            Self::SshKey(_) => RecordKind::SshKeys,
        }
    }

    /// Its fields.
    pub fn fields(&self) -> Fields {
        let by_kind = serde_json::to_value(self).and_then(serde_json::from_value);
        // Serializing texts and numbers can't fail.
        let by_kind: BTreeMap<String, Fields> = by_kind.unwrap_or_default();
        by_kind.into_values().next().unwrap_or_default()
    }

    /// It in words, and its points.
    pub fn described(&self) -> (String, i64) {
        let fields = self.fields();
        let number = |name: &str| fields.get(name).and_then(Value::as_i64);
        if let Self::Player(player) = self {
            let score = player.score.unwrap_or(0);
            return (described(player.id, player.name.as_deref()), score);
        }
        let table = self.kind().table();
        let described = filled(table.words, |name| {
            let text = fields.get(name).and_then(Value::as_str);
            Ok::<_, Infallible>(match text {
                Some(text) => text.to_owned(),
                None => number(name).unwrap_or_default().to_string(),
            })
        });
        let Ok(described) = described;
        (described, number(table.points).unwrap_or(0))
    }

    /// What is wrong with a sprint or a racer that no game can have stored.
    pub fn fault(&self) -> Option<&'static str> {
        const UNREADABLE: &str = "has a trace that the game can't read";
        match self {
            Self::Sprint(sprint) => {
                let Some(length) = Length::of_seconds(sprint.seconds) else {
                    return Some("has a length that no sprint has");
                };
                match Trace::parse(&sprint.trace, length) {
                    None => Some(UNREADABLE),
                    Some(trace) if i64::try_from(trace.total()) != Ok(sprint.presses) => {
                        Some("has other presses than its trace")
                    }
                    Some(_) => None,
                }
            }
            // The length is known only to the race, and the sum is checked when it is read.
            Self::Racer(racer) => {
                let trace = Trace::parse(racer.trace.as_ref()?, Length::Sixty);
                trace.is_none().then_some(UNREADABLE)
            }
            _ => None,
        }
    }
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

/// A text with the values of the fields that stand in it as `{name}`.
pub(super) fn filled<E>(
    text: &str,
    mut value: impl FnMut(&str) -> Result<String, E>,
) -> Result<String, E> {
    let mut filled = String::new();
    for part in text.split('{') {
        match part.split_once('}') {
            Some((name, after)) => {
                filled += &value(name)?;
                filled += after;
            }
            None => filled += part,
        }
    }
    Ok(filled)
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
