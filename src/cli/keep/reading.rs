//! A file with records, read whole and checked before a database hears of it.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::dump::{self, Line, Mistake};
use crate::cli::Exit;
use crate::cli::frame::{Failure, GRACE, Stop, interruptible};
use crate::store::Target;
use crate::store::archive::{Archive, Batch, HistoryRecord, Kind, PlayerRecord};

/// <https://www.sqlite.org/fileformat.html#magic_header_string>
const SQLITE: &[u8] = b"SQLite format 3\0";

/// Everything that a database keeps.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// The players, in the order of their keys.
    pub players: Vec<PlayerRecord>,
    /// Their histories, in the order of their players and quarter hours.
    pub history: Vec<HistoryRecord>,
}

impl Records {
    /// Everything in an open database.
    ///
    /// # Errors
    /// What the database says, or a signal.
    pub async fn of(archive: &mut Archive, stop: &Stop) -> Result<Self, Failure> {
        let mut records = Self::default();
        for kind in Kind::ALL {
            let mut batch = archive.page(kind, None).await?;
            while !batch.is_empty() {
                match &batch {
                    Batch::Players(players) => records.players.extend_from_slice(players),
                    Batch::History(history) => records.history.extend_from_slice(history),
                }
                stop.go_on()?;
                batch = archive.page(kind, Some(&batch)).await?;
            }
        }
        Ok(records)
    }
}

/// Reads a file before anything is written.
///
/// # Errors
/// As [`read`], with `nothing` behind it, which says so.
pub fn read_first(file: &Path, nothing: &str) -> Result<Records, Failure> {
    let (done, stop) = interruptible(GRACE, async |stop| read(file, &stop).await)?;
    let records = done.unwrap_or_else(|| Err(stop.unanswered()));
    records.map_err(|mut failure| {
        failure.words = format!("{} {nothing}", failure.words);
        failure
    })
}

/// Reads a file: JSON lines, CSV, or a SQLite database; `-` is standard input.
///
/// # Errors
/// [`Exit::Refused`] with the line that is wrong, [`Exit::NotFound`] for a file that is not there.
async fn read(file: &Path, stop: &Stop) -> Result<Records, Failure> {
    let shown = file.display();
    let unreadable = |error: io::Error| {
        let exit = match error.kind() {
            io::ErrorKind::NotFound => Exit::NotFound,
            _ => Exit::Refused,
        };
        Failure::new(exit, format!("the file {shown} can't be read: {error}."))
    };
    let mut bytes = Vec::new();
    if file == Path::new("-") {
        io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        let mut opened = File::open(file).map_err(unreadable)?;
        let mut head = opened.by_ref().take(SQLITE.len() as u64);
        head.read_to_end(&mut bytes).map_err(unreadable)?;
        if bytes == SQLITE {
            drop(opened);
            let target = Target::parse(std::path::absolute(file).map_err(unreadable)?.as_os_str());
            let target = target.map_err(|e| Failure::new(Exit::Usage, format!("{e}.")))?;
            let mut archive = Archive::read(&target).await?;
            let records = Records::of(&mut archive, stop).await;
            archive.close().await;
            return records;
        }
        opened.read_to_end(&mut bytes).map_err(unreadable)?;
    }
    let records = dump::read(&bytes).and_then(checked);
    records.map_err(|mistake| {
        let Mistake { line, why } = mistake;
        Failure::new(Exit::Refused, format!("{shown}, line {line}: {why}"))
    })
}

/// Puts the lines together, and refuses what no database can have made.
fn checked(lines: Vec<(u64, Line)>) -> Result<Records, Mistake> {
    let mut players = BTreeMap::new();
    let mut history = BTreeMap::new();
    let mut sums: HashMap<i64, i128> = HashMap::new();
    for (line, record) in lines {
        match record {
            Line::Player(player) => {
                let id = player.id;
                if players.insert(id, (line, player)).is_some() {
                    return Err(Mistake::new(
                        line,
                        format!("a second player has the id {id}."),
                    ));
                }
            }
            Line::History(part) => {
                let (player, quarter) = (part.player, part.quarter);
                *sums.entry(player).or_default() += i128::from(part.points);
                if history.insert((player, quarter), (line, part)).is_some() {
                    let why = format!("the player {player} has the quarter {quarter} twice.");
                    return Err(Mistake::new(line, why));
                }
            }
            Line::Clickoff(_) | Line::End(..) => {}
        }
    }
    if let Some((line, part)) = history
        .values()
        .find(|(_, p)| !players.contains_key(&p.player))
    {
        let why = format!("it is of a player {} who is not in the file.", part.player);
        return Err(Mistake::new(*line, why));
    }
    for (line, player) in players.values() {
        let score = player.score.unwrap_or(0);
        match sums.get(&player.id) {
            // As where no history was kept yet.
            None if score != 0 => {
                let part = HistoryRecord {
                    player: player.id,
                    quarter: 0,
                    points: score,
                    overwritten: 0,
                };
                history.insert((player.id, 0), (*line, part));
            }
            Some(sum) if *sum != i128::from(score) => {
                let why = format!("the score is {score}, but the parts of its history make {sum}.");
                return Err(Mistake::new(*line, why));
            }
            _ => {}
        }
    }
    Ok(Records {
        players: players.into_values().map(|(_, player)| player).collect(),
        history: history.into_values().map(|(_, part)| part).collect(),
    })
}
