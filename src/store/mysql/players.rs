//! Checks another program's table of players before anything is written. If our triggers could not
//! handle it, that program's later writes would fail.

use sqlx::mysql::MySqlRow;
use sqlx::{FromRow, MySqlConnection, Row, query_as, query_scalar};

use super::super::migrations;
use super::{MySqlServer, StoreError};

/// Integer types.
const WHOLE: &[&str] = &["tinyint", "smallint", "mediumint", "int", "bigint"];

/// Other numeric types. They fit if they hold only whole numbers.
const BROKEN: &[&str] = &["decimal", "float", "double"];

/// Text types, and byte types that can be read as text.
const TEXT: &[&str] = &[
    "char",
    "varchar",
    "tinytext",
    "text",
    "mediumtext",
    "longtext",
    "enum",
    "binary",
    "varbinary",
    "tinyblob",
    "blob",
    "mediumblob",
    "longblob",
];

/// A column as the server describes it, in lower case.
#[derive(Debug)]
struct Column {
    name: String,
    /// As `bigint`.
    kind: String,
    /// As `bigint(20) unsigned`.
    described: String,
    is_generated: bool,
    is_nullable: bool,
    /// Whether it alone is a unique key.
    is_key: bool,
}

impl FromRow<'_, MySqlRow> for Column {
    fn from_row(row: &MySqlRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            name: row.try_get("name")?,
            kind: row.try_get("kind")?,
            described: row.try_get("described")?,
            is_generated: row.try_get("is_generated")?,
            is_nullable: row.try_get("is_nullable")?,
            is_key: row.try_get("is_key")?,
        })
    }
}

const COLUMNS: &str = "
    SELECT LOWER(CONVERT(column_name USING utf8mb4)) AS name,
           LOWER(CONVERT(data_type USING utf8mb4)) AS kind,
           LOWER(CONVERT(LEFT(column_type, 200) USING utf8mb4)) AS described,
           extra REGEXP '(VIRTUAL|STORED|PERSISTENT)' AS is_generated,
           is_nullable = 'YES' AS is_nullable,
           EXISTS (SELECT 1 FROM information_schema.statistics s
                   WHERE s.table_schema = c.table_schema AND s.table_name = c.table_name
                   GROUP BY s.index_name
                   HAVING MAX(s.non_unique) = 0 AND COUNT(*) = 1
                      AND MAX(s.column_name) = c.column_name AND MAX(s.sub_part) IS NULL) AS is_key
    FROM information_schema.columns c
    WHERE table_schema = DATABASE() AND table_name = 'users'";

/// Whether a key is too large for the game.
const LARGE_KEY: &str = "SELECT EXISTS (SELECT 1 FROM users WHERE id > 9223372036854775807)";

/// Whether the game can't represent a score.
const BROKEN_SCORE: &str = "
    SELECT EXISTS (SELECT 1 FROM users WHERE score <> FLOOR(score)
                      OR score < -9223372036854775808 OR score >= 9223372036854775808)";

/// Accepts only a transactional table of players with the columns of the tutorial's. If there is
/// none, one will be created. If the game is not set up yet, its triggers must also fit on the
/// table.
///
/// # Errors
/// [`StoreError::Foreign`] says what does not fit, and what would.
pub async fn refuse_foreign(
    target: &MySqlServer,
    conn: &mut MySqlConnection,
    is_set_up: bool,
) -> Result<(), StoreError> {
    let explain = |error| target.explain(error);
    let taken: Option<String> = query_scalar(concat!(
        "SELECT CONVERT(table_name USING utf8mb4) FROM information_schema.tables
         WHERE table_schema = DATABASE() AND LOWER(table_name) IN ",
        migrations::tables!(),
        " LIMIT 1"
    ))
    .fetch_optional(&mut *conn)
    .await
    .map_err(explain)?;
    // Read after the others, because it is created before them, perhaps by another node just now.
    let ours: i64 = query_scalar(
        "SELECT COUNT(*) FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name = 'click_migrations'",
    )
    .fetch_one(&mut *conn)
    .await
    .map_err(explain)?;
    if let (Some(table), 0) = (taken, ours) {
        let place = target.place();
        let why = migrations::taken(&table);
        return Err(StoreError::Foreign { place, why });
    }
    let engine: Option<Option<String>> = query_scalar(
        "SELECT engine FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name = 'users'",
    )
    .fetch_optional(&mut *conn)
    .await
    .map_err(explain)?;
    let foreign = |why: String| StoreError::Foreign {
        place: target.place(),
        why,
    };
    match engine {
        None => return Ok(()),
        Some(None) => return Err(foreign("its users is no table".into())),
        Some(Some(engine)) if engine.eq_ignore_ascii_case("InnoDB") => {}
        Some(Some(engine)) => {
            return Err(foreign(format!(
                "its table users is kept by {engine}, which knows no transactions; InnoDB does"
            )));
        }
    }
    let columns: Vec<Column> = query_as(COLUMNS)
        .fetch_all(&mut *conn)
        .await
        .map_err(explain)?;
    if columns.is_empty() {
        // Every table has columns: another node's client is creating or changing it just now.
        return Err(StoreError::Busy {
            place: target.place(),
        });
    }
    let names: Vec<String> = columns.iter().map(|column| column.name.clone()).collect();
    if let Some(why) = migrations::missing_column(&names) {
        return Err(foreign(why));
    }
    if is_set_up {
        return Ok(());
    }
    if let Some(why) = columns.iter().find_map(misfit) {
        // During the set-up, another node's client may be creating the table just now.
        return Err(match ours {
            0 => foreign(why),
            _ => StoreError::Busy {
                place: target.place(),
            },
        });
    }
    for (is_asked, question, why) in [
        (
            is_of(&columns, "id", |c| c.described.contains("unsigned")),
            LARGE_KEY,
            "a key in its column users.id is larger than 9223372036854775807, which is the most",
        ),
        (
            is_of(&columns, "score", |c| {
                BROKEN.contains(&&*c.kind) || c.described.contains("unsigned")
            }),
            BROKEN_SCORE,
            "a score in its column users.score is no whole number that a BIGINT holds",
        ),
    ] {
        if is_asked {
            let found: bool = query_scalar(question)
                .fetch_one(&mut *conn)
                .await
                .map_err(explain)?;
            if found {
                return Err(foreign(why.to_owned()));
            }
        }
    }
    Ok(())
}

fn is_of(columns: &[Column], name: &str, is: impl Fn(&Column) -> bool) -> bool {
    columns
        .iter()
        .any(|column| column.name == name && is(column))
}

/// Says what does not fit about a column, if anything.
fn misfit(column: &Column) -> Option<String> {
    let (fits, what) = match &*column.name {
        "id" => (
            WHOLE.contains(&&*column.kind),
            "a whole number, as BIGINT, would fit",
        ),
        "score" => (
            WHOLE.contains(&&*column.kind) || BROKEN.contains(&&*column.kind),
            "a number, as BIGINT, would fit",
        ),
        "name" | "email" => (
            TEXT.contains(&&*column.kind),
            "a text, as VARCHAR(100), would fit",
        ),
        _ => return None,
    };
    let (name, described) = (&column.name, &column.described);
    if !fits {
        return Some(format!("its column users.{name} is {described}; {what}"));
    }
    if column.is_generated {
        return Some(format!(
            "its column users.{name} is generated by the server; one that can be written would fit"
        ));
    }
    if name == "id" && (column.is_nullable || !column.is_key) {
        return Some(format!(
            "its column users.id is {described} without a key of its own; NOT NULL and a PRIMARY \
             KEY or a UNIQUE KEY would fit"
        ));
    }
    None
}
