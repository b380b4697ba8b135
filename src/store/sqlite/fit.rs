//! Checks whether clickoff's tables and triggers can be added beside another program's table of
//! players.

use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, SqliteConnection, query, query_as, query_scalar};

use super::super::migrations;
use super::super::sanitized::sanitized;

/// What a column should be, for messages.
const ID: &str = "INTEGER PRIMARY KEY would fit";
const SCORE: &str = "INTEGER would fit";
const TEXT: &str = "VARCHAR(100) would fit";

/// An expression: whether `users.id` is unique.
macro_rules! is_key {
    () => {
        "((SELECT group_concat(lower(name)) FROM pragma_table_info('users') WHERE pk > 0) = 'id'
          OR EXISTS (SELECT 1 FROM pragma_index_list('users') i
                     WHERE i.\"unique\" = 1 AND i.partial = 0
                       AND (SELECT group_concat(lower(name)) FROM pragma_index_info(i.name)) = 'id'))"
    };
}
pub(super) use is_key;

/// Says why a file can't be read: its encoding, or views in place of tables. `None` if it can.
pub async fn unreadable(conn: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    let encoding: String = query_scalar("PRAGMA encoding")
        .fetch_one(&mut *conn)
        .await?;
    if encoding != "UTF-8" {
        let why = format!(
            "its texts are in {encoding}, and clickoff reads UTF-8; `sqlite3 OLD .dump | sqlite3 \
             NEW` makes one of it"
        );
        return Ok(Some(why));
    }
    let tables = query(
        "SELECT name, type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AS is_plain
         FROM sqlite_master
         WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .fetch_all(&mut *conn)
    .await?;
    let table = |row: &SqliteRow| Ok((row.try_get("name")?, row.try_get("is_plain")?));
    let tables: Vec<(String, bool)> = tables
        .iter()
        .map(table)
        .collect::<Result<_, sqlx::Error>>()?;
    if tables.is_empty() {
        return Ok(None);
    }
    let is_users = |name: &str| name.eq_ignore_ascii_case("users");
    if !tables.iter().any(|(name, _)| is_users(name)) {
        return Ok(Some("it has tables, but no table users".into()));
    }
    let ours = |name: &str| is_users(name) || name.to_ascii_lowercase().starts_with("click_");
    let other = tables.iter().find(|(name, plain)| ours(name) && !plain);
    if let Some((name, _)) = other {
        return Ok(Some(sanitized(&format!("its {name} is no plain table"))));
    }
    let columns: Vec<String> = query_scalar("SELECT name FROM pragma_table_xinfo('users')")
        .fetch_all(conn)
        .await?;
    Ok(migrations::missing_column(&columns))
}

/// A column of the table of players.
struct Column {
    /// In lower case.
    name: String,
    declared: String,
    is_generated: bool,
    is_nullable: bool,
}

impl FromRow<'_, SqliteRow> for Column {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: row.try_get("name")?,
            declared: row.try_get("declared")?,
            is_generated: row.try_get("is_generated")?,
            is_nullable: row.try_get("is_nullable")?,
        })
    }
}

/// Says why clickoff's tables can't be added: it needs a unique key, whole scores, and no other
/// tables with our names. `None` if they can.
pub async fn misfit(conn: &mut SqliteConnection) -> Result<Option<String>, sqlx::Error> {
    let taken: Option<String> = query_scalar(concat!(
        "SELECT name FROM sqlite_master WHERE lower(name) IN ",
        migrations::tables!(),
        // Another process may be creating all of them just now.
        " AND NOT EXISTS (SELECT 1 FROM sqlite_master WHERE name = 'click_migrations') LIMIT 1"
    ))
    .fetch_optional(&mut *conn)
    .await?;
    if let Some(table) = taken {
        return Ok(Some(migrations::taken(&table)));
    }
    // An INTEGER PRIMARY KEY has no index of its own, and is never NULL.
    let columns: Vec<Column> = query_as(
        "SELECT lower(name) AS name, type AS declared, hidden > 0 AS is_generated,
                \"notnull\" = 0
                AND (pk = 0 OR EXISTS (SELECT 1 FROM pragma_index_list('users') WHERE origin = 'pk'))
                AS is_nullable
         FROM pragma_table_xinfo('users')",
    )
    .fetch_all(&mut *conn)
    .await?;
    if columns.is_empty() {
        return Ok(None);
    }
    for column in &columns {
        if let Some(why) = misfit_of(column) {
            let name = &column.name;
            let why = format!("the column {name} of its table users {why}");
            return Ok(Some(sanitized(&why)));
        }
    }
    let is_key: bool = query_scalar(concat!("SELECT ", is_key!()))
        .fetch_one(&mut *conn)
        .await?;
    if !is_key {
        let why = format!("the column id of its table users may hold a number twice; {ID}");
        return Ok(Some(why));
    }
    let odd: Option<String> = query_scalar(
        "SELECT 'an id of its table users is ' || quote(id) || ', which is no whole number'
         FROM users WHERE typeof(id) <> 'integer'
         UNION ALL
         SELECT 'the player ' || id || ' of its table users has the score ' || quote(score)
                || ', which is no whole number'
         FROM users
         WHERE typeof(score) NOT IN ('null', 'integer')
           AND NOT (typeof(score) = 'real' AND score = CAST(score AS INTEGER))
         LIMIT 1",
    )
    .fetch_optional(conn)
    .await?;
    Ok(odd.map(|odd| sanitized(&odd)))
}

fn misfit_of(column: &Column) -> Option<String> {
    let wanted = match column.name.as_str() {
        "id" => ID,
        "score" => SCORE,
        "name" | "email" => TEXT,
        _ => return None,
    };
    let kind = column.declared.to_ascii_uppercase();
    // https://www.sqlite.org/datatype3.html#determination_of_column_affinity
    let is_whole = kind.contains("INT");
    let is_text = ["CHAR", "CLOB", "TEXT"]
        .iter()
        .any(|part| kind.contains(part));
    let is_of_type = || match column.declared.as_str() {
        "" => "has no type".to_owned(),
        declared => format!("is of the type {declared}"),
    };
    let why = match wanted {
        _ if column.is_generated => "is generated".to_owned(),
        ID if !is_whole => is_of_type(),
        ID if column.is_nullable => "may be NULL".to_owned(),
        SCORE if is_text && !is_whole => is_of_type(),
        _ => return None,
    };
    Some(format!("{why}; {wanted}"))
}
