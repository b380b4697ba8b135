//! Brings a PostgreSQL database's schema up to date, or says why it must be left alone.

use sqlx::{Connection, Executor, PgConnection, Postgres, query_as, query_scalar};

use super::super::dialect::Dialect;
use super::super::migrations::{self, Migrations};
use super::{PostgresServer, StoreError};

/// The migrations in their order: number, name, text.
pub const MIGRATIONS: Migrations = &[(
    migrations::FIRST,
    "first release",
    include_str!("../../../assets/schema/postgres.sql"),
)];

/// Holds others back until the transaction ends; the number is only ours in this database.
const LOCK: &str = "
    SET LOCAL statement_timeout = 0;
    SELECT pg_advisory_xact_lock(7163383190517642342)";

/// Brings the schema up to date where it is not.
pub async fn make_ready(
    target: &PostgresServer,
    conn: &mut PgConnection,
    ours: Migrations,
) -> Result<(), StoreError> {
    let Some(standing) = target.answer(asked_apart(target, conn, ours)).await? else {
        return Ok(());
    };
    let brought_up = bring_up_to_date(target, conn, ours, &standing).await;
    brought_up.map_err(|error| target.unreached(true, error))
}

/// Asks in one transaction, or a proxy could give each statement another connection.
async fn asked_apart(
    target: &PostgresServer,
    conn: &mut PgConnection,
    ours: Migrations,
) -> Result<Option<String>, StoreError> {
    let explain = |error| Postgres::explain(target, error);
    let mut tx = conn.begin().await.map_err(explain)?;
    forget(target, &mut tx).await?;
    let behind = behind(target, &mut tx, ours).await?;
    forget(target, &mut tx).await?;
    tx.rollback().await.map_err(explain)?;
    Ok(behind)
}

/// Forgets what a connection of a proxy's pool has prepared. The driver names its statements by
/// numbers, which another client may have used on the same connection.
async fn forget(target: &PostgresServer, conn: &mut PgConnection) -> Result<(), StoreError> {
    if target.pooled {
        let forgotten = conn.execute("DEALLOCATE ALL").await;
        forgotten.map_err(|error| Postgres::explain(target, error))?;
    }
    Ok(())
}

/// How far the schema is behind this program's, in words; none where every migration has run.
async fn behind(
    target: &PostgresServer,
    conn: &mut PgConnection,
    ours: Migrations,
) -> Result<Option<String>, StoreError> {
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
    let newest = newest.await.map_err(|e| {
        may_not(
            target,
            "its tables are not to be seen",
            Postgres::explain(target, e),
        )
    })?;
    migrations::behind(ours, newest, target.place())
}

/// Refuses what this program can't understand; an older schema can be read, and so can the tutorial's.
pub async fn refuse_to_read(
    target: &PostgresServer,
    conn: &mut PgConnection,
) -> Result<(), StoreError> {
    behind(target, conn, MIGRATIONS).await?;
    refuse_foreign(target, conn).await
}

/// Runs the missing migrations, all or none, in one transaction that no other client can be in.
async fn bring_up_to_date(
    target: &PostgresServer,
    conn: &mut PgConnection,
    ours: Migrations,
    standing: &str,
) -> Result<(), StoreError> {
    let explain = |error| may_not(target, standing, Postgres::explain(target, error));
    let mut tx = conn.begin().await.map_err(explain)?;
    tx.execute(LOCK).await.map_err(explain)?;
    forget(target, &mut tx).await?;
    // Another client may have done it while this one waited.
    if behind(target, &mut tx, ours).await?.is_none() {
        return Ok(());
    }
    refuse_foreign(target, &mut tx).await?;
    migrations::run(ours, &mut *tx, target.place(), explain).await?;
    forget(target, &mut tx).await?;
    tx.commit().await.map_err(explain)
}

/// A role that may play need not be one that may set the game up.
fn may_not(target: &PostgresServer, standing: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Forbidden { why, .. } => target.unusable(format!(
            "{standing}, and this role may not mend that ({why}). Let the database's owner start \
             clickoff on it once, and then give this role its rights with \
             assets/roles/postgres.sql."
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
