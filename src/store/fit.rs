//! Checks whether clickoff's tables and triggers can be added beside another program's table of
//! players. What an engine is asked stands in its own folder, and how the answers are judged here.

use super::connection::{BorrowedConnection, Row};
use super::migrations::{NEWEST, Newest};
use super::sanitized::sanitized;
use super::sqlite;

/// The statements that an engine is asked with.
#[derive(Debug)]
pub struct FitStatements {
    /// -> why the tables can't be read, in words, if they can't
    pub tables: &'static str,
    /// -> a table of another program that has one of our names, if there is one
    pub taken: &'static str,
    /// -> a row for each column of `users` that matters: its `name` in lower case, `declared`, its
    /// type, `fits`, whether that type can be used, `is_generated`, `is_nullable`, `is_key`,
    /// whether it alone is a unique key, and `is_loose`, whether it can hold values that can't be
    /// used
    pub columns: &'static str,
    /// -> which player has such a value, in words, if there is one. It takes longer the more
    /// players there are
    pub rows: &'static str,
    /// -> why the table can't be played on for another reason, in words, if it can't
    pub play: Option<&'static str>,
    /// the engine's type for whole numbers
    pub number: &'static str,
}

/// The tables of the first migration, as an SQL list.
macro_rules! our_tables {
    () => {
        "('click_meta', 'click_sessions', 'click_changes', 'click_history', 'click_sprints',
          'click_races', 'click_racers', 'click_keys', 'click_ladder', 'click_survey')"
    };
}
pub(super) use our_tables;

/// The columns that the table of players must have, as an SQL list.
macro_rules! player_columns {
    () => {
        "('id', 'name', 'email', 'score')"
    };
}
pub(super) use player_columns;

/// What the table of players is wanted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FitPurpose {
    /// To go on, as clickoff's tables are there already.
    GoOn,
    /// To read it.
    Read,
    /// To add clickoff's tables and triggers.
    SetUp,
}

/// A column of the table of players.
struct Column {
    name: String,
    declared: String,
    fits: bool,
    is_generated: bool,
    is_nullable: bool,
    is_key: bool,
    is_loose: bool,
}

impl Column {
    fn of(row: &Row) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: row.get("name")?,
            declared: row.get("declared")?,
            fits: row.get("fits")?,
            is_generated: row.get("is_generated")?,
            is_nullable: row.get("is_nullable")?,
            is_key: row.get("is_key")?,
            is_loose: row.get("is_loose")?,
        })
    }

    /// What does not fit, and what would.
    fn misfit(&self, purpose: FitPurpose, number: &str) -> Option<String> {
        let name = self.name.as_str();
        let why = match purpose {
            _ if !self.fits && self.declared.is_empty() => "has no type".to_owned(),
            _ if !self.fits => format!("is of the type {}", self.declared),
            FitPurpose::SetUp if self.is_generated => "is generated".to_owned(),
            FitPurpose::SetUp if name == "id" && self.is_nullable => "may be NULL".to_owned(),
            FitPurpose::SetUp if name == "id" && !self.is_key => {
                "may hold a number twice".to_owned()
            }
            _ => return None,
        };
        let wanted = match name {
            "id" => format!("{number} PRIMARY KEY"),
            "score" => number.to_owned(),
            _ => "VARCHAR(100)".to_owned(),
        };
        Some(format!(
            "the column {name} of its table users {why}; {wanted} would fit"
        ))
    }
}

impl BorrowedConnection<'_> {
    /// Reads the newest migration.
    pub async fn newest(mut self) -> Result<Option<Newest>, sqlx::Error> {
        let rows = self.rows(NEWEST).await?;
        let newest = rows.first().map(|row| {
            Ok(Newest {
                version: row.get("version")?,
                name: row.get("description")?,
            })
        });
        newest.transpose()
    }
}

/// Says why the database can't be used. `None` if it can, or if it has no table of players yet.
pub async fn misfit(
    sql: &FitStatements,
    purpose: FitPurpose,
    mut conn: BorrowedConnection<'_>,
) -> Result<Option<String>, sqlx::Error> {
    if let Some(why) = said(&conn.rows(sql.tables).await?)? {
        return Ok(Some(why));
    }
    if let Some(table) = said(&conn.rows(sql.taken).await?)? {
        let why = format!("it has a table {table} that is not clickoff's");
        return Ok(Some(why));
    }
    let columns = conn.rows(sql.columns).await?;
    let columns: Vec<Column> = columns.iter().map(Column::of).collect::<Result<_, _>>()?;
    if columns.is_empty() {
        return Ok(None);
    }
    for wanted in ["id", "name", "email", "score"] {
        if !columns.iter().any(|column| column.name == wanted) {
            return Ok(Some(format!("its table users has no column {wanted}")));
        }
    }
    if purpose == FitPurpose::GoOn {
        return Ok(None);
    }
    let misfit = |column: &Column| column.misfit(purpose, sql.number);
    if let Some(why) = columns.iter().find_map(misfit) {
        return Ok(Some(sanitized(&why)));
    }
    // From here on the tables are known to be plain ones.
    if let BorrowedConnection::Sqlite(conn) = &mut conn {
        sqlite::unlimit(conn).await?;
    }
    let is_loose = columns.iter().any(|column| column.is_loose);
    let rows = is_loose.then_some(sql.rows);
    let play = sql.play.filter(|_| purpose == FitPurpose::SetUp);
    for question in rows.into_iter().chain(play) {
        if let Some(why) = said(&conn.rows(question).await?)? {
            return Ok(Some(why));
        }
    }
    Ok(None)
}

/// The text of the first row, if there is one.
fn said(rows: &[Row]) -> Result<Option<String>, sqlx::Error> {
    let text = rows.first().map(Row::scalar::<Option<String>>);
    Ok(text.transpose()?.flatten().map(|text| sanitized(&text)))
}
