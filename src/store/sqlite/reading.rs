//! Opens a SQLite file for reading, and leaves it unchanged.

use std::path::Path;

use sqlx::{Connection, SqliteConnection};

use super::file::exists;
use super::{SqliteFile, StoreError, connecting, safety, schema};

/// Connects to an existing file. It is not opened read-only, because SQLite would then leave its
/// temporary files behind.
pub async fn connect_to_read(target: &SqliteFile) -> Result<SqliteConnection, StoreError> {
    if target.path.exists() && !target.path.is_file() {
        return Err(target.unusable("it is not a file. Check the path."));
    }
    if !exists(target)? {
        return Err(target.unusable("there is no such file. Check the path."));
    }
    let explain = |error| target.explain(error);
    let mut conn = connecting::open(target).await?;
    let refused = async {
        schema::is_current(target, &mut conn, schema::MIGRATIONS).await?;
        schema::refuse_foreign(target, &mut conn).await?;
        safety::unlimit(&mut conn).await.map_err(explain)
    };
    match refused.await {
        Ok(()) => Ok(conn),
        Err(error) => {
            let _ = conn.close().await;
            Err(error)
        }
    }
}

/// Copies a file as of one moment into a new file, which must not exist. Others can read and write
/// meanwhile, without making it start again.
///
/// # Errors
/// SQLite's error. The copy is not synced.
pub async fn save(path: &Path, to: &str) -> Result<(), StoreError> {
    let target = SqliteFile::at(path.to_owned());
    let mut conn = connect_to_read(&target).await?;
    let saved = sqlx::query("VACUUM INTO ?")
        .bind(to)
        .execute(&mut conn)
        .await;
    let _ = conn.close().await;
    saved.map(drop).map_err(|error| target.explain(error))
}
