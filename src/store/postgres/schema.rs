//! Brings a PostgreSQL database's schema up to date, or says why it must be left alone.

use sqlx::error::DatabaseError;
use sqlx::migrate::{Migrate, MigrateError};
use sqlx::{Connection, Executor, PgConnection, Row as _, query};

use super::super::connection::BorrowedConnection;
use super::super::fit::{FitPurpose, misfit};
use super::super::migrations::{self, Migrations};
use super::{Server, StoreError, fit};

/// The migrations in order.
pub const MIGRATIONS: Migrations = &[(
    migrations::FIRST,
    "first release",
    include_str!("../../../assets/schema/postgres.sql"),
)];

/// The schemas of the table of players in the search path, of clickoff's own tables, and for new
/// tables of this role.
struct Places {
    users: Option<String>,
    ours: Option<String>,
    here: Option<String>,
}

const PLACES: &str = "
    SELECT (SELECT relnamespace::regnamespace::text FROM pg_class
            WHERE oid = to_regclass('users')) AS users,
           (SELECT relnamespace::regnamespace::text FROM pg_class
            WHERE oid = to_regclass('click_migrations')) AS ours,
           quote_ident(current_schema()) AS here";

/// The state of a database's schema.
struct FoundSchema {
    places: Places,
    /// How far it is behind, in words; `None` if it is up to date.
    behind: Option<String>,
}

/// Brings the schema up to date if needed.
pub async fn make_ready(
    target: &Server,
    conn: &mut PgConnection,
    ours: Migrations,
) -> Result<(), StoreError> {
    let state = target.answer(asked_apart(target, conn, ours)).await?;
    let Some(mut behind) = state.behind else {
        return Ok(());
    };
    match (state.places.users, state.places.here) {
        (Some(users), Some(here)) if users != here => {
            behind += &format!(
                " (they have to be in the schema {users}, where its table users is, and not in \
                 {here}, where this role makes tables)"
            );
        }
        (None, None) => {
            return Err(target.unusable(
                "its search_path names no schema that is there and that this role may use. Give it \
                 one with GRANT USAGE, CREATE ON SCHEMA."
                    .into(),
            ));
        }
        _ => {}
    }
    let mut tries = TRIES;
    loop {
        let made = bring_up_to_date(target, conn, ours, &behind).await;
        match made.map_err(|error| target.unreached(true, error))? {
            Ok(()) => return Ok(()),
            Err(error) if tries == 0 => return Err(error),
            Err(_) => tries -= 1,
        }
    }
}

/// How often to retry if another client creates the same table at the same moment.
const TRIES: u32 = 3;

/// Reads in one transaction, because a proxy could give each statement another connection.
async fn asked_apart(
    target: &Server,
    conn: &mut PgConnection,
    ours: Migrations,
) -> Result<FoundSchema, StoreError> {
    let explain = |error| target.explain(error);
    let mut tx = conn.begin().await.map_err(explain)?;
    forget(target, &mut tx).await?;
    let state = state(target, &mut tx, ours).await?;
    if let (None, Some(ours)) = (&state.places.users, &state.places.ours) {
        return Err(target.unusable(format!(
            "clickoff's own tables are in the schema {ours}, and its table users is not there or not \
             to be seen. Restore a backup, or name another database."
        )));
    }
    forget(target, &mut tx).await?;
    tx.rollback().await.map_err(explain)?;
    Ok(state)
}

/// Drops prepared statements of a proxy's pooled connection. The driver names statements by
/// numbers, which another client may have used on the same connection.
async fn forget(target: &Server, conn: &mut PgConnection) -> Result<(), StoreError> {
    if target.pooled {
        let forgotten = conn.execute("DEALLOCATE ALL").await;
        forgotten.map_err(|error| target.explain(error))?;
    }
    Ok(())
}

/// Reads where the players and clickoff's own tables are, and how far those are behind.
async fn state(
    target: &Server,
    conn: &mut PgConnection,
    ours: Migrations,
) -> Result<FoundSchema, StoreError> {
    let unseen = |error| {
        may_not(
            target,
            "its tables are not to be seen",
            target.explain(error),
        )
    };
    let row = query(PLACES).fetch_one(&mut *conn).await.map_err(unseen)?;
    let schema = |name| row.try_get(name).map_err(unseen);
    let places = Places {
        users: schema("users")?,
        ours: schema("ours")?,
        here: schema("here")?,
    };
    let newest = match (&places.users, &places.ours) {
        (Some(users), Some(ours)) if users != ours => {
            return Err(target.unusable(format!(
                "the search_path finds the table users in the schema {users}, and clickoff's own \
                 tables in the schema {ours}. Set it so that it finds both in one schema: for this \
                 role with ALTER ROLE ... SET search_path, or with \
                 ?options=-csearch_path%3DSCHEMA in the URL."
            )));
        }
        (_, None) => None,
        (_, Some(_)) => BorrowedConnection::Postgres(conn)
            .newest()
            .await
            .map_err(unseen)?,
    };
    let behind = migrations::behind(ours, newest, target.place())?;
    Ok(FoundSchema { places, behind })
}

/// Refuses a schema that this program can't use. An older schema and the tutorial's can be read.
pub async fn refuse_to_read(target: &Server, conn: &mut PgConnection) -> Result<(), StoreError> {
    let state = state(target, conn, MIGRATIONS).await?;
    if state.behind.is_none() {
        return Ok(());
    }
    refuse_foreign(target, conn, FitPurpose::Read).await
}

async fn refuse_foreign(
    target: &Server,
    conn: &mut PgConnection,
    purpose: FitPurpose,
) -> Result<(), StoreError> {
    let found = misfit(&fit::SQL, purpose, BorrowedConnection::Postgres(conn)).await;
    match found.map_err(|error| target.explain(error))? {
        Some(why) => Err(StoreError::Foreign {
            place: target.place(),
            why,
        }),
        None => Ok(()),
    }
}

/// Runs the missing migrations, all or none, in one transaction under a lock. It locks a table and
/// takes no advisory lock, because any role that may connect could hold that for ever. The inner
/// error is that another client creates its first table at the same moment.
async fn bring_up_to_date(
    target: &Server,
    conn: &mut PgConnection,
    ours: Migrations,
    behind: &str,
) -> Result<Result<(), StoreError>, StoreError> {
    let explain = |error| may_not(target, behind, target.explain(error));
    let mut tx = conn.begin().await.map_err(explain)?;
    forget(target, &mut tx).await?;
    tx.execute(LIMITS).await.map_err(explain)?;
    refuse_foreign(target, &mut tx, FitPurpose::SetUp).await?;
    tx.execute(BESIDE_USERS).await.map_err(explain)?;
    if let Err(MigrateError::Execute(error)) = tx.ensure_migrations_table(migrations::TABLE).await {
        let code = error.as_database_error().and_then(DatabaseError::code);
        return match code.as_deref() {
            Some("23505" | "42P07") => Ok(Err(StoreError::Busy {
                place: target.place(),
            })),
            // Another client just created the table's type, or another program has a type of this
            // name.
            Some("42710") => Ok(Err(explain(error))),
            _ => Err(explain(error)),
        };
    }
    tx.execute(LOCK).await.map_err(explain)?;
    // Another client may have done it meanwhile.
    let state = state(target, &mut tx, ours).await?;
    if state.behind.is_none() {
        return Ok(Ok(()));
    }
    migrations::run(ours, &mut *tx, target.place(), explain).await?;
    forget(target, &mut tx).await?;
    tx.commit().await.map_err(explain)?;
    Ok(Ok(()))
}

/// Many players take long to check.
const LIMITS: &str = "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '3s'";

/// Sets the search path, so that new tables are created in the schema of the players. The routines
/// keep the quoted name of the schema.
const BESIDE_USERS: &str = "
    SET LOCAL quote_all_identifiers = off;
    SELECT set_config('search_path', relnamespace::regnamespace::text, true)
    FROM pg_class WHERE oid = to_regclass('users')";

const LOCK: &str = "LOCK TABLE click_migrations IN SHARE ROW EXCLUSIVE MODE";

/// The error of a role that may play but not set up the schema.
fn may_not(target: &Server, state: &str, error: StoreError) -> StoreError {
    match error {
        StoreError::Forbidden { why, .. } => target.may_not_mend(state, &why, ["role", "postgres"]),
        StoreError::Rejected { why }
        | StoreError::Missing { why, .. }
        | StoreError::Other { why, .. } => target.unfit(state, &why),
        other => other,
    }
}
