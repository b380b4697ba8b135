//! What the schemas of all engines share: running migrations, and comparing a database with them.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, MigrateError, MigrationType, Migrator};

use super::StoreError;

/// Version, name and SQL text.
pub type Migration = (i64, &'static str, &'static str);

/// The migrations of an engine, in order.
pub type Migrations = &'static [Migration];

/// The version of the first release's schema. Lower versions are of development builds with
/// different tables.
pub const FIRST: i64 = 100;

/// Another program in the same database may use sqlx's default name.
pub const TABLE: &str = "click_migrations";

/// Compares the newest migration of the database with this program's newest. Returns in words how
/// far the schema is behind; `None` if it is up to date.
///
/// # Errors
/// [`StoreError::Newer`] for a newer schema than this program knows; [`StoreError::Unreleased`] for
/// one of a development build.
pub fn behind(
    ours: Migrations,
    newest: Option<(i64, String)>,
    place: String,
) -> Result<Option<String>, StoreError> {
    let last = ours.iter().map(|(version, ..)| *version).max();
    match newest {
        Some((version, _)) if version < FIRST && last >= Some(FIRST) => {
            Err(StoreError::Unreleased { place })
        }
        Some((version, name)) if Some(version) > last => Err(StoreError::Newer { place, name }),
        newest if newest.as_ref().map(|(version, _)| *version) == last => Ok(None),
        None => Ok(Some(
            "its tables are not there, or not to be seen".to_owned(),
        )),
        Some((version, _)) => Ok(Some(format!(
            "its tables are at version {version}, and this clickoff needs version {}",
            last.unwrap_or_default()
        ))),
    }
}

/// Converts the migrations to sqlx's type.
pub fn all(ours: Migrations) -> Vec<sqlx::migrate::Migration> {
    let one = |(version, name, sql): &Migration| {
        sqlx::migrate::Migration::new(
            *version,
            (*name).into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    ours.iter().map(one).collect()
}

/// Runs the missing migrations. The caller must have begun a transaction and taken the lock.
pub async fn run<C: Migrate + Send>(
    ours: Migrations,
    conn: &mut C,
    place: String,
    explain: impl Fn(sqlx::Error) -> StoreError + Send,
) -> Result<(), StoreError> {
    let mut migrator = Migrator::with_migrations(all(ours));
    migrator.dangerous_set_table_name(TABLE);
    migrator.set_locking(false);
    let run = migrator.run_direct(None, conn, false).await;
    run.map_err(|error| match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => explain(error),
        other => StoreError::Other {
            place,
            why: other.to_string(),
        },
    })
}

/// The tables of the first migration, as an SQL list.
macro_rules! tables {
    () => {
        "('click_meta', 'click_sessions', 'click_changes', 'click_history', 'click_sprints',
          'click_races', 'click_racers', 'click_keys', 'click_ladder', 'click_survey')"
    };
}
pub(super) use tables;

/// Says that a table with one of our names is another program's.
pub fn taken(table: &str) -> String {
    format!("it has a table {table} that is not clickoff's")
}

/// Says which column a table of players lacks, if any.
pub fn missing_column(columns: &[String]) -> Option<String> {
    ["id", "name", "email", "score"]
        .iter()
        .find(|wanted| !columns.iter().any(|c| c.eq_ignore_ascii_case(wanted)))
        .map(|wanted| format!("its table users has no column {wanted}"))
}
