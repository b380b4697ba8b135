//! Opens a SQLite file that is to be read and left as it is.

use std::io;

use sqlx::{Connection, SqliteConnection};

use super::file::{SMALLEST_PAGE, from_io};
use super::{SqliteFile, StoreError, caution, connecting, schema};

/// Connects to a file that must be there. It is not opened as a read-only one, since SQLite then
/// leaves the files beside it that it needs for a while.
pub async fn connect_to_read(target: &SqliteFile) -> Result<SqliteConnection, StoreError> {
    check(target)?;
    let explain = |error| target.explain(error);
    let mut conn = connecting::open(target).await?;
    let refused = async {
        schema::is_current(target, &mut conn, schema::MIGRATIONS).await?;
        schema::refuse_foreign(target, &mut conn).await?;
        caution::unlimit(&mut conn).await.map_err(explain)
    };
    match refused.await {
        Ok(()) => Ok(conn),
        Err(error) => {
            let _ = conn.close().await;
            Err(error)
        }
    }
}

/// Refuses what can't be a database before SQLite sees it.
fn check(target: &SqliteFile) -> Result<(), StoreError> {
    let place = target.place();
    let unusable = |why: &str| StoreError::Unusable {
        place: target.place(),
        why: why.to_owned(),
    };
    match std::fs::metadata(&target.path) {
        Ok(data) if !data.is_file() => Err(unusable("it is not a file. Check the path.")),
        Ok(data) if (1..SMALLEST_PAGE).contains(&data.len()) => {
            Err(StoreError::NotADatabase { place })
        }
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(unusable("there is no such file. Check the path."))
        }
        Err(error) => Err(from_io(target, &error)),
    }
}

/// Saves a file as it is at one moment in another one, which must not be there yet. Others read and
/// write on meanwhile, and nothing that they do makes it begin again.
///
/// # Errors
/// What SQLite says. What it has written is not synced.
pub async fn save(target: &SqliteFile, to: &str) -> Result<(), StoreError> {
    let mut conn = connect_to_read(target).await?;
    let saved = sqlx::query("VACUUM INTO ?")
        .bind(to)
        .execute(&mut conn)
        .await;
    let _ = conn.close().await;
    saved.map(drop).map_err(|error| target.explain(error))
}
