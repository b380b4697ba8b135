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

/// The newest migration of a database.
#[derive(Debug, Clone)]
pub struct Newest {
    pub version: i64,
    pub name: String,
}

/// -> `version` and `description` of the newest migration.
pub const NEWEST: &str =
    "SELECT version, description FROM click_migrations ORDER BY version DESC LIMIT 1";

/// Compares the newest migration of the database with this program's newest. Returns in words how
/// far the schema is behind; `None` if it is up to date.
///
/// # Errors
/// [`StoreError::Newer`] for a newer schema than this program knows; [`StoreError::Unreleased`] for
/// one of a development build.
pub fn behind(
    ours: Migrations,
    newest: Option<Newest>,
    place: String,
) -> Result<Option<String>, StoreError> {
    let last = ours.iter().map(|(version, ..)| *version).max();
    let Some(Newest { version, name }) = newest else {
        let words = "its tables are not there, or not to be seen";
        return Ok(Some(words.to_owned()));
    };
    if version < FIRST && last >= Some(FIRST) {
        return Err(StoreError::Unreleased { place });
    }
    if Some(version) > last {
        return Err(StoreError::Newer { place, name });
    }
    Ok((Some(version) != last).then(|| {
        format!(
            "its tables are at version {version}, and this clickoff needs version {}",
            last.unwrap_or_default()
        )
    }))
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
