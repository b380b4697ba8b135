//! Brings a MariaDB or MySQL database's schema up to date, or says why it must be left alone.

use sqlx::{Executor, MySql, MySqlConnection, query, query_as, query_scalar};

use super::super::dialect::Dialect;
use super::super::migrations::{self, Migrations, Standing};
use super::{MySqlServer, StoreError};

/// The migrations in their order: number, name, text. Each text can be run again: there is no
/// transaction around statements that define tables.
const MIGRATIONS: Migrations = &[
    (
        1,
        "players and sessions",
        include_str!("../../../assets/migrations/mysql/1_players_and_sessions.sql"),
    ),
    (
        3,
        "history",
        include_str!("../../../assets/migrations/mysql/3_history.sql"),
    ),
];

/// The procedure that counts.
const PROCEDURE: &str = include_str!("../../../assets/migrations/mysql/click_count.sql");

/// As sqlx's own migrator makes it, which can't be used: it takes a migration that was cut off for
/// one that somebody has to mend by hand.
const HISTORY: &str = "
    CREATE TABLE IF NOT EXISTS click_migrations (
        version        BIGINT    NOT NULL PRIMARY KEY,
        description    TEXT      NOT NULL,
        installed_on   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        success        BOOLEAN   NOT NULL,
        checksum       BLOB      NOT NULL,
        execution_time BIGINT    NOT NULL
    ) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4";

/// Whether every migration of this program has run.
pub async fn is_current(
    target: &MySqlServer,
    conn: &mut MySqlConnection,
) -> Result<bool, StoreError> {
    let newest = newest(conn).await.map_err(|e| MySql::explain(target, e))?;
    let has_procedure = has_procedure(conn).await;
    match migrations::standing(MIGRATIONS, newest) {
        Standing::Current => has_procedure.map_err(|e| MySql::explain(target, e)),
        Standing::Behind => Ok(false),
        Standing::Newer(name) => Err(StoreError::Newer {
            place: target.place(),
            name,
        }),
    }
}

async fn newest(conn: &mut MySqlConnection) -> Result<Option<(i64, String)>, sqlx::Error> {
    let tables: i64 = query_scalar(
        "SELECT COUNT(*) FROM information_schema.tables
         WHERE table_schema = DATABASE() AND table_name = 'click_migrations'",
    )
    .fetch_one(&mut *conn)
    .await?;
    if tables == 0 {
        return Ok(None);
    }
    query_as("SELECT version, description FROM click_migrations ORDER BY version DESC LIMIT 1")
        .fetch_optional(conn)
        .await
}

async fn has_procedure(conn: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
    let procedures: i64 = query_scalar(
        "SELECT COUNT(*) FROM information_schema.routines
         WHERE routine_schema = DATABASE() AND routine_name = 'click_count'",
    )
    .fetch_one(conn)
    .await?;
    Ok(procedures > 0)
}

/// Runs what is missing while no other client can; ends with the connection.
pub async fn bring_up_to_date(
    target: &MySqlServer,
    conn: &mut MySqlConnection,
) -> Result<(), StoreError> {
    let explain = |error| may_not(target, MySql::explain(target, error));
    let locked: Option<i64> =
        query_scalar("SELECT GET_LOCK(CONCAT('clickoff.', MD5(DATABASE())), 3)")
            .fetch_one(&mut *conn)
            .await
            .map_err(explain)?;
    if locked == Some(0) {
        return Err(StoreError::Busy {
            place: target.place(),
        });
    }
    // Another client may have done it while this one waited.
    if is_current(target, conn).await? {
        return Ok(());
    }
    refuse_foreign(target, conn).await?;
    run_missing(conn).await.map_err(explain)
}

async fn run_missing(conn: &mut MySqlConnection) -> Result<(), sqlx::Error> {
    // A large table takes its time.
    conn.execute("SET SESSION lock_wait_timeout = 10 /*M!100300 , max_statement_time = 0 */")
        .await?;
    conn.execute(HISTORY).await?;
    let done = newest(conn).await?.map_or(0, |(version, _)| version);
    let missing = migrations::all(MIGRATIONS).into_iter();
    for migration in missing.filter(|m| m.version > done) {
        conn.execute(migration.sql.clone()).await?;
        query(
            "INSERT INTO click_migrations (version, description, success, checksum, execution_time)
             VALUES (?, ?, TRUE, ?, -1)",
        )
        .bind(migration.version)
        .bind(migration.description.into_owned())
        .bind(migration.checksum.to_vec())
        .execute(&mut *conn)
        .await?;
    }
    if !has_procedure(conn).await? {
        conn.execute(PROCEDURE).await?;
    }
    Ok(())
}

/// A user who may play need not be one who may set the game up.
fn may_not(target: &MySqlServer, error: StoreError) -> StoreError {
    match error {
        StoreError::Forbidden { why, .. } => target.unusable(format!(
            "its tables are not set up yet, and this user may not do that ({why}). Start clickoff \
             once as a user with all privileges on the database."
        )),
        other => other,
    }
}

/// Works only on a table of players that has what the tutorial's has, and that keeps what was
/// committed.
async fn refuse_foreign(
    target: &MySqlServer,
    conn: &mut MySqlConnection,
) -> Result<(), StoreError> {
    let explain = |error| MySql::explain(target, error);
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
    let columns: Vec<String> = query_scalar(
        "SELECT column_name FROM information_schema.columns
         WHERE table_schema = DATABASE() AND table_name = 'users'",
    )
    .fetch_all(conn)
    .await
    .map_err(explain)?;
    migrations::missing_column(&columns).map_or(Ok(()), |why| Err(foreign(why)))
}
