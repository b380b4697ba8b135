//! Checks a database: whether its schema is complete, and whether its records agree.

use super::error::ArchiveError;
use super::kinds::is_possible;
use super::record::{RecordKind, described, filled};
use super::session::{Archive, answer};
use super::statements::{SchemaPart, described_parts};
use crate::store::connection::{Connection, Row, query};
use crate::store::{StoreError, mysql, sqlite};

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    /// What is wrong, in sentences without a full stop.
    pub faults: Vec<String>,
    /// Players whose points another program overwrote, in words, and how many points.
    pub overwritten: Vec<(String, i64)>,
    /// What this user may not read.
    pub unseen: Vec<String>,
    /// The triggers on clickoff's tables that are not clickoff's.
    pub strangers: Vec<String>,
}

/// Looks for faulty records.
struct RecordCheck {
    /// What is read, for a user who may not.
    what: &'static str,
    /// Tables without which it is left out: that they are missing is said already.
    tables: &'static [&'static str],
    /// -> the faulty records.
    sql: &'static str,
    /// The fault in a row, with the names of its columns; `player` is the player of `id` and `name`.
    fault: &'static str,
}

/// All but those of sprints, whose traces SQL can't check.
const CHECKS: &[RecordCheck] = &[
    RecordCheck {
        what: "scores",
        tables: &[],
        sql: "SELECT CAST(u.id AS {integer}) AS id, {name} AS name,
                     CAST(COALESCE(u.score, 0) AS {integer}) AS score,
                     CAST(COALESCE(h.points, 0) AS {integer}) AS history
              FROM users u
              LEFT JOIN (SELECT user_id, SUM(points) AS points
                         FROM click_history GROUP BY user_id) h ON h.user_id = u.id
              WHERE CAST(COALESCE(u.score, 0) AS {integer}) <> COALESCE(h.points, 0)
              ORDER BY u.id",
        fault: "{player} has the score {score}, but the history makes {history}",
    },
    RecordCheck {
        what: "histories",
        tables: &[],
        sql: "SELECT DISTINCT user_id FROM click_history
              WHERE user_id NOT IN (SELECT id FROM users) ORDER BY user_id",
        fault: "there is a history of a player {user_id} who is not there",
    },
    RecordCheck {
        what: "ssh keys",
        tables: &["click_keys"],
        sql: "SELECT fingerprint FROM click_keys
              WHERE user_id NOT IN (SELECT id FROM users) ORDER BY fingerprint",
        fault: "there is an ssh key {fingerprint} of a player who is not there",
    },
    RecordCheck {
        what: "clients' records",
        tables: &[],
        sql: "SELECT client, user_id, last_seq FROM click_sessions
              WHERE user_id NOT IN (SELECT id FROM users) ORDER BY id",
        fault: "the client {client} has a record of {last_seq} presses for the player {user_id}, who \
                is not there",
    },
    RecordCheck {
        what: "clients' records",
        tables: &[],
        sql: "SELECT client, user_id, last_seq FROM click_sessions
              WHERE last_seq < 0 AND user_id IN (SELECT id FROM users) ORDER BY id",
        fault: "the client {client} has a record of {last_seq} presses for the player {user_id}",
    },
    RecordCheck {
        what: "races",
        tables: &["click_races", "click_racers"],
        sql: "SELECT DISTINCT race AS race_id FROM click_racers
              WHERE race NOT IN (SELECT id FROM click_races) ORDER BY race",
        fault: "the race {race_id} has racers, but is not there",
    },
    RecordCheck {
        what: "races",
        tables: &["click_races", "click_racers"],
        sql: concat!(
            "SELECT id AS race_id FROM click_races WHERE NOT (",
            is_possible!(),
            ") ORDER BY id"
        ),
        fault: "the race {race_id} has a length or a time that no race has",
    },
    RecordCheck {
        what: "races",
        tables: &["click_races", "click_racers"],
        sql: "SELECT DISTINCT c.race AS race_id
              FROM click_racers c JOIN click_races r ON r.id = c.race
              WHERE r.closed_at IS NOT NULL AND c.standing = 0 ORDER BY c.race",
        fault: "the race {race_id} is closed, but some still race in it",
    },
    RecordCheck {
        what: "racers' sessions",
        tables: &["click_races", "click_racers"],
        sql: "SELECT DISTINCT c.race AS race_id
              FROM click_racers c JOIN click_races r ON r.id = c.race
              WHERE r.closed_at IS NOT NULL AND c.session IS NOT NULL ORDER BY c.race",
        fault: "the race {race_id} is closed, but keeps sessions of its racers",
    },
    RecordCheck {
        what: "races",
        tables: &["click_races", "click_racers"],
        sql: "SELECT id AS race_id FROM click_races
              WHERE closed_at IS NOT NULL
                AND id <= (SELECT id FROM click_races WHERE closed_at IS NOT NULL
                           ORDER BY id DESC LIMIT 1 OFFSET 10000)
              ORDER BY id",
        fault: "the race {race_id} is closed, but so are 10,000 later ones, which are all that is \
                kept",
    },
];

impl RecordCheck {
    /// The fault in a row, in words.
    fn fault(&self, row: &Row) -> Result<String, sqlx::Error> {
        filled(self.fault, |column| match column {
            "player" => player(row),
            "client" | "fingerprint" => row.get(column),
            number => Ok(row.get::<i64>(number)?.to_string()),
        })
    }
}

/// -> id, name as bytes, points: how many were overwritten, if any.
const OVERWRITTEN: &str = "SELECT CAST(u.id AS {integer}) AS id, {name} AS name,
        CAST(h.points AS {integer}) AS points
    FROM (SELECT user_id, SUM(overwritten) AS points
          FROM click_history GROUP BY user_id) h
    JOIN users u ON u.id = h.user_id
    WHERE h.points > 0 ORDER BY u.id";

/// The player of a row, in words.
fn player(row: &Row) -> Result<String, sqlx::Error> {
    let name: Option<Vec<u8>> = row.get("name")?;
    let name = name.map(|name| String::from_utf8_lossy(&name).into_owned());
    Ok(described(row.get("id")?, name.as_deref()))
}

/// Compares the expected parts with those that exist. A part of a kind that may be hidden from this
/// user is not reported as missing. Other parts don't matter, unless they can change what is
/// written.
fn compare(
    expected: &[SchemaPart],
    there: &[SchemaPart],
    hidden: &[&str],
    findings: &mut Findings,
) {
    for (kind, name, text) in expected {
        let part = there.iter().find(|part| part.0 == *kind && part.1 == *name);
        let described = format!("the {kind} {name}");
        match part {
            None if hidden.contains(&kind.as_str()) => match kind.as_str() {
                // These are missing with their table.
                "column" | "index" => {}
                "table" => findings.unseen.push(described),
                kind => findings.unseen.push(format!("{kind}s")),
            },
            None => findings.faults.push(format!("missing: {described}")),
            Some((.., None)) if text.is_some() => findings.unseen.push(match kind.as_str() {
                kind if hidden.contains(&kind) => format!("{kind}s"),
                _ => described,
            }),
            Some((.., there)) if there != text => {
                findings
                    .faults
                    .push(format!("changed by somebody: {described}"));
            }
            Some(_) => {}
        }
    }
    findings.unseen.dedup();
    let is_known = |name: &str| {
        let mut known = expected.iter().map(|(_, name, _)| name.as_str());
        name == "click_guard" || known.any(|known| known == name)
    };
    let triggers = there.iter().filter(|(kind, ..)| kind == "trigger");
    let strangers = triggers.filter(|(_, name, _)| !is_known(name));
    findings
        .strangers
        .extend(strangers.map(|(_, name, _)| name.clone()));
}

impl Connection {
    /// The parts of the schema that the migrations make.
    async fn expected_parts(&self) -> Result<Vec<SchemaPart>, sqlx::Error> {
        if let Some(schema) = self.sql().archive.schema {
            return Ok(described_parts(schema));
        }
        let mut conn = Self::Sqlite(sqlite::in_memory().await?);
        let parts = conn.parts().await;
        conn.close().await?;
        parts
    }

    /// The parts of the schema that are there.
    async fn parts(&mut self) -> Result<Vec<SchemaPart>, sqlx::Error> {
        let rows = self.rows(query(self.sql().archive.parts)).await?;
        let part = |row: &Row| {
            let text = |column| row.get::<Option<String>>(column);
            let (kind, name) = (text("kind")?, text("name")?);
            let (kind, name) = (kind.unwrap_or_default(), name.unwrap_or_default());
            Ok((kind, name, text("what")?))
        };
        rows.iter().map(part).collect()
    }

    /// The kinds of parts that may be hidden from this user.
    async fn hidden_parts(&mut self) -> Result<Vec<&'static str>, sqlx::Error> {
        match self {
            Self::MySql(_, conn) => mysql::hidden_parts(conn).await,
            _ => Ok(Vec::new()),
        }
    }
}

impl Archive {
    /// The database's version.
    pub async fn version(&mut self) -> Result<String, ArchiveError> {
        let version = query(self.conn.sql().archive.version);
        let asking = async { self.conn.one(version).await?.scalar() };
        Ok(answer(&self.host, asking).await?)
    }

    /// Advice about the server's settings, in sentences.
    pub async fn advice(&mut self) -> Result<Vec<&'static str>, ArchiveError> {
        let mut advice = Vec::new();
        for (question, words) in self.conn.sql().archive.advice {
            let rows = answer(&self.host, self.conn.answer(question)).await?;
            if !rows.is_empty() {
                advice.push(*words);
            }
        }
        Ok(advice)
    }

    /// The parts of the schema, each as kind, name and text with tabs between, as
    /// `assets/schema` keeps those of the servers.
    pub async fn schema(&mut self) -> Result<Vec<String>, ArchiveError> {
        let parts = answer(&self.host, self.conn.parts()).await?;
        let line = |(kind, name, text): SchemaPart| {
            let text = text.map_or(String::new(), |text| format!("\t{text}"));
            format!("{kind}\t{name}{text}")
        };
        Ok(parts.into_iter().map(line).collect())
    }

    /// Checks the database. It may end the transaction.
    pub async fn check(&mut self) -> Result<Findings, ArchiveError> {
        let mut findings = Findings::default();
        let there = answer(&self.host, self.conn.parts()).await?;
        if !there.iter().any(|(_, name, _)| name == "click_history") {
            findings.faults.push(
                "clickoff's own tables are not all there yet: they are made when it is played on"
                    .to_owned(),
            );
            return Ok(findings);
        }
        let expected = answer(&self.host, self.conn.expected_parts()).await?;
        let hidden = answer(&self.host, self.conn.hidden_parts()).await?;
        compare(&expected, &there, &hidden, &mut findings);
        self.check_records(&mut findings).await?;
        let (damage, column) = self.conn.sql().archive.damage;
        for (what, sql) in damage {
            match answer(&self.host, self.conn.answer(sql)).await {
                Err(StoreError::Forbidden { .. }) => findings.unseen.push((*what).to_owned()),
                rows => {
                    for row in rows? {
                        let words: String = row.get(column).map_err(|error| self.explain(error))?;
                        if !words.eq_ignore_ascii_case("ok") {
                            findings.faults.insert(0, format!("damaged: {words}"));
                        }
                    }
                }
            }
        }
        Ok(findings)
    }

    /// Compares the records with each other.
    async fn check_records(&mut self, findings: &mut Findings) -> Result<(), ArchiveError> {
        'checks: for check in CHECKS {
            for table in check.tables {
                if !self.has_table(table).await? {
                    continue 'checks;
                }
            }
            match self.look(check.sql).await? {
                None => findings.unseen.push(check.what.to_owned()),
                Some(rows) => {
                    for row in rows {
                        let fault = check.fault(&row);
                        let fault = fault.map_err(|error| self.explain(error))?;
                        findings.faults.push(fault);
                    }
                }
            }
        }
        let overwritten = self.look(OVERWRITTEN).await?;
        if overwritten.is_none() {
            findings.unseen.push("points written over".to_owned());
        }
        for row in overwritten.unwrap_or_default() {
            let found = player(&row).and_then(|player| Ok((player, row.get("points")?)));
            let found = found.map_err(|error| self.explain(error))?;
            findings.overwritten.push(found);
        }
        self.check_sprints(findings).await?;
        findings.unseen.dedup();
        Ok(())
    }

    /// Checks all sprints here, because SQL can't check their traces.
    async fn check_sprints(&mut self, findings: &mut Findings) -> Result<(), ArchiveError> {
        self.run("SAVEPOINT click_look").await?;
        let faults = &mut findings.faults;
        let checked = self.each_page(RecordKind::Sprints, async |sprints| {
            let wrong = sprints.iter().filter_map(|sprint| {
                let why = sprint.fault()?;
                Some(format!("{} {why}", sprint.described().0))
            });
            faults.extend(wrong);
            Ok(())
        });
        match checked.await {
            Err(ArchiveError::Store(StoreError::Forbidden { .. })) => {
                findings.unseen.push("sprints".to_owned());
                self.run("ROLLBACK TO SAVEPOINT click_look").await
            }
            checked => checked,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(kind: &str, name: &str, text: Option<&str>) -> SchemaPart {
        (kind.to_owned(), name.to_owned(), text.map(str::to_owned))
    }

    #[test]
    fn what_is_missing_or_changed_is_found_and_what_is_more_is_not() {
        let expected = [
            part("table", "a", Some("x")),
            part("trigger", "b", Some("y")),
            part("procedure", "c", Some("z")),
        ];
        let there = [
            part("table", "a", Some("z")),
            part("table", "b", Some("y")),
            part("procedure", "c", None),
            part("trigger", "click_guard", Some("x")),
            part("trigger", "cap", Some("x")),
        ];
        let mut findings = Findings::default();
        compare(&expected, &there, &[], &mut findings);
        let wanted = ["changed by somebody: the table a", "missing: the trigger b"];
        assert_eq!(findings.faults, wanted);
        assert_eq!(findings.unseen, ["the procedure c"]);
        assert_eq!(findings.strangers, ["cap"]);
        let mut findings = Findings::default();
        compare(&expected[..2], &there, &["trigger"], &mut findings);
        assert_eq!(findings.faults, wanted[..1]);
        assert_eq!(findings.unseen, ["triggers"]);
    }
}
