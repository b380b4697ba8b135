//! Brings a MariaDB or MySQL database's schema up to date, or says why it must be left alone.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Executor, MySqlConnection, query, query_scalar};

use super::super::connection::BorrowedConnection;
use super::super::fit::{FitPurpose, misfit};
use super::super::migrations::{self, Migrations, Newest};
use super::{Server, StoreError, cluster, fit, is_refusal, number};

/// The migrations in order. Each must be safe to run again, because DDL is not transactional here.
pub const MIGRATIONS: Migrations = &[(
    migrations::FIRST,
    "first release",
    include_str!("../../../assets/schema/mariadb.sql"),
)];

/// The paragraphs of a migration, which are separated by blank lines and sent one by one.
/// Paragraphs with only comments are left out.
fn paragraphs(text: &'static str) -> impl Iterator<Item = &'static str> {
    let is_said = |line: &str| line.starts_with("--") || line.trim().is_empty();
    let paragraphs = text.split("\n\n");
    paragraphs.filter(move |paragraph| !paragraph.lines().all(is_said))
}

/// The kind and the name of the routine or trigger that a paragraph creates, if any.
fn made_by(paragraph: &str) -> Option<(&str, &str)> {
    let line = paragraph.lines().find(|line| line.starts_with("CREATE "))?;
    let mut words = line.split([' ', '(']);
    let kind = words.find(|word| matches!(*word, "PROCEDURE" | "TRIGGER"))?;
    Some((kind, words.next()?))
}

/// The procedures of all migrations, each in its latest version. Dumps leave them out by default,
/// so missing ones are created again.
fn procedures(ours: Migrations) -> BTreeMap<&'static str, &'static str> {
    let all = ours.iter().flat_map(|(.., text)| paragraphs(text));
    all.filter_map(|paragraph| match made_by(paragraph)? {
        ("PROCEDURE", name) => Some((name, paragraph)),
        _ => None,
    })
    .collect()
}

/// The table of sqlx's migrator. The migrator itself can't be used, because after an interrupted
/// migration it would require a manual fix.
const HISTORY: &str = "
    CREATE TABLE IF NOT EXISTS click_migrations (
        version        BIGINT    NOT NULL PRIMARY KEY,
        description    TEXT      NOT NULL,
        installed_on   TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
        success        BOOLEAN   NOT NULL,
        checksum       BLOB      NOT NULL,
        execution_time BIGINT    NOT NULL
    ) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4";

/// Whether the server's log has statements instead of rows.
const BY_STATEMENTS: &str = "SELECT @@log_bin = 1 AND @@session.binlog_format = 'STATEMENT'";

/// The error number of a read-only server.
const READ_ONLY: u16 = 1290;

/// The error number for a procedure that exists already:
/// <https://mariadb.com/docs/server/reference/error-codes/mariadb-error-code-reference>.
const ALREADY_THERE: u16 = 1304;

/// Brings the schema up to date if needed. Returns false if the connection has to be closed then,
/// which ends the locks and the settings of the migration.
pub async fn make_ready(
    target: &Server,
    conn: &mut MySqlConnection,
    ours: Migrations,
) -> Result<bool, StoreError> {
    let Some(behind) = target.answer(behind(target, conn, ours)).await? else {
        mend_procedures(target, conn, ours).await?;
        return Ok(true);
    };
    let brought_up = bring_up_to_date(target, conn, ours, &behind).await;
    brought_up.map_err(|error| target.unreached(true, error))?;
    Ok(false)
}

/// Says how far the schema is behind this program's; `None` if it is up to date.
async fn behind(
    target: &Server,
    conn: &mut MySqlConnection,
    ours: Migrations,
) -> Result<Option<String>, StoreError> {
    let newest = newest(conn).await.map_err(|e| target.explain(e))?;
    migrations::behind(ours, newest, target.place())
}

async fn newest(conn: &mut MySqlConnection) -> Result<Option<Newest>, sqlx::Error> {
    match has_history(conn).await? {
        true => BorrowedConnection::MySql(conn).newest().await,
        false => Ok(None),
    }
}

async fn has_history(conn: &mut MySqlConnection) -> Result<bool, sqlx::Error> {
    query_scalar(
        "SELECT EXISTS (SELECT 1 FROM information_schema.tables
                        WHERE table_schema = DATABASE() AND table_name = 'click_migrations')",
    )
    .fetch_one(conn)
    .await
}

/// Accepts only a transactional table of players with the columns of the tutorial's. If there is
/// none, one will be created. If the game is not set up yet, its triggers must also fit on the
/// table.
async fn refuse_foreign(target: &Server, conn: &mut MySqlConnection) -> Result<(), StoreError> {
    let found = async {
        let purpose = match newest(conn).await? {
            Some(_) => FitPurpose::GoOn,
            None => FitPurpose::SetUp,
        };
        let why = misfit(&fit::SQL, purpose, BorrowedConnection::MySql(conn)).await?;
        // During the set-up, another node's client may be creating the table just now. Its history
        // is the first that it makes.
        let is_made = why.is_some() && purpose == FitPurpose::SetUp && has_history(conn).await?;
        Ok((why, is_made))
    };
    let place = target.place();
    match found.await.map_err(|error| target.explain(error))? {
        (None, _) => Ok(()),
        (Some(_), true) => Err(StoreError::Busy { place }),
        (Some(why), false) => Err(StoreError::Foreign { place, why }),
    }
}

/// Creates missing procedures. A user without the right to call one does not see it, and can't
/// create it either; such a user can watch.
async fn mend_procedures(
    target: &Server,
    conn: &mut MySqlConnection,
    ours: Migrations,
) -> Result<(), StoreError> {
    match make_procedures(conn, ours).await {
        Err(error) if is_refusal(&error) || number(&error) == READ_ONLY => Ok(()),
        made => made.map_err(|error| target.explain(error)),
    }
}

async fn make_procedures(conn: &mut MySqlConnection, ours: Migrations) -> Result<(), sqlx::Error> {
    let known: Vec<String> = query_scalar(
        "SELECT routine_name FROM information_schema.routines
         WHERE routine_schema = DATABASE() AND routine_type = 'PROCEDURE'",
    )
    .fetch_all(&mut *conn)
    .await?;
    for (name, text) in procedures(ours) {
        if known.iter().any(|k| k.eq_ignore_ascii_case(name)) {
            continue;
        }
        match conn.execute(text).await {
            // Another client has just created it.
            Err(error) if number(&error) == ALREADY_THERE => {}
            made => {
                made?;
            }
        }
    }
    Ok(())
}

/// Refuses a schema that this program can't use. An older schema and the tutorial's can be read.
pub async fn refuse_to_read(target: &Server, conn: &mut MySqlConnection) -> Result<(), StoreError> {
    behind(target, conn, MIGRATIONS).await?;
    refuse_foreign(target, conn).await
}

/// Runs the missing migrations under a lock, which ends with the connection.
async fn bring_up_to_date(
    target: &Server,
    conn: &mut MySqlConnection,
    ours: Migrations,
    state: &str,
) -> Result<(), StoreError> {
    let explain = |error| may_not(target, state, error);
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
    if behind(target, conn, ours).await?.is_none() {
        return Ok(());
    }
    refuse_foreign(target, conn).await?;
    let by_statements: bool = query_scalar(BY_STATEMENTS)
        .fetch_one(&mut *conn)
        .await
        .map_err(explain)?;
    if by_statements {
        return Err(target.unusable(
            "its binlog_format is STATEMENT, with which InnoDB takes no writes at READ COMMITTED. \
             Set it to MIXED or ROW."
                .to_owned(),
        ));
    }
    if !cluster::is_node(conn).await.map_err(explain)? {
        return run_missing(conn, ours).await.map_err(explain);
    }
    cluster::claim(conn).await.map_err(explain)?;
    let run = match behind(target, conn, ours).await {
        Ok(None) => Ok(()),
        Ok(Some(_)) => run_missing(conn, ours).await.map_err(explain),
        Err(error) => Err(error),
    };
    // If the connection is lost, the claim expires.
    let _ = cluster::release(conn).await;
    run
}

async fn run_missing(conn: &mut MySqlConnection, ours: Migrations) -> Result<(), sqlx::Error> {
    // A large table takes long.
    conn.execute("SET SESSION lock_wait_timeout = 10 /*M!100300 , max_statement_time = 0 */")
        .await?;
    conn.execute(HISTORY).await?;
    let done = newest(conn).await?.map_or(0, |newest| newest.version);
    let mut triggers = Vec::new();
    let run = run_after(done, conn, ours, &mut triggers).await;
    if run.is_err() && done == 0 {
        // After a failed first set-up nobody plays here, so the triggers are removed again.
        for name in triggers {
            let _ = conn.execute(AssertSqlSafe(drop_of("TRIGGER", name))).await;
        }
    }
    run
}

/// The statement that drops a routine or trigger of ours. The names are constants.
fn drop_of(kind: &str, name: &str) -> String {
    format!("DROP {kind} IF EXISTS {name}")
}

/// Runs the migrations after this version, and collects the triggers that it created.
async fn run_after(
    done: i64,
    conn: &mut MySqlConnection,
    ours: Migrations,
    triggers: &mut Vec<&'static str>,
) -> Result<(), sqlx::Error> {
    let replaces: bool = query_scalar("SELECT VERSION() LIKE '%MariaDB%'")
        .fetch_one(&mut *conn)
        .await?;
    let missing = migrations::all(ours).into_iter();
    for (migration, (.., text)) in missing.zip(ours).filter(|(m, _)| m.version > done) {
        for paragraph in paragraphs(text) {
            let made = made_by(paragraph);
            if let (false, Some((kind, name))) = (replaces, made) {
                conn.execute(AssertSqlSafe(drop_of(kind, name))).await?;
            }
            conn.execute(paragraph).await?;
            if let Some(("TRIGGER", name)) = made {
                triggers.push(name);
            }
        }
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
    Ok(())
}

/// The error of a user who may play but not set up the schema.
fn may_not(target: &Server, state: &str, error: sqlx::Error) -> StoreError {
    let may_not = is_refusal(&error);
    match target.explain(error) {
        StoreError::Forbidden { why, .. } | StoreError::Unusable { why, .. } if may_not => {
            target.may_not_mend(state, &why, ["user", "mariadb"])
        }
        StoreError::Rejected { why }
        | StoreError::Missing { why, .. }
        | StoreError::Other { why, .. } => target.unfit(state, &why),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_paragraph_of_the_schema_is_found_by_what_it_makes() {
        let (.., page) = MIGRATIONS[0];
        let made: Vec<_> = paragraphs(page).filter_map(made_by).collect();
        for word in ["PROCEDURE", "TRIGGER"] {
            let there = page.lines().filter(|line| {
                line.starts_with("CREATE ") && line.split(' ').any(|part| part == word)
            });
            let found = made.iter().filter(|(kind, _)| *kind == word);
            assert_eq!(found.count(), there.count(), "{word}");
        }
        assert!(procedures(MIGRATIONS)["click_count"].contains("p_upto"));
        for paragraph in paragraphs(page) {
            assert!(paragraph.trim_end().ends_with(';'), "{paragraph}");
            // On MySQL, nothing is in the way of what is made; on MariaDB, neither.
            let makes = made_by(paragraph).is_some();
            assert_eq!(paragraph.contains("OR REPLACE"), makes, "{paragraph}");
        }
    }
}
