//! What the schemas of all databases share: the list of migrations and how a database stands to it.

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migrate, MigrateError, MigrationType, Migrator};

use super::StoreError;

/// Number, name and text.
pub type Migration = (i64, &'static str, &'static str);

/// The migrations of an engine, in their order.
pub type Migrations = &'static [Migration];

/// The number of the first release's schema. Lower ones are of development builds, whose tables are
/// different.
pub const FIRST: i64 = 100;

/// Beside other programs' tables in one database, sqlx's usual name may be taken.
pub const TABLE: &str = "click_migrations";

/// Compares the newest migration that has run with the newest there is: how far the schema is
/// behind this program's, in words; none where every migration has run.
///
/// # Errors
/// [`StoreError::Newer`] where one has run that this program does not know,
/// [`StoreError::Unreleased`] where a development build has made the tables.
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

/// The migrations as sqlx takes them.
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

/// Runs the missing migrations in the transaction that the caller has begun, and locked as the
/// database needs.
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

/// The tables that the first migration makes, beside that of the migrations, in the words of SQL for
/// a list.
macro_rules! tables {
    () => {
        "('click_meta', 'click_sessions', 'click_changes', 'click_history', 'click_sprints',
          'click_races', 'click_racers', 'click_keys', 'click_ladder', 'click_survey')"
    };
}
pub(super) use tables;

/// That another program has a table of a name that is ours, in words.
pub fn taken(table: &str) -> String {
    format!("it has a table {table} that is not clickoff's")
}

/// What a table of players lacks, in words; none where it has all that the game needs.
pub fn missing_column(columns: &[String]) -> Option<String> {
    ["id", "name", "email", "score"]
        .iter()
        .find(|wanted| !columns.iter().any(|c| c.eq_ignore_ascii_case(wanted)))
        .map(|wanted| format!("its table users has no column {wanted}"))
}
