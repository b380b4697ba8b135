//! Whether a database is sound: what should be in it, and whether its records agree.

use std::collections::BTreeSet;

use sqlx::{ColumnIndex, Decode, Executor, Row, Type};

use super::record::described;
use super::statements::ArchiveDialect;
use crate::store::calls::Values;

/// Something that is wrong with a database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The database itself finds damage.
    #[error("damaged: {0}")]
    Damaged(String),
    /// A part of the schema is not there.
    #[error("missing: {0}")]
    Missing(String),
    /// It is an older clickoff's database, or only the tutorial's.
    #[error("clickoff's own tables are not all there yet: they are made when it is played on")]
    Older,
    /// A part of the schema is not as this program makes it.
    #[error("changed by somebody: {0}")]
    Changed(String),
    /// A score is not what was scored.
    #[error("{player} has the score {score}, but the history makes {history}")]
    Score {
        /// The player, described.
        player: String,
        /// The score.
        score: i64,
        /// The sum of the history.
        history: i64,
    },
    /// There is a history of nobody.
    #[error("there is a history of a player {0} who is not there")]
    Stray(i64),
    /// A client's record can't be right.
    #[error("the client {client} has a record of {counted} presses for the player {player}{why}")]
    Client {
        /// The client.
        client: String,
        /// The player's key.
        player: i64,
        /// What it counted.
        counted: i64,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Players of whom another program wrote points over, described, and how many.
    pub overwritten: Vec<(String, i64)>,
}

/// The statements that check.
#[derive(Debug, Clone, Copy)]
pub struct CheckStatements {
    /// -> the database's version as it says it itself
    pub version: &'static str,
    /// -> what is damaged as the last column, or a word that nothing is; it may end a transaction
    pub damage: Option<&'static str>,
    /// -> kind and name in lower case of each part of the schema, and its text where it is known
    pub parts: &'static str,
    /// -> id, name as bytes, score, sum of the history, of those where the last two differ
    pub scores: &'static str,
    /// -> the key of each player who is not there but has a history
    pub strays: &'static str,
    /// -> client, player, count, whether there is the player, of records that can't be right
    pub clients: &'static str,
    /// -> id, name as bytes, points overwritten, of those that have any
    pub overwritten: &'static str,
}

/// A part of a schema: its kind and name in lower case, and its text where it is known.
pub type Part = (String, String, Option<String>);

/// Compares the parts that should be there with those that are. What else is there is no matter.
pub fn compare(expected: &[Part], there: &[Part]) -> Vec<Fault> {
    let compared = expected.iter().filter_map(|(kind, name, text)| {
        let part = there.iter().find(|part| part.0 == *kind && part.1 == *name);
        let described = format!("the {kind} {name}");
        match part {
            None => Some(Fault::Missing(described)),
            Some((.., there)) if there != text => Some(Fault::Changed(described)),
            Some(_) => None,
        }
    });
    compared.collect()
}

/// The parts that migrations make and don't take away again, by their names.
pub fn made_by<'a>(migrations: impl Iterator<Item = &'a str>) -> Vec<Part> {
    let mut parts = BTreeSet::new();
    for text in migrations {
        let code = text
            .lines()
            .map(|line| line.split("--").next().unwrap_or(""));
        let code = code.collect::<Vec<_>>().join(" ");
        let words: Vec<&str> = code
            .split([' ', '(', ';'])
            .filter(|w| !w.is_empty())
            .collect();
        for at in 0..words.len() {
            let makes = words[at].eq_ignore_ascii_case("CREATE");
            if !makes && !words[at].eq_ignore_ascii_case("DROP") {
                continue;
            }
            let mut rest = words[at + 1..].iter().filter(|word| {
                !["OR", "REPLACE", "IF", "NOT", "EXISTS"]
                    .iter()
                    .any(|filler| word.eq_ignore_ascii_case(filler))
            });
            let (Some(kind), Some(name)) = (rest.next(), rest.next()) else {
                continue;
            };
            let part = (kind.to_lowercase(), name.to_lowercase());
            let known = ["table", "trigger", "function", "procedure"].contains(&part.0.as_str());
            if known && makes {
                parts.insert(part);
            } else if known {
                parts.remove(&part);
            }
        }
    }
    parts
        .into_iter()
        .map(|(kind, name)| (kind, name, None))
        .collect()
}

/// Compares the records with each other.
pub async fn records<DB>(
    conn: &mut DB::Connection,
    findings: &mut Findings,
) -> Result<(), sqlx::Error>
where
    DB: ArchiveDialect + Values,
    for<'c> &'c mut DB::Connection: Executor<'c, Database = DB>,
    usize: ColumnIndex<DB::Row>,
    i64: Type<DB> + for<'d> Decode<'d, DB>,
    String: Type<DB> + for<'d> Decode<'d, DB>,
    Vec<u8>: Type<DB> + for<'d> Decode<'d, DB>,
{
    let player = |row: &DB::Row| {
        let (id, name) = (row.try_get(0)?, row.try_get::<Option<Vec<u8>>, _>(1)?);
        let name = name.map(|name| String::from_utf8_lossy(&name).into_owned());
        Ok::<_, sqlx::Error>(described(id, name.as_deref()))
    };
    for row in conn.fetch_all(sqlx::query(DB::CHECK.scores)).await? {
        findings.faults.push(Fault::Score {
            player: player(&row)?,
            score: row.try_get(2)?,
            history: row.try_get(3)?,
        });
    }
    for row in conn.fetch_all(sqlx::query(DB::CHECK.strays)).await? {
        findings.faults.push(Fault::Stray(row.try_get(0)?));
    }
    for row in conn.fetch_all(sqlx::query(DB::CHECK.clients)).await? {
        let is_there: i64 = row.try_get(3)?;
        findings.faults.push(Fault::Client {
            client: row.try_get(0)?,
            player: row.try_get(1)?,
            counted: row.try_get(2)?,
            why: if is_there == 0 {
                ", who is not there"
            } else {
                ""
            },
        });
    }
    for row in conn.fetch_all(sqlx::query(DB::CHECK.overwritten)).await? {
        let points = row.try_get(2)?;
        findings.overwritten.push((player(&row)?, points));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: &str, name: &str, text: Option<&str>) -> Part {
        (kind.to_owned(), name.to_owned(), text.map(str::to_owned))
    }

    #[test]
    fn what_a_migration_makes_is_known_by_name_until_another_drops_it() {
        let texts = [
            "-- CREATE TABLE no (x);\nCREATE TABLE IF NOT EXISTS Users (id);create function f() x",
            "DROP TRIGGER IF EXISTS t; CREATE TRIGGER t AFTER UPDATE; DROP FUNCTION f();
             CREATE OR REPLACE FUNCTION g() ..",
        ];
        let parts = made_by(texts.into_iter());
        let names: Vec<_> = parts
            .iter()
            .map(|(kind, name, _)| format!("{kind} {name}"))
            .collect();
        assert_eq!(names, ["function g", "table users", "trigger t"]);
    }

    #[test]
    fn what_is_missing_or_changed_is_found_and_what_is_more_is_not() {
        let expected = [
            part("table", "a", Some("x")),
            part("trigger", "b", Some("y")),
        ];
        let there = [part("table", "a", Some("z")), part("table", "b", Some("y"))];
        let faults = compare(&expected, &there);
        let wanted = [
            Fault::Changed("the table a".into()),
            Fault::Missing("the trigger b".into()),
        ];
        assert_eq!(faults, wanted);
        assert_eq!(compare(&expected[..1], &expected), []);
    }
}
