//! Brings a PostgreSQL database's schema up to date, or says why it must be left alone.

use sqlx::{Connection, Executor, PgConnection, Postgres, query_as, query_scalar};

use super::super::dialect::Dialect;
use super::super::migrations::{self, Migrations, Standing};
use super::{PostgresServer, StoreError};

/// The migrations in their order: number, name, text.
const MIGRATIONS: Migrations = &[
    (
        1,
        "players and sessions",
        include_str!("../../../assets/migrations/postgres/1_players_and_sessions.sql"),
    ),
    (
        3,
        "history",
        include_str!("../../../assets/migrations/postgres/3_history.sql"),
    ),
];

/// Holds others back until the transaction ends; the number is only ours in this database.
const LOCK: &str = "
    SET LOCAL statement_timeout = 0;
    SELECT pg_advisory_xact_lock(7163383190517642342)";

/// Whether every migration of this program has run.
pub async fn is_current(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<bool, StoreError> {
    let newest = async {
        let there: bool = query_scalar("SELECT to_regclass('click_migrations') IS NOT NULL")
            .fetch_one(&mut *conn)
            .await?;
        if !there {
            return Ok(None);
        }
        query_as("SELECT version, description FROM click_migrations ORDER BY version DESC LIMIT 1")
            .fetch_optional(conn)
            .await
    };
    let newest = newest.await.map_err(|e| Postgres::explain(target, e))?;
    match migrations::standing(MIGRATIONS, newest) {
        Standing::Current => Ok(true),
        Standing::Behind => Ok(false),
        Standing::Newer(name) => Err(StoreError::Newer {
            place: target.place(),
            name,
        }),
    }
}

/// Runs the missing migrations, all or none, in one transaction that no other client can be in.
pub async fn bring_up_to_date(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<(), StoreError> {
    let explain = |error| may_not(target, Postgres::explain(target, error));
    let mut tx = conn.begin().await.map_err(explain)?;
    tx.execute(LOCK).await.map_err(explain)?;
    // Another client may have done it while this one waited.
    if is_current(target, &mut tx).await? {
        return Ok(());
    }
    refuse_foreign(target, &mut tx).await?;
    migrations::run(MIGRATIONS, &mut *tx, target.place(), explain).await?;
    tx.commit().await.map_err(explain)
}

/// A role that may play need not be one that may set the game up.
fn may_not(target: &PostgresServer, error: StoreError) -> StoreError {
    match error {
        StoreError::Forbidden { why, .. } => target.unusable(format!(
            "its tables are not set up yet, and this role may not do that ({why}). Start clickoff \
             once as the database's owner."
        )),
        other => other,
    }
}

/// Works only on a table of players that has what the tutorial's has.
async fn refuse_foreign(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<(), StoreError> {
    let explain = |error| Postgres::explain(target, error);
    let kind: Option<String> =
        query_scalar("SELECT relkind::text FROM pg_class WHERE oid = to_regclass('users')")
            .fetch_optional(&mut *conn)
            .await
            .map_err(explain)?;
    let foreign = |why: String| StoreError::Foreign {
        place: target.place(),
        why,
    };
    match kind.as_deref() {
        None => return Ok(()),
        Some("r" | "p") => {}
        Some(_) => return Err(foreign("its users is no table".into())),
    }
    let columns: Vec<String> = query_scalar(
        "SELECT attname::text FROM pg_attribute
         WHERE attrelid = to_regclass('users') AND attnum > 0 AND NOT attisdropped",
    )
    .fetch_all(conn)
    .await
    .map_err(explain)?;
    migrations::missing_column(&columns).map_or(Ok(()), |why| Err(foreign(why)))
}
