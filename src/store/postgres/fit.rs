//! Checks whether clickoff's tables and triggers can be added beside another program's table of
//! players.

use sqlx::postgres::PgRow;
use sqlx::{FromRow, PgConnection, Row, query_as, query_scalar};

use super::super::migrations;

/// What a column should be, for messages.
const ID: &str = "BIGINT PRIMARY KEY would fit";
const TEXT: &str = "VARCHAR(100) would fit";
const SCORE: &str = "BIGINT would fit";

/// The numeric types that hold more than whole numbers.
const FRACTIONS: [&str; 3] = ["numeric", "real", "double precision"];

/// An expression: whether `users.id` is unique. In a partitioned table a key must also contain the
/// partition columns.
macro_rules! is_key {
    () => {
        "EXISTS (
            SELECT FROM pg_index i
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'id'
            LEFT JOIN pg_partitioned_table p ON p.partrelid = i.indrelid
            WHERE i.indrelid = to_regclass('users') AND i.indisunique AND i.indisvalid
              AND i.indpred IS NULL
              AND (SELECT bool_or(k.n = a.attnum)
                          AND bool_and(k.n = a.attnum
                                       OR COALESCE(k.n = ANY (p.partattrs::int2[]), false))
                   FROM unnest(i.indkey::int2[]) WITH ORDINALITY k (n, at)
                   WHERE k.at <= i.indnkeyatts))"
    };
}
pub(super) use is_key;

/// A column of the table of players.
struct Column {
    name: String,
    /// Its type as declared.
    declared: String,
    /// The base type, and its category.
    kind: String,
    category: String,
    is_generated: bool,
    is_nullable: bool,
}

impl FromRow<'_, PgRow> for Column {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: row.try_get("name")?,
            declared: row.try_get("declared")?,
            kind: row.try_get("kind")?,
            category: row.try_get("category")?,
            is_generated: row.try_get("generated")?,
            is_nullable: row.try_get("nullable")?,
        })
    }
}

/// Resolves domains to their base types.
const COLUMNS: &str = "
    WITH RECURSIVE column_type (name, declared, type, generated, nullable) AS (
        SELECT attname::text, format_type(atttypid, atttypmod), atttypid, attgenerated <> '',
               NOT attnotnull
        FROM pg_attribute
        WHERE attrelid = to_regclass('users') AND attnum > 0 AND NOT attisdropped
          AND attname IN ('id', 'name', 'email', 'score')
        UNION ALL
        SELECT c.name, c.declared, t.typbasetype, c.generated, c.nullable AND NOT t.typnotnull
        FROM column_type c JOIN pg_type t ON t.oid = c.type WHERE t.typtype = 'd'
    )
    SELECT c.name, c.declared, format_type(c.type, NULL) AS kind, t.typcategory::text AS category,
           c.generated, c.nullable
    FROM column_type c JOIN pg_type t ON t.oid = c.type WHERE t.typtype <> 'd'";

/// Says why players can't be read from the table in the search path. `None` if they can, or if
/// there is no such table.
pub async fn unreadable(conn: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    let kind: Option<String> =
        query_scalar("SELECT relkind::text FROM pg_class WHERE oid = to_regclass('users')")
            .fetch_optional(&mut *conn)
            .await?;
    match kind.as_deref() {
        None => return Ok(None),
        Some("r" | "p") => {}
        Some(_) => return Ok(Some("its users is no table".into())),
    }
    let columns: Vec<Column> = query_as(COLUMNS).fetch_all(&mut *conn).await?;
    for wanted in ["id", "name", "email", "score"] {
        let Some(column) = columns.iter().find(|column| column.name == wanted) else {
            return Ok(Some(format!("its table users has no column {wanted}")));
        };
        if let Some(wanted) = wrong_type(column) {
            let Column { name, declared, .. } = column;
            return Ok(Some(format!(
                "the column {name} of its table users is of the type {declared}; {wanted}"
            )));
        }
    }
    // Only these types can hold fractions. Checking all players takes long.
    let holds_fractions =
        |column: &Column| column.name == "score" && FRACTIONS.contains(&column.kind.as_str());
    if !columns.iter().any(holds_fractions) {
        return Ok(None);
    }
    let odd: Option<String> = query_scalar(
        "SELECT 'the player ' || id || ' of its table users has the score ' || score
                || ', which is no whole number of 64 bits'
         FROM users
         WHERE NOT (score > -9223372036854775807 AND score < 9223372036854775807
                    AND score = floor(score))
         LIMIT 1",
    )
    .fetch_optional(conn)
    .await?;
    Ok(odd.map(|odd| odd.chars().take(200).collect()))
}

/// Says whether another program has a table with one of our names in the schema for clickoff's
/// tables, or earlier in the search path.
pub async fn taken(conn: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    let taken: Option<String> = query_scalar(concat!(
        "SELECT c.relname::text FROM pg_class c
         WHERE c.relname IN ",
        migrations::tables!(),
        " AND (pg_table_is_visible(c.oid)
               OR c.relnamespace = (SELECT relnamespace FROM pg_class
                                    WHERE oid = to_regclass('users')))
          AND NOT EXISTS (SELECT FROM pg_class m
                          WHERE m.relname = 'click_migrations' AND m.relnamespace = c.relnamespace)
         LIMIT 1"
    ))
    .fetch_optional(conn)
    .await?;
    Ok(taken.map(|table| migrations::taken(&table)))
}

/// What would fit instead of a wrong type.
fn wrong_type(column: &Column) -> Option<&'static str> {
    let kind = column.kind.as_str();
    let is_whole = ["smallint", "integer", "bigint"].contains(&kind);
    match column.name.as_str() {
        "id" => (!is_whole).then_some(ID),
        "score" => (!is_whole && !FRACTIONS.contains(&kind)).then_some(SCORE),
        _ => (column.category != "S").then_some(TEXT),
    }
}

/// Says why the table can't be played on: it needs a unique key, and rows that can be written, fire
/// triggers and survive a crash. `None` if it can.
pub async fn unplayable(conn: &mut PgConnection) -> Result<Option<String>, sqlx::Error> {
    if let Some(why) = unreadable(conn).await? {
        return Ok(Some(why));
    }
    let columns: Vec<Column> = query_as(COLUMNS).fetch_all(&mut *conn).await?;
    for column in columns {
        let Column { name, declared, .. } = &column;
        let wanted = match name.as_str() {
            "id" => ID,
            "score" => SCORE,
            _ => TEXT,
        };
        let why = match (column.is_generated, name.as_str()) {
            (true, _) => "is generated from others",
            (_, "id") if column.is_nullable => "may be NULL",
            _ => continue,
        };
        return Ok(Some(format!(
            "the column {name} of its table users, of the type {declared}, {why}; {wanted}"
        )));
    }
    query_scalar(concat!(
        "SELECT CASE
             WHEN relpersistence <> 'p' THEN
                 'its table users is emptied by a crash of the server; '
                 || 'ALTER TABLE users SET LOGGED keeps it'
             WHEN relkind = 'r' AND EXISTS (SELECT FROM pg_inherits WHERE inhparent = c.oid) THEN
                 'other tables inherit from its table users; a partitioned table would fit'
             WHEN NOT ",
        is_key!(),
        " THEN 'the column id of its table users may hold a number twice; BIGINT PRIMARY KEY would fit'
         END
         FROM pg_class c WHERE c.oid = to_regclass('users')"
    ))
    .fetch_optional(conn)
    .await
    .map(Option::flatten)
}
